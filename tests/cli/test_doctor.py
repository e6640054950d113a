"""``soarkit doctor``: what is wrong, and the command that mends it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import APPS, Finished
from installing import install

from soarkit.store import open_store, spool

Soarkit = Callable[..., Finished]


@pytest.fixture
def home_in_use(home: Path) -> Path:
    """A home with an app, an asset that has a password, and a run."""
    home.mkdir(mode=0o700)
    install(home, "echo")
    with open_store(str(home)) as store:
        store.assets.create("production", app="echo", configuration={"server": "s", "token": "secret-of-4711"})
    return home


@pytest.fixture
def examine(soarkit: Soarkit) -> Callable[..., dict[str, list[dict[str, str]]]]:
    """The findings by check, those that are no more than "ok" left out; and the exit status is right."""

    def examine(**variables: str) -> dict[str, list[dict[str, str]]]:
        finished = soarkit("doctor", "--format", "json", **variables)
        checks = finished.json()["checks"]
        failed = any(one["severity"] == "error" for one in checks)
        assert finished.code == (1 if failed else 0), finished
        assert finished.json()["ok"] is not failed
        found: dict[str, list[dict[str, str]]] = {}
        for one in checks:
            if one["severity"] != "ok":
                found.setdefault(one["check"], []).append(one)
        return found

    return examine


Examine = Callable[..., dict[str, list[dict[str, str]]]]


def test_a_home_that_is_not_there_yet_is_well(soarkit: Soarkit, home: Path) -> None:
    finished = soarkit("doctor")
    assert finished.code == 0, finished
    assert finished.stdout.split()[:2] == ["ok", "home"]
    assert "not there yet" in finished.stdout
    assert "\x1b" not in finished.stdout


def test_a_home_in_use_is_well_and_soon_told(soarkit: Soarkit, home_in_use: Path, examine: Examine) -> None:
    assert examine() == {}
    began = time.monotonic()
    text = soarkit("doctor").stdout
    assert time.monotonic() - began < 4  # under 2 on a machine that does nothing else
    assert "reads the secrets of production" in text
    assert "1 installed" in text
    assert "secret-of" not in text


def test_rights(home_in_use: Path, examine: Examine) -> None:
    home_in_use.chmod(0o755)
    (home_in_use / "key").chmod(0o644)
    found = examine()
    assert found["home"][0]["hint"] == f"chmod 700 {home_in_use}"
    assert found["key"][0]["hint"] == f"chmod 600 {home_in_use / 'key'}"


@pytest.mark.parametrize("key", [None, "x" * 64, "short"])
def test_a_key_that_does_not_read_what_is_stored(home_in_use: Path, examine: Examine, key: str | None) -> None:
    (home_in_use / "key").unlink()
    if key is not None:
        (home_in_use / "key").write_text(key)
        (home_in_use / "key").chmod(0o600)
    (found,) = examine()["key"]
    assert found["severity"] == "error"
    assert "soarkit asset edit production --config token=env:VARIABLE" in found["hint"]
    assert (home_in_use / "key").exists() is (key is not None)  # looking makes none


def test_a_damaged_database(home_in_use: Path, examine: Examine) -> None:
    for path in (home_in_use / "store").glob("soarkit.sqlite3*"):
        path.write_bytes(b"no database at all" * 100)
    (found,) = examine()["store"]
    assert found["severity"] == "error"
    assert "damaged" in found["message"]
    assert "soarkit store restore" in found["hint"]


def test_a_database_that_cannot_be_reached(home_in_use: Path, examine: Examine) -> None:
    url = "postgresql://ada:secret-of-4712@127.0.0.1:1/none"
    found = examine(SOARKIT_DATABASE_URL=url)["store"]
    assert found[0]["severity"] == "error"
    assert "4712" not in json.dumps(found)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_certificates(examine: Examine, tmp_path: Path, variable: str) -> None:
    (tmp_path / "bundle.pem").write_text("no certificate")
    for path, words in ((tmp_path / "bundle.pem", "certificates"), (tmp_path / "absent", "No such file")):
        (found,) = examine(**{variable: str(path)})["certificates"]
        assert found["severity"] == "error"
        assert words in found["message"]
        assert f"unset {variable}" in found["hint"]


def test_an_app_whose_files_or_environment_are_gone(home_in_use: Path, examine: Examine) -> None:
    install(home_in_use, "hangs", environment=str(home_in_use / "environments" / "gone"))
    shutil.rmtree(home_in_use / "apps" / "echo")
    files, environment = examine()["apps"]
    assert (files["severity"], environment["severity"]) == ("error", "warning")
    assert files["hint"] == f"soarkit install {APPS / 'echo'}"
    assert environment["hint"] == "soarkit env refresh hangs"


def test_assets_that_cannot_be_used(home_in_use: Path, examine: Examine) -> None:
    with open_store(str(home_in_use)) as store:
        store.assets.edit("production", unset=["server"])
        (found,) = examine()["assets"]
        assert found["hint"] == "soarkit asset edit production --config server=..."
        store.apps.remove("echo")
    found = examine()["assets"][-1]
    assert "no app for Contoso Contoso Test is installed" in found["message"]


def test_environments_that_were_not_finished(home_in_use: Path, examine: Examine) -> None:
    (home_in_use / "environments" / ("0" * 64)).mkdir(parents=True)
    (found,) = examine()["environments"]
    assert found["hint"] == "soarkit env prune"


def test_runs_whose_host_died_and_damaged_records(home_in_use: Path, examine: Examine, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    words = [sys.executable, "-m", "soarkit", "run", str(APPS / "hangs"), "hang", "-p", f"marker={marker}"]
    process = subprocess.Popen([*words, "--python", sys.executable], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not marker.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.wait(60)
    damaged = Path(spool.folder(str(home_in_use))) / "damaged"
    damaged.mkdir()
    (damaged / "x.run").write_text("?")
    messages = [one["message"] for one in examine()["runs"]]
    assert any("damaged" in one for one in messages)


def test_a_lock_whose_host_is_gone(home: Path, examine: Examine) -> None:
    locks = home / "locks"
    locks.mkdir(parents=True)
    home.chmod(0o700)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(60)
    with open(locks / "lock", "w") as file:
        file.write(json.dumps({"app": "echo", "action": "echo", "pid": gone.pid, "since": "then"}))
        file.flush()
        fcntl.flock(file, fcntl.LOCK_EX)
        (found,) = examine()["locks"]
    assert str(gone.pid) in found["message"]
    if sys.platform.startswith("linux"):
        assert found["hint"] == f"kill {os.getpid()}"
    assert examine() == {}


def test_what_dead_processes_left(home: Path, examine: Examine) -> None:
    left = home / "apps" / ".staging-x"
    left.mkdir(parents=True)
    home.chmod(0o700)
    assert examine() == {}  # it may be at work
    os.utime(left, (0, 0))
    (found,) = examine()["leftovers"]
    assert found["hint"] == f"rm -r {left}"


def test_a_home_that_cannot_be_made(soarkit: Soarkit, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    finished = soarkit("doctor", "-f", "json", SOARKIT_HOME=str(tmp_path / "file" / "home"))
    assert finished.code == 1
    assert "Traceback" not in finished.stderr


def test_a_key_that_is_no_file_or_too_short_is_moved_away(
    soarkit: Soarkit, home_in_use: Path, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home_in_use / "key").unlink()
    (home_in_use / "key").mkdir()
    (found,) = examine()["key"]
    move, *edits = found["hint"].partition("mv ")[2].splitlines()
    subprocess.run(["mv", *move.split()[:2]], check=True)
    monkeypatch.setenv("VARIABLE", "anew")
    for edit in edits:
        assert soarkit(*edit.split()[1:]).code == 0
    assert examine() == {}


def test_the_wrong_key_in_the_environment(home_in_use: Path, examine: Examine) -> None:
    (found,) = examine(SOARKIT_KEY="x" * 40)["key"]
    assert found["hint"].startswith("unset SOARKIT_KEY")
    (found,) = examine(SOARKIT_KEY="short")["key"]
    assert found["hint"].startswith("unset SOARKIT_KEY")


def test_a_database_that_is_gone_is_not_taken_for_a_new_one(
    soarkit: Soarkit, home_in_use: Path, examine: Examine
) -> None:
    assert soarkit("store", "backup").code == 0
    for path in (home_in_use / "store").glob("soarkit.sqlite3*"):
        path.unlink()
    assert "production" in soarkit("asset", "list").stdout  # runs go on
    refused = soarkit("runs")
    assert refused.code == 3
    assert "1 apps and 1 assets were in it" in refused.stderr
    (found,) = examine()["store"]
    command = found["hint"].splitlines()[0].split()
    assert soarkit(*command[1:], "--yes").code == 0
    assert examine() == {}
    assert soarkit("asset", "show", "production").code == 0


def test_a_home_that_is_a_file(home: Path, examine: Examine) -> None:
    home.write_text("")
    assert examine()["home"][0]["message"].endswith("this is no folder")


def test_a_spool_that_cannot_be_written(soarkit: Soarkit, home_in_use: Path, examine: Examine) -> None:
    spool_folder = Path(spool.folder(str(home_in_use)))
    shutil.rmtree(spool_folder, ignore_errors=True)
    spool_folder.write_text("")
    (found,) = examine()["runs"]
    assert (found["severity"], found["hint"]) == ("error", f"rm {spool_folder}")


def test_one_cause_is_told_once(home_in_use: Path, examine: Examine) -> None:
    found = examine(SOARKIT_DATABASE_URL="nonsense")
    assert "no address" in found["store"][0]["message"]
    assert all("no address" not in found[check][0]["message"] for check in ("key", "apps", "assets"))


def test_an_old_version_whose_files_are_gone_is_to_be_removed(home_in_use: Path, examine: Examine) -> None:
    install(home_in_use, "echo", app_version="2.0.0")
    shutil.rmtree(home_in_use / "apps" / "echo" / "1.0.0-0123456789ab")
    (found,) = examine()["apps"]
    assert (found["severity"], found["hint"]) == ("warning", "soarkit uninstall echo@1.0.0")
