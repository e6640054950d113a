"""A small web server for the requests that an app answers itself: what ``--listen`` starts.

It serves whatever :data:`Answer` it is given, with limits that keep a stranger from using up the machine. It is meant
for the minutes of an OAuth dance, and is no replacement for a real server.
"""

from __future__ import annotations

import errno
import re
import socket
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from soarkit.errors import SurroundingsError, UsageError
from soarkit.runtime.handling import HttpRequest, HttpResponse, is_header

if TYPE_CHECKING:
    from ssl import SSLContext

#: Answers a request, whatever happens. Called in several threads.
Answer = Callable[[HttpRequest], HttpResponse]

#: Bytes that the body of a request may have.
LARGEST_BODY = 10 << 20
#: Requests that are answered at the same time: each has a process of the app's.
MOST_AT_ONCE = 8
#: Connections that are held at the same time; each may be slow, and hold a body.
MOST_CONNECTIONS = 32
#: Seconds that a client may keep silent.
_PATIENCE = 20.0
_HOST = re.compile(r"[\w.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
#: Headers that are the server's own business.
_OURS = frozenset(("connection", "content-length", "date", "keep-alive", "server", "transfer-encoding", "upgrade"))


class Address(NamedTuple):
    """Where to listen.

    :param scheme: "http" or "https"
    :param port: 0: any that is free
    """

    scheme: str
    host: str
    port: int

    @classmethod
    def parse(cls, text: str, where: str) -> Address:
        """``[http://|https://]HOST:PORT``.

        :param where: the option that gave it
        :raises UsageError: it is something else
        """
        hint = "such as 127.0.0.1:8080 or https://0.0.0.0:8443"
        try:
            found = urlsplit(text if "://" in text else f"http://{text}")
            port = found.port
        except ValueError as error:
            raise UsageError(f"{text!r} is no address to listen on: {error}", where=where, hint=hint) from None
        if found.scheme not in ("http", "https") or port is None or found.path.strip("/") or found.query:
            raise UsageError(f"{text!r} is no address to listen on", where=where, hint=hint)
        return cls(found.scheme, found.hostname or "127.0.0.1", port)


class Listener:
    """A server that is active inside a ``with``.

    :param answer: what answers
    :param context: makes the TLS context of an https address
    :raises SurroundingsError: the address cannot be had
    :ivar url: the address that a browser on this machine reaches it by, without a slash at its end
    """

    def __init__(self, address: Address, answer: Answer, context: Callable[[], SSLContext] | None = None) -> None:
        self._server = _bind(address, answer)
        if address.scheme == "https" and context is not None:
            self._server.context = context()
        host = "localhost" if address.host in _EVERYWHERE else address.host
        port = self._server.server_address[1]
        self.url = f"{address.scheme}://{f'[{host}]' if ':' in host else host}:{port}"
        self._server.scheme, self._server.url_host = address.scheme, self.url.partition("://")[2]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a request under way is no reason to keep the program from ending
    allow_reuse_address = True
    context: SSLContext | None = None
    scheme = "http"
    url_host = ""

    def __init__(self, place: tuple[Any, ...], answer: Answer) -> None:
        self.answer = answer
        self.free = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._room = threading.BoundedSemaphore(MOST_CONNECTIONS)
        super().__init__(place, _Connection)

    def server_bind(self) -> None:
        # Not the base class's: it asks the name service for this machine's name.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:  # there are no threads left
            self._room.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(_PATIENCE)
        if self.context is None:
            super().finish_request(request, client_address)
            return
        # Here and not when it is accepted: a client that does not shake hands must not keep others waiting.
        with self.context.wrap_socket(request, server_side=True) as wrapped:
            super().finish_request(wrapped, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away, or speak no TLS, are their own business."""


class _IPv6Server(_Server):
    address_family = socket.AF_INET6


def _bind(address: Address, answer: Answer) -> _Server:
    where = f"{address.host}:{address.port}"
    try:
        family, _, _, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        return (_IPv6Server if family == socket.AF_INET6 else _Server)(place, answer)
    except OSError as error:
        hint = (
            "another program listens there: take another port, or end it" if error.errno == errno.EADDRINUSE else None
        )
        raise SurroundingsError(
            f"cannot listen on this address: {error.strerror or error}",
            where=where,
            hint=hint or "an address of this machine, and a port from 1024 on",
        ) from None


class _Connection(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "soarkit"
    sys_version = ""

    def log_message(self, format: str, *args: object) -> None:
        """Whoever answers says what was asked for."""

    def _serve(self) -> None:
        self.close_connection = True  # one request a connection: nobody is in a hurry here
        try:
            target = self._target()
            body = self._body()
        except ValueError as refusal:
            self._send(_refusal(HTTPStatus(refusal.args[0])))
            return
        if not self.server.free.acquire(blocking=False):
            self._send(_refusal(HTTPStatus.SERVICE_UNAVAILABLE))
            return
        try:
            path, _, query = target.partition("?")
            host = self.headers.get("Host", "")
            response = self.server.answer(
                HttpRequest(
                    method=self.command,
                    path=path,
                    query=query.partition("#")[0],
                    headers=tuple(self.headers.items()),
                    body=body,
                    remote=self.client_address[0],
                    scheme=self.server.scheme,
                    server=host if _HOST.fullmatch(host) and ":" in host else self.server.url_host,
                )
            )
        finally:
            self.server.free.release()
        self._send(response)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = _serve  # noqa: N815 - looked up by name

    def _target(self) -> str:
        """Path and query. :raises ValueError: there is no such path; the argument is the HTTP status that says so"""
        target = self.path
        if target.startswith(("http://", "https://")):  # a request line may hold a whole address
            target = "/" + "".join(target.split("/", 3)[3:])
        if not target.startswith("/"):
            raise ValueError(HTTPStatus.BAD_REQUEST)
        return target

    def _body(self) -> bytes:
        """The request's body. :raises ValueError: it cannot be taken; the argument is the HTTP status that says so"""
        if "Transfer-Encoding" in self.headers:
            raise ValueError(HTTPStatus.LENGTH_REQUIRED)
        length = self.headers.get("Content-Length", "0").strip()
        if not length.isascii() or not length.isdecimal():
            raise ValueError(HTTPStatus.BAD_REQUEST)
        if int(length) > LARGEST_BODY:
            raise ValueError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise ValueError(HTTPStatus.BAD_REQUEST)
        return body

    def _send(self, response: HttpResponse) -> None:
        status = response.status if 200 <= response.status <= 599 else 500
        bodiless = status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        self.send_response(status)
        for name, value in response.headers:
            if name.lower() not in _OURS and is_header(name, value):
                self.send_header(name, value.encode("latin-1", "replace").decode("latin-1"))
        if not bodiless:
            self.send_header("Content-Length", str(len(response.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if not bodiless and self.command != "HEAD":
            self.wfile.write(response.body)


def _refusal(status: HTTPStatus) -> HttpResponse:
    return HttpResponse(status, (("Content-Type", "text/plain"),), f"{status.phrase}\n".encode())
