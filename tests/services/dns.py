"""A DNS server that answers from a table, on UDP and TCP. Standard library only.

::

    records = {("contoso.example", "A"): ["192.0.2.10"], ("contoso.example", "MX"): ["10 mail.contoso.example"]}
    with DnsService(records, host="127.0.0.53") as service:
        ... service.host, service.port ... service.questions ...

Types: A, AAAA, CNAME, MX (``"preference host"``), NS, PTR, TXT. A name without any record gets NXDOMAIN, a known one
without
the wanted type an empty answer. Answers too big for UDP are truncated, so that the client comes back by TCP.
"""

from __future__ import annotations

import ipaddress
import socketserver
import struct
import threading
from collections.abc import Mapping, Sequence
from types import TracebackType

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
_NAMES = {number: name for name, number in TYPES.items()}
_UDP_LIMIT = 512
_RESPONSE, _AUTHORITATIVE, _TRUNCATED, _RECURSION_DESIRED, _RECURSION = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080
_NXDOMAIN = 3

Records = Mapping[tuple[str, str], Sequence[str]]


class DnsService:
    """The server in this process.

    :param records: (name, type) → values; names without the last dot, compared without case
    :param host: an address of this machine, any 127.x.y.z
    :param port: the same for UDP and TCP; 0 takes a free one
    """

    def __init__(self, records: Records, host: str = "127.0.0.1", port: int = 0) -> None:
        self.questions: list[tuple[str, str, str]] = []  #: (name, type, "udp" or "tcp"), oldest first
        self._records = {(name.lower().rstrip("."), kind): list(values) for (name, kind), values in records.items()}
        self._tcp, self._udp = self._bind(host, port)
        self._threads = [
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            for server in (self._tcp, self._udp)
        ]

    def _bind(self, host: str, port: int) -> tuple[socketserver.TCPServer, socketserver.UDPServer]:
        for attempt in range(20):
            tcp = _TcpServer((host, port), type("Handler", (_TcpHandler,), {"service": self}))
            try:
                udp = _UdpServer((host, tcp.server_address[1]), type("Handler", (_UdpHandler,), {"service": self}))
            except OSError:
                tcp.server_close()
                if port or attempt == 19:  # a free TCP port may be a taken UDP port
                    raise
            else:
                return tcp, udp
        raise AssertionError

    @property
    def host(self) -> str:
        return str(self._tcp.server_address[0])

    @property
    def port(self) -> int:
        return int(self._tcp.server_address[1])

    def __enter__(self) -> DnsService:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in (self._tcp, self._udp):
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()

    def answer(self, message: bytes, transport: str) -> bytes:
        """The answer to a DNS message, nothing for one that is too short to hold a question."""
        if len(message) < 17:
            return b""
        number, flags = struct.unpack_from("!HH", message)
        name, end = _read_name(message, 12)
        kind_number = struct.unpack_from("!H", message, end)[0]
        question = message[12 : end + 4]
        kind = _NAMES.get(kind_number, str(kind_number))
        self.questions.append((name, kind, transport))
        key = name.lower()
        values = [(kind, value) for value in self._records.get((key, kind), ())]
        if not values:
            values = [("CNAME", value) for value in self._records.get((key, "CNAME"), ())]
        known = any(known_name == key for known_name, _ in self._records)
        reply = _RESPONSE | _AUTHORITATIVE | _RECURSION | (flags & _RECURSION_DESIRED) | (0 if known else _NXDOMAIN)
        answers = b"".join(_record(record_kind, value) for record_kind, value in values)
        head = struct.pack("!HHHHHH", number, reply, 1, len(values), 0, 0)
        whole = head + question + answers
        if transport == "udp" and len(whole) > _UDP_LIMIT:
            return struct.pack("!HHHHHH", number, reply | _TRUNCATED, 1, 0, 0, 0) + question
        return whole


def _record(kind: str, value: str) -> bytes:
    data = _data(kind, value)
    # 0xC00C points to the question's name.
    return struct.pack("!HHHIH", 0xC00C, TYPES[kind], 1, 300, len(data)) + data


def _data(kind: str, value: str) -> bytes:
    if kind in ("A", "AAAA"):
        return ipaddress.ip_address(value).packed
    if kind == "MX":
        preference, host = value.split()
        return struct.pack("!H", int(preference)) + _write_name(host)
    if kind == "TXT":
        raw = value.encode()
        parts = [raw[at : at + 255] for at in range(0, len(raw), 255)] or [b""]
        return b"".join(bytes([len(part)]) + part for part in parts)
    return _write_name(value)


def _write_name(name: str) -> bytes:
    labels = [label.encode("idna") for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def _read_name(message: bytes, at: int) -> tuple[str, int]:
    labels = []
    while message[at]:
        labels.append(message[at + 1 : at + 1 + message[at]].decode("ascii", "replace"))
        at += 1 + message[at]
    return ".".join(labels), at + 1


class _TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class _UdpServer(socketserver.ThreadingUDPServer):
    daemon_threads = True


class _UdpHandler(socketserver.BaseRequestHandler):
    service: DnsService

    def handle(self) -> None:
        message, sock = self.request
        if answer := self.service.answer(message, "udp"):
            sock.sendto(answer, self.client_address)


class _TcpHandler(socketserver.StreamRequestHandler):
    service: DnsService
    timeout = 10

    def handle(self) -> None:
        while len(length := self.rfile.read(2)) == 2:
            answer = self.service.answer(self.rfile.read(struct.unpack("!H", length)[0]), "tcp")
            self.wfile.write(struct.pack("!H", len(answer)) + answer)


def reverse_name(address: str) -> str:
    """The name a PTR record stands under, e.g. ``10.2.0.192.in-addr.arpa``."""
    return ipaddress.ip_address(address).reverse_pointer


__all__ = ["TYPES", "DnsService", "Records", "reverse_name"]
