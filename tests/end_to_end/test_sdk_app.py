"""An app that is really built with the SDK, from its source folder to its results: with the SDK from the package index.

Slow, and the same on every Python that can run it: done on one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS, Finished

from soarkit.host import Host
from soarkit.runtime.run import Observer
from soarkit.runtime.viewing import View, ViewCall, ViewedRun

UV = Path(sys.executable).parent / "uv"
pytestmark = [
    pytest.mark.skipif(sys.version_info[:2] != (3, 13), reason="done on Python 3.13"),
    pytest.mark.skipif(not UV.exists(), reason="uv is not installed"),
]
KEY = "plain-secret"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the app's source folder, locked, and a home for all tests."""
    folder = tmp_path_factory.mktemp("sdk")
    shutil.copytree(APPS / "is_built_with_the_sdk", folder / "app-1.2")
    subprocess.run([UV, "lock", "-q", "--python", sys.executable], cwd=folder / "app-1.2", check=True)
    return folder


@pytest.fixture
def sdk(place: Path, soarkit: Callable[..., Finished]) -> Callable[..., Finished]:
    """``soarkit ARGUMENTS`` in that home; ``APP`` stands for the source folder."""

    def run(*arguments: str) -> Finished:
        words = [str(place / "app-1.2") if one == "APP" else one for one in arguments]
        done = soarkit(*words, SOARKIT_HOME=str(place / "home"), timeout=300)
        assert KEY not in done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def act(sdk: Callable[..., Finished]) -> Callable[..., Any]:
    """Run an action of the source folder: its result JSON."""
    return lambda *words: sdk("run", "APP", *words, "-c", f"key={KEY}", "-f", "json").json()


def data(result: dict[str, Any]) -> Any:
    assert result["status"] == "success", result
    return result["result_data"][0]["data"][0]


def test_the_source_folder_stays_as_it_is(sdk: Callable[..., Finished], act: Callable[..., Any], place: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (place / "app-1.2").rglob("*")}
    done = sdk("run", "APP", "test connectivity", "-c", f"key={KEY}", "-f", "json")
    assert done.json()["message"] == "Test connectivity successful"
    assert "looking at the configuration" in done.stderr
    again = sdk("run", "APP", "test connectivity", "-c", f"key={KEY}", "-f", "json")
    assert again.json()["status"] == "success" and "building" not in again.stderr
    assert {path: path.stat().st_mtime_ns for path in (place / "app-1.2").rglob("*")} == before


def test_every_name_that_the_sdk_takes_from_the_platform_is_there(act: Callable[..., Any]) -> None:
    shims = data(act("list shims"))
    assert shims["fallback"] == []
    assert len(shims["platform"]) >= 15


def test_the_state_of_the_asset_lasts_and_is_encrypted(act: Callable[..., Any], place: Path) -> None:
    assert data(act("count up", "-p", "by=2"))["count"] == 2
    assert data(act("count up"))["count"] == 3
    states = [path.read_text() for path in (place / "home" / "phantom").rglob("*_state.json")]
    assert any('"cache":"sk1:' in one.replace(" ", "") for one in states)


def test_what_an_app_raises_is_its_result(act: Callable[..., Any]) -> None:
    result = act("break down")
    assert (result["status"], result["exception_occured"]) == ("failed", True)
    assert "KeyError: 'nothing here'" in result["result_data"][0]["message"]


def test_wrong_parameters_are_refused_before_the_app_runs(sdk: Callable[..., Finished]) -> None:
    done = sdk("run", "APP", "count up", "-p", "by=many", "-c", f"key={KEY}")
    assert done.code == 2 and "'by'" in done.stderr


def test_containers_artifacts_and_files(act: Callable[..., Any], sdk: Callable[..., Finished]) -> None:
    saved = data(act("save things"))
    shown = sdk("containers", "show", str(saved["container_id"]), "-f", "json").stdout
    assert "from an action" in shown
    assert sdk("vault", "info", saved["vault_id"], "-f", "json").code == 0


def test_a_poll(act: Callable[..., Any]) -> None:
    summary = act("on poll", "-p", "container_count=2")["result_summary"]
    assert (summary["containers_successful"], summary["artifacts_successful"]) == (2, 2)
    summary = act("on poll", "-p", "container_count=3")["result_summary"]
    assert (summary["containers_duplicate"], summary["containers_successful"]) == (2, 1)


def test_views(act: Callable[..., Any], place: Path) -> None:
    result = act("count visibly", "-p", "by=4")
    host = Host(str(place / "home"))
    app = host.open_app(str(place / "app-1.2"))

    def draw(name: str) -> View:
        [action] = [one for one in app.actions if one.name == name]
        run = ViewedRun(result["result_summary"], result["result_data"], container=7)
        return ViewCall(app, action, [run, run]).execute(host, host.executor, Observer())

    view = draw("count visibly")
    assert (view.problem, view.title1, view.title2) == (None, "Counts", "of 2")
    assert re.findall(r">(\d+)</a>", view.html) == ["4", "4"]
    assert "'value': 'it\\u0027s'}], 0, 7, null" in view.html
    assert "Collapse" not in view.html and view.html.count("<div") == view.html.count("</div>")
    problem = draw("count badly").problem
    assert problem is not None
    assert problem.what == "View Function Error: Error in view function 'break_a_view': nothing to see"
    assert problem.where is not None and problem.where.startswith("src/app.py:")
    assert problem.log_path is not None and "Traceback" in Path(problem.log_path).read_text()


def test_installed_with_an_asset_and_a_web_hook(sdk: Callable[..., Finished]) -> None:
    assert sdk("install", "APP").code == 0
    assert sdk("asset", "create", "one", "--app", "built-with-the-sdk", "-c", f"key={KEY}").code == 0
    hooked = sdk("rest", "built-with-the-sdk", "note", "--webhook", "--asset", "one", "--data", "hello")
    assert hooked.stdout.strip() == "kept 5"
    # An action that was registered by its name, with imports from the main module.
    assert data(sdk("run", "read note", "--asset", "one", "-f", "json").json())["note"] == "hello"


def test_an_app_that_cannot_be_imported(sdk: Callable[..., Finished], place: Path) -> None:
    code = place / "app-1.2" / "src" / "actions" / "read_note.py"
    text = code.read_text()
    code.write_text(f"import what_is_absent\n{text}")
    try:
        done = sdk("run", "APP", "test connectivity", "-c", f"key={KEY}")
    finally:
        code.write_text(text)
    assert done.code == 3 and "the SDK cannot make the app's JSON" in done.stderr
    assert f"{code}:1" in done.stderr
