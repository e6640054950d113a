"""Brings the tables up to date by itself, with a backup first when there is something to lose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from soarkit import homefiles
from soarkit.errors import SurroundingsError
from soarkit.store import backup
from soarkit.store.database import LABEL, Database

LOCK = "store-migrate"
#: Servers lock by number: one that nobody else is likely to use.
_SERVER_LOCK = 0x50A2_1717


def migrate(database: Database, note: Callable[[str], None]) -> None:
    """Make all the tables what this version of soarkit works with. Most often they are, and nothing is done.

    :param note: told what is done
    :raises SurroundingsError: the database is newer than this soarkit
    """
    if not _plan(database):
        return
    with exclusively(database, note):
        plan = _plan(database)  # another process may have done it meanwhile
        if not plan:
            return
        if backup.holds_data(database):
            path = backup.automatic(database, f"before-{plan[-1]}")
            note(f"the database is brought up to date; backup: {path}")
        database.use_write_ahead_log()
        executor = MigrationExecutor(database.connection)
        executor.migrate(executor.loader.graph.leaf_nodes(LABEL))


def refuse_unknown(names: list[str], where: str) -> None:
    """Refuse what a newer soarkit has made.

    :param names: migrations
    :raises SurroundingsError: this soarkit does not have one of them
    """
    known = {name for app, name in MigrationLoader(None).disk_migrations if app == LABEL}
    unknown = sorted(set(names) - known)
    if unknown:
        raise SurroundingsError(
            f"it was made by a newer soarkit: this one does not know {', '.join(unknown)}",
            where=where,
            hint="pip install --upgrade soarkit",
        )


@contextmanager
def exclusively(database: Database, note: Callable[[str], None]) -> Iterator[None]:
    """Nobody else changes tables meanwhile: no process of this home, and no other client of a server."""

    def waiting() -> None:
        note("waiting for another process that works on the tables of the database")

    with homefiles.locked(database.home, LOCK, waiting=waiting):
        if database.address.engine != "postgresql":
            yield
            return
        with database.connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_SERVER_LOCK])
        try:
            yield
        finally:
            with database.connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_SERVER_LOCK])


def _plan(database: Database) -> list[str]:
    loader = _loader(database)
    done = {name for app, name in loader.applied_migrations if app == LABEL}
    refuse_unknown(sorted(done), database.address.shown)
    return sorted(name for app, name in loader.disk_migrations if app == LABEL and name not in done)


def _loader(database: Database) -> MigrationLoader:
    return MigrationLoader(database.connection)
