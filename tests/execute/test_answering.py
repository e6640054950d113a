"""What the app asks is answered beside the watching."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS
from soarkit_app.link import FrameReader

from soarkit.errors import AppTimeout, Cancelled, SurroundingsError
from soarkit.execute import supervision
from soarkit.execute.answering import Answering
from soarkit.host import Host
from soarkit.manifest.loader import load
from soarkit.runtime.run import Observer, PreparedRun, RunRequest

Answers = Mapping[str, Callable[..., object]]


def replies(answering: Answering, count: int) -> list[dict[str, Any]]:
    frames: list[Any] = []
    reader = FrameReader()
    while len(frames) < count:
        frames += reader.feed(answering.replies())
    return [json.loads(payload) for _, payload in frames]


def test_one_after_another_in_one_thread() -> None:
    threads = set()

    def double(number: int) -> int:
        threads.add(threading.get_ident())
        time.sleep(0.001)
        return 2 * number

    done = threading.Event()
    answering = Answering({"double": double}, lambda: (threads.add(threading.get_ident()), done.set())[1])
    assert answering.fd is None
    for number in range(50):
        answering.ask({"t": "call", "id": number, "name": "double", "arguments": {"number": number}})
    found = replies(answering, 50)
    assert [(one["id"], one["value"]) for one in found] == [(number, 2 * number) for number in range(50)]
    answering.end()
    answering.wait()
    assert done.is_set() and len(threads) == 1 and threading.get_ident() not in threads
    assert answering.fd is None


def test_without_questions_there_is_no_thread() -> None:
    answering = Answering({}, lambda: pytest.fail("nothing was asked"))
    answering.end()
    answering.wait()
    assert answering.fd is None


def test_whatever_goes_wrong_the_app_gets_a_reply() -> None:
    def fail(kind: str) -> object:
        if kind == "surroundings":
            raise SurroundingsError("no room", hint="make some")
        if kind == "value":
            raise ValueError("not this")
        if kind == "bug":
            raise KeyError("name")
        return object()  # no JSON

    answering = Answering({"fail": fail}, lambda: None)
    for kind in ("surroundings", "value", "bug", "object"):
        answering.ask({"id": 1, "name": "fail", "arguments": {"kind": kind}})
    answering.ask({"id": 1, "name": "fail", "arguments": {"no": "such argument"}})
    answering.ask({"id": 1, "name": "nothing", "arguments": {}})
    *errors, unknown = replies(answering, 6)
    texts = [one["error"] for one in errors]
    assert texts[:3] == ["no room (make some)", "not this", "internal error: KeyError: 'name'"]
    assert "JSON" in texts[3] and "unexpected keyword" in texts[4]
    assert unknown["unknown"] is True
    answering.end()
    answering.wait()


@pytest.mark.parametrize("message", [{}, {"id": 1, "name": "x"}, {"id": "x", "name": "x", "arguments": {}}])
def test_messages_that_are_no_call(message: dict[str, Any]) -> None:
    with pytest.raises((LookupError, ValueError)):
        Answering({}, lambda: None).ask(message)


def test_calls_that_have_not_begun_are_dropped_at_the_end() -> None:
    begun, go_on = threading.Event(), threading.Event()
    answered = []

    def slow(number: int) -> None:
        begun.set()
        go_on.wait(10)
        answered.append(number)

    answering = Answering({"slow": slow}, lambda: answered.append("done"))
    for number in range(3):
        answering.ask({"id": number, "name": "slow", "arguments": {"number": number}})
    begun.wait(10)
    answering.end()
    answering.ask({"id": 9, "name": "slow", "arguments": {"number": 9}})
    go_on.set()
    answering.wait()
    assert answered == [0, "done"]


class _Platform:
    base_url = "https://localhost:9999/"
    variables: Mapping[str, str] = {}

    def __init__(self, answers: Answers, events: list[Any]) -> None:
        self.answers, self._events = answers, events

    def done(self) -> None:
        self._events.append("done")


class _Host(Host):
    """A host with answers of the test."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(python=sys.executable)
        self.given, self.events = answers, list[Any]()

    @contextmanager
    def platform(self, context: object) -> Any:
        yield _Platform(self.given, self.events)
        self.events.append("left")


class _Watching(Observer):
    def __init__(self) -> None:
        self.heard: list[tuple[float, str]] = []
        self.logged: list[tuple[str, str]] = []

    def log(self, level: str, text: str) -> None:
        self.logged.append((level, text))

    def progress(self, text: str, transient: bool) -> None:
        self.heard.append((time.monotonic(), text))


def execute(host: _Host, app: str, action: str, observer: Observer, **parameters: Any) -> Any:
    timeout = parameters.pop("timeout", 60.0)
    request = RunRequest(load(str(APPS / app / "app.json")), action, (parameters,), timeout=timeout, kept=False)
    return PreparedRun(request).execute(host, host.executor, observer)


def test_the_app_is_watched_while_it_waits_for_an_answer() -> None:
    ended: list[float] = []

    def slow(**_: Any) -> list[Any]:
        time.sleep(1.0)
        ended.append(time.monotonic())
        return [True, "saved", 5]

    watching = _Watching()
    host = _Host({"save_container": slow})
    result = execute(host, "talks_while_it_waits", "wait", watching)
    assert result.data[0]["answer"] == [True, "saved", 5]
    assert result.data[0]["printed"] == 1 << 20  # more than a pipe holds: somebody has read it meanwhile
    first = next(when for when, text in watching.heard if text == "still here")
    assert first < ended[0]
    assert host.events == ["done", "left"]


@pytest.mark.parametrize("how", ["time-out", "interrupt"])
def test_an_answer_under_way_is_finished_before_the_run_ends(how: str) -> None:
    finished, began = [], threading.Event()

    def slow(**_: Any) -> list[Any]:
        began.set()
        time.sleep(3.0)
        finished.append(True)
        return [True, "saved", 5]

    host = _Host({"save_container": slow})
    if how == "interrupt":
        threading.Thread(target=lambda: (began.wait(30), os.kill(os.getpid(), signal.SIGINT)), daemon=True).start()
    with pytest.raises(AppTimeout if how == "time-out" else Cancelled):
        execute(host, "asks_for_a_store", "do it", Observer(), timeout=2.0 if how == "time-out" else 60.0)
    assert finished == [True]
    assert host.events == ["done", "left"]


def test_who_is_tired_of_waiting_for_an_answer_can_leave(tmp_path: Path) -> None:
    began, released = threading.Event(), threading.Event()

    def endless(**_: Any) -> list[Any]:
        began.set()
        released.wait(60)
        return [True, "saved", 5]

    def interrupt() -> None:
        began.wait(30)
        for _ in range(4):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.7)
            if left.is_set():
                return

    left = threading.Event()
    thread = threading.Thread(target=interrupt)
    thread.start()
    start = time.monotonic()
    try:
        with pytest.raises(Cancelled):
            execute(_Host({"save_container": endless}), "asks_for_a_store", "do it", Observer())
    finally:
        left.set()
        thread.join()
        released.set()
    assert time.monotonic() - start < 20


def test_an_answer_that_never_comes_does_not_keep_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "ANSWER_PATIENCE", 0.5)
    released = threading.Event()
    watching = _Watching()
    start = time.monotonic()
    try:
        with pytest.raises(AppTimeout):
            execute(
                _Host({"save_container": lambda **_: released.wait(60)}),
                "asks_for_a_store",
                "do it",
                watching,
                timeout=2.0,
            )
    finally:
        released.set()
    assert time.monotonic() - start < 20
    assert any("no answer after" in text for _, text in watching.logged)
