"""Points of series in one form, whatever form they were given in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from soarkit.enrichments.charts.options import Options, number_of

Point = dict[str, Any]

#: What the numbers of a point are called when it is a list, or the one number when it is no list.
VALUES: dict[str, tuple[str, ...]] = {
    "boxplot": ("low", "q1", "median", "q3", "high"),
    "columnrange": ("low", "high"),
    "errorbar": ("low", "high"),
    "heatmap": ("y", "value"),
    "xrange": ("x2", "y"),
}
ONE_VALUE = ("y",)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?")
_MONTHS = {"month": 1, "year": 12}


def values_of(kind: str) -> tuple[str, ...]:
    """The names of a point's numbers in a series of this type, without x."""
    return VALUES.get(kind, ONE_VALUE)


def read_points(series: Options, kind: str) -> list[Point]:
    """All points of a series: ``x`` and the type's numbers (None where there is no value), ``name``, and what else the
    author gave.
    """
    names = values_of(kind)
    keys = [one for one in series.list("keys") if isinstance(one, str)]
    given = series.list("data")
    places = _places(series, len(given))
    points = []
    for at, one in enumerate(given):
        point: Point = dict.fromkeys(("x", *names))
        if isinstance(one, dict):
            point.update(one)
        elif isinstance(one, list):
            point.update(_listed(one, names, keys))
        else:
            point[names[-1]] = one
        for name in ("x", *names):
            point[name] = place_of(point[name]) if name in ("x", "x2") else number_of(point[name])
        if point["x"] is None:
            point["x"] = places[at]
        if "name" in point:
            point["name"] = None if point["name"] is None else str(point["name"])[:2000]
        points.append(point)
    return points


def _listed(values: Sequence[Any], names: tuple[str, ...], keys: Sequence[str]) -> Iterable[tuple[str, Any]]:
    if keys:
        return list(zip(keys, values, strict=False))
    if len(values) <= len(names):
        return list(zip(names, values, strict=False))
    first = values[0]
    head = ("name" if isinstance(first, str) and place_of(first) is None else "x", first)
    return [head, *zip(names, values[1:], strict=False)]


def place_of(given: Any) -> Any:
    """A place on an axis: a number, or a date as text in milliseconds."""
    if isinstance(given, str) and _DATE.fullmatch(given):
        try:
            moment = datetime.fromisoformat(given.replace("Z", "+00:00"))
        except ValueError:
            return None
        return round(moment.replace(tzinfo=moment.tzinfo or timezone.utc).timestamp() * 1000)
    return number_of(given)


def _places(series: Options, count: int) -> list[float]:
    start = place_of(series.value("pointStart")) or 0
    step = series.number("pointInterval", 1)
    unit = series.word("pointIntervalUnit", ("day", "month", "year"))
    if unit in _MONTHS:
        return [_months_after(start, round(step * _MONTHS[unit]) * at) for at in range(count)]
    if unit == "day":
        step *= 86_400_000
    return [start + step * at for at in range(count)]


def _months_after(start: float, months: int) -> float:
    try:
        moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=start)
        years, month = divmod(moment.month - 1 + months, 12)
        return round(
            moment.replace(year=moment.year + years, month=month + 1, day=min(moment.day, 28)).timestamp() * 1000
        )
    except (ValueError, OverflowError):
        return start


def columns_of(points: Sequence[Point], names: Sequence[str]) -> dict[str, Any]:
    """The points as a table: ``keys`` and ``rows``, for templates and for people who want to see the data."""
    keys = list(names)
    known = set(keys)
    for point in points:
        for name in point:
            if name not in known and len(keys) < 60:
                known.add(name)
                keys.append(name)
    return {"keys": keys, "rows": [[_kept(point.get(name)) for name in keys] for point in points]}


def _kept(value: Any) -> Any:
    """Values of an author's own properties: text is cut, and numbers stay."""
    if isinstance(value, str):
        return value if len(value) <= 2000 else value[:2000] + "…"
    return value
