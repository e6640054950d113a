"""One `save_artifacts` call with 10,000 artifacts, against bulk inserts of the same rows with the same durability.

    python benchmarks/artifacts.py [ROUNDS [ARTIFACTS]]

Interleaved in one go, each in one transaction of the same database; what counts is the ratio of the medians. The call
is timed by the app, so it includes the way to the host and back. On SQLite, and on PostgreSQL where it is installed.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from store.server import Server, programs  # noqa: E402

import soarkit as library  # noqa: E402
from soarkit.store import open_store  # noqa: E402

APP = str(ROOT / "tests" / "apps" / "saves_containers")
LIMIT = 3.0


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    print(f"Python {sys.version.split()[0]}, {count} artifacts, {rounds} interleaved rounds, medians")
    os.environ.pop("SOARKIT_DATABASE_URL", None)
    measure("SQLite", rounds, count)
    folder = programs()
    if folder is None:
        print("PostgreSQL is not installed")
        return
    server = Server(folder, durable=True)
    try:
        server.execute("CREATE DATABASE artifacts")
        os.environ["SOARKIT_DATABASE_URL"] = server.url("artifacts")
        measure("PostgreSQL", rounds, count)
    finally:
        server.stop()


def measure(engine: str, rounds: int, count: int) -> None:
    """Measure on the database that the environment names."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["SOARKIT_HOME"] = home
        times: dict[str, list[float]] = {}
        with open_store(home) as store:
            inserts = Inserts(store)
            ways: dict[str, Callable[[], float]] = {
                "save_artifacts, in the app": lambda: call(count),
                "bulk_create": inserts.with_models,
                "executemany": inserts.with_statements,
            }
            call(count)
            inserts.take_rows(count)
            for _ in range(rounds):
                for name, way in ways.items():
                    times.setdefault(name, []).append(way())
    measured = {name: statistics.median(spent) for name, spent in times.items()}
    ours = measured["save_artifacts, in the app"]
    print(engine)
    for name, median in measured.items():
        print(f"  {name:<28} {median * 1000:7.1f} ms   ours is {ours / median:4.2f} times it")
    print(f"  limit: {LIMIT}")


def call(count: int) -> float:
    """How long the call takes, as an app sees it."""
    result = library.run(APP, "time", {"count": count}, python=sys.executable)
    assert result.data[0]["saved"] == count, result.raw
    return float(result.data[0]["seconds"])


class Inserts:
    """Inserts the rows that an app's call has made, into a new container each time."""

    def __init__(self, store: Any) -> None:
        from soarkit.store import models

        self._store, self._model = store, models.Artifact
        self._database = store.database
        self._rows: list[Any] = []

    def take_rows(self, count: int) -> None:
        """Take the rows of the last call."""
        found = self._model.objects.using(self._database.alias).order_by("-id")[:count]
        self._rows = list(found)[::-1]
        names = [field.column for field in self._model._meta.local_fields if field.column != "id"]
        self._names = names
        with self._database.connection.cursor() as cursor:
            quoted = ", ".join(f'"{name}"' for name in names)
            first = self._rows[0].id
            cursor.execute(f"SELECT {quoted} FROM soarkit_store_artifact WHERE id >= %s ORDER BY id", [first])
            self._values = [list(row) for row in cursor.fetchall()]

    def with_models(self) -> float:
        """Django's bulk_create."""
        container = self._container()
        for row in self._rows:
            row.id, row.container_id, row._state.adding = None, container, True
        began = time.perf_counter()
        with self._database.transaction():
            self._model.objects.using(self._database.alias).bulk_create(self._rows)
        return time.perf_counter() - began

    def with_statements(self) -> float:
        """The database's own interface, with rows that are as it takes them."""
        container, place = self._container(), self._names.index("container_id")
        for row in self._values:
            row[place] = container
        names = ", ".join(f'"{name}"' for name in self._names)
        places = ", ".join(["%s"] * len(self._names))
        began = time.perf_counter()
        with self._database.transaction(), self._database.connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO soarkit_store_artifact ({names}) VALUES ({places})", self._values)
        return time.perf_counter() - began

    def _container(self) -> int:
        container = {"name": "the same rows"}
        saved = self._store.containers.save(container, asset_id=1, appid=None, label="incident", run=None)
        return int(saved.id)


if __name__ == "__main__":
    main()
