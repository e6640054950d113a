"""Answers what an app asks its host, beside the watching: an answer may take long, and the app goes on printing."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from soarkit_app.link import pack_message

from soarkit.errors import SoarkitError

if TYPE_CHECKING:
    import threading
    from queue import SimpleQueue


class Answering:
    """Calls, answered one after another in one thread, which starts with the first of them.

    :param answers: the functions by name
    :param done: called in the thread at the end
    :ivar fd: readable when :meth:`replies` has something new, or the thread has ended; None before the first call
    """

    def __init__(self, answers: Mapping[str, Callable[..., object]], done: Callable[[], None]) -> None:
        self._answers, self._done = answers, done
        self._replies: deque[bytes] = deque()
        self._ending = False
        self._thread: threading.Thread | None = None
        self.fd: int | None = None

    def ask(self, message: dict[str, Any]) -> None:
        """Have a ``call`` message answered.

        :raises LookupError: it is no such message, as :exc:`TypeError` and :exc:`ValueError` are
        """
        call = int(message["id"]), str(message["name"]), dict(message["arguments"])
        if self._ending:
            return
        if self._thread is None:
            self._start()
        self._calls.put(call)

    def replies(self) -> bytes:
        """The replies that have come in since the last call, as frames."""
        if self.fd is not None:
            os.read(self.fd, 4096)
        return b"".join(self._replies.popleft() for _ in range(len(self._replies)))

    def end(self) -> None:
        """The app is gone: the answer under way is finished, the calls behind it are dropped."""
        self._ending = True
        if self._thread is not None:
            self._calls.put(None)

    def wait(self) -> None:
        """Wait until the thread has ended, after :meth:`end`."""
        if self._thread is not None and self.fd is not None:
            self._thread.join()
            os.close(self.fd)
            self.fd = None

    def _start(self) -> None:
        # Here and not above: most runs ask nothing.
        import threading
        from queue import SimpleQueue

        self._calls: SimpleQueue[tuple[int, str, dict[str, Any]] | None] = SimpleQueue()
        self.fd, wake = os.pipe()
        # A daemon: who gives up waiting for an answer that never comes wants to leave.
        self._thread = threading.Thread(target=self._work, args=(wake,), name="soarkit answers", daemon=True)
        self._thread.start()

    def _work(self, wake: int) -> None:
        try:
            while (call := self._calls.get()) is not None and not self._ending:
                self._replies.append(self._reply(*call))
                os.write(wake, b"!")
        finally:
            try:
                self._done()
            finally:
                os.close(wake)

    def _reply(self, number: int, name: str, arguments: dict[str, Any]) -> bytes:
        reply = {"t": "reply", "id": number}
        function = self._answers.get(name)
        if function is None:
            return pack_message({**reply, "unknown": True})
        try:
            return pack_message({**reply, "value": function(**arguments)})
        except Exception as error:  # whatever it is, the app must not wait for ever
            return pack_message({**reply, "error": _reason(error)})


def _reason(error: Exception) -> str:
    if isinstance(error, SoarkitError):
        return f"{error.message} ({error.hint})" if error.hint else error.message
    if isinstance(error, (ValueError, TypeError, OSError)):
        return str(error)
    return f"internal error: {type(error).__name__}: {error}"
