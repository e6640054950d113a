"""Answers the connections that :mod:`soarkit.rest.loopback` accepted: TLS, HTTP, and from there to the resources."""

from __future__ import annotations

import http.server
import io
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from soarkit.rest import certificate
from soarkit.rest.call import answer
from soarkit.rest.caller import Caller
from soarkit.rest.dispatch import dispatch
from soarkit.rest.failures import Failure

#: Bytes of a body: a file of 32 MiB in base64, with its JSON around it.
BODY_LIMIT = 48 << 20
#: Bytes of a body that is too long which are read before it is refused: only then do clients see why.
_DRAINED = 1 << 30
_IDLE = 60.0  # seconds that a connection may say nothing
_CLOSING = 10.0  # seconds for answers under way when the run ends
_PIECE = 1 << 16


class Server:
    """The connections of one address.

    :param home: soarkit's home folder, whose certificate is shown
    :param secret: the first part of all paths
    :param caller: makes the caller, at the first request
    :param note: takes what goes wrong, for the log
    """

    def __init__(self, home: str, secret: str, caller: Callable[[], Caller], note: Callable[[str], None]) -> None:
        self._tls = certificate.server_context(home)
        self.secret, self.note = secret, note
        self._make_caller = caller
        self._made: Caller | None = None
        self._lock = threading.Lock()
        self._connections: dict[threading.Thread, socket.socket] = {}

    def take(self, descriptor: int) -> None:
        """Answer a connection, in a thread of its own."""
        connection = socket.socket(fileno=descriptor)
        thread = threading.Thread(target=self._serve, args=(connection,), name="soarkit-rest", daemon=True)
        with self._lock:
            self._connections[thread] = connection
        thread.start()

    def close(self) -> None:
        """Let answers under way be given, and end the rest."""
        deadline = time.monotonic() + _CLOSING
        for how in (socket.SHUT_RD, socket.SHUT_RDWR):
            with self._lock:
                left = dict(self._connections)
            for connection in left.values():
                try:
                    # The plain one: that of TLS would take the layer away from under an answer.
                    socket.socket.shutdown(connection, how)
                except OSError:
                    pass
            for thread in left:
                thread.join(max(0.1, deadline - time.monotonic()))

    def caller(self) -> Caller:
        """The caller, which all connections share."""
        with self._lock:
            if self._made is None:
                self._made = self._make_caller()
            return self._made

    def _serve(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(_IDLE)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = self._encrypted(connection)
            _Handler(connection, connection.getpeername(), self)  # type: ignore[arg-type]
        except OSError:  # whoever asked has gone, or speaks no TLS
            pass
        finally:
            connection.close()
            if self._made is not None:
                self._made.store.close()  # this thread's connection to the database
            with self._lock:
                self._connections.pop(threading.current_thread(), None)

    def _encrypted(self, connection: socket.socket) -> socket.socket:
        encrypted = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self._connections[threading.current_thread()] = encrypted
        try:
            encrypted.do_handshake()
        except BaseException:
            encrypted.close()
            raise
        return encrypted


class _Handler(http.server.BaseHTTPRequestHandler):
    """One connection, with all of its requests."""

    protocol_version = "HTTP/1.1"
    error_content_type = "application/json"
    error_message_format = '{"failed": true, "success": false, "message": "%(message)s"}'
    server: Server  # type: ignore[assignment]

    def handle_one_request(self) -> None:
        """Answer a request; whatever its method."""
        self.raw_requestline = self.rfile.readline(_PIECE + 1)
        if not self.raw_requestline:
            self.close_connection = True
            return
        if len(self.raw_requestline) > _PIECE:
            self.requestline, self.request_version, self.command = "", "", ""
            self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
            return
        if self.parse_request():
            response = self._response()
            try:
                self._send(response)
            finally:
                response.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what apps ask is their own business."""

    def _response(self) -> HttpResponseBase:
        target, _, query = self.path.partition("?")
        if target.startswith(("http://", "https://")):
            target = "/" + target.split("/", 3)[-1] if target.count("/") > 2 else "/"
        first, _, rest = target.lstrip("/").partition("/")
        if not secrets.compare_digest(first.encode(), self.server.secret.encode()):
            self.close_connection = True  # nothing of what else was sent is read
            return HttpResponse(status=404)
        try:
            body = self._body()
            return dispatch(self._request("/" + rest.lstrip("/"), query, body), self.server.caller())
        except Failure as failure:
            return answer(failure.body(), failure.status)
        except OSError:
            raise
        except Exception as error:
            self.server.note(f"the platform's REST address cannot answer: {error}")
            message = getattr(error, "message", None) or f"{type(error).__name__} in the platform"
            return answer(Failure(500, message).body(), 500)

    def _body(self) -> bytes:
        """The body of the request.

        :raises Failure: it is too long, or nobody can tell how long it is
        """
        if self.headers.get("Transfer-Encoding", "").strip().lower() == "chunked":
            pieces = self._chunks()
            length = None
        else:
            try:
                length = int(self.headers.get("Content-Length") or 0)
            except ValueError:
                length = -1
            if length < 0:
                self.close_connection = True
                raise Failure(400, "Content-Length is no number")
            pieces = self._pieces(length)
        body, size = io.BytesIO(), 0
        for piece in pieces:
            size += len(piece)
            if size <= BODY_LIMIT:
                body.write(piece)
            elif size > _DRAINED:
                self.close_connection = True
                break
        if length is not None and size < min(length, _DRAINED):
            self.close_connection = True
            raise Failure(400, "the body ended before its length")
        if size > BODY_LIMIT:
            raise Failure(413, f"the body has more than {BODY_LIMIT >> 20} MiB")
        return body.getvalue()

    def _pieces(self, length: int) -> Iterator[bytes]:
        while length > 0:
            piece = self.rfile.read(min(length, _PIECE))
            if not piece:
                return
            length -= len(piece)
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        while True:
            line = self.rfile.readline(_PIECE)
            try:
                length = int(line.partition(b";")[0].strip() or b"x", 16)
            except ValueError:
                self.close_connection = True
                raise Failure(400, "a chunk of the body has no length") from None
            if length <= 0:
                break
            yield from self._pieces(length)
            self.rfile.readline(_PIECE)
        while self.rfile.readline(_PIECE).strip():
            pass

    def _request(self, path: str, query: str, body: bytes) -> WSGIRequest:
        """The request as Django has it, with the path below the secret part."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "RAW_URI": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": self.client_address[0],
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": str(self.connection.getsockname()[1]),
            "SERVER_PROTOCOL": self.request_version,
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "https",
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            if key not in ("CONTENT_TYPE", "CONTENT_LENGTH") and "_" not in name:
                known = environ.get(f"HTTP_{key}")
                joint = "; " if key == "COOKIE" else ","
                environ[f"HTTP_{key}"] = value.strip() if known is None else f"{known}{joint}{value.strip()}"
        return WSGIRequest(environ)

    def _send(self, response: HttpResponseBase) -> None:
        self.send_response_only(response.status_code, response.reason_phrase)
        self.send_header("Date", self.date_time_string())
        streaming = response.streaming
        content = b"" if streaming else response.content  # type: ignore[attr-defined]
        for name, value in response.items():
            if name.lower() not in ("content-length", "connection"):
                self.send_header(name, value)
        for cookie in response.cookies.values():
            self.send_header("Set-Cookie", cookie.OutputString())
        if not streaming:
            self.send_header("Content-Length", str(len(content)))
        elif response.has_header("Content-Length"):
            self.send_header("Content-Length", response["Content-Length"])
        else:
            self.close_connection = True
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        for piece in response if streaming else (content,):
            self.wfile.write(piece)


__all__ = ["BODY_LIMIT", "Server"]
