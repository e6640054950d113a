"""Runs: from the spool into the store, and out of it again."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT
from store.conftest import about

from soarkit.errors import RequestError
from soarkit.store import spool

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_RESULT = json.dumps({"status": "success", "message": "fine"}).encode()


def leave(home: Path, *, result: bytes | None = _RESULT, status: str = "success", **changes: Any) -> str:
    """A run that has ended."""
    run = spool.begin(str(home), about(**changes))
    run.finish(status=status, message="m\0", exit_code=0, elapsed=1.5, result=result, log_path="/log")
    assert run.problem is None
    assert run.key is not None
    return run.key


def test_a_run_is_taken_in(opened: Callable[[], Store], home: Path) -> None:
    key = leave(home)
    runs = opened().runs
    [listed] = runs.list()
    assert (listed.key, listed.status, listed.message, listed.elapsed) == (key, "success", "m\ufffd", 1.5)
    assert (listed.parameters, listed.result_size, listed.log_path) == (None, len(_RESULT), "/log")
    assert runs.get(key).parameters == [{"hash": "ff"}]
    assert runs.result(key) == _RESULT
    assert spool.finished(str(home)) == []


def test_a_run_without_a_result_has_none(opened: Callable[[], Store], home: Path) -> None:
    run = spool.begin(str(home), about())
    error = {"code": "app-crashed", "message": "gone"}
    run.finish(status="failed", message="gone", exit_code=3, elapsed=None, error=error)
    runs = opened().runs
    record = runs.get("last")
    assert (record.status, record.exit_code, record.error, record.elapsed) == ("failed", 3, error, None)
    assert runs.result(record.key) is None


def test_runs_are_found_by_what_they_are(opened: Callable[[], Store], home: Path) -> None:
    leave(home, action="one", identifier="one_id")
    second = leave(home, app="Other", slug=None, appid="2", asset="Crate", asset_id=7, status="failed")
    runs = opened().runs
    for wanted in ({"app": "other"}, {"app": "2"}, {"asset": "crate"}, {"asset": "7"}, {"status": "failed"}):
        assert [one.key for one in runs.list(**wanted)] == [second]
    for unwanted in ({"app": "x"}, {"asset": "x"}, {"asset": "8"}, {"action": "x"}, {"status": "cancelled"}):
        assert runs.list(**unwanted) == []
    assert [one.key for one in runs.list(action="file_reputation")] == [second]
    with pytest.raises(RequestError, match="no status 'odd'"):
        runs.list(status="odd")


def test_a_key_may_be_shortened(opened: Callable[[], Store], home: Path) -> None:
    with pytest.raises(RequestError, match="no runs yet"):
        opened().runs.get("last")
    keys = [leave(home) for _ in range(3)]
    runs = opened().runs
    assert runs.get("last").key == keys[-1]
    assert runs.get(keys[0][:6].upper()).key == keys[0]
    with pytest.raises(RequestError, match="too short"):
        runs.get(keys[0][:3])
    with pytest.raises(RequestError, match="no run"):
        runs.get("aeioaeio")


def test_a_run_under_way_is_listed(opened: Callable[[], Store], home: Path) -> None:
    run = spool.begin(str(home), about())
    runs = opened().runs
    [listed] = runs.list()
    assert (listed.key, listed.status, listed.elapsed) == (run.key, "running", None)
    assert runs.get("last").key == run.key
    assert runs.list(status="running") == [listed]
    assert runs.list(status="success") == []
    assert runs.list(app="nobody") == []
    run.discard()
    assert runs.list() == []


def test_a_run_whose_host_died_has_failed(opened: Callable[[], Store], home: Path) -> None:
    script = (
        "import os, sys; from soarkit.store import spool; from store.conftest import about\n"
        "run = spool.begin(sys.argv[1], about()); print(run.key, flush=True); os.kill(os.getpid(), 9)"
    )
    process = subprocess.run(
        [sys.executable, "-c", script, str(home)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )
    record = opened().runs.get(process.stdout.strip())
    assert (record.status, record.exit_code, record.message) == ("failed", 3, "the run's host ended before it did")
    assert os.listdir(spool.folder(str(home))) == []


def test_a_host_that_died_after_it_had_said_all_counts_once(opened: Callable[[], Store], home: Path) -> None:
    run = spool.begin(str(home), about())
    running = Path(spool.folder(str(home)), f"{run.key}.running")
    header = running.read_bytes()
    run.finish(status="success", message="m", exit_code=0, elapsed=1.0)
    running.write_bytes(header)
    [record] = opened().runs.list()
    assert record.status == "success"
    assert not running.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nothing\n",
        b"{}\n",
        b'{"key":"abcdefghij"}\n',
        b'{"key":"abcdefghij","status":"success","app":"a","action":"b","started":"never","result_size":0}\n',
        b'{"key":"abcdefghij","result_size":9}\nshort',
        b"\xff\xfe\n",
    ],
)
def test_damaged_records_are_put_aside(
    opened: Callable[[], Store], home: Path, notes: list[str], content: bytes
) -> None:
    good = leave(home)
    for ending in (".run", ".running"):
        Path(spool.folder(str(home)), f"bcdfghjklm{ending}").write_bytes(content)
        store = opened()
        assert [one.key for one in store.runs.list()] == [good]
        [note] = notes
        assert "damaged" in note
        notes.clear()
        assert [one.subject for one in store.check()] == ["spool"]
        opened()
        assert notes == []


def test_taking_in_twice_makes_no_difference(opened: Callable[[], Store], home: Path) -> None:
    key = leave(home)
    path = Path(spool.finished(str(home))[0])
    content = path.read_bytes()
    opened()
    path.write_bytes(content)
    assert [one.key for one in opened().runs.list()] == [key]


def test_a_large_result_comes_back(opened: Callable[[], Store], home: Path) -> None:
    raw = random.Random(1).randbytes(5 << 20)
    key = leave(home, result=raw)
    runs = opened().runs
    assert runs.result(key) == raw
    assert len(list(runs.result_pieces(key))) > 1


def test_a_result_that_compresses_well_comes_in_pieces(opened: Callable[[], Store], home: Path) -> None:
    key = leave(home, result=bytes(30 << 20))
    pieces = list(opened().runs.result_pieces(key))
    assert sum(map(len, pieces)) == 30 << 20
    assert max(map(len, pieces)) <= 4 << 20


def test_a_thousand_runs_taken_in_by_two_at_once(opened: Callable[[], Store], home: Path) -> None:
    keys = {leave(home) for _ in range(1000)}
    opened().close()  # the tables are there
    keys |= {leave(home) for _ in range(1000)}
    script = "import sys; from soarkit.store import open_store; open_store(sys.argv[1]).close()"
    both = [subprocess.Popen([sys.executable, "-c", script, str(home)]) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    assert {one.key for one in opened().runs.list()} == keys


def test_old_runs_go(opened: Callable[[], Store], home: Path, monkeypatch: pytest.MonkeyPatch, notes: Any) -> None:
    def ago(days: int) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - days * 86400))

    monkeypatch.setenv("SOARKIT_KEEP_RUNS_DAYS", "0")
    keys = {days: leave(home, started=ago(days)) for days in (1, 50, 100)}
    assert len(opened().runs.list()) == 3
    monkeypatch.delenv("SOARKIT_KEEP_RUNS_DAYS")
    keys[0] = leave(home)
    assert [one.key for one in opened().runs.list()] == [keys[0], keys[1], keys[50]]
    monkeypatch.setenv("SOARKIT_KEEP_RUNS_DAYS", "30")
    leave(home, started=ago(60))
    assert [one.key for one in opened().runs.list()] == [keys[0], keys[1]]
    monkeypatch.setenv("SOARKIT_KEEP_RUNS_DAYS", "often")
    leave(home)
    opened()
    assert "SOARKIT_KEEP_RUNS_DAYS must be a number of days" in notes[-1]


def test_pruning(opened: Callable[[], Store], home: Path) -> None:
    def ago(hours: int) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - hours * 3600))

    keys = [leave(home, started=ago(hours), status=status) for hours, status in enumerate(["success", "failed"] * 3)]
    runs = opened().runs
    assert runs.prune(older_than=timedelta(hours=2.5), keep=5, dry_run=True) == keys[5:]
    assert len(runs.list()) == 6
    assert runs.prune(older_than=timedelta(hours=3.5)) == keys[4:]
    assert runs.prune(status="failed", keep=1) == [keys[3]]
    assert [one.key for one in runs.list()] == keys[:3]
    assert runs.prune(keep=0) == keys[:3]
    assert runs.result(keys[0]) is None
