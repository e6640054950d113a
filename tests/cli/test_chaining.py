"""Values of earlier runs as parameters: ``--param ip=run:ID:PATH``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Finished
from store.conftest import about

from soarkit.cli import chaining
from soarkit.cli.chaining import MOST_SETS, expand, paths_of
from soarkit.cli.values import FromRun
from soarkit.errors import UsageError
from soarkit.store import open_store, spool

Run = Callable[..., Finished]
APP = "looks_up_indicators"
ITEMS = [
    {"ip": "192.0.2.1", "host": "one.example", "port": 80, "tags": ["a", "b"], "who": {"name": "x"}},
    {"ip": "192.0.2.2", "host": None, "port": 443, "secret": "********", "list": "a,b"},
    {"ip": "192.0.2.1", "host": "one.example", "port": 80},
    {"ip": None, "host": "three.example", "flag": "yes"},
    {"ip": "", "port": 5},
]


@pytest.fixture(autouse=True)
def sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)


def result(*items: Any, status: str = "success") -> dict[str, Any]:
    one = {"status": status, "message": "", "data": list(items), "parameter": {"ip": "192.0.2.9"}, "summary": {"n": 1}}
    return {"status": status, "message": "said so", "result_data": [one], "result_summary": {"total_objects": 1}}


def leave(home: Path, document: Any, **changes: Any) -> str:
    run = spool.begin(str(home), about(**changes))
    raw = None if document is None else json.dumps(document).encode()
    run.finish(status="success", message="said so", exit_code=0, elapsed=1.0, result=raw, error=None, log_path=None)
    assert run.key
    return run.key


def given(finished: Finished) -> list[dict[str, Any]]:
    assert finished.code == 0, finished
    return [item["given"] for item in finished.data]


def test_a_call_for_each_value(run: Run, home: Path) -> None:
    key = leave(home, result(*ITEMS))
    done = run(APP, "lookup ip", "-p", f"ip=run:{key[:5]}:action_result.data.*.ip", "-p", "days=7")
    assert given(done) == [{"ip": "192.0.2.1", "days": 7}, {"ip": "192.0.2.2", "days": 7}]
    assert f"soarkit: 2 values from run {key} (5 found, 2 empty, 1 repeated)" in done.stderr


def test_the_last_run_may_be_one_that_was_chained(run: Run, home: Path) -> None:
    leave(home, result(*ITEMS))
    first = run(APP, "lookup ip", "-p", "ip=run:last:action_result.data.*.ip")
    assert len(given(first)) == 2
    second = run(APP, "lookup ip", "-p", "ip=run:last:action_result.data.*.given.ip")
    assert given(second) == given(first)
    assert "2 values from run" in second.stderr
    assert "found" not in second.stderr


def test_a_comma_list_where_the_parameter_takes_one(run: Run, home: Path) -> None:
    leave(home, result({"hash": "a" * 32}, {"hash": "b" * 32}))
    done = run(APP, "lookup files", "-p", "hashes=run:last:action_result.data.*.hash")
    assert given(done) == [{"hashes": f"{'a' * 32},{'b' * 32}"}]


def test_numbers_stay_numbers(run: Run, home: Path) -> None:
    leave(home, result(*ITEMS))
    done = run(APP, "lookup port", "-p", "port=run:last:action_result.data.*.port")
    assert given(done) == [{"port": 80}, {"port": 443}, {"port": 5}]


def test_booleans_in_words(run: Run, home: Path) -> None:
    leave(home, result(*ITEMS))
    done = run(APP, "lookup ip", "-p", "ip=192.0.2.7", "-p", "flag=run:last:action_result.data.*.flag")
    assert given(done) == [{"ip": "192.0.2.7", "flag": True}]


def test_several_parameters_of_a_run_are_rows(run: Run, home: Path) -> None:
    leave(home, result(*ITEMS))
    path = "run:last:action_result.data.*"
    done = run(APP, "compare", "-p", f"ip={path}.ip", "-p", f"host={path}.host")
    assert given(done) == [{"ip": "192.0.2.1", "host": "one.example"}, {"ip": "192.0.2.2"}]
    assert "2 rows from run" in done.stderr
    assert "(5 found, 2 with a gap, 1 repeated)" in done.stderr


def test_different_runs_are_combined_with_each_other_and_with_sets(run: Run, home: Path, tmp_path: Path) -> None:
    one = leave(home, result({"ip": "192.0.2.1"}, {"ip": "192.0.2.2"}))
    two = leave(home, result({"n": 1}, {"n": 2}))
    (tmp_path / "sets.json").write_text('[{"flag": true}, {"flag": false, "ip": "192.0.2.3"}]')
    arguments = ["-p", f"ip=run:{one}:action_result.data.*.ip", "-p", f"days=run:{two}:action_result.data.*.n"]
    done = run(APP, "lookup ip", "--params", "sets.json", *arguments)
    assert [(one["flag"], one["ip"][-1], one["days"]) for one in given(done)] == [
        (flag, ip, days) for flag in (True, False) for ip in "12" for days in (1, 2)
    ]


def test_literal_texts_stay_what_they_are(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "sets.json").write_text('{"text": "run:last:x"}')
    assert given(run(APP, "look up text", "-p", "text==run:last:x")) == [{"text": "run:last:x"}]
    assert given(run(APP, "look up text", "--params", "sets.json")) == [{"text": "run:last:x"}]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("run:last:action_result.data.*.nothing", ["has no values there", "action_result.data.*.ip"]),
        ("run:last:action_result.data.*.ipp", ["has no values there", "action_result.data.*.ip"]),
        ("run:last:action_result.data.ip", ["has no values there", "action_result.data.*.ip"]),
        ("run:last:action_result.data.*.none", ["nothing but empty values"]),
        ("run:last:action_result.data.*.tags", ["a list, not a value", "action_result.data.*.tags.*"]),
        ("run:last:action_result.data.*.who", ["an object, not a value", "'name'"]),
        ("run:last:action_result.data.*.secret", ["masked", "text=env:VARIABLE"]),
        ("run:last:data.*.ip", ["unknown root", 'did you mean "action_result.data.*.ip"']),
        ("run:last:who.name", ["unknown root", "such as action_result.data.*.KEY"]),
        ("run:last:", ["run: needs a data path behind it"]),
        ("run:last", ["run: needs a data path behind it"]),
        ("run:", ["run: needs the key of a run behind it"]),
        ("run:zzzz:action_result.data.*.ip", ["there is no run 'zzzz'"]),
        ("run:abc:action_result.data.*.ip", ["too short"]),
    ],
)
def test_what_cannot_be_taken(run: Run, home: Path, value: str, words: list[str]) -> None:
    leave(home, result(*ITEMS, {"none": None}))
    done = run(APP, "look up text", "-p", f"text={value}")
    assert done.code == 2, done
    assert all(word in done.stderr for word in words), done.stderr
    assert done.json()["ok"] is False


def test_a_value_with_a_comma_is_not_split(run: Run, home: Path) -> None:
    leave(home, result(*ITEMS))
    done = run(APP, "lookup files", "-p", "hashes=run:last:action_result.data.*.list")
    assert done.code == 2
    assert "'a,b' has a comma" in done.stderr
    assert "--param hashes=a,b" in done.stderr
    assert given(run(APP, "look up text", "-p", "text=run:last:action_result.data.*.list")) == [{"text": "a,b"}]


def test_runs_without_a_result(run: Run, home: Path) -> None:
    leave(home, None)
    done = run(APP, "look up text", "-p", "text=run:last:action_result.data.*.x")
    assert done.code == 2
    assert "has no result to take values from: said so" in done.stderr
    leave(home, result(status="failed"))
    done = run(APP, "look up text", "-p", "text=run:last:action_result.data.*.x")
    assert "the run failed: said so" in done.stderr


def test_there_are_no_runs_at_all(run: Run, home: Path) -> None:
    done = run(APP, "look up text", "-p", "text=run:last:action_result.data.*.x")
    assert done.code == 2
    assert "there are no runs yet" in done.stderr


@pytest.mark.parametrize("parameter", ["txt=run:last:action_result.data.*.ip", "text=run:last:nowhere"])
def test_the_store_is_not_opened_for_a_wrong_request(run: Run, home: Path, parameter: str) -> None:
    assert run(APP, "look up text", "-p", parameter).code == 2
    assert not (home / "store").exists()


def test_a_run_that_takes_nothing_does_not_open_the_store(run: Run, home: Path) -> None:
    assert run(APP, "look up text", "-p", "text=x").code == 0
    assert not (home / "store" / "soarkit.sqlite3").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "echo", "echo", "-p", "text=x", "-c", "server=run:last:action_result.data.*.ip"),
        ("asset", "create", "box", "--app", "x", "-c", "server=run:last:action_result.data.*.ip"),
        ("variables", "set", "NAME=run:last:action_result.data.*.ip"),
    ],
)
def test_nothing_else_takes_values_of_runs(soarkit: Run, app: Callable[[str], str], arguments: tuple[str, ...]) -> None:
    words = [app(one) if one == "echo" and at == 1 else one for at, one in enumerate(arguments)]
    done = soarkit(*words)
    assert done.code == 2
    assert "can only be given to parameters of an action" in done.stderr
    assert "run:last:" not in done.stderr


def test_ten_thousand_values(run: Run, home: Path) -> None:
    leave(home, result(*({"ip": f"10.0.{n >> 8}.{n & 255}"} for n in range(10_000))))
    done = run(APP, "lookup ip", "-p", "ip=run:last:action_result.data.*.ip")
    assert len({one["ip"] for one in given(done)}) == 10_000
    assert "10,000 values from run" in done.stderr


def test_too_many_combinations_are_refused(home: Path) -> None:
    keys = [leave(home, result(*({"n": number} for number in range(1000)))) for _ in range(2)]
    taken = {name: FromRun(key, "action_result.data.*.n") for name, key in zip("ab", keys, strict=True)}
    with pytest.raises(UsageError, match="1,000,000 calls") as caught:
        expand([{}], taken, {}, open_store=lambda: open_store(str(home)), note=lambda text: None)
    assert f"{MOST_SETS:,}" in caught.value.message


def test_values_that_only_look_alike_are_different(home: Path) -> None:
    key = leave(home, result(*({"v": value} for value in (1, True, "1", 1.0, "true", False, 0))))
    taken = {"v": FromRun(key, "action_result.data.*.v")}
    sets = expand([{}], taken, {}, open_store=lambda: open_store(str(home)), note=lambda text: None)
    assert [repr(one["v"]) for one in sets] == ["1", "True", "'1'", "1.0", "'true'", "False", "0"]


def test_paths_of_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    document = result({"a": [{"b": 1}, {"c": 2, "d.e": 3}], "f": [], "g": {"h": ""}, "*": 1})
    assert paths_of(document) == [
        "action_result.data.*.a.*.b",
        "action_result.data.*.a.*.c",
        "action_result.summary.n",
        "action_result.parameter.ip",
        "action_result.status",
        "summary.total_objects",
    ]
    monkeypatch.setattr(chaining, "_MOST_PATHS", 2)
    assert len(paths_of(document)) == 2
    assert paths_of({"result_data": "?", "result_summary": None}) == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ip=run:", ["ip=run:last:", "ip=run:KEY:"]),
        ("ip=run:KEY", ["ip=run:KEY:"]),
        ("ip=run:KEY:action_result.data.*.p", ["ip=run:KEY:action_result.data.*.port"]),
        ("ip=run:last:summary", ["ip=run:last:summary.total_objects"]),
        ("ip=run:zzzz:", []),
    ],
)
def test_runs_and_their_paths_are_completed(soarkit: Run, home: Path, typed: str, offered: list[str]) -> None:
    key = leave(home, result(*ITEMS))
    leave(home, None, started="2020-01-01T00:00:00.000000Z")
    words = f"soarkit run x y -p {typed.replace('KEY', key)}"
    done = soarkit(_SOARKIT_COMPLETE="fish_complete", COMP_WORDS=words, COMP_CWORD=words.rpartition(" ")[2])
    found = [line.partition(",")[2].partition("\t")[0] for line in done.stdout.splitlines() if line]
    assert found == [one.replace("KEY", key) for one in offered]
