"""Watches one app process from its request to its end.

The end of a run is the process's end (pidfd, else waitpid), never an end of file: a grandchild may hold descriptors
open, and an app may close them early. Whatever dies, exactly one :class:`~soarkit.execute.request.Outcome` results.
"""

from __future__ import annotations

import _socket
import errno
import json
import os
import select
import signal
import time
from array import array
from typing import Any

from soarkit_app.link import LOST_LINK_STATUS, RESULT, FrameReader, pack_message

from soarkit.execute.interrupts import Interrupts
from soarkit.execute.process import AppProcess
from soarkit.execute.request import Ending, ExecuteRequest, Listener, Outcome

#: Seconds between the polite request to stop (SIGTERM) and the end (SIGKILL).
TERM_PATIENCE = 5.0
#: Seconds a process may take to leave once its result is here (exit handlers, executors that never end).
LEAVE_PATIENCE = 5.0
#: Descriptors a single message may carry is 253; locks travel in batches below that.
_BATCH = 200
_CHUNK = 1 << 18


class Supervision:
    """One run of one process."""

    def __init__(self, process: AppProcess, request: ExecuteRequest, listener: Listener) -> None:
        self._process = process
        self._request = request
        self._listener = listener
        self._frames = FrameReader()
        self._outgoing = bytearray()
        self._result: bytes | None = None
        self._failure: dict[str, Any] | None = None
        self._problems: list[str] = []
        self._phase = "start"
        self._stopped: Ending | None = None  # why we ended it, when we did
        self._link_open = True
        self._deadline: float | None = time.monotonic() + request.timeout
        self._terminated = False

    def run(self) -> Outcome:
        """Send the request and see the process through to its end."""
        exit_fd = _pidfd(self._process.pid)
        try:
            with Interrupts() as interrupts:
                self._send_request()
                poll = select.poll()
                for descriptor in (
                    *(self._process.link.fileno(), self._process.stdout, self._process.stderr),
                    *(interrupts.fd, exit_fd),
                ):
                    if descriptor is not None:
                        poll.register(descriptor, select.POLLIN)
                while not self._step(poll, exit_fd):
                    if interrupts.take():
                        self._interrupt()
                return self._conclude()
        except BaseException:
            # Whatever went wrong on our side, no process is left behind.
            self._kill()
            os.waitpid(self._process.pid, 0)
            raise
        finally:
            if exit_fd is not None:
                os.close(exit_fd)
            self._process.close()

    def _send_request(self) -> None:
        held = list(self._request.held)
        # The descriptors' numbers in this process mean nothing over there: they travel as ancillary data.
        self._process.link.setblocking(True)
        try:
            for start in range(0, len(held), _BATCH):
                packed = array("i", held[start : start + _BATCH])
                self._process.link.sendmsg(
                    [pack_message({"t": "locks"})], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, packed)]
                )
            self._process.link.sendall(pack_message({"t": "run", **self._request.message}))
        except OSError:  # it died before it could read; the loop finds out how
            pass
        finally:
            self._process.link.setblocking(False)

    def _step(self, poll: select.poll, exit_fd: int | None) -> bool:
        """Wait for something to happen and deal with it; True when the process has ended."""
        events = poll.poll(self._patience(exit_fd))
        ready = {descriptor for descriptor, _ in events}
        if self._link_open and self._process.link.fileno() in ready and not self._read_link():
            self._link_open = False
            poll.unregister(self._process.link.fileno())
        for name, descriptor in (("stdout", self._process.stdout), ("stderr", self._process.stderr)):
            if descriptor in ready and not self._read_output(name, descriptor):
                poll.unregister(descriptor)
        if exit_fd in ready or (exit_fd is None and _has_ended(self._process.pid)):
            return True
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._out_of_time()
        return False

    def _patience(self, exit_fd: int | None) -> float | None:
        """Milliseconds to wait at most."""
        limits = [] if self._deadline is None else [max(0.0, self._deadline - time.monotonic())]
        if exit_fd is None:
            limits.append(0.02)
        return min(limits) * 1000 if limits else None

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
            else:
                self._take(json.loads(payload))
        return bool(data)

    def _take(self, message: dict[str, Any]) -> None:
        kind = message["t"]
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
            self._answer(message["name"], message["arguments"])

    def _answer(self, name: str, arguments: dict[str, Any]) -> None:
        function = self._request.answers.get(name)
        if function is None:
            reply: dict[str, Any] = {"unknown": True}
        else:
            try:
                reply = {"value": function(**arguments)}
            except (ValueError, TypeError, OSError) as error:
                reply = {"error": str(error)}
        # The app waits for exactly this, so it is reading: blocking here cannot dead-lock.
        self._process.link.setblocking(True)
        try:
            self._process.link.sendall(pack_message({"t": "reply", **reply}))
        except OSError:
            pass
        finally:
            self._process.link.setblocking(False)

    def _read_output(self, name: str, descriptor: int) -> bool:
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

    def _out_of_time(self) -> None:
        if self._terminated:
            self._kill()
            self._deadline = None
        elif self._result is not None or self._failure is not None:
            # The run is over, only its process is not: nothing to be polite about.
            self._kill()
            self._deadline = None
        else:
            self._stopped = Ending.TIMEOUT
            self._terminate()

    def _interrupt(self) -> None:
        """Ctrl-C: ask the app to stop; at the second one, do not ask."""
        if self._stopped is Ending.CANCELLED:
            self._kill()
            self._deadline = None
        else:
            self._stopped = Ending.CANCELLED
            self._terminate()

    def _terminate(self) -> None:
        self._terminated = True
        _signal(os.kill, self._process.pid, signal.SIGTERM)
        self._deadline = time.monotonic() + TERM_PATIENCE

    def _kill(self) -> None:
        _signal(os.killpg, self._process.pid, signal.SIGKILL)
        if self._stopped is not None:
            for pid in self._process.marked_processes():
                _signal(os.kill, pid, signal.SIGKILL)

    def _conclude(self) -> Outcome:
        """The process has ended: drain what it left, end what it left behind, and say how it went."""
        while self._link_open and self._drain_link():
            pass
        for name, descriptor in (("stdout", self._process.stdout), ("stderr", self._process.stderr)):
            self._drain_output(name, descriptor)
        # Not reaped yet, so its process group's number cannot be anyone else's. Children that the app detached on
        # purpose (setsid) are outside the group and survive a run that was not stopped.
        self._kill()
        _, wait_status = os.waitpid(self._process.pid, 0)
        status = os.waitstatus_to_exitcode(wait_status)
        return Outcome(
            ending=self._ending(status),
            result=self._result,
            failure=self._failure,
            status=status,
            phase=self._phase,
            problems=tuple(self._problems),
            elapsed=time.monotonic() - self._process.started,
        )

    def _drain_link(self) -> bool:
        readable, _, _ = select.select([self._process.link], [], [], 0)
        return bool(readable) and self._read_link()

    def _drain_output(self, name: str, descriptor: int) -> None:
        # Bounded: a surviving grandchild may go on printing for ever.
        for _ in range(64):
            try:
                if not self._read_output(name, descriptor):
                    return
                if not select.select([descriptor], [], [], 0)[0]:
                    return
            except OSError as error:
                if error.errno != errno.EINTR:
                    return

    def _ending(self, status: int) -> Ending:
        if self._stopped is not None:
            return self._stopped
        if self._result is not None:
            return Ending.RESULT
        if self._failure is not None:
            return Ending.FAILURE
        return Ending.LINK_LOST if status == LOST_LINK_STATUS else Ending.CRASH


def _pidfd(pid: int) -> int | None:
    """A descriptor that becomes readable when the process ends, where the system has such a thing."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _signal(send: Any, target: int, number: int) -> None:
    try:
        send(target, number)
    except (ProcessLookupError, PermissionError):
        pass
