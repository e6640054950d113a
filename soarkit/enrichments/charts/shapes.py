"""Series that ECharts has not: ranges, waterfalls, error bars, boxes, spans of time, and cells of a heat map.

They are ``custom`` series; the page's script draws a point by the name of its shape (``assets/shapes.js``). Values
stand in the order place, from, to (and what else a shape needs), for inverted charts too: ``encode`` says which lies
where.
"""

from __future__ import annotations

from typing import Any

from soarkit.enrichments.charts.axes import band_of
from soarkit.enrichments.charts.colours import colour_of, plain_colour, rgb
from soarkit.enrichments.charts.looks import dash, given, label_of, theme
from soarkit.enrichments.charts.model import Chart, Series
from soarkit.enrichments.charts.options import number_of
from soarkit.enrichments.charts.plain import common, pieces, zoned
from soarkit.enrichments.charts.slots import Slot


def _custom(
    chart: Chart,
    series: Series,
    shape: dict[str, Any],
    data: list[Any],
    place: tuple[list[int], list[int]] = ([0], [1, 2]),
) -> dict[str, Any]:
    x, y = reversed(place) if chart.inverted else place
    return {
        "type": "custom",
        **common(chart, series),
        "renderItem": {"@": "shape", "series": series.number, "inverted": chart.inverted, **given(shape)},
        "encode": {"x": x, "y": y, "tooltip": []},
        "data": data,
        "clip": True,
    }


def _item(value: list[Any], colour: Any) -> Any:
    return {"value": value, "itemStyle": {"color": colour}} if colour is not None else value


def _look(series: Series) -> dict[str, Any]:
    options = series.options
    return given(
        {
            "fill": series.colour,
            "stroke": colour_of(options.value("borderColor")),
            "lineWidth": options.number("borderWidth", None, 0, 10),
            "radius": options.number("borderRadius", None, 0, 100),
            "opacity": options.number("opacity", None, 0, 1),
        }
    )


def _labels(series: Series, form: str) -> dict[str, Any] | None:
    return label_of(series, form)


def _slot(chart: Chart, series: Series, slot: Slot) -> dict[str, Any]:
    series.options.ignore("minPointLength", "pointPlacement", "pointRange", "marker", "depth")
    return {"slot": slot.as_json(), "band": band_of(chart, chart.x_axis(series))}


def range_series(chart: Chart, series: Series, slot: Slot) -> dict[str, Any]:
    """``columnrange``: rectangles from low to high, wherever zero is."""
    data = [
        _item([point["x"], point["low"], point["high"]], series.point_colour(at))
        for at, point in enumerate(series.points)
    ]
    shape = {"shape": "range", "look": _look(series), "label": _labels(series, "{y}"), **_slot(chart, series, slot)}
    return _custom(chart, series, shape, data)


def running(series: Series) -> list[tuple[Any, Any, Any]]:
    """Each bar of a waterfall: where it begins, where it ends, and its value; sums are reckoned here."""
    total, since = 0.0, 0.0
    found: list[tuple[Any, Any, Any]] = []
    for point in series.points:
        if point.get("isSum"):
            found.append((0, total, total))
        elif point.get("isIntermediateSum"):
            found.append((total - since, total, since))
            since = 0.0
        elif point["y"] is None:
            found.append((None, None, None))
        else:
            found.append((total, total + point["y"], point["y"]))
            total += point["y"]
            since += point["y"]
    return [tuple(round(one, 10) if isinstance(one, float) else one for one in each) for each in found]  # type: ignore[misc]


def waterfall_series(chart: Chart, series: Series, slot: Slot) -> dict[str, Any]:
    """``waterfall``: bars that begin where the one before ended, and the lines between them."""
    options = series.options
    rising, zones = colour_of(options.value("upColor")), pieces(series)
    data = []
    bars = running(series)
    for at, (point, (begin, end, value)) in enumerate(zip(series.points, bars, strict=True)):
        point["y"] = value
        own = series.point_colour(at)
        if own is None and zones:
            own = zoned(zones, value)
        if own is None and rising is not None and value is not None and value > 0:
            own = rising if not (point.get("isSum") or point.get("isIntermediateSum")) else None
        after = series.points[at + 1]["x"] if at + 1 < len(bars) and bars[at + 1][0] is not None else None
        data.append(_item([point["x"], begin, end, after], own))
    line = {
        "stroke": colour_of(options.value("lineColor")) or theme("dim"),
        "lineWidth": options.number("lineWidth", 1, 0, 10),
        "lineDash": dash(options) or [2, 2],
    }
    shape = {
        "shape": "waterfall",
        "look": _look(series),
        "line": line,
        "label": _labels(series, "{y}"),
        **_slot(chart, series, slot),
    }
    options.ignore("threshold")
    return _custom(chart, series, shape, data)


def placed_series(chart: Chart, series: Series, slot: Slot) -> dict[str, Any]:
    """``column`` and ``bar`` that stand where ECharts would not put them: over each other, or aside."""
    options, zones = series.options, pieces(series)
    foot = options.number("threshold", 0)
    data = []
    for at, point in enumerate(series.points):
        own = series.point_colour(at)
        data.append(_item([point["x"], foot, point["y"], None], zoned(zones, point["y"]) if own is None else own))
    shape = {
        "shape": "waterfall",
        "look": _look(series),
        "label": _labels(series, "{y}"),
        "placement": placement_of(series),
        **_slot(chart, series, slot),
    }
    options.ignore("edgeColor", "edgeWidth", "dashStyle", "lineWidth")
    return _custom(chart, series, shape, data)


def placement_of(series: Series) -> float:
    """How far a series' columns stand aside, as a share of the band."""
    given = series.options.value("pointPlacement")
    return {"between": 0.5}.get(given, 0) if isinstance(given, str) else min(max(number_of(given) or 0, -1), 1)


def _strokes(series: Series, colour: Any) -> dict[str, Any]:
    """How the parts of boxes and error bars are drawn."""
    options = series.options
    made = {}
    width = options.number("lineWidth", 1.5, 0, 20)
    for part in ("stem", "whisker", "median"):
        made[part] = given(
            {
                "stroke": colour_of(options.value(f"{part}Color")) or colour,
                "lineWidth": options.number(f"{part}Width", 2 if part == "median" else width, 0, 20) or width,
                "lineDash": dash(options, f"{part}DashStyle"),
            }
        )
    return made


def error_series(chart: Chart, series: Series, slot: Slot) -> dict[str, Any]:
    """``errorbar``: a stem and two whiskers, in the middle of the column it belongs to."""
    given_colour = colour_of(series.options.value("color"))
    colour = given_colour or theme("text")
    data = [_item([point["x"], point["low"], point["high"]], colour_of(point.get("color"))) for point in series.points]
    shape = {
        "shape": "errorbar",
        "strokes": _strokes(series, colour),
        "whisker": series.options.size("whiskerLength", "50%"),
        **_slot(chart, series, slot),
    }
    series.options.ignore("dataLabels")
    return _custom(chart, series, shape, data) | {"z": 3}


def box_series(chart: Chart, series: Series, slot: Slot) -> dict[str, Any]:
    """``boxplot``: low, lower quartile, median, upper quartile and high."""
    data = [
        _item([point["x"], *(point[name] for name in series.values)], series.point_colour(at))
        for at, point in enumerate(series.points)
    ]
    fill = colour_of(series.options.value("fillColor"))
    shape = {
        "shape": "box",
        "look": {**_look(series), "fill": fill or theme("card")},
        "strokes": _strokes(series, None),
        "whisker": series.options.size("whiskerLength", "50%"),
        **_slot(chart, series, slot),
    }
    series.options.ignore("dataLabels")
    return _custom(chart, series, shape, data, ([0], [1, 2, 3, 4, 5]))


def span_series(chart: Chart, series: Series) -> dict[str, Any]:
    """``xrange``: bars from x to x2 beside a category, and how much of them is done."""
    options = series.options
    partial = options.value("partialFill")
    fill = colour_of(partial.get("fill")) if isinstance(partial, dict) else None
    data = []
    for at, point in enumerate(series.points):
        done = point.get("partialFill")
        amount = done.get("amount") if isinstance(done, dict) else done
        share = min(max(amount, 0), 1) if isinstance(amount, (int, float)) and not isinstance(amount, bool) else None
        data.append(_item([point["x"], point["x2"], point["y"], share], series.point_colour(at)))
    shape = {
        "shape": "span",
        "look": {"radius": 3, **_look(series)},
        "done": fill,
        "height": options.number("pointWidth", None, 1, 500),
        "most": options.number("maxPointWidth", None, 1, 500),
        "share": (1 - 2 * options.number("groupPadding", 0.2, 0, 0.49))
        * (1 - 2 * options.number("pointPadding", 0.1, 0, 0.49)),
        "label": label_of(series, "{point.name}"),
    }
    options.ignore("minPointLength", "pointPlacement", "pointRange", "grouping")
    return _custom(chart, series, shape, data, ([0, 1], [2]))


def cell_series(chart: Chart, series: Series, index: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """``heatmap``: its cells, and the map of its colours.

    :param index: the place of the series in ECharts' list
    """
    options = series.options
    data: list[Any] = []
    for at, point in enumerate(series.points):
        value = [point["x"], point["y"], point["value"]]
        own = series.point_colour(at)
        data.append(value if own is None else {"value": value, "visualMap": False, "itemStyle": {"color": own}})
    shape = {
        "shape": "cell",
        "look": {"stroke": theme("card"), "lineWidth": 1, **_look(series)},
        "empty": colour_of(options.value("nullColor")) or theme("sunk"),
        "columns": options.number("colsize", 1, 0),
        "rows": options.number("rowsize", 1, 0),
        "label": label_of(series, "{point.value}"),
    }
    options.ignore("pointPadding", "borderRadius", "marker")
    made = _custom(chart, series, shape, data, ([0], [1]))
    return made, _colour_axis(chart, series, index)


def _colour_axis(chart: Chart, series: Series, index: int) -> dict[str, Any]:
    listed = chart.root.many("colorAxis")
    values = [point["value"] for point in series.points if point["value"] is not None]
    low, high = min(values, default=0), max(values, default=1)
    made: dict[str, Any] = {"seriesIndex": index, "dimension": 2, "show": True}
    axis = listed[0] if listed else None
    if axis is not None:
        axis.ignore("startOnTick", "endOnTick", "type", "labels", "marker", "gridLineWidth", "tickInterval", "id")
        axis.ignore(
            "minPadding", "maxPadding", "tickPixelInterval", "tickLength", "showInLegend", "layout", "lineWidth"
        )
        classes = _classes(axis)
        if classes:
            return {**made, "type": "piecewise", "pieces": classes}
        low, high = axis.number("min", low), axis.number("max", high)
    if not low < high:
        low, high = (low, low + 1) if low == high else (high, low)
    stops = _stops(axis)
    return {
        **made,
        "type": "continuous",
        "min": low,
        "max": high,
        "calculable": False,
        "hoverLink": False,
        "text": [f"{high:,g}", f"{low:,g}"],
        "itemWidth": 12,
        "itemHeight": 180,
        "inRange": {"color": stops},
    }


def _classes(axis: Any) -> list[dict[str, Any]]:
    made = []
    for at, one in enumerate(axis.many("dataClasses")[:50]):
        colour = plain_colour(one.value("color")) or _mixed("#e6ebf5", "#0b3d91", (at + 1) / (at + 2))
        name = one.text("name")
        made.append(given({"gte": one.number("from"), "lt": one.number("to"), "color": colour, "label": name}))
    return made


def _stops(axis: Any) -> list[str]:
    """Colours at even steps from the lowest to the highest value."""
    found: list[tuple[float, str]] = []
    for stop in axis.list("stops") if axis is not None else ():
        if isinstance(stop, list) and len(stop) == 2 and isinstance(stop[0], (int, float)):
            colour = plain_colour(stop[1])
            if colour and colour != "transparent":
                found.append((stop[0], colour))
    if len(found) < 2:
        ends = [plain_colour(axis.value(name)) if axis is not None else None for name in ("minColor", "maxColor")]
        found = [(0, ends[0] or "#dfe9f5"), (1, ends[1] or "#0b3d91")]
    elif axis is not None:
        axis.ignore("minColor", "maxColor")
    found.sort(key=lambda one: one[0])
    made = []
    for step in range(21):
        share = step / 20
        low = max((one for one in found if one[0] <= share), default=found[0], key=lambda one: one[0])
        high = min((one for one in found if one[0] >= share), default=found[-1], key=lambda one: one[0])
        part = (share - low[0]) / (high[0] - low[0]) if high[0] > low[0] else 0
        made.append(_mixed(low[1], high[1], part))
    return made


def _mixed(one: str, other: str, part: float) -> str:
    first, second = rgb(one) or (0, 0, 0), rgb(other) or (0, 0, 0)
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(first, second, strict=True))
    return f"#{red:02x}{green:02x}{blue:02x}"
