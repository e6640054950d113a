"""Run a command of the machine (an installer, an interpreter) to its end: output to a log, nothing left behind."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from soarkit.execute.interrupts import Interrupts

#: How much of the end of the output an outcome keeps, in bytes: enough for the paragraph in which installers say why.
TAIL_BYTES = 16 * 1024
#: How long a command may take to end by itself after SIGTERM, in seconds.
GRACE = 2.0

_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s]+@")


@dataclass(frozen=True)
class CommandOutcome:
    """How a command ended.

    :ivar returncode: its exit status; minus the number of the signal that ended it; 127 when it could not be started
    :ivar tail: the end of what it wrote (stdout and stderr as they came), free of control characters and of the
        credentials of addresses
    :ivar timed_out: it was stopped because it took longer than it was given
    :ivar seconds: how long it ran
    """

    returncode: int
    tail: str
    timed_out: bool
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether it ended by itself with status 0."""
        return self.returncode == 0 and not self.timed_out


def run_command(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    log_path: str,
    timeout: float,
    cwd: str | None = None,
    pass_fds: Sequence[int] = (),
) -> CommandOutcome:
    """Run a command to its end, without a terminal, its output appended to ``log_path``.

    It gets a process group of its own, which is ended as a whole on time-out and when this process is interrupted
    (KeyboardInterrupt or any other exception), so that nothing goes on writing behind the caller's back.

    :param env: its whole environment
    :param timeout: seconds it may take
    :param pass_fds: descriptors it inherits: a lock that must outlive this process, should that be killed
    :raises OSError: when the log cannot be written
    """
    started = time.monotonic()
    log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        offset = os.fstat(log).st_size
        timed_out = False
        child = None
        try:
            with Interrupts() as interrupts:  # one that came in the middle of the start would lose the child
                child = subprocess.Popen(
                    list(argv),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=dict(env),
                    cwd=cwd,
                    pass_fds=tuple(pass_fds),
                    start_new_session=True,
                )
                interrupted = interrupts.take()
            if interrupted:
                raise KeyboardInterrupt  # noqa: TRY301 - the handlers below are for it
            returncode = child.wait(timeout)
        except OSError as error:
            os.write(log, f"{argv[0]}: {error.strerror}\n".encode())
            returncode = 127
        except BaseException as reason:
            if child is None:
                raise
            returncode = _end(child)
            if not isinstance(reason, subprocess.TimeoutExpired):
                raise
            timed_out = True
    finally:
        os.close(log)
    return CommandOutcome(returncode, _tail(log_path, offset), timed_out, time.monotonic() - started)


def _end(child: subprocess.Popen[bytes]) -> int:
    """End the child's process group and reap the child."""
    for number in (
        signal.SIGTERM,
        signal.SIGKILL,
    ):  # the second for what the child had started and the first left alive
        try:
            os.killpg(child.pid, number)
        except (ProcessLookupError, PermissionError):  # the group is gone, or (macOS) holds only zombies
            break
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GRACE)
    return child.wait()


def _tail(log_path: str, offset: int) -> str:
    """The end of what was written to the log since ``offset``, as text for people."""
    with open(log_path, "rb") as log:
        log.seek(max(offset, os.fstat(log.fileno()).st_size - TAIL_BYTES))
        text = log.read().decode("utf-8", "replace")
    text = _TERMINAL_CODES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CREDENTIALS.sub("****@", _CONTROL.sub("", text))
