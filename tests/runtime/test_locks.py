"""Runs on one lock name never overlap, across processes and apps; runs on different names do."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import APPS

ASSET = '{"id": 7, "name": "one", "configuration": {"server": "one.example"}, "concurrency_limit": 2}'


@pytest.fixture
def asset(tmp_path: Path) -> Path:
    path = tmp_path / "asset.json"
    path.write_text(ASSET)
    return path


class Runs:
    """Runs of lock-taking apps, all at once; ``spans`` are their (begin, end) positions in the journal."""

    def __init__(self, folder: Path) -> None:
        self.journal = folder / "journal"
        self._processes: list[subprocess.Popen[str]] = []

    def start(self, action: str, name: str, *options: str, app: str = "takes_a_lock", seconds: float = 0.3) -> None:
        self._processes.append(
            subprocess.Popen(
                [
                    *(sys.executable, "-m", "soarkit", "run", str(APPS / app), action, "--python", sys.executable),
                    *("-p", f"journal={self.journal}", "-p", f"name={name}", "-p", f"seconds={seconds}"),
                    *options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )

    def finish(self) -> list[int]:
        self.errors = []
        codes = []
        for process in self._processes:
            _, error = process.communicate(timeout=60)
            self.errors.append(error)
            codes.append(process.returncode)
        return codes

    @property
    def most_at_once(self) -> int:
        running = most = 0
        for line in self.journal.read_text().splitlines():
            running += 1 if line.startswith("begin") else -1
            most = max(most, running)
        return most


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


@pytest.mark.parametrize("action", ["parameter lock", "constant lock"])
def test_runs_on_one_name_never_overlap(runs: Runs, action: str) -> None:
    for _ in range(4):
        runs.start(action, "same", seconds=0.1)
    assert runs.finish() == [0] * 4
    assert runs.most_at_once == 1


def test_runs_of_different_apps_on_one_name_never_overlap(runs: Runs) -> None:
    for app in ("takes_a_lock", "takes_the_same_lock") * 2:
        runs.start("parameter lock", "same", app=app)
    assert runs.finish() == [0] * 4
    assert runs.most_at_once == 1


def test_runs_on_different_names_overlap(runs: Runs) -> None:
    for name in ("a", "b"):
        runs.start("parameter lock", name, seconds=3)
    assert runs.finish() == [0, 0]
    assert runs.most_at_once == 2


def test_without_a_lock_dictionary_the_asset_is_the_lock(runs: Runs, asset: Path) -> None:
    for _ in range(3):
        runs.start("default lock", "x", "--asset-file", str(asset))
    assert runs.finish() == [0] * 3
    assert runs.most_at_once == 1


def test_a_run_without_an_asset_has_no_default_lock(runs: Runs) -> None:
    for _ in range(2):
        runs.start("default lock", "x", seconds=3)
    assert runs.finish() == [0, 0]
    assert runs.most_at_once == 2


def test_a_lock_that_is_not_enabled_is_none(runs: Runs, asset: Path) -> None:
    for _ in range(2):
        runs.start("no lock", "x", "--asset-file", str(asset), seconds=3)
    assert runs.finish() == [0, 0]
    assert runs.most_at_once == 2


def test_configuration_values_are_lock_names(runs: Runs, asset: Path) -> None:
    runs.start("configuration lock", "a", "--asset-file", str(asset))
    runs.start("configuration lock", "b", "--config", "server=one.example")
    runs.start("parameter lock", "one.example")
    assert runs.finish() == [0] * 3
    assert runs.most_at_once == 1


def test_concurrency_is_bounded_by_the_assets_limit(runs: Runs, asset: Path) -> None:
    for _ in range(4):
        runs.start("concurrent", "x", "--asset-file", str(asset), seconds=2)
    assert runs.finish() == [0] * 4
    assert runs.most_at_once == 2


def test_an_exclusive_run_does_not_overlap_concurrent_ones(runs: Runs) -> None:
    runs.start("concurrent", "x")
    runs.start("parameter lock", "x")
    runs.start("concurrent", "x")
    assert runs.finish() == [0] * 3
    lines = runs.journal.read_text().splitlines()
    pid = {line.split()[1] for line in lines}
    assert len(pid) == 3


def test_waiting_too_long_names_lock_and_holder(runs: Runs) -> None:
    runs.start("constant lock", "first", seconds=5)
    _wait_for(runs.journal)
    runs.start("constant lock", "second")
    assert runs.finish() == [0, 3]
    assert "'everyone'" in runs.errors[1]
    assert "takes a lock" in runs.errors[1]
    assert "'constant lock'" in runs.errors[1]
    assert runs.journal.read_text().count("begin") == 1


def test_the_lock_of_a_killed_run_is_free_again(runs: Runs) -> None:
    runs.start("parameter lock", "x", seconds=1000)
    _wait_for(runs.journal)
    runs._processes[0].kill()
    runs.start("parameter lock", "x")
    assert runs.finish()[1] == 0


def test_waiting_is_outside_the_runs_own_time_limit(runs: Runs) -> None:
    runs.start("parameter lock", "x", seconds=4)
    _wait_for(runs.journal)
    runs.start("parameter lock", "x", "--timeout", "3", seconds=0.1)
    assert runs.finish() == [0, 0]


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
