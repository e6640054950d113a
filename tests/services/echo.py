"""An HTTP server that answers what it was asked, and keeps it. Standard library only.

::

    with EchoService(username="ada", password="pw") as service:
        ... service.url ... service.requests[-1].body ...

Every request is answered with 200 and JSON: ``{"method", "path", "query", "headers", "body"}``, unless a reply was
queued with :meth:`EchoService.reply`. With ``username`` it wants basic authentication. With a certificate (see
:mod:`tests.services.certificate`) it speaks TLS.
"""

from __future__ import annotations

import base64
import json
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Received:
    """One request as it came in; ``path`` with its query."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What to answer instead of the echo."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class _State:
    authorization: str | None
    requests: list[Received] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)


class EchoService:
    """The server in this process.

    :param username: wanted by basic authentication; None: none is wanted
    :param tls: a server's TLS settings; None: plain HTTP
    :param host: an address of this machine, such as 127.0.0.2
    """

    def __init__(
        self,
        username: str | None = None,
        password: str = "",
        tls: ssl.SSLContext | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        authorization = None
        if username is not None:
            authorization = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
        self._state = _State(authorization)
        self._scheme = "https" if tls else "http"
        self._server = _Server((host, port), type("Handler", (_Handler,), {"state": self._state}))
        self._server.tls = tls
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def host(self) -> str:
        return str(self._server.server_address[0])

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        """Base address, without a slash at the end."""
        return f"{self._scheme}://{self.host}:{self.port}"

    @property
    def requests(self) -> list[Received]:
        """All requests so far, oldest first; those refused for want of authentication too."""
        return self._state.requests

    def reply(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        """Queue an answer; underscores in header names stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._state.replies.append(Reply(status, body, named))

    def __enter__(self) -> EchoService:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        # Here, in the connection's own thread: a client that does not shake hands must not hold up the others. One
        # that does not like the certificate ends the connection, which is what some tests are about.
        request.settimeout(10)
        with suppress(OSError), self.tls.wrap_socket(request, server_side=True) as secure:
            super().finish_request(secure, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True
    state: _State

    def _serve(self) -> None:
        body = self._read_body()
        self.state.requests.append(Received(self.command, self.path, dict(self.headers.items()), body))
        if self.state.authorization not in (None, self.headers.get("Authorization")):
            self._answer(Reply(401, b"who are you?", {"WWW-Authenticate": 'Basic realm="echo"'}))
            return
        self._answer(self.state.replies.pop(0) if self.state.replies else self._echo(body))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def _read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _echo(self, body: bytes) -> Reply:
        split = urlsplit(self.path)
        content = {
            "method": self.command,
            "path": split.path,
            "query": split.query,
            "headers": dict(self.headers.items()),
            "body": body.decode("utf-8", "replace"),
        }
        return Reply(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def _answer(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {"Content-Type": "text/plain", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: requests are kept in the state."""
