"""The runs: those taken in, and those under way."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from django.db import DatabaseError
from django.db.models import Q, QuerySet

from soarkit.errors import RequestError
from soarkit.store import models, spool
from soarkit.store.database import Database, guarded
from soarkit.store.intake import delete
from soarkit.store.records import STATUSES
from soarkit.store.rows import iso, text
from soarkit.store.run_record import RunRecord

#: Keys may be shortened to this many characters.
_SHORTEST_KEY = 4
_PIECE = 4 << 20  # bytes of a result
# Inside the class `list` is its method.
_Runs = list[RunRecord]
_Keys = list[str]


class Runs:
    """Action runs, newest first."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @guarded
    def list(
        self,
        *,
        app: str | None = None,
        asset: str | None = None,
        action: str | None = None,
        status: str | None = None,
        limit: int | None = None,
    ) -> _Runs:
        """The runs, newest first, without parameters and errors.

        :param app: slug, appid or name of the app
        :param asset: name or id of the asset
        :param action: name or identifier of the action
        :param status: running, success, failed or cancelled
        :param limit: so many at most
        :raises RequestError: there is no such status
        """
        if status is not None and status not in STATUSES:
            raise RequestError(f"there is no status {status!r}", hint=f"one of: {', '.join(STATUSES)}")
        found = [] if status not in (None, "running") else self._running(app, asset, action)
        if status != "running":
            rows = self._rows(app, asset, action, status).defer("parameters", "error")
            found += [_record(row) for row in (rows if limit is None else rows[:limit])]
            # A run that has just ended may be in both.
            found = list({one.key: one for one in found}.values())
            found.sort(key=lambda one: one.started, reverse=True)
        return found if limit is None else found[:limit]

    @guarded
    def get(self, key: str) -> RunRecord:
        """One run, with its parameters.

        :param key: its key, the beginning of it (4 characters or more) where no other begins so, or "last"
        :raises RequestError: there is none, or several begin so
        """
        if key == "last":
            newest = self.list(limit=1)
            if not newest:
                raise RequestError("there are no runs yet", hint="soarkit run APP ACTION makes one")
            key = newest[0].key
        if len(key) < _SHORTEST_KEY:
            raise RequestError(
                f"{key!r} is too short: {_SHORTEST_KEY} characters of a run's key are needed",
                hint="`soarkit runs` lists the keys; `last` is the newest run",
            )
        wanted = text(key.lower())
        rows = list(models.Run.objects.using(self.database.alias).filter(key__startswith=wanted)[:5])
        taken_in = {row.key for row in rows}
        running = [one for one in spool.running(self.database.home) if one["key"].startswith(wanted)]
        found = [_record(row, whole=True) for row in rows]
        found += [_running_record(one) for one in running if one["key"] not in taken_in]
        exact = [one for one in found if one.key == wanted]
        if not found:
            raise RequestError(f"there is no run {key!r}", hint="`soarkit runs` lists the keys")
        if len(found) > 1 and not exact:
            raise RequestError(
                f"several runs begin with {key!r}", hint=f"give more of it: {', '.join(one.key for one in found)}"
            )
        return exact[0] if exact else found[0]

    @guarded
    def result(self, key: str) -> bytes | None:
        """The result JSON of a run, secrets masked; None when it has none.

        :param key: the whole key
        """
        pieces = list(self.result_pieces(key))
        return b"".join(pieces) if pieces else None

    def result_pieces(self, key: str) -> Iterator[bytes]:
        """The same in pieces, for results that need not be in memory whole."""
        with self.database.errors():
            numbers = models.ResultPart.objects.using(self.database.alias).filter(run__key=key).order_by("number")
            unpacker = zlib.decompressobj()
            for part in list(numbers.values_list("id", flat=True)):
                data = models.ResultPart.objects.using(self.database.alias).values_list("data", flat=True).get(id=part)
                while data:  # a megabyte of zeros is a gigabyte's result
                    yield unpacker.decompress(data, _PIECE)
                    data = unpacker.unconsumed_tail
            if rest := unpacker.flush():
                yield rest

    @guarded
    def prune(
        self,
        *,
        older_than: timedelta | None = None,
        keep: int | None = None,
        status: str | None = None,
        dry_run: bool = False,
    ) -> _Keys:
        """Delete runs with their results; those under way stay.

        :param older_than: only such that began so long ago
        :param keep: not the newest so many
        :param status: only such
        :param dry_run: delete nothing
        :returns: the keys of what was, or would be, deleted
        """
        rows = self._rows(None, None, None, status)
        kept = set(rows.values_list("id", flat=True)[:keep]) if keep else set()
        if older_than is not None:
            rows = rows.filter(started__lt=datetime.now(timezone.utc) - older_than)
        old = [(number, key) for number, key in rows.values_list("id", "key") if number not in kept]
        if old and not dry_run:
            delete(self.database, [number for number, _ in old])
            self._shrink()
        return [key for _, key in old]

    def _shrink(self) -> None:
        """Give the room back to the disk; SQLite does so only when told."""
        if self.database.address.engine == "sqlite":
            try:
                with self.database.connection.cursor() as cursor:
                    cursor.execute("VACUUM")
            except DatabaseError:  # somebody else reads; the room is used again all the same
                pass

    def _rows(self, app: str | None, asset: str | None, action: str | None, status: str | None) -> QuerySet[models.Run]:
        rows: QuerySet[models.Run] = models.Run.objects.using(self.database.alias).order_by("-started", "-id")
        if app is not None:
            wanted = text(app)
            rows = rows.filter(Q(slug=wanted) | Q(appid=wanted) | Q(app__iexact=wanted))
        if asset is not None:
            named = Q(asset__iexact=text(asset))
            rows = rows.filter(named | Q(asset_id=int(asset)) if _is_id(asset) else named)
        if action is not None:
            rows = rows.filter(Q(action=text(action)) | Q(identifier=text(action)))
        return rows if status is None else rows.filter(status=status)

    def _running(self, app: str | None, asset: str | None, action: str | None) -> _Runs:
        found = [_running_record(one) for one in spool.running(self.database.home)]
        return [
            one
            for one in found
            if (app is None or app in (one.slug, one.appid) or app.casefold() == one.app.casefold())
            and (asset is None or asset == str(one.asset_id) or asset.casefold() == (one.asset or "").casefold())
            and (action is None or action in (one.action, one.identifier))
        ]


def _is_id(asset: str) -> bool:
    return asset.isascii() and asset.isdigit() and len(asset) < 19


def _record(row: models.Run, *, whole: bool = False) -> RunRecord:
    return RunRecord(
        key=row.key,
        app=row.app,
        slug=row.slug,
        appid=row.appid,
        app_version=row.app_version,
        action=row.action,
        identifier=row.identifier,
        asset=row.asset,
        asset_id=row.asset_id,
        container=row.container,
        status=row.status,
        message=row.message,
        exit_code=row.exit_code,
        started=iso(row.started),
        elapsed=row.elapsed,
        host=row.host,
        pid=row.pid,
        app_path=row.app_path,
        log_path=row.log_path,
        result_size=row.result_size,
        parameters=row.parameters if whole else None,
        error=row.error if whole else None,
    )


def _running_record(header: dict[str, Any]) -> RunRecord:
    return RunRecord(
        key=header["key"],
        app=str(header.get("app", "")),
        slug=header.get("slug"),
        appid=str(header.get("appid", "")),
        app_version=str(header.get("app_version", "")),
        action=str(header.get("action", "")),
        identifier=str(header.get("identifier", "")),
        asset=header.get("asset"),
        asset_id=header.get("asset_id"),
        container=header.get("container"),
        status="running",
        message="",
        exit_code=None,
        started=str(header.get("started", "")),
        elapsed=None,
        host=str(header.get("host", "")),
        pid=header.get("pid"),
        app_path=str(header.get("app_path", "")),
        log_path=None,
        result_size=0,
        parameters=header.get("parameters"),
    )
