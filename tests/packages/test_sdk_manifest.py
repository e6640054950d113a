"""The app JSON of an SDK app's source folder, made by a stand-in of the SDK's command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soarkit.errors import AppImportError, ManifestError
from soarkit.manifest.model import App
from soarkit.packages import sdk_package
from soarkit.packages.sdk_manifest import open_project

SDK = """
import importlib, json, os, sys, tarfile

def main():
    command, target, folder = sys.argv[1], sys.argv[3], sys.argv[-1]
    if command == "package":
        folder, target = sys.argv[3], sys.argv[5]
    os.chdir(folder)
    sys.path.insert(0, os.path.dirname(folder))
    app = importlib.import_module(os.path.basename(os.getcwd()) + ".src.app").app
    if command == "package":
        with tarfile.open(target, "w:gz") as tar:
            tar.add("src/app.py", "My App/src/app.py")
    else:
        lists = {"pip313_dependencies": {"wheel": [{"module": "x", "input_file": "wheels/x.whl"}]}}
        with open(target, "w") as file:
            json.dump({**app, **lists}, file)
    with open(os.environ["TRACE"], "a") as file:
        file.write(command + "\\n")
"""
APP = """
from .part import NAME
app = {"appid": "1", "name": NAME, "app_version": "1", "main_module": "src.app:app", "configuration": {}, "actions": []}
"""


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An interpreter whose environment has the stand-in."""
    place = tmp_path_factory.mktemp("sdk") / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    packages = next(place.glob("lib/python*/site-packages"))
    (packages / "stand_in.py").write_text(SDK)
    about = packages / "splunk_soar_sdk-3.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: splunk-soar-sdk\nVersion: 3.0\n")
    (about / "entry_points.txt").write_text("[console_scripts]\nsoarapps = stand_in:main\n")
    return str(place / "bin" / "python")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "my-app-1.0"  # a name with dots in it, as archives of releases have
    (place / "src").mkdir(parents=True)
    (place / "pyproject.toml").write_text('[project]\nname = "my-app"\nrequires-python = ">=3.13"\n[tool.soar.app]\n')
    (place / "uv.lock").write_text("version = 1\n")
    (place / "src" / "__init__.py").write_text("")
    (place / "src" / "app.py").write_text(APP)
    (place / "src" / "part.py").write_text("NAME = 'One'\n")
    return place


@pytest.fixture
def trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A line for each time that the stand-in made something."""
    path = tmp_path / "trace"
    path.write_text("")
    monkeypatch.setenv("TRACE", str(path))
    return path


Open = Callable[..., App]


@pytest.fixture
def opened(folder: Path, home: Path, python: str, trace: Path) -> Open:
    def open_it(**options: Any) -> App:
        return open_project(str(folder), str(home), python=lambda declared, place: python, **options)

    return open_it


def made(trace: Path) -> int:
    return len(trace.read_text().splitlines())


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_it_is_made_once_and_outside_the_source_folder(opened: Open, folder: Path, home: Path, trace: Path) -> None:
    before = files(folder)
    app = opened()
    assert (app.name, app.folder, app.main_module) == ("One", str(folder), "src.app:app")
    assert app.manifest_path.startswith(str(home))
    assert app.raw["requires-python"] == ">=3.13" and "pip313_dependencies" not in app.raw
    assert opened().manifest_path == app.manifest_path
    assert made(trace) == 1
    assert files(folder) == before


def test_it_is_made_again_when_the_sources_changed(opened: Open, folder: Path, trace: Path) -> None:
    first = opened()
    (folder / "src" / "part.py").write_text("NAME = 'Another'\n")
    second = opened()
    assert (second.name, made(trace)) == ("Another", 2)
    os.utime(folder / "src" / "part.py")  # touched, but the same: what was made of it is still there
    assert (opened().manifest_path, made(trace)) == (second.manifest_path, 2)
    (folder / "src" / "part.py").write_text("NAME = 'One'\n")
    assert (opened().manifest_path, made(trace)) == (first.manifest_path, 2)


def test_what_took_another_ones_place_is_removed_in_time(opened: Open, folder: Path, home: Path) -> None:
    first = Path(opened().manifest_path)
    gone = home / "sdk" / "0badcafe"
    gone.mkdir()
    (gone / "memo.json").write_text(json.dumps({"folder": str(folder / "gone")}))
    for path in (first, gone / "memo.json"):
        os.utime(path, (time.time() - 7200,) * 2)
    (folder / "src" / "part.py").write_text("NAME = 'Another'\n")
    opened()
    assert not first.exists() and not gone.exists()


def test_the_interpreter_of_the_run_has_its_own(opened: Open, trace: Path) -> None:
    assert opened().manifest_path != opened(named="/usr/bin/other").manifest_path
    assert made(trace) == 2


def test_nothing_is_made_while_somebody_types(opened: Open, trace: Path) -> None:
    with pytest.raises(ManifestError, match="has not been made yet"):
        opened(make=False)
    assert made(trace) == 0
    opened()
    assert opened(make=False).name == "One"


def test_an_app_that_cannot_be_imported_is_named_with_its_line(opened: Open, folder: Path, home: Path) -> None:
    (folder / "src" / "part.py").write_text("\nimport what_is_absent\n")
    with pytest.raises(AppImportError, match="No module named 'what_is_absent'") as raised:
        opened()
    assert raised.value.where == f"{folder}/src/part.py:2"
    assert f"{home}/logs/soarapps-my-app.log" in str(raised.value.hint)


def test_a_json_that_nobody_can_run_is_refused(opened: Open, folder: Path) -> None:
    (folder / "src" / "part.py").write_text("NAME = 5\n")
    with pytest.raises(ManifestError, match="/name must be text"):
        opened()


def test_without_the_sdk(folder: Path, home: Path) -> None:
    with pytest.raises(AppImportError, match="there is no splunk-soar-sdk") as raised:
        open_project(str(folder), str(home), python=lambda declared, place: sys.executable)
    assert "uv add splunk-soar-sdk" in str(raised.value.hint)


def test_the_package_is_made_by_the_sdk(opened: Open, home: Path, python: str, tmp_path: Path) -> None:
    made_it = sdk_package.build(opened(), str(tmp_path / "it.tgz"), python=python, home=str(home))
    assert made_it.size == os.path.getsize(made_it.path)
    with tarfile.open(made_it.path) as tar:
        assert tar.getnames() == ["My App/src/app.py"]
