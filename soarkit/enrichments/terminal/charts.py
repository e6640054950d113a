"""Chart widgets as text: small bars where a chart compares a few values, else a line that says what it shows.

A terminal cannot show a chart as its author drew it; the page does.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from soarkit.enrichments.charts.refusing import check
from soarkit.enrichments.outputs import Chart
from soarkit.enrichments.terminal.ink import Ink
from soarkit.render.cuts import counted
from soarkit.render.text import display_width, printable, wrap

_BARS = ("pie", "bar", "column")
_CURVES = ("line", "spline", "area", "areaspline")
_MOST_BARS = 12
_LONGEST_BAR = 40
_LONGEST_NAME = 40
_EIGHTHS = " ▏▎▍▌▋▊▉"
_LEVELS = "▁▂▃▄▅▆▇█"
_TAG = re.compile(r"<[^>]{0,200}>")


class _Series(NamedTuple):
    kind: str
    name: str
    points: list[tuple[str, float | None]]


def chart_lines(chart: Chart, columns: int, ink: Ink) -> list[str]:
    """A chart with its title.

    :param columns: the width to stay within
    """
    refusals = check(chart.text)
    options = {} if refusals else json.loads(chart.text)
    name = chart.name.strip() or _text(_at(options, "title", "text"))
    title = [ink.bold(line) for line in wrap(printable(name), columns)] if name else []
    if refusals:
        why = f"✗ {': '.join(filter(None, refusals[0]))}"
        return [*title, *(ink.bad(line) for line in wrap(printable(why), columns))]
    series = list(_series(options))
    if len(series) == 1 and series[0].kind in _BARS and 0 < len(_known(series[0])) == len(series[0].points):
        one = series[0]
        if len(one.points) <= _MOST_BARS or one.kind == "pie":
            return [*title, *_bars(one, columns, ink)]
    if series and all(one.kind in _CURVES and _known(one) for one in series) and len(series) <= _MOST_BARS:
        return [*title, *(line for one in series for line in _curve(one, columns, ink))]
    return [*title, *_said(_summary(series), columns, ink)]


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _series(options: Mapping[str, Any]) -> Iterator[_Series]:
    default = _at(options, "chart", "type")
    axis = options.get("xAxis")
    categories = _at(axis[0] if isinstance(axis, list) and axis else axis, "categories")
    names = [_text(one) for one in categories] if isinstance(categories, list) else []
    listed = options.get("series")
    for one in listed if isinstance(listed, list) else []:
        if not isinstance(one, Mapping):
            continue
        data = one.get("data")
        points = [_point(point, at, names) for at, point in enumerate(data if isinstance(data, list) else [])]
        yield _Series(_text(one.get("type") or default or "line"), _text(one.get("name")), points)


def _point(given: Any, at: int, names: list[str]) -> tuple[str, float | None]:
    """The name and the value of a point: a number, ``[x, y]``, ``[name, y]`` or an object."""
    name: Any = names[at] if at < len(names) else None
    value = given
    if isinstance(given, Mapping):
        x = given.get("x")
        if isinstance(x, int) and 0 <= x < len(names):
            name = names[x]
        name, value = given.get("name") or name, given.get("y")
    elif isinstance(given, list):
        value = given[-1] if given else None
        if len(given) == 2 and isinstance(given[0], str):
            name = given[0]
        elif len(given) == 2 and isinstance(given[0], int) and 0 <= given[0] < len(names):
            name = names[given[0]]
    return _text(name if name is not None else at + 1), _number(value)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:  # a whole number of hundreds of digits
        return None


def _text(value: Any) -> str:
    """Text of a chart, which may hold a few tags, on one line."""
    if not isinstance(value, str):
        return "" if value is None else str(value)[:_LONGEST_NAME]
    return " ".join(_TAG.sub("", value).split())


def _known(series: _Series) -> list[float]:
    return [value for _, value in series.points if value is not None]


def _bars(series: _Series, columns: int, ink: Ink) -> list[str]:
    """A line for each point; of a pie the largest first come first, and the shares are said."""
    points = [(name, value or 0.0) for name, value in series.points]
    total = sum(value for _, value in points)
    is_pie = series.kind == "pie"
    kept = sorted(points, key=lambda point: -point[1])[:_MOST_BARS] if is_pie and len(points) > _MOST_BARS else points
    names = [_cut(printable(name), max(min(_LONGEST_NAME, columns // 3), 6)) for name, _ in kept]
    texts = [f"{value:g}" + (f" ({value / total:.1%})" if is_pie and total > 0 else "") for _, value in kept]
    name_width, text_width = max(map(display_width, names)), max(map(len, texts))
    room = min(columns - name_width - text_width - 4, _LONGEST_BAR)
    most = max(abs(value) for _, value in kept) or 1.0
    lines = []
    for name, text, (_, value) in zip(names, texts, kept, strict=True):
        bar = _bar(abs(value) / most, room) if room >= 4 else ""
        space = " " * (name_width - display_width(name))
        painted = ink.by_code(bar, "31" if value < 0 else "36")
        lines.append(f"{name}{space}  {text.rjust(text_width)}  {painted}".rstrip())
    if len(kept) < len(points):
        lines.append(ink.dim(f"{len(kept)} of {len(points)}"))
    return lines


def _bar(share: float, room: int) -> str:
    eighths = round(share * room * 8)
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip() or ("▏" if share else "")


def _curve(series: _Series, columns: int, ink: Ink) -> list[str]:
    """A series of points as one line of small columns, with its smallest and largest value."""
    values = _known(series)
    low, high = min(values), max(values)
    said = f"{low:g} to {high:g}, {counted(len(values), 'point')}"
    name = _cut(printable(series.name or series.kind), max(columns // 4, 6))
    room = columns - display_width(name) - len(said) - 4
    if room < 5:
        return wrap(f"{name}: {said}", columns)
    if len(values) > room:  # as many parts as there is room, of each the largest
        values = [max(values[at * len(values) // room : (at + 1) * len(values) // room]) for at in range(room)]
    span = (high - low) or 1.0
    drawn = "".join(_LEVELS[min(int((value - low) / span * 8), 7)] for value in values)
    return [f"{name}  {ink.by_code(drawn, '36')}  {ink.dim(said)}"]


def _summary(series: list[_Series]) -> str:
    kinds: dict[str, int] = {}
    for one in series:
        kinds[one.kind] = kinds.get(one.kind, 0) + len(one.points)
    parts = [f"{printable(kind)} ({counted(points, 'point')})" for kind, points in kinds.items()]
    return f"[chart: {', '.join(parts) or 'no series'}; --format html shows it]"


def _said(text: str, columns: int, ink: Ink) -> list[str]:
    return [ink.dim(line) for line in wrap(text, columns)]


def _cut(text: str, columns: int) -> str:
    if display_width(text) <= columns:
        return text
    return wrap(text.replace(" ", "\u00a0"), columns - 1)[0].replace("\u00a0", " ") + "…"
