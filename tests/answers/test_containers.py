"""Containers and artifacts as apps save them: real apps' processes, a real store."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS, Finished

from soarkit.answers.containers import answers
from soarkit.answers.opened import LazyStore
from soarkit.manifest.loader import load
from soarkit.runtime.platform import RunContext
from soarkit.store import open_store

DUPLICATE = "Duplicate container found"
Call = Callable[..., list[Any]]


@pytest.fixture
def call(run: Callable[..., Finished]) -> Call:
    """Have an app call methods of its connector; what they returned."""

    def call_methods(*calls: list[Any], arguments: tuple[str, ...] = (), **options: Any) -> list[Any]:
        finished = run("saves_containers", "call", "-p", f"calls={json.dumps(calls)}", *arguments, **options)
        assert finished.code == 0, finished
        return [one["answer"] for one in finished.data]

    return call_methods


def containers(home: Path) -> list[dict[str, Any]]:
    with open_store(str(home)) as store:
        return store.containers.list()


def artifacts(home: Path) -> list[dict[str, Any]]:
    with open_store(str(home)) as store:
        return store.artifacts.list(newest_first=False)


def test_containers(call: Call, home: Path) -> None:
    given = {"name": "x", "source_data_identifier": "q", "severity": "High"}
    first, again, refused, wrong, several, info, none = call(
        ["save_container", given],
        ["save_container", {**given, "artifacts": [{"name": "a"}]}],
        ["save_container", given, True],
        ["save_container", {"label": "nameless"}],
        ["save_containers", [{"name": "y"}, {}, given]],
        ["get_container_info", 1],
        ["get_container_info", "77"],
    )
    assert first[0] is True and first[2] == 1
    assert again == [True, DUPLICATE, 1]
    assert refused == [False, DUPLICATE, 1]
    assert wrong == [False, "a container needs a name", None]
    status, message, entries = several
    assert status is True and "2 of 3" in message
    assert [entry["id"] for entry in entries] == [2, None, 1]
    assert entries[2] == {"success": True, "message": DUPLICATE, "id": 1}
    assert info[0] is True and info[2] == 200
    assert (info[1]["name"], info[1]["severity"], info[1]["artifact_count"]) == ("x", "high", 1)
    time.strptime(info[1]["create_time"], "%Y-%m-%dT%H:%M:%S.%fZ")
    assert none == [False, "there is no container 77", 404]
    found = containers(home)[-1]
    assert found["label"] == "incident" and found["run"] and found["asset"] > 0
    assert found["ingest_app"] == json.loads((APPS / "saves_containers" / "app.json").read_text())["appid"]


def test_artifacts(call: Call) -> None:
    *_, homeless, one, several, partly, none, odd = call(
        ["save_container", {"name": "x"}],
        ["save_artifact", {"name": "a"}],
        ["save_artifact", {"name": "a", "container_id": "1"}],
        ["save_artifacts", [{"name": "a", "container_id": 1}, {"name": "b", "container_id": 1}]],
        ["save_artifacts", [{"name": "c", "container_id": 1}, {"name": "d", "container_id": 9}]],
        ["save_artifacts", []],
        ["save_artifact", "text"],
    )
    assert homeless[0] is False and "container_id" in homeless[1] and homeless[2] is None
    assert one[0] is True and several[0] is True and several[2] == [one[2], one[2] + 1]
    assert partly[0] is False and "there is no container 9" in partly[1] and partly[2] == [one[2] + 2, None]
    assert none[0] is True and none[2] == []
    assert odd == [False, "an artifact is an object, not str", None]


def test_the_container_that_the_action_runs_on(call: Call, home: Path, tmp_path: Path) -> None:
    call(["save_container", {"name": "x"}], ["save_container", {"name": "y"}])
    given = tmp_path / "action.json"
    given.write_text(json.dumps({"container_id": 2}))
    saved, info = call(["save_artifact", {"name": "a"}], ["get_container_info"], arguments=("--input", str(given)))
    assert saved[0] is True and info[1]["id"] == 2
    assert artifacts(home)[0]["container"] == 2


def test_odd_values(call: Call, home: Path) -> None:
    long = "x" * 10_000
    odd = {"name": "n\0 \ud800", "source_data_identifier": long, "tags": "a,b", "start_time": "soon", "x\0": [None]}
    first, again = call(
        ["save_container", {**odd, "artifacts": [odd]}], ["save_container", {**odd, "artifacts": [odd]}]
    )
    assert first[0] is True and again == [True, DUPLICATE, first[2]]
    (found,) = containers(home)
    assert found["source_data_identifier"] == long and found["artifact_count"] == 1
    assert found["tags"] == ["a", "b"] and found["extra"]["start_time"] == "soon"


def test_a_poll_counts_what_it_saved(run: Callable[..., Finished]) -> None:
    def counted() -> dict[str, int]:
        finished = run("saves_containers", "on poll")
        assert finished.code == 0, finished
        summary = finished.json()["result_summary"]
        return {key: value for key, value in summary.items() if value and not key.startswith("total")}

    assert counted() == {"containers_successful": 3, "artifacts_successful": 6}
    assert counted() == {"containers_duplicate": 3, "artifacts_duplicate": 6}


def test_from_several_threads(run: Callable[..., Finished], home: Path) -> None:
    finished = run("saves_from_threads_and_children", "on poll")
    assert finished.code == 0, finished
    summary = finished.json()["result_summary"]
    assert (summary["containers_successful"], summary["artifacts_successful"]) == (160, 320)
    assert {one["name"] for one in containers(home)} == {f"{t}-{number}" for t in range(8) for number in range(20)}


def test_a_forked_process_is_refused_at_once(run: Callable[..., Finished], home: Path) -> None:
    """Even while a thread of its parent waits for an answer, and so holds the link."""
    finished = run("saves_from_threads_and_children", "fork", timeout=60)
    assert finished.code == 0, finished
    *children, parent = finished.data
    for one in children:
        assert one["child"][0] is False and "forked" in one["child"][1] and one["child"][2] is None
    assert parent["parent"][0] is True
    assert {one["name"] for one in containers(home)} == {"of the thread", "of the parent"}


def test_what_was_not_saved_is_in_the_log(run: Callable[..., Finished], home: Path) -> None:
    calls = [
        ["save_container", {}],
        ["save_container", {"name": "x"}],
        ["save_container", {"name": "x", "source_data_identifier": "i"}],
        ["save_container", {"name": "x", "source_data_identifier": "i"}, True],
        ["save_artifacts", [{"container_id": 1}, {"container_id": 99}]],
    ]
    finished = run("saves_containers", "call", "-p", f"calls={json.dumps(calls)}", "-v")
    assert finished.code == 0, finished
    errors = [line for line in finished.stderr.splitlines() if line.startswith("error: ")]
    partly = "1 artifacts saved, 1 artifacts cannot be saved: there is no container 99"
    assert errors == [
        "error: the container was not saved: a container needs a name",
        f"error: not all of 2 artifacts were saved: {partly}",
    ]


def test_a_replay_leaves_nothing_behind(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOARKIT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    app = load(str(APPS / "saves_containers" / "app.json"))
    apart = tmp_path / "apart"
    context = RunContext(
        app=app,
        asset_id="5",
        asset_name=None,
        container_id=0,
        container_label="mail",
        key=None,
        app_home=str(apart),
        recording="replay",
    )
    store = LazyStore(str(home), context)
    assert not apart.exists()
    save = answers(store, context)["save_container"]
    assert save(container={"name": "x"})[:3] == [True, "Container 1 saved", 1]
    assert save(container={"name": "x", "label": "other"})[2] == 2
    assert [one["label"] for one in store.get().containers.list()] == ["other", "mail"]
    store.close()
    assert (apart / "store" / "soarkit.sqlite3").exists() and not home.exists()


@pytest.mark.parametrize("how", ["exit", "kill", "thread"])
def test_what_was_saved_stays_when_the_app_dies(
    run: Callable[..., Finished], home: Path, tmp_path: Path, how: str
) -> None:
    marker = tmp_path / "marker"
    finished = run("dies_after_saving", "die", "-p", f"how={how}", "-p", f"marker={marker}")
    assert finished.code == 3, finished
    assert marker.read_text() == "1"
    assert [one["name"] for one in artifacts(home)] == [f"a{number}" for number in range(50)]


@pytest.mark.parametrize("delay", [0.0, 0.2, 0.6])
def test_ctrl_c_in_the_middle_of_a_large_call(
    home: Path, tmp_path: Path, soarkit: Callable[..., Finished], delay: float
) -> None:
    """All of it or nothing, and nothing is left locked."""
    count = 20_000
    words = [sys.executable, "-m", "soarkit", "run", str(APPS / "saves_containers"), "time", "-p", f"count={count}"]
    process = subprocess.Popen(
        [*words, "--python", sys.executable], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    )
    while process.poll() is None and not _names(home):  # it has saved its container, so the large call is next
        time.sleep(0.01)
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode in (130, 0)
    assert containers(home)[0]["artifact_count"] in (0, count)
    assert soarkit("store", "check").code == 0


def _names(home: Path) -> list[str]:
    if not os.path.exists(home / "store" / "soarkit.sqlite3"):
        return []
    with closing(sqlite3.connect(home / "store" / "soarkit.sqlite3", timeout=30)) as connection:
        try:
            return [row[0] for row in connection.execute("SELECT name FROM soarkit_store_container")]
        except sqlite3.OperationalError:  # no tables yet
            return []
