"""Pies and gauges."""

from __future__ import annotations

import math
from typing import Any

from soarkit.enrichments.charts.colours import colour_of
from soarkit.enrichments.charts.looks import given, label_of, point_label, readable, text_style, theme
from soarkit.enrichments.charts.model import Chart, Series, first_colour
from soarkit.enrichments.charts.options import Options, number_of, share
from soarkit.enrichments.charts.templates import plain_text, runs_of

#: From how many slices on which angle is too small for a label: the tooltip and the data still tell.
_CROWDS = ((20, 7), (12, 3))


def pie_series(chart: Chart, series: Series, box: dict[str, Any]) -> dict[str, Any]:
    """``pie``.

    :param box: the distances of the room for charts without axes from the edges
    """
    options = series.options
    labels = options.sub("dataLabels")
    distance = labels.number("distance", 30, -500, 300)
    connector = labels.number("connectorWidth", 1, 0, 10)
    line_colour = colour_of(labels.value("connectorColor"))
    width, _ = share(labels.sub("style").value("width"))
    label = label_of(series, "{point.name}", shown=True)
    around = label is not None and distance >= 0
    if label is not None:
        label.pop("rotate", None)
        label["position"] = "outside" if around else "inside"
        if around:
            label.pop("width", None)
            label |= {"overflow": "truncate", "bleedMargin": 0}
            if width:
                label |= {"width": min(max(width, 20), 1000), "overflow": "break"}
        elif isinstance(label.get("color"), dict):
            label["color"] = label["color"]["color"]  # on a slice, not on the ground
    outer = _radius(options.size("size"), "65%" if around else "88%")
    hole = options.size("innerSize", 0)
    inner = _hole(hole, outer)
    centre = options.list("center")
    start = options.number("startAngle", 0, -3600, 3600)
    end = options.number("endAngle", None, -3600, 3600)
    data = []
    for at, point in enumerate(series.points):
        sliced = bool(point.get("sliced"))
        data.append(
            given(
                {
                    "name": _name(point),
                    "value": point["y"] if point["y"] is not None and point["y"] >= 0 else None,
                    "itemStyle": given({"color": series.point_colour(at) or chart.palette[at % len(chart.palette)]}),
                    "selected": sliced or None,
                    "label": _slice_label(series, at, around),
                }
            )
        )
    if any((point["y"] or 0) < 0 for point in series.points):
        chart.ledger.warn(("series", series.number, "data"), "values below 0 have no slice")
    made = {
        "type": "pie",
        "id": series.id,
        "name": series.name,
        "z": 4,
        **box,
        "center": [_place(centre, 0), _place(centre, 1)],
        "radius": [inner, outer],
        "startAngle": 90 - start,
        "endAngle": None if end is None else 90 - end,
        "selectedMode": "multiple" if any(one.get("selected") for one in data) else False,
        "selectedOffset": options.number("slicedOffset", 10, 0, 100),
        "data": data,
        "itemStyle": given(
            {
                "borderColor": colour_of(options.value("borderColor")) or theme("card"),
                "borderWidth": options.number("borderWidth", 1, 0, 20),
            }
        ),
        "label": label or {"show": False},
        "labelLayout": {"hideOverlap": True},
        "labelLine": given(
            {
                "show": around and connector > 0,
                "length": max(distance / 2, 2),
                "length2": max(distance / 2, 2),
                "lineStyle": given({"color": line_colour, "width": connector}),
            }
        ),
        "minShowLabelAngle": next((angle for most, angle in _CROWDS if len(data) > most), None),
        "emphasis": {"scale": False},
    }
    options.ignore("depth", "innerSize", "showInLegend", "opacity", "fillColor")
    return given(made)


def _slice_label(series: Series, at: int, around: bool) -> dict[str, Any] | None:
    label = point_label(series, at, "{point.name}", shown=True)
    return label and {**label, "position": "outside" if around else "inside"}


def _name(point: dict[str, Any]) -> str:
    return point.get("name") or "Slice"


def _radius(size: Any, default: str) -> Any:
    if isinstance(size, str):
        return f"{min(max(float(size[:-1]), 1), 400):g}%"
    return default if size is None else min(max(size, 2), 4000) / 2


def _hole(size: Any, outer: Any) -> Any:
    """The inner radius: a percentage is one of the pie, pixels are a width."""
    if not isinstance(size, str):
        return min(max(size, 0), 4000) / 2
    part = min(max(float(size[:-1]), 0), 100) / 100
    return f"{float(outer[:-1]) * part:g}%" if isinstance(outer, str) else outer * part


def _place(centre: list[Any], at: int) -> Any:
    found, percent = share(centre[at]) if len(centre) > at else (None, False)
    if found is None:
        return "50%"
    return f"{found:g}%" if percent else found


def _above(number: float) -> float:
    """A number that is larger, also where adding one would change nothing."""
    return number + max(1.0, abs(number) * 1e-9)


def gauge_series(chart: Chart, series: Series, box: dict[str, Any], first: bool) -> dict[str, Any]:
    """``gauge``: its scale, its bands and its needles.

    :param first: whether it is the first on its axis, which then is drawn
    """
    axis = chart.y_axis(series).options
    pane = _pane(chart, series.axes[1])
    start = pane.number("startAngle", 0, -3600, 3600)
    end = pane.number("endAngle", start + 360, -3600, 3600)
    centre = pane.list("center")
    low = axis.number("min")
    high = axis.number("max")
    values = [point["y"] for point in series.points if point["y"] is not None]
    low = min([0, *values]) if low is None else low
    high = max([0, _above(low), *values]) if high is None else high
    if not low < high:
        low, high = high, _above(low) if low == high else low
    dial, pivot = series.options.sub("dial"), series.options.sub("pivot")
    bands, width = _bands(axis, low, high)
    labels = axis.sub("labels")
    form = labels.text("format")
    steps = axis.number("tickInterval", None, 0)
    # All the way round, the first number would stand on the last.
    skipped = low if end - start == 360 or not axis.flag("showFirstLabel", default=True) else None
    title = axis.sub("title")
    words = title.text("text") if first else None
    made = {
        "type": "gauge",
        "id": series.id,
        "name": series.name,
        "z": 3,
        "center": [_place(centre, 0), _pane_centre(centre, box)],
        "radius": _radius(pane.size("size"), "80%"),
        "startAngle": 90 - start,
        "endAngle": 90 - end,
        "clockwise": True,
        "min": low,
        "max": high,
        "splitNumber": max(1, min(round((high - low) / steps), 50)) if steps else _parts(low, high),
        "axisLine": {"show": first, "lineStyle": {"width": width, "color": bands}},
        "axisTick": {"show": first, "distance": 2, "length": 5},
        "splitLine": {"show": first, "distance": 2, "length": 10},
        "axisLabel": {
            "show": first and labels.flag("enabled", default=True),
            "distance": 14 + width,
            **text_style(labels.sub("style")),
            "formatter": given(
                {"@": "axisLabel", "runs": runs_of(form), "kind": "value", "skip": skipped}
                if form
                else {"@": "numberLabel", "skip": skipped}
            ),
        },
        "pointer": _pointer(dial, series),
        "anchor": {
            "show": True,
            "showAbove": True,
            "size": 2 * pivot.number("radius", 5, 0, 50),
            "itemStyle": {"color": colour_of(pivot.value("backgroundColor")) or theme("text"), "borderWidth": 0},
        },
        "title": {"show": bool(words), "offsetCenter": [0, "-28%"], **text_style(title.sub("style"))},
        "detail": {"show": False},
        "data": _needles(series, plain_text(words) if words else ""),
    }
    dial.ignore("borderColor", "borderWidth", "topWidth", "rearLength", "baseLength")
    pivot.ignore("borderColor", "borderWidth")
    labels.ignore("distance", "rotation", "step", "x", "y", "align")
    title.ignore("x", "y", "align", "margin", "rotation", "offset")
    axis.ignore(
        "minorTickInterval", "minorTickWidth", "minorTickLength", "minorTickPosition", "minorTickColor", "tickWidth",
        "tickPixelInterval", "tickPosition", "tickLength", "tickColor", "lineWidth", "lineColor", "endOnTick",
        "startOnTick", "offset", "pane", "tickPositions", "gridLineWidth", "tickAmount", "stops", "minorTicks",
    )  # fmt: skip
    series.options.ignore("overshoot", "wrap", "threshold", "dataLabels")
    return given(made)


def _parts(low: float, high: float) -> int:
    """How many parts a scale has: so many that each is a round number, where there is one."""
    size = 10.0 ** math.floor(math.log10(high - low))
    for step in (size / 10, size / 5, size / 4, size / 2, size):
        parts = (high - low) / step
        if 4 <= round(parts) <= 13 and math.isclose(parts, round(parts), rel_tol=1e-9):
            return round(parts)
    return 8


def _pane(chart: Chart, number: int) -> Options:
    panes = chart.root.many("pane")
    wanted = number_of(chart.y_axes[number].options.value("pane")) or 0
    pane = panes[int(wanted)] if 0 <= wanted < len(panes) else Options(chart.ledger, [])
    pane.ignore("background")
    return pane


def _pane_centre(centre: list[Any], box: dict[str, Any]) -> Any:
    return _place(centre, 1) if centre else "55%" if box.get("top", 0) > 24 else "50%"


def _bands(axis: Options, low: float, high: float) -> tuple[list[list[Any]], float]:
    found: list[tuple[float, float, str]] = []
    width = 10.0
    for band in axis.many("plotBands"):
        begin, end = band.number("from"), band.number("to")
        colour = colour_of(band.value("color"))
        thickness, _ = share(band.value("thickness"))
        width = min(max(thickness or width, 2), 40)
        band.ignore("innerRadius", "outerRadius", "id", "label", "borderColor", "borderWidth", "zIndex")
        if begin is not None and end is not None and isinstance(colour, str):
            found.append((max(begin, low), min(end, high), colour))
    stops: list[list[Any]] = []
    at = low
    for begin, end, colour in sorted(found):
        if end <= at:
            continue
        if begin > at:
            stops.append([(begin - low) / (high - low), theme("line")])
        stops.append([(end - low) / (high - low), colour])
        at = end
    if at < high:
        stops.append([1, theme("line")])
    return stops, width


def _pointer(dial: Options, series: Series) -> dict[str, Any]:
    return {
        "length": dial.size("radius", "80%"),
        "width": dial.number("baseWidth", 5, 1, 40),
        "itemStyle": {"color": colour_of(dial.value("backgroundColor")) or theme("text")},
    }


def _needles(series: Series, title: str) -> list[dict[str, Any]]:
    """A needle a point, with its value below the middle."""
    options = series.options.sub("dataLabels")
    shown = options.flag("enabled", default=True)
    runs = runs_of(options.text("format", "{y}"))
    style = text_style(options.sub("style"))
    colour = readable(options.value("color"))
    options.ignore(*(name for _, mapping in options.layers for name in mapping))
    made = []
    several = len(series.points) > 1
    for at, point in enumerate(series.points):
        own = colour_of(point.get("color")) or (first_colour(series) if several else None)
        given_dial = point.get("dial")
        place = ("series", series.number, "data", at, "dial")
        dial = Options(series.options.ledger, [(place, given_dial)] if isinstance(given_dial, dict) else [])
        tint = colour_of(dial.value("backgroundColor")) or own
        detail = {
            "show": shown,
            "offsetCenter": [f"{(at - (len(series.points) - 1) / 2) * 60:g}%" if several else 0, "38%"],
            "fontSize": 20,
            **given({"color": colour}),
            **style,
            "formatter": {"@": "pointLabel", "series": series.number, "at": at, "runs": runs},
        }
        made.append(
            given(
                {
                    "value": point["y"],
                    "name": title if at == 0 else "",
                    "detail": detail,
                    "pointer": given(
                        {
                            "show": point["y"] is not None,
                            "length": dial.size("radius"),
                            "width": dial.number("baseWidth", None, 1, 40),
                            "itemStyle": {"color": tint} if tint else None,
                        }
                    ),
                }
            )
        )
    return made
