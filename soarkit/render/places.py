"""Results on a map: which values say where, and what is told of each place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from soarkit_app.datapaths import DataPathError, collect_rows, parse

from soarkit.render.parts import Field, MapPart, Part, Point, TablePart
from soarkit.render.table import DATA, Column, Table, data_items

_LATITUDE = ("latitude", "lat")
_LONGITUDE = ("longitude", "lon", "long", "lng")
_NAME = "name"  # the map_info of what a place is called


def map_parts(
    document: Mapping[str, Any],
    fields: Sequence[Any],
    kinds: Callable[[str], tuple[str, ...]],
    table: Callable[[Table], TablePart],
) -> list[Part] | None:
    """A map, and a table of everything that is on it and is not.

    Latitude and longitude are the outputs whose ``map_info`` says so, else those whose last key does, else such keys
    of the data. The other outputs with a ``map_info`` tell more of each place.

    :param fields: the action's ``output`` list
    :param kinds: the kinds of content that a data path has
    :param table: makes a part of a table
    :returns: None where nothing says a place
    """
    columns = _columns(fields)
    latitude = _path(columns, fields, document, _LATITUDE)
    longitude = _path(columns, fields, document, _LONGITUDE)
    if latitude is None or longitude is None:
        return None
    told = [one for one in columns if one.path not in (latitude, longitude)]
    told.sort(key=lambda one: one.name.casefold() != _NAME)
    everything = [*told, Column("latitude", latitude, "numeric"), Column("longitude", longitude, "numeric")]
    rows = collect_rows(document, [one.path for one in everything])
    points = []
    for row in rows:
        place = _place(row[-2], row[-1])
        if place is not None:
            details = [
                Field(one.name, value, one.contains or kinds(one.path), one.path)
                for one, value in zip(told, row, strict=False)
                if value is not None
            ]
            points.append(Point(*place, details))
    return [MapPart(points, len(rows) - len(points)), table(Table(everything, rows, len(rows)))]


def _columns(fields: Sequence[Any]) -> list[Column]:
    found = []
    for one in fields:
        if not isinstance(one, Mapping):
            continue
        name, path, contains = one.get("map_info"), one.get("data_path"), one.get("contains")
        if isinstance(name, str) and name and isinstance(path, str) and _is_path(path):
            known = tuple(map(str, contains)) if isinstance(contains, list) else ()
            found.append(Column(name, path, None, known))
    return found


def _path(
    columns: Sequence[Column], fields: Sequence[Any], document: Mapping[str, Any], names: Sequence[str]
) -> str | None:
    for one in columns:
        if one.name.casefold() in names:
            return one.path
    paths = [path for one in fields if isinstance(one, Mapping) and isinstance(path := one.get("data_path"), str)]
    for path in paths:
        if path.rpartition(".")[2].casefold() in names and _is_path(path):
            return path
    for item in data_items(document):
        for key in item if isinstance(item, dict) else ():
            if key.casefold() in names and "." not in key:
                return f"{DATA}.{key}"
    return None


def _is_path(path: str) -> bool:
    try:
        parse(path)
    except DataPathError:
        return False
    return True


def _place(latitude: Any, longitude: Any) -> tuple[float, float] | None:
    """A place, from numbers or texts of numbers, in degrees; None for what is none."""
    degrees = [_degrees(latitude), _degrees(longitude)]
    if degrees[0] is None or degrees[1] is None or abs(degrees[0]) > 90 or abs(degrees[1]) > 180:
        return None
    return degrees[0], degrees[1]


def _degrees(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
