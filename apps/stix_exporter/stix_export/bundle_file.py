"""Writing a bundle to a file as a stream, object by object."""

from __future__ import annotations

import hashlib
from typing import Any, BinaryIO, List, Mapping

from .ids import bundle_id
from .layout import layout

_DEPTH = 2  # an object stands in the list of the bundle
_ENTRIES = 2000  # objects to gather before writing
_BETWEEN = b",\n    "
_UNKNOWN = "bundle--" + "0" * 8 + "-0000-0000-0000-" + "0" * 12


class BundleFile:
    """A bundle in the making: UTF-8, sorted keys, two spaces of indent, LF.

    Its id derives from its objects (reference 7), and stands before them; so the place is left free, and filled by
    :meth:`finish`. Until then the file is no bundle.

    :param out: a binary file that can seek; the bundle begins where it stands.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._digest = hashlib.sha256()
        self._waiting: List[bytes] = []
        start = b'{\n  "id": "'
        self._id_at = out.tell() + len(start)
        out.write(start + _UNKNOWN.encode("ascii") + b'",\n  "objects": [\n    ')
        self._separator = b""

    @staticmethod
    def text(value: Mapping[str, Any]) -> bytes:
        """An object as it stands in the bundle.

        :raises ValueError: it holds what JSON in UTF-8 cannot: half a surrogate pair, an infinite number.
        """
        return layout(value, _DEPTH).encode("utf-8")

    def add(self, text: bytes) -> None:
        """The next object, as :meth:`text` made it."""
        self._waiting.append(text)
        if len(self._waiting) >= _ENTRIES:
            self._write()

    def finish(self) -> str:
        """Complete the file; its id."""
        self._write()
        identity = bundle_id(self._digest.hexdigest())
        self._out.write(b'\n  ],\n  "type": "bundle"\n}\n')
        end = self._out.tell()
        self._out.seek(self._id_at)
        self._out.write(identity.encode("ascii"))
        self._out.seek(end)
        return identity

    def _write(self) -> None:
        if not self._waiting:
            return
        data = self._separator + _BETWEEN.join(self._waiting)
        self._separator = _BETWEEN
        self._waiting.clear()
        self._digest.update(data)
        self._out.write(data)
