"""Custom lists, which REST calls decided lists: rows of columns under a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from soarkit.errors import RequestError
from soarkit.store import models
from soarkit.store.database import Database, guarded
from soarkit.store.rows import iso, text

_Rows = list[list[Any]]


class Lists:
    """The custom lists. A row is a list of cells; what is no list becomes a row of one cell."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @guarded
    def list(self) -> list[dict[str, Any]]:
        """All lists by name, without their rows: ``id``, ``name``, ``create_time``, ``update_time``."""
        rows = models.CustomList.objects.using(self.database.alias).order_by("name").defer("content")
        return [_about(row) for row in rows]

    @guarded
    def get(self, name_or_id: str | int) -> dict[str, Any]:
        """A list with its rows in ``content``.

        :param name_or_id: its name, or its id as a number
        :raises RequestError: there is no such list
        """
        row = self._row(name_or_id)
        return {**_about(row), "content": row.content}

    @guarded
    def create(self, name: str, content: Iterable[Any] = ()) -> int:
        """Make a list.

        :returns: its id
        :raises RequestError: there is one already that is called so, or it has no name
        """
        with self.database.transaction():
            row, made = self._made(name, _rows(content))
            if not made:
                raise RequestError(f"there is a list {row.name!r} already")
        return row.id

    @guarded
    def set(self, name_or_id: str | int, content: Iterable[Any]) -> None:
        """Replace all rows of a list; a name that is not there yet becomes one.

        :raises RequestError: there is no list with that id, or the name is empty
        """
        with self.database.transaction():
            row = self._row_or_new(name_or_id) if isinstance(name_or_id, str) else self._row(name_or_id, lock=True)
            self._save(row, _rows(content))

    @guarded
    def append(self, name: str, rows: Iterable[Any]) -> None:
        """Append rows to a list; a name that is not there yet becomes one.

        :raises RequestError: the name is empty
        """
        with self.database.transaction():
            row = self._row_or_new(name)
            self._save(row, [*row.content, *_rows(rows)])

    @guarded
    def change(
        self,
        name_or_id: str | int,
        *,
        update_rows: Mapping[Any, Any] | None = None,
        delete_rows: Iterable[Any] = (),
        append_rows: Iterable[Any] = (),
    ) -> None:
        """Change some rows of a list: first those to update, then those to delete, then those to append.

        :param update_rows: new rows by number, counted from 0 in the list as it is
        :param delete_rows: numbers of rows, counted the same way
        :raises RequestError: there is no such list, or no such row
        """
        with self.database.transaction():
            row = self._row(name_or_id, lock=True)
            content: _Rows = [*row.content]
            for number, cells in (update_rows or {}).items():
                content[_number(number, content)] = _row(cells)
            gone = {_number(number, content) for number in delete_rows}
            left = [cells for number, cells in enumerate(content) if number not in gone]
            self._save(row, [*left, *_rows(append_rows)])

    @guarded
    def remove(
        self, name_or_id: str | int, value: str, *, column: int | None = None, all: bool = False, rows: bool = False
    ) -> int:
        """Take a value out of a list: the cells that have it become empty (null).

        :param value: compared as text, whole and with its case
        :param column: look in this column only
        :param all: also where there are several; otherwise nothing is done then
        :param rows: remove the rows that have it instead
        :returns: how many cells, or rows, there were
        :raises RequestError: there is no such list, the value is not in it, or it is there several times
        """
        with self.database.transaction():
            row = self._row(name_or_id, lock=True)
            content: _Rows = [[*cells] for cells in row.content]
            places = [
                (at, where)
                for at, cells in enumerate(content)
                for where, cell in enumerate(cells)
                if column in (None, where) and cell is not None and str(cell) == value
            ]
            hit = {at for at, _ in places}
            count = len(hit) if rows else len(places)
            if not count:
                raise RequestError(f"the list {row.name!r} does not have the value {value!r}")
            if count > 1 and not all:
                raise RequestError(f"the list {row.name!r} has the value {value!r} {count} times; nothing was removed")
            for at, where in places:
                content[at][where] = None
            self._save(row, [cells for at, cells in enumerate(content) if not rows or at not in hit])
        return count

    @guarded
    def delete(self, name_or_id: str | int) -> str:
        """Delete a list.

        :returns: its name
        :raises RequestError: there is no such list
        """
        with self.database.transaction():
            row = self._row(name_or_id)
            row.delete(using=self.database.alias)
        return row.name

    def _row(self, name_or_id: str | int, *, lock: bool = False) -> models.CustomList:
        rows = models.CustomList.objects.using(self.database.alias)
        if lock:
            rows = rows.select_for_update()
        wanted = {"id": name_or_id} if isinstance(name_or_id, int) else {"name": text(name_or_id)}
        found: models.CustomList | None = rows.filter(**wanted).first()
        if found is None:
            raise RequestError(f"there is no list {name_or_id!r}")
        return found

    def _row_or_new(self, name: str) -> models.CustomList:
        self._made(name, [])
        return self._row(name, lock=True)

    def _made(self, name: str, content: _Rows) -> tuple[models.CustomList, bool]:
        """The list of that name, and whether it has just been made."""
        if not name:
            raise RequestError("a list needs a name")
        now = datetime.now(timezone.utc)
        given = {"content": content, "create_time": now, "update_time": now}
        return models.CustomList.objects.using(self.database.alias).get_or_create(name=text(name), defaults=given)

    def _save(self, row: models.CustomList, content: _Rows) -> None:
        row.content, row.update_time = content, datetime.now(timezone.utc)
        row.save(using=self.database.alias, update_fields=["content", "update_time"])


def _about(row: models.CustomList) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "create_time": iso(row.create_time),
        "update_time": iso(row.update_time),
    }


def _rows(content: Iterable[Any]) -> _Rows:
    return [_row(one) for one in content]


def _row(cells: Any) -> list[Any]:
    return [*cells] if isinstance(cells, (list, tuple)) else [cells]


def _number(given: Any, content: _Rows) -> int:
    try:
        number = int(given)
    except (TypeError, ValueError):
        number = -1
    if not 0 <= number < len(content):
        raise RequestError(f"there is no row {given!r}: the list has {len(content)}")
    return number
