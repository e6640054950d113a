"""Environments for an interpreter that a person chose."""

from __future__ import annotations

import os
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from soarkit.environments import known
from soarkit.environments.dependencies import choose
from soarkit.environments.interpreters import Interpreter, forced, own
from soarkit.errors import UsageError

from .building import stamp

PY39 = Interpreter((3, 9, 18), "/py/3.9")
PY311 = Interpreter((3, 11, 7), "/py/3.11")
OTHER_311 = Interpreter((3, 11, 1), "/other/3.11")
ALL = [PY39, PY311, OTHER_311]


@pytest.mark.parametrize(
    ("named", "expected"), [("3.11", PY311), ("3.11.1", OTHER_311), ("3.9", PY39), ("3", PY39), ("3.9.18", PY39)]
)
def test_by_version(home: Path, named: str, expected: Interpreter) -> None:
    assert forced(named, str(home), ALL) == expected


@pytest.mark.parametrize("named", ["3.1", "2.7", "3.11.9", "python9.99", "rubbish", ""])
def test_what_is_not_there_lists_what_is(home: Path, named: str) -> None:
    with pytest.raises(UsageError, match="there is no") as caught:
        forced(named, str(home), ALL)
    for one in ALL:
        assert str(one) in (caught.value.hint or "")


def test_by_path_and_program(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One inside a virtual environment stands for its base, which others can be made from."""
    venv.create(tmp_path / "mine", symlinks=True)
    python = tmp_path / "mine" / "bin" / "python"
    assert forced(str(python), str(home)) == own()
    monkeypatch.setenv("PATH", str(python.parent))
    assert forced("python", str(home)) == own()
    with pytest.raises(UsageError, match="no such"):
        forced(str(tmp_path / "absent"), str(home))


def test_its_list_is_chosen_for_it_and_nothing_is_said_to_be_absent() -> None:
    manifest = {"main_module": "a.py", "pip39_dependencies": {}, "pip313_dependencies": {"pypi": [{"module": "b"}]}}
    choice = choose(manifest, "/nowhere", [PY311], forced=True)
    assert choice.list_name == "pip313_dependencies"
    assert choice.warnings == (
        "the app lists dependencies for Python 3.9 and 3.13; pip313_dependencies is used on Python 3.11.7",
    )


def test_it_is_part_of_the_question(builder: Any) -> None:
    manifest = builder.manifest()
    environment = builder(manifest)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    asked = (manifest, str(builder.folder), builder.home)
    assert known(*asked) == environment.python
    assert known(*asked, python=version) is None
    assert builder(manifest, python=version).path == environment.path  # the same set on the same interpreter
    assert known(*asked, python=version) == environment.python
    assert known(*asked, python=own().path) is None
    assert stamp(environment)["interpreter"]["path"] == own().path
    with pytest.raises(UsageError, match=r"there is no Python 3\.99"):
        builder(manifest, python="3.99")


def test_a_path_is_one_path_however_it_is_written(builder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = builder.manifest()
    environment = builder(manifest, python=own().path)
    monkeypatch.chdir(os.path.dirname(own().path))
    asked = (manifest, str(builder.folder), builder.home)
    assert known(*asked, python=f"./{os.path.basename(own().path)}") == environment.python
