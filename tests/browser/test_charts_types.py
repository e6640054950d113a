"""The 14 types of charts: their marks, measured against the data."""

from __future__ import annotations

import math
from datetime import datetime, timezone
from typing import Any

import pytest

from .charting import draw, near
from .conftest import Open

pytestmark = pytest.mark.acceptance("A43")

RED, GREEN, BLUE = "#aa1111", "#11aa11", "#1111aa"
DAY = 86_400_000


def _at(*moment: int) -> int:
    return round(datetime(*moment, tzinfo=timezone.utc).timestamp() * 1000)  # type: ignore[misc, arg-type]


def _series(kind: str, data: list[Any], **more: Any) -> dict[str, Any]:
    return {"type": kind, "name": "Series", "color": RED, "data": data, **more}


@pytest.mark.parametrize("kind", ["line", "area"])
def test_lines_go_through_their_values(show: Open, kind: str) -> None:
    values = [3, -1, 4, 1.5]
    chart = draw(
        show,
        {
            "xAxis": {"categories": ["a", "b", "c", "d"]},
            "series": [_series(kind, values), _series(kind, [1, 1, 1, 1], color=GREEN)],
        },
    )

    (line,) = chart.lines(RED)
    (other,) = chart.lines(GREEN)

    assert len(line) == len(other) == 4
    for at, value in enumerate(values):
        assert near(line[at], chart.pixel(at, value))
    assert other[0][1] == other[3][1] == pytest.approx(chart.pixel(0, 1)[1], abs=1)


@pytest.mark.parametrize("kind", ["spline", "areaspline"])
def test_splines_are_curves_through_their_values(show: Open, kind: str) -> None:
    values = [3, 1, 4, 1.5]
    chart = draw(show, {"xAxis": {"categories": ["a", "b", "c", "d"]}, "series": [_series(kind, values)]})

    (line,) = chart.lines(RED)

    assert len(line) == 1 + 3 * 3  # each of the three curves has two points that bend it
    for at, value in enumerate(values):
        assert near(line[3 * at], chart.pixel(at, value))


def test_areas_are_filled_down_to_zero(show: Open) -> None:
    chart = draw(show, {"series": [_series("area", [2, 5, 3], fillColor=GREEN)]})

    (area,) = chart.boxes(GREEN)

    assert area.y == pytest.approx(chart.pixel(1, 5)[1], abs=1)
    assert area.bottom == pytest.approx(chart.pixel(1, 0)[1], abs=1)
    assert near((area.x, area.right), (chart.pixel(0, 0)[0], chart.pixel(2, 0)[0]))


def test_columns_reach_from_zero_to_their_values(show: Open) -> None:
    values = [5, -3, 8]
    chart = draw(show, {"xAxis": {"categories": ["a", "b", "c"]}, "series": [_series("column", values)]})

    bars = chart.boxes(RED)

    assert len(bars) == 3
    zero = chart.pixel(0, 0)[1]
    for at, (bar, value) in enumerate(zip(bars, values, strict=True)):
        x, y = chart.pixel(at, value)
        assert near((bar.y, bar.bottom), sorted((y, zero)))
        assert bar.middle[0] == pytest.approx(x, abs=1)
    band = chart.pixel(1, 0)[0] - chart.pixel(0, 0)[0]
    assert bars[0].width == pytest.approx(band * 0.6 * 0.8, abs=1.5)  # group and point padding of Highcharts


def test_columns_stand_beside_each_other_as_in_highcharts(show: Open) -> None:
    chart = draw(
        show,
        {
            "xAxis": {"categories": ["a", "b"]},
            "series": [_series("column", [1, 2]), _series("column", [2, 1], color=GREEN)],
        },
    )

    first, second = chart.boxes(RED)[0], chart.boxes(GREEN)[0]

    band = chart.pixel(1, 0)[0] - chart.pixel(0, 0)[0]
    middle = chart.pixel(0, 0)[0]
    assert first.middle[0] == pytest.approx(middle - band * 0.15, abs=1)
    assert second.middle[0] == pytest.approx(middle + band * 0.15, abs=1)
    assert first.width == pytest.approx(band * 0.3 * 0.8, abs=1.5)


def test_stacks_have_their_first_series_on_top(show: Open) -> None:
    chart = draw(
        show,
        {
            "plotOptions": {"column": {"stacking": "normal"}},
            "xAxis": {"categories": ["a", "b"]},
            "series": [_series("column", [1, 2]), _series("column", [3, 1], color=GREEN)],
        },
    )

    top, below = chart.boxes(RED)[0], chart.boxes(GREEN)[0]

    assert near((below.y, below.bottom), (chart.pixel(0, 3)[1], chart.pixel(0, 0)[1]))
    assert near((top.y, top.bottom), (chart.pixel(0, 4)[1], chart.pixel(0, 3)[1]))


def test_stacks_of_percent_fill_the_axis(show: Open) -> None:
    chart = draw(
        show,
        {
            "plotOptions": {"series": {"stacking": "percent"}},
            "xAxis": {"categories": ["a"]},
            "series": [_series("column", [1]), _series("column", [3], color=GREEN)],
        },
    )

    (top,), (below,) = chart.boxes(RED), chart.boxes(GREEN)

    assert near((below.y, below.bottom), (chart.pixel(0, 75)[1], chart.pixel(0, 0)[1]))
    assert top.y == pytest.approx(chart.pixel(0, 100)[1], abs=1)
    assert "1" in chart.hover(*top.middle)  # the value, not its share


def test_bars_lie_and_begin_at_the_top(show: Open) -> None:
    values = [5, 9, 2]
    chart = draw(show, {"xAxis": {"categories": ["a", "b", "c"]}, "series": [_series("bar", values)]})

    bars = sorted(chart.boxes(RED), key=lambda bar: bar.y)

    assert len(bars) == 3
    for at, (bar, value) in enumerate(zip(bars, values, strict=True)):
        x, y = chart.pixel(value, at)
        assert near((bar.x, bar.right), (chart.pixel(0, at)[0], x))
        assert bar.middle[1] == pytest.approx(y, abs=1)


def test_slices_take_their_share_of_the_pie(show: Open) -> None:
    chart = draw(
        show,
        {
            "series": [
                {
                    "type": "pie",
                    "size": "60%",
                    "dataLabels": {"enabled": False},
                    "data": [
                        {"name": "half", "y": 2, "color": RED},
                        {"name": "quarter", "y": 1, "color": GREEN},
                        {"name": "rest", "y": 1, "color": BLUE},
                    ],
                }
            ]
        },
    )

    (half,), (quarter,), (rest,) = chart.boxes(RED), chart.boxes(GREEN), chart.boxes(BLUE)

    assert half.height == pytest.approx(2 * half.width, rel=0.05)  # the right half
    assert near((quarter.width, quarter.height), (rest.width, rest.height), 1.5)
    assert quarter.y > rest.y  # clockwise from the top
    assert half.x == pytest.approx(quarter.right, abs=2)


def test_ranges_reach_over_zero(show: Open) -> None:
    ranges = [[-4, 6], [2, 5], [-7, -2]]
    chart = draw(show, {"xAxis": {"categories": ["a", "b", "c"]}, "series": [_series("columnrange", ranges)]})

    bars = chart.boxes(RED)

    assert len(bars) == 3
    for at, (bar, (low, high)) in enumerate(zip(bars, ranges, strict=True)):
        assert near((bar.y, bar.bottom), (chart.pixel(at, high)[1], chart.pixel(at, low)[1]))
        assert bar.middle[0] == pytest.approx(chart.pixel(at, 0)[0], abs=1)


def test_inverted_ranges_lie(show: Open) -> None:
    chart = draw(
        show,
        {
            "chart": {"inverted": True},
            "xAxis": {"categories": ["a", "b"]},
            "series": [_series("columnrange", [[-4, 6], [2, 5]])],
        },
    )

    first, second = sorted(chart.boxes(RED), key=lambda bar: bar.y)

    assert near((first.x, first.right), (chart.pixel(-4, 0)[0], chart.pixel(6, 0)[0]))
    assert near((second.x, second.right), (chart.pixel(2, 1)[0], chart.pixel(5, 1)[0]))


def test_a_waterfall_runs_on_and_sums_up(show: Open) -> None:
    data = [10, -4, {"isIntermediateSum": True, "color": GREEN}, 5, {"isSum": True, "color": BLUE}]
    chart = draw(
        show,
        {"xAxis": {"categories": list("abcde")}, "series": [_series("waterfall", data, upColor="#777777")]},
    )

    def reach(colour: str, at: int) -> tuple[float, float]:
        box = next(one for one in chart.boxes(colour) if abs(one.middle[0] - chart.pixel(at, 0)[0]) < 2)
        return box.y, box.bottom

    def expected(low: float, high: float) -> tuple[float, float]:
        return chart.pixel(0, high)[1], chart.pixel(0, low)[1]

    assert near(reach("#777777", 0), expected(0, 10))
    assert near(reach(RED, 1), expected(6, 10))
    assert near(reach(GREEN, 2), expected(0, 6))
    assert near(reach("#777777", 3), expected(6, 11))
    assert near(reach(BLUE, 4), expected(0, 11))


def test_error_bars_stand_on_their_columns(show: Open) -> None:
    chart = draw(
        show,
        {
            "xAxis": {"categories": ["a", "b"]},
            "series": [
                _series("column", [5, 7]),
                {"type": "errorbar", "color": GREEN, "data": [[4, 6], [5, 8]]},
                _series("column", [3, 4], color=BLUE),
            ],
        },
    )

    strokes = chart.lines(GREEN)
    columns = chart.boxes(RED)

    assert len(strokes) == 6  # a stem and two whiskers, twice
    stems = sorted(one for one in strokes if abs(one[0][0] - one[1][0]) < 0.5)
    assert len(stems) == 2
    for at, (stem, (low, high)) in enumerate(zip(stems, [(4, 6), (5, 8)], strict=True)):
        assert stem[0][0] == pytest.approx(columns[at].middle[0], abs=1)
        assert near(sorted((stem[0][1], stem[1][1])), (chart.pixel(at, high)[1], chart.pixel(at, low)[1]))
    whiskers = [one for one in strokes if one not in stems]
    assert all(abs(one[1][0] - one[0][0]) == pytest.approx(columns[0].width / 2, abs=1.5) for one in whiskers)


def test_boxes_show_five_numbers(show: Open) -> None:
    chart = draw(
        show,
        {
            "xAxis": {"categories": ["a", "b"]},
            "series": [
                {
                    "type": "boxplot",
                    "color": RED,
                    "fillColor": GREEN,
                    "stemColor": "#222222",
                    "whiskerColor": "#333333",
                    "medianColor": "#444444",
                    "data": [[1, 3, 4, 7, 9], [2, 4, 6, 8, 10]],
                }
            ],
        },
    )

    first, second = chart.boxes(GREEN)

    assert near((first.y, first.bottom), (chart.pixel(0, 7)[1], chart.pixel(0, 3)[1]), 2)
    assert near((second.y, second.bottom), (chart.pixel(1, 8)[1], chart.pixel(1, 4)[1]), 2)
    medians = sorted(chart.lines("#444444"))
    assert near([one[0][1] for one in medians], [chart.pixel(0, 4)[1], chart.pixel(1, 6)[1]])
    whiskers = sorted(one[0][1] for one in chart.lines("#333333"))
    assert near(whiskers, sorted(chart.pixel(0, value)[1] for value in (1, 9, 2, 10)))
    assert len(chart.lines("#222222")) == 4


def test_cells_have_the_colours_of_their_values(show: Open) -> None:
    data = [[0, 0, 0], [1, 0, 10], [0, 1, 5], [1, 1, None]]
    chart = draw(
        show,
        {
            "xAxis": {"categories": ["a", "b"]},
            "yAxis": {"categories": ["c", "d"]},
            "colorAxis": {"min": 0, "max": 10, "minColor": "#002200", "maxColor": "#ff0000"},
            "series": [{"type": "heatmap", "borderColor": BLUE, "nullColor": GREEN, "data": data}],
        },
    )

    cells = chart.boxes(BLUE, "stroke")
    assert len(cells) == 4
    (low,), (empty,) = chart.boxes("rgb(0,34,0)"), chart.boxes(GREEN)
    (high,) = chart.boxes("rgb(255,0,0)")
    (middling,) = chart.boxes("rgb(128,17,0)")
    for box, place in ((low, (0, 0)), (high, (1, 0)), (middling, (0, 1)), (empty, (1, 1))):
        assert near(box.middle, chart.pixel(*place), 1.5)
    assert low.width == pytest.approx(chart.pixel(1, 0)[0] - chart.pixel(0, 0)[0], abs=2)


def test_heat_on_axes_of_numbers_has_the_size_that_is_said(show: Open) -> None:
    data = [[0, 1, 1], [DAY, 1, 2], [2 * DAY, 3, 3]]
    chart = draw(
        show,
        {
            "xAxis": {"type": "datetime"},
            "series": [{"type": "heatmap", "colsize": DAY, "rowsize": 2, "borderColor": BLUE, "data": data}],
        },
    )

    cells = chart.boxes(BLUE, "stroke")

    assert len(cells) == 3
    width = chart.pixel(DAY, 1)[0] - chart.pixel(0, 1)[0]
    assert all(cell.width == pytest.approx(width, abs=2) for cell in cells)
    assert near(cells[2].middle, chart.pixel(2 * DAY, 3), 1.5)


@pytest.mark.parametrize(("value", "angle"), [(0, -150), (50, 0), (100, 150), (25, -75)])
def test_needles_point_at_their_values(show: Open, value: float, angle: float) -> None:
    """Angles are those of a clock: 0 is at the top."""
    chart = draw(
        show,
        {
            "pane": {"startAngle": -150, "endAngle": 150, "center": ["50%", "50%"]},
            "yAxis": {"min": 0, "max": 100, "plotBands": [{"from": 0, "to": 60, "color": GREEN}]},
            "series": [_series("gauge", [value], dial={"backgroundColor": BLUE})],
        },
    )

    (needle,) = chart.boxes(BLUE)
    (band,) = chart.boxes(GREEN)

    width, height = chart.value("[chart.getWidth(), chart.getHeight()]")
    x, y = math.sin(math.radians(angle)), -math.cos(math.radians(angle))
    reach = max(
        abs(one)
        for one in (needle.x - width / 2, needle.right - width / 2, needle.y - height / 2, needle.bottom - height / 2)
    )
    tip_x = needle.right if x > 0.1 else needle.x if x < -0.1 else needle.middle[0]
    tip_y = needle.bottom if y > 0.1 else needle.y if y < -0.1 else needle.middle[1]
    found = math.degrees(math.atan2(tip_x - width / 2, -(tip_y - height / 2)))
    assert reach > 50
    assert found == pytest.approx(angle, abs=4)
    assert band.x < width / 2 < band.right


def test_spans_end_at_their_times_in_utc(show: Open) -> None:
    begin, end = _at(2026, 3, 1, 12), _at(2026, 3, 4)
    chart = draw(
        show,
        {
            "xAxis": {"type": "datetime"},
            "yAxis": {"categories": ["a", "b"], "reversed": True},
            "series": [
                {
                    "type": "xrange",
                    "pointWidth": 20,
                    "data": [
                        {"x": begin, "x2": end, "y": 0, "color": RED},
                        {"x": _at(2026, 3, 3), "x2": _at(2026, 3, 8), "y": 1, "color": GREEN},
                    ],
                }
            ],
        },
        timezone_id="Pacific/Auckland",
    )

    (first,), (second,) = chart.boxes(RED), chart.boxes(GREEN)

    assert near((first.x, first.right), (chart.pixel(begin, 0)[0], chart.pixel(end, 0)[0]))
    assert first.height == pytest.approx(20, abs=0.5)
    assert first.y < second.y
    assert near(second.middle[1:], chart.pixel(begin, 1)[1:])


def test_several_types_share_a_chart(show: Open) -> None:
    chart = draw(
        show,
        {
            "xAxis": {"categories": ["a", "b", "c"]},
            "yAxis": [{"title": {"text": "left"}}, {"opposite": True, "max": 100, "min": 0}],
            "series": [
                _series("column", [1, 2, 3]),
                _series("line", [10, 50, 90], color=GREEN, yAxis=1),
                {
                    "type": "pie",
                    "center": [80, 40],
                    "size": 60,
                    "dataLabels": {"enabled": False},
                    "data": [{"y": 1, "color": BLUE}, {"y": 1, "color": "#777777"}],
                },
            ],
        },
    )

    (line,) = chart.lines(GREEN)
    (half,) = chart.boxes(BLUE)

    assert len(chart.boxes(RED)) == 3
    assert near(line[2], chart.pixel(2, 90, (0, 1)))
    assert half.height == pytest.approx(60, abs=2)
    assert half.x == pytest.approx(80 + 8, abs=3)


def test_gaps_are_gaps(show: Open) -> None:
    values = [1, None, 2, 3, None, 4]
    chart = draw(
        show,
        {
            "series": [
                _series("line", values),
                _series("line", values, color=GREEN, connectNulls=True),
                _series("column", values, color=BLUE),
            ]
        },
    )

    assert len(chart.lines(RED)) >= 1
    assert [len(one) for one in chart.lines(RED) if len(one) > 1] == [2]
    assert [len(one) for one in chart.lines(GREEN)] == [4]
    assert len(chart.boxes(BLUE)) == 4


def test_dates_are_in_utc_wherever_the_reader_is(show: Open) -> None:
    chart = draw(
        show,
        {
            "xAxis": {"type": "datetime", "labels": {"format": "{value:%e. %b %H:%M}"}},
            "series": [_series("line", [[_at(2026, 1, 1), 1], [_at(2026, 1, 3), 2]])],
        },
        timezone_id="America/Los_Angeles",
    )

    assert "2. Jan 00:00" in chart.texts()
    assert "Fri, 2. Jan 2026" not in chart.texts()


@pytest.mark.parametrize("kind", ["line", "column", "heatmap", "xrange"])
def test_ten_thousand_points_are_drawn_at_once(show: Open, kind: str) -> None:
    rows: list[Any] = {
        "line": [math.sin(at / 300) for at in range(10_000)],
        "column": [at % 97 for at in range(10_000)],
        "heatmap": [[at % 100, at // 100, at] for at in range(10_000)],
        "xrange": [{"x": at * DAY, "x2": (at + 1) * DAY, "y": at % 5} for at in range(10_000)],
    }[kind]  # type: ignore[assignment]
    options: dict[str, Any] = {"series": [{"type": kind, "data": rows}]}
    if kind == "xrange":
        options["xAxis"] = {"type": "datetime"}
    chart = draw(show, options)

    assert chart.stage.locator("svg").count() == 0  # ten thousand elements would be slow
    assert chart.value("chart.getModel().getSeriesByIndex(0).getData().count()") == 10_000
    assert (
        chart.value(
            "[...chart.getDom().querySelectorAll('canvas')].reduce((seen, canvas) => {"
            "const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;"
            "for (let at = 3; at < pixels.length; at += 4) if (pixels[at] > 200) seen++; return seen; }, 0)"
        )
        > 500
    )
