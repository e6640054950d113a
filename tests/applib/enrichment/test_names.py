"""What scripts import, and how they call it (enrichment reference, 1.1 to 1.4)."""

import importlib
import inspect

import pytest
from AnomaliEnrichment import (
    ChartWidget,
    CompositeItem,
    EntityTypes,
    HorizontalRuleWidget,
    ItemInWidget,
    ItemTypes,
    TableWidget,
    TextWidget,
)
from soarkit_app.enrichment.script import AnomaliEnrichment, AnomaliTransform

CONTEXT_NAMES = [
    *("AnomaliEnrichment", "TextWidget", "ChartWidget", "TableWidget", "HorizontalRuleWidget", "ItemInWidget"),
    *("CompositeItem", "ItemTypes", "EntityTypes"),
]


@pytest.mark.acceptance("A1")
@pytest.mark.parametrize(
    ("module", "other", "names"),
    [
        ("AnomaliEnrichment", "anomalienrichment", CONTEXT_NAMES),
        ("AnomaliTransform", "anomalitransform", ["AnomaliTransform", "EntityTypes"]),
    ],
)
def test_both_spellings(module, other, names):
    first, second = importlib.import_module(module), importlib.import_module(other)
    assert sorted(first.__all__) == sorted(second.__all__) == sorted(names)
    assert all(getattr(first, name) is getattr(second, name) for name in names)


@pytest.mark.acceptance("A1")
def test_entity_types_are_the_same_in_both_libraries():
    import AnomaliTransform as transform_module

    assert transform_module.EntityTypes is EntityTypes


@pytest.mark.acceptance("A2")
def test_item_types():
    names = "String Integer Float Date DateTime Link Domain IPv4 Hash Email URL Phrase AS NSRecord".split()
    assert {name: value for name, value in vars(ItemTypes).items() if name[0] != "_"} == {name: name for name in names}


@pytest.mark.acceptance("A2")
def test_entity_types():
    assert {name: value for name, value in vars(EntityTypes).items() if name[0] != "_"} == {
        "Domain": "anomali.Domain",
        "IPv4": "anomali.IPv4Address",
        "Hash": "anomali.Hash",
        "EmailAddress": "anomali.EmailAddress",
        "URL": "anomali.URL",
        "Phrase": "anomali.Phrase",
        "AS": "anomali.AS",
        "NSRecord": "anomali.NSRecord",
    }


#: Arguments in the documented order, and their defaults where they have one.
SIGNATURES = {
    TextWidget: [("item",), ("lineBreakEnding", True)],
    ChartWidget: [("chartName",), ("highchartsJson",)],
    TableWidget: [("tableName",), ("columnHeadings",), ("columnTypes", None), ("columnWidths", None)],
    HorizontalRuleWidget: [],
    ItemInWidget: [
        *(("itemType", None), ("itemValue", None), ("itemLabel", None), ("backgroundColor", None)),
        *(("textColor", None), ("fontSize", None), ("fontStyleWeight", None)),
    ],
    CompositeItem: [("onSeparateLines", False)],
    AnomaliEnrichment: [],
    AnomaliTransform: [],
}


@pytest.mark.acceptance("A3")
@pytest.mark.parametrize("constructor", SIGNATURES, ids=lambda one: one.__name__)
def test_arguments_of_constructors(constructor):
    found = [
        (one.name,) if one.default is one.empty else (one.name, one.default)
        for one in inspect.signature(constructor).parameters.values()
    ]
    assert found == SIGNATURES[constructor]
    names = [one[0] for one in found]
    by_place = constructor(*names)
    by_keyword = constructor(**{name: name for name in names})
    assert all(getattr(by_place, name) == getattr(by_keyword, name) == name for name in names)


SETTERS = [
    (TextWidget, "setItem", "item"),
    (TextWidget, "setLineBreakEnding", "lineBreakEnding"),
    (ChartWidget, "setChartName", "chartName"),
    (ChartWidget, "setHighchartsJson", "highchartsJson"),
    (TableWidget, "setTableName", "tableName"),
    (TableWidget, "setColumnHeadings", "columnHeadings"),
    (TableWidget, "setColumnTypes", "columnTypes"),
    (TableWidget, "setColumnWidths", "columnWidths"),
    (ItemInWidget, "setType", "itemType"),
    (ItemInWidget, "setValue", "itemValue"),
    (ItemInWidget, "setLabel", "itemLabel"),
    (ItemInWidget, "setBackgroundColor", "backgroundColor"),
    (ItemInWidget, "setTextColor", "textColor"),
    (ItemInWidget, "setFontSize", "fontSize"),
    (ItemInWidget, "setFontStyleWeight", "fontStyleWeight"),
    (CompositeItem, "setOnSeparateLines", "onSeparateLines"),
]


@pytest.mark.acceptance("A3")
@pytest.mark.parametrize(("made", "setter", "name"), SETTERS, ids=lambda one: getattr(one, "__name__", one))
def test_setters(made, setter, name):
    required = [
        one.name for one in inspect.signature(made).parameters.values() if one.default is inspect.Parameter.empty
    ]
    thing = made(*required)
    assert getattr(thing, setter)("changed") is None
    assert getattr(thing, name) == "changed"


@pytest.mark.acceptance("A3")
def test_methods_of_scripts_take_the_documented_keywords():
    wanted = {
        "getFieldValue": ["fieldName"],
        "getCredentialValue": ["credentialName"],
        "addEntity": ["entityType", "entityValue"],
        "addMessage": ["messageType", "messageText"],
        "addException": ["exceptionString"],
        **{name: [] for name in ("parseArguments", "getTransformName", "getEntityValue", "returnOutput")},
    }
    for cls in (AnomaliEnrichment, AnomaliTransform):
        for name, parameters in wanted.items():
            assert list(inspect.signature(getattr(cls(), name)).parameters) == parameters
    assert list(inspect.signature(AnomaliEnrichment().addWidget).parameters) == ["widget"]
    assert not hasattr(AnomaliTransform(), "addWidget")
