"""Imports done while the process waits for its request."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from soarkit_app.ahead import import_ahead


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site-packages folder with modules that leave a trace when they are imported."""
    folder = tmp_path / "site-packages"
    for name in ("ahead_one", "ahead_two", "ahead_broken"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text("raise SystemExit" if name == "ahead_broken" else "")
    monkeypatch.setattr(sys, "path", [str(folder)])
    yield folder
    for name in [name for name in sys.modules if name.startswith("ahead_")]:
        del sys.modules[name]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "connector.py").write_text(
        "import json\nimport ahead_broken\nimport ahead_one as one\nfrom ahead_two.part import x\n"
        "import own_helper\ndef f():\n    import ahead_three\n"
    )
    (folder / "own_helper.py").write_text("raise RuntimeError('the app was run')")
    return folder


def test_installed_modules_are_imported_and_nothing_of_the_app(installed: Path, app: Path) -> None:
    import_ahead(str(app), "connector.py")
    assert {name for name in sys.modules if name.startswith("ahead_")} == {"ahead_one", "ahead_two"}
    assert "own_helper" not in sys.modules
    assert "connector" not in sys.modules


@pytest.mark.parametrize("name", ["ahead_two.py", "ahead_one", "ahead_two.cpython-39-x86_64-linux-gnu.so"])
def test_an_app_that_could_shadow_anything_installed_is_left_alone(installed: Path, app: Path, name: str) -> None:
    (app / name).mkdir() if "." not in name else (app / name).write_text("")
    import_ahead(str(app), "connector.py")
    assert not {name for name in sys.modules if name.startswith("ahead_")}


def test_a_main_module_that_is_absent_is_somebody_elses_finding(installed: Path, app: Path) -> None:
    import_ahead(str(app), "absent.py")
