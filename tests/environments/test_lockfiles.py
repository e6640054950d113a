"""Lock files of apps: what they may hold, and environments that are built from them."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments import known, lockfiles
from soarkit.environments.dependencies import choose
from soarkit.environments.interpreters import Interpreter
from soarkit.errors import BuildError, ManifestError

from .building import INSTALLERS, stamp
from .conftest import HERE, assert_nothing_left

HASH = f"--hash=sha256:{'0' * 64}"
NAME = f"soarkit-py{sys.version_info[0]}{sys.version_info[1]}.lock"


def write(folder: Path, wheels: Iterable[Path], name: str = NAME) -> Path:
    lines = ["# made by hand"]
    for path in wheels:
        distribution, version = path.name.split("-")[:2]
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines += [f"{distribution.replace('_', '-')}=={version} \\", f"    --hash=sha256:{digest}", "    # via the app"]
    lock = folder / name
    lock.write_text("\n".join(lines) + "\n")
    return lock


def test_the_form_of_pip_compile(tmp_path: Path) -> None:
    (tmp_path / "soarkit-py39.lock").write_text(
        f"# python: 3.9\n\nsix==1.16.0 ; python_version < '3.10' \\\n    {HASH} \\\n    {HASH}\n"
        f"    # via\n    #   the app\n"
        f"a[b]==1  {HASH}  # why\r\n"
    )
    lock = lockfiles.read(str(tmp_path), (3, 9))
    assert lock is not None
    assert lock.lines == (f'six==1.16.0; python_version < "3.10" {HASH} {HASH}', f"a[b]==1 {HASH}")
    assert lockfiles.read(str(tmp_path), (3, 10)) is None


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("six==1.16.0", "has no hash"),
        (f"six>=1.16.0 {HASH}", "no pinned requirement"),
        (f"six {HASH}", "no pinned requirement"),
        (f"six @ https://example.com/six.whl {HASH}", "no pinned requirement"),
        ("--index-url https://example.com", "no pinned requirement"),
        ("-r /etc/passwd", "no pinned requirement"),
        (f"six==1 {HASH} --config-settings x", "something else than hashes"),
        ("six==1 --hash=md5:00", "something else than hashes"),
    ],
)
def test_nothing_but_pins_and_hashes(tmp_path: Path, line: str, problem: str) -> None:
    (tmp_path / "soarkit-py39.lock").write_text(line)
    with pytest.raises(ManifestError, match=problem) as caught:
        lockfiles.read(str(tmp_path), (3, 9))
    assert "soarkit deps lock" in (caught.value.hint or "")


def test_a_lock_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "soarkit-py39.lock").write_bytes(b"\xff\xfe")
    with pytest.raises(ManifestError, match="cannot be read"):
        lockfiles.read(str(tmp_path), (3, 9))


@pytest.mark.parametrize("installer", INSTALLERS)
def test_an_environment_holds_what_its_lock_says_and_nothing_else(
    installer: str,
    builder: Any,
    index: Path,
    wheel: Callable[..., Path],
    imported: Callable[..., dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The app's wheels among it, although they are in no index; no baseline, no resolver."""
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    shipped = wheel(builder.folder / "wheels", "shipped-thing", "1.5", requires=["nowhere-to-be-had"])
    locked = wheel(index, "locked", "1.0")
    wheel(index, "locked", "2.0")
    lock = write(builder.folder, [shipped, locked])
    manifest = builder.manifest(pypi=["locked"], wheels=[f"wheels/{shipped.name}"])
    environment = builder(manifest)
    assert f"2 packages of {NAME}" in builder.said[0]
    noted = stamp(environment)
    assert noted["installed"] == {"shipped-thing": "1.5", "locked": "1.0"}
    assert noted["lock"] == {"file": NAME, "sha256": hashlib.sha256(lock.read_bytes()).hexdigest()}
    assert noted["baseline"] is None
    assert "nowhere-to-be-had" in noted["check"][0]
    assert environment.warnings[0].startswith("pip check: ")
    assert imported(environment, "shipped_thing", "locked") == {"shipped_thing": "1.5", "locked": "1.0"}
    assert list(Path(str(environment.path)).rglob("__pycache__/locked.*.pyc"))
    assert known(manifest, str(builder.folder), builder.home) == environment.python


@pytest.mark.parametrize("installer", INSTALLERS)
def test_a_file_with_another_hash_is_refused_by_name(
    installer: str, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    lock = write(builder.folder, [wheel(index, "changed", "1.0"), wheel(index, "fine", "1.0")])
    wheel(index, "changed", "1.0", code="# by somebody\n")
    with pytest.raises(BuildError, match=f"changed==1.0 is another file than {NAME} names") as caught:
        builder(builder.manifest())
    assert caught.value.where == str(lock)
    assert "soarkit deps lock" in (caught.value.hint or "")
    assert_nothing_left(builder)


@pytest.mark.parametrize("installer", INSTALLERS)
@pytest.mark.parametrize("tag", ["py3-none-any", HERE + "-none-any"])
def test_the_apps_own_wheel_is_taken_where_the_index_has_another_of_that_version(
    installer: str,
    tag: str,
    builder: Any,
    index: Path,
    wheel: Callable[..., Path],
    imported: Callable[..., dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    shipped = wheel(builder.folder / "wheels", "forked", "1.0", code="VERSION = 'of the app'\n")
    other = wheel(index, "forked", "1.0", tag=tag)
    lock = write(builder.folder, [shipped])
    digest = hashlib.sha256(other.read_bytes()).hexdigest()
    lock.write_text(lock.read_text().replace("\n    # via", f" \\\n    --hash=sha256:{digest}\n    # via"))
    environment = builder(builder.manifest(wheels=[f"wheels/{shipped.name}"]))
    assert imported(environment, "forked") == {"forked": "of the app"}


@pytest.mark.parametrize("installer", INSTALLERS)
def test_a_damaged_wheel_of_the_app_gives_way_to_the_locked_one(
    installer: str, builder: Any, index: Path, wheel: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOARKIT_INSTALLER", installer)
    whole = wheel(index, "tiny", "1.0")
    write(builder.folder, [whole])
    (builder.folder / whole.name).write_bytes(whole.read_bytes()[:-30])
    environment = builder(builder.manifest(wheels=[whole.name]))
    (noted,) = stamp(environment)["wheels"]
    assert (noted["origin"], noted["sha256"]) == ("index", hashlib.sha256(whole.read_bytes()).hexdigest())
    with pytest.raises(BuildError, match="is damaged"):
        builder(builder.manifest(wheels=[whole.name]), index_fallback=False)


def test_a_lock_that_comes_changes_or_goes_is_noticed(builder: Any, index: Path, wheel: Callable[..., Path]) -> None:
    manifest = builder.manifest()
    folders = [builder(manifest).path]
    asked = (manifest, str(builder.folder), builder.home)
    for names in (["tiny"], ["tiny", "more"]):
        lock = write(builder.folder, [wheel(index, name, "1.0") for name in names])
        # Looking for interpreters is part of the question only where nobody said which there are.
        assert known(*asked) is None
        folders.append(builder(manifest).path)
        assert known(*asked)
    lock.unlink()
    assert known(*asked) is None
    assert builder(manifest).path == folders[0]
    assert len(set(folders)) == 3


PY39 = Interpreter((3, 9, 18), "/py/3.9")
PY311 = Interpreter((3, 11, 7), "/py/3.11")
PY313 = Interpreter((3, 13, 0), "/py/3.13")
NONE: dict[str, Any] = {"pypi": []}


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        ({}, PY313),
        ({"pip3_dependencies": NONE}, PY313),
        ({"pip311_dependencies": NONE, "pip313_dependencies": NONE}, PY313),
        ({"pip311_dependencies": NONE}, PY311),
        ({"python_version": "3.11, 3.13", "pip_dependencies": NONE}, PY313),
        ({"python_version": "3.11", "pip_dependencies": NONE}, PY311),
        ({"pip_dependencies": {"wheel": [{"module": "a", "input_file": "a-1-py3-none-any.whl"}]}}, PY313),
        ({"pip_dependencies": {"wheel": [{"module": "a", "input_file": "a-1-cp39-none-any.whl"}]}}, PY39),
    ],
)
def test_an_interpreter_with_a_lock_wins_among_equals(
    tmp_path: Path, manifest: dict[str, Any], expected: Interpreter
) -> None:
    (tmp_path / "soarkit-py313.lock").write_text("")
    assert choose({"main_module": "app.py", **manifest}, str(tmp_path), [PY311, PY313, PY39]).interpreter == expected


def test_a_wheel_of_the_app_that_the_lock_passes_over_is_not_said_to_be_installed(
    builder: Any, index: Path, wheel: Callable[..., Path]
) -> None:
    shipped = wheel(builder.folder / "wheels", "thing", "1.5")
    write(builder.folder, [wheel(index, "thing", "2.0")])
    noted = stamp(builder(builder.manifest(wheels=[f"wheels/{shipped.name}"])))
    assert noted["installed"] == {"thing": "2.0"}
    assert noted["wheels"] == []
