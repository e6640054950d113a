"""The address at which the app of one run finds its platform.

Bound when the run begins and closed when it ends. Nearly all runs never use it, so nothing but a listening socket and a
waiting thread are there at first; TLS, Django and the resources are loaded by the first connection.
"""

from __future__ import annotations

import _socket
import os
import select
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from soarkit.rest import certificate

if TYPE_CHECKING:
    from soarkit.rest.caller import Caller
    from soarkit.rest.serving import Server

_HOST = "127.0.0.1"
_BACKLOG = 128
_PAUSE = 0.1  # seconds until there may be descriptors again


class Loopback:
    """A platform on the loopback address, for one run. A context manager.

    The address has a part that nobody can guess: it is what tells the app from everybody else on this machine.

    :param home: soarkit's home folder, whose certificate is shown
    :param caller: makes the caller for the address that was bound; called once, by the first request
    :param note: takes what goes wrong, for the log
    :raises OSError: there is no port, or the certificate cannot be made
    """

    def __init__(self, home: str, caller: Callable[[str], Caller], note: Callable[[str], None]) -> None:
        self._home, self._caller, self._note = home, caller, note
        certificate.ensure(home)
        self._server: Server | None = None
        self._listening = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        try:
            self._listening.bind((_HOST, 0))
            self._listening.listen(_BACKLOG)
            # Closing it would not wake whoever waits in accept() on every system; a pipe does.
            self._listening.setblocking(False)
            self._wake_read, self._wake_write = os.pipe()
        except BaseException:
            self._listening.close()
            raise
        self._secret = os.urandom(16).hex()
        self.base_url = f"https://{_HOST}:{self._listening.getsockname()[1]}/{self._secret}/"
        self._thread = threading.Thread(target=self._accept, name="soarkit-rest", daemon=True)

    def __enter__(self) -> Loopback:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._wake_write)
        self._thread.join()
        self._listening.close()
        os.close(self._wake_read)
        if self._server is not None:
            self._server.close()

    def _accept(self) -> None:
        waiting = select.poll()
        waiting.register(self._listening.fileno(), select.POLLIN)
        waiting.register(self._wake_read, select.POLLIN | select.POLLHUP)
        while True:
            events = dict(waiting.poll())
            if self._wake_read in events:
                return
            try:
                descriptor, _ = self._listening._accept()  # type: ignore[attr-defined]
            except BlockingIOError:  # whoever it was has gone
                continue
            except OSError:  # no descriptors left
                time.sleep(_PAUSE)
                continue
            try:
                self._serving().take(descriptor)
            except Exception as error:
                os.close(descriptor)
                self._note(f"the platform's REST address cannot answer: {error}")

    def _serving(self) -> Server:
        if self._server is None:
            from soarkit.store.database import set_up

            set_up()  # before anything that uses the models is imported
            from soarkit.rest.serving import Server

            self._server = Server(self._home, self._secret, lambda: self._caller(self.base_url), self._note)
        return self._server
