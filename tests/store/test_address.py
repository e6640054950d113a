"""Addresses of databases, and what is said when one cannot be used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from store.conftest import close_connections, manifest, version
from store.server import PASSWORD, Server

from soarkit.errors import SurroundingsError, UsageError
from soarkit.store import address, open_store


@pytest.mark.parametrize(
    ("url", "settings", "shown"),
    [
        (
            "postgresql://user:p%40ss%2F@host:5433/db?sslmode=require",
            {"USER": "user", "PASSWORD": "p@ss/", "HOST": "host", "PORT": "5433", "NAME": "db"},
            "postgresql://user@host:5433/db",
        ),
        ("postgres://host/db", {"USER": "", "HOST": "host", "PORT": "", "NAME": "db"}, "postgresql://host/db"),
        ("postgresql:///db", {"HOST": "", "NAME": "db"}, "postgresql:///db"),
        ("postgresql:///?dbname=db&host=/Run/X&user=u", {"HOST": "/Run/X", "USER": "u"}, "postgresql://u@/Run/X/db"),
        ("postgresql://u@%2FRun%2FX/db", {"HOST": "/Run/X", "USER": "u"}, "postgresql://u@/Run/X/db"),
        ("postgresql://u@%2FRun:54/db", {"HOST": "/Run", "PORT": "54"}, "postgresql://u@/Run:54/db"),
        ("postgresql://[::1]:5433/db", {"HOST": "::1", "PORT": "5433"}, "postgresql://::1:5433/db"),
        ("postgresql://[::1]/db", {"HOST": "::1", "PORT": ""}, "postgresql://::1/db"),
        ("sqlite:////a/b%20c.db", {"NAME": "/a/b c.db"}, "/a/b c.db"),
    ],
)
def test_addresses_are_read(url: str, settings: dict[str, str], shown: str) -> None:
    found = address.parse(url)
    assert {key: found.settings[key] for key in settings} == settings
    assert found.shown == shown


def test_what_libpq_knows_is_passed_on() -> None:
    options = address.parse("postgresql://h/d?sslmode=verify-full&sslrootcert=/ca&connect_timeout=3").settings[
        "OPTIONS"
    ]
    assert options == {"sslmode": "verify-full", "sslrootcert": "/ca", "connect_timeout": "3"}


@pytest.mark.parametrize(
    "url",
    [
        "mysql://user:hush-hush@host/db",
        "hush-hush",
        "postgresql://user:hush-hush@host:port/db",
        "postgresql://user:hush-hush@host",
        "postgresql://user:hush-hush@host/db?nothing",
        "postgresql://user:hush-hush@[host/db",
        "sqlite:///relative",
        "sqlite://",
    ],
)
def test_what_is_no_address_is_refused_without_its_password(
    url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOARKIT_DATABASE_URL", url)
    with pytest.raises(UsageError) as caught:
        open_store(str(home))
    assert "hush-hush" not in str(caught.value)
    assert caught.value.where == "SOARKIT_DATABASE_URL"


def test_a_server_is_reached_by_its_socket(server: Server, database_url: str, home: Path, monkeypatch: Any) -> None:
    name = database_url.rpartition("/")[2]
    monkeypatch.setenv("SOARKIT_DATABASE_URL", server.url(name, by_socket=True))
    with open_store(str(home)) as store:
        assert server.folder in store.database.address.shown
        store.apps.activate(manifest(), version())
    close_connections()
    monkeypatch.setenv("SOARKIT_DATABASE_URL", database_url)
    with open_store(str(home)) as store:
        assert len(store.apps.list()) == 1


def test_what_a_server_refuses_is_explained(server: Server, database_url: str, home: Path, monkeypatch: Any) -> None:
    name = database_url.rpartition("/")[2]
    server.execute("DROP ROLE IF EXISTS guest", "CREATE ROLE guest LOGIN PASSWORD 'guest-word'")
    cases = {
        server.url(name, password="wrong-word"): ("does not let soarkit in", "check user and password"),
        server.url("nowhere"): ("not there", "createdb"),
        server.url(name, user="guest", password="guest-word"): ("may not do this", "GRANT ALL"),
        f"postgresql://u:hush-hush@127.0.0.1:1/{name}": ("cannot be reached", "is it running"),
        f"postgresql://u:hush-hush@no-such-host.invalid/{name}": ("cannot be reached", "is it running"),
        f"postgresql://u:hush-hush@%2Fnowhere/{name}": ("cannot be reached", "is it running"),
    }
    for url, (message, hint) in cases.items():
        monkeypatch.setenv("SOARKIT_DATABASE_URL", url)
        with pytest.raises(SurroundingsError, match=message) as caught:
            open_store(str(home))
        assert hint in str(caught.value.hint)
        assert not any(word in str(caught.value) for word in ("hush-hush", "wrong-word", "guest-word", PASSWORD))
        close_connections()


def test_a_missing_library_says_how_to_get_it(home: Path) -> None:
    script = (
        "import sys; sys.modules['psycopg'] = sys.modules['psycopg2'] = None\n"
        "from soarkit.cli.main import main\n"
        "sys.argv = ['soarkit', 'runs']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"SOARKIT_DATABASE_URL": "postgresql://h/d", "SOARKIT_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "pip install 'soarkit[postgresql]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_said_and_changes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)
    store = open_store(str(home))
    store.apps.activate(manifest(), version())
    with store.database.connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    with pytest.raises(SurroundingsError, match="the disk is full"):
        store.apps.activate(manifest(description="x" * 100_000), version("2"))
    assert store.apps.list()[0].current == "1.0.0"
    close_connections()


def test_a_folder_that_cannot_be_written_is_said(home: Path) -> None:
    home.mkdir()
    (home / "store").write_text("in the way")
    with pytest.raises(SurroundingsError):
        open_store(str(home))


def test_the_database_is_for_its_owner_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)
    store = open_store(str(home))
    store.apps.activate(manifest(), version())
    modes = {path.name: path.stat().st_mode & 0o777 for path in (home / "store").iterdir() if path.is_file()}
    assert {"soarkit.sqlite3", "soarkit.sqlite3-wal", "snapshot.json"} <= modes.keys()
    assert set(modes.values()) == {0o600}
    close_connections()
