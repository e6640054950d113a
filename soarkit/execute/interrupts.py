"""Ctrl-C and requests to end: as an exception where nothing is lost by it, else as something one can wait for."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Any


class StopHandler:
    """A program's handler for the signals that ask it to end: each becomes a :class:`KeyboardInterrupt`.

    So Ctrl-C, ``timeout``, a service manager and a closed terminal all end a run the same orderly way.

    :ivar number: the last signal that came; None so far
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.number: int | None = None

    def install(self) -> None:
        """Handle the signals from now on, those left to be ignored (``nohup``) excepted. Main thread only."""
        for number in self.SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self)

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.number = number
        raise KeyboardInterrupt


class Interrupts:
    """While active, signals that ask this process to end make :attr:`fd` readable instead.

    A :class:`KeyboardInterrupt` between reading a frame and keeping it would lose the frame. Signals that the program
    handles in a way of its own are left to it, and so are all of them outside the main thread, where Python delivers
    none. One that would have ended the process at once (SIGTERM without any handler) is delivered at the end.
    """

    def __init__(self) -> None:
        self.fd, self._write = os.pipe()
        os.set_blocking(self.fd, False)
        os.set_blocking(self._write, False)
        self._previous: dict[int, Any] = {}
        self._held_back: int | None = None

    def __enter__(self) -> Interrupts:
        for number in StopHandler.SIGNALS:
            handler = signal.getsignal(number)
            if handler in (signal.SIG_DFL, signal.default_int_handler) or isinstance(handler, StopHandler):
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
        if self._held_back is not None:
            os.kill(os.getpid(), self._held_back)

    def take(self) -> bool:
        """Whether one arrived since the last call."""
        try:
            return bool(os.read(self.fd, 64))
        except BlockingIOError:
            return False

    def _note(self, number: int, frame: FrameType | None) -> None:
        handler = self._previous.get(number)  # not there yet in the moment between
        if isinstance(handler, StopHandler):
            handler.number = number
        elif handler == signal.SIG_DFL:
            self._held_back = number
        try:
            os.write(self._write, b"!")
        except BlockingIOError:  # full of earlier ones
            pass
