"""The Contoso reputation service, small and real: what the sample app talks to. Standard library only.

By hand::

    python tests/services/contoso.py --port 8123 --apikey demo

In a test::

    with ContosoService(api_key="demo") as service:
        ... service.url ... service.requests ...

====== ================================ ===================================================================
GET    ``/api/v1/status``               who is asking, version
GET    ``/api/v1/files/<hash>``         reputation of a file; 404 for an unknown one, 400 for what is no hash
GET    ``/api/v2/files?hash=<hash>``    the same in the product's second version
GET    ``/api/v1/blocklist``            blocked hashes
PUT    ``/api/v1/blocklist/<hash>``     block it (body: ``{"comment": text}``), 200 again when it was blocked already
DELETE ``/api/v1/blocklist/<hash>``     unblock it, 404 when it was not blocked
POST   ``/token``                       OAuth client credentials: an access token, taken as ``Authorization: Bearer``
====== ================================ ===================================================================

All but ``/token`` want ``X-Api-Key`` or a bearer token, else 401. :meth:`ContosoService.fail_next` makes the next
requests fail: ``"rate_limit"`` (429 with ``Retry-After``), ``"error_page"`` (500 in HTML), ``"not_json"`` (200 that
is no JSON), ``"empty"`` (200 without a body), ``"hang_up"`` (no answer at all); ``"pass"`` lets one through.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import json
import re
import secrets
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
EMPTY = b""
CLIENT_ID = "contoso-client"


def digests(content: bytes) -> dict[str, str]:
    """``md5``, ``sha1`` and ``sha256`` of a file's content."""
    return {
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        "sha1": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _known(content: bytes, **facts: Any) -> dict[str, Any]:
    return {**digests(content), "size": len(content), **facts}


FILES = (
    _known(
        EICAR,
        verdict="malicious",
        score=97,
        detections=62,
        engines=70,
        file_type="text",
        names=["eicar.com", "eicar.txt"],
        first_seen="2006-07-03T21:59:59Z",
        last_seen="2025-03-01T08:15:00Z",
        permalink="https://reputation.contoso.example/files/eicar",
    ),
    _known(
        EMPTY,
        verdict="clean",
        score=0,
        detections=0,
        engines=70,
        file_type="empty",
        names=["empty"],
        first_seen="2006-05-21T18:00:00Z",
        last_seen="2025-03-01T08:20:00Z",
        permalink="https://reputation.contoso.example/files/empty",
    ),
)


@dataclass
class Received:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class _State:
    api_key: str
    client_secret: str
    requests: list[Received] = field(default_factory=list)
    blocked: dict[str, str] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)


class ContosoService:
    """The service in this process, on the loopback address.

    :param api_key: what ``X-Api-Key`` must say
    :param client_secret: what ``/token`` wants for client :data:`CLIENT_ID`
    :param port: 0 takes a free one
    """

    def __init__(self, api_key: str = "demo", client_secret: str = "client-secret", port: int = 0) -> None:
        self._state = _State(api_key, client_secret)
        self._server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"state": self._state}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """Base address, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def requests(self) -> list[Received]:
        """All requests so far, oldest first."""
        return self._state.requests

    @property
    def blocked(self) -> dict[str, str]:
        """Blocked hash → comment."""
        return self._state.blocked

    def fail_next(self, *kinds: str) -> None:
        """Let the next requests fail, one kind each (see the module's text)."""
        self._state.failures.extend(kinds)

    def __enter__(self) -> ContosoService:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve_forever(self) -> None:
        self._server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Contoso/2.1"
    sys_version = ""
    timeout = 30
    disable_nagle_algorithm = True  # head and body go out in two writes, which would wait for each other
    state: _State

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.state.requests.append(Received(self.command, self.path, dict(self.headers.items()), body))
        failure = self.state.failures.pop(0) if self.state.failures else "pass"
        if failure != "pass":
            self._fail(failure)
            return
        split = urlsplit(self.path)
        if split.path == "/token":
            self._token(body)
        elif not self._allowed():
            self._json(401, {"error": "unauthorized", "message": "The API key is not valid."})
        else:
            self._route(split.path, parse_qs(split.query), body)

    do_GET = do_POST = do_PUT = do_DELETE = _serve

    def _route(self, path: str, query: dict[str, list[str]], body: bytes) -> None:
        if path == "/api/v1/status":
            self._json(200, {"product": "Contoso Reputation", "version": "2.1.0", "files": len(FILES)})
        elif path == "/api/v2/files":
            self._file(query.get("hash", [""])[0], nested=True)
        elif path.startswith("/api/v1/files/"):
            self._file(path.rpartition("/")[2], nested=False)
        elif path == "/api/v1/blocklist" and self.command == "GET":
            items = [{"hash": value, "comment": comment} for value, comment in sorted(self.state.blocked.items())]
            self._json(200, {"items": items, "total": len(items)})
        elif path.startswith("/api/v1/blocklist/"):
            self._block(path.rpartition("/")[2], body)
        else:
            self._json(404, {"error": "not_found", "message": "There is no such resource."})

    def _file(self, value: str, nested: bool) -> None:
        value = value.lower()
        if not _is_hash(value):
            self._json(400, {"error": "bad_request", "message": f"{{{value}}} is not an MD5, SHA-1 or SHA-256 hash."})
            return
        found = next((item for item in FILES if value in (item["md5"], item["sha1"], item["sha256"])), None)
        if found is None:
            self._json(404, {"error": "not_found", "message": "This file is not known."})
        else:
            self._json(200, {"files": [found]} if nested else found)

    def _block(self, value: str, body: bytes) -> None:
        value = value.lower()
        if not _is_hash(value):
            self._json(400, {"error": "bad_request", "message": f"{{{value}}} is not an MD5, SHA-1 or SHA-256 hash."})
        elif self.command == "PUT":
            existed = value in self.state.blocked
            self.state.blocked[value] = str(json.loads(body or b"{}").get("comment", ""))
            self._json(200 if existed else 201, {"hash": value, "blocked": True, "already_blocked": existed})
        elif self.state.blocked.pop(value, None) is None:
            self._json(404, {"error": "not_found", "message": "This hash is not blocked."})
        else:
            self._json(200, {"hash": value, "blocked": False})

    def _token(self, body: bytes) -> None:
        form = {name: values[0] for name, values in parse_qs(body.decode("utf-8")).items()}
        basic = f"{CLIENT_ID}:{self.state.client_secret}".encode()
        by_header = self.headers.get("Authorization") == f"Basic {base64.b64encode(basic).decode()}"
        by_form = (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, self.state.client_secret)
        if not (by_header or by_form):
            self._json(401, {"error": "invalid_client"})
            return
        token, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.state.tokens.add(token)
        answer = {"access_token": token, "refresh_token": refresh, "token_type": "Bearer", "expires_in": 3600}
        self._json(200, answer, {"Set-Cookie": f"contoso_session={secrets.token_hex(16)}; Path=/; HttpOnly"})

    def _allowed(self) -> bool:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme == "Bearer":
            return token in self.state.tokens
        return secrets.compare_digest(self.headers.get("X-Api-Key", "").encode(), self.state.api_key.encode())

    def _fail(self, kind: str) -> None:
        if kind == "rate_limit":
            self._json(429, {"error": "rate_limited", "message": "Too many requests."}, {"Retry-After": "30"})
        elif kind == "error_page":
            page = b"<html><head><title>500 Internal Server Error</title></head><body><h1>Oops {0}</h1></body></html>"
            self._answer(500, page, "text/html; charset=utf-8")
        elif kind == "not_json":
            self._answer(200, b"it works", "application/json")
        elif kind == "empty":
            self._answer(200, b"", "application/json")
        elif kind == "hang_up":
            self.close_connection = True
        else:
            raise ValueError(f"unknown kind of failure: {kind}")

    def _json(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        self._answer(status, json.dumps(content, indent=2).encode() + b"\n", "application/json", headers)

    def _answer(self, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: requests are kept in the state."""


def _is_hash(value: str) -> bool:
    return re.fullmatch("[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}", value) is not None


def main() -> None:
    parser = argparse.ArgumentParser(description="Run the Contoso reputation service on the loopback address.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--apikey", default="demo")
    arguments = parser.parse_args()
    try:
        service = ContosoService(arguments.apikey, port=arguments.port)
    except (OSError, OverflowError) as error:
        parser.error(f"cannot listen on port {arguments.port}: {error}")
    print(service.url, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        service.serve_forever()


if __name__ == "__main__":
    main()
