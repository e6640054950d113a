"""Containers, with what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse

from soarkit.rest.call import Call, answer
from soarkit.rest.conditions import within
from soarkit.rest.failures import Failure, not_found
from soarkit.rest.fields import Field, Kind, columns, fixed
from soarkit.rest.query import Query
from soarkit.rest.resource import Part, Record, Table
from soarkit.rest.resources.people import user_id, user_name
from soarkit.rest.resources.writing import done, listed_ids, refusals, refused_as_duplicate, required_id
from soarkit.store import models
from soarkit.store.given import row_id
from soarkit.store.rows import text

if TYPE_CHECKING:
    from soarkit.store.opened import Store

#: Parts of a container that are lists of rows elsewhere.
_LISTS = {
    "artifacts": "artifact",
    "attachments": "container_attachment",
    "notes": "note",
    "comments": "container_comment",
}
#: Parts that have nothing here.
_EMPTY = {
    "actions": "action_run",
    "audit": "audit_entry",
    "activity_feed": "activity_feed",
    "playbook_runs": "playbook_run",
    "phases": "workflow_phase",
    "approvals": "approval",
    "permitted_users": "ph_user",
    "pins": "container_pin",
}


def _count(row: Any) -> int:
    """How many artifacts a container has: counted for the whole page where it is shown, else here."""
    counted: int | None = getattr(row, "artifacts_counted", None)
    return row.artifacts.count() if counted is None else counted


class Containers(Table):
    """``container``."""

    name = "container"
    fields = (
        *columns(Kind.NUMBER, "id"),
        *columns(Kind.TEXT, "name label"),
        Field("status", column="status", relation="container_status", key="name"),
        Field("severity", column="severity", relation="severity", key="name"),
        *columns(Kind.TEXT, "sensitivity description source_data_identifier container_type kill_chain hash"),
        *columns(Kind.JSON, "tags data custom_fields"),
        Field("asset", Kind.NUMBER, "asset_id", value=lambda row: row.asset_id or None, relation="asset"),
        Field("artifact_count", Kind.NUMBER, value=_count),
        Field("ingest_app", column="ingest_app", relation="app", key="appid", value=lambda row: None),
        Field("owner", column="owner", relation="ph_user", key="username", value=lambda row: user_id(row.owner)),
        Field("owner_name", column="owner", value=lambda row: row.owner or None),
        *columns(Kind.TIME, "create_time start_time end_time open_time close_time due_time artifact_update_time"),
        Field("container_update_time", Kind.TIME, "update_time"),
        Field("update_time", Kind.TIME, "update_time", shown=False),
        Field("tenant", Kind.NUMBER, value=lambda row: row_id(row.extra.get("tenant_id")) or 0),
        *fixed(role=None, closing_rule_run=None, closing_owner=None, parent_container=None, version=1),
        *fixed(in_case=False, workflow_name="", current_phase=None, node_guid="", secondary_owner=None),
    )

    def rows(self, store: Store) -> QuerySet[models.Container]:
        """See :meth:`Table.rows`."""
        rows: QuerySet[models.Container] = models.Container.objects.using(store.database.alias)
        return rows

    def parts(self) -> Mapping[str, Part]:
        """See :meth:`Resource.parts`."""

        def listed(name: str) -> Part:
            there = self._find(name)
            field = next(one for one in there.fields if one.name == "container")
            return lambda call, row: there.index(call, within(field, [row.id]))

        empty = {part: self._nothing(name) for part, name in _EMPTY.items()}
        return {**empty, **{part: listed(name) for part, name in _LISTS.items()}}

    def decorate(self, call: Call, rows: Sequence[Any], records: list[Record], query: Query) -> None:
        """See :meth:`Resource.decorate`."""
        apps = dict(models.App.objects.using(call.store.database.alias).values_list("appid", "id"))
        names = dict(models.Asset.objects.using(call.store.database.alias).values_list("id", "name"))
        for row, record in zip(rows, records, strict=True):
            record["ingest_app"] = apps.get(row.ingest_app)
            if query.pretty:
                record["_pretty_owner"] = row.owner
                record["_pretty_asset"] = names.get(row.asset_id, "")

    def records(self, call: Call, rows: Sequence[Any], query: Query) -> list[Record]:
        """As ever, with the artifacts of all rows counted at once."""
        artifacts = models.Artifact.objects.using(call.store.database.alias)
        counts: dict[int, int] = {}
        for start in range(0, len(rows), 500):
            of_these = artifacts.filter(container_id__in=[row.id for row in rows[start : start + 500]])
            counts |= dict(of_these.order_by().values_list("container_id").annotate(Count("id")))
        for row in rows:
            row.artifacts_counted = counts.get(row.id, 0)
        return super().records(call, rows, query)

    def create(self, call: Call) -> HttpResponse:
        """Save a container with its artifacts, or several."""
        if isinstance(call.body, list):
            return answer([self._created(call, one)[0] for one in call.body])
        body, duplicate = self._created(call, call.fields, alone=True)
        return refused_as_duplicate(call, body) if duplicate else answer(body)

    def update(self, call: Call, identifier: str) -> HttpResponse:
        """Change what the body says; a whole record may be posted back."""
        row = self.row(call, identifier)
        with refusals():
            call.store.containers.update(row.id, _named(call.fields))
        return done(id=row.id)

    def delete(self, call: Call, identifier: str) -> HttpResponse:
        """Delete a container with all that is in it."""
        row = self.row(call, identifier)
        with refusals():
            call.store.containers.delete(row.id)
        return done(id=row.id)

    def delete_listed(self, call: Call) -> HttpResponse:
        """Delete several; none when one of them is not there."""
        numbers = listed_ids(call)
        if self.rows(call.store).filter(id__in=numbers).count() != len(set(numbers)):
            raise not_found()
        with refusals():
            for number in numbers:
                call.store.containers.delete(number)
        return done(ids=numbers)

    def _created(self, call: Call, given: Any, *, alone: bool = False) -> tuple[dict[str, Any], bool]:
        """What is answered for one container, and whether there was one before."""
        try:
            return self._saved(call, given)
        except Failure as failure:
            if alone:
                raise
            return failure.body(), False

    def _saved(self, call: Call, given: Any) -> tuple[dict[str, Any], bool]:
        if not isinstance(given, dict):
            raise Failure(400, "a container must be a JSON object")
        if not str(given.get("name") or "").strip():
            raise Failure(400, "name is required")
        caller = call.caller
        appid = self._appid(call, given.get("ingest_app_id", given.get("ingest_app")))
        with refusals():
            saved = call.store.containers.save(
                {name: value for name, value in _named(given).items() if name not in ("ingest_app", "ingest_app_id")},
                asset_id=row_id(given.get("asset_id", given.get("asset"))) or 0,
                appid=appid,
                label=caller.label,
                run=caller.run,
            )
        body: dict[str, Any] = {"success": True, "id": saved.id, "new_artifact_ids": []}
        if saved.duplicate:
            body = {
                "message": "duplicate container",
                "existing_container_id": saved.id,
                "failed": True,
                "success": False,
            }
            body["new_artifact_ids"] = []
        if given.get("artifacts"):
            body["artifacts"] = [_artifact(one) for one in saved.artifacts]
            body["new_artifact_ids"] = [one.id for one in saved.artifacts if one.id and not one.duplicate]
        return body, saved.duplicate

    def _appid(self, call: Call, given: Any) -> str | None:
        """The appid of an app that is given by that or by its number."""
        if given is None:
            return None
        number = row_id(given)
        if number is None:
            return str(given)
        apps = models.App.objects.using(call.store.database.alias)
        appid: str | None = apps.filter(id=number).values_list("appid", flat=True).first()
        return appid

    def _nothing(self, name: str) -> Part:
        return lambda call, row: answer({"count": 0, "num_pages": 1, "data": []})


class Comments(Table):
    """``container_comment``."""

    name = "container_comment"
    fields = (
        *columns(Kind.NUMBER, "id"),
        Field("container", Kind.NUMBER, "container_id", relation="container"),
        *columns(Kind.TEXT, "comment"),
        Field("user", column="author", relation="ph_user", key="username", value=lambda row: user_id(row.author)),
        Field("author", column="author"),
        *columns(Kind.TIME, "create_time"),
        Field("time", Kind.TIME, "create_time"),
    )

    def rows(self, store: Store) -> QuerySet[models.Comment]:
        """See :meth:`Table.rows`."""
        rows: QuerySet[models.Comment] = models.Comment.objects.using(store.database.alias)
        return rows

    def decorate(self, call: Call, rows: Sequence[Any], records: list[Record], query: Query) -> None:
        """See :meth:`Resource.decorate`."""
        for row, record in zip(rows, records, strict=True):
            if query.pretty:
                record["_pretty_user"] = row.author

    def create(self, call: Call) -> HttpResponse:
        """Comment on a container."""
        comment = call.fields.get("comment")
        if not comment:
            raise Failure(400, "comment is required")
        using = call.store.database.alias
        number = required_id(call.fields.get("container_id", call.fields.get("container")), "container_id")
        if not models.Container.objects.using(using).filter(id=number).exists():
            raise not_found()
        now = datetime.now(timezone.utc)
        row = models.Comment(container_id=number, comment=text(str(comment)), author=call.caller.user, create_time=now)
        row.save(using=using)
        return done(id=row.id)


def _artifact(saved: Any) -> dict[str, Any]:
    if saved.error is not None:
        return {"failed": True, "message": saved.error}
    return {"existing_artifact_id": saved.id} if saved.duplicate else {"id": saved.id}


def _named(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a body gives, with the owner by name: records show numbers, and are posted back."""
    names = {name: user_name(given[name]) for name in ("owner", "owner_id") if name in given}
    if "owner_id" in names:
        names["owner"] = names["owner_id"]
    elif names.get("owner") is None and given.get("owner_name"):
        names["owner"] = given["owner_name"]
    return {**given, **names}
