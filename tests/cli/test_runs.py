"""``soarkit runs``."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS, Finished
from store.conftest import about

from soarkit.store import open_store, spool

Soarkit = Callable[..., Finished]
_RESULT = {
    "status": "success",
    "message": "1 action succeeded",
    "result_data": [
        {
            "status": "success",
            "message": "fine",
            "data": [{"text": "value one"}],
            "parameter": {"text": "x"},
            "summary": {},
            "extra_data": [],
            "context": {},
        }
    ],
    "result_summary": {"total_objects": 1, "total_objects_successful": 1},
}


@pytest.fixture(autouse=True)
def sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)


def leave(home: Path, *, result: Any = _RESULT, log_path: str | None = None, **changes: Any) -> str:
    status = changes.pop("status", "success")
    error = changes.pop("error", None)
    run = spool.begin(str(home), about(**changes))
    raw = None if result is None else json.dumps(result).encode()
    run.finish(status=status, message="said\nso", exit_code=0, elapsed=75.0, result=raw, error=error, log_path=log_path)
    assert run.key
    return run.key


def test_runs_are_listed_newest_first(soarkit: Soarkit, home: Path) -> None:
    empty = soarkit("runs")
    assert (empty.code, empty.stdout, "no such runs" in empty.stderr) == (0, "", True)
    keys = [leave(home), leave(home, slug=None, asset=None, status="failed")]
    under_way = spool.begin(str(home), about(action="slow\x1b[31m"))
    done = soarkit("runs")
    head, first, second, third = done.stdout.splitlines()
    assert head.split() == ["KEY", "WHEN", "APP", "ACTION", "ASSET", "STATUS", "TIME", "MESSAGE"]
    assert [first.split()[0], second.split()[0], third.split()[0]] == [under_way.key, *reversed(keys)]
    assert "running" in first
    assert "\x1b" not in done.stdout
    assert "Contoso Reputation 1.0.0" in second
    assert "contoso-reputation 1.0.0" in third
    assert "1 min 15 s  said so" in third
    assert [one["key"] for one in soarkit("runs", "-f", "json").json()["runs"]] == [under_way.key, *reversed(keys)]
    listed = soarkit("runs", "--app", "contoso-reputation", "--status", "success", "--limit", "5", "-f", "json")
    assert [one["key"] for one in listed.json()["runs"]] == keys[:1]
    assert "parameters" not in listed.json()["runs"][0]


def test_a_run_is_shown_as_it_was_printed(soarkit: Soarkit, home: Path) -> None:
    app = json.loads((APPS / "echo" / "app.json").read_text())
    key = leave(
        home,
        app=app["name"],
        appid=app["appid"],
        app_version=app["app_version"],
        action="echo",
        identifier=next(one["identifier"] for one in app["actions"] if one["action"] == "echo"),
        app_path=str(APPS / "echo" / "app.json"),
    )
    assert soarkit("runs", "show", key).json() == _RESULT
    table = soarkit("runs", "show", key[:5], "-f", "table")
    assert table.code == 0, table.stderr
    assert key in table.stdout
    assert "value one" in table.stdout
    assert soarkit("runs", "show", "last", "-s", "action_result.data.*.text").stdout == "value one\n"
    chosen = soarkit("runs", "show", "last", "-s", "action_result.data.*.text", "-f", "json")
    assert chosen.json() == ["value one"]


def test_a_run_of_an_app_that_is_gone_is_shown_all_the_same(soarkit: Soarkit, home: Path) -> None:
    leave(home)
    table = soarkit("runs", "show", "last", "-f", "table")
    assert "value one" in table.stdout


def test_a_run_that_broke_shows_why(soarkit: Soarkit, home: Path) -> None:
    error = {"code": "app-crashed", "message": "said so", "where": "Contoso", "hint": "do this", "log": None}
    leave(home, result=None, status="failed", error=error)
    shown = soarkit("runs", "show", "last", "-f", "table").stdout
    assert "failed" in shown
    assert "do this" in shown
    assert 'hash = "ff"' in shown
    assert soarkit("runs", "show", "last").json()["run"]["error"] == error
    refused = soarkit("runs", "show", "last", "-s", "action_result.data")
    assert (refused.code, "has no result" in refused.stderr) == (2, True)


def test_the_log_is_printed_while_it_is_there(soarkit: Soarkit, home: Path, tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    log.write_text("10:00:00 info     began\n")
    leave(home, log_path=str(log))
    assert soarkit("runs", "show", "last", "--log").stdout == "10:00:00 info     began\n"
    log.unlink()
    gone = soarkit("runs", "show", "last", "--log")
    assert (gone.code, "newest 200 logs" in gone.stderr) == (2, True)
    leave(home)
    assert "there is no log" in soarkit("runs", "show", "last", "--log").stderr


def test_wrong_ids_and_paths_are_refused(soarkit: Soarkit, home: Path) -> None:
    leave(home)
    for arguments in (["zzzz"], ["abc"], ["last", "-s", "nonsense..path"]):
        done = soarkit("runs", "show", *arguments)
        assert (done.code, "Traceback" in done.stderr) == (2, False)


def test_pruning_says_how_many(soarkit: Soarkit, home: Path) -> None:
    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 40 * 86400))
    old, _ = leave(home, started=started), leave(home)
    assert soarkit("runs", "prune").code == 2
    assert soarkit("runs", "prune", "--older-than", "soon").code == 2
    assert soarkit("runs", "prune", "--older-than", "30d", "--dry-run").stdout == "1 run would be deleted\n"
    assert soarkit("runs", "prune", "--older-than", "30d", "-f", "json").json()["runs"] == [old]
    assert soarkit("runs", "prune", "--keep", "0").stdout == "1 run deleted\n"
    assert soarkit("runs", "--help").stdout.count("SOARKIT_KEEP_RUNS_DAYS") == 1


def test_a_home_given_before_the_subcommand_counts(soarkit: Soarkit, tmp_path: Path) -> None:
    key = leave(tmp_path / "other")
    for arguments in (["--home", tmp_path / "other", "show", "last"], ["show", "--home", tmp_path / "other", key]):
        assert soarkit("runs", *arguments).json() == _RESULT
    assert soarkit("runs", "show", "last").code == 2


def test_an_error_is_json_where_a_result_would_be(soarkit: Soarkit, home: Path) -> None:
    assert soarkit("runs", "show", "nothing").json()["error"]["code"] == "request"
    assert soarkit("runs", "show", "nothing", "--log").stdout == ""


def test_a_run_whose_host_died_has_a_whole_error(home: Path) -> None:
    path = Path(spool.folder(str(home)), "0123456789.running")
    path.parent.mkdir(parents=True)
    header = {"key": "0123456789", "app": "a", "action": "b", "started": spool.now()}
    path.write_text(json.dumps(header) + "\n")
    with open_store(str(home)) as store:
        error = store.runs.get("last").error
    assert error is not None
    assert error.keys() == {"code", "message", "where", "hint", "log"}
