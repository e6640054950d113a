"""Takes in what runs have left in the spool, and lets old runs go."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from soarkit import homefiles
from soarkit.errors import SurroundingsError
from soarkit.store import models, spool
from soarkit.store.database import Database
from soarkit.store.records import STATUSES
from soarkit.store.rows import text, time_of

LOCK = "store-intake"
#: Sets how many days runs are kept; 0 keeps them for ever.
KEEP_VARIABLE = "SOARKIT_KEEP_RUNS_DAYS"
KEEP_DAYS = 90
#: Runs, and bytes, that one transaction takes in: others that write wait for it.
_BATCH, _BATCH_SIZE = 200, 32 << 20
_PIECE = 1 << 20  # bytes of compressed result in one row
_DIED = "the run's host ended before it did"


def take_in(database: Database, note: Callable[[str], None]) -> int:
    """Make rows of what is in the spool. Done twice, or by two processes at once, it makes no difference.

    :param note: told of damaged files
    :returns: how many runs were taken in
    """
    home = database.home
    if not spool.anything(home):
        return 0

    def waiting() -> None:
        note("waiting for another process that takes in runs")

    with homefiles.locked(home, LOCK, waiting=waiting):
        intake = _Intake(database)
        for paths in _batches(spool.finished(home)):
            intake.finished(paths)
        intake.orphans()
        for path in spool.leftovers(home):
            _remove(path)
    if intake.damaged:
        folder = os.path.join(spool.folder(home), "damaged")
        note(f"warning: {len(intake.damaged)} damaged records of runs were put into {folder}")
    if intake.count:
        _let_go(database, note)
    return intake.count


def delete(database: Database, ids: list[int]) -> None:
    """Delete runs with their results."""
    using = database.alias
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        with database.transaction():
            models.ResultPart.objects.using(using).filter(run__in=some).delete()
            models.Run.objects.using(using).filter(id__in=some).delete()


class _Intake:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.count = 0
        self.damaged: list[str] = []

    def finished(self, paths: list[str]) -> None:
        """Take finished runs in, all of them in one transaction."""
        done = []
        with self._database.transaction():
            present = self._present([os.path.basename(path).partition(".")[0] for path in paths])
            for path in paths:
                if os.path.basename(path).partition(".")[0] in present or self._take(path):
                    done.append(path)
        for path in done:
            _remove(path)

    def orphans(self) -> None:
        """Take in the runs whose host died."""
        for path, header in spool.orphans(self._database.home):
            try:
                ended = {**(header or {}), "status": "failed", "message": _DIED, "exit_code": 3, "result_size": 0}
                row = _row({**ended, "error": SurroundingsError(_DIED).to_dict()})
            except _NO_RUN:
                self._put_aside(path)
                continue
            with self._database.transaction():
                if not self._present([row.key]):
                    row.save(using=self._database.alias)
                    self.count += 1
            _remove(path)

    def _present(self, keys: list[str]) -> set[str]:
        return set(models.Run.objects.using(self._database.alias).filter(key__in=keys).values_list("key", flat=True))

    def _take(self, path: str) -> bool:
        using = self._database.alias
        try:
            file = spool.FinishedRun(path)
        except FileNotFoundError:
            return False
        except spool.SpoolError:
            self._put_aside(path)
            return False
        try:
            row = _row({**file.header, "key": os.path.basename(path).partition(".")[0]})
        except _NO_RUN:
            self._put_aside(path)
            return False
        else:
            row.save(using=using, force_insert=True)
            for number, piece in enumerate(_compressed(file.result())):
                models.ResultPart(run=row, number=number, data=piece).save(using=using, force_insert=True)
            self.count += 1
            return True
        finally:
            file.close()

    def _put_aside(self, path: str) -> None:
        folder = os.path.join(os.path.dirname(path), "damaged")
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            os.replace(path, os.path.join(folder, os.path.basename(path)))
        except OSError:  # it is looked at again the next time
            return
        self.damaged.append(path)


#: What a header raises that does not describe a run.
_NO_RUN = (KeyError, TypeError, ValueError, OverflowError)


def _row(header: dict[str, Any]) -> models.Run:
    """The row of a run, from what its host wrote about it.

    :raises KeyError, TypeError, ValueError: it did not write what it should
    """
    if header["status"] not in STATUSES[1:]:
        raise ValueError("status")
    parameters, error = header.get("parameters", []), header.get("error")
    return models.Run(
        key=header["key"],
        app=text(header["app"]),
        slug=_optional_text(header.get("slug")),
        appid=text(header.get("appid")),
        app_version=text(header.get("app_version")),
        action=text(header["action"]),
        identifier=text(header.get("identifier")),
        asset=_optional_text(header.get("asset")),
        asset_id=_whole(header.get("asset_id"), 63),
        container=_whole(header.get("container"), 63),
        status=header["status"],
        message=text(header.get("message")),
        exit_code=_whole(header.get("exit_code"), 31),
        started=time_of(header["started"]),
        elapsed=None if header.get("elapsed") is None else float(header["elapsed"]),
        host=text(header.get("host")),
        pid=_whole(header.get("pid"), 63),
        app_path=text(header.get("app_path")),
        log_path=_optional_text(header.get("log_path")),
        result_size=_whole(header.get("result_size"), 63) or 0,
        parameters=parameters if isinstance(parameters, list) else [],
        error=error if isinstance(error, dict) else None,
    )


def _optional_text(value: object) -> str | None:
    return None if value is None else text(value)


def _whole(value: object, bits: int) -> int | None:
    if value is None:
        return None
    number = int(value) if isinstance(value, (int, str)) else None
    if number is None or not -(1 << bits) <= number < 1 << bits:
        raise ValueError("number")
    return number


def _compressed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes compressed, in pieces of about a megabyte; nothing for nothing."""
    packer = zlib.compressobj(3)
    pending, some = b"", False
    for piece in pieces:
        some = True
        pending += packer.compress(piece)
        if len(pending) >= _PIECE:
            yield pending
            pending = b""
    if some:
        yield pending + packer.flush()


def _batches(paths: list[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for path in paths:
        batch.append(path)
        size += _size(path)
        if len(batch) >= _BATCH or size > _BATCH_SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:  # somebody else has, or the next intake does
        pass


def keep_days(note: Callable[[str], None]) -> int:
    """For how many days runs are kept."""
    given = os.environ.get(KEEP_VARIABLE, "").strip()
    if not given:
        return KEEP_DAYS
    if not given.isascii() or not given.isdigit() or len(given) > 6:
        note(f"warning: {KEEP_VARIABLE} must be a number of days, 0 for ever, not {given!r}; it counts as {KEEP_DAYS}")
        return KEEP_DAYS
    return int(given)


def _let_go(database: Database, note: Callable[[str], None]) -> None:
    days = keep_days(note)
    if days == 0:
        return
    before = datetime.now(timezone.utc) - timedelta(days=days)
    old = models.Run.objects.using(database.alias).filter(started__lt=before).values_list("id", flat=True)
    delete(database, list(old))
