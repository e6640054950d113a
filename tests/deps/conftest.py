"""Apps with dependencies, a local package index, and pip-tools fetched once for all tests."""

from __future__ import annotations

import io
import json
import os
import sys
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from environments.conftest import baseline_wheels, index, make_wheel, wheel  # noqa: F401 - fixtures

from soarkit.deps import appfolder, tools
from soarkit.deps.appfolder import AppFolder
from soarkit.environments.interpreters import Interpreter, own

HERE = f"{sys.version_info[0]}{sys.version_info[1]}"


@pytest.fixture(scope="session")
def fetched_tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with pip-tools for the tests' interpreter, from the real package index."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    home = shared / "deps-tools"
    tools.python_with_pip_tools(own(), str(home), lambda text: None)
    return home


@pytest.fixture
def ready(home: Path, fetched_tools: Path) -> str:
    """A home folder that has pip-tools already."""
    home.mkdir(exist_ok=True)
    (home / "tools").symlink_to(fetched_tools / "tools")
    return str(home)


@pytest.fixture
def here() -> Interpreter:
    """The interpreter of the tests."""
    return own()


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[..., AppFolder]:
    """``make_app(requirements=, lists=, code=)`` makes an app's folder."""

    def make(
        *, requirements: str | None = None, lists: dict[str, Any] | None = None, code: str = "", name: str = "app"
    ) -> AppFolder:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        manifest = {"appid": "1", "name": "Sample", "main_module": "sample.py", **(lists or {}), "actions": []}
        (folder / "sample.json").write_text(json.dumps(manifest, indent=4) + "\n")
        (folder / "sample.py").write_text(code)
        if requirements is not None:
            (folder / "requirements.txt").write_text(requirements)
        return appfolder.open_folder(str(folder))

    return make


@pytest.fixture
def ship(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """``ship(name, version, ...)`` puts a wheel into the app's folder; gives its entry for a list."""

    def put(name: str, version: str, **options: Any) -> dict[str, str]:
        path = make_wheel(tmp_path / "app" / "wheels" / "py3", name, version, **options)
        return {"module": name, "input_file": f"wheels/py3/{path.name}"}

    return put


def listed(entries: Iterable[dict[str, str]], version: str = HERE) -> dict[str, Any]:
    return {f"pip{version}_dependencies": {"wheel": list(entries)}}


def source_archive(folder: Path, name: str, version: str, *, code: str = "") -> Path:
    """A source archive whose build needs nothing: it is a build backend itself.

    :param code: what else the build does
    """
    backend = f"""
import zipfile
def build_wheel(folder, settings=None, metadata=None):
    {code}
    name = "{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(folder + "/" + name, "w") as archive:
        members = {{"{name}.py": "VERSION = '{version}'", D + "METADATA": M, D + "WHEEL": W, D + "RECORD": R}}
        for member, text in members.items():
            archive.writestr(zipfile.ZipInfo(member), text)
    return name
D = "{name}-{version}.dist-info/"
M = "Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n"
W = "Wheel-Version: 1.0\\nGenerator: own\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
R = "{name}.py,,\\n" + D + "METADATA,,\\n" + D + "WHEEL,,\\n" + D + "RECORD,,\\n"
"""
    members = {
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        "backend.py": backend,
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
    }
    path = folder / f"{name}-{version}.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for member, text in members.items():
            info = tarfile.TarInfo(f"{name}-{version}/{member}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path
