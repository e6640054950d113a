"""Ctrl-C and termination as something one can wait for, instead of an exception at any line."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Any


class Interrupts:
    """While active, SIGINT and SIGTERM make :attr:`fd` readable instead of raising or ending this process.

    A :class:`KeyboardInterrupt` between reading a frame and keeping it would lose the frame. Signals that the program
    handles in a way of its own are left to it, and so are all of them outside the main thread, where Python delivers
    none. A SIGTERM that was held back is delivered at the end.
    """

    def __init__(self) -> None:
        self.fd, self._write = os.pipe()
        os.set_blocking(self.fd, False)
        os.set_blocking(self._write, False)
        self._previous: dict[int, Any] = {}
        self._terminate = False

    def __enter__(self) -> Interrupts:
        for number, standard in ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL)):
            if signal.getsignal(number) == standard:
                try:
                    self._previous[number] = signal.signal(number, self._note)
                except ValueError:  # not the main thread
                    return self
        return self

    def __exit__(self, *exception: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        os.close(self.fd)
        os.close(self._write)
        if self._terminate:
            os.kill(os.getpid(), signal.SIGTERM)

    def take(self) -> bool:
        """Whether one arrived since the last call."""
        try:
            return bool(os.read(self.fd, 64))
        except BlockingIOError:
            return False

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._terminate = self._terminate or number == signal.SIGTERM
        try:
            os.write(self._write, b"!")
        except BlockingIOError:  # full of earlier ones
            pass
