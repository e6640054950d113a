"""The writing side of the spool, which every run pays for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from store.conftest import about

from soarkit.store import spool


def test_files_are_for_their_owner_alone(home: Path) -> None:
    run = spool.begin(str(home), about())
    [running] = Path(spool.folder(str(home))).iterdir()
    assert (running.name, running.stat().st_mode & 0o777) == (f"{run.key}.running", 0o600)
    run.finish(status="success", message="m", exit_code=0, elapsed=1.0)
    [finished] = Path(spool.folder(str(home))).iterdir()
    assert (finished.name, finished.stat().st_mode & 0o777) == (f"{run.key}.run", 0o600)
    assert Path(spool.folder(str(home))).stat().st_mode & 0o777 == 0o700


def test_keys_are_no_words(home: Path) -> None:
    keys = {spool.begin(str(home), about()).key for _ in range(100)}
    assert len(keys) == 100
    assert all(key and len(key) == 10 and not set(key) & set("aeiou") for key in keys)


def test_a_record_that_cannot_be_written_breaks_no_run(home: Path) -> None:
    home.mkdir()
    (home / "store").write_text("in the way")
    run = spool.begin(str(home), about())
    assert run.key is None
    assert run.problem is not None
    run.finish(status="success", message="m", exit_code=0, elapsed=1.0)
    run.discard()


def test_a_full_disk_leaves_nothing_half_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = spool.begin(str(home), about())
    full = OSError(28, "No space left on device")

    def refuse(*_: object) -> int:
        raise full

    monkeypatch.setattr(os, "write", refuse)
    run.finish(status="success", message="m", exit_code=0, elapsed=1.0)
    monkeypatch.undo()
    assert "No space left on device" in str(run.problem)
    assert os.listdir(spool.folder(str(home))) == []


def test_parameters_that_are_no_json_become_text(home: Path) -> None:
    run = spool.begin(str(home), about(parameters=[{"when": time.struct_time([1] * 9), "set": {1}}]))
    assert run.problem is None
    assert spool.running(str(home))[0]["parameters"][0]["set"] == "{1}"


def test_a_run_and_the_snapshot_load_no_django() -> None:
    script = (
        "import sys; there = set(sys.modules); from soarkit.store import configuration, records, snapshot, spool; "
        "print(sorted({'django', 'cryptography', 'rich', 'asyncio', 'subprocess'} & (set(sys.modules) - there)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
