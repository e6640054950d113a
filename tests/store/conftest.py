"""Fixtures for tests of the store: each runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from store.server import Server, programs

from soarkit.store import open_store, spool
from soarkit.store.records import InstalledVersion

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server."""
    folder = programs()
    if folder is None:
        warnings.warn(pytest.PytestWarning("PostgreSQL is not installed: its tests do not run"), stacklevel=1)
        pytest.skip("PostgreSQL is not installed")
    running = Server(folder)
    yield running
    running.stop()


@pytest.fixture
def database_url(server: Server) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    name = f"soarkit_{next(_numbers)}"
    server.execute(f"CREATE DATABASE {name}")
    yield server.url(name)
    close_connections()
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The kind of database: the same test runs on each."""
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)
    monkeypatch.delenv("SOARKIT_KEEP_RUNS_DAYS", raising=False)
    if request.param == "postgresql":
        monkeypatch.setenv("SOARKIT_DATABASE_URL", request.getfixturevalue("database_url"))
    yield request.param
    close_connections()


@pytest.fixture
def notes() -> list[str]:
    """What stores say while they are opened."""
    return []


@pytest.fixture
def opened(engine: str, home: Path, notes: list[str]) -> Callable[[], Store]:
    """Open the store, again and again."""
    return lambda: open_store(str(home), note=notes.append)


@pytest.fixture
def store(opened: Callable[[], Store]) -> Store:
    """An open store."""
    return opened()


def close_connections() -> None:
    """Close all connections of this thread: what follows starts anew."""
    from django.conf import settings
    from django.db import connections

    if settings.configured:
        for connection in connections.all(initialized_only=True):
            connection.close()


def manifest(**changes: Any) -> dict[str, Any]:
    """An app JSON, as far as the store looks at it."""
    return {
        "appid": "ab12cd34-0000-4000-8000-000000000001",
        "name": "Contoso Reputation",
        "app_version": "1.0.0",
        "product_vendor": "Contoso",
        "product_name": "Reputation",
        "publisher": "Contoso",
        "description": "Looks things up",
        "configuration": {},
        **changes,
    }


def version(text: str = "1.0.0", **changes: Any) -> InstalledVersion:
    """An installed version."""
    values = {
        "version": text,
        "folder": f"/nowhere/{text}",
        "manifest": "app.json",
        "digest": "d" * 64,
        "source": "contoso.tgz",
        "python": None,
        "index_fallback": True,
        "environment": None,
        "installed_at": spool.now(),
    }
    return InstalledVersion(**{**values, **changes})


def about(**changes: Any) -> dict[str, Any]:
    """What a run says of itself when it begins."""
    return {
        "app": "Contoso Reputation",
        "slug": "contoso-reputation",
        "appid": "ab12cd34-0000-4000-8000-000000000001",
        "app_version": "1.0.0",
        "action": "file reputation",
        "identifier": "file_reputation",
        "asset": "box",
        "asset_id": 1,
        "parameters": [{"hash": "ff"}],
        "started": spool.now(),
        "host": "here",
        "pid": 1,
        "app_path": "/nowhere/app.json",
        **changes,
    }
