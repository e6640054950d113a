"""``soarkit store``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Finished
from store.conftest import about, close_connections, manifest, version

from soarkit.store import open_store, spool

Soarkit = Callable[..., Finished]


@pytest.fixture(autouse=True)
def sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)


@pytest.fixture
def filled(home: Path, tmp_path: Path) -> Path:
    """A home with an app, an asset and a run."""
    folder = tmp_path / "installed"
    folder.mkdir()
    document = {**manifest(), "main_module": "m.py", "actions": []}
    document["configuration"] = {"password": {"data_type": "password", "default": "hush"}}
    (folder / "app.json").write_text(json.dumps(document))
    run = spool.begin(str(home), about())
    run.finish(status="success", message="m", exit_code=0, elapsed=1.0)
    with open_store(str(home)) as store:
        store.apps.activate(document, version(folder=str(folder)))
        store.assets.create("box", app="contoso-reputation")
    close_connections()
    return home


def test_nothing_is_wrong_with_a_new_store(soarkit: Soarkit, home: Path) -> None:
    done = soarkit("store", "check")
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout == f"{home}/store/soarkit.sqlite3: nothing is wrong\n"
    assert soarkit("store", "check", "-f", "json").json()["findings"] == []


def test_check_finds_what_is_wrong(soarkit: Soarkit, filled: Path, tmp_path: Path) -> None:
    assert soarkit("store", "check").code == 0
    (filled / "key").write_text("k" * 64)
    (tmp_path / "installed" / "app.json").unlink()
    (filled / "store" / "soarkit.sqlite3").chmod(0o644)
    done = soarkit("store", "check")
    assert done.code == 1
    assert "app contoso-reputation: version 1.0.0 cannot be read" in done.stdout
    assert "asset box: 1 of 1 secrets cannot be decrypted" in done.stdout
    assert "2 errors, 0 warnings" in done.stdout, "opening has mended the rights of the file"
    document = soarkit("store", "check", "-f", "json")
    assert (document.code, document.json()["ok"]) == (1, False)
    assert {one["severity"] for one in document.json()["findings"]} == {"error"}


def test_a_backup_is_written_and_restored(soarkit: Soarkit, filled: Path, tmp_path: Path) -> None:
    done = soarkit("store", "backup", "-o", tmp_path / "b.gz")
    assert done.code == 0, done.stderr
    assert str(tmp_path / "b.gz") in done.stdout
    assert "the key is not in it" in done.stderr
    with open_store(str(filled)) as store:
        store.apps.remove("contoso-reputation", purge=True)
    close_connections()
    asked = soarkit("store", "restore", tmp_path / "b.gz")
    assert (asked.code, "--yes" in asked.stderr) == (2, True)
    restored = soarkit("store", "restore", tmp_path / "b.gz", "--yes")
    assert restored.code == 0, restored.stderr
    assert "restored 4 rows" in restored.stdout
    assert "what was there before" in restored.stderr
    with open_store(str(filled)) as store:
        assert [one.name for one in store.assets.list()] == ["box"]
    document = soarkit("store", "restore", tmp_path / "b.gz", "--yes", "-f", "json").json()
    assert (document["ok"], document["rows"]) == (True, 4)
    assert Path(soarkit("store", "backup", "-f", "json").json()["file"]).parent == filled / "store" / "backups"


def test_what_cannot_be_restored_is_refused(soarkit: Soarkit, home: Path, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("text")
    done = soarkit("store", "restore", tmp_path / "b", "--yes")
    assert (done.code, "damaged" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert soarkit("store", "restore", tmp_path / "none", "--yes").code == 2
    assert soarkit("store", "backup", "-o", tmp_path).code == 2
    assert not (home / "store" / "backups").exists()


def test_a_damaged_database_is_no_traceback(soarkit: Soarkit, home: Path) -> None:
    (home / "store").mkdir(parents=True)
    (home / "store" / "soarkit.sqlite3").write_bytes(b"x" * 9000)
    for command in (["store", "check"], ["runs"], ["store", "backup"]):
        done = soarkit(*command, "-f", "json")
        assert (done.code, done.json()["error"]["code"]) == (3, "surroundings")
        assert "soarkit store restore" in done.stderr
        assert "Traceback" not in done.stderr
