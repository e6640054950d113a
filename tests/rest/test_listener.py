"""The web server that ``--listen`` starts."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from soarkit.errors import SurroundingsError, UsageError
from soarkit.rest import certificate, listener
from soarkit.rest.listener import Address, Listener
from soarkit.runtime.handling import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
TEXT = (("Content-Type", "text/plain"),)


@contextmanager
def listening(answer: Answer, home: Path | None = None) -> Iterator[tuple[str, int]]:
    scheme = "http" if home is None else "https"
    context = None if home is None else lambda: certificate.server_context(str(home))
    with Listener(Address(scheme, "127.0.0.1", 0), answer, context) as started:
        port = int(started.url.rpartition(":")[2])
        assert started.url == f"{scheme}://127.0.0.1:{port}"
        yield "127.0.0.1", port


def raw(address: tuple[str, int], request: bytes) -> bytes:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(request)
        received = b""
        while data := connection.recv(65536):
            received += data
    return received


def test_what_an_answer_is_made_from() -> None:
    seen: list[HttpRequest] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse(201, (*TEXT, ("X-A", "ü"), ("Content-Length", "7")), b"hello")

    with listening(answer) as address:
        connection = http.client.HTTPConnection(*address)
        connection.request("POST", "/a%20b?c=d&e", body=b"body", headers={"X-B": "1", "Cookie": "z"})
        response = connection.getresponse()
        assert (response.status, response.read()) == (201, b"hello")
        assert response.getheader("X-A") == "ü"
        assert response.getheader("Server") == "soarkit "
        connection.close()
    (request,) = seen
    assert (request.method, request.path, request.query, request.body) == ("POST", "/a%20b", "c=d&e", b"body")
    assert {("X-B", "1"), ("Cookie", "z")} <= set(request.headers)
    assert (request.remote, request.scheme, request.server) == ("127.0.0.1", "http", f"127.0.0.1:{address[1]}")


def test_tls(home: Path) -> None:
    with listening(lambda request: HttpResponse(200, TEXT, request.scheme.encode()), home) as address:
        with socket.create_connection(address):  # says nothing, and must not keep others waiting
            context = ssl.create_default_context(cafile=certificate.path(str(home)))
            connection = http.client.HTTPSConnection(*address, context=context, timeout=10)
            connection.request("GET", "/")
            assert connection.getresponse().read() == b"https"
            connection.close()
        with pytest.raises(ConnectionResetError):
            raw(address, b"GET / HTTP/1.1\r\n\r\n")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"POST / HTTP/1.1\r\nContent-Length: 10485761\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1_0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"TRACE / HTTP/1.1\r\n\r\n", 501),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET http://other.example/a HTTP/1.1\r\n\r\n", 200),
        (b"GET http://[x/a HTTP/1.1\r\n\r\n", 200),
        (b"GET a HTTP/1.1\r\n\r\n", 400),
    ],
)
def test_requests_that_are_refused(head: bytes, status: int) -> None:
    with listening(lambda request: HttpResponse(200, TEXT, request.path.encode())) as address:
        received = raw(address, head)
    assert received.startswith(f"HTTP/1.1 {status} ".encode())
    if status == 200:
        assert received.endswith(b"\r\n\r\n/a")


def test_headers_stay_what_they_are() -> None:
    headers = (
        ("X-A", "a\r\nX-Forged: 1"),
        ("X-B\n", "b"),
        ("X B", "b"),
        ("", "b"),
        ("Connection", "keep-alive"),
        ("Location", "/c"),
    )
    with listening(lambda request: HttpResponse(302, headers)) as address:
        received = raw(address, b"GET / HTTP/1.1\r\n\r\n")
    assert b"X-Forged" not in received
    assert b"X-B" not in received
    assert b": b\r\n" not in received
    assert b"keep-alive" not in received
    assert b"Location: /c\r\n" in received


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 99), ("GET", 700)])
def test_answers_without_a_body_and_of_no_status(method: str, status: int) -> None:
    with listening(lambda request: HttpResponse(status, TEXT, b"x" if status != 204 else b"")) as address:
        received = raw(address, f"{method} / HTTP/1.1\r\n\r\n".encode())
    expected = status if 200 <= status < 600 else 500
    assert received.startswith(f"HTTP/1.1 {expected} ".encode())
    assert received.endswith(b"\r\n\r\n" if method == "HEAD" or status == 204 else b"x")


def test_no_more_at_once_than_the_machine_bears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_AT_ONCE", 1)
    entered, go_on = threading.Event(), threading.Event()

    def answer(request: HttpRequest) -> HttpResponse:
        entered.set()
        go_on.wait(10)
        return HttpResponse(200, TEXT, b"done")

    with listening(answer) as address:
        first = http.client.HTTPConnection(*address)
        first.request("GET", "/")
        assert entered.wait(10)
        assert raw(address, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 503 ")
        go_on.set()
        assert first.getresponse().read() == b"done"
        first.close()


def test_no_more_connections_than_the_machine_bears(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "MOST_CONNECTIONS", 2)
    with listening(lambda request: HttpResponse(200, TEXT, b"done")) as address:
        slow = [socket.create_connection(address) for _ in range(2)]
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            refused = http.client.HTTPConnection(*address)
            try:
                refused.request("GET", "/")
                refused.getresponse()
            finally:
                refused.close()
        for one in slow:
            one.close()
        deadline = time.monotonic() + 10
        while not (received := _tried(address)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert received.endswith(b"done")


def _tried(address: tuple[str, int]) -> bytes:
    try:
        return raw(address, b"GET / HTTP/1.1\r\n\r\n")
    except OSError:
        return b""


def test_leaving_does_not_wait_for_an_answer_under_way() -> None:
    entered, go_on = threading.Event(), threading.Event()

    def answer(request: HttpRequest) -> HttpResponse:
        entered.set()
        go_on.wait(10)
        return HttpResponse(200)

    with listening(answer) as address:
        connection = http.client.HTTPConnection(*address)
        connection.request("GET", "/")
        assert entered.wait(10)
        start = time.monotonic()
    assert time.monotonic() - start < 5
    go_on.set()
    connection.close()


def test_an_address_that_is_taken() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SurroundingsError, match="cannot listen on this address") as caught:
            Listener(Address("http", "127.0.0.1", port), lambda request: HttpResponse(200))
    assert "another program" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8080", ("http", "127.0.0.1", 8080)),
        ("https://localhost:0", ("https", "localhost", 0)),
        ("http://[::1]:8443/", ("http", "::1", 8443)),
        ("[::]:1", ("http", "::", 1)),
        (":8080", ("http", "127.0.0.1", 8080)),
    ],
)
def test_addresses(text: str, address: tuple[str, str, int]) -> None:
    assert Address.parse(text, "--listen") == address


@pytest.mark.parametrize("text", ["8080", "host", "ftp://a:1", "a:b", "a:70000", "http://a:1/path", "", "[::1:3"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageError, match="no address to listen on"):
        Address.parse(text, "--listen")


def test_everywhere_is_reached_as_localhost() -> None:
    started = Listener(Address("http", "0.0.0.0", 0), lambda request: HttpResponse(200))
    with started:
        assert started.url.startswith("http://localhost:")
