"""Every type of chart draws all series and points over the extent of the data; and how several stand together."""

from __future__ import annotations

import math
from typing import Any

import pytest

from soarkit.enrichments.charts.refusing import TYPES

from .charting import Box, Drawn, draw, near
from .conftest import Open

pytestmark = pytest.mark.acceptance("A43")

RED, GREEN, BLUE = "#aa1111", "#11aa11", "#1111aa"


def _series(kind: str, data: list[Any], **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": "Series", "color": RED, "data": data, **more}


#: For each type three points of two series; of gauges one, since a needle is all of a series.
DATA: dict[str, tuple[list[Any], list[Any]]] = {
    **dict.fromkeys(("line", "spline", "area", "areaspline", "column", "bar", "waterfall"), ([4, 9, 6], [7, 3, 5])),
    "pie": ([1, 2, 1], [2, 1, 1]),
    "gauge": ([10], [80]),
    "columnrange": ([[1, 4], [-2, 9], [3, 6]], [[2, 7], [0, 3], [1, 5]]),
    "errorbar": ([[1, 4], [-2, 9], [3, 6]], [[2, 7], [0, 3], [1, 5]]),
    "boxplot": (
        [[1, 2, 3, 4, 5], [2, 4, 6, 8, 9], [1, 3, 4, 5, 6]],
        [[2, 3, 5, 6, 7], [0, 1, 2, 3, 4], [1, 2, 3, 4, 5]],
    ),
    "heatmap": ([[0, 0, 1], [1, 0, 2], [2, 0, 3]], [[0, 1, 4], [1, 1, 5], [2, 1, 6]]),
    "xrange": (
        [{"x": 1, "x2": 4, "y": 0}, {"x": 5, "x2": 7, "y": 0}, {"x": 8, "x2": 9, "y": 0}],
        [{"x": 0, "x2": 2, "y": 1}, {"x": 3, "x2": 4, "y": 1}, {"x": 6, "x2": 10, "y": 1}],
    ),
}


def _options(kind: str) -> dict[str, Any]:
    series = []
    for number, (colour, data) in enumerate(zip((RED, GREEN), DATA[kind], strict=True)):
        one = _series(kind, data, color=colour, name=f"Series {number}")
        if kind == "pie":
            one |= {"center": [("25%", "75%")[number], "50%"], "size": 200, "dataLabels": {"enabled": False}}
            one["data"] = [{"y": value, "color": colour} for value in data]
        elif kind == "gauge":
            one |= {"dial": {"backgroundColor": colour}}
        elif kind == "boxplot":
            one |= {"fillColor": colour, "color": colour}
        elif kind == "heatmap":
            one |= {"borderColor": colour}
        series.append(one)
    more: dict[str, Any] = {"yAxis": {"min": 0, "max": 100}} if kind == "gauge" else {}
    if kind in ("heatmap", "xrange"):
        more["yAxis"] = {"categories": ["a", "b"]}
    return {"xAxis": {} if kind == "xrange" else {"categories": ["a", "b", "c"]}, **more, "series": series}


def _marks(chart: Drawn, kind: str, colour: str) -> list[Box]:
    """The marks of the points of one series, from left to right."""
    if kind in ("line", "spline", "area", "areaspline"):
        (line,) = chart.lines(colour)
        return [Box(*place, 0, 0) for place in line[:: 3 if "spline" in kind else 1]]
    if kind == "errorbar":
        stems = [one for one in chart.lines(colour) if abs(one[0][0] - one[1][0]) < 0.5]
        return sorted(
            (Box(one[0][0], min(one[0][1], one[1][1]), 0, abs(one[0][1] - one[1][1])) for one in stems),
            key=lambda one: one.x,
        )
    found = chart.boxes(colour, "stroke" if kind == "heatmap" else "fill")
    return sorted(found, key=lambda one: one.y) if kind == "bar" else found


def _reach(kind: str, data: list[Any], at: int) -> tuple[float, float]:
    """From where to where a point's mark goes on the axis of values."""
    value = data[at]
    if kind == "waterfall":
        return sum(data[:at]), sum(data[: at + 1])
    if kind in ("columnrange", "errorbar"):
        return value[0], value[1]
    if kind == "boxplot":
        return value[1], value[3]
    return (0, value) if kind in ("column", "bar") else (value, value)


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_draws_all_series_and_points_over_the_extent_of_the_data(show: Open, kind: str) -> None:
    chart = draw(show, _options(kind))

    for number, (colour, data) in enumerate(zip((RED, GREEN), DATA[kind], strict=True)):
        marks = _marks(chart, kind, colour)
        assert len(marks) == len(data)
        if kind == "pie":
            left, right = min(one.x for one in marks), max(one.right for one in marks)
            assert right - left == pytest.approx(200, abs=3)
            assert max(one.bottom for one in marks) - min(one.y for one in marks) == pytest.approx(200, abs=3)
        elif kind == "gauge":
            width, height = chart.value("[chart.getWidth(), chart.getHeight()]")
            angle = math.radians(data[0] * 3.6)
            across, up = marks[0].middle[0] - width / 2, height / 2 - marks[0].middle[1]
            assert math.hypot(across, up) > 30
            assert math.copysign(1, across) == math.copysign(1, math.sin(angle))
            assert math.copysign(1, up) == math.copysign(1, math.cos(angle))
        elif kind == "heatmap":
            for at, mark in enumerate(marks):
                assert near(mark.middle, chart.pixel(at, number), 1.5)
        elif kind == "xrange":
            for mark, one in zip(marks, data, strict=True):
                assert near((mark.x, mark.right), (chart.pixel(one["x"], number)[0], chart.pixel(one["x2"], number)[0]))
        elif kind == "bar":
            for at, mark in enumerate(marks):
                assert near((mark.x, mark.right), [chart.pixel(end, at)[0] for end in _reach(kind, data, at)])
        else:
            for at, mark in enumerate(marks):
                low, high = sorted(_reach(kind, data, at))
                assert near((mark.y, mark.bottom), (chart.pixel(at, high)[1], chart.pixel(at, low)[1]), 1.5)
                assert abs(mark.middle[0] - chart.pixel(at, 0)[0]) < (chart.pixel(1, 0)[0] - chart.pixel(0, 0)[0]) / 2


def test_stacks_are_of_one_type_and_stand_in_the_order_of_their_series(show: Open) -> None:
    chart = draw(
        show,
        {
            "plotOptions": {"series": {"stacking": "normal"}},
            "xAxis": {"categories": ["a", "b"]},
            "series": [
                _series("column", [1, 2], stack="first"),
                _series("column", [3, 4], stack="second", color=GREEN),
                _series("line", [5, 5], color=BLUE),
            ],
        },
    )

    first, second = chart.boxes(RED)[0], chart.boxes(GREEN)[0]
    (line,) = chart.lines(BLUE)

    assert first.right <= second.x
    assert near((first.bottom, second.bottom), [chart.pixel(0, 0)[1]] * 2)
    assert line[0][1] == pytest.approx(chart.pixel(0, 5)[1], abs=1)


def test_ranges_stand_between_the_columns_beside_them(show: Open) -> None:
    series = [
        _series("column", [4, 6]),
        _series("columnrange", [[1, 3], [2, 5]], color=GREEN),
        _series("column", [2, 3], color=BLUE),
    ]
    chart = draw(show, {"xAxis": {"categories": ["a", "b"]}, "series": series})

    left, middle, right = chart.boxes(RED)[0], chart.boxes(GREEN)[0], chart.boxes(BLUE)[0]

    assert left.right <= middle.x <= middle.right <= right.x
    assert middle.width == pytest.approx(left.width, abs=1)


def test_columns_are_placed_where_the_author_says(show: Open) -> None:
    placed = {"grouping": False, "pointPadding": 0.3}
    chart = draw(
        show,
        {
            "xAxis": {"categories": ["a", "b"]},
            "series": [
                _series("column", [4, 6], pointPlacement=-0.2, **placed),
                _series("column", [2, 3], pointPlacement=0.2, color=GREEN, **placed),
            ],
        },
    )

    band = chart.pixel(1, 0)[0] - chart.pixel(0, 0)[0]
    for colour, aside, value in ((RED, -0.2, 4), (GREEN, 0.2, 2)):
        bar = chart.boxes(colour)[0]
        assert bar.middle[0] == pytest.approx(chart.pixel(0, 0)[0] + aside * band, abs=1)
        assert bar.width == pytest.approx(band * 0.6 * 0.4, abs=1.5)
        assert near((bar.y, bar.bottom), (chart.pixel(0, value)[1], chart.pixel(0, 0)[1]))


def test_columns_on_logarithmic_axes_begin_below_the_smallest(show: Open) -> None:
    chart = draw(
        show,
        {
            "xAxis": {"categories": ["a", "b"]},
            "yAxis": {"type": "logarithmic"},
            "series": [_series("column", [0.02, 50])],
        },
    )

    small, great = chart.boxes(RED)

    foot = chart.pixel(0, 0.01)[1]
    assert near((small.y, small.bottom), (chart.pixel(0, 0.02)[1], foot))
    assert near((great.y, great.bottom), (chart.pixel(0, 50)[1], foot))


def test_areas_without_a_threshold_need_no_zero(show: Open) -> None:
    chart = draw(show, {"series": [_series("area", [100, 105, 103], threshold=None, fillColor=GREEN)]})

    (area,) = chart.boxes(GREEN)

    assert chart.value("chart.getModel().getComponent('yAxis').axis.scale.getExtent()")[0] > 50
    assert area.height > 100
