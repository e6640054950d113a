"""The parameters of a list: filters, order, pages, and what its rows show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from soarkit.rest.failures import Failure
from soarkit.rest.literals import Literal, alternatives, parse

#: Rows of a page, where nothing is said.
PAGE_SIZE = 10
#: More rows, or pages, than there can be: what is asked beyond that means the same, and fits into a query.
_LARGEST = 1 << 31


@dataclass(frozen=True)
class Filter:
    """One comparison.

    :param name: the parameter, for messages
    :param path: what it compares, taken apart at ``__``
    :param values: what its value may mean
    :param excludes: whether the rows it fits are left out
    """

    name: str
    path: tuple[str, ...]
    values: tuple[Literal, ...]
    excludes: bool


@dataclass(frozen=True)
class Query:
    """What is asked of a list.

    :param page: counted from 0
    :param page_size: 0: all rows
    :param sort: the field to sort by; None: the id
    """

    page: int = 0
    page_size: int = PAGE_SIZE
    sort: str | None = None
    descending: bool = False
    pretty: bool = False
    expensive: bool = False
    filters: tuple[Filter, ...] = ()
    hidden: frozenset[str] = frozenset()


def read(given: QueryDict) -> Query:
    """What the parameters of an address ask for; those that mean nothing here are passed over.

    :raises Failure: a value cannot be read
    """
    filters: list[Filter] = []
    for name in given:
        for prefix, excludes in (("_filter_", False), ("_exclude_", True)):
            if name.startswith(prefix) and name != "_exclude_fields":
                filters += [_filter(name, name.removeprefix(prefix), one, excludes) for one in given.getlist(name)]
    return Query(
        page=_number(given, "page", 0),
        page_size=_number(given, "page_size", PAGE_SIZE),
        sort=_plain(given.get("sort", "")).lstrip("-") or None,
        descending=_plain(given.get("order", "")).lower() == "desc" or _plain(given.get("sort", "")).startswith("-"),
        pretty=is_asked(given, "pretty"),
        expensive=is_asked(given, "include_expensive"),
        filters=tuple(filters),
        hidden=frozenset(one.strip() for one in given.get("_exclude_fields", "").split(",") if one.strip()),
    )


def is_asked(given: Mapping[str, Any], name: str) -> bool:
    """Whether a switch is there, with any value or none but a "no"."""
    return name in given and str(given[name]).strip().lower() not in ("false", "0")


def _filter(name: str, path: str, value: str, excludes: bool) -> Filter:
    try:
        return Filter(name, tuple(path.split("__")), tuple(alternatives(value)), excludes)
    except ValueError as error:
        raise Failure(400, f'{name}: {error}. Write texts in quotes, as in {name}="text"') from None


def _number(given: QueryDict, name: str, default: int) -> int:
    written = _plain(given.get(name, ""))
    if not written:
        return default
    try:
        number = int(written)
    except ValueError:
        number = -1
    if number < 0:
        raise Failure(400, f"{name} takes a whole number from 0 on, not {written!r}")
    return min(number, _LARGEST)


def _plain(written: str) -> str:
    """A value without quotes around it."""
    try:
        return parse(written).text
    except ValueError:
        return written
