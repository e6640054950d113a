"""Source folders of SDK apps: what they are known by, and what is wrong with them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from soarkit.errors import ManifestError
from soarkit.manifest.project_checks import validate_project
from soarkit.manifest.sdk_project import is_project, read, sources

FIXTURE = Path(__file__).parents[1] / "apps" / "is_built_with_the_sdk"
LOCK = """version = 1
[[package]]
name = "sdkfixture"
version = "1.2.3"
source = { virtual = "." }
[package.metadata]
requires-dist = [{ name = "splunk-soar-sdk", specifier = ">=3" }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "app-1.0"
    shutil.copytree(FIXTURE, place)
    (place / "uv.lock").write_text(LOCK)
    return place


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "pyproject.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def found(folder: Path) -> dict[str, str]:
    """The first finding at each place."""
    return {one.pointer: one.message for one in reversed(validate_project(str(folder))) if one.severity != "info"}


def test_a_project_is_known_by_its_table(folder: Path, tmp_path: Path) -> None:
    assert is_project(str(folder))
    assert not is_project(str(tmp_path)) and not is_project(str(folder / "pyproject.toml"))
    change(folder, "[tool.soar.app]", "[ tool . soar . app ]  # here")
    assert is_project(str(folder))
    change(folder, "[ tool . soar", "# [tool.soar")
    assert not is_project(str(folder))


def test_what_decides_about_the_environment(folder: Path) -> None:
    project = read(str(folder))
    assert project.declaration == {"name": "sdkfixture", "main_module": "src.app:app", "requires-python": ">=3.13"}
    change(folder, "src.app:app", "src.app")
    with pytest.raises(ManifestError, match="does not name module and object"):
        read(str(folder))
    change(folder, 'name = "sdkfixture"', "")
    with pytest.raises(ManifestError, match="has no name"):
        read(str(folder))


def test_the_sources_are_the_code_and_what_is_declared(folder: Path) -> None:
    (folder / "src" / "__pycache__").mkdir()
    (folder / "src" / "__pycache__" / "app.pyc").write_bytes(b"")
    (folder / "README.md").write_text("not a source")
    paths = [path for path, _ in sources(str(folder), "src.app:app")]
    assert paths[:2] == ["pyproject.toml", "uv.lock"]
    assert {"src/app.py", "src/__init__.py", "src/actions/read_note.py"} < set(paths)
    assert not [path for path in paths if "pycache" in path or "README" in path]
    (folder / "main.py").write_text("")
    assert [path for path, _ in sources(str(folder), "main:app")][-1] == "main.py"


def test_a_sound_folder(folder: Path) -> None:
    findings = validate_project(str(folder))
    assert [one.severity for one in findings] == ["info"]
    assert f"soarkit actions {folder}" in str(findings[0].hint)


@pytest.mark.parametrize(
    ("old", "new", "pointer", "problem"),
    [
        ('version = "1.2.3"', "", "/project/version", "no version"),
        ('license = "Apache-2.0"', "", "/project/license", "missing"),
        ("splunk-soar-sdk", "requests", "/project/dependencies", "the SDK is missing"),
        ("splunk-soar-sdk>=", "splunk soar>", "/project/dependencies/0", "no requirement"),
        ('">=3.13"', '">=3.9, <3.13"', "/project/requires-python", "no Python that the SDK runs on"),
        ('">=3.13"', '"three"', "/project/requires-python", "no version specifier"),
        ('requires-python = ">=3.13"', "", "/project/requires-python", "missing"),
        ("src.app:app", "src.main:app", "/tool/soar/app/main_module", "no file"),
        ("src.app:app", "src/app.py:connector", "/tool/soar/app/main_module", "has no"),
        ('name = "sdkfixture"', 'name = "another"', "", "does not lock the project"),
        ("[tool.uv]", "[tool.uv", "", "not valid TOML"),
    ],
)
def test_findings_point_into_pyproject(folder: Path, old: str, new: str, pointer: str, problem: str) -> None:
    change(folder, old, new)
    assert problem in found(folder)[pointer]


def test_a_stale_lock_and_none(folder: Path) -> None:
    change(folder, '"splunk-soar-sdk>=3.28,<4"', '"splunk-soar-sdk>=3.28,<4", "requests"')
    assert found(folder) == {"/project/dependencies": "uv.lock is older than the dependencies: requests"}
    (folder / "uv.lock").unlink()
    assert "there is no uv.lock" in found(folder)[""]
    (folder / "uv.lock").write_text("[")
    assert "not valid TOML" in found(folder)[""]


def test_broken_code_is_named(folder: Path) -> None:
    (folder / "src" / "app.py").write_text("def :")
    assert "cannot be read as Python 3" in found(folder)["/tool/soar/app/main_module"]
