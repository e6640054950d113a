"""The kinds of parts that a widget has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from soarkit.render.table import Column


class Field(NamedTuple):
    """A value with what it is called.

    :ivar contains: kinds of content, such as "ip"
    :ivar path: its data path, where it has one
    """

    name: str
    value: Any
    contains: tuple[str, ...] = ()
    path: str | None = None


class TablePart(NamedTuple):
    """Columns and rows.

    :ivar total: how many rows the result has
    :ivar name: name of a file with the table, without its ending
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    total: int
    name: str
    caption: str | None = None


class JsonPart(NamedTuple):
    """Data of any shape.

    :ivar path: the data path of it
    :ivar contains: kinds of content by data path, with stars for indexes
    :ivar folded: whether it is shown only when asked for
    """

    data: Any
    path: str
    contains: Mapping[str, Sequence[str]]
    caption: str | None = None
    folded: bool = False


class Point(NamedTuple):
    """A place on the earth, in degrees."""

    latitude: float
    longitude: float
    details: Sequence[Field]


class MapPart(NamedTuple):
    """Places on a map.

    :ivar without: how many rows say no place
    """

    points: Sequence[Point]
    without: int
    caption: str | None = None


class ViewPart(NamedTuple):
    """What a custom view drew.

    :ivar title: says what the frame shows
    """

    html: str
    libraries: Sequence[str]
    title: str
    caption: str | None = None


class ErrorPart(NamedTuple):
    """What failed, where, and the next step."""

    what: str
    where: str | None = None
    hint: str | None = None


class NotePart(NamedTuple):
    """A sentence."""

    text: str


class FieldsPart(NamedTuple):
    """Values, a line each."""

    items: Sequence[Field]
    caption: str | None = None


Part = TablePart | JsonPart | MapPart | ViewPart | ErrorPart | NotePart | FieldsPart
