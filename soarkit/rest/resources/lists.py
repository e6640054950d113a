"""Custom lists, called decided lists here."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpResponse

from soarkit.rest.call import Call, answer
from soarkit.rest.failures import Failure, not_found
from soarkit.rest.fields import Field, Kind, columns, fixed
from soarkit.rest.resource import Part, Table
from soarkit.rest.resources.writing import done, refusals
from soarkit.store import models
from soarkit.store.given import row_id

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_CHANGES = ("append_rows", "update_rows", "delete_rows")


class DecidedLists(Table):
    """``decided_list``."""

    name = "decided_list"
    fields = (
        *columns(Kind.NUMBER, "id"),
        *columns(Kind.TEXT, "name"),
        *columns(Kind.JSON, "content"),
        *columns(Kind.TIME, "create_time"),
        Field("modified_time", Kind.TIME, "update_time"),
        *fixed(version=1),
    )

    def rows(self, store: Store) -> QuerySet[models.CustomList]:
        """See :meth:`Table.rows`."""
        rows: QuerySet[models.CustomList] = models.CustomList.objects.using(store.database.alias)
        return rows

    def row(self, call: Call, identifier: str) -> models.CustomList:
        """The list with that id or name."""
        number = row_id(identifier)
        found: models.CustomList | None
        found = None if number is None else self.rows(call.store).filter(id=number).first()
        found = found or self.rows(call.store).filter(name=identifier.replace("\0", "")).first()
        if found is None:
            raise not_found()
        return found

    def parts(self) -> Mapping[str, Part]:
        """See :meth:`Resource.parts`."""
        return {"formatted_content": _formatted}

    def create(self, call: Call) -> HttpResponse:
        """Make a list."""
        name = call.fields.get("name")
        if not isinstance(name, str) or not name:
            raise Failure(400, "name is required")
        content = call.fields.get("content") or []
        _require_rows(content)
        with refusals():
            number = call.store.lists.create(name, content)
        return done(id=number, message="Successfully created the list")

    def update(self, call: Call, identifier: str) -> HttpResponse:
        """Replace the rows of a list, or change some."""
        row = self.row(call, identifier)
        given = call.fields
        content = given.get("content")
        with refusals():
            if content is not None:
                _require_rows(content)
                call.store.lists.set(row.id, content)
            call.store.lists.change(row.id, **{name: given[name] for name in _CHANGES if given.get(name)})
        return done(id=row.id, message="Successfully updated the list")

    def delete(self, call: Call, identifier: str) -> HttpResponse:
        """Delete a list."""
        row = self.row(call, identifier)
        with refusals():
            call.store.lists.delete(row.id)
        return done(id=row.id)


def _require_rows(content: Any) -> None:
    if not isinstance(content, list):
        raise Failure(400, "content must be a list of rows")


def _formatted(call: Call, row: models.CustomList) -> HttpResponse:
    """The rows as CSV, with separators as asked; else as JSON."""
    given = call.request.GET
    if given.get("_output_format", "csv") != "csv":
        return answer(row.content)
    file = io.StringIO()
    try:
        writer = csv.writer(file, delimiter=given.get("_fs") or ",", lineterminator=given.get("_rs") or "\n")
        writer.writerows([["" if cell is None else cell for cell in cells] for cells in row.content])
    except (csv.Error, TypeError, ValueError) as error:
        raise Failure(400, f"the list cannot be written so: {error}") from None
    return HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
