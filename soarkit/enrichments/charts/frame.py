"""What stands around the marks: title, legend, tooltip, and the room that is left for the marks."""

from __future__ import annotations

from typing import Any

from soarkit.enrichments.charts.colours import colour_of
from soarkit.enrichments.charts.looks import given, text_style
from soarkit.enrichments.charts.model import LINES, ROUND, Chart, Series
from soarkit.enrichments.charts.options import Options, share
from soarkit.enrichments.charts.templates import plain_text, runs_of

_PADDING = 12  # pixels between the edge and what stands there
_LEGEND = 30  # pixels that a legend takes below or above

_HEADER = '<span style="font-size: 10px">{point.key}</span><br/>'
_POINT = '<span style="color:{point.color}">●</span> {series.name}: <b>{point.y}</b><br/>'
_NAMED = '<span style="color:{point.color}">●</span> '
_POINTS = {
    "boxplot": _NAMED
    + "<b>{series.name}</b><br/>Maximum: {point.high}<br/>Upper quartile: {point.q3}<br/>Median: {point.median}<br/>"
    "Lower quartile: {point.q1}<br/>Minimum: {point.low}<br/>",
    "columnrange": _NAMED + "{series.name}: <b>{point.low}</b> - <b>{point.high}</b><br/>",
    "errorbar": _NAMED + "{series.name}: <b>{point.low}</b> - <b>{point.high}</b><br/>",
    "heatmap": "{point.x}, {point.y}: <b>{point.value}</b><br/>",
    "xrange": _NAMED + "<b>{point.yCategory}</b><br/>{point.x} - {point.x2}<br/>",
}
_HEADERS = {
    "gauge": "",
    "heatmap": '<span style="font-size: 10px">{series.name}</span><br/>',
    "xrange": '<span style="font-size: 10px">{point.name}</span><br/>',
}


def titles(chart: Chart) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """The title with its subtitle, and the room that it takes above and below."""
    main, below = chart.root.sub("title"), chart.root.sub("subtitle")
    text, second = main.text("text"), below.text("text")
    for one in (main, below):
        one.ignore("margin", "x", "floating", "widthAdjust")
    align = main.word("align", ("left", "center", "right"), "center")
    shift = main.number("y", None, -2000, 2000)
    at_bottom = main.word("verticalAlign", ("top", "middle", "bottom")) == "bottom"
    middle = main.value("verticalAlign") == "middle"
    below.ignore("align", "y", "verticalAlign")
    style, second_style = text_style(main.sub("style")), text_style(below.sub("style"))
    if not text and not second:
        return [], {"top": 0, "bottom": 0}
    made = given(
        {
            "text": plain_text(text) if text else "",
            "subtext": plain_text(second) if second else None,
            "left": align,
            "itemGap": 4,
            "top": None if at_bottom else ("middle" if middle else 10),
            "bottom": 10 if at_bottom else None,
            "textStyle": {"overflow": "break", **style},
            "subtextStyle": {"overflow": "break", **second_style} if second else None,
        }
    )
    if middle and shift:
        made["padding"] = [max(2 * shift, 0), 5, max(-2 * shift, 0), 5]
    height = (style.get("fontSize", 15) + 14 if text else 0) + (second_style.get("fontSize", 12) + 8 if second else 0)
    if middle:
        return [made], {"top": 0, "bottom": 0}
    return [made], {"top": 0 if at_bottom else height, "bottom": height if at_bottom else 0}


def _icon(series: Series) -> str:
    if series.kind in ("line", "spline"):
        return "path://M0 4H16V6H0z"
    return "circle" if series.kind in ROUND else "roundRect"


def legend(chart: Chart, above: int = 0) -> tuple[dict[str, Any], dict[str, int]]:
    """The legend, and the room that it takes at each side.

    :param above: pixels that a title takes
    """
    options = chart.root.sub("legend")
    entries = []
    for series in chart.series:
        pie = series.kind == "pie"
        # Bars of errors belong to their columns, and the scale of colours is the legend of a heat map.
        usual = not pie and series.kind not in ("errorbar", "gauge", "heatmap")
        if not series.options.flag("showInLegend", usual):
            continue
        if pie:
            names = dict.fromkeys(str(point.get("name") or "Slice") for point in series.points)
            entries += [{"name": name, "icon": "circle"} for name in names]
        else:
            entries.append({"name": series.name, "icon": _icon(series)})
    unnamed = (
        len(entries) == 1
        and not any(one.named for one in chart.series)
        and not any(one.kind == "pie" for one in chart.series)
    )
    shown = options.flag("enabled", default=True) and bool(entries) and not unnamed
    selected = {one.name: False for one in chart.series if not one.options.flag("visible", default=True)}
    if not shown:
        options.ignore(*(name for _, mapping in options.layers for name in mapping))
        return given({"show": False, "data": entries, "selected": selected or None}), {}
    vertical = options.word("layout", ("horizontal", "vertical", "proximate"), "horizontal") != "horizontal"
    align = options.word("align", ("left", "center", "right"), "center")
    upright = options.word("verticalAlign", ("top", "middle", "bottom"), "bottom")
    if options.flag("reversed"):
        entries.reverse()
    title = options.sub("title").text("text")
    made: dict[str, Any] = {
        "show": True,
        "type": "scroll",
        "data": list({one["name"]: one for one in entries}.values()),
        "orient": "vertical" if vertical else "horizontal",
        "textStyle": {
            **text_style(options.sub("itemStyle")),
            "overflow": "truncate",
            "width": 240 if not vertical else 130,
        },
        "borderColor": colour_of(options.value("borderColor")),
        "borderWidth": options.number("borderWidth", None, 0, 10),
        "selectedMode": True,
        "itemWidth": 16,
        "itemHeight": 10,
        "formatter": {"@": "legendName"},
    }
    if title:
        chart.ledger.warn(("legend", "title"), "this option has no effect here")
    options.ignore(
        "x", "y", "symbolHeight", "symbolWidth", "symbolRadius", "symbolPadding", "itemMarginTop", "itemMarginBottom",
        "itemDistance", "itemHiddenStyle", "itemHoverStyle", "margin", "padding", "borderRadius", "navigation",
        "maxHeight", "width", "itemWidth", "lineHeight", "squareSymbol", "shadow", "rtl", "alignColumns",
        "backgroundColor",
        "floating",  # one that hovers would hide marks here, where charts are as wide as the page
    )  # fmt: skip
    room: dict[str, int] = {}
    if vertical:
        side = "left" if align == "left" else "right"
        made[side] = _PADDING
        made["top"] = upright if upright == "middle" else None
        made["bottom" if upright == "bottom" else "top"] = "middle" if upright == "middle" else 8 + max(above, 8)
        room = {side: 170}
    else:
        side = "top" if upright == "top" else "bottom"
        made["left"] = align
        made[side] = 6 + (above if side == "top" else 0)
        room = {side: _LEGEND}
    if selected:
        made["selected"] = selected
    return given(made), room


def rooms(
    chart: Chart, titled: dict[str, int], keyed: dict[str, int], scaled: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """``grid`` for what stands on axes, and the box of what does not.

    :param scaled: whether a scale of colours stands below
    """
    used = {
        "top": max(titled["top"], 0) + keyed.get("top", 0),
        "bottom": titled["bottom"] + keyed.get("bottom", 0) + (34 if scaled else 0),
        "left": keyed.get("left", 0),
        "right": keyed.get("right", 0),
    }
    if keyed.get("top") and titled["top"]:
        used["top"] += 4
    margins = _margins(chart.chart)
    box = {side: margins.get(side, used[side] + (6 if used[side] else 8)) for side in used}
    grid: dict[str, Any]
    if margins:
        loose = {"top": 10, "bottom": 40, "left": 64, "right": 16}
        grid = {side: margins.get(side, used[side] + loose[side]) for side in used}
        grid |= {"outerBoundsMode": "auto", "outerBounds": {side: used[side] + 4 for side in used}}
    else:
        grid = {side: used[side] + _PADDING for side in used} | {"outerBoundsMode": "same", "outerBoundsContain": "all"}
        grid["right"] += 8
    ground = colour_of(chart.chart.value("plotBackgroundColor"))
    border = chart.chart.number("plotBorderWidth", 0, 0, 10)
    edge = colour_of(chart.chart.value("plotBorderColor"))
    if ground or border:
        grid |= given({"show": True, "backgroundColor": ground, "borderWidth": border, "borderColor": edge})
    return grid, box


def _margins(options: Options) -> dict[str, float]:
    whole = options.value("margin")
    sides = ("top", "right", "bottom", "left")
    found: dict[str, float] = {}
    if isinstance(whole, list):
        found = {
            side: one for side, one in zip(sides, (share(one)[0] for one in whole), strict=False) if one is not None
        }
    elif whole is not None and share(whole)[0] is not None:
        found = dict.fromkeys(sides, share(whole)[0])
    for side in sides:
        own = options.number(f"margin{side.title()}")
        if own is not None:
            found[side] = own
    # ECharts reckons from the edges inwards; a room that reaches above the edge is as good as one that reaches it.
    return {side: min(max(one, -200), 1000) for side, one in found.items()}


def tooltip(chart: Chart) -> dict[str, Any]:
    """The tooltip. Its content is made by the page's script, out of text alone."""
    options = chart.root.sub("tooltip")
    options.ignore(
        "animation", "followPointer", "followTouchMove", "hideDelay", "padding", "shadow", "shape", "snap", "split",
        "borderRadius", "crosshairs", "outside", "backgroundColor", "borderColor", "borderWidth", "style", "distance",
    )  # fmt: skip
    on_axes = chart.on_axes()
    lines = bool(on_axes) and all(one.kind in LINES for one in chart.series)
    shared = options.flag("shared") or options.flag("split")
    by_axis = bool(on_axes) and (shared or lines)
    return {
        "show": options.flag("enabled", default=True),
        "trigger": "axis" if by_axis else "item",
        "renderMode": "html",
        "confine": True,  # an arrow would be made out of markup, which the page forbids
        "formatter": {"@": "tooltip"},
        "transitionDuration": 0,
        "axisPointer": {"type": "line" if lines else "shadow", "animation": False},
    }


def formats(chart: Chart, series: Series) -> dict[str, Any]:
    """What a tooltip says of a series' points."""
    whole = chart.root.sub("tooltip")
    own = series.options.sub("tooltip")
    own.ignore("followPointer", "distance", "hideDelay")

    def pick(name: str, default: str | None = None) -> str | None:
        mine, shared = own.text(name), whole.text(name)
        return mine if mine is not None else shared if shared is not None else default

    decimals = own.number("valueDecimals", whole.number("valueDecimals", None, 0, 20), 0, 20)
    return given(
        {
            "header": runs_of(pick("headerFormat", _HEADERS.get(series.kind, _HEADER))),
            "point": runs_of(pick("pointFormat", _POINTS.get(series.kind, _POINT))),
            "footer": runs_of(pick("footerFormat", "")),
            "decimals": None if decimals is None else int(decimals),
            "prefix": pick("valuePrefix"),
            "suffix": pick("valueSuffix"),
            "dates": pick("xDateFormat"),
        }
    )
