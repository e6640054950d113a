"""What a replay does not let out of the process: internet sockets and name look-ups.

A recording holds HTTP only. An app that talks to DNS, LDAP, SSH or a database directly would reach the real thing in a
replay, so connecting or sending on an internet socket raises ``OSError``. Unix sockets stay open. Names get addresses
from the blocks that are reserved for documentation (RFC 5737, RFC 3849), the same name the same address within a run,
so that an app which resolves a host first goes on; nothing is asked of a name server.

It works for what goes through Python's sockets. Native libraries (libldap, libpq, libcurl) and other programs that the
app starts are not seen.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from typing import Any

_REFUSED = frozenset(("socket.connect", "socket.sendto", "socket.sendmsg"))
_LOCAL = frozenset(("", "localhost", "ip6-localhost", "ip6-loopback"))

_guard: Guard | None = None
_hooked = False


class Guard:
    """Refuses internet sockets from :meth:`start` to :meth:`stop`.

    :param note: called with ``"host (port n)"`` for each refusal
    :param allowed: host and port that can be connected to all the same
    """

    def __init__(self, note: Callable[[str], None], allowed: tuple[str, int] | None = None) -> None:
        self._note = note
        self._allowed = allowed
        self._hosts: dict[str, str] = {}  # documentation address → the name that was asked for
        self._originals: dict[str, Any] = {}

    def start(self) -> None:
        global _guard, _hooked  # noqa: PLW0603  an audit hook belongs to the interpreter and cannot be removed
        for name, replacement in (
            ("getaddrinfo", self._getaddrinfo),
            ("gethostbyname", self._gethostbyname),
            ("gethostbyname_ex", self._gethostbyname_ex),
            ("gethostbyaddr", self._gethostbyaddr),
            ("getnameinfo", self._getnameinfo),
        ):
            self._originals[name] = getattr(socket, name)
            setattr(socket, name, replacement)
        _guard = self
        if not _hooked:
            sys.addaudithook(_audit)
            _hooked = True

    def stop(self) -> None:
        global _guard  # noqa: PLW0603
        _guard = None
        for name, original in self._originals.items():
            setattr(socket, name, original)
        self._originals.clear()

    def meet(self, address: Any) -> None:
        """Refuse an address, unless it is allowed. :raises ConnectionRefusedError: it is not"""
        host, port = address[0], address[1]
        host = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        if (host, port) == self._allowed:
            return
        place = f"{self._hosts.get(host, host)} (port {port})"
        self._note(place)
        raise ConnectionRefusedError(f"a replay answers HTTP requests only; it refused a raw socket to {place}")

    def _address(self, host: str, family: int) -> str:
        block = "2001:db8::{}" if family == socket.AF_INET6 else "192.0.2.{}"
        known = next((a for a, name in self._hosts.items() if name == host and (":" in a) == (":" in block)), None)
        if known is None:
            known = block.format(len(self._hosts) % 254 + 1)
            self._hosts[known] = host
        return known

    def _getaddrinfo(
        self,
        host: Any,
        port: Any,
        family: int = 0,
        type: int = 0,
        proto: int = 0,
        flags: int = 0,
    ) -> Any:
        name = _name(host)
        if name.lower() not in _LOCAL and not _is_address(name):
            host = self._address(name, family)
        return self._originals["getaddrinfo"](host, port, family, type, proto, flags)

    def _gethostbyname(self, host: Any) -> Any:
        return self._gethostbyname_ex(host)[2][0]

    def _gethostbyname_ex(self, host: Any) -> Any:
        name = _name(host)
        if name.lower() in _LOCAL or _is_address(name) or name == socket.gethostname():
            return name, [], ["127.0.0.1" if not _is_address(name) else name]
        return name, [], [self._address(name, socket.AF_INET)]

    def _gethostbyaddr(self, host: Any) -> Any:
        name = _name(host)
        if name in self._hosts:
            return self._hosts[name], [], [name]
        raise socket.herror(1, "Unknown host")  # what an address without a name gives; getfqdn takes it as such

    def _getnameinfo(self, address: Any, flags: int) -> Any:
        return self._originals["getnameinfo"](address, flags | socket.NI_NUMERICHOST)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    guard = _guard
    if guard is None or not event.startswith("socket."):
        return
    if event in _REFUSED:
        sock, address = arguments[0], arguments[1]
        if sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple) and len(address) > 1:
            guard.meet(address)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        # Reached by those that took the function before the replay began.
        name = _name(arguments[0])
        if name.lower() not in _LOCAL and not _is_address(name):
            raise socket.gaierror(socket.EAI_AGAIN, "a replay looks no names up")


def _name(host: Any) -> str:
    if isinstance(host, (bytes, bytearray)):
        return bytes(host).decode("ascii", "replace")
    return "" if host is None else str(host)


def _is_address(name: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, name.partition("%")[0])
        except (OSError, ValueError):
            continue
        return True
    return False
