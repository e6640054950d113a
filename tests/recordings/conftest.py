"""Recording and replaying in this process: needs vcrpy, and requests for most tests."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

EXTRAS = str(Path(__file__).parent.parent.parent / "soarkit" / "applib_extras")
if EXTRAS not in sys.path:
    sys.path.append(EXTRAS)

pytest.importorskip("vcr", reason="recordings stand on vcrpy")

from soarkit_recordings import Recording  # noqa: E402

from tests.services.echo import EchoService  # noqa: E402

Opened = Callable[..., AbstractContextManager[Recording]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the recording goes."""
    return tmp_path / "recording.json"


@contextmanager
def _opened(path: Path, mode: str, secrets: dict[str, Any]) -> Iterator[Recording]:
    recording = Recording(str(path), mode, secrets)
    recording.start()
    try:
        yield recording
    finally:
        recording.stop()


@pytest.fixture
def record(path: Path) -> Opened:
    """``with record(password="..."):`` records into ``path``."""
    return lambda **secrets: _opened(path, "record", secrets)


@pytest.fixture
def replay(path: Path) -> Opened:
    """``with replay(password="..."):`` answers from ``path``."""
    return lambda **secrets: _opened(path, "replay", secrets)


@pytest.fixture
def echo() -> Iterator[EchoService]:
    with EchoService() as service:
        yield service
