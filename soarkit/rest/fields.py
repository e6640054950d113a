"""What a resource says of its fields, and how a filter's value is read for one."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from soarkit.rest.literals import Literal
from soarkit.store import times

_LARGEST = (1 << 63) - 1  # what a column of the database holds


class Kind(enum.Enum):
    """What the values of a field are."""

    TEXT = "text"
    NUMBER = "whole number"
    REAL = "number"
    TRUTH = "boolean"
    TIME = "time"
    JSON = "JSON"


@dataclass(frozen=True)
class Field:
    """One field of a resource.

    :param column: the column that holds it; None: only Python knows it
    :param value: what it is for a row; default: what the column, or the key of that name, holds
    :param relation: name of the resource whose ``key`` it holds; filters go on into that
    :param expensive: whether lists have it only when asked
    :param shown: False: it can be filtered and sorted by, and stands in no answer
    """

    name: str
    kind: Kind = Kind.TEXT
    column: str | None = None
    value: Callable[[Any], Any] | None = None
    relation: str | None = None
    key: str = "id"
    expensive: bool = False
    shown: bool = True

    def of(self, row: Any) -> Any:
        """What it is for a row."""
        if self.value is not None:
            return self.value(row)
        return row.get(self.name) if isinstance(row, dict) else getattr(row, self.column or self.name)


def columns(kind: Kind, names: str) -> tuple[Field, ...]:
    """Fields that are columns of the same name."""
    return tuple(Field(name, kind, name) for name in names.split())


def keys(kind: Kind, names: str) -> tuple[Field, ...]:
    """Fields that are keys of records."""
    return tuple(Field(name, kind) for name in names.split())


def fixed(**values: Any) -> tuple[Field, ...]:
    """Fields that are the same in every row: what clients read, and nothing here has."""
    return tuple(
        Field(name, _KINDS.get(type(value), Kind.JSON), value=_always(value)) for name, value in values.items()
    )


def converted(literal: Literal, kind: Kind, operator: str) -> Any:
    """What a filter's value is for a field of a kind.

    :raises ValueError: it is nothing that such a field can be compared with
    """
    if operator == "isnull":
        return _truth(literal)
    if operator in ("in", "range"):
        values = literal.value if isinstance(literal.value, list) else [literal.value]
        if operator == "range" and len(values) != 2:
            raise ValueError("a range has two ends")
        return [converted(Literal(one, str(one)), kind, "exact") for one in values]
    if isinstance(literal.value, list) and kind is not Kind.JSON:
        raise ValueError(f"{literal.text} is a list")
    return _READ[kind](literal)


def _always(value: Any) -> Callable[[Any], Any]:
    return lambda row: value


def _text(literal: Literal) -> Any:
    return None if literal.value is None else literal.text


def _number(literal: Literal) -> Any:
    value = literal.value
    if isinstance(value, str):
        value = int(value.strip())
    elif isinstance(value, float):
        if not value.is_integer():
            raise ValueError(f"{literal.text} is no whole number")
        value = int(value)
    return value if value is None else max(-_LARGEST, min(int(value), _LARGEST))


def _real(literal: Literal) -> Any:
    return None if literal.value is None else float(literal.value)


def _truth(literal: Literal) -> Any:
    value = literal.value
    if isinstance(value, str):
        if value.strip().lower() not in ("true", "false", "1", "0", "yes", "no"):
            raise ValueError(f"{literal.text!r} is neither True nor False")
        return value.strip().lower() in ("true", "1", "yes")
    return None if value is None else bool(value)


def _time(literal: Literal) -> Any:
    value = literal.value
    if value is None:
        return None
    moment = times.moment(value)
    if moment is None:
        raise ValueError(f"{literal.text!r} is no time; write it as 2024-01-31T13:45:00.000000Z")
    return moment


_READ: dict[Kind, Callable[[Literal], Any]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.REAL: _real,
    Kind.TRUTH: _truth,
    Kind.TIME: _time,
    Kind.JSON: lambda literal: literal.value,
}
_KINDS: dict[type, Kind] = {str: Kind.TEXT, bool: Kind.TRUTH, int: Kind.NUMBER}
