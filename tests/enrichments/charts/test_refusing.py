"""Charts that are refused: the rules H1 to H7."""

from __future__ import annotations

import json
from typing import Any

import pytest

from soarkit.enrichments.charts import ChartRefused, check, translate
from soarkit.enrichments.charts.refusing import MAX_BYTES, MAX_POINTS, TYPES

pytestmark = pytest.mark.acceptance("A44")


def _nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


REFUSED: list[tuple[str, Any, str]] = [
    ("H1", "{'series': []}", ""),
    ("H1", "[1, 2]", ""),
    ("H1", '"text"', ""),
    ("H1", '{"series": [{"data": [NaN]}]}', ""),
    ("H1", '{"tooltip": {"formatter": function () { return 1; }}}', ""),
    ("H1", {"series": []}, ""),
    ("H1", None, ""),
    ("H2", {"series": [{"type": "map", "data": []}]}, "series[0].type"),
    ("H2", {"series": [{"type": "line"}, {"type": "scatter"}]}, "series[1].type"),
    ("H2", {"chart": {"type": "solidgauge"}, "series": [{"data": []}]}, "chart.type"),
    ("H2", {"chart": {"type": "Pie"}, "series": [{"data": []}]}, "chart.type"),
    ("H2", {"chart": {"type": "treemap"}}, "chart.type"),
    ("H2", {"series": [{"type": {"a": 1}}]}, "series[0].type"),
    ("H3", {"chart": {"options3d": {"enabled": True}}, "series": []}, "chart.options3d.enabled"),
    ("H3", {"plotOptions": {"pie": {"depth": 35}}}, "plotOptions.pie.depth"),
    ("H3", {"series": [{"depth": "20"}]}, "series[0].depth"),
    ("H4", {"tooltip": {"formatter": "return 1"}}, "tooltip.formatter"),
    ("H4", {"tooltip": {"pointFormatter": ["x"]}}, "tooltip.pointFormatter"),
    ("H4", {"legend": {"labelFormatter": {"a": 1}}}, "legend.labelFormatter"),
    ("H4", {"xAxis": [{}, {"tickPositioner": "x"}]}, "xAxis[1].tickPositioner"),
    ("H4", {"tooltip": {"positioner": 1}}, "tooltip.positioner"),
    ("H4", {"plotOptions": {"pie": {"point": {"events": {"click": "x"}}}}}, "plotOptions.pie.point.events.click"),
    ("H4", {"chart": {"events": [{"load": "x"}]}}, "chart.events[0].load"),
    ("H4", {"a": [{"formatter": " "}]}, "a[0].formatter"),
    ("H3", {"series": [{"depth": 0.1}]}, "series[0].depth"),
    ("H5", {"title": {"text": "function () { return 1; }"}}, "title.text"),
    ("H5", {"title": {"text": "  function* named(a) {}"}}, "title.text"),
    ("H5", {"a b": ["async function () {}"]}, '["a b"][0]'),
    ("H5", {"title": {"text": "(a, b) => a + b"}}, "title.text"),
    ("H5", {"title": {"text": "() => 1"}}, "title.text"),
    ("H5", {"credits": {"href": "javascript:alert(1)"}}, "credits.href"),
    ("H5", {"credits": {"href": " java\nscript:alert(1)"}}, "credits.href"),
    ("H5", {"credits": {"href": "JavaScript:alert(1)"}}, "credits.href"),
    ("H5", {"tooltip": {"pointFormat": "<a href='javascript:alert(1)'>x</a>"}}, "tooltip.pointFormat"),
    ("H6", {"tooltip": {"useHTML": True}}, "tooltip.useHTML"),
    ("H6", {"series": [{"data": [{"y": 1, "dataLabels": {"useHTML": 1}}]}]}, "series[0].data[0].dataLabels.useHTML"),
    ("H6", {"chart": {"allowHTML": "false"}}, "chart.allowHTML"),
    ("H7", {"series": [{"data": [1] * (MAX_POINTS // 2)}, {"data": [1] * (MAX_POINTS // 2 + 1)}]}, "series"),
    ("H7", '{"title": "' + "x" * MAX_BYTES + '"}', ""),
    ("H7", {"a": _nested(50)}, ""),
    ("H7", '{"a":' * 100_000, ""),
]


@pytest.mark.parametrize(("rule", "given", "path"), REFUSED, ids=range(len(REFUSED)))
def test_a_rule_refuses_and_names_the_place(rule: str, given: Any, path: str) -> None:
    text = given if isinstance(given, str) else json.dumps(given)
    if given is None or given == {"series": []}:
        text = given  # no text at all

    with pytest.raises(ChartRefused) as caught:
        translate("a chart", text)

    assert (caught.value.rule, caught.value.path) == (rule, path)
    assert caught.value.what
    assert check(text)[0][:2] == (rule, path)


@pytest.mark.parametrize(
    "options",
    [
        {"chart": {"events": {}}, "series": [{"events": {}, "point": {"events": {}}, "data": [1]}]},
        {"plotOptions": {"series": {"events": {"click": None}}}},
        {"tooltip": {"formatter": None, "useHTML": False}, "legend": {"useHTML": None}},
        {"chart": {"options3d": {"enabled": False, "alpha": 15}}},
        {"plotOptions": {"pie": {"depth": 0}}},
        {"title": {"text": "function calls per minute"}},
        {"xAxis": {"categories": ["US => DE", "a (b)", "javascript"]}},
        {"a": _nested(49)},
        {"tooltip": {"formatter": ""}, "legend": {"labelFormatter": {}}},
        {"chart": {"events": {"click": ""}, "options3d": {}}, "plotOptions": {"pie": {"depth": -1}}},
        {"plotOptions": {"series": {"type": "scatter"}}, "series": [{"type": "", "data": [1]}]},
        {"title": {"text": "see javascript: addresses"}, "series": [{"name": "my function () {}", "data": [1]}]},
        {"series": [{"data": [1] * MAX_POINTS}]},
        {},
    ],
)
def test_what_only_looks_like_it_is_drawn(options: dict[str, Any]) -> None:
    assert check(json.dumps(options)) == []
    assert translate("a chart", json.dumps(options)).option


def test_markup_that_is_switched_off_is_told() -> None:
    assert (
        "tooltip.useHTML: this option has no effect here" in translate("", '{"tooltip": {"useHTML": false}}').warnings
    )


@pytest.mark.parametrize("kind", TYPES)
def test_the_fourteen_types_are_drawn(kind: str) -> None:
    drawing = translate(
        "", json.dumps({"chart": {"type": kind}, "series": [{"data": []}, {"type": kind, "data": [1]}]})
    )

    assert [one["type"] for one in drawing.series] == [kind, kind]


def test_all_findings_are_listed_by_their_rule() -> None:
    options = {
        "tooltip": {"useHTML": True, "formatter": "x"},
        "series": [{"type": "map"}, {"depth": 3}],
        "title": {"text": "function(){}"},
    }

    assert [one.rule for one in check(json.dumps(options))] == ["H2", "H3", "H4", "H5", "H6"]


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("letter", ["x", "\u00fc"])
def test_the_limit_of_bytes_is_exact(letter: str, more: int) -> None:
    room = MAX_BYTES + more - len('{"title":""}')
    width = len(letter.encode())
    text = '{"title":"' + "x" * (room % width) + letter * (room // width) + '"}'

    assert len(text.encode()) == MAX_BYTES + more
    assert [one.rule for one in check(text)] == ["H7"] * more
