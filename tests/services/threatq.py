"""A ThreatQ server, small and real: what the STIX exporter talks to. Standard library only.

By hand, with the objects of a threat library file (one JSON document)::

    python -m tests.services.threatq --library library.json --port 8124

In a test::

    with ThreatQService(document) as service:
        ... service.url ... service.requests ... service.uploaded ...

====== ================================================ =======================================================
POST   ``/api/token``                                   grants client_credentials, password and refresh_token
GET    ``/api/objects``, ``/api/indicator/types`` ...   catalogues
GET    ``/api/<collection>``                            a page (``limit``, ``offset``, ``with``, ``sort=id``)
GET    ``/api/<collection>/<id>``                       one object
GET    ``/api/<collection>/<id>/<collection>``          related objects, each with its ``pivot``
GET    ``/api/<collection>/<id>/attributes`` ...        attributes, sources, tags
POST   ``/api/attachments/upload``                      a part of a file (multipart, resumable.js)
POST   ``/api/attachments``                             makes the file an attachment
POST   ``/api/<collection>/<id>/attachments``           relates attachments, ``[{"id": n}]``
====== ================================================ =======================================================

As the product does, it shows attributes, sources, tags, score, type and status only where ``with`` asks for them,
and answers 500 to a name with ``_`` there. :class:`Habits` says how else it differs from version to version.
:meth:`ThreatQService.fail_next` and :meth:`ThreatQService.fail_on` make requests fail, see
:data:`~.threatq_failures.FAILURES`.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import email.parser
import email.policy
import json
import re
import secrets
import ssl
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .threatq_failures import page, reply
from .threatq_library import BUILT_IN, COLLECTIONS, Habits, Key, Library

CLIENT_ID = "threatq-client"
CLIENT_SECRET = "threatq-secret-9f2c"
USER = "analyst@contoso.example"
PASSWORD = "pass/word 7d1e"


@dataclass
class Received:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Upload:
    """A file as it was uploaded. :ivar related_to: what it was related to"""

    id: int
    content: bytes
    fields: dict[str, Any]
    related_to: list[Key] = field(default_factory=list)


@dataclass
class _State:
    library: Library
    requests: list[Received] = field(default_factory=list)
    access: set[str] = field(default_factory=set)
    refresh: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    rules: list[tuple[str, list[str]]] = field(default_factory=list)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    received: dict[str, bytes] = field(default_factory=dict)
    uploads: list[Upload] = field(default_factory=list)
    elsewhere: str = "http://127.0.0.1:9/stolen?token=of-nobody"
    lock: threading.Lock = field(default_factory=threading.Lock)


class ThreatQService:
    """The server in this process, on the loopback address.

    :param document: a threat library, as a file holds it
    :param certificate: speak TLS with it (see :mod:`tests.services.certificate`)
    :param port: 0 takes a free one
    """

    def __init__(
        self, document: dict[str, Any], habits: Habits | None = None, certificate: Path | None = None, port: int = 0
    ) -> None:
        self._state = _State(Library(document, habits or Habits()))
        self._server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"state": self._state}))
        self._server.daemon_threads = True
        self._scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self._scheme = "https"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """Base address, without a slash at the end."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    @property
    def requests(self) -> list[Received]:
        """All requests so far, oldest first."""
        return self._state.requests

    @property
    def habits(self) -> Habits:
        """May be changed while the server runs."""
        return self._state.library.habits

    @property
    def uploaded(self) -> list[Upload]:
        """The attachments made so far."""
        return self._state.uploads

    @property
    def tokens(self) -> set[str]:
        """All access and refresh tokens that are good now."""
        return self._state.access | self._state.refresh

    def asked(self, pattern: str) -> list[Received]:
        """The requests whose path the pattern matches."""
        return [each for each in self._state.requests if re.search(pattern, each.path)]

    def expire(self, refresh: bool = False) -> None:
        """Take no access token any more that was given so far. :param refresh: no refresh token either"""
        self._state.access.clear()
        if refresh:
            self._state.refresh.clear()

    def remove(self, key: Key) -> None:
        """Delete an object."""
        self._state.library.objects.pop(key, None)

    def fail_next(self, *kinds: str) -> None:
        """Let the next requests fail, one kind each (see :data:`FAILURES`)."""
        self._state.failures.extend(kinds)

    def fail_on(self, pattern: str, *kinds: str) -> None:
        """Let the requests whose path the pattern matches fail, one kind each; after ``forever`` it stays so."""
        self._state.rules.append((pattern, list(kinds)))

    def redirect_to(self, address: str) -> None:
        """Where ``redirect_away`` leads."""
        self._state.elsewhere = address

    def __enter__(self) -> ThreatQService:
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
    server_version = "nginx"
    sys_version = ""
    timeout = 30
    disable_nagle_algorithm = True
    state: _State

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        split = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(split.query).items()}
        request = Received(self.command, split.path, query, dict(self.headers.items()), body)
        self.state.requests.append(request)
        failure = self._failure(split.path)
        if failure != "pass":
            self._fail(failure)
        elif not split.path.startswith("/api/"):
            self._answer(404, page("404 Not Found"), "text/html")
        elif split.path == "/api/token" and self.command == "POST":
            self._token(request)
        elif self.headers.get("Authorization", "").partition(" ")[2] not in self.state.access:
            self._json(401, {"errors": ["The resource owner or authorization server denied the request."]})
        else:
            with self.state.lock:
                self._route(request, split.path[len("/api/") :].strip("/").split("/"))

    do_GET = do_POST = do_PUT = do_DELETE = _serve

    def _failure(self, path: str) -> str:
        if self.state.failures:
            return self.state.failures.pop(0)
        for pattern, kinds in self.state.rules:
            if kinds and re.search(pattern, path):
                return kinds[0] if kinds[1:] == ["forever"] else kinds.pop(0)
        return "pass"

    def _token(self, request: Received) -> None:
        sent = {**request.query, **(json.loads(request.body) if request.body else {})}
        grant = sent.get("grant_type")
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        application = self.headers.get("Authorization") == f"Basic {basic}"
        person = sent.get("client_id") == CLIENT_ID
        good = {
            "client_credentials": application,
            "password": person and (sent.get("email"), sent.get("password")) == (USER, PASSWORD),
            "refresh_token": (application or person) and sent.get("refresh_token") in self.state.refresh,
        }
        if grant not in good:
            self._json(400, {"errors": ["The authorization grant type is not supported."]})
        elif not good[grant]:
            # As servers do that help too much: it repeats what it was sent.
            said = f"The user credentials were incorrect: {request.body.decode()} {self.headers.get('Authorization')}"
            self._json(400 if grant == "password" else 401, {"errors": [said]})
        else:
            self.state.refresh.discard(sent.get("refresh_token", ""))  # good for one use
            access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
            self.state.access.add(access)
            self.state.refresh.add(refresh)
            answer = {"access_token": access, "refresh_token": refresh, "token_type": "Bearer", "expires_in": 1800}
            self._json(200, answer)

    def _route(self, request: Received, parts: list[str]) -> None:
        get, post, library, query = self.command == "GET", self.command == "POST", self.state.library, request.query
        if any("_" in name for name in query.get("with", "").split(",")):
            self._answer(500, page("Whoops, looks like something went wrong."), "text/html")
        elif get and parts == ["objects"]:
            self._catalogue(query)
        elif get and parts in (["indicator", "types"], ["indicator", "statuses"], ["event", "types"]):
            names = self.state.library.names(f"{parts[0]}s", parts[1])
            self._list([({"id": number, "name": name}, {}) for name, number in names], query, shown=False)
        elif post and parts == ["attachments", "upload"]:
            self._part(request)
        elif post and parts == ["attachments"]:
            self._attachment(json.loads(request.body))
        elif parts[0] not in COLLECTIONS or parts[0] in self.state.library.habits.absent or not _numbers(parts[1:2]):
            self._json(404, {"errors": ["Not Found"]})
        elif len(parts) == 1 and get:
            found = sorted(key for key in library.objects if key[0] == parts[0])
            self._list([(library.objects[key], {}) for key in found], query)
        else:
            self._object(request, (parts[0], int(parts[1])), parts[2:])

    def _object(self, request: Received, key: Key, rest: list[str]) -> None:
        library, query, habits = self.state.library, request.query, self.state.library.habits
        record = library.objects.get(key)
        if record is None:
            self._json(404, {"errors": [f"The {key[0]} object was not found."]})
        elif not rest:
            self._json(200, {"data": self.state.library.shown(key, record, query.get("with", ""))})
        elif rest[0] in ("attributes", "sources", "tags"):
            entries = self.state.library.part(
                record, rest[0], "sources" in query.get("with", "") or habits.attribute_sources
            )
            self._list([(entry, {}) for entry in entries], query, shown=False)
        elif rest[0] not in COLLECTIONS or rest[0] in habits.absent:
            self._json(404, {"errors": ["Not Found"]})
        elif self.command == "POST":
            self._relate(key, rest[0], json.loads(request.body))
        else:
            self._list(library.related(key, rest[0]), query, collection=rest[0], with_pivot=True)

    def _catalogue(self, query: dict[str, str]) -> None:
        if not self.state.library.habits.catalogue:
            self._json(404, {"errors": ["Not Found"]})
            return
        names = [name for name in COLLECTIONS if name not in (*BUILT_IN, *self.state.library.habits.absent)]
        listed: list[dict[str, Any]] = [
            {"id": number, "name": name, "collection": name} for number, name in enumerate(names, start=1)
        ]
        if query.get("with") == "types,statuses":
            for entry in listed:
                for name in ("types", "statuses"):
                    entry[name] = [{"id": n, "name": each} for each, n in self.state.library.names(entry["name"], name)]
        self._list([(entry, {}) for entry in listed], query if self.state.library.habits.totals else {}, shown=False)

    def _list(
        self,
        entries: list[tuple[Any, dict[str, Any]]],
        query: dict[str, str],
        collection: str = "",
        with_pivot: bool = False,
        shown: bool = True,
    ) -> None:
        """A page of a list."""
        habits = self.state.library.habits
        offset, limit = int(query.get("offset", 0)), min(int(query.get("limit", 50)), habits.page_cap)
        if habits.lists == "repeat":
            offset = 0
        page = entries[offset : offset + limit]
        if habits.lists == "end" and offset:
            page = []
        made = []
        for entry, pivot in page:
            one = entry
            if shown and isinstance(entry, dict):
                wanted = query.get("with", "") if habits.with_lists or not with_pivot else ""
                one = self.state.library.shown((collection, entry["id"]), entry, wanted)
            made.append({**one, "pivot": pivot} if with_pivot else one)
        total = len(entries)
        if habits.lists.startswith("change") and offset:
            total += 1
            habits.lists = habits.lists if habits.lists == "change" else ""
        answer = {"data": made, "total": total, "limit": limit, "offset": offset}
        self._json(200, answer if habits.totals else {"data": made})

    def _part(self, request: Received) -> None:
        """One part of a file; when all parts are there the file is."""
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + request.body)
        form: dict[str, bytes] = {}
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            form[str(name)] = part.get_payload(decode=True) or b""
        name, count = form["resumableFilename"].decode(), int(form["resumableTotalChunks"])
        parts = self.state.parts.setdefault(form["resumableIdentifier"].decode(), {})
        parts[int(form.get("resumableChunkNumber", b"1"))] = form["file"]
        if len(parts) == count:
            self.state.received[name] = b"".join(parts[number] for number in sorted(parts))
        self._json(200, {"data": {"name": name}})

    def _attachment(self, sent: dict[str, Any]) -> None:
        if sent.get("type") not in ("STIX", "Generic Text"):
            self._json(200, {"data": {"errors": {"type": ["The type is not known."]}}})
        elif sent.get("name") not in self.state.received:
            self._json(400, {"data": {"errors": {"name": ["There is no such file."]}}})
        else:
            number = 501 + len(self.state.uploads)
            self.state.uploads.append(Upload(number, self.state.received.pop(sent["name"]), sent))
            record = {"id": number, "name": sent["name"], "title": sent["title"], "type": {"name": sent["type"]}}
            self.state.library.objects["attachments", number] = {**record, "created_at": "2021-10-21 21:02:46"}
            self._json(201, {"data": record})

    def _relate(self, key: Key, collection: str, sent: list[dict[str, Any]]) -> None:
        made = []
        for entry in sent:
            pivot = {"id": 9000 + len(self.state.requests), "created_at": "2021-10-21 21:02:46"}
            self.state.library.link(key, (collection, entry["id"]), pivot)
            for upload in self.state.uploads:
                if (collection, upload.id) == ("attachments", entry["id"]):
                    upload.related_to.append(key)
            made.append({"id": entry["id"], "pivot": pivot})
        self._json(201, {"data": made, "total": len(made)})

    def _fail(self, kind: str) -> None:
        if kind == "slow":
            time.sleep(2)
        if kind in ("slow", "hang_up"):
            self.close_connection = True
            return
        if kind == "redirect_loop":
            self.state.failures.append(kind)
        failure = reply(kind, self.path, self.state.elsewhere, self.headers.get("Authorization", ""))
        self._answer(failure.status, failure.body, failure.content_type, failure.headers, cut=kind == "cut")

    def _json(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        self._answer(status, json.dumps(content).encode(), "application/json", headers)

    def _answer(
        self,
        status: int,
        body: bytes,
        content_type: str,
        headers: dict[str, str] | None = None,
        cut: bool = False,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body) + 1000 * cut))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.close_connection or cut

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: requests are kept in the state."""


def _numbers(parts: list[str]) -> bool:
    return all(part.isascii() and part.isdigit() for part in parts)


def main() -> None:
    parser = argparse.ArgumentParser(description="Run a small ThreatQ server on the loopback address.")
    parser.add_argument("--library", type=Path, required=True, help="a threat library file, one JSON document")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    arguments = parser.parse_args()
    try:
        service = ThreatQService(json.loads(arguments.library.read_text(encoding="utf-8")), port=arguments.port)
    except (OSError, OverflowError, ValueError) as error:
        parser.error(f"cannot serve {arguments.library} on port {arguments.port}: {error}")
    print(service.url, flush=True)
    print(f"client_id {CLIENT_ID}, client_secret {CLIENT_SECRET}; or username {USER}, password {PASSWORD}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        service.serve_forever()


if __name__ == "__main__":
    main()
