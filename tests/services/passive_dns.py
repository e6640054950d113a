"""The Contoso passive DNS service, small and real: what the sample bundle asks. Standard library only.

By hand::

    python tests/services/passive_dns.py --port 8124 --apikey demo

In a test::

    with PassiveDnsService(api_key="demo") as service:
        ... service.url ... service.requests ...

=== ================================= ======================================================================
GET ``/v1/domains/<domain>``          who holds it, verdict, score, first and last seen; 404 for an unknown one
GET ``/v1/domains/<domain>/history``  the addresses that it had, with the times, and queries day by day
GET ``/v1/domains/<domain>/contacts`` e-mail addresses from its registration
GET ``/v1/ips/<address>``             network, country, verdict, score, open ports
GET ``/v1/ips/<address>/domains``     the domains that had this address
=== ================================= ======================================================================

All want ``X-Api-Key``, else 401. :meth:`PassiveDnsService.fail_next` makes the next requests fail: ``"rate_limit"``
(429 with ``Retry-After``), ``"error_page"`` (500 in HTML), ``"not_json"``, ``"hang_up"``, ``"slow"`` (an answer after
40 s, which is longer than a transform may take).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

_CONTOSO = {
    "domain": "contoso.example",
    "verdict": "benign",
    "score": 4,
    "registrar": "Example Registrar",
    "created": "1997-03-14",
    "first_seen": "2019-06-01T08:00:00Z",
    "last_seen": "2025-03-01T10:30:00Z",
    "categories": ["business", "software"],
    "name_servers": ["ns1.contoso.example", "ns2.contoso.example"],
}
_PHISHING = {
    "domain": "login-contoso.example",
    "verdict": "malicious",
    "score": 91,
    "registrar": "Cheap Names",
    "created": "2025-02-20",
    "first_seen": "2025-02-20T22:14:09Z",
    "last_seen": "2025-03-01T11:02:40Z",
    "categories": ["phishing", "newly registered", "look-alike"],
    "name_servers": ["ns1.bulk.example"],
}
_DOMAINS = {str(one["domain"]): one for one in (_CONTOSO, _PHISHING)}


def _had(ip: str, first_seen: str, last_seen: str, count: int) -> dict[str, Any]:
    return {"ip": ip, "first_seen": first_seen, "last_seen": last_seen, "count": count}


_RESOLUTIONS = {
    "contoso.example": [
        _had("192.0.2.10", "2019-06-01T08:00:00Z", "2022-01-15T00:00:00Z", 48210),
        _had("192.0.2.11", "2021-11-02T06:00:00Z", "2025-03-01T10:30:00Z", 91044),
        _had("198.51.100.7", "2024-05-05T12:00:00Z", "2024-06-30T12:00:00Z", 731),
    ],
    "login-contoso.example": [
        _had("198.51.100.7", "2025-02-20T22:14:09Z", "2025-02-26T03:00:00Z", 212),
        _had("203.0.113.99", "2025-02-25T19:40:00Z", "2025-03-01T11:02:40Z", 1807),
    ],
}
_QUERIES = {
    "contoso.example": [310, 298, 341, 120, 98, 322, 351, 349, 330, 127, 101, 344, 360, 352],
    "login-contoso.example": [0, 0, 0, 0, 4, 35, 88, 112, 240, 515, 402, 260, 171, 92],
}
_CONTACTS = {
    "contoso.example": [
        {"email": "hostmaster@contoso.example", "role": "technical", "seen": "2025-01-10"},
        {"email": "legal@contoso.example", "role": "registrant", "seen": "2025-01-10"},
    ],
    "login-contoso.example": [{"email": "bulk-buyer@bulk.example", "role": "registrant", "seen": "2025-02-20"}],
}


def _network(asn: int, network: str, country: str, verdict: str, score: int, ports: list[int]) -> dict[str, Any]:
    return {
        "asn": asn,
        "network": network,
        "country": country,
        "verdict": verdict,
        "score": score,
        "ports": ports,
    }


_ADDRESSES = {
    "192.0.2.10": _network(64500, "Contoso Data Centers", "NL", "benign", 2, [80, 443]),
    "192.0.2.11": _network(64500, "Contoso Data Centers", "NL", "benign", 3, [25, 80, 443]),
    "198.51.100.7": _network(64501, "Shared Hosting", "DE", "suspicious", 55, [22, 80, 443, 8080]),
    "203.0.113.99": _network(64511, "Bulk Hosting", "SC", "malicious", 96, [22, 443]),
}
#: The days of the counts above.
_DAYS = [f"2025-02-{day}" for day in range(16, 29)] + ["2025-03-01"]


class PassiveDnsService:
    """The service in this process, on the loopback address.

    :param api_key: what ``X-Api-Key`` must say
    :param port: 0 takes a free one
    """

    def __init__(self, api_key: str = "demo", port: int = 0) -> None:
        self.requests: list[str] = []
        self._failures: list[str] = []
        self._stopped = threading.Event()
        shared = {"api_key": api_key, "requests": self.requests, "failures": self._failures, "stopped": self._stopped}
        self._server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), shared))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """Base address, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fail_next(self, *kinds: str) -> None:
        """Let the next requests fail, one kind each (see the module's text)."""
        self._failures.extend(kinds)

    def __enter__(self) -> PassiveDnsService:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve_forever(self) -> None:
        self._server.serve_forever()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "ContosoPassiveDns/1.0"
    sys_version = ""
    timeout = 60
    disable_nagle_algorithm = True  # head and body go out in two writes, which would wait for each other
    api_key: str
    requests: list[str]
    failures: list[str]
    stopped: threading.Event

    def do_GET(self) -> None:
        self.requests.append(self.path)
        failure = self.failures.pop(0) if self.failures else None
        if failure == "slow":
            self.stopped.wait(40)
        if failure in ("hang_up", "slow"):
            self.close_connection = True
        elif failure == "rate_limit":
            self._json(429, {"error": "Too many requests."}, {"Retry-After": "30"})
        elif failure == "error_page":
            self._answer(500, b"<html><body><h1>500 Internal Server Error</h1></body></html>", "text/html")
        elif failure == "not_json":
            self._answer(200, b"it works", "application/json")
        elif not secrets.compare_digest(self.headers.get("X-Api-Key", "").encode(), self.api_key.encode()):
            self._json(401, {"error": "The API key is not valid."})
        else:
            found = _find([unquote(part) for part in urlsplit(self.path).path.strip("/").split("/")])
            self._json(404, {"error": "Nothing is known about it."}) if found is None else self._json(200, found)

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
        """Silent: requests are kept in a list."""


def _find(path: list[str]) -> dict[str, Any] | None:
    """What is at a path; None: nothing."""
    if len(path) not in (3, 4) or path[0] != "v1":
        return None
    kind, value, part = path[1], path[2].lower(), path[3] if len(path) == 4 else ""
    if kind == "domains" and value in _DOMAINS:
        return _about_domain(value, part)
    if kind == "ips" and value in _ADDRESSES:
        return _about_address(value, part)
    return None


def _about_domain(domain: str, part: str) -> dict[str, Any] | None:
    if part == "":
        return _DOMAINS[domain]
    if part == "contacts":
        return {"contacts": _CONTACTS[domain]}
    if part == "history":
        days = [{"day": day, "count": count} for day, count in zip(_DAYS, _QUERIES[domain], strict=True)]
        return {"resolutions": [_with_network(one) for one in _RESOLUTIONS[domain]], "queries": days}
    return None


def _about_address(address: str, part: str) -> dict[str, Any] | None:
    if part == "":
        return {"ip": address, **_ADDRESSES[address]}
    if part == "domains":
        had = [{"domain": domain, **one} for domain, those in _RESOLUTIONS.items() for one in those]
        return {"domains": [one for one in had if one["ip"] == address]}
    return None


def _with_network(resolution: dict[str, Any]) -> dict[str, Any]:
    address = _ADDRESSES[resolution["ip"]]
    return {**resolution, "asn": address["asn"], "network": address["network"]}


def main() -> None:
    parser = argparse.ArgumentParser(description="Run the Contoso passive DNS service on the loopback address.")
    parser.add_argument("--port", type=int, default=8124, help="0 takes a free one")
    parser.add_argument("--apikey", default="demo")
    arguments = parser.parse_args()
    try:
        service = PassiveDnsService(arguments.apikey, arguments.port)
    except (OSError, OverflowError) as error:
        parser.error(f"cannot listen on port {arguments.port}: {error}")
    print(service.url, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        service.serve_forever()


if __name__ == "__main__":
    main()
