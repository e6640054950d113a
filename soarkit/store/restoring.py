"""Puts a backup in the place of what is there, in one transaction."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor

from soarkit import homefiles
from soarkit.errors import RequestError
from soarkit.paths import polls_folder
from soarkit.store import backup, snapshot
from soarkit.store.changes import Changes
from soarkit.store.database import LABEL, Database
from soarkit.store.intake import LOCK as INTAKE_LOCK
from soarkit.store.migrating import exclusively, refuse_unknown

_BATCH = 20  # rows; a piece of a result has up to a megabyte


@dataclass(frozen=True)
class Restored:
    """What a restore did.

    :param made: when the backup was made, ISO 8601, UTC
    :param rows: how many rows it had
    :param kept: where that is now which was there before; None: there was nothing
    """

    made: str
    rows: int
    kept: str | None


def restore(database: Database, path: str, note: Callable[[str], None]) -> Restored:
    """Replace all that is kept. The database need not be readable: a damaged SQLite file is put aside.

    :param note: told when another process has to be waited for
    :raises RequestError: the file is damaged, or no backup; nothing was changed
    :raises SurroundingsError: the backup was made by a newer soarkit, or the database cannot be used
    """
    header = backup.verify(path)
    refuse_unknown(header.migrations, path)

    def waiting() -> None:
        note("waiting for another process that works with the store")

    home = database.home
    with (
        database.errors(),
        exclusively(database, note),
        homefiles.locked(home, INTAKE_LOCK, waiting=waiting),
        homefiles.locked(home, snapshot.CHANGE_LOCK, waiting=waiting),
    ):
        kept = _keep_present(database, path)
        homefiles.write_bytes(snapshot.marker_path(home), f"{os.getpid()}\n".encode())
        # What was fetched since the backup is gone, and has to be fetched again.
        shutil.rmtree(polls_folder(home), ignore_errors=True)
        count = _replace(database, header, path)
    with database.errors():
        Changes(database, note).reconcile()
    return Restored(header.made, count, kept)


def _keep_present(database: Database, path: str) -> str | None:
    try:
        return backup.automatic(database, "before-restore", spare=path) if backup.holds_data(database) else None
    except DatabaseError:
        file = database.address.path
        if file is None:
            raise
        # What cannot be read may still be of use to somebody who knows how to mend it.
        database.close()
        aside = f"{file}.damaged-{time.strftime('%Y%m%d-%H%M%S')}"
        for ending in ("", "-wal", "-shm"):
            if os.path.exists(file + ending):
                os.rename(file + ending, aside + ending)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return aside


def _replace(database: Database, header: backup.Header, path: str) -> int:
    connection = database.connection
    server = database.address.engine == "postgresql"
    database.use_write_ahead_log()
    # SQLite changes tables only while it does not check foreign keys, which cannot be switched within a transaction.
    connection.disable_constraint_checking()
    try:
        with database.transaction():
            given_out = backup.sequences(database)
            _drop_tables(database)
            executor = MigrationExecutor(connection)
            executor.migrate(_newest(executor, header.migrations))
            count = sum(_insert(database, header, batch, path) for batch in _batches(backup.rows(path)))
            _set_sequences(database, header.sequences)
            if server:
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the tables could not be changed
            executor = MigrationExecutor(connection)
            executor.migrate(executor.loader.graph.leaf_nodes(LABEL))
            restored = backup.sequences(database)
            _set_sequences(database, {table: max(given_out.get(table, 0), restored[table]) for table in restored})
            connection.check_constraints()
    finally:
        connection.enable_constraint_checking()
    return count


def _drop_tables(database: Database) -> None:
    quote = database.connection.ops.quote_name
    cascade = " CASCADE" if database.address.engine == "postgresql" else ""
    with database.connection.cursor() as cursor:
        for table in backup.tables(database):
            cursor.execute(f"DROP TABLE {quote(table)}{cascade}")
        if "django_migrations" in database.connection.introspection.table_names(cursor):
            cursor.execute("DELETE FROM django_migrations WHERE app = %s", [LABEL])


def _newest(executor: MigrationExecutor, names: list[str]) -> list[tuple[str, str]]:
    """Of the recorded migrations those that no other of them builds on."""
    nodes = {(LABEL, name) for name in names}
    below = {parent.key for node in nodes for parent in executor.loader.graph.node_map[node].parents}
    return sorted(nodes - below)


def _batches(rows: Iterator[tuple[str, list[Any]]]) -> Iterator[list[tuple[str, list[Any]]]]:
    while some := list(islice(rows, _BATCH)):
        yield some


def _insert(database: Database, header: backup.Header, batch: list[tuple[str, list[Any]]], path: str) -> int:
    quote = database.connection.ops.quote_name
    by_table: dict[str, list[list[Any]]] = {}
    for table, values in batch:
        by_table.setdefault(table, []).append(values)
    with database.connection.cursor() as cursor:
        for table, rows in by_table.items():
            columns = header.columns.get(table)
            if columns is None or not table.startswith(f"{LABEL}_"):
                raise RequestError(f"the backup has rows of an unknown table {table!r}", where=path)
            names = ", ".join(map(quote, columns))
            places = ", ".join(["%s"] * len(columns))
            statement = f"INSERT INTO {quote(table)} ({names}) VALUES ({places})"  # noqa: S608 - quoted names
            cursor.executemany(statement, rows)
    return len(batch)


def _set_sequences(database: Database, highest_ids: Mapping[str, int]) -> None:
    """Ids go on after the highest that was ever given out: apps keep state, and secrets are encrypted, by them."""
    quote = database.connection.ops.quote_name
    with database.connection.cursor() as cursor:
        for table, highest in highest_ids.items():
            if highest < 1:
                continue
            if database.address.engine == "postgresql":
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [quote(table), highest])
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, highest])
