"""Wheels that cannot be used: replaced from the index and recorded, or refused."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments import known
from soarkit.environments.interpreters import own
from soarkit.errors import BuildError

from .building import INSTALLERS, stamp
from .conftest import assert_nothing_left


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("installer", INSTALLERS)
def test_what_came_from_the_index_is_recorded_with_its_hash(
    installer: str,
    builder: Any,
    index: Path,
    wheel: Callable[..., Path],
    imported: Callable[..., dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    version = f"py{own().version[0]}{own().version[1]}"
    shipped = wheel(builder.folder / "wheels", "fine", "1.0")
    wheel(index, "foreign", "2.0")
    best = wheel(index, "foreign", "2.0", tag=f"{version}-none-any")
    missing = wheel(index, "missing", "3.0", code="# the index's\n")
    damaged = wheel(builder.folder / "wheels", "damaged", "4.0")
    whole = wheel(index, "damaged", "4.0")
    with zipfile.ZipFile(damaged, "a") as archive:
        archive.writestr("added.py", "")
    names = [
        "wheels/fine-1.0-py3-none-any.whl",
        "wheels/foreign-2.0-cp27-none-any.whl",
        "wheels/missing-3.0-py3-none-any.whl",
        "wheels/damaged-4.0-py3-none-any.whl",
    ]
    shutil.copy(shipped, builder.folder / names[1])
    environment = builder(builder.manifest(wheels=names))
    noted = {one["requirement"]: one for one in stamp(environment)["wheels"]}
    assert {name: (one["origin"], one["installed"], one["sha256"]) for name, one in noted.items()} == {
        "fine==1.0": ("app", shipped.name, sha256(shipped)),
        "foreign==2.0": ("index", best.name, sha256(best)),
        "missing==3.0": ("index", missing.name, sha256(missing)),
        "damaged==4.0": ("index", whole.name, sha256(whole)),
    }
    assert noted["damaged==4.0"]["problem"] == "is damaged (added.py is not in its RECORD)"
    assert len(environment.warnings) == 3
    assert f"from the package index for missing: {missing.name} (sha256 {sha256(missing)})" in builder.said
    assert imported(environment, "damaged", "foreign") == {"damaged": "4.0", "foreign": "2.0"}


def test_without_the_index_nothing_is_built(builder: Any, index: Path, wheel: Callable[..., Path]) -> None:
    path = wheel(builder.folder, "foreign", "2.0", tag="cp27-none-any")
    wheel(index, "foreign", "2.0")
    manifest = builder.manifest(wheels=[path.name, "gone-1.0-py3-none-any.whl"])
    with pytest.raises(BuildError) as caught:
        builder(manifest, index_fallback=False)
    assert f"{path.name} does not fit" in caught.value.message
    assert "gone-1.0-py3-none-any.whl is missing" in caught.value.message
    assert own().full_version in caught.value.message
    assert "--no-index-fallback" in (caught.value.hint or "")
    assert "--python" in (caught.value.hint or "")
    assert builder.said == []
    assert_nothing_left(builder)


def test_the_policy_is_part_of_the_question(builder: Any, index: Path, wheel: Callable[..., Path]) -> None:
    """What was built where the index was allowed is not given to somebody who forbids it."""
    wheel(index, "foreign", "2.0")
    manifest = builder.manifest(wheels=["foreign-2.0-py3-none-any.whl"])
    environment = builder(manifest)
    asked = (manifest, str(builder.folder), builder.home)
    assert known(*asked) == environment.python
    assert known(*asked, index_fallback=False) is None
    with pytest.raises(BuildError, match="is missing"):
        builder(manifest, index_fallback=False)
    wheel(builder.folder, "foreign", "2.0")
    assert builder(manifest, index_fallback=False).path != environment.path


@pytest.mark.parametrize("installer", INSTALLERS)
def test_what_pip_check_finds_is_recorded_and_said_once(
    installer: str, builder: Any, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what no wheel of the app says: here the index's copy contradicts the app."""
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    names = [
        wheel(builder.folder, "upper", "1.0", requires=["lower>=2"]).name,
        wheel(builder.folder, "lower", "1.0").name,
    ]
    environment = builder(builder.manifest(wheels=names))
    (line,) = stamp(environment)["check"]
    assert "upper" in line
    assert "lower" in line
    assert environment.warnings == ("upper 1.0 wants lower>=2, the app has lower 1.0: installed all the same",)


def test_what_no_warning_speaks_of_yet() -> None:
    from soarkit.environments import unmet

    lines = [
        "requests 2.20.0 requires certifi, which is not installed.",
        "requests 2.20.0 has requirement idna<2.8,>=2.5, but you have idna 3.4.",
        "The package `requests` requires `urllib3>=1.21.1,<1.25`, but it's not installed",
        "odd 1.0 is not supported on this platform",
        "The package `more` requires `chardet>=3`, but `2` is installed",
    ]
    assert unmet.warnings(lines, []) == [f"pip check: {'; '.join(lines[:3])}; and 2 more"]
    said = ["requests 2.20.0 wants idna<2.8, the app has idna 3.4", "requests wants certifi and urllib3"]
    assert unmet.warnings(lines, said) == [f"pip check: {'; '.join(lines[3:])}"]
    assert unmet.warnings(lines[:3], said) == []
