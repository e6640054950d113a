"""An OAuth 2 provider with an API behind it: authorization code and refresh token. Standard library only.

By hand::

    python tests/services/oauth.py --port 8124

In a test::

    with OAuthService() as service:
        ... service.url, CLIENT_ID, service.client_secret ... service.issued ... service.expire()

==== =================== ======================================================================================
GET  authorize           a browser is sent back to ``redirect_uri`` with ``code`` and ``state``: consent is given
POST token               ``authorization_code`` (once, for the same ``redirect_uri``) or ``refresh_token``
any  everything else     what :attr:`OAuthService.api` holds for the path, else 404; 401 without a bearer token
==== =================== ======================================================================================

Both paths can be chosen, so that the service stands in for providers that apps know the paths of.
"""

from __future__ import annotations

import argparse
import json
import secrets
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT_ID = "soarkit-client"
USER = {"id": "u1", "username": "ada"}


@dataclass
class _State:
    client_secret: str
    authorize: str
    token: str
    api: dict[str, Any]
    codes: dict[str, str] = field(default_factory=dict)
    access: list[str] = field(default_factory=list)
    refresh: list[str] = field(default_factory=list)
    valid: set[str] = field(default_factory=set)
    log: list[str] = field(default_factory=list)


class OAuthService:
    """The provider in this process.

    :param authorize: path of the page that a browser opens
    :param token: path that gives tokens
    :param api: what is answered to bearers of a token, by path, with its query or for any
    :param tls: a server's TLS settings; None: plain HTTP
    """

    def __init__(
        self,
        authorize: str = "/oauth/authorize",
        token: str = "/oauth/access_token",
        *,
        api: dict[str, Any] | None = None,
        tls: ssl.SSLContext | None = None,
        port: int = 0,
    ) -> None:
        self.client_secret = secrets.token_hex(16)
        self._state = _State(self.client_secret, authorize, token, {"/api/v4/users/me": USER} if api is None else api)
        handler = type("Handler", (_Handler,), {"state": self._state})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> OAuthService:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def issued(self) -> list[str]:
        """Every code and token that it has given away: none of them may be seen anywhere."""
        return [*self._state.codes, *self._state.access, *self._state.refresh]

    @property
    def log(self) -> list[str]:
        """What it was asked for: method and path; for tokens the kind of grant."""
        return self._state.log

    @property
    def api(self) -> dict[str, Any]:
        """What is answered to bearers of a token, by path."""
        return self._state.api

    def expire(self) -> None:
        """Accept no access token that was given so far."""
        self._state.valid.clear()


class _Handler(BaseHTTPRequestHandler):
    state: _State

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def log_message(self, format: str, *args: object) -> None:
        """Tests look at the log instead."""

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        state = self.state
        if parts.path == state.authorize:
            self._authorize({name: values[0] for name, values in parse_qs(parts.query).items()})
        elif parts.path == state.token:
            self._token({name: values[0] for name, values in parse_qs(body.decode()).items()})
        else:
            state.log.append(f"{self.command} {parts.path}")
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if bearer not in state.valid:
                self._send(401, {"message": "Invalid or expired session, please login again."})
            elif self.path in state.api or parts.path in state.api:
                self._send(200, state.api.get(self.path, state.api.get(parts.path)))
            else:
                self._send(404, {"message": "not found"})

    def _authorize(self, given: dict[str, str]) -> None:
        self.state.log.append("authorize")
        if given.get("client_id") != CLIENT_ID or given.get("response_type") != "code":
            self._send(400, {"error": "invalid_request"})
            return
        code = secrets.token_hex(16)
        self.state.codes[code] = given["redirect_uri"]
        self.send_response(302)
        query = urlencode({"code": code, **({"state": given["state"]} if "state" in given else {})})
        self.send_header("Location", f"{given['redirect_uri']}{'&' if '?' in given['redirect_uri'] else '?'}{query}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _token(self, given: dict[str, str]) -> None:
        state, kind = self.state, given.get("grant_type")
        state.log.append(f"token {kind}")
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, state.client_secret):
            self._send(401, {"error": "invalid_client"})
            return
        if kind == "authorization_code":
            # A code counts once, and only for the address it was sent to.
            if given.get("code") not in state.codes or state.codes[given["code"]] != given.get("redirect_uri"):
                self._send(400, {"error": "invalid_grant"})
                return
            state.codes[given["code"]] = ""
        elif kind != "refresh_token" or given.get("refresh_token") not in state.refresh:
            self._send(400, {"error": "invalid_grant"})
            return
        access, refresh = secrets.token_hex(24), secrets.token_hex(24)
        state.access.append(access)
        state.refresh.append(refresh)
        state.valid.add(access)
        self._send(200, {"access_token": access, "refresh_token": refresh, "token_type": "Bearer", "expires_in": 3600})

    def _send(self, status: int, value: Any) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    parser = argparse.ArgumentParser(description="An OAuth 2 provider for tries by hand.")
    parser.add_argument("--port", type=int, default=8124)
    with OAuthService(port=parser.parse_args().port) as service:
        print(f"{service.url}  client_id {CLIENT_ID}  client_secret {service.client_secret}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
