"""A WHOIS server (RFC 3912) that answers from a table. Standard library only.

::

    with WhoisService({"contoso.example": "Domain Name: CONTOSO.EXAMPLE\\n"}, host="127.0.0.43") as service:
        ... service.host, service.port ... service.queries ...
"""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Mapping
from types import TracebackType


class WhoisService:
    """The server in this process.

    :param answers: query → text; queries are compared without case and surrounding space
    :param fallback: the text for any other query
    :param host: an address of this machine, any 127.x.y.z
    :param port: 0 takes a free one; the protocol's own is 43
    """

    def __init__(
        self,
        answers: Mapping[str, str],
        fallback: str = "No match.\n",
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.queries: list[str] = []  #: as they came, without the line end, oldest first
        self._answers = {query.strip().lower(): text for query, text in answers.items()}
        self._fallback = fallback
        self._server = _Server((host, port), type("Handler", (_Handler,), {"service": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def host(self) -> str:
        return str(self._server.server_address[0])

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def answer(self, query: str) -> str:
        """The text for a query."""
        self.queries.append(query)
        return self._answers.get(query.strip().lower(), self._fallback)

    def __enter__(self) -> WhoisService:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class _Handler(socketserver.StreamRequestHandler):
    service: WhoisService
    timeout = 10

    def handle(self) -> None:
        query = self.rfile.readline(1024).decode("utf-8", "replace").rstrip("\r\n")
        self.wfile.write(self.service.answer(query).replace("\n", "\r\n").encode("utf-8"))
