"""Watches one app process from its request to its end.

The end of a run is the process's end, never an end of file: a grandchild may hold descriptors open, and an app may
close them early. Whatever dies, exactly one :class:`~soarkit.execute.request.Outcome` results.
"""

from __future__ import annotations

import _socket
import json
import os
import select
import signal
import time
from array import array
from collections.abc import Callable
from typing import Any

from soarkit_app.link import LOST_LINK_STATUS, RESULT, FrameReader, pack_message

from soarkit import collector
from soarkit.execute.answering import Answering
from soarkit.execute.exit_watch import ExitWatch
from soarkit.execute.interrupts import Interrupts
from soarkit.execute.process import AppProcess
from soarkit.execute.request import Ending, ExecuteRequest, Listener, Outcome

#: Seconds a process may take to leave once its result is here (exit handlers, executors that never end).
LEAVE_PATIENCE = 5.0
#: Seconds that an answer under way may still take when the process has ended: nobody waits for it any more, but what
#: it saves is worth having. A database that never answers must not keep the run for ever.
ANSWER_PATIENCE = 60.0
#: Descriptors a single message may carry is 253; locks travel in batches below that.
_BATCH = 200
_CHUNK = 1 << 18
_LARGE = 1 << 20
_LONGEST_WAIT = 3600.0  # seconds; poll takes no number of milliseconds beyond 31 bits


class Supervision:
    """One run of one process."""

    def __init__(self, process: AppProcess, request: ExecuteRequest, listener: Listener) -> None:
        self._process = process
        self._request = request
        self._listener = listener
        self._exit = ExitWatch(process.pid)
        self._answering = Answering(request.answers, request.done)
        self._frames = FrameReader()
        self._outgoing = bytearray()
        self._result: bytes | None = None
        self._failure: dict[str, Any] | None = None
        self._problems: list[str] = []
        self._phase = "start"
        self._stopped: Ending | None = None  # why we ended it, when we did
        self._link_open = True
        self._garbled = False
        self._outputs = {"stdout": process.stdout, "stderr": process.stderr}  # those still open
        self._deadline: float | None = time.monotonic() + request.timeout
        self._stop = request.stop  # None once it was heeded: it stays readable

    def run(self) -> Outcome:
        """Send the request and see the process through to its end; whatever happens, no process is left behind."""
        try:
            with Interrupts() as interrupts:
                self._send_request()
                while not self._step(interrupts):
                    if interrupts.take():
                        self._interrupt()
                return self._conclude(interrupts)
        except BaseException:
            self._kill()
            self._exit.reap()
            self._answering.end()
            self._answering.wait()
            raise
        finally:
            self._exit.close()
            self._process.close()

    def _send_request(self) -> None:
        held = list(self._request.held)
        # The descriptors' numbers in this process mean nothing over there: they travel as ancillary data.
        try:
            for start in range(0, len(held), _BATCH):
                packed = array("i", held[start : start + _BATCH])
                self._process.link.sendmsg(
                    [pack_message({"t": "locks"})], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, packed)]
                )
        except OSError:  # it died before it could read; the loop finds out how
            pass
        self._outgoing += pack_message({"t": "run", **self._request.message})

    def _step(self, interrupts: Interrupts) -> bool:
        """Wait for something to happen and deal with it; True when the process has ended."""
        poll = select.poll()
        poll.register(interrupts.fd, select.POLLIN)
        if self._stop is not None:
            poll.register(self._stop, select.POLLIN)
        if self._exit.fd is not None:
            poll.register(self._exit.fd, select.POLLIN)
        if self._link_open:
            poll.register(self._process.link, select.POLLIN | (select.POLLOUT if self._outgoing else 0))
        for descriptor in self._outputs.values():
            poll.register(descriptor, select.POLLIN)
        if self._answering.fd is not None:
            poll.register(self._answering.fd, select.POLLIN)
        ready = dict(poll.poll(self._patience()))
        if self._answering.fd in ready:
            self._outgoing += self._answering.replies()
        link = self._process.link.fileno()
        if link in ready:
            self._use_link(ready[link])
        for name, descriptor in list(self._outputs.items()):
            if descriptor in ready and not self._read_output(name, descriptor):
                del self._outputs[name]
        if self._exit.fd in ready or (self._exit.fd is None and self._exit.has_ended()):
            return True
        if self._stop in ready:
            self._stop = None
            self._interrupt()
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._out_of_time()
        return False

    def _patience(self) -> float | None:
        """Milliseconds to wait at most."""
        limits = [] if self._deadline is None else [max(0.0, self._deadline - time.monotonic())]
        if self._exit.fd is None:
            limits.append(0.02)
        return min(*limits, _LONGEST_WAIT) * 1000 if limits else None

    def _use_link(self, events: int) -> None:
        if events & select.POLLOUT:
            try:
                del self._outgoing[: self._process.link.send(self._outgoing)]
            except BlockingIOError:
                pass
            except OSError:  # nobody reads any more
                self._outgoing.clear()
        if events & ~select.POLLOUT:
            self._link_open = self._read_link()

    def _read_link(self) -> bool:
        """Take what has arrived; False at the link's end."""
        try:
            data = self._process.link.recv(_CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        for kind, payload in self._frames.feed(data):
            if kind == RESULT:
                self._result = payload
                self._limit(LEAVE_PATIENCE)
            elif not self._take(payload):
                return False
        return bool(data)

    def _take(self, payload: bytes) -> bool:
        """Deal with a message; False when it is none: somebody else has written to the link, so it is of no use."""
        try:
            message = _parsed(payload)
            self._take_message(message["t"], message)
        except (ValueError, LookupError, TypeError, RecursionError):
            self._garbled = True
            self._kill()
            return False
        return True

    def _take_message(self, kind: str, message: dict[str, Any]) -> None:
        if kind == "progress":
            self._listener.progress(message["text"], message["transient"])
        elif kind == "log":
            self._listener.log(message["level"], message["text"])
        elif kind == "phase":
            self._phase = message["phase"]
        elif kind == "problems":
            self._problems = message["problems"]
        elif kind == "failure":
            self._failure = message
            self._limit(LEAVE_PATIENCE)
        elif kind == "call":
            self._answering.ask(message)

    def _read_output(self, name: str, descriptor: int) -> bool:
        """Pass on what has been printed; False at the stream's end."""
        try:
            data = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return True
        if data:
            self._listener.output(name, data)
        return bool(data)

    def _limit(self, seconds: float) -> None:
        """From now on the process has this long, if it had longer."""
        limit = time.monotonic() + seconds
        self._deadline = limit if self._deadline is None else min(self._deadline, limit)

    @property
    def _over(self) -> bool:
        """Whether the run has come to something, so that only its process is left."""
        return self._result is not None or self._failure is not None

    def _out_of_time(self) -> None:
        if self._over or self._stopped is not None:
            self._kill()
            self._deadline = None
        else:
            self._terminate(Ending.TIMEOUT)

    def _interrupt(self) -> None:
        """Somebody wants it to end: ask the app to stop; the second time, do not ask. A result that is here counts."""
        if self._over or self._stopped is not None:
            self._kill()
            self._deadline = None
        else:
            self._terminate(Ending.CANCELLED)

    def _terminate(self, reason: Ending) -> None:
        self._stopped = reason
        _signal(os.kill, self._process.pid, signal.SIGTERM)
        self._deadline = time.monotonic() + self._request.patience

    def _kill(self) -> None:
        _signal(os.killpg, self._process.pid, signal.SIGKILL)
        if self._stopped is not None:
            for pid in self._process.marked_processes():
                _signal(os.kill, pid, signal.SIGKILL)

    def _conclude(self, interrupts: Interrupts) -> Outcome:
        """The process has ended: take what it left, end what it left behind, and say how it went."""
        self._answering.end()
        # Bounded: what it left behind may go on writing for ever.
        until = time.monotonic() + LEAVE_PATIENCE
        while self._link_open and time.monotonic() < until and _is_readable(self._process.link.fileno()):
            self._link_open = self._read_link()
        for name, descriptor in self._outputs.items():
            while time.monotonic() < until and _is_readable(descriptor) and self._read_output(name, descriptor):
                pass
        # Not reaped yet where there is a pidfd, so its process group's number cannot be anyone else's. Children that
        # the app detached on purpose (setsid) are outside the group and survive a run that was not stopped.
        self._kill()
        status = self._exit.reap()
        elapsed = time.monotonic() - self._process.started
        self._finish_answers(interrupts)
        return Outcome(
            ending=self._ending(status),
            result=self._result,
            failure=self._failure,
            status=status,
            phase=self._phase,
            problems=tuple(self._problems),
            elapsed=elapsed,
        )

    def _finish_answers(self, interrupts: Interrupts) -> None:
        """Let the answer under way come to its end, unless it takes too long, or somebody is tired of waiting."""
        if self._answering.fd is None:
            return
        poll = select.poll()
        poll.register(interrupts.fd, select.POLLIN)
        poll.register(self._answering.fd, select.POLLIN)
        until = time.monotonic() + ANSWER_PATIENCE
        while not interrupts.take():
            left = until - time.monotonic()
            if left <= 0:
                self._listener.log("error", f"no answer after {ANSWER_PATIENCE:.0f} s: what was asked last is not done")
                return
            events = dict(poll.poll(left * 1000)).get(self._answering.fd, 0)
            if events & select.POLLHUP:
                self._answering.wait()
                return
            if events:
                self._answering.replies()  # to nobody

    def _ending(self, status: int) -> Ending:
        if self._stopped is not None:
            return self._stopped
        if self._garbled:
            return Ending.LINK_LOST
        if self._result is not None:
            return Ending.RESULT
        if self._failure is not None:
            return Ending.FAILURE
        return Ending.LINK_LOST if status == LOST_LINK_STATUS else Ending.CRASH


def _parsed(payload: bytes) -> Any:
    if len(payload) < _LARGE:
        return json.loads(payload)
    with collector.paused():
        return json.loads(payload)


def _is_readable(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def _signal(send: Callable[[int, int], None], target: int, number: int) -> None:
    try:
        send(target, number)
    except (ProcessLookupError, PermissionError):
        pass
