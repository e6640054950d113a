"""From Highcharts' options to a drawing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from soarkit.enrichments.charts import ChartRefused, Drawing, translate
from soarkit.enrichments.charts.colours import colour_of, is_light
from soarkit.enrichments.charts.points import values_of
from soarkit.enrichments.charts.refusing import TYPES
from soarkit.enrichments.charts.templates import runs_of


def _draw(**options: Any) -> Drawing:
    return translate("a chart", json.dumps(options))


def _drawn(**options: Any) -> dict[str, Any]:
    """The one series of a chart, as ECharts gets it."""
    (series,) = (one for one in _draw(**options).option["series"] if one["id"] == "s0")
    return dict(series)


def _points(kind: str, data: list[Any], **more: Any) -> list[dict[str, Any]]:
    points = _draw(series=[{"type": kind, "data": data, **more}]).series[0]["points"]
    return [dict(zip(points["keys"], row, strict=True)) for row in points["rows"]]


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("line", [1, None, "3"], [(0, 1), (1, None), (2, 3)]),
        ("line", [[5, 1], [7, None]], [(5, 1), (7, None)]),
        ("line", [{"x": 3, "y": 4}, {"y": 5}], [(3, 4), (1, 5)]),
        ("columnrange", [[1, 2], [9, 3, 4], {"low": 5, "high": 6}], [(0, 1, 2), (9, 3, 4), (2, 5, 6)]),
        ("boxplot", [[1, 2, 3, 4, 5], [9, 1, 2, 3, 4, 5]], [(0, 1, 2, 3, 4, 5), (9, 1, 2, 3, 4, 5)]),
        ("heatmap", [[0, 1, 7], [1, 0, None]], [(0, 1, 7), (1, 0, None)]),
        ("xrange", [{"x": 1, "x2": 5, "y": 0}], [(1, 5, 0)]),
        ("line", [True, {}, [], "x", [[]]], [(0, None), (1, None), (2, None), (3, None), (4, None)]),
    ],
)
def test_points_have_many_forms(kind: str, data: list[Any], expected: list[tuple[Any, ...]]) -> None:
    names = ("x", *values_of(kind))

    assert [tuple(point[name] for name in names) for point in _points(kind, data)] == expected


def test_points_can_start_anywhere_and_step_by_months() -> None:
    points = _points("line", [1, 2, 3], pointStart=1_767_225_600_000, pointIntervalUnit="month")

    assert [point["x"] for point in points] == [1_767_225_600_000, 1_769_904_000_000, 1_772_323_200_000]


def test_names_and_own_properties_are_kept_for_templates() -> None:
    (first, second) = _points("pie", [["one", 3], {"name": "two", "y": 1, "prettyName": "Two!"}])

    assert (first["name"], first["percentage"]) == ("one", 75)
    assert (second["prettyName"], second["total"]) == ("Two!", 4)


def test_keys_name_what_stands_in_a_point() -> None:
    assert _points("line", [["a", 4]], keys=["label", "y"])[0]["label"] == "a"


def test_the_more_exact_option_wins() -> None:
    plot = {"series": {"lineWidth": 1, "color": "#010101"}, "line": {"lineWidth": 2, "dashStyle": "Dot"}}

    style = _drawn(plotOptions=plot, series=[{"lineWidth": 3, "data": [1]}])["lineStyle"]

    assert style == {"color": "#010101", "width": 3, "type": "dotted"}


def test_each_unknown_option_is_told_once() -> None:
    drawing = _draw(
        chart={"polar": True, "type": "line"},
        drilldown={"series": []},
        responsive={},
        annotations=[1],
        plotOptions={"pie": {"whatever": 1}, "line": {"odd": 1}},
        xAxis={"scrollbar": {"enabled": True}},
        series=[{"data": [1], "unheard": 1, "marker": {"fancy": 2}}, {"data": [1], "unheard": 1}],
    )

    assert sorted(one.partition(":")[0] for one in drawing.warnings) == [
        "annotations",
        "chart.polar",
        "drilldown",
        "plotOptions.line.odd",
        "series[0].marker.fancy",
        "series[0].unheard",
        "series[1].unheard",
        "xAxis.scrollbar",
    ]


def test_wrong_values_are_told_and_have_no_effect() -> None:
    drawing = _draw(legend=True, series=[{"data": [1], "lineWidth": "thick", "yAxis": 7}])

    assert "legend: this is no object of options" in drawing.warnings
    assert "series[0].lineWidth: this is not a number" in drawing.warnings
    assert "series[0].yAxis: there is no such axis; the first is taken" in drawing.warnings


@pytest.mark.parametrize(
    ("given_colour", "expected"),
    [
        ("SteelBlue", "#4682b4"),
        ("grey", "#808080"),
        ("#ABC", "#abc"),
        ("rgb(1, 2,300)", "#0102ff"),
        ("rgba(1,2,3,.5)", "rgba(1,2,3,0.5)"),
        ("rgba(1,2,3,50%)", "rgba(1,2,3,0.5)"),
        ("transparent", "transparent"),
        ("red;position:fixed", None),
        ("url(#x)", None),
        ("var(--text)", None),
        (7, None),
        ({"pattern": {"color": "red", "path": "M0"}}, "#ff0000"),
        ({"linearGradient": [0, 0, 300, 300], "stops": [[0, "red"], [1, "blue"]]}, "#ff0000"),
        ({"radialGradient": {"cx": 0.5, "cy": 0.5, "r": 1}, "stops": []}, None),
        (
            {"linearGradient": {"x1": 0, "y1": 0, "x2": 0, "y2": 1}, "stops": [[0, "red"], [1, "blue"]]},
            {
                "type": "linear", "x": 0, "y": 0, "x2": 0, "y2": 1,
                "colorStops": [{"offset": 0, "color": "#ff0000"}, {"offset": 1, "color": "#0000ff"}],
            },
        ),
    ],
)  # fmt: skip
def test_only_colours_are_colours(given_colour: Any, expected: Any) -> None:
    assert colour_of(given_colour) == expected


def test_grounds_are_light_or_dark() -> None:
    assert [is_light(one) for one in ("#ffffff", "#123", "rgba(0,0,0,0.1)", "transparent", None)] == [
        True, False, None, None, None,
    ]  # fmt: skip


def test_templates_are_taken_apart() -> None:
    runs = runs_of(
        '<span style="color:{point.color}">●</span> {series.name}: <b>{point.y:.1f}</b><br/><u>&amp;</u> {x y}'
    )

    assert runs == [
        {"t": "●", "c": "point.color"},
        {"t": " "},
        {"v": "series.name"},
        {"t": ": "},
        {"v": "point.y", "f": ".1f", "b": 1},
        {"n": 1},
        {"t": "<u>&</u> {x y}"},
    ]


def test_shares_of_percent_stacks_are_reckoned_by_place() -> None:
    drawing = _draw(plotOptions={"series": {"stacking": "percent"}}, series=[{"data": [1, 0]}, {"data": [3, 0]}])

    shares = {one["id"]: [value for _, value in one["data"]] for one in drawing.option["series"]}
    assert shares == {"s0": [25, 0], "s1": [75, 0]}
    assert drawing.option["yAxis"][0]["max"] == 100
    assert [row[1] for row in drawing.series[0]["points"]["rows"]] == [1, 0]


def test_a_logarithmic_axis_has_no_zero() -> None:
    drawing = _draw(yAxis={"type": "logarithmic"}, series=[{"data": [0, 10, -5]}])

    assert [value for _, value in drawing.option["series"][0]["data"]] == [None, 10, None]
    assert any("logarithmic" in one for one in drawing.warnings)


def test_names_of_points_are_categories() -> None:
    drawing = _draw(xAxis={"type": "category"}, series=[{"data": [["b", 1], ["a", 2]]}, {"data": [["a", 3]]}])

    assert drawing.axes["x"][0]["categories"] == ["b", "a"]
    assert drawing.option["series"][1]["data"] == [[1, 3]]


def test_cartesian_series_have_both_axes() -> None:
    option = _draw(series=[{"type": "xrange", "data": []}]).option

    assert option["xAxis"] and option["yAxis"] and option["useUTC"]
    assert "xAxis" not in _draw(series=[{"type": "pie", "data": [1]}]).option


def test_gauges_turn_the_angles_and_bands_of_highcharts() -> None:
    made = _drawn(
        pane={"startAngle": -120, "endAngle": 120, "size": "80%"},
        yAxis={"min": 0, "max": 200, "plotBands": [{"from": 50, "to": 100, "color": "red"}]},
        series=[{"type": "gauge", "data": [42]}],
    )

    assert (made["startAngle"], made["endAngle"], made["radius"]) == (210, -30, "80%")
    assert [stop for stop, _ in made["axisLine"]["lineStyle"]["color"]] == [0.25, 0.5, 1]


def test_heights_are_pixels_within_reason() -> None:
    assert [_draw(chart={"height": one}).height for one in (300, "450px", "50%", None, 1, 9000, "x")] == [
        300, 450, 360, 360, 120, 2000, 360,
    ]  # fmt: skip


def test_a_drawing_is_plain_json_without_what_json_cannot_hold() -> None:
    drawing = _draw(series=[{"data": [10**400, 1e308, -(2**70), "1e999"]}])

    json.dumps(drawing.as_json(), allow_nan=False)


_WORDS = [
    "chart", "type", "series", "data", "title", "text", "xAxis", "yAxis", "categories", "plotOptions", "stacking",
    "tooltip", "legend", "color", "zones", "value", "labels", "format", "min", "max", "plotLines", "plotBands", "from",
    "to", "pane", "name", "x", "x2", "y", "low", "high", "isSum", "style", "dataLabels", "enabled", "colorAxis",
    "stops", "stack", "pointStart", "keys", "innerSize", "center",
    "size", "marker", "partialFill", "dataClasses", "visible",
    "margin", "tickInterval", "height", "opposite", "inverted", "linearGradient", "pointPadding", "linkedTo",
]  # fmt: skip
_LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12),
    st.sampled_from([*TYPES, *"percent normal datetime category logarithmic 50% 10px {point.y:.1f} red".split()]),
)  # fmt: skip
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from(_WORDS) | st.text(max_size=6), inner, max_size=6)
    ),
    max_leaves=12,
)
_SERIES = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES)},
    optional={word: _VALUES for word in _WORDS if word not in ("type", "data")}
    | {"data": st.lists(_VALUES, max_size=12)},
)
_OPTIONS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(_WORDS, _VALUES) | {"series": st.lists(_SERIES, max_size=3)}
)


@settings(max_examples=100, deadline=None)
@given(_OPTIONS | _VALUES)
@example({"series": [{"type": "gauge", "data": [-9007199254740996.0]}]})  # one more is the same number
@example({"series": [{"type": "area", "zones": {}}]})
@example({"yAxis": {"min": 1e300, "max": 1e300}, "series": [{"type": "gauge", "data": [1e300]}]})
def test_anything_is_a_drawing_or_refused(value: Any) -> None:
    try:
        drawing = translate("a chart", json.dumps(value))
    except ChartRefused as refused:
        assert refused.rule in {f"H{number}" for number in range(1, 8)}
    else:
        json.dumps(drawing.as_json(), allow_nan=False)
        assert all(isinstance(one, str) for one in drawing.warnings)


@settings(max_examples=100, deadline=None)
@given(st.text() | st.binary().map(lambda one: one.decode("latin-1")))
def test_any_text_is_a_drawing_or_refused(text: str) -> None:
    with pytest.raises(ChartRefused):
        translate("a chart", f"x{text}")
