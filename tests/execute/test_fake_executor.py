"""The public fake: what decides about a run can be tested without any process."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from soarkit.errors import AppCrashed, AppError, AppTimeout, LinkLost, ReplayError
from soarkit.execute.executor import FakeExecutor
from soarkit.execute.request import Ending, ExecuteRequest, Listener, Outcome
from soarkit.host import Host
from soarkit.runtime.asset import Asset
from soarkit.runtime.run import Observer, PreparedRun, Recording, RunRequest

FAILURE = {"code": "?", "message": "no secret-token", "where": None, "hint": "next step"}
RESULT = {"status": "success", "message": "made up", "result_data": [], "result_summary": {}}


def outcome(ending: Ending, **given: object) -> Outcome:
    parts = {"result": None, "failure": None, "status": 0, "phase": "action", "problems": (), "elapsed": 0.5}
    return Outcome(ending, **{**parts, **given})


@pytest.fixture
def execute(app: Callable[[str], str]) -> Callable[..., tuple[object, FakeExecutor]]:
    def run(made_up: Outcome, **request: object) -> tuple[object, FakeExecutor]:
        host = Host(python="/usr/bin/env")
        host.python_for = lambda app, note: "/some/python"
        host.recorder_for = lambda python, note: "/some/recorder"
        asset = Asset({"server": "s", "token": "secret-token"}, id="12")
        wanted = RunRequest(
            app=host.open_app(app("echo")), action="echo", parameters=[{"text": "x"}], asset=asset, **request
        )
        executor = FakeExecutor(lambda request, listener: made_up)
        return PreparedRun(wanted).execute(host, executor, Observer()), executor

    return run


def test_the_request_holds_all_that_the_app_side_needs(execute: Callable[..., tuple[object, FakeExecutor]]) -> None:
    result, executor = execute(outcome(Ending.RESULT, result=json.dumps(RESULT).encode()), timeout=7)
    assert result.message == "made up"
    assert result.elapsed == 0.5
    (request,) = executor.requests
    assert request.python == "/some/python"
    assert request.timeout == 7
    assert len(request.held) == 1  # the asset's lock
    given = request.message["input"]
    assert given["identifier"] == "echo"
    assert given["asset_id"] == "12"
    assert given["config"]["token"] == "secret-token"
    assert given["config"]["ingest"]["container_label"] == "incident"
    assert {"encrypt", "decrypt", "save_container", "vault_add"} <= set(request.answers)


@pytest.mark.parametrize(
    ("made_up", "error", "words"),
    [
        (outcome(Ending.CRASH, status=-11), AppCrashed, "SIGSEGV"),
        (outcome(Ending.CRASH, status=-99), AppCrashed, "signal 99"),
        (outcome(Ending.CRASH, status=3, phase="import"), AppCrashed, "while its main module was imported"),
        (outcome(Ending.LINK_LOST), LinkLost, "closed the connection"),
        (outcome(Ending.TIMEOUT, result=b"{}"), AppTimeout, "--timeout"),
        (outcome(Ending.FAILURE, failure=FAILURE), AppError, r"no \*{8}"),
    ],
)
def test_every_other_ending_is_an_error(
    execute: Callable[..., tuple[object, FakeExecutor]], made_up: Outcome, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        execute(made_up)


def test_leaving_the_recording_wins_over_the_apps_result(execute: Callable[..., tuple[object, FakeExecutor]]) -> None:
    made_up = outcome(Ending.RESULT, result=json.dumps(RESULT).encode(), problems=("GET /x with secret-token",))
    with pytest.raises(ReplayError, match=r"GET /x with \*{8}"):
        execute(made_up, recording=Recording("file", "replay"))
    result, _ = execute(made_up, recording=Recording("file", "record"))
    assert result.ok


def test_a_listener_ignores_what_it_is_not_asked_about() -> None:
    listener = Listener()
    assert listener.progress("text", False) is listener.log("info", "text") is listener.output("stdout", b"") is None


def test_an_executor_is_one_method() -> None:
    request = ExecuteRequest("python", {}, 1.0)
    expected = outcome(Ending.CRASH)
    assert FakeExecutor(lambda request, listener: expected).run(request, Listener()) is expected
