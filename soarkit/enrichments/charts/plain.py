"""Lines, areas, columns and bars: what ECharts has itself."""

from __future__ import annotations

from typing import Any

from soarkit.enrichments.charts.colours import colour_of, shaded
from soarkit.enrichments.charts.looks import dash, given, label_of, point_label
from soarkit.enrichments.charts.model import AREAS, Chart, Series, first_colour
from soarkit.enrichments.charts.options import number_of
from soarkit.enrichments.charts.slots import Slot

_STEPS = {"left": "end", "center": "middle", "right": "start"}
_SYMBOLS = {"circle": "circle", "square": "rect", "diamond": "diamond", "triangle": "triangle"}
_SYMBOLS["triangle-down"] = "path://M0 0H10L5 9z"
#: More points than that carry no marks along a line.
_MARKED = 80


def common(chart: Chart, series: Series) -> dict[str, Any]:
    """What every series on axes says."""
    numbers = series.axes[::-1] if chart.inverted else series.axes
    return {
        "id": series.id,
        "name": series.name,
        "xAxisIndex": numbers[0],
        "yAxisIndex": numbers[1],
        "color": first_colour(series),
        "z": 2,
    }


def _stacks(series: Series) -> str | None:
    return " ".join(map(str, series.stack_key)) if series.stacking else None


def _drawn(series: Series, point: dict[str, Any]) -> Any:
    return point.get("share") if series.stacking == "percent" else point["y"]


def _items(chart: Chart, series: Series, colour: Any) -> list[Any]:
    items: list[Any] = []
    for at, point in enumerate(series.points):
        value = [point["x"], _drawn(series, point)]
        if chart.inverted:
            value.reverse()
        own = colour(at)
        label = point_label(series, at, "{y}", inverted=chart.inverted)
        look = given({"itemStyle": None if own is None else {"color": own}, "label": label})
        items.append({"value": value, **look} if look else value)
    return items


def line_series(chart: Chart, series: Series) -> dict[str, Any]:
    """``line``, ``spline``, ``area`` and ``areaspline``."""
    options = series.options
    marker = options.sub("marker")
    radius = marker.number("radius", 4, 0, 40)
    shown = marker.flag("enabled", sum(one["y"] is not None for one in series.points) <= _MARKED)
    width = options.number("lineWidth", 2, 0, 20)
    area = series.kind in AREAS
    made = {
        "type": "line",
        **common(chart, series),
        "data": _items(chart, series, series.point_colour),
        "smooth": series.kind in ("spline", "areaspline") and 0.4,
        "smoothMonotone": ("y" if chart.inverted else "x") if series.kind in ("spline", "areaspline") else None,
        "step": _STEPS.get(str(options.value("step"))) or ("end" if options.value("step") is True else None),
        "connectNulls": options.flag("connectNulls"),
        # A point between two gaps has no line: only its mark shows that it is there.
        "showSymbol": shown or _lonely(series),
        "showAllSymbol": True,
        "symbol": _SYMBOLS.get(str(marker.value("symbol")), "circle"),
        "symbolSize": 2 * radius if shown else 4,
        "lineStyle": given({"color": series.colour, "width": width, "type": dash(options)}),
        "itemStyle": given(
            {
                "color": colour_of(marker.value("fillColor")) or first_colour(series),
                "borderColor": colour_of(marker.value("lineColor")),
                "borderWidth": marker.number("lineWidth", None, 0, 10),
            }
        ),
        "stack": _stacks(series),
        "stackStrategy": "all" if series.stacking else None,
        "label": label_of(series, "{y}", inverted=chart.inverted),
        "labelLayout": {"hideOverlap": True},
        "emphasis": {"disabled": len(series.points) > 2000},
    }
    marker.ignore("states", "height", "width")
    if area:
        fill = options.value("fillColor")
        opacity = options.number("fillOpacity", 0.75, 0, 1)
        made["areaStyle"] = given(
            {
                "color": colour_of(fill) if fill is not None else shaded(series.colour, opacity),
                "opacity": 1,
                "origin": None if series.stacking else "start" if series.rootless else options.number("threshold"),
            }
        )
        line = colour_of(options.value("lineColor"))
        if line:
            made["lineStyle"]["color"] = line
    if options.has("zones") or options.has("negativeColor"):  # what has a colour of its own takes none by value
        made["lineStyle"].pop("color")
        if area:
            made["areaStyle"] = {**made["areaStyle"], "color": None, "opacity": opacity}
    options.ignore("threshold", "linecap", "negativeFillColor", "trackByArea", "pointPlacement")
    return given(made)


def _lonely(series: Series) -> bool:
    there = [one["y"] is not None for one in series.points]
    return any(
        here and not before and not after
        for before, here, after in zip([False, *there], there, [*there[1:], False], strict=False)
    )


def bar_place(series: Series, slot: Slot) -> dict[str, Any]:
    """How wide a column is, and what stands beside it or below."""
    return {
        "stack": _stacks(series) or (f"alone {series.number}" if slot.beside > 1 else None),
        "barWidth": slot.pixels or f"{slot.share * 100:.4g}%",
        "barMaxWidth": slot.most,
        "barGap": "-100%" if slot.overlapping else f"{slot.gap * 100:.4g}%",
    }


def column_series(chart: Chart, series: Series, slot: Slot) -> dict[str, Any]:
    """``column`` and ``bar``."""
    options = series.options
    zones = pieces(series)

    def colour(at: int) -> Any:
        own = series.point_colour(at)
        return own if own is not None else zoned(zones, series.points[at]["y"])

    made = {
        "type": "bar",
        **common(chart, series),
        "data": _items(chart, series, colour),
        **bar_place(series, slot),
        "barMinHeight": options.number("minPointLength", None, 0, 100) or None,
        "itemStyle": given(
            {
                "color": series.colour,
                "borderColor": colour_of(options.value("borderColor")),
                "borderWidth": options.number("borderWidth", None, 0, 10),
                "borderRadius": options.number("borderRadius", None, 0, 100),
                "opacity": options.number("opacity", None, 0, 1),
            }
        ),
        "label": label_of(series, "{y}", inverted=chart.inverted),
        "labelLayout": {"hideOverlap": True},
        "emphasis": {"disabled": len(series.points) > 2000},
    }
    options.ignore(
        "threshold",
        "edgeColor",
        "edgeWidth",
        "pointPlacement",
        "pointRange",
        "depth",
        "dashStyle",
        "lineWidth",
        "marker",
    )
    return given(made)


Piece = tuple[float | None, Any]


def pieces(series: Series) -> list[Piece]:
    """Colours by value: each up to its value, the last without end."""
    options = series.options
    found: list[Piece] = []
    for zone in options.many("zones"):
        value, colour = zone.number("value"), colour_of(zone.value("color"))
        zone.ignore("className", "dashStyle", "fillColor")
        found.append((value, colour if colour is not None else series.colour))
    negative = colour_of(options.value("negativeColor"))
    if negative is not None and not found:
        found = [(options.number("threshold", 0), negative), (None, series.colour)]
    if found and found[-1][0] is not None:
        found.append((None, series.colour))
    return found


def zoned(zones: list[Piece], value: Any) -> Any:
    """The colour that a value has by the zones."""
    if not zones or number_of(value) is None:
        return None
    return next((colour for end, colour in zones if end is None or value < end), None)


def visual_map(chart: Chart, series: Series, index: int) -> dict[str, Any] | None:
    """The zones of a line, as ECharts has them.

    :param index: the place of the series in ECharts' list
    """
    zones = pieces(series)
    if not zones:
        return None
    along_x = series.options.word("zoneAxis", ("x", "y"), "y") == "x"
    # ECharts fails where the first and the last piece have no end.
    name = "x" if along_x else "share" if series.stacking == "percent" else "y"
    values = [point[name] for point in series.points if point.get(name) is not None] + [
        end for end, _ in zones if end is not None
    ]
    if not values:  # nothing that a zone could colour
        return None
    made, low = [], min(values) - 1
    for given_end, colour in zones:
        end = max(values) + 1 if given_end is None else given_end
        piece = given({"gte": low, "lt": end, "color": colour if isinstance(colour, str) else first_colour(series)})
        made.append(piece)
        low = end
    return {
        "type": "piecewise",
        "show": False,
        "seriesIndex": index,
        "dimension": 0 if along_x != chart.inverted else 1,
        "pieces": made,
    }
