"""From one comparison to what the database can look for, and what is left for Python.

Both databases give the same answers: where one of them would not tell case, or sort texts in its own way, Python
decides over what the database narrowed down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact, GreaterThan

from soarkit.rest import lookups
from soarkit.rest.fields import Field, Kind, converted
from soarkit.rest.literals import Literal
from soarkit.store.rows import text

_ALL = Q()
#: The longest text that is looked for with LIKE, which SQLite limits.
_LONGEST_PATTERN = 1000
_ORDERED = frozenset(("exact", "in", "gt", "gte", "lt", "lte", "range", "isnull"))
_WITHOUT_CASE = {"iexact": "iexact", "icontains": "icontains", "istartswith": "istartswith", "iendswith": "iendswith"}


@dataclass(frozen=True)
class Test:
    """Whether a row is wanted.

    :param narrowed: what the database can tell: rows without it are not wanted
    :param decided: whether that decides it alone
    :param holds: whether a row is wanted
    """

    narrowed: Q
    decided: bool
    holds: Callable[[Any], bool]

    def inverse(self) -> Test:
        """The rows that this leaves out."""
        return Test(~self.narrowed if self.decided else _ALL, self.decided, lambda row: not self.holds(row))


def any_of(tests: Sequence[Test]) -> Test:
    """The rows that any of some tests wants."""
    if len(tests) == 1:
        return tests[0]
    narrowed = tests[0].narrowed
    for one in tests[1:]:
        # An empty condition joined to another by "or" would be lost, though it means all rows.
        narrowed = narrowed | one.narrowed if narrowed and one.narrowed else _ALL
    return Test(narrowed, all(one.decided for one in tests), lambda row: any(one.holds(row) for one in tests))


def within(field: Field, found: Any) -> Test:
    """The rows whose field is among those found.

    :param found: a query, or a list
    """
    if field.column is not None:
        column, listed = field.column, _Later(found)
        return Test(Q(**{f"{field.column}__in": found}), True, lambda row: getattr(row, column) in listed.values)
    values = set(found)
    return Test(_ALL, False, lambda row: field.of(row) in values)


def compare(field: Field, path: Sequence[str], literal: Literal) -> Test:
    """What a filter means for a field.

    :param path: what follows the field's name: an operator, the part of a time, the way into JSON
    :raises ValueError: the path leads nowhere, or the value does not fit
    """
    path = list(path)
    operator = path.pop() if path and path[-1] in lookups.OPERATORS else "exact"
    if field.kind is Kind.JSON:
        return _in_json(field, path, operator, literal)
    part = None
    if path and field.kind is Kind.TIME and path[0] in lookups.PARTS:
        part = lookups.PARTS[path.pop(0)]
    if path:
        raise ValueError(
            f"{field.name} has no {'__'.join(path)!r}; operators are: {', '.join(sorted(lookups.OPERATORS))}"
        )
    if part is not None:
        wanted = converted(literal, Kind.JSON, operator)
        return Test(_ALL, False, lambda row: _part_matches(part, field.of(row), operator, wanted))
    if operator == "exact" and isinstance(literal.value, list):
        operator = "in"
    if operator not in _ORDERED:  # texts are compared, whatever the field is
        wanted = literal.text if isinstance(literal.value, str) else str(literal.value)
        if operator.endswith("regex"):
            lookups.regex(wanted)
        narrowed, decided = _textual(field, operator, text(wanted))
        return Test(narrowed, decided, lambda row: lookups.matches(field.of(row), operator, wanted))
    wanted = converted(literal, field.kind, operator)
    narrowed, decided = _ordered(field, operator, wanted)
    return Test(narrowed, decided, lambda row: lookups.matches(field.of(row), operator, wanted))


class _Later:
    """The values of a query, fetched when a row has to be compared in Python."""

    def __init__(self, found: Any) -> None:
        self._found = found
        self._values: set[Any] | None = None

    @property
    def values(self) -> set[Any]:
        if self._values is None:
            self._values = set(self._found if isinstance(self._found, list) else self._found.all())
        return self._values


def _ordered(field: Field, operator: str, wanted: Any) -> tuple[Q, bool]:
    if field.column is None:
        return _ALL, False
    if operator == "exact":
        return (
            Q(**{field.column: _clean(wanted)}) if wanted is not None else Q(**{f"{field.column}__isnull": True})
        ), True
    if operator == "in":
        condition = Q(**{f"{field.column}__in": [_clean(one) for one in wanted if one is not None]})
        return (condition | Q(**{f"{field.column}__isnull": True}) if None in wanted else condition), True
    if operator == "isnull":
        return Q(**{f"{field.column}__isnull": wanted}), True
    if field.kind is Kind.TEXT or wanted is None or (isinstance(wanted, list) and None in wanted):
        return _ALL, False
    return Q(**{f"{field.column}__{operator}": wanted}), True


def _textual(field: Field, operator: str, wanted: str) -> tuple[Q, bool]:
    if field.column is None or field.kind is not Kind.TEXT:
        return _ALL, False
    if not wanted or len(wanted) > _LONGEST_PATTERN:
        return _ALL, False
    if operator in _WITHOUT_CASE:
        # SQLite knows the case of ASCII only.
        return (
            (Q(**{f"{field.column}__{_WITHOUT_CASE[operator]}": wanted}), True) if wanted.isascii() else (_ALL, False)
        )
    place = StrIndex(F(field.column), Value(wanted))
    if operator == "contains":
        return Q(GreaterThan(place, 0)), True
    if operator == "startswith":
        return Q(Exact(place, 1)), True
    return (Q(GreaterThan(place, 0)), False) if operator == "endswith" else (_ALL, False)


def _in_json(field: Field, path: list[str], operator: str, literal: Literal) -> Test:
    if operator.endswith("regex"):
        lookups.regex(literal.text)
    wanted = converted(literal, Kind.JSON, operator)

    def holds(row: Any) -> bool:
        found = list(_leaves(field.of(row), path))
        if operator == "isnull" and not found:
            return bool(wanted)
        return any(lookups.matches(one, operator, wanted) for one in found)

    return Test(_json_narrowed(field, operator, wanted), False, holds)


def _json_narrowed(field: Field, operator: str, wanted: Any) -> Q:
    """The rows whose JSON, as ASCII, holds the longest part of the wanted text that JSON writes as it is."""
    if field.column is None or isinstance(wanted, bool) or not isinstance(wanted, (str, int)) or wanted in _TRUTHS:
        return _ALL
    needle = max((one.strip() for one in _WRITTEN_OTHERWISE.split(str(wanted))), key=len)
    if not needle or len(needle) > _LONGEST_PATTERN:
        return _ALL
    if operator in ("exact", "contains", "startswith", "endswith"):
        return Q(GreaterThan(StrIndex(F(field.column), Value(needle)), 0))
    return Q(**{f"{field.column}__icontains": needle}) if operator in _WITHOUT_CASE else _ALL


#: Texts that truth values compare with.
_TRUTHS = ("True", "False", "TRUE", "FALSE", "true", "false")
#: What JSON escapes, and what may have blanks around it in one text of it and not in another.
_WRITTEN_OTHERWISE = re.compile(r"[^ !#-+\--9;-\[\]-~]")


def _leaves(value: Any, path: Sequence[str]) -> Any:
    """The values at a path; of a list every element. A name may itself hold ``__``."""
    if not path:
        yield value
    elif isinstance(value, dict):
        for end in range(1, len(path) + 1):
            name = "__".join(path[:end])
            if name in value:
                yield from _leaves(value[name], path[end:])
    elif isinstance(value, list):
        if path[0].isascii() and path[0].isdigit():
            if int(path[0]) < len(value):
                yield from _leaves(value[int(path[0])], path[1:])
        else:
            for one in value:
                yield from _leaves(one, path)


def _part_matches(part: Callable[[Any], Any], moment: Any, operator: str, wanted: Any) -> bool:
    if moment is None:
        return operator == "isnull" and bool(wanted)
    return lookups.matches(part(moment), operator, wanted)


def _clean(wanted: Any) -> Any:
    return text(wanted) if isinstance(wanted, str) else wanted
