"""Notes in containers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpResponse

from soarkit.rest.call import Call
from soarkit.rest.fields import Field, Kind, columns, fixed
from soarkit.rest.query import Query
from soarkit.rest.resource import Record, Table
from soarkit.rest.resources.people import user_id
from soarkit.rest.resources.writing import done, refusals, required_id
from soarkit.store import models
from soarkit.store.given import row_id

if TYPE_CHECKING:
    from soarkit.store.opened import Store


class Notes(Table):
    """``note``."""

    name = "note"
    fields = (
        *columns(Kind.NUMBER, "id"),
        Field("container", Kind.NUMBER, "container_id", relation="container"),
        *columns(Kind.TEXT, "title content note_type note_format"),
        Field("author", column="author", relation="ph_user", key="username", value=lambda row: user_id(row.author)),
        Field("artifact", Kind.NUMBER, "artifact_id", relation="artifact"),
        Field("task", Kind.NUMBER, "task_id"),
        Field("phase", Kind.NUMBER, "phase_id"),
        *columns(Kind.TIME, "create_time"),
        Field("modified_time", Kind.TIME, "update_time"),
        *fixed(editable=True, es_note_id=None),
    )

    def rows(self, store: Store) -> QuerySet[models.Note]:
        """See :meth:`Table.rows`."""
        rows: QuerySet[models.Note] = models.Note.objects.using(store.database.alias)
        return rows

    def decorate(self, call: Call, rows: Sequence[Any], records: list[Record], query: Query) -> None:
        """See :meth:`Resource.decorate`."""
        for row, record in zip(rows, records, strict=True):
            if query.pretty:
                record["_pretty_author"] = row.author

    def create(self, call: Call) -> HttpResponse:
        """Write a note into a container."""
        given = call.fields
        with refusals():
            number = call.store.notes.add(
                required_id(given.get("container_id", given.get("container")), "container_id"),
                title=str(given.get("title") or ""),
                content=str(given.get("content") or ""),
                note_type=str(given.get("note_type") or "general"),
                note_format=str(given.get("note_format") or "html"),
                author=call.caller.user,
                artifact_id=row_id(given.get("artifact_id")),
                task_id=row_id(given.get("task_id")),
                phase_id=row_id(given.get("phase_id", given.get("phase"))),
            )
        return done(id=number)
