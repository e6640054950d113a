"""``soarkit poll`` and ``on poll`` through ``soarkit run``."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import Finished
from installing import install
from jsonschema import Draft202012Validator

from soarkit.store import open_store

Soarkit = Callable[..., Finished]
ENVELOPE = Path(__file__).parents[2] / "schemas" / "envelope.schema.json"
ALL = 4294967295
DAY = 24 * 3600 * 1000


class Feed:
    """The file that the app of the asset reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_text("")

    def add(self, *entries: dict[str, Any]) -> None:
        with self.path.open("a") as file:
            file.writelines(json.dumps(one) + "\n" for one in entries)

    def entries(self, *numbers: int) -> None:
        self.add(*({"id": f"e{one}", "artifacts": [f"e{one}-a", f"e{one}-b"]} for one in numbers))


@pytest.fixture
def feed(soarkit: Soarkit, home: Path, tmp_path: Path) -> Feed:
    """A feed, and the asset `mail` for it."""
    feed = Feed(tmp_path / "feed")
    install(home, "ingests_from_a_feed")
    words = ["asset", "create", "mail", "--app", "ingests-from-a-feed", "-c", f"feed={feed.path}"]
    assert soarkit(*words).code == 0
    return feed


@pytest.fixture
def poll(soarkit: Soarkit, feed: Feed) -> Soarkit:
    """``soarkit poll --asset mail ARGUMENTS``."""
    return lambda *arguments, **options: soarkit(
        "poll", "--asset", "mail", *arguments, "--python", sys.executable, **options
    )


def told(finished: Finished) -> list[Any]:
    """What the app was told: start, end, both counts, ids, whether a person asked."""
    (found,) = re.findall(r"Polling from (\d+) to (\d+), at most (\d+) and (\d+), '(.*)', now: (\w+)", finished.stderr)
    return [*map(int, found[:4]), found[4], found[5] == "True"]


def test_a_scheduled_poll_goes_on_where_the_last_one_ended(feed: Feed, poll: Soarkit) -> None:
    feed.entries(1, 2)
    first = poll("-f", "json")
    assert first.code == 0, first
    document = first.json()
    Draft202012Validator(json.loads(ENVELOPE.read_text())).validate(document)
    about = document["poll"]
    assert about["containers"] == {"new": 2, "duplicate": 0, "failed": 0}
    assert about["artifacts"] == {"new": 4, "duplicate": 0, "failed": 0}
    start, end, containers, artifacts, ids, now = told(first)
    assert (containers, artifacts, ids, now) == (ALL, ALL, "", False)
    assert end - start == 10 * DAY and abs(end - time.time() * 1000) < 60_000
    assert (about["start_time"], about["end_time"], about["now"]) == (start, end, False)
    feed.entries(3)
    second = poll()
    assert told(second)[0] == end
    assert re.fullmatch(r"mail: containers: 1 new; artifacts: 2 new \(\d+\.\d s\)\n", second.stdout)


def test_a_poll_by_hand_is_limited_and_moves_nothing(feed: Feed, poll: Soarkit) -> None:
    feed.entries(*range(1, 10))
    first = poll("--now")
    assert first.code == 0, first
    assert told(first)[2:] == [5, 10, "", True]
    assert "containers: 5 new; artifacts: 10 new" in first.stdout
    given = poll("--now", "--containers", "2", "--artifacts", "7", "--ids", "e1,e2", "--since", "2024-05-01T00:00:00Z")
    assert told(given)[2:] == [2, 7, "e1,e2", True] and told(given)[0] == 1714521600000
    assert "containers: 0 new, 2 duplicate; artifacts: 0 new, 4 duplicate" in given.stdout
    third = poll()
    assert told(third)[1] - told(third)[0] == 10 * DAY
    assert "containers: 4 new, 5 duplicate" in third.stdout


def test_a_failed_poll_is_asked_for_the_same_time_again(feed: Feed, poll: Soarkit) -> None:
    feed.entries(1)
    feed.add({"fail": "the feed is closed"})
    first = poll()
    assert first.code == 1
    assert "failed: " in first.stdout and "the feed is closed" in first.stdout and "1 new" in first.stdout
    feed.path.write_text("")
    second = poll("-f", "json")
    assert told(second)[1] - told(second)[0] == 10 * DAY  # nothing was kept of the first
    assert second.json()["poll"]["status"] == "success"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--containers", "5"], "add --now"),
        (["--ids", "x"], "add --now"),
        (["--every", "5"], "no length of time"),
        (["--every", "0s"], "a second apart"),
        (["--since", "yesterday"], "no time"),
        (["--since", "2124-05-01"], "yet to come"),
        (["--since", "9999999d"], "before 1970"),
        (["--since", "0001-01-01T00:00"], "1-01-01T00:00' is "),
        (["--now", "--containers", "4294967295"], "not in the range"),
        (["--asset", "male"], "did you mean 'mail'"),
        (["nothing"], "no app of this name"),
    ],
)
def test_wrong_requests(poll: Soarkit, words: list[str], said: str) -> None:
    finished = poll(*words, "-f", "json")
    assert finished.code == 2, finished
    assert said in finished.stderr and finished.json()["error"]["message"]


def test_an_app_that_does_not_poll(soarkit: Soarkit, home: Path) -> None:
    install(home, "echo")
    soarkit("asset", "create", "production", "--app", "echo", "-c", "server=s")
    refused = soarkit("poll", "--asset", "production", "--every", "1s")
    assert refused.code == 2
    assert "does not poll: it has no action 'on poll'" in refused.stderr
    soarkit("asset", "create", "both", "--vendor", "Contoso", "--product", "Contoso Test", "-c", "server=s")
    refused = soarkit("poll", "--asset", "both")
    assert refused.code == 2 and "no installed app polls Contoso Contoso Test" in refused.stderr


def test_an_asset_for_a_product_finds_the_app_that_polls(soarkit: Soarkit, feed: Feed, home: Path) -> None:
    install(home, "echo")
    words = ["--vendor", "Contoso", "--product", "Contoso Test", "-c", f"feed={feed.path}", "-c", "server=s"]
    assert soarkit("asset", "create", "both", *words).code == 0
    polled = soarkit("poll", "--asset", "both", "--python", sys.executable)
    assert polled.code == 0, polled


def test_labels(soarkit: Soarkit, feed: Feed, poll: Soarkit, home: Path) -> None:
    edited = soarkit("asset", "edit", "mail", "--ingest", "container_label=mails", "--ingest", "interval_mins:=5")
    assert edited.code == 0, edited
    shown = soarkit("asset", "show", "mail", "-f", "json").json()["asset"]
    assert shown["configuration"]["ingest"] == {"container_label": "mails", "interval_mins": 5}
    feed.entries(1)
    poll()
    feed.entries(2)
    poll("--label", "urgent")
    assert soarkit("asset", "edit", "mail", "--ingest", "container_label=", "--ingest", "interval_mins=").code == 0
    assert "ingest" not in soarkit("asset", "show", "mail", "-f", "json").json()["asset"]["configuration"]
    feed.entries(3)
    poll()
    with open_store(str(home)) as store:
        assert [store.containers.get(number)["label"] for number in (1, 2, 3)] == ["mails", "urgent", "incident"]
    refused = soarkit("asset", "edit", "mail", "-c", "ingest=mails")
    assert refused.code == 2 and "takes an object" in refused.stderr


def test_the_first_poll_can_start_where_the_asset_says(soarkit: Soarkit, poll: Soarkit) -> None:
    soarkit("asset", "edit", "mail", "--ingest", "start_time_epoch_utc:=1714521600")
    assert told(poll())[0] == 1714521600000


def test_a_clock_that_was_set_back(soarkit: Soarkit, feed: Feed, poll: Soarkit, home: Path) -> None:
    first = told(poll())
    kept = home / "polls" / "1.json"

    def move(by: int) -> None:
        (appid, polled), *_ = json.loads(kept.read_text()).items()
        moved = {name: polled[name] + by for name in ("since", "until")}
        kept.write_text(json.dumps({appid: {**polled, **moved}}))

    move(5 * DAY)  # the last poll seems to end in five days, and to have begun five days ago
    second = told(poll())
    assert second[0] == first[0] + 5 * DAY and second[1] >= first[1]
    move(30 * DAY)
    third = told(poll())
    assert third[1] - third[0] == 10 * DAY
    assert told(poll())[0] == third[1]


def test_a_position_that_cannot_be_kept(feed: Feed, poll: Soarkit, home: Path) -> None:
    feed.entries(1)
    (home / "polls").write_text("in the way")
    polled = poll()
    assert polled.code == 0 and "containers: 1 new" in polled.stdout, polled
    assert "the next poll asks for the same time again" in polled.stderr


def test_apps_for_one_product_go_on_by_themselves(soarkit: Soarkit, feed: Feed, home: Path) -> None:
    install(home, "ingests_from_a_feed", appid="6ef5b9ad-1d5f-4a5c-8a5e-0c3b1d2f4e58", name="another")
    words = ["--vendor", "Contoso", "--product", "Contoso Test", "-c", f"feed={feed.path}"]
    assert soarkit("asset", "create", "both", *words).code == 0
    polled = ["--asset", "both", "--python", sys.executable]
    first = told(soarkit("poll", "ingests-from-a-feed", *polled))
    other = told(soarkit("poll", "another", *polled))
    assert other[1] - other[0] == 10 * DAY
    assert told(soarkit("poll", "ingests-from-a-feed", *polled))[0] == first[1]
    assert told(soarkit("poll", "another", *polled))[0] == other[1]


def test_an_asset_that_is_gone_leaves_no_position(soarkit: Soarkit, feed: Feed, poll: Soarkit, home: Path) -> None:
    assert poll().code == 0
    assert soarkit("store", "backup", "--output", str(home / "backup")).code == 0
    words = ["--app", "ingests-from-a-feed", "-c", f"feed={feed.path}"]
    assert soarkit("asset", "create", "second", *words, "-f", "json").json()["asset"]["id"] == 2
    assert soarkit("poll", "--asset", "second", "--python", sys.executable).code == 0
    assert soarkit("asset", "delete", "second", "--yes").code == 0
    assert [path.name for path in (home / "polls").iterdir()] == ["1.json"]
    # What was fetched since the backup is not in it. And state of an asset made since must not come to another one.
    assert soarkit("store", "restore", str(home / "backup"), "--yes").code == 0
    assert not (home / "polls").exists()
    assert soarkit("asset", "create", "third", *words, "-f", "json").json()["asset"]["id"] == 3
    assert poll().code == 0
    assert soarkit("uninstall", "ingests-from-a-feed", "--purge", "--yes").code == 0
    assert list((home / "polls").iterdir()) == []


def test_a_poll_through_run(soarkit: Soarkit, feed: Feed) -> None:
    feed.entries(1)
    words = ["run", "ingests-from-a-feed", "on poll", "--asset", "mail", "--python", sys.executable]
    finished = soarkit(*words)
    assert finished.code == 0, finished
    assert told(finished)[2:] == [ALL, ALL, "", False]
    assert finished.json()["result_summary"]["containers_successful"] == 1
    finished = soarkit(*words, "-p", "container_count=3", "-p", "start_time=5")  # declared or not
    assert finished.code == 0, finished
    assert told(finished)[0] == 5 and told(finished)[2:] == [3, ALL, "", True]


def start(home: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "soarkit", "poll", "--asset", "mail", "--python", sys.executable, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "SOARKIT_HOME": str(home)},
    )


@contextmanager
def polling(home: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    process = start(home, *words)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_again_and_again(feed: Feed, home: Path) -> None:
    feed.entries(1)
    with polling(home, "--every", "1s", "-f", "json") as process:
        assert process.stdout is not None
        lines = []
        for number in range(3):
            lines.append(json.loads(process.stdout.readline()))
            if number == 0:
                feed.add({"fail": "closed"})
            else:
                feed.path.write_text(feed.path.read_text().replace('{"fail": "closed"}\n', ""))
                feed.entries(2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert [one["poll"]["status"] for one in lines] == ["success", "failed", "success"]
    assert [one["poll"]["containers"]["new"] for one in lines] == [1, 0, 1]
    assert lines[2]["poll"]["start_time"] == lines[0]["poll"]["end_time"] == lines[1]["poll"]["start_time"]
    for one in lines:
        Draft202012Validator(json.loads(ENVELOPE.read_text())).validate(one)


def test_since_is_said_of_the_first_poll(feed: Feed, home: Path) -> None:
    with polling(home, "--every", "1s", "-f", "json", "--since", "2024-05-01T00:00:00Z") as process:
        assert process.stdout is not None
        first, second = (json.loads(process.stdout.readline())["poll"] for _ in range(2))
    assert first["start_time"] == 1714521600000
    assert second["start_time"] == first["end_time"]


def test_a_poll_that_breaks_does_not_end_them(soarkit: Soarkit, feed: Feed, home: Path) -> None:
    with polling(home, "--every", "1s", "-f", "json") as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["ok"] is True
        soarkit("asset", "edit", "mail", "--unset", "feed")
        documents = [json.loads(process.stdout.readline())]
        while documents[-1]["ok"]:
            documents.append(json.loads(process.stdout.readline()))
        assert "needs configuration: feed" in documents[-1]["error"]["message"]
        soarkit("asset", "edit", "mail", "-c", f"feed={feed.path}")
        while not documents[-1]["ok"]:
            documents.append(json.loads(process.stdout.readline()))
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


def test_being_told_to_stop_tells_the_app(feed: Feed, home: Path) -> None:
    feed.entries(1)
    feed.add({"wait": 60})
    with polling(home, "--every", "1h", "-v") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Polling from" in line:
                break
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert "told to stop" in process.stderr.read()


def test_polls_of_one_asset_wait_for_each_other(feed: Feed, home: Path, poll: Soarkit) -> None:
    feed.entries(1)
    feed.add({"wait": 3})
    with polling(home) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Polling from" in line:
                break
        second = poll()
        assert process.wait(timeout=1) == 0
    assert "waiting for the lock 'poll of asset 1'" in second.stderr
    assert "containers: 0 new" in second.stdout
