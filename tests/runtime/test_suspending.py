"""Runs that hand over to a web hook, which finishes them."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

from soarkit.execute.executor import FakeExecutor
from soarkit.execute.request import Ending, ExecuteRequest, Listener, Outcome
from soarkit.runtime.suspending import Suspensions

RESULT = {"identifier": "ask", "status": "success", "result_data": [{"parameter": {"a": 1}}], "message": "asked"}


def outcome(ending: Ending = Ending.RESULT) -> Outcome:
    raw = json.dumps(RESULT).encode() if ending is Ending.RESULT else None
    return Outcome(ending=ending, result=raw, failure=None, status=0, phase="end", problems=(), elapsed=1.0)


def request(timeout: float = 20.0, **answers: Any) -> ExecuteRequest:
    return ExecuteRequest(python="python", message={}, timeout=timeout, answers=answers)


def suspending(key: object, ending: Ending = Ending.RESULT) -> FakeExecutor:
    def run(asked: ExecuteRequest, listener: Listener) -> Outcome:
        assert asked.answers["suspend_run"](key=key)
        return outcome(ending)

    return FakeExecutor(run)


def ask(suspensions: Suspensions, name: str, **arguments: Any) -> Any:
    answers: list[Any] = []

    def run(asked: ExecuteRequest, listener: Listener) -> Outcome:
        answers.append(asked.answers[name](**arguments))
        return outcome()

    suspensions.finishing(FakeExecutor(run)).run(request(), Listener())
    return answers[0]


def test_a_web_hook_finishes_a_run() -> None:
    suspensions = Suspensions()
    ended: list[Outcome] = []
    runner = threading.Thread(
        target=lambda: ended.append(suspensions.waiting(suspending(4711)).run(request(), Listener()))
    )
    runner.start()
    deadline = time.monotonic() + 10
    while not (found := ask(suspensions, "get_related_connector_run", key="4711"))[0]:
        assert time.monotonic() < deadline
    assert found[2]["result_data"] == [{"parameter": {"a": 1}}]
    assert ask(suspensions, "finish_related_connector_run", key=4711, result="none")[0] is False
    assert ask(suspensions, "finish_related_connector_run", key=4711, result={"message": "answered"}) == [True, ""]
    # Once only.
    assert ask(suspensions, "finish_related_connector_run", key=4711, result={"message": "again"})[0] is False
    runner.join(10)
    assert ended[0].result is not None
    assert json.loads(ended[0].result) == {**RESULT, "message": "answered"}
    assert ask(suspensions, "get_related_connector_run", key=4711) == [False, "no run waits for 4711", {}]


def test_nobody_answers_in_time() -> None:
    ended = Suspensions().waiting(suspending("x")).run(request(timeout=0.2), Listener())
    assert ended.ending is Ending.TIMEOUT
    assert ended.result is not None


def test_runs_that_suspend_nothing_or_break_do_not_wait() -> None:
    suspensions = Suspensions()
    assert suspensions.waiting(FakeExecutor(lambda *_: outcome())).run(request(), Listener()).ending is Ending.RESULT
    assert suspensions.waiting(suspending("x", Ending.CRASH)).run(request(), Listener()).ending is Ending.CRASH
    assert ask(suspensions, "get_related_connector_run", key="x")[0] is False
