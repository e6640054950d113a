"""Migrations that run by themselves, backups, and what brings them back."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from store.conftest import about, close_connections, manifest, version

from soarkit.errors import RequestError, SurroundingsError
from soarkit.store import open_store, snapshot, spool

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_FIRST = "0001_apps_and_assets"
_FIELDS = {"server": {"data_type": "string"}, "password": {"data_type": "password", "default": "hush"}}


def fill(store: Store, home: Path) -> None:
    """Something in each table."""
    store.apps.activate(manifest(configuration=_FIELDS), version())
    store.assets.create("box", app="contoso-reputation", configuration={"server": "s\0\ud800"})
    run = spool.begin(str(home), about())
    run.finish(status="success", message="ü", exit_code=0, elapsed=1.5, result=bytes(range(256)))
    artifacts = [
        {"name": "n\0\ud800", "cef": {"a": "\0\ud800"}, "start_time": "2024-05-01T10:11:12.5Z"},
        {"name": "last"},
    ]
    given = {"name": "alert", "source_data_identifier": "a" * 10_000, "artifacts": artifacts}
    container = store.containers.save(given, asset_id=1, appid="an-app", label="incident", run=None).id
    file = Path(home, "file")
    file.write_text("contents")
    store.vault.add(str(file), container_id=container, metadata={"contains": ["txt"]})
    store.notes.add(container, title="t", content="c")
    store.lists.create("list", [["a", None]])


def contents(store: Store) -> Any:
    """All that is kept."""
    runs = [store.runs.get(one.key) for one in store.runs.list()]
    results = [store.runs.result(one.key) for one in runs]
    platform = (
        store.containers.list(),
        store.artifacts.list(),
        store.vault.find(),
        store.notes.list(1),
        store.lists.get("list"),
    )
    return store.apps.list(), store.assets.list(), runs, results, platform


def go_back(store: Store) -> None:
    """Tables as an earlier version of soarkit made them."""
    from django.db.migrations.executor import MigrationExecutor

    MigrationExecutor(store.database.connection).migrate([("soarkit_store", _FIRST)])


def rewritten(path: str, change: Callable[[dict[str, Any]], None]) -> str:
    """A backup with another header, and a digest that fits."""
    with gzip.open(path) as file:
        first, *rows, _ = file.readlines()
    header = json.loads(first)
    change(header)
    lines = [json.dumps(header).encode() + b"\n", *rows]
    end = {"rows": len(rows), "sha256": hashlib.sha256(b"".join(lines)).hexdigest()}
    with gzip.open(path + ".changed", "wb") as file:
        file.writelines([*lines, json.dumps(end).encode() + b"\n"])
    return path + ".changed"


def test_the_tables_are_what_the_models_say(store: Store) -> None:
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(loader.graph)
    assert "soarkit_store" not in changes
    assert store.check() == []


def test_older_tables_are_brought_up_to_date_after_a_backup(
    opened: Callable[[], Store], home: Path, notes: list[str]
) -> None:
    store = opened()
    assert notes == [], "there was nothing to back up"
    fill(store, home)
    before = store.apps.list(), store.assets.list()
    go_back(store)
    store = opened()
    assert (store.apps.list(), store.assets.list()) == before
    [note] = notes
    [backup] = (home / "store" / "backups").iterdir()
    assert str(backup) in note
    assert "before-0004_enrichments" in backup.name
    assert backup.stat().st_mode & 0o777 == 0o600
    restored = store.restore(str(backup))
    assert restored.rows == 3
    assert (store.apps.list(), store.assets.list()) == before
    expected = [one for one in store.check() if one.subject.startswith(("app ", "vault"))]  # files are not in a backup
    assert store.check() == expected


def test_a_database_of_a_newer_soarkit_is_refused(opened: Callable[[], Store]) -> None:
    store = opened()
    with store.database.connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('soarkit_store', '9999_later', '2030-01-01')"
        )
    with pytest.raises(SurroundingsError, match=r"newer soarkit.*9999_later") as caught:
        opened()
    assert "pip install --upgrade soarkit" in str(caught.value.hint)


def test_all_of_it_comes_back(opened: Callable[[], Store], home: Path, tmp_path: Path) -> None:
    fill(opened(), home)
    store = opened()
    before = contents(store)
    path = store.backup(str(tmp_path / "deep" / "backup.gz"))
    assert Path(path).stat().st_mode & 0o777 == 0o600
    store.apps.remove("contoso-reputation", purge=True)
    store.runs.prune(keep=0)
    store.containers.delete(1)
    store.lists.delete("list")
    restored = store.restore(path)
    assert contents(store) == before
    read = snapshot.read(str(home))
    assert read is not None
    assert (read.apps, read.assets) == before[:2]
    assert restored.kept is None, "there was nothing left to lose"
    store.restore(path)
    assert contents(opened()) == before
    # and the tables work on
    assert store.assets.create("crate", app="contoso-reputation").id == 2
    assert store.containers.save({"name": "next"}, asset_id=1, appid=None, label="x", run=None).id == 2


def test_what_was_there_is_backed_up_first(opened: Callable[[], Store], home: Path) -> None:
    store = opened()
    empty = store.backup()
    fill(store, home)
    store = opened()
    before = contents(store)
    restored = store.restore(empty)
    assert store.apps.list() == []
    assert restored.kept is not None
    store.restore(restored.kept)
    assert contents(store) == before


def test_a_store_moves_between_kinds_of_databases(
    home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)
    with open_store(str(home)) as store:
        fill(store, home)
    with open_store(str(home)) as store:
        before = contents(store)
        first = store.backup(str(tmp_path / "1"))
    monkeypatch.setenv("SOARKIT_DATABASE_URL", database_url)
    with open_store(str(home)) as store:
        store.restore(first)
        assert contents(store) == before
        second = store.backup(str(tmp_path / "2"))
    monkeypatch.setenv("SOARKIT_DATABASE_URL", f"sqlite:///{tmp_path}/other.sqlite3")
    with open_store(str(home)) as store:
        store.restore(second)
        assert contents(store) == before
        assert store.check() == [one for one in store.check() if one.subject.startswith("app ")]


@pytest.mark.parametrize("damage", ["cut", "bit", "line", "empty", "text", "foreign", "more"])
def test_damaged_backups_are_refused_before_anything_is_touched(
    store: Store, home: Path, tmp_path: Path, damage: str
) -> None:
    fill(store, home)
    path = Path(store.backup(str(tmp_path / "backup")))
    whole = path.read_bytes()
    lines = gzip.decompress(whole).splitlines(keepends=True)
    changed = {
        "cut": whole[: len(whole) // 2],
        "bit": whole[:40] + bytes([whole[40] ^ 1]) + whole[41:],
        "line": gzip.compress(b"".join([lines[0], *lines[2:]])),
        "empty": b"",
        "text": b"not a backup",
        "foreign": gzip.compress(b'{"a": 1}\n{"b": 2}\n'),
        "more": gzip.compress(b"".join([*lines, lines[1]])),
    }[damage]
    path.write_bytes(changed)
    before = contents(store)
    with pytest.raises(RequestError, match="no backup of soarkit's store, or a damaged one"):
        store.restore(str(path))
    assert contents(store) == before
    assert not (home / "store" / "backups").exists()


def test_a_backup_of_a_newer_soarkit_is_refused(store: Store) -> None:
    path = store.backup()
    later = rewritten(path, lambda header: header["migrations"].append("9999_later"))
    with pytest.raises(SurroundingsError, match="newer soarkit"):
        store.restore(later)
    other = rewritten(path, lambda header: header.update(soarkit_backup=2))
    with pytest.raises(RequestError, match="format 2"):
        store.restore(other)
    with pytest.raises(RequestError, match="no such file"):
        store.restore(path + "x")


def test_a_restore_that_fails_half_way_changes_nothing(store: Store, home: Path) -> None:
    fill(store, home)
    before = store.apps.list(), store.assets.list()
    path = rewritten(store.backup(), lambda header: header["columns"]["soarkit_store_asset"].__setitem__(1, "nothing"))
    with pytest.raises(SurroundingsError, match="nothing"):
        store.restore(path)
    assert (store.apps.list(), store.assets.list()) == before


def test_the_newest_automatic_backups_are_kept(store: Store, home: Path) -> None:
    from soarkit.store import backup

    fill(store, home)
    own = store.backup()
    made = [backup.automatic(store.database, "test") for _ in range(backup.KEPT + 3)]
    folder = home / "store" / "backups"
    assert sorted(map(str, folder.iterdir())) == [own, *made[3:]]


def test_several_processes_open_a_new_store_at_once(engine: str, home: Path) -> None:
    script = (
        "import sys; from soarkit.store import open_store\n"
        "with open_store(sys.argv[1]) as store: print(len(store.apps.list()))"
    )
    several = [
        subprocess.Popen([sys.executable, "-c", script, str(home)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(6)
    ]
    assert [one.communicate(timeout=60)[0] for one in several] == [b"0\n"] * 6


def test_a_damaged_database_is_put_aside_by_a_restore(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)
    with open_store(str(home)) as store:
        fill(store, home)
    with open_store(str(home)) as store:
        before = contents(store)
        path = store.backup()
    file = home / "store" / "soarkit.sqlite3"
    file.write_bytes(b"rubbish!" * 1000)
    with pytest.raises(SurroundingsError, match="the database is damaged") as caught:
        open_store(str(home))
    assert "soarkit store restore" in str(caught.value.hint)
    close_connections()
    done = subprocess.run(
        [sys.executable, "-m", "soarkit", "store", "restore", path, "--yes", "--home", home],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert ".damaged-" in done.stderr
    with open_store(str(home)) as store:
        assert contents(store) == before
    [aside] = [name for name in os.listdir(file.parent) if ".damaged-" in name]
    assert (file.parent / aside).read_bytes().startswith(b"rubbish!")
    close_connections()


def test_a_page_that_is_damaged_is_found_by_check(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)
    with open_store(str(home)) as store:
        fill(store, home)
    with open_store(str(home)) as store, store.database.connection.cursor() as cursor:
        cursor.execute("SELECT rootpage FROM sqlite_master WHERE name = 'soarkit_store_resultpart'")
        page = cursor.fetchone()[0]
    close_connections()
    with (home / "store" / "soarkit.sqlite3").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xee" * 4096)
    with open_store(str(home)) as store:
        findings = store.check()
    assert findings
    assert {(one.severity, one.subject) for one in findings} == {("error", "database")}
    close_connections()


def test_the_backup_that_is_restored_outlives_the_one_made_before(store: Store, home: Path) -> None:
    """The oldest of them would be the next to go."""
    from soarkit.store import backup

    fill(store, home)
    oldest, *_ = [backup.automatic(store.database, "test") for _ in range(backup.KEPT)]
    assert store.restore(oldest).kept is not None
    assert os.path.exists(oldest)
