"""What a script prints, from what it has put together (enrichment reference, 1.3 and 2.2)."""

import datetime
import decimal
import enum
import json

import pytest
from AnomaliEnrichment import (
    AnomaliEnrichment,
    ChartWidget,
    CompositeItem,
    EntityTypes,
    HorizontalRuleWidget,
    ItemInWidget,
    ItemTypes,
    TableWidget,
    TextWidget,
)
from AnomaliTransform import AnomaliTransform
from soarkit_app.enrichment import aside


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch):
    monkeypatch.setattr(aside, "_said", set())


@pytest.fixture
def printed(capsys):
    """The document of a script object, after a look at what it printed and what it said."""

    def output(script):
        returned = script.returnOutput()
        captured = capsys.readouterr()
        assert captured.out == returned + "\n"
        output.said = captured.err.splitlines()
        return json.loads(returned, parse_constant=pytest.fail)

    return output


def widgets(*added):
    script = AnomaliEnrichment()
    for widget in added:
        assert script.addWidget(widget) is None
    return script


def item(printed, *args, **kwargs):
    return printed(widgets(TextWidget(ItemInWidget(*args, **kwargs))))["widgets"][0]["item"]


@pytest.mark.acceptance("A10")
def test_nothing_added(printed):
    assert printed(AnomaliEnrichment()) == {"widgets": [], "exceptions": [], "messages": []}
    assert printed(AnomaliTransform()) == {"entities": [], "exceptions": [], "messages": []}
    assert printed.said == []


@pytest.mark.acceptance("A4")
def test_an_item_has_type_and_label_of_its_own_accord(printed):
    assert item(printed, itemValue="x") == {"itemType": "String", "itemValue": "x", "itemLabel": "x"}


@pytest.mark.acceptance("A4")
@pytest.mark.parametrize("value", [None, True, False, 3, 1.5, "", "<b>ü</b>", "\u2028"])
def test_values_stay_what_they_are(printed, value):
    assert item(printed, ItemTypes.String, value) == {"itemType": "String", "itemValue": value, "itemLabel": value}
    assert printed.said == []


class Text(str):
    def __str__(self):
        return "shown otherwise"


class Colour(enum.IntEnum):
    RED = 3


class Unspeakable:
    def __str__(self):
        raise RuntimeError


@pytest.mark.acceptance("A4")
@pytest.mark.parametrize(
    ("value", "shown", "said"),
    [
        (float("nan"), "NaN", True),
        (float("inf"), "Infinity", True),
        (float("-inf"), "-Infinity", True),
        (b"caf\xc3\xa9", "café", True),
        (bytearray(b"\xff"), "\ufffd", True),
        (memoryview(b"ab"), "ab", True),
        (decimal.Decimal("1.50"), "1.50", True),
        (datetime.datetime(2020, 1, 2, 3, 4), "2020-01-02 03:04:00", True),
        ({1}, "{1}", True),
        (Unspeakable(), "<Unspeakable>", True),
        (10**5000, hex(10**5000), True),
        (Text("x"), "x", False),
        (Colour.RED, 3, False),
        ({"a": [1, (2, None)], 3: True}, {"a": [1, [2, None]], "3": True}, False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_that_are_no_json(printed, value, shown, said):
    assert item(printed, ItemTypes.String, value)["itemValue"] == shown
    assert any("is no JSON and became text" in line for line in printed.said) is said


def test_a_list_within_itself(printed):
    endless = []
    endless.append(endless)
    assert "<nested too deeply>" in json.dumps(item(printed, ItemTypes.String, endless))


def test_styles_are_there_only_when_set(printed):
    assert item(printed, "String", "v", "l", "SteelBlue", None, "16px", "bold") == {
        "itemType": "String",
        "itemValue": "v",
        "itemLabel": "l",
        "backgroundColor": "SteelBlue",
        "fontSize": "16px",
        "fontStyleWeight": "bold",
    }


def test_a_colour_in_the_place_of_the_label(printed):
    """An early published script does that."""
    assert item(printed, ItemTypes.String, "v", "#A9A9A9", "#FFFFFF", "30px", "bold") == {
        "itemType": "String",
        "itemValue": "v",
        "itemLabel": "#A9A9A9",
        "backgroundColor": "#FFFFFF",
        "textColor": "30px",
        "fontSize": "bold",
    }


@pytest.mark.acceptance("A5")
def test_text_ends_its_line_unless_told_otherwise(printed):
    one = ItemInWidget(ItemTypes.String, 1)
    document = printed(widgets(TextWidget(one), TextWidget(one, False), TextWidget(one, lineBreakEnding=True)))
    assert [widget["lineBreakEnding"] for widget in document["widgets"]] == [True, False, True]


@pytest.mark.acceptance("A5")
def test_widgets_in_the_order_of_calls(printed):
    table = TableWidget("T", ["K", "V"], columnWidths=["20%", "80%"])
    composite = CompositeItem(True)
    inner = ItemInWidget(ItemTypes.Integer, 22)
    script = widgets(
        TextWidget(ItemInWidget(ItemTypes.String, "Report", fontSize="large")),
        table,
        HorizontalRuleWidget(),
        ChartWidget("Hits", '{"series":[]}'),
    )
    # Later than addWidget, and all the same in the output.
    assert table.addRowOfItems([ItemInWidget(ItemTypes.String, "Open"), composite]) is None
    assert composite.addItemInWidget(inner) is inner
    assert printed(script)["widgets"] == [
        {
            "widgetType": "Text",
            "lineBreakEnding": True,
            "item": {"itemType": "String", "itemValue": "Report", "itemLabel": "Report", "fontSize": "large"},
        },
        {
            "widgetType": "Table",
            "tableName": "T",
            "columnHeadings": ["K", "V"],
            "columnWidths": ["20%", "80%"],
            "rows": [
                [
                    {"itemType": "String", "itemValue": "Open", "itemLabel": "Open"},
                    {
                        "itemsInWidget": [{"itemType": "Integer", "itemValue": 22, "itemLabel": 22}],
                        "onSeparateLines": True,
                    },
                ]
            ],
        },
        {"widgetType": "HorizontalRule"},
        {"widgetType": "Chart", "chartName": "Hits", "highchartsJson": '{"series":[]}'},
    ]
    assert printed.said == []


def test_an_item_without_a_type_has_that_of_its_column(printed):
    table = TableWidget("T", ["a", "b"], [ItemTypes.Integer, ItemTypes.Date])
    composite = CompositeItem()
    composite.addItemInWidget(ItemInWidget(itemValue="2020-01-01"))
    table.addRowOfItems([ItemInWidget(ItemTypes.Link, "https://example.com"), composite])
    table.addRowOfItems((ItemInWidget(itemValue=1), ItemInWidget(itemValue="2020-01-01")))
    (found,) = printed(widgets(table))["widgets"]
    assert found["columnTypes"] == ["Integer", "Date"]
    first, second = found["rows"]
    assert (first[0]["itemType"], first[1]["itemsInWidget"][0]["itemType"]) == ("Link", "Date")
    assert [one["itemType"] for one in second] == ["Integer", "Date"]
    assert printed.said == []


def test_a_composite_item_in_several_places_shows_all_its_items(printed):
    composite = CompositeItem(False)
    script = widgets(TextWidget(composite), TextWidget(composite))
    for value in (1, 2):
        composite.addItemInWidget(ItemInWidget(ItemTypes.Integer, value))
    first, second = printed(script)["widgets"]
    assert first == second
    assert [one["itemValue"] for one in first["item"]["itemsInWidget"]] == [1, 2]


@pytest.mark.acceptance("A11")
@pytest.mark.parametrize("kind", [AnomaliTransform, AnomaliEnrichment])
def test_entities(printed, kind):
    script = kind()
    entity = script.addEntity(EntityTypes.AS, "AS64500")
    assert entity.addAdditionalField("seen", "Seen", "2020-01-01") is None
    script.addEntity(EntityTypes.AS, "AS64500")  # the same again stays
    changed = script.addEntity("x", "y")
    assert (changed.setType(EntityTypes.IPv4), changed.setValue("192.0.2.1")) == (None, None)
    assert printed(script)["entities"] == [
        {
            "entityType": "anomali.AS",
            "entityValue": "AS64500",
            "additionalFields": [{"fieldName": "seen", "displayName": "Seen", "fieldValue": "2020-01-01"}],
        },
        {"entityType": "anomali.AS", "entityValue": "AS64500", "additionalFields": []},
        {"entityType": "anomali.IPv4Address", "entityValue": "192.0.2.1", "additionalFields": []},
    ]


def test_messages_and_exceptions(printed):
    script = AnomaliTransform()
    assert script.addMessage("DEBUG", "2 rows") is None
    assert script.addException(ValueError("no ü")) is None
    script.addMessage("debug", 5)
    document = printed(script)
    assert document["messages"] == [
        {"messageType": "DEBUG", "messageText": "2 rows"},
        {"messageType": "debug", "messageText": "5"},
    ]
    assert document["exceptions"] == ["no ü"]
    assert printed.said == ["soarkit: 'debug' is no type of message: it counts as INFO"]


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: TextWidget(ItemInWidget("Number", 1)), "'Number' is no item type: it is shown as a String"),
        (lambda: TextWidget(ItemInWidget(itemValue=1)), "an item has no type, neither its own nor its column's"),
        (lambda: TextWidget("bare"), "a str stands where an ItemInWidget or CompositeItem belongs"),
        (lambda: TextWidget(ItemInWidget("String", 1), False), "the last widget is a text without a line break"),
        (lambda: ChartWidget("C", {"series": []}), "highchartsJson of the chart 'C' must be JSON text, not dict"),
        (lambda: ChartWidget("C", "function () {}"), "highchartsJson of the chart 'C' is no JSON object"),
        (lambda: TableWidget("T", ["a"], ["Number"]), "'Number' is no item type: the column is shown as String"),
        (lambda: TableWidget("T", ["a"], None, ["1%", "2%"]), "the table 'T' has 1 columns, and 2 columnWidths"),
        (lambda: TableWidget("T", "ab"), "columnHeadings of the table 'T' must be a list of texts, not str"),
        (lambda: TextWidget(ItemInWidget(["Number"], 1)), "\"['Number']\" is no item type: it is shown as a String"),
        (lambda: TableWidget("T", ["a"], [["Number"]]), "\"['Number']\" is no item type: the column is shown as"),
        (lambda: TextWidget(ItemInWidget("x" * 81, 1)), "(a text of 81 characters) is no item type"),
        (lambda: {"widgetType": "Text"}, "addWidget was given a dict, which is no widget"),
    ],
)
def test_what_the_platform_would_refuse_is_said_beside_the_output(printed, made, said):
    assert len(printed(widgets(made()))["widgets"]) == 1
    assert [line for line in printed.said if said in line]


def test_rows_of_another_length_are_said_and_kept(printed):
    table = TableWidget("T", ["a", "b"], ["String", "String"])
    table.addRowOfItems([ItemInWidget(itemValue=1)])
    table.addRowOfItems(ItemInWidget(itemValue=2))
    assert [len(row) for row in printed(widgets(table))["widgets"][0]["rows"]] == [1, 1]
    assert any("has 1 items for 2 columns" in line for line in printed.said)
    assert any("a row of the table 'T' is a ItemInWidget" in line for line in printed.said)


def test_a_composite_item_within_another_is_left_out(printed):
    composite = CompositeItem()
    composite.addItemInWidget(composite)
    composite.addItemInWidget(ItemInWidget("String", 1))
    (widget,) = printed(widgets(TextWidget(composite)))["widgets"]
    assert [one["itemValue"] for one in widget["item"]["itemsInWidget"]] == [1]
    assert any("it may hold items only" in line for line in printed.said)


def test_the_same_is_said_once_and_not_without_end(printed):
    table = TableWidget("T", ["a"])
    for number in range(200):
        table.addRowOfItems([ItemInWidget("x", number)])
        table.addRowOfItems([ItemInWidget(f"x{number}", number)])
    printed(widgets(table))
    assert len(printed.said) == 51
    assert printed.said[-1] == "soarkit: there are more warnings; these are enough"


@pytest.mark.acceptance("A6")
def test_a_second_output_is_said(capsys):
    script = AnomaliTransform()
    assert script.returnOutput() == script.returnOutput()
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 2
    assert "returnOutput was called again" in captured.err
