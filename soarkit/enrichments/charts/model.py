"""A chart as it is translated: series with their points, and axes, read from the options of Highcharts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from soarkit.enrichments.charts.colours import PALETTE, colour_of, plain_colour
from soarkit.enrichments.charts.options import Ledger, Options, number_of
from soarkit.enrichments.charts.points import Point, read_points, values_of
from soarkit.enrichments.charts.refusing import TYPES, series_of, type_of

#: Types that stand on no axes.
ROUND = frozenset(("pie", "gauge"))
#: Types that share the width of a category among them.
BESIDE = frozenset(("column", "bar", "columnrange", "waterfall", "boxplot"))
LINES = frozenset(("line", "spline", "area", "areaspline"))
AREAS = frozenset(("area", "areaspline"))

_QUIET = (
    "allowPointSelect", "animation", "animationLimit", "boostThreshold", "className", "clip", "cropThreshold", "cursor",
    "description", "enableMouseTracking", "events", "exposeElementToA11y", "findNearestPointBy", "getExtremesFromAll",
    "id", "index", "legendIndex", "point", "selected", "showCheckbox", "skipKeyboardNavigation", "softThreshold",
    "states", "stickyTracking", "trackByArea", "turboThreshold", "type", "zIndex", "ignoreHiddenPoint", "minSize",
    "crisp", "allowOverlap", "shadow", "linkedTo",
)  # fmt: skip


@dataclass
class Series:
    """A series. ``axes`` are the numbers of its x and y axis."""

    number: int
    kind: str
    options: Options
    name: str
    named: bool
    colour: Any
    points: list[Point]
    axes: tuple[int, int] = (0, 0)
    stacking: str | None = None
    stack: str = ""
    colours: Sequence[Any] = field(default_factory=tuple)

    @property
    def id(self) -> str:
        return f"s{self.number}"

    @property
    def stack_key(self) -> tuple[int, int, str, str]:
        """What series must share to be stacked on each other: axes, type and the name of the stack."""
        return (*self.axes, self.kind, self.stack)

    @property
    def rootless(self) -> bool:
        """Whether ``threshold`` is null: the marks then begin at the edge, and the axis need not reach zero."""
        given = [mapping["threshold"] for _, mapping in self.options.layers if "threshold" in mapping]
        return bool(given) and given[0] is None

    @property
    def values(self) -> tuple[str, ...]:
        return values_of(self.kind)

    def point_colour(self, at: int) -> Any:
        """A point's own colour, or the one that its place gives it; None where it has the series' one."""
        own = colour_of(self.points[at].get("color"))
        if own is None and self.colours:
            own = self.colours[at % len(self.colours)]
        return own


@dataclass
class Axis:
    """An axis. ``kind`` is ``category``, ``time``, ``log`` or ``value``; ``role`` is ``x`` or ``y``, as authors say."""

    role: str
    number: int
    options: Options
    kind: str
    categories: list[str] = field(default_factory=list)


@dataclass
class Chart:
    ledger: Ledger
    root: Options
    chart: Options
    inverted: bool
    palette: list[Any]
    series: list[Series]
    x_axes: list[Axis] = field(default_factory=list)
    y_axes: list[Axis] = field(default_factory=list)

    def on_axes(self) -> list[Series]:
        """The series that stand on axes."""
        return [one for one in self.series if one.kind not in ROUND]

    def x_axis(self, series: Series) -> Axis:
        return self.x_axes[series.axes[0]]

    def y_axis(self, series: Series) -> Axis:
        return self.y_axes[series.axes[1]]


def read_chart(options: Mapping[str, Any]) -> Chart:
    """A chart out of options that no rule refuses."""
    ledger = Ledger()
    root = Options(ledger, [((), options)])
    chart = root.sub("chart")
    palette = [one for one in map(colour_of, root.list("colors")) if one] or list(PALETTE)
    root.value("series")
    ledger.opened(("series",))
    if not isinstance(options.get("series"), list):
        ledger.warn(("series",), "there is no list of series")
    plot = _plot_options(root, ledger)
    given = series_of(options)
    kinds = [type_of(options, one) for _, one in given]
    read = Chart(
        ledger,
        root,
        chart,
        chart.flag("inverted") or "bar" in kinds,
        palette,
        [_series(number, kind, one, plot, ledger, palette) for (number, one), kind in zip(given, kinds, strict=True)],
    )
    chart.value("type")
    read.x_axes = _axes(read, "x")
    read.y_axes = _axes(read, "y")
    return read


def _plot_options(root: Options, ledger: Ledger) -> dict[str, Mapping[str, Any]]:
    plot = root.sub("plotOptions")
    found: dict[str, Mapping[str, Any]] = {}
    for path, mapping in plot.layers:
        for name in ("series", *TYPES):
            if name in mapping:
                ledger.read((*path, name))
                if isinstance(mapping[name], dict):
                    found[name] = mapping[name]
    return found


def _series(
    number: int,
    kind: str,
    given: Mapping[str, Any],
    plot: Mapping[str, Mapping[str, Any]],
    ledger: Ledger,
    palette: list[Any],
) -> Series:
    layers = [(("series", number), given)]
    layers += [(("plotOptions", name), plot[name]) for name in (kind, "series") if name in plot]  # type: ignore[misc]
    options = Options(ledger, layers)
    options.ignore(*_QUIET)
    name = options.text("name")
    points = read_points(options, kind)
    colour = colour_of(options.value("color"))
    own = [one for one in map(colour_of, options.list("colors")) if one]
    by_point = options.flag("colorByPoint", kind in ("pie", "xrange"))
    series = Series(
        number,
        kind,
        options,
        (name if name is not None else f"Series {number + 1}")[:500],
        bool(name),
        colour or palette[number % len(palette)],
        points,
        stacking=options.word("stacking", ("normal", "percent")),
        stack=str(options.value("stack", ""))[:100],
        colours=(own or ([] if kind == "xrange" and colour else palette)) if by_point else (),
    )
    if not series.points and not isinstance(given.get("data"), list):
        ledger.warn(("series", number, "data"), "there are no points")
    return series


def _axes(chart: Chart, role: str) -> list[Axis]:
    listed = chart.root.many(f"{role}Axis") or [Options(chart.ledger, [])]
    names = [one.value("id") for one in listed]
    place = 0 if role == "x" else 1
    for series in chart.series:
        wanted = series.options.value(f"{role}Axis", 0)
        found = names.index(wanted) if isinstance(wanted, str) and wanted in names else number_of(wanted)
        if not isinstance(found, int) or not 0 <= found < len(listed):
            chart.ledger.warn(("series", series.number, f"{role}Axis"), "there is no such axis; the first is taken")
            found = 0
        series.axes = (found, series.axes[1]) if place == 0 else (series.axes[0], found)
    return [_axis(chart, role, number, options) for number, options in enumerate(listed)]


def _axis(chart: Chart, role: str, number: int, options: Options) -> Axis:
    kind = options.word("type", ("linear", "logarithmic", "datetime", "category"), "linear")
    place = 0 if role == "x" else 1
    members = [one for one in chart.on_axes() if one.axes[place] == number]
    axis = Axis(role, number, options, {"datetime": "time", "logarithmic": "log"}.get(str(kind), "value"))
    given = options.list("categories")
    if given:
        axis.kind, axis.categories = "category", [_label(one) for one in given[:20_000]]
    elif kind == "category":
        axis.kind, axis.categories = "category", _from_names(members) if role == "x" else []
    elif role == "x" and axis.kind == "value" and any(one.kind in BESIDE for one in members):
        axis.kind, axis.categories = ("category", _counted(members)) if _counts(members) else ("value", [])
    if axis.kind == "category":
        _fill(axis, members)
    if axis.kind == "log":
        _positive(chart, axis, members)
    return axis


def _label(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false"}.get(value, "")  # type: ignore[arg-type]
    return str(value)[:500] if isinstance(value, (str, int, float)) else ""


def _from_names(members: Sequence[Series]) -> list[str]:
    """Categories out of the names of points; points of one name share one."""
    places: dict[str, int] = {}
    for series in members:
        for point in series.points:
            name = point.get("name")
            if name is not None:
                point["x"] = places.setdefault(name, len(places))
    return list(places)


def _counts(members: Sequence[Series]) -> bool:
    """Whether places are only counted, from a small number on: columns then stand beside each other evenly."""
    places = [point["x"] for one in members for point in one.points]
    return all(isinstance(place, int) and 0 <= place < 1000 for place in places) and (
        not places or max(places) < 2 * len(set(places)) + 10
    )


def _counted(members: Sequence[Series]) -> list[str]:
    most = max((point["x"] for one in members for point in one.points), default=-1)
    names = [str(at) for at in range(most + 1)]
    for series in members:
        for point in series.points:
            if point.get("name"):
                names[point["x"]] = point["name"]
    return names


def _fill(axis: Axis, members: Sequence[Series]) -> None:
    """Categories for all places that points name: a place without a category is shown by its number."""
    names = ("x", "x2") if axis.role == "x" else ("y",)
    most = -1
    for series in members:
        for point in series.points:
            for name in names:
                place = point.get(name)
                if isinstance(place, int) and most < place < 20_000:
                    most = place
    axis.categories += [str(at) for at in range(len(axis.categories), most + 1)]


def _positive(chart: Chart, axis: Axis, members: Sequence[Series]) -> None:
    for series in members:
        for name in ("x", "x2") if axis.role == "x" else series.values:
            for point in series.points:
                if point.get(name) is not None and point[name] <= 0:
                    point[name] = None
                    chart.ledger.warn(
                        ("series", series.number), "values that are not above 0 are left out: the axis is logarithmic"
                    )


def first_colour(series: Series) -> str:
    """A series' colour where gradients cannot be shown."""
    return plain_colour(series.colour) or (
        series.colour["colorStops"][0]["color"] if isinstance(series.colour, dict) else str(series.colour)
    )
