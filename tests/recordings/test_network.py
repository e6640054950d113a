"""A replay opens no socket to the internet and asks no name server."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.services.dns import DnsService
from tests.services.whois import WhoisService

from .conftest import Opened


@pytest.fixture
def empty(path: Path) -> None:
    path.write_text('{"format": "soarkit-recording", "version": 1, "exchanges": []}')


@pytest.fixture
def whois() -> Iterator[WhoisService]:
    with WhoisService({}) as service:
        yield service


def _connect(host: str, port: int) -> None:
    with socket.socket() as sock:
        sock.connect((host, port))


def _connect_ex(host: str, port: int) -> None:
    with socket.socket() as sock:
        sock.connect_ex((host, port))


def _create_connection(host: str, port: int) -> None:
    socket.create_connection((host, port), timeout=5).close()


def _asyncio(host: str, port: int) -> None:
    asyncio.run(asyncio.open_connection(host, port))


def _tls(host: str, port: int) -> None:
    with socket.socket() as sock, ssl.create_default_context().wrap_socket(sock, server_hostname="x") as secure:
        secure.connect((host, port))


def _udp(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", (host, port))


def _udp_message(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendmsg([b"x"], [], 0, (host, port))


TRIES = [_connect, _connect_ex, _create_connection, _asyncio, _tls, _udp, _udp_message]


@pytest.mark.parametrize("attempt", TRIES, ids=lambda attempt: attempt.__name__.strip("_"))
def test_sockets_are_refused_and_noted(
    attempt: Callable[[str, int], None], empty: None, whois: WhoisService, replay: Opened
) -> None:
    with (
        replay() as recording,
        pytest.raises(OSError, match=re.escape(f"raw socket to {whois.host} (port {whois.port})")),
    ):
        attempt(whois.host, whois.port)
    place = f"{whois.host} (port {whois.port})"
    assert recording.problems == [f"raw socket to {place} refused: a replay answers HTTP only"]
    assert whois.queries == []


def test_ipv6(empty: None, replay: Opened) -> None:
    with (
        replay() as recording,
        socket.socket(socket.AF_INET6) as sock,
        pytest.raises(OSError, match="raw socket"),
    ):
        sock.connect(("::1", 9))
    assert recording.problems == ["raw socket to ::1 (port 9) refused: a replay answers HTTP only"]


def test_the_message_names_the_host_that_was_looked_up(empty: None, replay: Opened) -> None:
    with replay() as recording, pytest.raises(OSError, match=r"ldap\.contoso\.example"):
        socket.create_connection(("ldap.contoso.example", 389))
    assert recording.problems == ["raw socket to ldap.contoso.example (port 389) refused: a replay answers HTTP only"]


def test_names_get_documentation_addresses(empty: None, replay: Opened) -> None:
    with replay() as recording:
        first = socket.gethostbyname("one.example")
        second = socket.getaddrinfo("two.example", "https", type=socket.SOCK_STREAM)[0][4][0]
        sixth = socket.getaddrinfo("one.example", 443, socket.AF_INET6)[0][4][0]
        assert (first, second, sixth) == ("192.0.2.1", "192.0.2.2", "2001:db8::3")
        assert socket.gethostbyname("one.example") == first
        assert socket.gethostbyname_ex("one.example") == ("one.example", [], [first])
        assert socket.gethostbyaddr(first) == ("one.example", [], [first])
        assert socket.getnameinfo((first, 443), socket.NI_NUMERICSERV) == (first, "443")
        assert socket.getaddrinfo("203.0.113.9", 80)[0][4] == ("203.0.113.9", 80)
        assert socket.gethostbyname("localhost") == "127.0.0.1"
        assert socket.getfqdn()
        with pytest.raises(socket.herror):
            socket.gethostbyaddr("203.0.113.9")
    assert not recording.problems


def test_a_function_that_was_taken_before_looks_nothing_up(empty: None, replay: Opened) -> None:
    taken = socket.getaddrinfo
    with replay(), pytest.raises(socket.gaierror, match="looks no names up"):
        taken("one.example", 443)


def test_unix_sockets_stay_open(empty: None, replay: Opened, tmp_path: Path) -> None:
    os.chdir(tmp_path)  # the path of a Unix socket is short
    with replay() as recording, socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind("s")
        server.listen()
        client.connect("s")
        one, two = socket.socketpair()
        one.close()
        two.close()
        asyncio.run(asyncio.sleep(0))
    assert not recording.problems


def test_recording_lets_sockets_pass(record: Opened, whois: WhoisService) -> None:
    with record() as recording, socket.create_connection((whois.host, whois.port), timeout=5) as sock:
        sock.sendall(b"contoso.example\r\n")
        assert sock.recv(100) == b"No match.\r\n"
    assert [problem for problem in recording.problems if problem.startswith("raw socket")] == []


def test_sockets_are_open_again_after_the_replay(empty: None, replay: Opened) -> None:
    with replay():
        pass
    with DnsService({}) as service:
        _udp(service.host, service.port)
        _create_connection(service.host, service.port)
