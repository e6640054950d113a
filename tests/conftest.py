"""Fixtures for every test: a home of its own, and soarkit's command line as a real process.

Imports nothing of soarkit: the app-side tests also run on interpreters that soarkit itself does not support.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

APPS = Path(__file__).parent / "apps"
ROOT = Path(__file__).parent.parent


class Finished(NamedTuple):
    """A command line that has ended."""

    code: int
    stdout: str
    stderr: str

    def json(self) -> Any:
        return json.loads(self.stdout)

    @property
    def data(self) -> list[Any]:
        """The data of all action results."""
        return [item for result in self.json()["result_data"] for item in result["data"]]


#: Where the tests that take long are: real environments, databases, servers, browsers. They run on one Python.
_SLOW = ("answers", "browser", "deps", "end_to_end", "environments", "packages", "recordings", "rest", "stix_exporter")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow by its place, and what needs a database server."""
    for item in items:
        folder = Path(item.path).relative_to(Path(__file__).parent).parts[0]
        if folder in _SLOW or "postgresql" in item.name:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh SOARKIT_HOME."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SOARKIT_HOME", str(folder))
    monkeypatch.delenv("PHANTOM_HOME", raising=False)
    # Set in some shells; they change what a started Python does.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    return folder


@pytest.fixture
def app() -> Callable[[str], str]:
    """Path of a test app by name."""
    return lambda name: str(APPS / name)


@pytest.fixture
def soarkit(tmp_path: Path) -> Callable[..., Finished]:
    """Run ``soarkit ARGUMENTS`` to its end."""

    def run(*arguments: str | os.PathLike[str], timeout: float = 120, **variables: str) -> Finished:
        process = subprocess.run(
            [sys.executable, "-m", "soarkit", *map(os.fspath, arguments)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, **variables},
            timeout=timeout,
            check=False,
        )
        return Finished(process.returncode, process.stdout.decode(), process.stderr.decode())

    return run


@pytest.fixture
def run(soarkit: Callable[..., Finished], app: Callable[[str], str]) -> Callable[..., Finished]:
    """Run ``soarkit run TESTAPP ARGUMENTS`` with the interpreter of the tests."""

    def run_app(name: str, *arguments: str, **options: Any) -> Finished:
        return soarkit("run", app(name), *arguments, "--python", sys.executable, **options)

    return run_app
