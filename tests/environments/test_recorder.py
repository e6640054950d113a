"""The recorder folder: filled once a version, beside the environments."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from soarkit.environments import recorder_folder
from soarkit.environments.recorder import PINS
from soarkit.errors import BuildError, UsageError


def test_it_is_filled_once(home: Path, index: Path, wheel: Callable[..., Path]) -> None:
    pins = next(pins for oldest, pins in PINS.items() if sys.version_info[:2] >= oldest)
    for pin in pins:
        name, _, version = pin.partition("==")
        wheel(index, name, version, requires=["urllib3<1", "yarl"])
    said: list[str] = []
    folder = recorder_folder(sys.executable, str(home), said.append)
    assert {path.stem.lower() for path in Path(folder).glob("*.py")} == {"vcrpy", "pyyaml", "wrapt"}
    assert len(said) == 1
    assert recorder_folder(sys.executable, str(home), said.append) == folder
    assert len(said) == 1


def test_nothing_is_left_when_it_fails(home: Path, index: Path) -> None:
    for _ in range(2):
        with pytest.raises(BuildError, match="recorder") as caught:
            recorder_folder(sys.executable, str(home), lambda text: None)
        assert "vcrpy" in caught.value.message
        assert list((home / "recorder").iterdir()) == []


def test_it_needs_an_interpreter(home: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        recorder_folder(str(tmp_path / "absent"), str(home), lambda text: None)
