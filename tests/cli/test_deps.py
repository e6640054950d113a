"""``soarkit deps`` as people type it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import APPS, Finished
from deps.conftest import HERE, fetched_tools, here, make_app, ready, source_archive  # noqa: F401 - fixtures
from environments.conftest import baseline_wheels, index, make_wheel  # noqa: F401 - fixtures
from installing import install

from soarkit.manifest.schema_files import read_schema

Soarkit = Callable[..., Finished]


@pytest.fixture
def app(make_app: Any) -> Path:  # noqa: F811
    return Path(make_app(requirements="alpha\n", code="import alpha\n").folder)


def test_lock_vendor_check(soarkit: Soarkit, app: Path, index: Path, ready: str, tmp_path: Path) -> None:  # noqa: F811
    make_wheel(index, "alpha", "1.0")
    version = f"{HERE[0]}.{HERE[1:]}"
    locked = soarkit("deps", "lock", app, "--python", version)
    assert locked.code == 0
    assert locked.stdout.startswith(f"soarkit-py{HERE}.lock  written: ")
    assert "  alpha 1.0\n" in locked.stdout
    assert "soarkit: locking requirements.txt for Python" in locked.stderr
    assert "up to date" in soarkit("deps", "lock", app, "--python", version).stdout

    vendored = soarkit("deps", "vendor", app, "--python", version, "--with-baseline", tmp_path / "house", "-f", "json")
    assert vendored.code == 0
    answer = vendored.json()
    assert answer["command"] == "deps vendor"
    assert answer["added"] == ["wheels/py3/alpha-1.0-py3-none-any.whl"]
    assert answer["lists"][0]["list"] == f"pip{HERE}_dependencies"
    assert answer["wheelhouse"]["folder"] == str(tmp_path / "house")

    checked = soarkit("deps", "check", app, "--no-index")
    assert checked.code == 0
    assert checked.stdout == f"Python {version} checked: 0 errors, 0 warnings\n"
    (app / "sample.py").write_text("import nothere\n")
    checked = soarkit("deps", "check", app, "--no-index", "--format", "json")
    assert checked.code == 1
    answer = checked.json()
    assert (answer["ok"], answer["error"]) == (False, None)
    assert {one["kind"] for one in answer["findings"]} == {"missing", "unused"}
    jsonschema.validate(answer, read_schema("envelope"))


def test_errors_say_what_to_do(soarkit: Soarkit, app: Path, home: Path) -> None:
    wrong = soarkit("deps", "lock", app, "--python", "3.99")
    assert wrong.code == 2
    assert "no Python 3.99" in wrong.stderr
    (app / "requirements.txt").write_text("fine\n???\n")
    broken = soarkit("deps", "check", app, "--format=json")
    assert broken.code == 2
    assert json.loads(broken.stdout)["error"]["where"] == "requirements.txt:2"
    assert soarkit("deps", "lock", app / "sample.py").code == 2
    assert soarkit("deps", "lock", app / "gone").code == 2
    assert soarkit("deps", "what").code == 2


def test_an_installed_app_is_checked_but_not_changed(soarkit: Soarkit, home: Path, tmp_path: Path) -> None:
    install(home, "echo")
    folder = next((home / "apps").rglob("app.json"))
    before = sorted(folder.parent.iterdir())
    checked = soarkit("deps", "check", "echo", "--no-index")
    assert checked.code == 0
    for name in ("lock", "vendor"):
        refused = soarkit("deps", name, "echo")
        assert refused.code == 2
        assert "is installed, and stays as it is" in refused.stderr
        assert "no app of this name is installed" in soarkit("deps", name, "ecko").stderr
    assert sorted(folder.parent.iterdir()) == before
    tarball = tmp_path / "echo.tgz"
    tarball.write_bytes(b"")
    assert "Unpack a tarball first" in soarkit("deps", "check", tarball).stderr


def test_python_2_apps_are_refused(soarkit: Soarkit, make_app: Any) -> None:  # noqa: F811
    folder = make_app(lists={"python_version": "2.7"}, code="print 'hello'\n").folder
    for command in ("lock", "vendor", "check"):
        finished = soarkit("deps", command, folder)
        assert finished.code == 2
        assert "for Python 2 alone" in finished.stderr


@pytest.mark.parametrize("command", ["lock", "vendor", "check"])
def test_what_uv_keeps_is_left_to_uv(soarkit: Soarkit, command: str) -> None:
    done = soarkit("deps", command, APPS / "is_built_with_the_sdk")
    assert done.code == 2
    assert "uv keeps that file" in done.stderr and "uv lock --check" in done.stderr


def test_ctrl_c_leaves_nothing(app: Path, index: Path, ready: str, tmp_path: Path) -> None:  # noqa: F811
    source_archive(
        index, "alpha", "1.0", code=f"import time; open({str(tmp_path / 'building')!r}, 'w'); time.sleep(60)"
    )
    before = sorted(app.rglob("*"))
    argv = [sys.executable, "-m", "soarkit", "deps", "vendor", str(app), "--python", f"{HERE[0]}.{HERE[1:]}"]
    with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not (tmp_path / "building").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "error: cancelled" in errors
    assert sorted(app.rglob("*")) == before
    assert not list(Path(ready).glob(".scratch-*"))
