"""Backups: all rows of the store's tables in one file that fits either kind of database.

Lines of JSON, compressed with gzip: a header with the applied migrations, a line ``[table, values]`` for each row, and
last the number of rows and a digest of all lines before it. The models are not used: a backup is made before the
tables are brought up to what they say.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from soarkit import homefiles
from soarkit.errors import RequestError
from soarkit.store.database import LABEL, Database

_FORMAT = 1
#: How many of the backups that soarkit makes by itself are kept.
KEPT = 10
_FOLDER = ("store", "backups")
_ENDING = ".soarkit-backup.gz"
_AUTOMATIC = "auto-"


@dataclass(frozen=True)
class Header:
    """What a backup says of itself.

    :param made: ISO 8601, UTC
    :param migrations: the applied ones, oldest first
    :param columns: column names by table
    :param sequences: the highest id ever given out, by table
    """

    made: str
    migrations: list[str]
    columns: dict[str, list[str]]
    sequences: dict[str, int]


def write(database: Database, path: str) -> str:
    """Write a backup; readable by its owner alone, and only there when it is whole.

    :returns: the file's absolute path
    """
    path = os.path.abspath(path)
    with (
        homefiles.writing(path) as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0) as packed,
    ):
        _write_lines(database, packed)
    return path


def automatic(database: Database, reason: str, *, spare: str | None = None) -> str:
    """Make a backup before something is changed; the oldest such ones go.

    :param reason: a word or two for its name
    :param spare: one that is needed just now and stays, however old it is
    """
    folder = os.path.join(database.home, *_FOLDER)
    path = write(database, new_path(database.home, _AUTOMATIC + reason))
    own = [name for name in homefiles.names(folder) if f"-{_AUTOMATIC}" in name and name.endswith(_ENDING)]
    for name in own[:-KEPT]:
        old = os.path.join(folder, name)
        if spare is None or not os.path.samefile(old, spare):
            os.unlink(old)
    return path


def new_path(home: str, word: str) -> str:
    """A path for a new backup in the home folder; names sort by time."""
    folder = os.path.join(home, *_FOLDER)
    stamp = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S-%f")
    return os.path.join(folder, f"{stamp}-{word}{_ENDING}")


def newest(home: str) -> str | None:
    """The newest backup in the home folder; None where there is none."""
    folder = os.path.join(home, *_FOLDER)
    found = [name for name in homefiles.names(folder) if name.endswith(_ENDING)]
    return os.path.join(folder, found[-1]) if found else None


def holds_data(database: Database) -> bool:
    """Whether any table has a row."""
    with database.connection.cursor() as cursor:
        for table in tables(database):
            cursor.execute(f"SELECT 1 FROM {_quoted(database, table)} LIMIT 1")  # noqa: S608 - our own table
            if cursor.fetchone():
                return True
    return False


def tables(database: Database) -> list[str]:
    """The store's tables that are there."""
    return sorted(name for name in database.connection.introspection.table_names() if name.startswith(f"{LABEL}_"))


def verify(path: str) -> Header:
    """Read a backup to its end.

    :raises RequestError: it is damaged, or no backup
    """
    header: Header | None = None
    digest, rows, end = hashlib.sha256(), 0, None
    try:
        for line in _lines(path):
            if end is not None:
                raise _damaged(path, "something follows its end")
            if header is None:
                header = _header(line, path)
            elif line.startswith(b"{"):
                end = json.loads(line)
                continue
            else:
                rows += 1
            digest.update(line)
    except ValueError:
        raise _damaged(path, "a line cannot be read") from None
    if header is None or end is None:
        raise _damaged(path, "its end is missing")
    if end.get("rows") != rows or end.get("sha256") != digest.hexdigest():
        raise _damaged(path, "its contents do not match their digest")
    return header


def rows(path: str) -> Iterator[tuple[str, list[Any]]]:
    """The rows of a verified backup: table and values."""
    for line in _lines(path):
        if line.startswith(b"["):
            table, values = json.loads(line)
            yield table, [_decoded(value) for value in values]


def _write_lines(database: Database, file: gzip.GzipFile) -> None:
    digest, count = hashlib.sha256(), 0

    def put(value: object) -> None:
        line = json.dumps(value, separators=(",", ":")).encode() + b"\n"
        digest.update(line)
        file.write(line)

    with database.one_moment():
        present = tables(database)
        put(
            {
                "soarkit_backup": _FORMAT,
                "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "migrations": _migrations(database),
                "columns": {table: _columns(database, table) for table in present},
                "sequences": sequences(database),
            }
        )
        for table in present:
            with database.connection.chunked_cursor() as cursor:
                cursor.execute(f"SELECT * FROM {_quoted(database, table)} ORDER BY id")  # noqa: S608 - our own table
                while some := cursor.fetchmany(20):
                    for row in some:
                        put([table, [_encoded(value) for value in row]])
                        count += 1
    file.write(json.dumps({"rows": count, "sha256": digest.hexdigest()}).encode() + b"\n")


def _migrations(database: Database) -> list[str]:
    with database.connection.cursor() as cursor:
        cursor.execute("SELECT name FROM django_migrations WHERE app = %s ORDER BY id", [LABEL])
        return [str(row[0]) for row in cursor.fetchall()]


def _columns(database: Database, table: str) -> list[str]:
    with database.connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {_quoted(database, table)} LIMIT 0")  # noqa: S608 - our own table
        return [column[0] for column in cursor.description]


def sequences(database: Database) -> dict[str, int]:
    """The highest id ever given out, by table."""
    return {table: _highest_id(database, table) for table in tables(database)}


def _highest_id(database: Database, table: str) -> int:
    with database.connection.cursor() as cursor:
        if database.address.engine == "postgresql":
            cursor.execute(
                "SELECT last_value FROM pg_sequences WHERE format('%%I.%%I', schemaname, sequencename) "
                "= pg_get_serial_sequence(%s, 'id')",
                [_quoted(database, table)],
            )
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    return int(found[0]) if found and found[0] else 0


def _encoded(value: object) -> object:
    if isinstance(value, (bytes, memoryview)):
        return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        utc = value.astimezone(timezone.utc).replace(tzinfo=None) if value.tzinfo else value
        return str(utc)  # as SQLite holds it
    return value


def _decoded(value: object) -> object:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value


def _lines(path: str) -> Iterator[bytes]:
    try:
        with gzip.open(path, "rb") as file:
            yield from file
    except FileNotFoundError:
        raise RequestError("there is no such file", where=path) from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise _damaged(path, str(error)) from None
    except OSError as error:
        raise RequestError(f"the backup cannot be read: {error.strerror}", where=path) from error


def _header(line: bytes, path: str) -> Header:
    document = json.loads(line)
    if not isinstance(document, dict) or "soarkit_backup" not in document:
        raise _damaged(path, "it does not begin as a backup does")
    if document["soarkit_backup"] != _FORMAT:
        raise RequestError(
            f"the backup has format {document['soarkit_backup']}, this soarkit reads {_FORMAT}",
            where=path,
            hint="pip install --upgrade soarkit",
        )
    return Header(document["made"], document["migrations"], document["columns"], document["sequences"])


def _damaged(path: str, reason: str) -> RequestError:
    return RequestError(
        f"this is no backup of soarkit's store, or a damaged one: {reason}",
        where=path,
        hint="take another; those in the home folder are in store/backups",
    )


def _quoted(database: Database, table: str) -> str:
    return str(database.connection.ops.quote_name(table))
