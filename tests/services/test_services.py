"""The servers that tests talk to keep to their protocols."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import struct
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import ModuleType

import pytest

from tests.services import contoso, passive_dns
from tests.services.certificate import make_certificate, server_context
from tests.services.dns import TYPES, DnsService, reverse_name
from tests.services.echo import EchoService
from tests.services.passive_dns import PassiveDnsService
from tests.services.whois import WhoisService

RECORDS = {
    ("contoso.example", "A"): ["192.0.2.10", "192.0.2.11"],
    ("contoso.example", "AAAA"): ["2001:db8::10"],
    ("contoso.example", "MX"): ["10 mail.contoso.example"],
    ("contoso.example", "TXT"): ["v=spf1 -all", "x" * 300],
    ("big.example", "TXT"): ["y" * 600],
    ("www.contoso.example", "CNAME"): ["contoso.example"],
    (reverse_name("192.0.2.10"), "PTR"): ["contoso.example"],
}


def question(name: str, kind: str) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!HHHHHH", 4711, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", TYPES[kind], 1)


def ask(service: DnsService, name: str, kind: str) -> tuple[int, bool, list[tuple[int, bytes]]]:
    """(response code, truncated, [(type, data)]) by UDP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(5)
        sock.sendto(question(name, kind), (service.host, service.port))
        return parse(sock.recv(4096), len(question(name, kind)))


def parse(message: bytes, at: int) -> tuple[int, bool, list[tuple[int, bytes]]]:
    number, flags, _, count, _, _ = struct.unpack_from("!HHHHHH", message)
    assert (number, flags & 0x8000) == (4711, 0x8000)
    answers = []
    for _ in range(count):
        pointer, kind, _, _, length = struct.unpack_from("!HHHIH", message, at)
        assert pointer == 0xC00C
        answers.append((kind, message[at + 12 : at + 12 + length]))
        at += 12 + length
    assert at == len(message)
    return flags & 0xF, bool(flags & 0x0200), answers


def test_dns() -> None:
    with DnsService(RECORDS, host="127.0.0.53") as service:
        assert service.host == "127.0.0.53"
        addresses = [(1, bytes([192, 0, 2, 10])), (1, bytes([192, 0, 2, 11]))]
        assert ask(service, "Contoso.Example", "A") == (0, False, addresses)
        assert ask(service, "contoso.example", "AAAA")[2] == [(28, socket.inet_pton(socket.AF_INET6, "2001:db8::10"))]
        assert ask(service, "contoso.example", "MX")[2] == [(15, b"\0\x0a\x04mail\x07contoso\x07example\0")]
        short, long = ask(service, "contoso.example", "TXT")[2]
        assert short == (16, b"\x0bv=spf1 -all")
        assert long == (16, b"\xff" + b"x" * 255 + b"\x2d" + b"x" * 45)
        assert ask(service, "10.2.0.192.in-addr.arpa", "PTR")[2] == [(12, b"\x07contoso\x07example\0")]
        assert ask(service, "www.contoso.example", "A")[2] == [(5, b"\x07contoso\x07example\0")]
        assert ask(service, "contoso.example", "NS") == (0, False, [])
        assert ask(service, "absent.example", "A") == (3, False, [])
        assert service.questions[0] == ("Contoso.Example", "A", "udp")


def test_dns_by_tcp_when_too_big_for_udp() -> None:
    with DnsService(RECORDS) as service:
        assert ask(service, "big.example", "TXT") == (0, True, [])
        query = question("big.example", "TXT")
        with socket.create_connection((service.host, service.port), timeout=5) as sock, sock.makefile("rb") as file:
            sock.sendall(struct.pack("!H", len(query)) + query)
            message = file.read(struct.unpack("!H", file.read(2))[0])
        code, truncated, answers = parse(message, len(query))
        assert (code, truncated, len(answers[0][1])) == (0, False, 603)
        assert [item[2] for item in service.questions] == ["udp", "tcp"]


def test_whois() -> None:
    with WhoisService({"contoso.example": "Domain Name: CONTOSO.EXAMPLE\nStatus: ok\n"}, host="127.0.0.43") as service:
        for query, answer in (
            ("Contoso.Example ", b"Domain Name: CONTOSO.EXAMPLE\r\nStatus: ok\r\n"),
            ("absent.example", b"No match.\r\n"),
        ):
            with socket.create_connection((service.host, service.port), timeout=5) as sock, sock.makefile("rb") as file:
                sock.sendall(f"{query}\r\n".encode())
                assert file.read() == answer
        assert service.queries == ["Contoso.Example ", "absent.example"]


def test_echo_keeps_the_connection_and_what_was_sent() -> None:
    with EchoService() as service:
        connection = http.client.HTTPConnection(service.host, service.port, timeout=5)
        for body in (b"first", iter([b"sec", b"ond"])):
            connection.request("PATCH", "/a?b=1", body, {"X-Thing": "x"})
            answer = json.loads(connection.getresponse().read())
            assert (answer["method"], answer["path"], answer["query"]) == ("PATCH", "/a", "b=1")
        connection.close()
        assert [item.body for item in service.requests] == [b"first", b"second"]
        assert service.requests[0].headers["X-Thing"] == "x"


def test_echo_with_basic_authentication() -> None:
    with EchoService(username="ada", password="pw:1") as service:
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, service.url, "ada", "pw:1")
        opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
        with opener.open(service.url, timeout=5) as response:
            assert response.status == 200
        assert ["Authorization" in item.headers for item in service.requests] == [False, True]


@pytest.mark.parametrize("hostname", ["localhost", "elsewhere.example"])
def test_echo_with_tls(hostname: str, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, hostname)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with EchoService(tls=server_context(certificate)) as service:
        connection = http.client.HTTPSConnection(service.host, service.port, timeout=5, context=trusting)
        if hostname == "localhost":
            connection.request("GET", "/")
            assert connection.getresponse().status == 200
        else:
            with pytest.raises(ssl.SSLCertVerificationError):
                connection.request("GET", "/")
        connection.close()


def test_contoso_by_hand() -> None:
    process = subprocess.Popen(
        [sys.executable, contoso.__file__, "--port", "0", "--apikey", "k"], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        request = urllib.request.Request(f"{url}/api/v1/status", headers={"X-Api-Key": "k"})
        with urllib.request.urlopen(request, timeout=5) as response:
            assert json.load(response)["product"] == "Contoso Reputation"
        process.terminate()


def test_passive_dns_answers_and_fails_as_told() -> None:
    def ask(path: str, key: str = "demo") -> tuple[int, str]:
        connection = http.client.HTTPConnection(service.url.removeprefix("http://"), timeout=5)
        try:
            connection.request("GET", path, headers={"X-Api-Key": key})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    with PassiveDnsService("demo") as service:
        assert json.loads(ask("/v1/domains/Contoso.Example")[1])["verdict"] == "benign"
        assert len(json.loads(ask("/v1/domains/contoso.example/history")[1])["queries"]) == 14
        assert [
            status for status, _ in map(ask, ("/v1/domains/x.example", "/v1/ips/192.0.2.10/x", "/", "/v2/ips/x"))
        ] == [404] * 4
        assert ask("/v1/ips/192.0.2.10", key="other")[0] == 401
        service.fail_next("rate_limit", "not_json")
        assert [ask("/v1/ips/192.0.2.10")[0], ask("/v1/ips/192.0.2.10")] == [429, (200, "it works")]
        assert len(service.requests) == 9


def test_passive_dns_runs_by_hand() -> None:
    script = str(Path(__file__).with_name("passive_dns.py"))
    with subprocess.Popen([sys.executable, script, "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            request = urllib.request.Request(f"{address}/v1/ips/192.0.2.10", headers={"X-Api-Key": "demo"})
            with urllib.request.urlopen(request, timeout=5) as answer:
                assert json.load(answer)["asn"] == 64500
        finally:
            process.terminate()


@pytest.mark.parametrize("service", [contoso, passive_dns])
def test_by_hand_a_taken_port_is_one_line(service: ModuleType) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for port in (str(taken.getsockname()[1]), "70000"):
            command = [sys.executable, str(service.__file__), "--port", port]
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=20)
            assert done.returncode == 2
            assert f"cannot listen on port {port}: " in done.stderr.splitlines()[-1]
            assert "Traceback" not in done.stderr
