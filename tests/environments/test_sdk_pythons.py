"""Interpreters for apps that are built with the SDK."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from soarkit.environments.dependencies import choose
from soarkit.environments.interpreters import Interpreter
from soarkit.errors import BuildError, ManifestError

P311, P313, P314, P315 = (Interpreter((3, minor, 2), f"/python3.{minor}") for minor in (11, 13, 14, 15))
EMPTY: dict[str, Any] = {"wheel": [], "pypi": []}
FILLED = {"wheel": [], "pypi": [{"module": "requests==2.0"}]}


def source(requires: str) -> dict[str, Any]:
    return {"main_module": "src.app:app", "requires-python": requires}


@pytest.mark.parametrize(
    ("requires", "expected"), [(">=3.13, <3.15", P313), (">=3.14", P314), ("", P313), ("!=3.13.*, >=3.9", P314)]
)
def test_a_source_folder_gets_the_oldest_that_it_allows(tmp_path: Path, requires: str, expected: Interpreter) -> None:
    choice = choose(source(requires), str(tmp_path), [P311, P315, P314, P313])
    assert choice.interpreter == expected
    assert (choice.list_name, choice.pypi, choice.wheels) == ("uv.lock", (), ())


def test_nothing_that_fits_is_said_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"needs Python >=3\.13, <3\.15, and this machine has 3\.11\.2") as raised:
        choose(source(">=3.13, <3.15"), str(tmp_path), [P311])
    assert "uv python install 3.13" in str(raised.value.hint)
    with pytest.raises(BuildError, match=r"needs Python 3\.13, but the one that was named is 3\.11\.2"):
        choose({"main_module": "src.app:app", "pip313_dependencies": FILLED}, str(tmp_path), [P311], forced=True)
    with pytest.raises(ManifestError, match="no version specifier"):
        choose(source("three"), str(tmp_path), [P313])


def test_of_a_package_the_lists_that_are_filled_count(tmp_path: Path) -> None:
    manifest = {"main_module": "src.app:app", "pip313_dependencies": FILLED, "pip315_dependencies": EMPTY}
    choice = choose(manifest, str(tmp_path), [P315, P313])
    assert (choice.interpreter, choice.list_name) == (P313, "pip313_dependencies")
    other = choose(manifest, str(tmp_path), [P311, P314])
    assert (other.interpreter, other.list_name) == (P314, "pip313_dependencies")
    assert "lists dependencies for Python 3.13" in other.warnings[0]


def test_an_old_package_runs_on_what_it_lists(tmp_path: Path) -> None:
    manifest = {"main_module": "src.app:app", "pip311_dependencies": FILLED}
    assert choose(manifest, str(tmp_path), [P311]).interpreter == P311


def test_a_json_alone_lists_nothing(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="lists no dependencies") as raised:
        choose({"main_module": "src.app:app"}, str(tmp_path), [P313])
    assert "source folder" in str(raised.value.hint)
