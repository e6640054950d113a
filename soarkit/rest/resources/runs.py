"""Action runs and app runs: a run of soarkit is one of each, with the same number."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpResponse

from soarkit.rest.call import Call, answer
from soarkit.rest.conditions import within
from soarkit.rest.failures import Failure
from soarkit.rest.fields import Field, Kind, columns, fixed
from soarkit.rest.query import Query
from soarkit.rest.resource import Part, Record, Table
from soarkit.rest.resources.writing import done
from soarkit.store import models

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_LOG_LINES = 500


def _status(row: models.Run) -> str:
    return "failed" if row.status == "cancelled" else row.status


def _ended(row: models.Run) -> datetime | None:
    return None if row.elapsed is None else row.started + timedelta(seconds=row.elapsed)


def _targets(row: models.Run) -> list[dict[str, Any]]:
    return [{"assets": [row.asset] if row.asset else [], "parameters": row.parameters, "app_id": row.appid}]


class ActionRuns(Table):
    """``action_run``."""

    name = "action_run"
    fields = (
        *columns(Kind.NUMBER, "id"),
        *columns(Kind.TEXT, "action"),
        Field("name", column="action"),
        Field("type", column="identifier"),
        Field("status", value=_status),
        *columns(Kind.TEXT, "message"),
        Field("cancelled", Kind.TRUTH, value=lambda row: row.status == "cancelled"),
        Field("targets", Kind.JSON, value=_targets),
        Field("create_time", Kind.TIME, "started"),
        Field("update_time", Kind.TIME, value=lambda row: _ended(row) or row.started),
        Field("close_time", Kind.TIME, value=_ended),
        Field("owner", Kind.NUMBER, value=lambda row: 1, relation="ph_user"),
        Field("creator", Kind.NUMBER, value=lambda row: 1, relation="ph_user"),
        Field("container", Kind.NUMBER, "container", relation="container"),
        Field("playbook_run", Kind.NUMBER, value=lambda row: None, relation="playbook_run"),
        *fixed(due_time=None, playbook=None, exec_delay_secs=0, comment="", ip_address="", node_guid="", version=1),
    )

    def rows(self, store: Store) -> QuerySet[models.Run]:
        """See :meth:`Table.rows`."""
        return _runs(store)

    def parts(self) -> Mapping[str, Part]:
        """See :meth:`Resource.parts`."""
        return {"app_runs": self._app_runs}

    def decorate(self, call: Call, rows: Sequence[Any], records: list[Record], query: Query) -> None:
        """See :meth:`Resource.decorate`."""
        if query.pretty:
            for record in records:
                record |= {"_pretty_owner": "admin", "_pretty_has_app_runs": True}
                record |= {"_pretty_container": "", "_pretty_playbook": ""}

    def create(self, call: Call) -> HttpResponse:
        """Start an action."""
        raise Failure(400, "actions cannot be started from inside an action; use `soarkit run`")

    def update(self, call: Call, identifier: str) -> HttpResponse:
        """Cancel a run; one that has ended stays as it is."""
        row = self.row(call, identifier)
        if call.fields.get("cancel"):
            return done(id=row.id, message="the run has ended already")
        raise Failure(400, 'of a run, only {"cancel": true} can be asked')

    def _app_runs(self, call: Call, row: models.Run) -> HttpResponse:
        there = self._find("app_run")
        # Clients read the results without asking for them.
        parameters = call.request.GET.copy()
        parameters.setdefault("include_expensive", "")
        call.request.GET = parameters  # type: ignore[assignment]
        return there.index(call, within(Field("id", Kind.NUMBER, "id"), [row.id]))


class AppRuns(Table):
    """``app_run``."""

    name = "app_run"
    fields = (
        *columns(Kind.NUMBER, "id"),
        Field("action_run", Kind.NUMBER, "id", relation="action_run"),
        *columns(Kind.TEXT, "action app_version message"),
        Field("app", column="appid", relation="app", key="appid", value=lambda row: None),
        Field("app_name", column="app"),
        Field("asset", Kind.NUMBER, "asset_id", relation="asset"),
        Field("status", value=_status),
        Field("start_time", Kind.TIME, "started"),
        Field("end_time", Kind.TIME, value=_ended),
        Field("create_time", Kind.TIME, "started", shown=False),
        Field("container", Kind.NUMBER, "container", relation="container"),
        Field("playbook_run", Kind.NUMBER, value=lambda row: None, relation="playbook_run"),
        Field("exception_occured", Kind.TRUTH, value=lambda row: row.error is not None),
        Field("result_summary", Kind.JSON, value=lambda row: _result(row).get("result_summary") or {}, expensive=True),
        Field("result_data", Kind.JSON, value=lambda row: _result(row).get("result_data") or [], expensive=True),
        *fixed(effective_user=None, version=1, node_guid=""),
    )

    def rows(self, store: Store) -> QuerySet[models.Run]:
        """See :meth:`Table.rows`."""
        return _runs(store)

    def parts(self) -> Mapping[str, Part]:
        """See :meth:`Resource.parts`."""
        return {"action_result": _action_result, "log": _log, "playbook_run": _no_playbook}

    def decorate(self, call: Call, rows: Sequence[Any], records: list[Record], query: Query) -> None:
        """See :meth:`Resource.decorate`."""
        apps = dict(models.App.objects.using(call.store.database.alias).values_list("appid", "id"))
        for row, record in zip(rows, records, strict=True):
            record["app"] = apps.get(row.appid)
            if query.pretty:
                record |= {"_pretty_asset": row.asset or "", "_pretty_app": row.app, "_pretty_effective_user": ""}
                record |= {"_pretty_app_directory": "", "_pretty_has_widget": False}


def _runs(store: Store) -> QuerySet[models.Run]:
    rows: QuerySet[models.Run] = models.Run.objects.using(store.database.alias)
    return rows


def _result(row: models.Run) -> dict[str, Any]:
    """The result JSON of a run; empty where it has none."""
    known: dict[str, Any] | None = getattr(row, "result_read", None)
    if known is None:
        import zlib

        parts = models.ResultPart.objects.using(row._state.db).filter(run=row).order_by("number")
        unpacker = zlib.decompressobj()
        text = b"".join(unpacker.decompress(bytes(data)) for data in parts.values_list("data", flat=True))
        known = json.loads(text + unpacker.flush() or b"{}")
        row.result_read = known  # type: ignore[attr-defined]
    return known


def _action_result(call: Call, row: models.Run) -> HttpResponse:
    return answer({"data": _result(row).get("result_data") or []})


def _no_playbook(call: Call, row: models.Run) -> HttpResponse:
    return answer({"data": None})


def _log(call: Call, row: models.Run) -> HttpResponse:
    """The lines of the run's log, each a text that holds JSON."""
    lines: list[str] = []
    try:
        with open(row.log_path or "", encoding="utf-8", errors="replace") as file:
            for line in file:
                lines.append(json.dumps({"message": line.rstrip("\n")}))
                if len(lines) == _LOG_LINES:
                    break
    except OSError:  # logs are pruned
        pass
    return answer({"data": lines})
