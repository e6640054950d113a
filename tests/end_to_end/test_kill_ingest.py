"""Kill -9 of the app or its host at any moment of a poll: polled again, nothing is lost and nothing is there twice."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import Finished
from installing import install

from soarkit.store import open_store

ROUNDS = 20
ENTRIES = 5  # new in each round
PAUSE = 0.03  # seconds that the app waits after each
Row = tuple[Any, ...]


class Feed:
    """The file that the app reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.expected: set[tuple[str, str]] = set()
        path.write_text("")

    def grow(self) -> None:
        """Some new entries, with two or three artifacts each."""
        with self.path.open("a") as file:
            for _ in range(ENTRIES):
                number = len(self.path.read_text().splitlines()) + 1
                names = [f"{number}-{letter}" for letter in "abc"[: 2 + number % 2]]
                self.expected |= {(f"entry {number}", name) for name in names}
                file.write(json.dumps({"id": f"entry {number}", "artifacts": names}) + "\n")
                file.flush()


@pytest.fixture
def feed(home: Path, tmp_path: Path) -> Feed:
    """A feed, and the asset `feed` that polls it."""
    feed = Feed(tmp_path / "feed")
    set_up(home, feed)
    return feed


def set_up(home: Path, feed: Feed, pause: float = PAUSE) -> None:
    install(home, "ingests_from_a_feed")
    with open_store(str(home)) as store:
        store.assets.create("feed", app="ingests-from-a-feed", configuration={"feed": str(feed.path), "pause": pause})


def start(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "soarkit", "poll", "--asset", "feed", "--python", sys.executable],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "SOARKIT_HOME": str(home)},
    )


def poll(home: Path) -> None:
    """Poll to the end."""
    with start(home) as process:
        assert process.stderr is not None
        said = process.stderr.read().decode()
    assert process.returncode == 0, said


def app_of(host: subprocess.Popen[bytes]) -> int:
    """The process id of the app, as soon as it is there."""
    while host.poll() is None:
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if int(fields[1]) == host.pid:
                    return int(entry.name)
        time.sleep(0.005)
    raise AssertionError("the poll ended before its app was started")


def has_ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@dataclass
class Lasts:
    """How long an undisturbed poll takes, in seconds.

    :ivar opening: from the start of the app's process to the first entry in the store
    :ivar saving: from there to the end of what is going to be killed
    """

    opening: float
    saving: float


def wait_for(host: subprocess.Popen[bytes], home: Path, moment: float, lasts: Lasts) -> int:
    """Wait for a moment of a poll: up to a quarter before the first entry is saved, the others after it.

    :param moment: between 0, the start of the app's process, and 1, the end
    :returns: the app's process id
    """
    before = len(saved(home))
    pid = app_of(host)
    if moment < 0.25:
        time.sleep(moment * 4 * lasts.opening)
        return pid
    while len(saved(home)) == before and host.poll() is None and not has_ended(pid):
        time.sleep(0.002)
    time.sleep((moment - 0.25) / 0.75 * lasts.saving)
    return pid


def kill_host(home: Path, moment: float, lasts: Lasts) -> bool:
    """Start a poll, and kill its host. :returns: whether that was in time"""
    with start(home) as process:
        wait_for(process, home, moment, lasts)
        process.kill()
    return process.returncode == -signal.SIGKILL


def kill_app(home: Path, moment: float, lasts: Lasts) -> bool:
    """The same for the app, whose host lives on."""
    with start(home) as process:
        pid = wait_for(process, home, moment, lasts)
        in_time = not has_ended(pid)
        if in_time:
            os.kill(pid, signal.SIGKILL)
        assert process.stderr is not None
        said = process.stderr.read().decode()
    assert process.returncode in (0, 3), said
    return in_time and process.returncode == 3


def saved(home: Path) -> list[tuple[str, str]]:
    """The artifacts by container, each by its identifier in the source."""
    with sqlite3.connect(home / "store" / "soarkit.sqlite3") as connection:
        found = connection.execute(
            "SELECT c.source_data_identifier, a.source_data_identifier FROM soarkit_store_artifact a "
            "JOIN soarkit_store_container c ON c.id = a.container_id"
        ).fetchall()
    connection.close()
    return found


def whole(home: Path) -> tuple[list[Row], list[Row]]:
    """Containers and artifacts with all that does not tell when, in which order and by which run they were saved."""
    left_out = {"id", "container_id", "run", "create_time", "update_time", "artifact_update_time", "start_time", "hash"}
    tables = []
    with sqlite3.connect(home / "store" / "soarkit.sqlite3") as connection:
        for table in ("container", "artifact"):
            cursor = connection.execute(f"SELECT * FROM soarkit_store_{table} ORDER BY source_data_identifier")
            names = [one[0] for one in cursor.description]
            assert "name" in names
            rows = cursor.fetchall()
            tables.append(
                [tuple(value for name, value in zip(names, row, strict=True) if name not in left_out) for row in rows]
            )
    connection.close()
    return tables[0], tables[1]


def measured(home: Path, feed: Feed, kill: Callable[..., bool]) -> Lasts:
    """Poll undisturbed, and take the time."""
    feed.grow()
    with start(home) as process:
        pid = app_of(process)
        began = time.monotonic()
        while not saved(home):
            time.sleep(0.002)
        first = time.monotonic()
        while not has_ended(pid):
            time.sleep(0.002)
        ended = time.monotonic()
    return Lasts(first - began, (ended if kill is kill_app else time.monotonic()) - first)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the app's process is found in /proc")
@pytest.mark.parametrize("kill", [kill_host, kill_app])
def test_killed_and_polled_again(
    feed: Feed, home: Path, tmp_path: Path, kill: Callable[[Path, float, Lasts], bool], soarkit: Callable[..., Finished]
) -> None:
    seed = int(os.environ.get("SOARKIT_TEST_SEED", time.time()))
    print(f"SOARKIT_TEST_SEED={seed}")
    chance = random.Random(seed)
    lasts = measured(home, feed, kill)
    in_time, halfway = 0, 0
    for part in range(ROUNDS):
        moment, tries = (part + chance.random()) / ROUNDS, 3
        killed = False
        while not killed and tries:
            feed.grow()
            before = len(saved(home))
            killed = kill(home, moment, lasts)
            halfway += before < len(saved(home)) < len(feed.expected)
            # On a busy machine nothing lasts as long as it did: too late, so once more, and earlier.
            moment, tries = moment / 2, tries - 1
        in_time += killed
        poll(home)
        found = saved(home)
        assert len(found) == len(set(found)) and set(found) == feed.expected
    print(f"{in_time} of {ROUNDS} kills were in time, {halfway} of them between two entries")
    assert in_time >= ROUNDS // 2
    undisturbed = tmp_path / "undisturbed"
    set_up(undisturbed, feed, pause=0)
    poll(undisturbed)
    assert whole(home) == whole(undisturbed)
    (state,) = (home / "phantom" / "local_data" / "app_states").glob("*/*_state.json")
    assert json.loads(state.read_text())["lines"] == len(feed.path.read_text().splitlines())
    checked = soarkit("store", "check")
    assert checked.code == 0, checked
