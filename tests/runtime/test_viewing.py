"""Custom views: results drawn by the app's own functions and templates, in a process of its own."""

from __future__ import annotations

import base64
import json
import re
import shutil
import sys
import threading
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS
from custom_views import Log, draw, problem, viewed

from soarkit.errors import BuildError, Cancelled
from soarkit.execute.executor import FakeExecutor
from soarkit.execute.request import Ending, Outcome
from soarkit.host import Host
from soarkit.manifest.loader import load
from soarkit.manifest.model import App
from soarkit.runtime.viewing import Interpreters, ViewCall, ViewedRun

DRAWS, FAILS = "draws_its_results", "fails_to_draw"


def test_what_a_view_is_given(home: Path) -> None:
    first = viewed({"x": 1, "text": "<b>"}, id=3, extra_data=["more"], message="a {{brace}} {0}")
    second = ViewedRun({}, [{"status": "failed", "data": None}], container=7, id="4")
    view = draw(home, DRAWS, "everything", first, second)
    assert view.problem is None
    found = re.search(r'<script type="application/json">(.*)</script>', view.html)
    assert found is not None
    seen = json.loads(found[1])
    assert seen["provides"] == "everything"
    assert seen["runs"] == 2
    assert seen["const"] == "from beside"
    assert seen["container"] == [True, 7, 7]
    assert seen["app"][0] is True
    assert seen["context"] == {
        "QS": {"container": ["7"], "app_run": ["3", "4"]},
        "no_connection": True,
        "google_maps_key": False,
        "title1": "Everything",
        "title2": "",
        "title_logo": "logo.svg",
        "dark_title_logo": "logo_dark.svg",
        "title_logo_name": "Draws Its Results logo",
        "dark_title_logo_name": "Draws Its Results logo",
        "app_name": "Draws Its Results",
    }
    one, other = seen["results"]
    assert one == {
        "summary": {"total_objects": 1, "total_objects_successful": 1},
        "data": [{"x": 1, "text": "<b>"}],
        "size": 1,
        "param": {"ip": "10.0.0.1"},
        "own": {"n": 1},
        "message": "a {{brace}} {0}",  # as it is: it was formatted when it was made
        "status": True,
        "dict": {
            "data": [{"x": 1, "text": "<b>"}],
            "extra_data": ["more"],
            "summary": {"n": 1},
            "status": "success",
            "message": "a {{brace}} {0}",
            "parameter": {"ip": "10.0.0.1"},
            "context": {},
            "id": 3,
        },
        "id": 3,
    }
    assert other["summary"] == {"total_objects": 1, "total_objects_successful": 0}
    assert (other["data"], other["param"], other["own"], other["message"]) == ([], {}, {}, "")
    assert (other["status"], other["id"]) == (False, "4")
    assert "<p>7 7 1 </p>" in view.html
    assert "<p>1: &lt;b&gt;</p>" in view.html


def test_titles_are_plain_text_and_colours_are_values(home: Path) -> None:
    view = draw(home, DRAWS, "everything")
    assert (view.title1, view.title2) == ("Everything & more", None)
    assert view.colors == {"title": "white", "text": "rgb(101, 71, 150)", "body": "#0F75BC"}
    assert "<li onclick" not in view.html  # tools and the logo are the page's own
    assert "app_resource" not in view.html


def test_titles_of_the_sdks_base_template(home: Path) -> None:
    view = draw(home, DRAWS, "titles_of_two_kinds")
    assert (view.title1, view.title2, view.html) == ("First", "Second", "x")


def test_templates_in_folders_and_templates_that_include_others(home: Path) -> None:
    assert draw(home, DRAWS, "sub_folder", viewed({"text": "a & b"})).html == "<i>a &amp; b</i>\n"


def test_the_tags_that_django_has_anywhere(home: Path) -> None:
    view = draw(home, DRAWS, "tags_of_django")
    assert (view.problem, view.html) == (None, "/static/x.png Hello 1 more 1 kept")


def test_a_base_template_of_the_apps_own(home: Path) -> None:
    view = draw(home, DRAWS, "own_base")
    assert (view.title1, view.title2, view.html) == ("A title", "of its own", "base and child")


def test_the_first_template_that_is_there_and_images_of_the_app(home: Path) -> None:
    view = draw(home, DRAWS, "first_that_is_there")
    logo, dark = (
        "data:image/svg+xml;base64," + base64.b64encode((APPS / DRAWS / name).read_bytes()).decode()
        for name in ("logo.svg", "logo_dark.svg")
    )
    assert view.html.split("<img src=")[1:] == [
        f'"{logo}">',
        f"'{dark}'>\n",
        '"data:,">',
        '"data:,">',
        '"data:,">\n',
    ]
    assert (view.title1, view.colors) == (None, {})


def test_finished_html_stays_as_it_is(home: Path) -> None:
    assert draw(home, DRAWS, "finished").html == "<p>{{ not drawn }} {% nor this %}</p>"


def test_the_platforms_table(home: Path) -> None:
    html = draw(home, DRAWS, "cells").html
    assert re.findall(r"<th[^>]*>(.*?)</th>", html) == ["Address", "Link", "Note"]
    menus = re.findall(r'onclick="(.*?)"', html)
    assert menus == [
        "context_menu(this, [{'contains': ['ip'], 'value': '10.0.0.1'}], 0, 7, null, false);",
        "context_menu(this, [{'contains': ['user name','host name'], 'value': 'o\\u0027'}], 0, 7, null, false);",
    ]
    assert re.findall(r'href="(h.*?)"', html) == ["https://contoso.example/?a=1&amp;b=2"]
    assert "it&#x27;s &lt;b&gt;" in html
    assert "None" not in html


def test_the_platforms_menu(home: Path) -> None:
    html = draw(home, DRAWS, "menus").html
    assert 'href="https://contoso.example/1"' in html
    assert re.findall(r"<li>(\w+)", html) == ["None", "one", "report", "two"]
    assert ">one" in draw(home, DRAWS, "by_the_platforms_path").html


def test_data_does_not_leave_its_place(home: Path) -> None:
    """Neither the text between quotes in a script nor the one in an element."""
    hostile = "'}]);alert(1)//</a><script>alert(2)</script>\"\u2028"
    html = draw(home, DRAWS, "context_menus", viewed({"url": hostile})).html
    assert "alert(2)</script>" not in html
    assert "'value': '\\u0027}])" in html


def test_names_do_not_climb_out(home: Path) -> None:
    said = problem(draw(home, DRAWS, "climbing_out"))
    assert "there is no such template" in said.what


@pytest.mark.parametrize(
    ("action", "what", "where"),
    [
        ("raises", "the custom view raised KeyError: 'ip'", "fail_view.py:14"),
        ("exits", "the custom view raised SystemExit: that is all", "fail_view.py:19"),
        ("returns_nothing", "the custom view returned None instead of a template's name", "fail_view.py:32"),
        ("returns_a_number", "the custom view returned int instead of a template's name", "fail_view.py:36"),
        ("names_no_template", "returned 'absent.html', and there is no such template", "fail_view.py:41"),
        ("breaks_in_its_template", "cannot be drawn: ValueError: invalid literal for int()", "breaks.html:4"),
        ("has_no_such_tag", "drawn: Invalid block tag on line 2: 'no_such_tag'", "no_such_tag.html:2"),
        ("extends_what_is_absent", "there is no template 'widgets/absent_base.html'", "extends_absent.html:2"),
        ("draws_too_much", "made 100 million characters of HTML", "fail_view.py:62"),
        ("names_no_function", "'fail_view.absent' names no function", "fail_view.py"),
        ("names_no_module", "there is no such module", "Fails To Draw"),
        ("breaks_at_import", "imports 'a_module_that_nobody_has'", "broken_module.py:3"),
        ("has_no_text", "cannot be drawn: UnicodeDecodeError: 'utf-8' codec can't decode byte", "latin.html"),
        ("asks_for_an_address", "NoReverseMatch: Reverse for 'container' not found", "address.html:2"),
    ],
)
def test_a_view_that_fails(home: Path, action: str, what: str, where: str) -> None:
    said = problem(draw(home, FAILS, action))
    assert what in said.what
    assert said.where == where
    assert str(APPS) not in said.what
    assert "Traceback" not in said.what
    if "raise" in what:
        assert said.log_path is not None
        assert "Traceback" in Path(said.log_path).read_text()


def test_what_a_view_says_is_cut(home: Path) -> None:
    """The page would be as long, and the log has it."""
    said = problem(draw(home, FAILS, "says_a_lot"))
    assert said.what.startswith("the custom view raised ValueError: much much")
    assert said.what.endswith(" …")
    assert len(said.what) < 3000


def test_a_process_that_ends_hangs_or_loses_its_link(home: Path) -> None:
    ended = problem(draw(home, FAILS, "exits_hard"))
    assert "ended before it answered" in ended.what
    assert ended.where == "Fails To Draw, custom view fail_view.exits_hard"
    start = time.monotonic()
    assert "did not answer within 1 s" in problem(draw(home, FAILS, "hangs", timeout=1)).what
    assert time.monotonic() - start < 15
    assert "closed the connection" in problem(draw(home, FAILS, "closes_its_link", timeout=20)).what


def test_no_secret_gets_out(home: Path) -> None:
    log = Log()
    said = problem(draw(home, FAILS, "prints_a_secret", log=log, secrets=["secret-of-4711"]))
    assert said.what == "the custom view raised ValueError: raised ********"
    assert said.log_path is not None
    assert "printed ********" in log.text
    assert "4711" not in log.text + Path(said.log_path).read_text()
    view = draw(home, DRAWS, "sub_folder", viewed({"text": "is secret-of-4711"}), secrets=["secret-of-4711"])
    assert view.html == "<i>is ********</i>\n"


def test_an_action_that_names_no_view(home: Path, tmp_path: Path) -> None:
    manifest = json.loads((APPS / DRAWS / "app.json").read_text())
    del manifest["actions"][0]["render"]["view"]
    (tmp_path / "app.json").write_text(json.dumps(manifest))
    (tmp_path / "connector.py").write_text("")
    said = problem(draw(home, tmp_path, "everything"))
    assert said.what == "render.type is 'custom', and render.view names no function"


def test_an_environment_without_django(home: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)
    python = str(tmp_path / "bare" / "bin" / "python")
    said = problem(draw(home, DRAWS, "sub_folder", python=python))
    assert "the app's environment has no Django" in said.what
    assert said.hint is not None
    assert "pip install" in said.hint
    assert draw(home, DRAWS, "finished", python=python).problem is None  # which needs none


def test_an_environment_that_cannot_be_had(home: Path) -> None:
    said = problem(draw(home, DRAWS, "sub_folder", python="/absent/python"))
    assert "/absent/python" in f"{said.where} {said.what}"


class _CannotBuild(Host):
    """Has an environment only for apps that need nothing."""

    def python_for(self, app: App, note: Callable[[str], None]) -> str:
        if "pip3_dependencies" in app.raw:
            raise BuildError("there is no such package", hint="look for it")
        return super().python_for(app, note)


def test_a_view_needs_hardly_what_its_app_needs(home: Path, tmp_path: Path) -> None:
    for name, action in ((DRAWS, "own_base"), (FAILS, "breaks_at_import")):
        manifest = json.loads((APPS / name / "app.json").read_text())
        folder = tmp_path / name
        shutil.copytree(APPS / name, folder)
        (folder / "app.json").write_text(json.dumps({**manifest, "pip3_dependencies": {"pypi": []}}))
        app = load(str(folder))
        [chosen] = [one for one in app.actions if one.identifier == action]
        host = _CannotBuild(str(home), python=sys.executable)
        view = ViewCall(app, chosen, [viewed()]).execute(host, host.executor, Log())
        if action == "own_base":
            assert view.html == "base and child"
        else:  # this one does need it
            assert problem(view).what == "there is no such package"
            assert problem(view).hint == "look for it"


def test_an_environment_is_looked_for_once_a_report(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "app"
    shutil.copytree(APPS / DRAWS, folder)
    manifest = json.loads((folder / "app.json").read_text())
    (folder / "app.json").write_text(json.dumps({**manifest, "pip3_dependencies": {"pypi": []}}))
    app = load(str(folder))
    [chosen] = [one for one in app.actions if one.identifier == "own_base"]
    tried = 0
    notes: list[str] = []

    class Counting(_CannotBuild):
        def python_for(self, app: App, note: Callable[[str], None]) -> str:
            nonlocal tried
            tried += 1
            return super().python_for(app, note)

    class Notes(Log):
        def note(self, text: str) -> None:
            notes.append(text)

    host = Counting(str(home), python=sys.executable)
    interpreters = Interpreters()
    for _ in range(3):
        view = ViewCall(app, chosen, [viewed()], interpreters=interpreters).execute(host, host.executor, Notes())
        assert view.html == "base and child"
    assert tried == 2  # with the app's packages, and without
    assert len(notes) == 1


def test_only_being_cancelled_is_raised(home: Path) -> None:
    app = load(str(APPS / DRAWS))
    host = Host(str(home), python=sys.executable)
    executor = FakeExecutor(lambda _request, _listener: Outcome(Ending.CANCELLED, None, None, 0, "start", (), 0.0))
    with pytest.raises(Cancelled):
        ViewCall(app, app.actions[0], [viewed()]).execute(host, executor, Log())


def test_large_results(home: Path) -> None:
    """50 MB go to the view and 10 MB come back, in seconds and not in minutes."""
    items: list[Any] = [{"url": f"https://contoso.example/{number}", "note": "x" * 400} for number in range(100_000)]
    start = time.monotonic()
    view = draw(home, DRAWS, "context_menus", viewed(*items), timeout=100)
    assert view.problem is None
    assert view.html.count("<a ") == 100_000
    assert time.monotonic() - start < 60


def test_several_at_once(home: Path) -> None:
    views: list[str] = []
    threads = [threading.Thread(target=lambda: views.append(draw(home, DRAWS, "own_base").html)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert views == ["base and child"] * 4
