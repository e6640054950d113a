"""What is served under one name: lists with the query language, single objects, their parts, and changes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet
from django.http import HttpResponse

from soarkit.rest import query as queries
from soarkit.rest.call import Call, answer
from soarkit.rest.conditions import Test, any_of, compare, within
from soarkit.rest.failures import NO_SUCH_PAGE, Failure, not_allowed, not_found
from soarkit.rest.fields import Field, Kind
from soarkit.rest.literals import Literal
from soarkit.rest.lookups import OPERATORS, stamp
from soarkit.rest.query import Filter, Query

if TYPE_CHECKING:
    from soarkit.store.opened import Store

Record = dict[str, Any]
#: Answers for a part of an object, as in ``container/12/artifacts``.
Part = Callable[[Call, Any], HttpResponse]
#: Finds the resource with a name.
Finder = Callable[[str], "Resource"]
#: Rows that are fetched at once when Python looks at each.
_CHUNK = 500


class Resource:
    """One resource; a subclass says where its rows are.

    :cvar name: as it stands in paths
    :cvar fields: its fields
    """

    name: str
    fields: tuple[Field, ...] = ()

    def __init__(self, find: Finder) -> None:
        self._find = find
        self._fields = {one.name: one for one in self.fields}

    def parts(self) -> Mapping[str, Part]:
        """What an object has below it, beside its fields."""
        return {}

    # What a subclass knows.

    def page(self, call: Call, query: Query, tests: Sequence[Test]) -> tuple[int, list[Any]]:
        """How many rows pass the tests, and those of the page."""
        raise NotImplementedError

    def row(self, call: Call, identifier: str) -> Any:
        """One row.

        :raises Failure: there is none
        """
        raise NotImplementedError

    def among(self, store: Store, tests: Sequence[Test], key: str) -> Any:
        """What a field holds in the rows that pass the tests: a query or a list."""
        raise NotImplementedError

    def decorate(self, call: Call, rows: Sequence[Any], records: list[Record], query: Query) -> None:
        """Put into the records what concerns all rows of a page at once."""

    # What is asked for.

    def index(self, call: Call, *more: Test) -> HttpResponse:
        """A page of the rows.

        :param more: tests beside those of the address
        """
        query = queries.read(call.request.GET)
        if query.sort is not None:
            self._field(query.sort, "sort")
        tests = [*more, *(self.test(call.store, one) for one in query.filters)]
        count, rows = self.page(call, query, tests)
        pages = 1 if not query.page_size else max(1, -(-count // query.page_size))
        if query.page >= pages and query.page:
            raise Failure(400, NO_SUCH_PAGE)
        return answer({"count": count, "num_pages": pages, "data": self.records(call, rows, query)})

    def get(self, call: Call, identifier: str) -> HttpResponse:
        """One object, with all of its fields."""
        return answer(self.record(call, self.row(call, identifier)))

    def part(self, call: Call, identifier: str, name: str) -> HttpResponse:
        """A part of an object: what :meth:`parts` says, the object that a field names, or a field."""
        row = self.row(call, identifier)
        part = self.parts().get(name)
        if part is not None:
            return part(call, row)
        field = self._fields.get(name)
        if field is None or not field.shown:
            raise not_found()
        if field.relation is not None and field.key == "id" and field.of(row) is not None:
            return self._find(field.relation).get(call, str(field.of(row)))
        return answer({"data": shown(field.of(row))})

    def create(self, call: Call) -> HttpResponse:
        """What a POST to the resource does."""
        raise not_allowed(call.method)

    def update(self, call: Call, identifier: str) -> HttpResponse:
        """What a POST to an object does."""
        raise not_allowed(call.method)

    def delete(self, call: Call, identifier: str) -> HttpResponse:
        """What a DELETE of an object does."""
        raise not_allowed(call.method)

    def delete_listed(self, call: Call) -> HttpResponse:
        """What a DELETE of ``?ids=`` does."""
        raise not_allowed(call.method)

    # What these are made of.

    def record(self, call: Call, row: Any) -> Record:
        """One row as it is shown by itself."""
        asked = queries.read(call.request.GET)
        query = Query(pretty=asked.pretty, expensive=True, hidden=asked.hidden)
        return self.records(call, [row], query)[0]

    def records(self, call: Call, rows: Sequence[Any], query: Query) -> list[Record]:
        """Rows as they are shown."""
        wanted = [one for one in self.fields if one.shown and (query.expensive or not one.expensive)]
        found: list[Record] = []
        for row in rows:
            values = {one.name: one.of(row) for one in wanted}
            record = {name: shown(value) for name, value in values.items()}
            if query.pretty:
                record |= {f"_pretty_{name}": pretty(value) for name, value in values.items() if is_time(value)}
            found.append(record)
        self.decorate(call, rows, found, query)
        for name in query.hidden:
            for record in found:
                record.pop(name, None)
        return found

    def test(self, store: Store, asked: Filter) -> Test:
        """Which rows a filter wants.

        :raises Failure: there is no such field, or the value does not fit it
        """
        try:
            test = any_of([self._compare(store, asked, literal) for literal in asked.values])
        except ValueError as error:
            raise Failure(400, f"{asked.name}: {error}") from None
        return test.inverse() if asked.excludes else test

    def _compare(self, store: Store, asked: Filter, literal: Literal) -> Test:
        field, path = self._field(asked.path[0], asked.name), asked.path[1:]
        if field.relation is not None:
            is_further = bool(path) and path[0] not in OPERATORS
            # What is kept under a name can be asked for by its number, too.
            is_number = not is_further and field.key != "id" and _is_number(literal.value)
            if is_further or is_number:
                there = self._find(field.relation)
                inner = Filter(asked.name, path if is_further else ("id", *path), (literal,), excludes=False)
                return within(field, there.among(store, [there.test(store, inner)], field.key))
        return compare(field, path, literal)

    def _field(self, name: str, given: str) -> Field:
        """The field with a name; ``x_id`` and ``x`` are the same.

        :raises Failure: there is none; names those that are
        """
        for one in (name, name.removesuffix("_id"), f"{name}_id"):
            if one in self._fields:
                return self._fields[one]
        raise Failure(
            400, f"{given}: {self.name} has no field {name!r}; its fields are: {', '.join(sorted(self._fields))}"
        )


class Table(Resource):
    """A resource whose rows are those of a table of the store."""

    def rows(self, store: Store) -> QuerySet[Any]:
        """All rows."""
        raise NotImplementedError

    def page(self, call: Call, query: Query, tests: Sequence[Test]) -> tuple[int, list[Any]]:
        """See :meth:`Resource.page`."""
        rows, left = self._narrowed(call.store, tests)
        sort = None if query.sort is None else self._field(query.sort, "sort")
        if sort is None or sort.column is not None:
            rows = rows.order_by(*_order(sort, descending=query.descending))
            if not left:
                count = rows.count()
                return count, list(_cut(rows, query))
            passing = (row for row in rows.iterator(_CHUNK) if all(one.holds(row) for one in left))
            return _counted(passing, query)
        keyed = [(sort.of(row), row.pk) for row in rows.iterator(_CHUNK) if all(one.holds(row) for one in left)]
        keyed.sort(key=lambda one: (one[0] is not None, str(one[0])), reverse=query.descending)
        numbers = [number for _, number in _cut(keyed, query)]
        found = {row.pk: row for row in self.rows(call.store).filter(pk__in=numbers)}
        return len(keyed), [found[number] for number in numbers if number in found]

    def row(self, call: Call, identifier: str) -> Any:
        """See :meth:`Resource.row`."""
        found = self.rows(call.store).filter(pk=whole(identifier)).first()
        if found is None:
            raise not_found()
        return found

    def among(self, store: Store, tests: Sequence[Test], key: str) -> Any:
        """See :meth:`Resource.among`."""
        rows, left = self._narrowed(store, tests)
        field = self._fields[key]
        if not left and field.column is not None:
            return rows.values_list(field.column, flat=True)
        return [field.of(row) for row in rows.iterator(_CHUNK) if all(one.holds(row) for one in left)]

    def _narrowed(self, store: Store, tests: Sequence[Test]) -> tuple[QuerySet[Any], list[Test]]:
        rows = self.rows(store)
        for one in tests:
            rows = rows.filter(one.narrowed)
        return rows, [one for one in tests if not one.decided]


class Records(Resource):
    """A resource whose rows are records in memory, few of them."""

    def all(self, store: Store) -> Iterable[Record]:
        """All records."""
        raise NotImplementedError

    def page(self, call: Call, query: Query, tests: Sequence[Test]) -> tuple[int, list[Any]]:
        """See :meth:`Resource.page`."""
        rows = [row for row in self.all(call.store) if all(one.holds(row) for one in tests)]
        if query.sort is not None:
            sort = self._field(query.sort, "sort")
            rows.sort(key=lambda row: _sortable(sort.of(row)), reverse=query.descending)
        return len(rows), list(_cut(rows, query))

    def row(self, call: Call, identifier: str) -> Any:
        """See :meth:`Resource.row`."""
        for row in self.all(call.store):
            if str(row.get("id")) == identifier:
                return row
        raise not_found()

    def among(self, store: Store, tests: Sequence[Test], key: str) -> Any:
        """See :meth:`Resource.among`."""
        field = self._fields[key]
        return [field.of(row) for row in self.all(store) if all(one.holds(row) for one in tests)]


class Absent(Records):
    """A resource that exists elsewhere and has nothing here: an empty list, so that what loads it goes on."""

    def all(self, store: Store) -> Iterable[Record]:
        """No records."""
        return ()

    def test(self, store: Store, asked: Filter) -> Test:
        """Nobody knows its fields here."""
        return within(Field("id"), [])

    def among(self, store: Store, tests: Sequence[Test], key: str) -> Any:
        """Nothing."""
        return []

    def _field(self, name: str, given: str) -> Field:
        return Field(name)


def _is_number(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(map(_is_number, value))
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, str) and value.isdecimal())


def whole(identifier: str) -> int:
    """An id from a path or a body.

    :raises Failure: it is none, so there is no such object
    """
    text = str(identifier).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise not_found()
    return int(text)


def shown(value: Any) -> Any:
    """A value as answers hold it."""
    return stamp(value) if isinstance(value, datetime) else value


def is_time(value: Any) -> bool:
    """Whether it is a time, which people read in another form."""
    return isinstance(value, datetime)


def pretty(value: datetime) -> str:
    """A time for people."""
    return value.strftime("%b %d at %I:%M %p")


def _order(sort: Field | None, *, descending: bool) -> list[Any]:
    if sort is None or sort.column == "id":
        return ["-id" if descending else "id"]
    column = F(sort.column or "")
    # The databases do not agree on where nothing comes.
    first = column.desc(nulls_last=True) if descending else column.asc(nulls_last=True)
    return [first, "-id" if descending else "id"]


def _cut(rows: Any, query: Query) -> Any:
    if not query.page_size:
        return rows if not query.page else rows[:0]
    return rows[query.page * query.page_size : (query.page + 1) * query.page_size]


def _counted(passing: Iterable[Any], query: Query) -> tuple[int, list[Any]]:
    """Those of a page, and how many there are: no more of them are kept."""
    rows = iter(passing)
    before = sum(1 for _ in itertools.islice(rows, query.page * query.page_size))
    kept = list(rows if not query.page_size else itertools.islice(rows, query.page_size))
    if not query.page_size and query.page:
        before, kept = len(kept), []
    return before + len(kept) + sum(1 for _ in rows), kept


def _sortable(value: Any) -> tuple[bool, float, str]:
    is_number = isinstance(value, (int, float))
    return value is None, float(value) if is_number else 0.0, "" if is_number else str(value).lower()


__all__ = ["Absent", "Field", "Kind", "Part", "Record", "Records", "Resource", "Table", "pretty", "shown", "whole"]
