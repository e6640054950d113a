"""Learns that a child process has ended, on systems with and without a descriptor for that."""

from __future__ import annotations

import os


class ExitWatch:
    """Watches one child.

    :ivar fd: becomes readable when the child ends (a pidfd); None where the system has no such thing: then
        :meth:`has_ended` has to be asked from time to time
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._status: int | None = None
        try:
            self.fd: int | None = os.pidfd_open(pid)
        except (AttributeError, OSError):
            self.fd = None

    def has_ended(self) -> bool:
        """Whether it has ended. It may be reaped by this."""
        if self._status is None:
            self._wait(os.WNOHANG)
        return self._status is not None

    def reap(self) -> int:
        """Wait for its end. :returns: its exit status; negative: the signal that ended it"""
        if self._status is None:
            self._wait(0)
        return os.waitstatus_to_exitcode(self._status or 0)

    def close(self) -> None:
        """Close the descriptor."""
        if self.fd is not None:
            os.close(self.fd)

    def _wait(self, options: int) -> None:
        try:
            pid, status = os.waitpid(self._pid, options)
        except ChildProcessError:
            # The program around us lets the system reap its children; the child is gone, its status is not known.
            pid, status = self._pid, 0
        if pid == self._pid:
            self._status = status
