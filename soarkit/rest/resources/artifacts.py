"""Artifacts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpResponse

from soarkit.rest.call import Call, answer
from soarkit.rest.conditions import Test, compare
from soarkit.rest.failures import Failure
from soarkit.rest.fields import Field, Kind, columns, fixed
from soarkit.rest.literals import Literal
from soarkit.rest.query import Query
from soarkit.rest.resource import Record, Table
from soarkit.rest.resources.people import user_id
from soarkit.rest.resources.writing import done, listed_ids, refusals, refused_as_duplicate
from soarkit.store import models

if TYPE_CHECKING:
    from soarkit.store.opened import Store


class Artifacts(Table):
    """``artifact``."""

    name = "artifact"
    fields = (
        *columns(Kind.NUMBER, "id"),
        Field("container", Kind.NUMBER, "container_id", relation="container"),
        *columns(Kind.TEXT, "name label type description source_data_identifier kill_chain hash"),
        Field("severity", column="severity", relation="severity", key="name"),
        *columns(Kind.JSON, "cef cef_types tags data"),
        *columns(Kind.TRUTH, "run_automation"),
        Field("ingest_app", column="ingest_app", relation="app", key="appid", value=lambda row: None),
        Field("owner", column="owner", relation="ph_user", key="username", value=lambda row: user_id(row.owner)),
        Field("owner_name", column="owner", value=lambda row: row.owner or None),
        *columns(Kind.TIME, "create_time update_time start_time end_time"),
        *fixed(
            version=1, in_case=False, has_note=False, parent_artifact=None, parent_container=None, playbook_run=None
        ),
    )

    def rows(self, store: Store) -> QuerySet[models.Artifact]:
        """See :meth:`Table.rows`."""
        rows: QuerySet[models.Artifact] = models.Artifact.objects.using(store.database.alias)
        return rows

    def index(self, call: Call, *more: Test) -> HttpResponse:
        """As ever; ``search_cef=["v"]`` looks for texts anywhere in ``cef``."""
        return super().index(call, *more, *_searched(call))

    def decorate(self, call: Call, rows: Sequence[Any], records: list[Record], query: Query) -> None:
        """See :meth:`Resource.decorate`."""
        using = call.store.database.alias
        apps = dict(models.App.objects.using(using).values_list("appid", "id"))
        names: dict[int, str] = {}
        if query.pretty:
            numbers = sorted({row.container_id for row in rows})
            for start in range(0, len(numbers), 500):
                containers = models.Container.objects.using(using).filter(id__in=numbers[start : start + 500])
                names |= dict(containers.values_list("id", "name"))
        for row, record in zip(rows, records, strict=True):
            record["ingest_app"] = apps.get(row.ingest_app)
            if query.pretty:
                record |= {"_pretty_container": names.get(row.container_id, ""), "_pretty_owner": row.owner}

    def create(self, call: Call) -> HttpResponse:
        """Save an artifact, or several at once: an array gets an array, in its order."""
        given = call.body if isinstance(call.body, list) else [call.fields]
        caller = call.caller
        with refusals():
            saved = call.store.artifacts.save(
                given, container_id=None, appid=caller.appid, run=caller.run, explicit_only=True
            )
        if isinstance(call.body, list):
            return answer([_item(one) for one in saved])
        (one,) = saved
        if one.error is not None:
            raise Failure(400, one.error)
        if one.duplicate:
            return refused_as_duplicate(call, _item(one))
        return done(id=one.id)

    def update(self, call: Call, identifier: str) -> HttpResponse:
        """Change what the body says; ``cef`` and ``tags`` are replaced whole."""
        row = self.row(call, identifier)
        with refusals():
            call.store.artifacts.update(row.id, call.fields)
        return done(id=row.id)

    def delete(self, call: Call, identifier: str) -> HttpResponse:
        """Delete an artifact."""
        row = self.row(call, identifier)
        with refusals():
            call.store.artifacts.delete(row.id)
        return done(id=row.id)

    def delete_listed(self, call: Call) -> HttpResponse:
        """Delete several."""
        numbers = [self.row(call, str(one)).id for one in listed_ids(call)]
        with refusals():
            for number in numbers:
                call.store.artifacts.delete(number)
        return done(ids=numbers)


def _searched(call: Call) -> list[Test]:
    written = call.request.GET.get("search_cef", "").strip()
    if not written:
        return []
    try:
        values = json.loads(written)
    except ValueError:
        values = [written]
    cef = Field("cef", Kind.JSON, "cef")
    texts = map(str, values if isinstance(values, list) else [values])
    return [compare(cef, ["icontains"], Literal(one, one)) for one in texts]


def _item(saved: Any) -> dict[str, Any]:
    if saved.error is not None:
        return {"failed": True, "success": False, "message": saved.error}
    if saved.duplicate:
        message = "artifact already exists"
        return {"failed": True, "success": False, "existing_artifact_id": saved.id, "message": message}
    return {"success": True, "id": saved.id}
