"""Outputs of transforms as text: what a person reads in a terminal, whatever a script put in."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from soarkit.enrichments.observed import ObservedRun
from soarkit.enrichments.outputs import read_output
from soarkit.enrichments.terminal.ink import Ink, colours_of
from soarkit.enrichments.terminal.runs import render_observable, render_run
from soarkit.enrichments.terminal.strictness import strictly
from soarkit.render.text import display_width

PLAIN = Ink(0)
TRUE_COLOUR = Ink(1 << 24)


def item(value: Any, kind: str = "String", label: Any = None, **style: Any) -> dict[str, Any]:
    return {"itemType": kind, "itemValue": value, "itemLabel": value if label is None else label, **style}


def text(value: Any, ends: bool = True, **more: Any) -> dict[str, Any]:
    shown = value if isinstance(value, dict) else item(value, **more)
    return {"widgetType": "Text", "lineBreakEnding": ends, "item": shown}


def composite(*items: dict[str, Any], separate: bool = False) -> dict[str, Any]:
    return {"onSeparateLines": separate, "itemsInWidget": list(items)}


def table(headings: list[str], *rows: list[Any], **more: Any) -> dict[str, Any]:
    cells = [[one if isinstance(one, dict) else item(one) for one in row] for row in rows]
    return {"widgetType": "Table", "tableName": "", "columnHeadings": headings, "rows": cells, **more}


def chart(options: Any, name: str = "A chart") -> dict[str, Any]:
    given = options if isinstance(options, str) else json.dumps(options)
    return {"widgetType": "Chart", "chartName": name, "highchartsJson": given}


def run(*widgets: dict[str, Any], entities: Any = None, **more: Any) -> ObservedRun:
    document = {"widgets": list(widgets)} if entities is None else {"entities": entities}
    about: dict[str, Any] = {"status": "success", "output": read_output(document), **more}
    return ObservedRun(
        "Source",
        "Set",
        "t",
        "Details",
        "context" if entities is None else "pivot",
        "anomali.Domain",
        "example.com",
        **about,
    )


def drawn(*widgets: dict[str, Any], width: int = 80, ink: Ink = PLAIN, **more: Any) -> str:
    """Everything below the head."""
    return render_run(run(*widgets, **more), width=width, ink=ink).partition("\n\n")[2]


@pytest.mark.acceptance("A36")
def test_texts_run_on_in_one_line_with_the_link_inside() -> None:
    link = item("https://example.com/r", "Link", "the report")
    shown = drawn(text("See", ends=False), text(link, ends=False), text("for more."), text("Then this", ends=False))
    assert shown.startswith("See the report <https://example.com/r> for more.\nThen this\n\n")
    assert "1 odd thing in the output" in shown  # the last text's flag


def test_a_text_after_another_widget_begins_anew() -> None:
    shown = drawn(text("one", ends=False), {"widgetType": "HorizontalRule"}, text("two"), width=40)
    assert shown == f"one\n\n{'─' * 40}\n\ntwo"


@pytest.mark.acceptance("A37")
def test_composites_stand_beside_each_other_or_below() -> None:
    items = item("a"), item("b")
    assert drawn(text(composite(*items))) == "a  b"
    assert drawn(text(composite(*items, separate=True))) == "a\nb"
    assert drawn(table(["X"], [composite(*items)])) == "X\n────\na  b"
    assert drawn(table(["X"], [composite(*items, separate=True)])) == "X\n─\na\nb"
    assert drawn(table(["X", "Y"], [composite(), "y"])) == "X  Y\n─  ─\n   y"


@pytest.mark.acceptance("A4")
def test_plain_values_read_well() -> None:
    shown = drawn(table(["A", "B", "C", "D"], [None, True, 3, 1.5]))
    assert shown.splitlines()[2].split() == ["true", "3", "1.5"]


@pytest.mark.acceptance("A19")
def test_fifty_rows_and_entities_are_shown_of_more() -> None:
    shown = drawn(table(["n"], *([f"row {number}"] for number in range(60))))
    assert shown.count("row ") == 50
    assert shown.endswith("50 of 60 rows")
    found = [{"entityType": "anomali.IPv4Address", "entityValue": f"192.0.2.{number}"} for number in range(60)]
    shown = drawn(entities=found)
    assert shown.count("192.0.2.") == 50
    assert shown.endswith("50 of 60 entities")
    assert "rows" not in drawn(table(["n"], *([number] for number in range(50))))


@pytest.mark.acceptance("A11")
def test_entities_have_a_column_for_each_of_a_few_fields() -> None:
    fields = [{"fieldName": "seen", "displayName": "First seen", "fieldValue": "2020-01-01"}]
    shown = drawn(
        entities=[
            {"entityType": "anomali.AS", "entityValue": "AS64500", "additionalFields": fields},
            {"entityType": "custom.Thing", "entityValue": "x"},
        ]
    )
    assert shown.splitlines() == [
        "Type               Value    First seen",
        "─────────────────  ───────  ──────────",
        "autonomous system  AS64500  2020-01-01",
        "custom.Thing       x",
    ]
    assert drawn(entities=[]) == "no entities"


@pytest.mark.acceptance("A41")
def test_widths_of_columns_are_honoured() -> None:
    def rule(widths: list[str] | None, width: int = 80) -> list[int]:
        more = {} if widths is None else {"columnWidths": widths}
        lines = drawn(table(["Key", "Value"], ["k" * 10, "v" * 300], **more), width=width).splitlines()
        return [len(each) for each in lines[1].split("  ")]

    narrow, wide = rule(["20%", "80%"])
    assert wide == pytest.approx(narrow * 4, abs=4)
    narrow, wide = rule(["75%", "25%"], width=40)
    assert narrow > wide * 2
    assert sum(rule(None)) == 78
    assert sum(rule(["20%"])) == 78  # a wrong count


def test_numbers_stand_to_the_right() -> None:
    shown = drawn(table(["Count"], [item(5, "Integer")], [item(1234, "Integer")]))
    assert shown.splitlines()[2:] == ["    5", " 1234"]


def test_a_table_without_rows_says_so() -> None:
    assert drawn(table(["A", "B"], tableName="Ports")) == "Ports\nA  B\n─  ─\nno rows"


def test_many_columns_on_a_narrow_terminal_become_records() -> None:
    shown = drawn(table([f"Heading {number}" for number in range(9)], list(range(9)), list(range(9))), width=40)
    assert "Heading 8: 8\n\nHeading 0: 0" in shown


def test_links_of_a_table_are_numbered_below_it() -> None:
    one, two = item("https://a.example/", "Link", "a"), item("https://b.example/", "Link", "b")
    shown = drawn(table(["L", "M"], [one, two], [one, item("javascript:x", "Link", "bad")]))
    assert "a [1]  b [2]\na [1]  bad" in shown
    assert shown.endswith("[1] https://a.example/\n[2] https://b.example/")
    assert "javascript" not in shown


@pytest.mark.acceptance("A39")
def test_where_a_link_leads_is_never_hidden() -> None:
    assert drawn(text(item("https://evil.example/", "Link", "https://good.example/"))) == (
        "https://good.example/ <https://evil.example/>"
    )
    assert drawn(text(item("https://a.example/", "Link"))) == "https://a.example/"
    assert drawn(text(item("javascript:alert(1)", "Link", "x"))) == "x"
    assert drawn(text(item("detail/v2/hash?value=00", "Link", "that hash"))) == "that hash"


@pytest.mark.acceptance("A38")
def test_looks_become_colours_and_weights() -> None:
    steel = drawn(text("x", backgroundColor="SteelBlue", textColor="#fff"), ink=TRUE_COLOUR)
    assert steel == "\x1b[48;2;70;130;180;38;2;255;255;255mx\x1b[0m"
    assert drawn(text("x", fontStyleWeight="italic-bold"), ink=TRUE_COLOUR) == "\x1b[1;3mx\x1b[0m"
    assert drawn(text("x", fontSize="x-large"), ink=TRUE_COLOUR) == "\x1b[1mx\x1b[0m"
    assert drawn(text("x", fontSize="16px"), ink=TRUE_COLOUR) == "x"
    assert drawn(text("x", textColor="Red"), ink=Ink(256)) == "\x1b[38;5;196mx\x1b[0m"
    assert drawn(text("x", textColor="Red"), ink=Ink(16)) == "\x1b[91mx\x1b[0m"
    assert drawn(text("x", backgroundColor="gold"), ink=Ink(16)).startswith("\x1b[")
    shown = drawn(text("x", textColor="red;position:fixed"), ink=TRUE_COLOUR)
    assert shown.startswith("x\n\n")
    assert "odd thing" in shown


def test_text_of_the_colour_of_paper_keeps_that_of_the_terminal() -> None:
    assert drawn(text("x", textColor="White"), ink=TRUE_COLOUR) == "x"
    assert drawn(text("x", textColor="#333"), ink=TRUE_COLOUR) == "x"
    assert "38;2;0;0;0" in drawn(text("x", backgroundColor="yellow"), ink=TRUE_COLOUR)


def test_a_broken_line_keeps_its_colour() -> None:
    shown = drawn(text("one two three", textColor="red"), text("rest"), width=20, ink=Ink(16))
    assert shown.startswith("\x1b[91mone two three\x1b[0m")
    shown = drawn(text("word " * 8, textColor="red"), width=20, ink=Ink(16))
    assert [line.startswith("\x1b[91m") and line.endswith("\x1b[0m") for line in shown.splitlines()] == [True] * 2


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"TERM": "xterm", "NO_COLOR": "1"}, 0),
        ({"TERM": "dumb"}, 0),
        ({"TERM": "xterm"}, 16),
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, 1 << 24),
    ],
)
def test_a_terminal_gets_the_colours_it_says_it_has(environment: dict[str, str], colours: int) -> None:
    assert colours_of(True, environment) == colours
    assert colours_of(False, environment) == 0


def test_nothing_of_a_script_acts_on_the_terminal() -> None:
    evil = "\x1b[2Jx\r\x07\u202ey"
    shown = render_run(
        run(
            text(evil),
            table(
                [evil], [evil], [composite(item(evil), item(f"https://a.example/{evil}", "Link", evil))], tableName=evil
            ),
            chart({"series": [{"type": "pie", "name": evil, "data": [[evil, 1]]}]}, name=evil),
            chart({"chart": {"type": "xrange"}, "series": [{"name": evil, "data": [{"x": 1}]}]}),
            {"widgetType": evil},
            message=evil,
            error=evil,
            hint=evil,
            status="failed",
            run_id=evil,
        ),
        width=60,
        ink=PLAIN,
        verbose=True,
    )
    field = {"fieldName": evil, "displayName": evil, "fieldValue": evil}
    found = run(entities=[{"entityType": evil, "entityValue": evil, "additionalFields": [field]}])
    named = replace(found, bundle=evil, display_name=evil, entity_type=evil, value=evil)
    shown += render_run(named, width=60, ink=PLAIN) + render_observable(evil, evil, width=60, ink=PLAIN)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)
    assert "\\x1b[2Jx" in shown


@pytest.mark.acceptance("A19")
def test_the_limit_can_be_another_or_none() -> None:
    many = run(table(["A"], *([number] for number in range(60))))
    assert render_run(many, width=80, ink=PLAIN, limit=7).endswith("7 of 60 rows")
    assert render_run(many, width=80, ink=PLAIN, limit=None).splitlines()[-1] == "59"
    found = run(entities=[{"entityType": "anomali.Domain", "entityValue": f"h{number}"} for number in range(60)])
    assert render_run(found, width=80, ink=PLAIN, limit=7).endswith("7 of 60 entities")
    assert "h59" in render_run(found, width=80, ink=PLAIN, limit=None)


@pytest.mark.parametrize("width", [20, 40, 80, 133, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    shown = render_run(
        run(
            text("例えば、これは長い文です。" * 9, ends=False),
            text("👩‍👩‍👧‍👦 emoji " * 12),
            table(["名前", "Value", "C"], ["中文" * 30, "v" * 500, item("https://x.example/" + "y" * 90, "Link", "l")]),
            table([f"h{number}" for number in range(30)], list(range(30))),
            chart({"series": [{"type": "pie", "data": [["例え" * 30, 5], ["b", 6]]}]}, name="図" * 90),
            chart({"series": [{"name": "s" * 99, "data": [1, 2, 3]}]}),
            chart("no"),
            {"widgetType": "Nothing"},
            message="m" * 300,
        ),
        width=width,
        ink=PLAIN,
        verbose=True,
    )
    assert max(map(display_width, shown.splitlines())) <= width
    assert (
        max(map(display_width, render_observable("v" * 300, "anomali.URL", width=width, ink=PLAIN).splitlines()))
        <= width
    )


def test_few_values_become_bars() -> None:
    options = {
        "chart": {"type": "column"},
        "xAxis": {"categories": ["Mon", "Tue"]},
        "series": [{"name": "hits", "data": [2, 4]}],
    }
    assert drawn(chart(options)) == f"A chart\nMon  2  {'█' * 20}\nTue  4  {'█' * 40}"


def test_a_pie_says_shares() -> None:
    options = {"series": [{"type": "pie", "data": [{"name": "<b>a</b>", "y": 3}, ["b", 1]]}]}
    assert drawn(chart(options)).splitlines()[1].startswith("a  3 (75.0%)  ")


def test_a_curve_becomes_a_line_of_small_columns() -> None:
    shown = drawn(chart({"series": [{"name": "load", "data": [[0, 1], [1, 8], [2, None]]}]}))
    assert shown == "A chart\nload  ▁█  1 to 8, 2 points"


def test_other_charts_are_named() -> None:
    shown = drawn(chart({"chart": {"type": "xrange"}, "series": [{"data": [{"x": 1, "x2": 2, "y": 0}]}]}))
    assert shown == "A chart\n[chart: xrange (1 point); --format html shows it]"


@pytest.mark.acceptance("A44")
def test_a_refused_chart_says_why_and_its_siblings_stay() -> None:
    widgets = text("before"), chart({"series": [{"type": "map"}]}), text("after")
    shown = drawn(*widgets)
    assert "✗ H2" in shown
    assert shown.startswith("before")
    assert shown.endswith("after")
    strict = render_run(strictly(run(*widgets)), width=80, ink=PLAIN)
    assert "H2" in strict
    assert "before" not in strict


@pytest.mark.parametrize(
    "data",
    [[float("nan")], [10**400], ["x"], [None], [[]], [{}], [True], "no list", {"a": 1}, [[1, 2, 3]], [-5, 5], [0, 0]],
)
@pytest.mark.parametrize("kind", ["pie", "bar", "line", "heatmap"])
def test_odd_data_of_charts_does_no_harm(data: Any, kind: str) -> None:
    assert drawn(chart({"series": [{"type": kind, "data": data}], "xAxis": [{"categories": ["a"]}]})).startswith(
        "A chart"
    )


@pytest.mark.acceptance("A14")
def test_a_failed_run_says_why_and_shows_what_there_is() -> None:
    seen = run(text("what was found before"), status="failed", message="the key was refused", elapsed=1.5)
    assert render_run(seen, width=80, ink=PLAIN) == (
        "Source · Details\nexample.com (domain)\n✗ failed · 1.50 s\nthe key was refused\n\nwhat was found before"
    )


def test_a_run_that_broke_names_its_log_and_the_next_step() -> None:
    seen = run(status="failed", output=None, error="it took too long", hint="--timeout SECONDS gives more", log="a.log")
    shown = render_run(seen, width=80, ink=PLAIN)
    assert shown.endswith("it took too long\n--timeout SECONDS gives more\nthe run's log: a.log")


def test_among_others_a_run_has_a_line_with_its_name() -> None:
    shown = render_run(run(text("hello")), width=40, ink=PLAIN, among=True)
    assert shown == "── Source · Details ".ljust(40, "─") + "\n\nhello"


def test_an_empty_output_is_said_to_be_empty() -> None:
    assert drawn() == "nothing was found to show"


def test_odd_things_are_listed_where_everything_is_shown() -> None:
    shown = render_run(run(text("x", textColor="nocolour")), width=80, ink=PLAIN, verbose=True)
    assert "odd: " in shown
    assert "nocolour" in shown
