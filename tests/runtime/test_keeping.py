"""Each run is kept, exactly once, however it ends; secrets and configuration are not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS, Finished
from terminal_session import Terminal

import soarkit as library
from soarkit.errors import AppTimeout
from soarkit.store import open_store, spool
from soarkit.store.run_record import RunRecord

Run = Callable[..., Finished]
CONFIG = ("-c", "server=one.example")


def kept(home: Path) -> list[RunRecord]:
    """The runs, once the store has taken them in; none is left in the spool."""
    with open_store(str(home)) as store:
        found = store.runs.list()
        records = [store.runs.get(one.key) for one in found]
    assert not list(Path(spool.folder(str(home))).glob("[!d]*"))
    return records


def spooled(home: Path) -> tuple[dict[str, Any], bytes]:
    """The one finished run in the spool: its header and its result."""
    (path,) = spool.finished(str(home))
    run = spool.FinishedRun(path)
    try:
        return run.header, b"".join(run.result())
    finally:
        run.close()


def test_a_success(run: Run, home: Path) -> None:
    finished = run("echo", "echo", "-p", "text=x", *CONFIG)
    header, result = spooled(home)
    assert json.loads(result) == finished.json()
    assert (header["app"], header["slug"], header["action"]) == ("echo", None, "echo")
    assert header["parameters"] == [{"text": "x"}]
    assert header["app_path"] == str(APPS / "echo" / "app.json")
    assert Path(header["log_path"]).is_file()
    (record,) = kept(home)
    assert (record.status, record.exit_code, record.asset) == ("success", 0, None)
    assert 0 < record.elapsed < 60


def test_a_failure(run: Run, home: Path) -> None:
    finished = run("echo", "refuse", *CONFIG)
    assert finished.code == 1
    (record,) = kept(home)
    assert (record.status, record.exit_code) == ("failed", 1)
    assert record.message == finished.json()["message"]
    assert record.error is None


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["calls_os_exit", "do it"], "app-crashed", "ended its process"),
        (["raises_at_import", "do it"], "app-import", ""),
        (["hangs", "hang", "-p", "marker=m", "--timeout", "0.5"], "app-timeout", "within 0.5 s"),
    ],
)
def test_what_breaks_is_kept_with_its_error(run: Run, home: Path, words: list[str], code: str, said: str) -> None:
    assert run(*words).code == 3
    (record,) = kept(home)
    assert (record.status, record.exit_code) == ("failed", 3)
    assert record.error["code"] == code
    assert said in record.message


def test_an_environment_that_cannot_be_built(soarkit: Run, home: Path) -> None:
    finished = soarkit("run", APPS / "echo", "echo", "-p", "text=x", *CONFIG, SOARKIT_INSTALLER="none such")
    assert finished.code == 3, finished
    (record,) = kept(home)
    assert (record.status, record.error["code"]) == ("failed", "environment")


def test_a_lock_that_was_not_free(run: Run, home: Path, tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    words = [sys.executable, "-m", "soarkit", "run", str(APPS / "takes_a_lock"), "constant lock"]
    words += ["-p", f"journal={journal}", "-p", "name=x", "-p", "seconds=5", "--python", sys.executable, "--no-record"]
    holder = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(journal)
        finished = run("takes_a_lock", "constant lock", "-p", f"journal={journal}", "-p", "name=x")
        assert finished.code == 3, finished
    finally:
        holder.wait(60)
    (record,) = kept(home)
    assert (record.status, record.error["code"]) == ("failed", "lock-timeout")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_stopped(home: Path, tmp_path: Path, number: int, code: int) -> None:
    process = _start_hanging(tmp_path)
    process.send_signal(number)
    assert process.wait(60) == code
    (record,) = kept(home)
    assert (record.status, record.exit_code) == ("cancelled", 130)


def test_a_host_that_is_killed(home: Path, tmp_path: Path) -> None:
    process = _start_hanging(tmp_path)
    assert len(spool.running(str(home))) == 1
    process.kill()
    process.wait(60)
    for _ in range(2):
        (record,) = kept(home)
        assert (record.status, record.exit_code) == ("failed", 3)
        assert "host ended" in record.message


def test_killed_at_any_moment_a_run_is_kept_once_or_not_at_all(home: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "soarkit", "run", str(APPS / "echo"), "echo", "-p", "text=x", *CONFIG]
    delays = [0.05 + 0.02 * step for step in range(10)]
    for delay in delays:
        process = subprocess.Popen(
            [*words, "--python", sys.executable], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path
        )
        time.sleep(delay)
        process.send_signal(signal.SIGINT if int(delay * 100) % 4 else signal.SIGKILL)
        process.wait(60)
    records = kept(home)
    assert len(records) <= len(delays)
    assert all(one.status in ("success", "failed", "cancelled") for one in records)
    assert len({one.pid for one in records}) == len(records)


def test_what_is_refused_is_no_run(run: Run, home: Path) -> None:
    assert run("echo", "echo").code == 2
    assert run("echo", "nothing", *CONFIG).code == 2
    assert not kept(home)


def test_no_record(run: Run, home: Path) -> None:
    assert run("echo", "echo", "-p", "text=x", *CONFIG, "--no-record").code == 0
    assert not (home / "store").exists()


def test_secrets_and_configuration_stay_out(run: Run, home: Path) -> None:
    words = ["-c", "password=config-4711", "-p", "password=parameter-4712", "-v"]
    assert run("tells_its_secret", "tell", *words).code == 0
    header, result = spooled(home)
    assert header["parameters"] == [{"password": "********"}]
    assert b"********" in result
    text = json.dumps(header) + result.decode()
    assert "4711" not in text
    assert "4712" not in text
    kept(home)
    stored = b"".join(path.read_bytes() for path in (home / "store").rglob("*") if path.is_file())
    assert b"4711" not in stored
    assert b"4712" not in stored


def test_a_password_too_short_to_be_masked_everywhere(run: Run, home: Path) -> None:
    run("tells_its_secret", "tell", "-c", "password=config-4711", "-p", "password=abc")
    assert spooled(home)[0]["parameters"] == [{"password": "********"}]


def test_a_spool_that_cannot_be_written_does_not_stop_the_run(run: Run, home: Path) -> None:
    (home / "store").mkdir(parents=True)
    (home / "store" / "spool").write_text("in the way")
    finished = run("echo", "echo", "-p", "text=x", *CONFIG)
    assert finished.code == 0
    assert "the run is not recorded" in finished.stderr


def test_the_key_is_shown_where_everything_is(run: Run, home: Path) -> None:
    finished = run("echo", "echo", "-p", "text=x", *CONFIG, "--verbose")
    assert f"run {spooled(home)[0]['key']}" in finished.stderr


def test_the_key_closes_the_table_on_a_terminal(home: Path, tmp_path: Path) -> None:
    words = ["run", str(APPS / "echo"), "rows", "-p", "count=2", *CONFIG, "--python", sys.executable]
    session = Terminal(*words, folder=tmp_path)
    assert session.finish() == 0
    assert f"run {spooled(home)[0]['key']}" in session.text.splitlines()[-1]


def test_from_python(home: Path) -> None:
    config = {"server": "s", "token": "secret-of-4711"}
    result = library.run(str(APPS / "echo"), "echo", {"text": "secret-of-4711"}, config=config, python=sys.executable)
    header, raw = spooled(home)
    assert result.id == header["key"]
    assert header["parameters"] == [{"text": "********"}]
    assert b"4711" not in raw
    assert result.data[0]["parameters"]["text"] == "secret-of-4711"  # the caller gave it
    again = library.run(str(APPS / "echo"), "echo", {"text": "x"}, config=config, python=sys.executable, record=False)
    assert again.id is None
    with pytest.raises(AppTimeout):
        library.run(str(APPS / "hangs"), "hang", {"marker": str(home / "m")}, timeout=0.5, python=sys.executable)
    assert [one.status for one in kept(home)] == ["failed", "success"]


def _start_hanging(folder: Path) -> subprocess.Popen[bytes]:
    marker = folder / "marker"
    words = [sys.executable, "-m", "soarkit", "run", str(APPS / "hangs"), "hang", "-p", f"marker={marker}"]
    process = subprocess.Popen(
        [*words, "--python", sys.executable],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ},
    )
    _wait_for(marker)
    return process


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
