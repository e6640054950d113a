"""Runs requests: the real executor, and a public fake for tests of what stands above it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from soarkit.errors import SurroundingsError
from soarkit.execute.process import AppProcess
from soarkit.execute.request import ExecuteRequest, Listener, Outcome
from soarkit.execute.supervision import Supervision


class Executor(Protocol):
    """The one seam between deciding what to run and running it."""

    def run(self, request: ExecuteRequest, listener: Listener) -> Outcome:
        """Run it to its end.

        :raises SurroundingsError: the interpreter cannot be started
        """
        ...


class ProcessExecutor:
    """Runs each request in a process of its own.

    :param started: a process started ahead of time; used when it was started for what is asked for
    """

    def __init__(self, started: AppProcess | None = None) -> None:
        self._started = started

    def run(self, request: ExecuteRequest, listener: Listener) -> Outcome:
        """See :meth:`Executor.run`."""
        started, self._started = self._started, None
        if started is not None and not _fits(started, request):
            started.discard()
            started = None
        try:
            process = started or AppProcess(request.python)
        except OSError as error:
            raise SurroundingsError(
                f"the app's process cannot be started: {error.strerror or error}", where=request.python
            ) from error
        return Supervision(process, request, listener).run()


def _fits(started: AppProcess, request: ExecuteRequest) -> bool:
    """Whether a process started ahead has the right interpreter, and has imported nothing for another app's sake."""
    prepared = started.prepared_for
    return started.python == request.python and prepared in (None, request.message["app_dir"])


class StoppableExecutor:
    """Runs requests by another executor until it is told to stop: for runs in threads, which get no signals.

    :param executor: may be used by several threads at once, as this one then may
    """

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._stopped, self._stop = os.pipe()

    def run(self, request: ExecuteRequest, listener: Listener) -> Outcome:
        """See :meth:`Executor.run`. Once stopped, what is begun is cancelled at once."""
        return self._executor.run(replace(request, stop=self._stopped), listener)

    def stop(self) -> None:
        """Cancel what is under way, and what may still begin."""
        os.write(self._stop, b"!")

    def close(self) -> None:
        """Close the descriptors, when nothing is under way any more."""
        os.close(self._stopped)
        os.close(self._stop)


class FakeExecutor:
    """Answers requests by a function, without any process; remembers them in ``requests``."""

    def __init__(self, handler: Callable[[ExecuteRequest, Listener], Outcome]) -> None:
        self._handler = handler
        self.requests: list[ExecuteRequest] = []

    def run(self, request: ExecuteRequest, listener: Listener) -> Outcome:
        """See :meth:`Executor.run`."""
        self.requests.append(request)
        return self._handler(request, listener)
