"""Runs that wait for a web hook: the app's action hands over to it, and it finishes the run (connector API 8.2)."""

from __future__ import annotations

import json
import os
import select
import threading
import time
from dataclasses import dataclass, replace
from typing import Any

from soarkit.execute.executor import Executor
from soarkit.execute.interrupts import Interrupts
from soarkit.execute.request import Ending, ExecuteRequest, Listener, Outcome


@dataclass
class _Suspended:
    """A run that waits, under one key.

    :param result: what its process handed over; None as long as that goes on
    :param final: what a web hook made of it
    """

    result: dict[str, Any] | None = None
    final: dict[str, Any] | None = None


class Suspensions:
    """Keeps what runs wait for, and brings them together with the web hooks that finish them.

    A key is what the app chose, such as the id of a message it has sent.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[str, _Suspended] = {}

    def waiting(self, executor: Executor) -> Executor:
        """The executor for an action: it does not end before what it has suspended was finished."""
        return _Waiting(self, executor)

    def finishing(self, executor: Executor) -> Executor:
        """The executor for web hooks, which can finish runs."""
        return _Finishing(self, executor)

    def suspend(self, key: str) -> None:
        """A run waits for a web hook from now on."""
        with self._lock:
            self._runs[key] = _Suspended()

    def related(self, key: object) -> list[object]:
        """The run that waits under a key, as the platform shows it."""
        with self._lock:
            found = self._runs.get(str(key))
            if found is None or found.final is not None:
                return [False, f"no run waits for {key!r}", {}]
            if found.result is None:
                return [False, f"the run that waits for {key!r} is still under way", {}]
            return [True, "", found.result]

    def finish(self, key: object, result: object) -> list[object]:
        """Give the run that waits under a key its result."""
        with self._lock:
            found = self._runs.get(str(key))
            if found is None or found.result is None or found.final is not None:
                return [False, f"no run waits for {key!r}"]
            if not isinstance(result, dict):
                return [False, "the result of a run is a dictionary"]
            # What the web hook does not know of the run stays as it was.
            found.final = {**found.result, **result}
            return [True, ""]

    def settle(self, keys: list[str], result: dict[str, Any]) -> None:
        """The process of a run has ended with this result; web hooks may finish it now."""
        with self._lock:
            for key in keys:
                self._runs[key].result = result

    def take(self, keys: list[str]) -> dict[str, Any] | None:
        """The final result of a run that waits under these keys, once a web hook has given one."""
        with self._lock:
            for key in keys:
                if self._runs[key].final is not None:
                    return self._runs[key].final
        return None

    def forget(self, keys: list[str]) -> None:
        """A run waits no more."""
        with self._lock:
            for key in keys:
                self._runs.pop(key, None)


class _Waiting:
    def __init__(self, suspensions: Suspensions, executor: Executor) -> None:
        self._suspensions, self._executor = suspensions, executor

    def run(self, request: ExecuteRequest, listener: Listener) -> Outcome:
        """See :meth:`Executor.run`."""
        deadline = time.monotonic() + request.timeout
        keys: list[str] = []

        def suspend_run(key: object) -> str:
            keys.append(str(key))
            self._suspensions.suspend(str(key))
            return os.urandom(16).hex()

        try:
            answers = {**request.answers, "suspend_run": suspend_run}
            outcome = self._executor.run(replace(request, answers=answers), listener)
            if not keys or outcome.ending is not Ending.RESULT or outcome.result is None:
                return outcome
            listener.progress("Waiting for a web hook to finish the run", False)
            self._suspensions.settle(keys, json.loads(outcome.result))
            return self._wait(keys, outcome, deadline)
        finally:
            self._suspensions.forget(keys)

    def _wait(self, keys: list[str], outcome: Outcome, deadline: float) -> Outcome:
        with Interrupts() as interrupts:
            while True:
                final = self._suspensions.take(keys)
                if final is not None:
                    return replace(outcome, result=json.dumps(final).encode())
                # Short looks instead of a wake-up: a person has to answer first, so nobody notices.
                if select.select([interrupts.fd], [], [], 0.1)[0]:
                    return replace(outcome, ending=Ending.CANCELLED)
                if time.monotonic() > deadline:
                    return replace(outcome, ending=Ending.TIMEOUT)


class _Finishing:
    def __init__(self, suspensions: Suspensions, executor: Executor) -> None:
        self._suspensions, self._executor = suspensions, executor

    def run(self, request: ExecuteRequest, listener: Listener) -> Outcome:
        """See :meth:`Executor.run`."""
        answers = {
            **request.answers,
            "get_related_connector_run": self._suspensions.related,
            "finish_related_connector_run": self._suspensions.finish,
        }
        return self._executor.run(replace(request, answers=answers), listener)
