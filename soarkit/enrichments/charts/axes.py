"""Axes, with their lines and bands."""

from __future__ import annotations

import itertools
import math
from typing import Any

from soarkit.enrichments.charts.colours import colour_of, shaded
from soarkit.enrichments.charts.looks import dash, given, text_style, theme
from soarkit.enrichments.charts.model import AREAS, BESIDE, LINES, ROUND, Axis, Chart, Series
from soarkit.enrichments.charts.options import Options, number_of
from soarkit.enrichments.charts.points import place_of
from soarkit.enrichments.charts.templates import plain_text, runs_of

_STEPS = 200  # more of them on an axis would take for ever, and be a black bar
#: Pixels that an axis takes from the next on its side, upright or lying, and those for its title.
_ASIDE, _BELOW, _TITLE = 50, 30, 20
_FROM_ZERO = AREAS | {"column", "bar", "waterfall"}
_QUIET = (
    "id", "className", "crosshair", "allowDecimals", "startOnTick", "endOnTick", "minPadding", "maxPadding", "ordinal",
    "showFirstLabel", "showLastLabel", "tickmarkPlacement", "uniqueNames", "zIndex", "softMin", "softMax", "offset",
    "tickPixelInterval", "minorTickLength", "minTickInterval", "maxZoom", "minRange", "events", "allowStepping",
    "startOfWeek", "units", "tickLength", "tickPosition", "tickWidth", "margin", "distance", "labelFormat",
)  # fmt: skip


def axis_options(chart: Chart) -> dict[str, Any]:
    """``xAxis`` and ``yAxis`` of ECharts; inverted charts have them the other way round."""
    across = _beside([_axis(chart, one) for one in chart.x_axes])
    up = _beside([_axis(chart, one) for one in chart.y_axes])
    return {"xAxis": up, "yAxis": across} if chart.inverted else {"xAxis": across, "yAxis": up}


def _beside(axes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Axes that share a side stand beside each other, the first one next to the marks."""
    used: dict[str, int] = {}
    for one in axes:
        if one["show"]:
            room = _ASIDE if one["position"] in ("left", "right") else _BELOW
            one["offset"] = used.get(one["position"], 0) or None
            used[one["position"]] = used.get(one["position"], 0) + room + (_TITLE if one.get("name") else 0)
    return [given(one) for one in axes]


def _members(chart: Chart, axis: Axis) -> list[Series]:
    place = 0 if axis.role == "x" else 1
    return [one for one in chart.on_axes() if one.axes[place] == axis.number]


def _axis(chart: Chart, axis: Axis) -> dict[str, Any]:
    options, members = axis.options, _members(chart, axis)
    across = (axis.role == "x") != chart.inverted  # whether it lies
    opposite = options.flag("opposite")
    title = options.sub("title")
    name = title.text("text")
    gridded = options.number("gridLineWidth", 1 if axis.role == "y" else 0, 0, 10)
    lined = options.number("lineWidth", 1 if axis.role == "x" else 0, 0, 10)
    made: dict[str, Any] = {
        "type": axis.kind,
        "show": options.flag("visible", default=True) and bool(members),
        "position": (("top" if opposite else "bottom") if across else ("right" if opposite else "left")),
        "inverse": options.flag("reversed", chart.inverted and axis.role == "x"),
        "name": plain_text(name) if name and title.flag("enabled", default=True) else None,
        "nameLocation": {"low": "start", "high": "end"}.get(str(title.value("align")), "middle"),
        "nameGap": 28 if across else None,
        "nameTextStyle": text_style(title.sub("style")) or None,
        "axisLabel": _labels(options, axis, across),
        "axisLine": given(
            {"show": lined > 0, "onZero": False, "lineStyle": _line(options, "lineColor", lined) if lined else None}
        ),
        "axisTick": {"show": axis.kind != "category" and lined > 0},
        "splitLine": given({"show": gridded > 0, "lineStyle": _line(options, "gridLineColor", gridded)}),
    }
    title.ignore("margin", "offset", "rotation", "x", "y", "reserveSpace")
    grid_dash = dash(options, "gridLineDashStyle")
    if grid_dash and made["splitLine"].get("lineStyle") is not None:
        made["splitLine"]["lineStyle"]["type"] = grid_dash
    if axis.kind == "category":
        made["data"] = [plain_text(one) if "<" in one or "&" in one else one for one in axis.categories]
        bands = any(one.kind not in LINES for one in members) or len(axis.categories) < 2
        made["boundaryGap"] = bands or axis.role == "y"
    elif axis.kind == "log":
        made["logBase"] = 10
    made |= _extent(chart, axis, members)
    whole = all(isinstance(point["x"], int) for one in members for point in one.points)
    made |= _ticks(chart, options, axis, whole)
    options.ignore(*_QUIET)
    return given(made)


def _line(options: Options, name: str, width: float) -> dict[str, Any]:
    return given({"color": colour_of(options.value(name)), "width": width if width != 1 else None})


def _labels(options: Options, axis: Axis, across: bool) -> dict[str, Any]:
    labels = options.sub("labels")
    form = labels.text("format")
    formats = options.sub("dateTimeLabelFormats")
    made: dict[str, Any] = {
        "show": labels.flag("enabled", default=True),
        "rotate": -labels.number("rotation", 0, -90, 90) or None,
        **text_style(labels.sub("style")),
        "hideOverlap": True,
    }
    height = made.pop("lineHeight", 15)  # only where lines are broken: with it, ECharts takes a width for a box
    if axis.kind == "category":
        made.setdefault("overflow", "truncate")
        made.setdefault("width", 240)
        if not across:
            made["interval"] = 0 if len(axis.categories) <= 40 else None
        elif len(axis.categories) <= _ALL and not made["rotate"]:
            # Each has its share of the chart's width, which only the page knows.
            made |= {"interval": 0, "hideOverlap": False, "overflow": "break"}
            made |= {"width": {"@": "share", "of": len(axis.categories)}, "lineHeight": height}
    if form and form != "{value}":
        made["formatter"] = {"@": "axisLabel", "runs": runs_of(form), "kind": axis.kind}
    elif axis.kind == "time":
        units = {unit: text for unit in _UNITS if isinstance(text := _form(formats, unit), str)}
        made["formatter"] = {"@": "dateLabel", "formats": units}
    elif axis.kind != "category":
        made["formatter"] = {"@": "numberLabel"}
    step = labels.number("step", None, 1, 1000)
    if step and axis.kind == "category":
        made["interval"] = int(step) - 1
    labels.ignore("align", "x", "y", "padding", "overflow", "autoRotation", "autoRotationLimit", "staggerLines")
    labels.ignore("distance", "reserveSpace", "zIndex", "maxStaggerLines")
    return given(made)


#: So many categories beside each other are all named.
_ALL = 12
_UNITS = ("millisecond", "second", "minute", "hour", "day", "week", "month", "year")


def _form(formats: Options, unit: str) -> Any:
    found = formats.value(unit)
    return found.get("main") if isinstance(found, dict) else found


def _extent(chart: Chart, axis: Axis, members: list[Series]) -> dict[str, Any]:
    options = axis.options
    low, high = options.number("min"), options.number("max")
    made: dict[str, Any] = {}
    if axis.kind == "category":
        return given({"min": low, "max": high})
    if axis.role == "y":
        from_zero = any((one.kind in _FROM_ZERO and not one.rootless) or one.stacking for one in members)
        made["scale"] = not from_zero
        if low is None and high is None and members and all(one.stacking == "percent" for one in members):
            low, high = (0, 100) if not _goes_below(members) else (None, None)
        if axis.kind == "time":
            made["scale"] = True
        if any(one.kind == "heatmap" for one in members):
            first, last = _rows(members)
            made["scale"] = True
            low, high = first if low is None else low, last if high is None else high
    else:
        made["scale"] = True
        first, last = edges(chart, axis)
        if first is not None and last is not None:
            low = first if low is None else low
            high = last if high is None else high
    if axis.kind == "log":
        low = None if low is not None and low <= 0 else low
        if any(one.kind in ("column", "bar", "waterfall") for one in members):
            low = made["startValue"] = _foot(members) if low is None else low
    return made | given({"min": low, "max": high})


def _foot(members: list[Series]) -> float:
    """Where bars on a logarithmic axis begin: at the power of ten below the smallest."""
    least = min((point["y"] for one in members for point in one.points if point.get("y") is not None), default=1)
    return float(10.0 ** (math.ceil(math.log10(least)) - 1)) if least < 1 else 1


def _rows(members: list[Series]) -> tuple[Any, Any]:
    """Where the first and the last row of a heat map end."""
    ends = [
        point["y"] + side * one.options.number("rowsize", 1, 0) / 2
        for one in members
        if one.kind == "heatmap"
        for point in one.points
        if point["y"] is not None
        for side in (-1, 1)
    ]
    return min(ends, default=None), max(ends, default=None)


def _goes_below(members: list[Series]) -> bool:
    return any((point.get("y") or 0) < 0 for one in members for point in one.points)


def edges(chart: Chart, axis: Axis) -> tuple[Any, Any]:
    """Where an x axis of numbers or dates begins and ends: with its first and last point, and room for their bars."""
    members = _members(chart, axis)
    places = [
        point[name] for one in members for point in one.points for name in ("x", "x2") if point.get(name) is not None
    ]
    if not places or axis.kind == "log":
        return None, None
    low, high = min(places), max(places)
    room = 0.0
    if any(one.kind in BESIDE | {"errorbar", "heatmap"} for one in members):
        sizes = [one.options.number("colsize", 0, 0) for one in members if one.kind == "heatmap"]
        room = max(band_of(chart, axis), *sizes, 0) / 2
    elif axis.kind == "value" and not any(one.kind == "xrange" for one in members):
        room = (high - low) * 0.01
    elif any(one.kind == "xrange" for one in members):
        room = (high - low) * 0.02
    if low == high and not room:
        return None, None
    return low - room, high + room


def band_of(chart: Chart, axis: Axis) -> float:
    """The width that bars at one place may take, in the axis' own unit: 1 for categories, else the smallest step."""
    if axis.kind == "category":
        return 1
    wanted = BESIDE | {"errorbar", "heatmap"}
    places = sorted(
        {
            point["x"]
            for one in _members(chart, axis)
            if one.kind in wanted
            for point in one.points
            if point["x"] is not None
        }
    )
    steps = [after - before for before, after in itertools.pairwise(places)]
    return min(steps, default=1 if axis.kind != "time" else 86_400_000)


def _span(chart: Chart, axis: Axis, low: Any, high: Any) -> float:
    """How far an axis reaches, about."""
    members = _members(chart, axis)
    names = [("x", "x2") if axis.role == "x" else one.values for one in members]
    found = [
        point[name]
        for one, listed in zip(members, names, strict=True)
        for point in one.points
        for name in listed
        if point.get(name) is not None
    ]
    return float((max(found, default=0) if high is None else high) - (min([0, *found]) if low is None else low))


def _ticks(chart: Chart, options: Options, axis: Axis, whole: bool) -> dict[str, Any]:
    step = options.number("tickInterval", None, 0)
    amount = options.number("tickAmount", None, 2, 100)
    [found for one in options.list("tickPositions")[:200] if (found := number_of(one)) is not None]
    options.ignore("tickColor", "minorTickInterval", "minorTicks", "minorGridLineWidth", "minorGridLineColor")
    if axis.kind == "category":
        return {}
    made: dict[str, Any] = {"splitNumber": amount}
    low, high = options.number("min"), options.number("max")
    if step and axis.kind == "value" and _span(chart, axis, low, high) / step <= _STEPS:
        made["interval" if low is not None or axis.role == "y" else "minInterval"] = step
    elif step and axis.kind == "time" and _span(chart, axis, low, high) / step <= 100 * _STEPS:
        made["minInterval"] = step
    elif axis.role == "x" and axis.kind == "value" and whole:
        made["minInterval"] = 1
    return given(made)


def marks(chart: Chart) -> list[dict[str, Any]]:
    """Lines and bands of all axes, each axis' on a series of its own that shows nothing else."""
    made = []
    if not any(one.kind not in ROUND for one in chart.series):
        return []
    for axis in (*chart.x_axes, *chart.y_axes):
        across = (axis.role == "x") != chart.inverted
        key = "xAxis" if across else "yAxis"
        lines = [line for one in axis.options.many("plotLines") if (line := _plot_line(one, key))]
        bands = [band for one in axis.options.many("plotBands") if (band := _plot_band(one, key))]
        if not lines and not bands:
            continue
        numbers = (axis.number, 0) if axis.role == "x" else (0, axis.number)
        made.append(
            given(
                {
                    "type": "line",
                    "id": f"marks-{axis.role}{axis.number}",
                    "data": [],
                    "silent": True,
                    "xAxisIndex": numbers[1 if chart.inverted else 0],
                    "yAxisIndex": numbers[0 if chart.inverted else 1],
                    "markLine": {"silent": True, "symbol": "none", "animation": False, "data": lines}
                    if lines
                    else None,
                    "markArea": {"silent": True, "animation": False, "data": bands} if bands else None,
                }
            )
        )
    return made


def _mark_label(options: Options, position: str) -> dict[str, Any]:
    label = options.sub("label")
    text = label.text("text")
    label.ignore("align", "verticalAlign", "x", "y", "rotation", "textAlign")
    if not text:
        return {"show": False}
    style = text_style(label.sub("style"))
    # ECharts fills braces in texts; a function gives the text as it is.
    return {"show": True, "position": position, "formatter": {"@": "words", "text": plain_text(text)}, **style}


def _plot_line(options: Options, key: str) -> dict[str, Any] | None:
    value = place_of(options.value("value"))
    width = options.number("width", 2, 0, 20)
    colour = colour_of(options.value("color")) or theme("dim")
    kind = dash(options) or "solid"
    label = _mark_label(options, "insideStartTop")
    options.ignore("zIndex", "id", "className", "events")
    if value is None:
        return None
    return {key: value, "lineStyle": {"color": colour, "width": width, "type": kind}, "label": label}


def _plot_band(options: Options, key: str) -> list[dict[str, Any]] | None:
    low, high = place_of(options.value("from")), place_of(options.value("to"))
    colour = colour_of(options.value("color"))
    border = given(
        {"borderColor": colour_of(options.value("borderColor")), "borderWidth": options.number("borderWidth")}
    )
    label = _mark_label(options, "insideTop")
    options.ignore("zIndex", "id", "className", "events", "thickness", "innerRadius", "outerRadius")
    if low is None or high is None:
        return None
    style = {"color": colour or shaded("#3b82c9", 0.12), **border}
    return [{key: low, "itemStyle": style, "label": label}, {key: high}]
