"""From the options of Highcharts to those of ECharts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from soarkit.enrichments.charts import frame, plain, rounds, shapes
from soarkit.enrichments.charts.axes import axis_options, marks
from soarkit.enrichments.charts.colours import colour_of, is_light
from soarkit.enrichments.charts.looks import given
from soarkit.enrichments.charts.model import LINES, Chart, Series, read_chart
from soarkit.enrichments.charts.options import share
from soarkit.enrichments.charts.points import columns_of
from soarkit.enrichments.charts.refusing import parse
from soarkit.enrichments.charts.slots import Slot, slots_of

#: Pixels, where the author says nothing.
HEIGHT = 360


@dataclass(frozen=True)
class Drawing:
    """A chart that can be drawn.

    :param option: options of ECharts as plain JSON; ``{"@": name, ...}`` stands for a function or colour of the page's
    :param height: pixels
    :param warnings: what of the author's options has no effect, or another one, each with its path
    :param series: for each series ``name``, ``type``, ``color``, ``axes``, templates, and its ``points`` as
        ``keys`` and ``rows``
    :param axes: ``x`` and ``y``: of each axis its ``kind``, ``title`` and ``categories``
    :param ground: ``light`` or ``dark`` where the author gives the chart a ground of its own, else None
    :param description: the chart in a sentence, for those who cannot see it
    """

    option: dict[str, Any]
    height: int
    warnings: list[str]
    series: list[dict[str, Any]] = field(default_factory=list)
    axes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    ground: str | None = None
    description: str = ""

    def as_json(self) -> dict[str, Any]:
        """What the page's script draws from: the content of the block that a ``chart`` part names."""
        return {
            "option": self.option,
            "height": self.height,
            "series": self.series,
            "axes": self.axes,
            "ground": self.ground,
            "description": self.description,
        }


def translate(name: str, text: Any) -> Drawing:
    """A chart as it is drawn.

    :param name: the widget's ``chartName``; it names a chart that has no title
    :param text: the widget's ``highchartsJson``
    :raises ChartRefused: if a rule refuses it (reference, section 3.3)
    """
    options = parse(text)
    chart = read_chart(options)
    _shares(chart)
    slots = slots_of(chart)
    titled, title_room = frame.titles(chart)
    keyed, key_room = frame.legend(chart, title_room["top"])
    scaled = any(one.kind == "heatmap" for one in chart.series)
    grid, box = frame.rooms(chart, title_room, key_room, scaled)
    series, maps = _series(chart, slots, box)
    ground = colour_of(chart.chart.value("backgroundColor"))
    light = is_light(ground)
    option = {
        "useUTC": True,
        "animation": False,
        "backgroundColor": ground or "transparent",
        "color": [one for one in chart.palette if isinstance(one, str)],
        "title": titled,
        "legend": keyed,
        "tooltip": frame.tooltip(chart),
        "series": series,
    }
    if chart.on_axes():
        option |= {"grid": grid, **axis_options(chart)}
    if maps:
        option["visualMap"] = maps
    height = _height(chart)
    described = _described(chart, name, options)
    drawn = [_told(chart, one) for one in chart.series]
    axes = {"x": [_axis(one) for one in chart.x_axes], "y": [_axis(one) for one in chart.y_axes]}
    _quiet(chart)
    chart.ledger.tell_unread(options)
    return Drawing(
        option,
        height,
        chart.ledger.warnings,
        drawn,
        axes,
        None if light is None else "light" if light else "dark",
        described,
    )


def _series(
    chart: Chart, slots: dict[int, Slot], box: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    made = marks(chart)
    maps = []
    gauges: set[int] = set()
    for one in _order(chart):
        index = len(made)
        if one.kind in LINES:
            made.append(plain.line_series(chart, one))
            found = plain.visual_map(chart, one, index)
            if found:
                maps.append(found)
        elif one.kind in ("column", "bar"):
            free = slots[one.number].overlapping or shapes.placement_of(one)
            aside = free and not one.stacking and chart.y_axis(one).kind == "value"
            made.append((shapes.placed_series if aside else plain.column_series)(chart, one, slots[one.number]))
        elif one.kind == "pie":
            made.append(rounds.pie_series(chart, one, box))
        elif one.kind == "gauge":
            made.append(rounds.gauge_series(chart, one, box, one.axes[1] not in gauges))
            gauges.add(one.axes[1])
        elif one.kind == "heatmap":
            cells, scale = shapes.cell_series(chart, one, index)
            made.append(cells)
            scale["show"] = not maps
            maps.append(_placed(chart, scale))
        elif one.kind == "xrange":
            made.append(shapes.span_series(chart, one))
        else:
            draw = {
                "columnrange": shapes.range_series,
                "waterfall": shapes.waterfall_series,
                "errorbar": shapes.error_series,
                "boxplot": shapes.box_series,
            }[one.kind]
            made.append(draw(chart, one, slots[one.number]))
            made += _stand_in(chart, one, slots[one.number])
    return made, maps


def _stand_in(chart: Chart, series: Series, slot: Slot) -> list[dict[str, Any]]:
    """ECharts' columns know nothing of our shapes beside them: an empty column keeps the place of each."""
    beside = any(one.kind in ("column", "bar") and one.axes[0] == series.axes[0] for one in chart.series)
    if not beside or series.kind == "errorbar":
        return []
    return [
        {
            "type": "bar",
            **plain.common(chart, series),
            **plain.bar_place(series, slot),
            "id": f"room-{series.id}",
            "data": [],
            "silent": True,
        }
    ]


def _order(chart: Chart) -> list[Series]:
    """As the author has them; of stacked ones the last first, since Highcharts puts the first on top of a stack."""
    stacked = [one for one in chart.series if one.stacking and one.kind not in ("pie", "gauge")]
    if any(not chart.y_axis(one).options.flag("reversedStacks", default=True) for one in stacked):
        return chart.series
    backwards: dict[object, list[Series]] = {}
    for one in stacked:
        backwards.setdefault(one.stack_key, []).append(one)  # each stack keeps its place beside the others
    return [backwards[one.stack_key].pop() if one in stacked else one for one in chart.series]


def _placed(chart: Chart, scale: dict[str, Any]) -> dict[str, Any]:
    legend = chart.root.sub("legend")
    shown = scale["show"] and legend.flag("enabled", default=True)
    return {**scale, "show": shown, "orient": "horizontal", "left": "center", "bottom": 8}


def _shares(chart: Chart) -> None:
    """Percentages and totals of pies and stacks, which templates can name; shares of ``percent`` are drawn too."""
    sums: dict[object, float] = {}
    for series in chart.series:
        for point in series.points:
            if point.get("y") is not None and (series.kind == "pie" or series.stacking):
                key = _sum(series, point)
                sums[key] = sums.get(key, 0) + abs(point["y"] if series.kind != "pie" else max(point["y"], 0))
    for series in chart.series:
        for point in series.points:
            if point.get("y") is None or not (series.kind == "pie" or series.stacking):
                continue
            total = sums[_sum(series, point)]
            point["total"] = total
            point["percentage"] = point["y"] / total * 100 if total else 0
            if series.stacking == "percent":
                point["share"] = point["percentage"]


def _sum(series: Series, point: dict[str, Any]) -> object:
    if series.kind == "pie":
        return series.number
    return (series.stack_key, point["x"])


def _told(chart: Chart, series: Series) -> dict[str, Any]:
    names = ["x", *series.values]
    for point in series.points:
        point.pop("share", None)
    return given(
        {
            "id": series.id,
            "name": series.name,
            "type": series.kind,
            "color": series.colour,
            "colors": list(series.colours) or None,
            "axes": list(series.axes),
            "points": columns_of(series.points, names),
            **frame.formats(chart, series),
        }
    )


def _axis(axis: Any) -> dict[str, Any]:
    return given(
        {
            "kind": axis.kind,
            "title": axis.options.sub("title").text("text"),
            "categories": axis.categories if axis.kind == "category" else None,
        }
    )


def _height(chart: Chart) -> int:
    found, percent = share(chart.chart.value("height"))
    if found is None or percent:
        return HEIGHT
    return int(min(max(found, 120), 2000))


def _described(chart: Chart, name: str, options: dict[str, Any]) -> str:
    given_title = options.get("title")
    title = given_title.get("text") if isinstance(given_title, dict) else None
    kinds = list(dict.fromkeys(one.kind for one in chart.series))
    count = sum(len(one.points) for one in chart.series)
    words = f"{' and '.join(kinds) or 'empty'} chart with {len(chart.series)} series and {count} points"
    head = title if isinstance(title, str) and title else name
    return f"{str(head)[:300]}: {words}" if head else words


def _quiet(chart: Chart) -> None:
    """Options that are right to have no effect here."""
    chart.root.ignore("credits", "exporting", "accessibility", "time", "navigation", "noData", "lang")
    chart.root.sub("chart").ignore(
        "animation", "style", "events", "zoomType", "panning", "panKey", "className", "renderTo", "width", "reflow",
        "plotShadow", "shadow", "alignTicks", "resetZoomButton", "ignoreHiddenSeries", "spacing", "spacingTop",
        "spacingBottom", "spacingLeft", "spacingRight", "options3d", "borderWidth", "borderColor", "borderRadius",
        "plotBackgroundImage", "pinchType", "displayErrors", "defaultSeriesType", "selectionMarkerFill", "description",
    )  # fmt: skip
