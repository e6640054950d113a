"""What a report shows of runs: widgets and their parts."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any

import pytest

from soarkit.manifest.loader import build
from soarkit.manifest.model import App
from soarkit.manifest.source import AppSource
from soarkit.render import shown
from soarkit.render.colours import view_colours
from soarkit.render.hiding import without_passwords
from soarkit.render.logos import MAX_SIZE, app_logos
from soarkit.render.parts import ErrorPart, FieldsPart, JsonPart, MapPart, NotePart, TablePart, ViewPart
from soarkit.render.reported import ReportedRun
from soarkit.render.shown import CustomView, ViewProblem
from soarkit.render.widgets import Widget, grouped, widgets

DATA = "action_result.data.*"
PARAMETERS = {
    "ip": {"data_type": "string", "contains": ["ip"], "primary": True},
    "secret": {"data_type": "password"},
}


def output(key: str, name: str | None = None, order: int | None = None, **more: Any) -> dict[str, Any]:
    field = {"data_path": f"{DATA}.{key}", "data_type": "string", **more}
    return field if name is None else {**field, "column_name": name, "column_order": order}


def app(render: Any = None, outputs: Any = (), folder: str = "/nowhere", **more: Any) -> App:
    actions = [
        {
            "action": name,
            "identifier": name,
            "description": name,
            "parameters": PARAMETERS,
            "output": list(outputs),
            **({} if render is None else {"render": render}),
        }
        for name in ("look", "look again")
    ]
    raw = {"appid": "1", "name": "App", "app_version": "1.0", "main_module": "m.py", "configuration": {}, **more}
    return build({**raw, "actions": actions}, AppSource(folder, f"{folder}/app.json"))


def answer(*items: Any, status: str = "success", message: str = "", **more: Any) -> dict[str, Any]:
    return {"data": list(items), "parameter": {}, "summary": {}, "status": status, "message": message, **more}


def ran(made: App | None, *results: dict[str, Any], action: str = "look", **more: Any) -> ReportedRun:
    failed = any(one["status"] != "success" for one in results)
    status = more.pop("status", "failed" if failed else "success")
    document = {
        "status": status,
        "message": more.get("message", ""),
        "result_data": list(results),
        "result_summary": {},
    }
    found = None if made is None else next(one for one in made.actions if one.name == action)
    given: dict[str, Any] = {"document": document, "message": "", **more}
    return ReportedRun("App", "1.0", action, status, app=made, action=found, **given)


def draw(*runs: ReportedRun, view: CustomView | None = None) -> list[Widget]:
    def asked(shown: Any) -> CustomView:
        assert view is not None, "no view was to be called"
        return view

    return widgets(runs, asked)


def parts(*runs: ReportedRun, view: CustomView | None = None) -> list[Any]:
    (widget,) = draw(*runs, view=view)
    return list(widget.parts)


COLUMNS = [output("ip", "Address", 0, contains=["ip"]), output("n", "Number", 1, data_type="numeric")]
ITEM = {"ip": "192.0.2.1", "n": 1}


@pytest.mark.parametrize("render", [None, {}, {"type": "table"}, {"type": "default"}, {"type": "pie"}, {"type": 5}, []])
def test_everything_but_json_map_and_views_is_a_table(render: Any) -> None:
    (table,) = parts(ran(app(render, COLUMNS), answer(ITEM, {"ip": None, "n": 2.5})))
    assert isinstance(table, TablePart)
    assert [(one.name, one.data_type, one.contains) for one in table.columns] == [
        ("Address", "string", ("ip",)),
        ("Number", "numeric", ()),
    ]
    assert table.rows == [("192.0.2.1", 1), (None, 2.5)]
    assert (table.total, table.name) == (2, "app-look")


def test_a_table_that_leaves_something_out_has_all_data_beside() -> None:
    table, rest = parts(ran(app(None, COLUMNS), answer({**ITEM, "more": "x"})))
    assert isinstance(table, TablePart)
    assert (rest.data, rest.path, rest.folded, rest.caption) == ({**ITEM, "more": "x"}, DATA, True, "All data")
    assert rest.contains == {f"{DATA}.ip": ["ip"]}
    _, rest = parts(ran(app(None, COLUMNS), answer({"ip": {"x": [1]}, "n": 1}, ITEM)))
    assert (rest.path, len(rest.data)) == ("action_result.data", 2)


def test_too_much_data_beside_is_left_to_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "MAX_BESIDE", 1000)
    big = {**ITEM, "more": "x" * 2000}
    table, note = parts(ran(app(None, COLUMNS), answer(big), id="abcd1234"))
    assert isinstance(table, TablePart)
    assert "soarkit runs show abcd1234 --format json" in note.text
    (whole,) = parts(ran(app({"type": "json"}, COLUMNS), answer(big)))
    assert isinstance(whole, JsonPart)


def test_nothing_declared_shows_the_data() -> None:
    (flat,) = parts(ran(app(None), answer(ITEM)))
    assert [one.name for one in flat.columns] == ["ip", "n"]
    (single,) = parts(ran(app(None), answer({"a": {"b": [{"c": 1}]}})))
    assert (single.data, single.folded) == ({"a": {"b": [{"c": 1}]}}, False)
    nested = [{"id": 1, "deep": {"x": 1}}, {"id": 2, "tags": ["a"]}]
    table, tree = parts(ran(app(None), answer(*nested)))
    assert [one.name for one in table.columns] == ["id", "tags"]
    assert table.rows == [(1, None), (2, ["a"])]
    assert (tree.data, tree.folded) == (nested, False)
    (text,) = parts(ran(app(None), answer("one", "two")))
    assert text.rows == [("one",), ("two",)]


def test_undeclared_columns_know_their_kinds() -> None:
    (table,) = parts(ran(app(None, [output("ip", contains=["ip"])]), answer({"ip": "192.0.2.1"})))
    assert table.columns[0].contains == ("ip",)


def test_json_is_a_tree() -> None:
    (tree,) = parts(ran(app({"type": "json"}, COLUMNS), answer(ITEM)))
    assert (tree.data, tree.folded, tree.contains) == (ITEM, False, {f"{DATA}.ip": ["ip"]})
    (note,) = parts(ran(app({"type": "json"}, COLUMNS), answer(message="nothing found")))
    assert note == NotePart("nothing found")


def test_a_map_has_points_and_a_table() -> None:
    outputs = [
        output("latitude", map_info="latitude"),
        output("longitude", map_info="longitude"),
        output("ip", map_info="name", contains=["ip"]),
        output("city", map_info="City"),
    ]
    items = [
        {"latitude": 50.11, "longitude": 8.68, "ip": "192.0.2.1", "city": "Frankfurt"},
        {"latitude": "-33.9", "longitude": " 151.2 ", "ip": "192.0.2.2"},
        {"latitude": None, "longitude": None, "ip": "192.0.2.3"},
        {"latitude": 91, "longitude": 8, "ip": "192.0.2.4"},
        {"latitude": "x", "longitude": True, "ip": "192.0.2.5"},
        {"latitude": "nan", "longitude": 1e400, "ip": "192.0.2.6"},
    ]
    drawn, table, rest = parts(ran(app({"type": "map"}, outputs), answer(*items)))
    assert isinstance(drawn, MapPart)
    assert [(one.latitude, one.longitude) for one in drawn.points] == [(50.11, 8.68), (-33.9, 151.2)]
    assert [field[:3] for field in drawn.points[0].details] == [
        ("name", "192.0.2.1", ("ip",)),
        ("City", "Frankfurt", ()),
    ]
    assert drawn.without == 4
    assert [one.name for one in table.columns] == ["name", "City", "latitude", "longitude"]
    assert (len(table.rows), rest.folded) == (6, True)


@pytest.mark.parametrize("keys", [("where.lat", "where.lon"), ("lat", "lng"), ("LATITUDE", "Long")])
def test_places_are_found_by_the_last_key(keys: tuple[str, str]) -> None:
    item: dict[str, Any] = {}
    for key, value in zip(keys, (1, 2), strict=True):
        *above, last = key.split(".")
        inner = item.setdefault(above[0], {}) if above else item
        inner[last] = value
    drawn, *_ = parts(ran(app({"type": "map"}, [output(key) for key in keys]), answer(item)))
    assert [(one.latitude, one.longitude) for one in drawn.points] == [(1, 2)]


def test_places_may_be_in_undeclared_data() -> None:
    drawn, *_ = parts(ran(app({"type": "map"}), answer({"lat": 1, "lng": 2})))
    assert len(drawn.points) == 1
    note, table = parts(ran(app({"type": "map"}), answer({"town": "x"})))
    assert isinstance(note, NotePart)
    assert isinstance(table, TablePart)


VIEW = {"type": "custom", "view": "views.draw", "title": "Declared", "width": 3, "height": 4, "menu_name": "Menu"}


def test_a_custom_view() -> None:
    given = CustomView("<p>192.0.2.1", ("jquery",), "First", "Second", {"title": "#fff", "body": "url(x)"})
    (widget,) = draw(ran(app(VIEW, COLUMNS), answer(ITEM), asset="prod"), view=given)
    view, rest = widget.parts
    assert view == ViewPart("<p>192.0.2.1", ("jquery",), "App: look")
    assert isinstance(rest, JsonPart)
    assert rest.folded
    assert (widget.title, widget.subtitle, widget.menu_name) == ("First Second", "App 1.0 · look · prod", "Menu")
    assert (widget.width, widget.height, widget.colours) == (3, 4, {"title": "#fff"})


@pytest.mark.parametrize(
    ("html", "data", "shows"),
    [
        ("<p>192.0.2.1", {"ip": "192.0.2.1"}, True),
        ("<p>Nothing was found</p>", {"ip": "192.0.2.1"}, False),
        ("", {"a": {"b": [{"c": "deep"}]}}, False),
        ("<b title='deep'>", {"a": {"b": [{"c": "deep"}]}}, True),
        ("<p>a &lt;b&gt; &#x27;c&#x27;</p>", {"a": "a <b> 'c'"}, True),
        ("<p>" + "word " * 8 + "...</p>", {"a": "word " * 30}, True),
        ("<p>Done</p>", {"ok": True, "n": 1, "nothing": None}, True),
        ("<p>1,204</p>", {"n": 1204}, True),
        ("<p>MALICIOUS", {"verdict": "malicious"}, True),
        ("<p class=x>a</p>", {"name": "a", "more": "of it"}, True),
        ("<p class=x>b</p>", {"name": "a", "more": "of it"}, False),
        ("<script>draw('2024\\u002D01\\u002D05')</script>", {"day": "2024-01-05"}, True),
    ],
)
def test_a_view_that_shows_nothing_of_the_data_is_followed_by_a_table(html: str, data: Any, shows: bool) -> None:
    (widget,) = draw(ran(app(VIEW, COLUMNS), answer(data)), view=CustomView(html))
    assert isinstance(widget.parts[0], ViewPart)
    assert any(isinstance(one, NotePart) for one in widget.parts) is not shows
    assert any(isinstance(one, TablePart) or not getattr(one, "folded", True) for one in widget.parts) is not shows


def test_a_view_that_failed() -> None:
    given = CustomView(problem=ViewProblem("it broke", "views.py:3", "look there"))
    (widget,) = draw(ran(app(VIEW, COLUMNS), answer(ITEM)), view=given)
    assert widget.parts[0] == ErrorPart("it broke", "views.py:3", "look there")
    assert isinstance(widget.parts[1], TablePart)
    assert widget.title == "Declared"


def test_a_custom_view_without_a_name_is_a_table() -> None:
    assert isinstance(parts(ran(app({"type": "custom"}, COLUMNS), answer(ITEM)))[0], TablePart)


def test_failed_results_are_listed_with_their_parameters() -> None:
    results = [
        answer(ITEM, parameter={"ip": "192.0.2.1"}),
        answer(status="failed", message="no such host", parameter={"ip": "192.0.2.9", "context": {}}),
    ]
    error, table, data = parts(ran(app(None, COLUMNS), *results, message="1 of 2 failed"))
    assert error == ErrorPart("1 of 2 failed")
    assert table.caption == "1 of 2 failed"
    assert table.rows == [("192.0.2.9", "failed", "no such host")]
    assert table.columns[0].contains == ("ip",)
    assert data.rows == [("192.0.2.1", 1)]


def test_a_single_failure_says_its_parameters_where_the_page_does_not() -> None:
    run = ran(app(), answer(status="failed", message="no", parameter={"ip": "192.0.2.9"}))
    assert parts(run) == [ErrorPart("no")]
    first, _ = draw(run, run)
    assert first.parts[0] == ErrorPart("no")
    fields = first.parts[1]
    assert isinstance(fields, FieldsPart)
    assert fields.items[0] == ("ip", "192.0.2.9", ("ip",), "action_result.parameter.ip")


def test_success_without_data() -> None:
    assert parts(ran(app(), answer(message="blocked"))) == [NotePart("blocked")]
    assert parts(ran(app(), answer())) == [NotePart("The action returned no data.")]
    (table,) = parts(ran(app(), answer(message="a"), answer(message="b")))
    assert table.rows == [("success", "a"), ("success", "b")]


def test_a_run_without_a_result() -> None:
    broken = ran(None, document=None, status="failed", message="it crashed", error={"where": "x.py", "hint": 5})
    (widget,) = draw(broken)
    assert widget.parts == (ErrorPart("it crashed", "x.py", None),)
    assert (widget.status, widget.title) == ("failed", "look")
    assert parts(ran(None, document=None, status="cancelled")) == [ErrorPart("The run was cancelled.")]


def test_summaries_are_shown_where_the_page_shows_several_runs() -> None:
    run = ran(app(None, COLUMNS), answer(ITEM, summary={"found": 1}))
    assert len(parts(run)) == 1
    first, _ = draw(run, run)
    assert first.parts[0] == FieldsPart([("found", 1, (), "action_result.summary.found")], "Summary")


@pytest.mark.parametrize(
    ("given", "width"), [(0, 6), (-3, 6), (1, 1), (7, 7), (12, 12), (99, 12), (None, 6), (True, 6), ("4", 6)]
)
def test_widths_are_those_of_the_grid(given: Any, width: int) -> None:
    run = ran(app({"type": "table", "width": given}, COLUMNS), answer(ITEM))
    assert draw(run, run)[0].width == width


def test_a_widget_alone_has_the_whole_width_unless_it_says_otherwise() -> None:
    assert draw(ran(app(None, COLUMNS), answer(ITEM)))[0].width == 12
    assert draw(ran(app({"width": 4}, COLUMNS), answer(ITEM)))[0].width == 4


@pytest.mark.parametrize(("given", "height"), [(0, None), (-1, None), (1, 1), (10, 10), (99, 10), (None, None)])
def test_heights(given: Any, height: int | None) -> None:
    assert draw(ran(app({"height": given}, COLUMNS), answer(ITEM)))[0].height == height


def test_runs_of_an_app_have_widgets_of_their_own_or_one_together() -> None:
    apart, together = app(VIEW, COLUMNS), app(VIEW, COLUMNS, consolidate_widgets=True)
    runs = [ran(apart, answer(ITEM)), ran(apart, answer(ITEM))]
    assert [one.runs for one in draw(*runs, view=CustomView())] == [(0,), (1,)]
    runs = [
        ran(together, answer(ITEM)),
        ran(apart, answer(ITEM)),
        ran(together, answer(ITEM), action="look again"),
        ran(together, answer(status="failed")),
    ]
    assert [[len(group) for group in widget] for widget in grouped(runs)] == [[2, 1], [1]]
    called: list[list[str]] = []

    def view(shown: Any) -> CustomView:
        called.append([one.action_name for one in shown])
        return CustomView("x")

    first, second = widgets(runs, view)
    assert called == [["look", "look"], ["look again"], ["look"]]
    assert (first.runs, second.runs, first.status) == ((0, 3, 2), (1,), "failed")
    assert (first.title, first.subtitle) == ("App", "App 1.0 · 2 actions")
    assert [one.caption for one in first.parts if isinstance(one, ViewPart)] == ["look", "look again"]


def test_consolidated_tables_have_the_rows_of_all_runs() -> None:
    together = app(None, COLUMNS, consolidate_widgets=True)
    (widget,) = draw(ran(together, answer(ITEM)), ran(together, answer(ITEM), answer(ITEM)))
    (table,) = [one for one in widget.parts if isinstance(one, TablePart)]
    assert len(table.rows) == 3


def test_colours_are_colours() -> None:
    good = {"title": "#FFF", "text": "rgb(1, 2, 3)", "body": "DarkBlue", "body_text": "hsla(1, 2%, 3%, .5)"}
    assert view_colours(good) == good
    for bad in ("url(http://x)", "red;}", "var(--x)", "expression(1)", "#12", "", "rgb(url(x))", "a" * 40):
        assert view_colours({"title": bad}) == {}
    assert view_colours({"anything": "red"}) == {}


def test_logos_are_pictures_in_the_apps_folder(tmp_path: Path) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
    png = b"\x89PNG\r\n\x1a\n" + bytes(20)
    (folder / "logo.svg").write_bytes(svg)
    (folder / "dark.PNG").write_bytes(png)
    (folder / "wrong.png").write_bytes(svg)
    (folder / "page.html").write_text("<script>")
    (folder / "empty.svg").write_bytes(b"")
    (folder / "large.png").write_bytes(png + bytes(MAX_SIZE))
    (tmp_path / "outside.svg").write_bytes(svg)
    (folder / "link.svg").symlink_to(tmp_path / "outside.svg")
    (folder / "inside.svg").symlink_to("logo.svg")
    os.mkfifo(folder / "pipe.svg")

    def logo(name: Any) -> str | None:
        return app_logos(app(folder=str(folder), logo=name)).light

    encoded = base64.b64encode(svg).decode()
    assert logo("logo.svg") == logo("inside.svg") == f"data:image/svg+xml;base64,{encoded}"
    assert app_logos(app(folder=str(folder), logo_dark="dark.PNG")).dark is not None
    assert logo("wrong.png") == logo("logo.svg"), "the content says what it is"
    for name in (
        "page.html",
        "empty.svg",
        "large.png",
        "link.svg",
        "pipe.svg",
        "none.svg",
        "../outside.svg",
    ):
        assert logo(name) is None, name
    for odd in (None, 5, "", "a\0.svg", str(tmp_path / "outside.svg"), "."):
        assert logo(odd) is None


def test_passwords_are_masked_wherever_they_are_declared() -> None:
    outputs = [
        output("token", data_type="password"),
        output("list.*.key", data_type="password"),
        output("plain.*", data_type="password"),
        output("a.dotted", data_type="password"),
        {"data_path": "action_result.summary.pin", "data_type": "password"},
        {"data_path": "nowhere", "data_type": "password"},
        {"data_path": "summary.pin", "data_type": "password"},
    ]
    action = app(None, outputs).actions[0]
    item = {
        "token": "s",
        "other": "o",
        "list": [{"key": "s"}, {"key": None}, 5],
        "plain": ["s", ""],
        "a.dotted": "s",
    }
    document = {
        "status": "success",
        "result_data": [answer(item, "text", parameter={"secret": "s", "ip": "o"}, summary={"pin": "s"}), answer()],
        "result_summary": {"pin": 7},
    }
    hidden = without_passwords(document, action)
    first = hidden["result_data"][0]
    mask = "********"
    assert first["data"] == [
        {"token": mask, "other": "o", "list": [{"key": mask}, {"key": None}, 5], "plain": [mask, ""], "a.dotted": mask},
        "text",
    ]
    assert (first["parameter"], first["summary"]) == ({"secret": mask, "ip": "o"}, {"pin": mask})
    assert hidden["result_summary"] == {"pin": mask}
    assert item["token"] == "s"
    assert hidden["result_data"][1] is document["result_data"][1]
    plain = {"result_data": [answer({"other": 1})]}
    assert without_passwords(plain, action) is plain
    assert without_passwords(document, None) is document
