"""A package index in a folder: tiny wheels, made by hand, so that environments are built without any network."""

from __future__ import annotations

import base64
import hashlib
import os
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments import baseline, build
from soarkit.environments.interpreters import Interpreter, own
from soarkit.environments.known import Environment

HERE = f"cp{sys.version_info[0]}{sys.version_info[1]}"


def make_wheel(
    folder: Path,
    name: str,
    version: str,
    *,
    tag: str = "py3-none-any",
    requires: Iterable[str] = (),
    python: str = "",
    code: str = "",
) -> Path:
    """A real wheel with one module that has a ``VERSION``."""
    stem = f"{name.replace('-', '_')}-{version}"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + "".join(
        f"Requires-Dist: {one}\n" for one in requires
    )
    metadata += f"Requires-Python: {python}\n" if python else ""
    files = {
        f"{name.replace('-', '_')}.py": f"VERSION = {version!r}\n{code}",
        f"{stem}.dist-info/METADATA": metadata,
        f"{stem}.dist-info/WHEEL": f"Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = []
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in files.items():
            archive.writestr(member, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()
            record.append(f"{member},sha256={digest},{len(content)}")
        archive.writestr(f"{stem}.dist-info/RECORD", "\n".join([*record, f"{stem}.dist-info/RECORD,,"]) + "\n")
    return path


@pytest.fixture
def wheel() -> Callable[..., Path]:
    """``wheel(folder, name, version, tag=, requires=, python=, code=)`` makes a wheel and gives its path."""
    return make_wheel


@pytest.fixture(scope="session")
def baseline_wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every baseline pin of the tests' interpreter, as an empty shell of the right name and version."""
    folder = tmp_path_factory.mktemp("baseline")
    for pin in baseline.pins(sys.version_info[:2]).values():
        name, _, version = pin.partition("==")
        make_wheel(folder, name, version)
    return folder


@pytest.fixture
def index(baseline_wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of wheels that, with the baseline's, is all the index there is."""
    folder = tmp_path / "index"
    folder.mkdir()
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", f"{baseline_wheels} {folder}")
    monkeypatch.delenv("SOARKIT_INSTALLER", raising=False)
    return folder


class Builder:
    """Builds environments for one app on the tests' interpreter and remembers what it was told."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.home = str(home)
        self.said: list[str] = []

    def manifest(self, *, pypi: Iterable[str] = (), wheels: Iterable[str] = ()) -> dict[str, Any]:
        listed = [{"module": Path(path).name.split("-")[0], "input_file": path} for path in wheels]
        return {
            "main_module": "app.py",
            "pip3_dependencies": {"pypi": [{"module": one} for one in pypi], "wheel": listed},
        }

    def __call__(
        self, manifest: dict[str, Any], *, found: list[Interpreter] | None = None, **options: Any
    ) -> Environment:
        self.said.clear()
        found = [own()] if found is None else found
        return build.ensure(manifest, str(self.folder), self.home, progress=self.said.append, found=found, **options)


@pytest.fixture
def builder(tmp_path: Path, home: Path, index: Path) -> Builder:
    folder = tmp_path / "app"
    folder.mkdir()
    return Builder(folder, home)


@pytest.fixture
def imported() -> Callable[..., dict[str, str]]:
    """The ``VERSION`` of modules, as the environment's Python imports them."""
    import json
    import subprocess

    def run(environment: Environment, *modules: str) -> dict[str, str]:
        code = (
            f"import importlib, json; print(json.dumps({{n: importlib.import_module(n).VERSION for n in {modules!r}}}))"
        )
        done = subprocess.run([environment.python, "-I", "-c", code], capture_output=True, check=True, text=True)
        found: dict[str, str] = json.loads(done.stdout)
        return found

    return run


def assert_nothing_left(builder: Any) -> None:
    folder = Path(builder.home, "environments")
    assert not folder.exists() or [path.name for path in folder.iterdir() if path.name != ".memos"] == []
