"""Output documents as viewers read them."""

from __future__ import annotations

from typing import Any

import pytest

from soarkit.enrichments.attributes import PLAIN
from soarkit.enrichments.outputs import (
    ITEM_TYPES,
    Bad,
    Chart,
    Composite,
    Item,
    Message,
    Rule,
    Table,
    Target,
    Text,
    TextRun,
    cell_text,
    lines,
    link,
    read_output,
    shown,
)


def text(value: Any, line_break: bool = True, **more: Any) -> dict[str, Any]:
    return {"widgetType": "Text", "lineBreakEnding": line_break, "item": item(value, **more)}


def item(value: Any, kind: str | None = "String", **more: Any) -> dict[str, Any]:
    return {"itemType": kind, "itemValue": value, "itemLabel": value, **more}


def table(rows: list[Any], **more: Any) -> dict[str, Any]:
    return {"widgetType": "Table", "tableName": "T", "columnHeadings": ["A", "B"], "rows": rows, **more}


def read_table(rows: list[Any], **more: Any) -> tuple[Table, list[str]]:
    output = read_output({"widgets": [table(rows, **more)]})
    [found] = output.widgets
    assert isinstance(found, Table)
    return found, output.warnings


def test_every_kind_of_widget_is_read() -> None:
    output = read_output(
        {
            "widgets": [
                text("a"),
                table([[item(1, "Integer"), item("x")]]),
                {"widgetType": "HorizontalRule"},
                {"widgetType": "Chart", "chartName": "C", "highchartsJson": "{}"},
            ],
            "exceptions": ["wrong", {"exceptionString": "more"}],
            "messages": [{"messageType": "warning", "messageText": "w"}, {"messageType": "Odd", "messageText": 3}, "x"],
        }
    )
    assert [type(one) for one in output.widgets] == [Text, Table, Rule, Chart]
    assert output.exceptions == ["wrong", "more"]
    assert output.messages == [Message("WARNING", "w"), Message("INFO", "3"), Message("INFO", "x")]
    assert output.warnings == []


@pytest.mark.acceptance("A36")
def test_texts_run_on_until_one_that_ends_the_line() -> None:
    widgets = [text("a", False), text("b", False), text("c"), text("d", False), {"widgetType": "HorizontalRule"}]
    output = read_output({"widgets": [*widgets, text("e", False)]})
    found = lines(output.widgets)
    texts = [[cell_text(one) for one in run.items] if isinstance(run, TextRun) else run for run in found]
    assert texts == [["a", "b", "c"], ["d"], Rule(), ["e"]]
    assert output.warnings == ["widgets[5]: the last widget is a text, so its lineBreakEnding must be true"]


@pytest.mark.acceptance("A4")
@pytest.mark.parametrize(
    ("value", "expected"), [(None, ""), (True, "true"), (False, "false"), (3, "3"), (1.5, "1.5"), ("", "")]
)
def test_values_as_people_read_them(value: Any, expected: str) -> None:
    assert shown(Item("String", value)) == expected
    assert shown(Item("String", value, value)) == expected
    assert shown(Item("String", value, "label")) == "label"


@pytest.mark.acceptance("A37")
def test_composites_and_an_empty_one() -> None:
    cell = {"itemsInWidget": [item("a"), item("b")], "onSeparateLines": True}
    found, warnings = read_table([[cell, {"itemsInWidget": [], "onSeparateLines": False}]])
    [row] = found.rows
    assert row[0] == Composite((Item("String", "a", "a"), Item("String", "b", "b")), separate_lines=True)
    assert cell_text(row[0]) == "a\nb"
    assert cell_text(row[1]) == ""
    assert warnings == []
    nested = {"itemsInWidget": [item("a"), cell], "onSeparateLines": False}
    found, warnings = read_table([[nested, item("x")]])
    assert found.rows[0][0] == Composite((Item("String", "a", "a"),))
    assert len(warnings) == 1


@pytest.mark.acceptance("A38")
def test_styles_are_matched_against_patterns() -> None:
    def style_of(**given: Any) -> tuple[Any, list[str]]:
        output = read_output({"widgets": [text("a", **given)]})
        [found] = output.widgets
        assert isinstance(found, Text)
        assert isinstance(found.item, Item)
        return found.item.style, output.warnings

    style, warnings = style_of(
        backgroundColor="SteelBlue", textColor="Grey", fontSize="16px", fontStyleWeight="italic-bold"
    )
    assert (style.background, style.colour, style.size) == ("#4682b4", "#808080", "16px")
    assert style.italic
    assert style.bold
    assert warnings == []
    assert style_of(textColor="#4682B4")[0].colour == "#4682b4"
    assert style_of(textColor="#abc")[0].colour == "#aabbcc"
    assert style_of(fontSize="3px")[0].size == "8px"
    assert style_of(fontSize="900 px")[0].size == "48px"
    assert style_of(fontSize="XX-Large")[0].size == "xx-large"
    assert style_of(fontSyleWeight="bold")[0].bold  # the guide's own spelling
    for given in (
        {"textColor": "red;position:fixed"},
        {"backgroundColor": "url(http://x)"},
        {"backgroundColor": "var(--x)"},
        {"fontSize": "16px;color:red"},
        {"fontSize": "1e9px"},
        {"fontStyleWeight": "bolder"},
        {"textColor": ["red"]},
        {"textColor": "#12345"},
    ):
        style, warnings = style_of(**given)
        assert style == PLAIN
        assert len(warnings) == 1, given
        assert next(iter(given)) in warnings[0]


@pytest.mark.acceptance("A39")
def test_links_lead_to_the_web_or_to_an_observable() -> None:
    def target(value: Any, kind: str = "Link") -> Target | None:
        return link(Item(kind, value, "label"))

    assert target("https://example.com/a?b=c d") == Target("https://example.com/a?b=c d")
    assert target(" HTTP://example.com ") == Target("HTTP://example.com")
    assert target("detail/v2/hash?value=abc") == Target(kind="hash", value="abc")
    assert target("/detail/v2/url?value=http%3A%2F%2Fx%2F%3Fa%3Db") == Target(kind="url", value="http://x/?a=b")
    assert target("/detail/v2/ip?x=1&value=192.0.2.1&y=2") == Target(kind="ip", value="192.0.2.1")
    for bad in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.com/x",
        "https://",
        "http:///path",
        "https:\\\\example.com",
        "https://[::1",
        "java\nscript:alert(1)",
        "detail/v2/other?value=x",
        "ftp://example.com",
        "file:///etc/passwd",
        "vbscript:x",
        None,
        3,
    ):
        assert target(bad) is None, bad
    assert target("https://example.com/", "URL") is None


@pytest.mark.acceptance("A41")
def test_widths_of_columns() -> None:
    row = [item("a"), item("b")]
    found, warnings = read_table([row], columnWidths=["20%", "80%"])
    assert (found.widths, warnings) == ((0.2, 0.8), [])
    assert read_table([row])[0].widths == (0.5, 0.5)
    for wrong in (["20%"], ["20%", "40%", "40%"], ["20", "80%"], ["0%", "0%"], "20%", [20, 80]):
        found, warnings = read_table([row], columnWidths=wrong)
        assert found.widths == (0.5, 0.5)
        assert len(warnings) == 1, wrong
    found, warnings = read_table([row], columnWidths=["50%", "150%"])
    assert found.widths == (0.25, 0.75)
    assert "200%" in warnings[0]


def test_types_of_items_come_from_the_item_then_the_column() -> None:
    rows = [[item("2", None), item("1", "Hash")], [item("3", "Odd"), {"itemValue": 1}]]
    found, warnings = read_table(rows, columnTypes=["Integer", "IPv4"])
    assert [[one.type for one in row if isinstance(one, Item)] for row in found.rows] == [
        ["Integer", "Hash"],
        ["String", "IPv4"],
    ]
    assert len(warnings) == 1
    found, warnings = read_table(rows[:1], columnTypes=["Integer"])
    assert found.types == ("String", "String")
    assert len(warnings) == 1
    assert len(ITEM_TYPES) == 14


def test_rows_too_short_and_too_long() -> None:
    found, warnings = read_table([[item("a")], [item("a"), item("b"), item("c")], []])
    assert [[cell_text(one) for one in row] for row in found.rows] == [["a", ""], ["a", "b"], ["", ""]]
    assert len(warnings) == 1


@pytest.mark.parametrize(
    "bad",
    [
        None,
        3,
        {},
        {"widgetType": "Map"},
        {"widgetType": ["Text"]},
        {"widgetType": "Text", "item": [1]},
        {"widgetType": "Chart", "chartName": "C", "highchartsJson": {"series": []}},
        {"widgetType": "Table", "tableName": "T", "columnHeadings": "A", "rows": []},
        {"widgetType": "Table", "tableName": "T", "columnHeadings": ["A"], "rows": {}},
        {"widgetType": "Table", "tableName": "T", "columnHeadings": ["A"], "rows": ["x"]},
    ],
)
def test_a_bad_widget_leaves_the_others_alone(bad: Any) -> None:
    found = read_output({"widgets": [text("a"), bad, text("b")]}).widgets
    assert [type(one) for one in found] == [Text, Bad, Text]
    assert isinstance(found[1], Bad)
    assert found[1].what.startswith("widgets[1]: ")


@pytest.mark.parametrize("document", [None, [], "x", {"widgets": {}, "entities": 1, "exceptions": "e", "messages": 2}])
def test_whatever_is_no_output_is_read_as_an_empty_one(document: Any) -> None:
    output = read_output(document)
    assert (output.widgets, output.entities, output.exceptions, output.messages) == ([], [], [], [])
    assert output.warnings


@pytest.mark.acceptance("A11")
def test_entities_with_their_fields() -> None:
    field = {"fieldName": "seen", "displayName": "Seen", "fieldValue": "2020-01-01"}
    given = {"entityType": "anomali.AS", "entityValue": "AS64500", "additionalFields": [field, "x"]}
    output = read_output({"entities": [given, {"entityType": "anomali.AS"}, 3]})
    [entity] = output.entities
    assert (entity.type, entity.value) == ("anomali.AS", "AS64500")
    assert [(one.name, one.display_name, one.value) for one in entity.fields] == [("seen", "Seen", "2020-01-01")]
    assert len(output.warnings) == 1  # both lack the same


def test_one_mistake_in_many_rows_is_one_warning() -> None:
    rows = [[item(number, textColor="infrared"), item("b")] for number in range(1000)]
    _, warnings = read_table(rows)
    assert warnings == [
        "widgets[0].rows[0]: textColor 'infrared' is nothing that an item can have; it is left out (and 999 more times)"
    ]
    rows = [[item(number, textColor=f"infra{number}"), item("b")] for number in range(1000)]
    _, warnings = read_table(rows)
    assert len(warnings) == 101
