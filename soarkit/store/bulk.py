"""Many rows at once: the object-relational layer would take several times as long as the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import Any

from soarkit.store.database import Database


def new_ids(database: Database, table: str, count: int) -> list[int]:
    """Ids for so many rows, in ascending order. Within a transaction that is to insert them."""
    with database.connection.cursor() as cursor:
        if database.address.engine == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # Transactions on SQLite begin by taking the lock: nobody else gives out ids meanwhile.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
        return list(range(first, first + count))


def insert(database: Database, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows. Their values are as the database takes them (:func:`time_value`, JSON as text)."""
    connection = database.connection
    names = ", ".join(map(connection.ops.quote_name, columns))
    target = f"{connection.ops.quote_name(table)} ({names})"
    with connection.cursor() as cursor:
        if database.address.engine == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {target} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {target} VALUES ({places})", rows)  # noqa: S608 - our own names


def time_value(database: Database, time: datetime | None) -> Any:
    """A time as the database takes it."""
    if time is None or database.address.engine == "postgresql":
        return time
    if time.tzinfo is not timezone.utc:
        time = time.astimezone(timezone.utc)
    return time.isoformat(" ").removesuffix("+00:00")  # as Django has SQLite hold it


def ids_by_hash(database: Database, table: str, container_id: int, hashes: Sequence[str]) -> dict[str, int]:
    """Which of the hashes rows of a container have already, with their ids."""
    quoted = database.connection.ops.quote_name(table)
    if database.address.engine == "postgresql":
        condition, given = "= ANY(%s)", list(hashes)
    else:
        import json

        # One parameter: SQLite takes a limited number of them.
        condition, given = "IN (SELECT value FROM json_each(%s))", json.dumps(list(hashes))  # type: ignore[assignment]
    with database.connection.cursor() as cursor:
        cursor.execute(
            f"SELECT hash, id FROM {quoted} WHERE container_id = %s AND hash {condition}",  # noqa: S608 - our own names
            [container_id, given],
        )
        return dict(cursor.fetchall())
