"""The link: the private connection between the host and the process an app runs in.

One connected pair of Unix sockets, never standard output, because apps print. Both sides speak frames:

    kind (1 byte) | length (8 bytes, big endian) | payload

Kind ``J`` is a JSON message, an object whose ``t`` names it; kind ``R`` is the run's result JSON as bytes, so that
the host can keep a large result without parsing it. Messages:

=============  ===========  =====================================================================
``t``          direction    further keys
=============  ===========  =====================================================================
``prepare``    host → app   ``app_dir``, ``main_module``: imports that may be done while the input is checked
``locks``      host → app   the descriptors of held locks ride along; they are kept open, nothing else
``run``        host → app   the run request (see :mod:`soarkit_app.runner`)
``reply``      host → app   ``id``, and ``value``, ``error`` or ``unknown``: the answer to that ``call``
``phase``      app → host   ``phase``: "import", "construct", "action", "end"
``progress``   app → host   ``text``, ``transient``
``log``        app → host   ``level`` ("debug", "info", "error"), ``text``
``call``       app → host   ``id``, ``name``, ``arguments``: something only the host can answer
``failure``    app → host   ``code``, ``message``, ``where``, ``hint``: the run broke before it had a result
``problems``   app → host   ``problems``: texts; what the run asked for that its recording does not hold
=============  ===========  =====================================================================

The link is not how the host learns that a run has ended (that is the process's end): a grandchild can hold the
descriptor open, and an app can close it early.
"""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _socket import socket
    from typing import Any, List, Tuple

MESSAGE = b"J"
RESULT = b"R"
#: Exit status of a process that found its link gone when it had something to hand over.
LOST_LINK_STATUS = 71
_HEADER = 9
# Bound now: apps replace json.dumps and the like, and the link has to go on working.
_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


def pack(kind: bytes, payload: bytes) -> bytes:
    """One frame as bytes."""
    return kind + len(payload).to_bytes(8, "big") + payload


def pack_message(message: dict[str, Any]) -> bytes:
    """A JSON message as a frame. Lone surrogates travel as ``\\u`` escapes, so any ``str`` fits."""
    return pack(MESSAGE, _encode(message).encode("ascii"))


class FrameReader:
    """Cuts a stream of bytes into frames, whatever pieces it arrives in."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> List[Tuple[bytes, bytes]]:
        """Add received bytes; return the frames they completed, as (kind, payload)."""
        buffer = self._buffer
        buffer += data
        frames = []
        start = 0
        while len(buffer) - start >= _HEADER:
            end = start + _HEADER + int.from_bytes(buffer[start + 1 : start + _HEADER], "big")
            if len(buffer) < end:
                break
            frames.append((bytes(buffer[start : start + 1]), bytes(memoryview(buffer)[start + _HEADER : end])))
            start = end
        if start:
            del buffer[:start]
        return frames


class Encoded:
    """An argument of a call that is JSON text already, and of any size: it goes into the message as it is."""

    def __init__(self, text: str) -> None:
        self.text = text


def _pack_call(number: int, name: str, arguments: dict[str, Any]) -> bytes:
    texts = (
        f"{_encode(key)}:{value.text if isinstance(value, Encoded) else _encode(value)}"
        for key, value in arguments.items()
    )
    call = f'{{"t":"call","id":{number},"name":{_encode(name)},"arguments":{{{",".join(texts)}}}}}'
    return pack(MESSAGE, call.encode())


class LinkClosed(Exception):
    """The other side is gone, or the descriptor is no longer ours."""


class AppLink:
    """The app's end of the link.

    Only the process that was started may write: an app that forks leaves a copy of the descriptor with its child,
    and one that closes descriptors may see the number reused for a file of its own. Both are checked before each
    write (process id; device and inode of the descriptor).
    """

    def __init__(self, connection: socket) -> None:
        import threading

        self._socket = connection
        self._fd = connection.fileno()
        self.owner = os.getpid()
        self._identity = self._identify()
        self._reader = FrameReader()
        self._frames: List[Tuple[bytes, bytes]] = []
        self._kept: List[int] = []
        self._calls = 0
        # Progress comes from several threads in apps that use executors; one call at a time awaits its reply.
        self._write_lock = threading.Lock()
        self._call_lock = threading.Lock()

    def _identify(self) -> Tuple[int, int]:
        status = os.fstat(self._fd)
        return status.st_dev, status.st_ino

    def usable(self) -> bool:
        """Whether this process may still write, and the descriptor is still the link."""
        try:
            return os.getpid() == self.owner and self._identify() == self._identity
        except OSError:
            return False

    def send(self, message: dict[str, Any]) -> None:
        """Send one message. :raises LinkClosed: when that is not possible any more"""
        self._write(pack_message(message))

    def send_result(self, text: str) -> None:
        """Send the result JSON. :raises LinkClosed: as :meth:`send`"""
        self._write(pack(RESULT, text.encode("utf-8")))

    def _write(self, data: bytes) -> None:
        self._require_owner()
        with self._write_lock:
            if not self.usable():
                raise LinkClosed("the link was closed")
            try:
                os.set_blocking(self._fd, True)  # an app may have changed that for every descriptor it found
                self._socket.sendall(data)
            except OSError as error:
                raise LinkClosed(str(error)) from error

    def _require_owner(self) -> None:
        """Before any lock: a thread of the parent may have held it at the fork, and never lets go of it here."""
        if os.getpid() != self.owner:
            raise LinkClosed("only the process that soarkit started can ask it; this one was forked")

    def receive(self) -> dict[str, Any]:
        """Wait for the next message. Descriptors that come along are kept open for the life of the process.

        :raises LinkClosed: at end of file
        """
        while not self._frames:
            data = self._receive_bytes()
            if not data:
                raise LinkClosed("the host is gone")
            self._frames += self._reader.feed(data)
        _, payload = self._frames.pop(0)
        message: dict[str, Any] = _decode(payload.decode())
        return message

    def _receive_bytes(self) -> bytes:
        import _socket
        import sys

        try:
            data, ancillary, _, _ = self._socket.recvmsg(1 << 16, _socket.CMSG_LEN(4 * 253))
        except OSError as error:
            raise LinkClosed(str(error)) from error
        for _, _, packed in ancillary:
            for start in range(0, len(packed) - len(packed) % 4, 4):
                descriptor = int.from_bytes(packed[start : start + 4], sys.byteorder)
                os.set_inheritable(descriptor, False)
                self._kept.append(descriptor)
        return data

    def call(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Ask the host and wait for its reply: ``{"value": ...}``, ``{"error": text}`` or ``{"unknown": true}``.

        :raises LinkClosed: as :meth:`send`
        """
        self._require_owner()
        with self._call_lock:
            self._calls += 1
            number = self._calls
            self._write(_pack_call(number, name, arguments))
            while True:
                reply = self.receive()
                # A call that an exception interrupted may have left its reply behind.
                if reply.get("id") == number:
                    return reply
