"""Pictures that lie in an app's folder."""

from __future__ import annotations

import base64
import os
import re
import stat
from typing import NamedTuple
from urllib.parse import unquote

_LARGEST = 4_000_000  # bytes
_MAGIC = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF87a", "gif"), (b"GIF89a", "gif"))
_SUFFIXES = {"jpeg": "jpg", "svg+xml": "svg"}


class Picture(NamedTuple):
    """A picture's bytes."""

    kind: str  #: ``png``, ``jpeg``, ``gif``, ``webp`` or ``svg+xml``
    content: bytes

    @property
    def uri(self) -> str:
        """The picture as a data URI."""
        return f"data:image/{self.kind};base64,{base64.b64encode(self.content).decode()}"

    @property
    def suffix(self) -> str:
        """What the name of its file ends in."""
        return "." + _SUFFIXES.get(self.kind, self.kind)


def picture(folder: str, name: str) -> Picture | None:
    """A picture of an app, told by its content; None for what is none, too large or outside of the app's folder.

    :param folder: the app's
    :param name: its path in there, as an address
    """
    path = os.path.join(folder, unquote(re.split("[?#]", name, maxsplit=1)[0]))
    try:
        root = os.path.realpath(folder)
        path = os.path.realpath(path)
        about = os.stat(path)
        if os.path.commonpath([root, path]) != root or not stat.S_ISREG(about.st_mode) or about.st_size > _LARGEST:
            return None
        with open(path, "rb") as file:
            content = file.read(_LARGEST)
    except (OSError, ValueError):
        return None
    kind = _kind(content)
    return None if kind is None else Picture(kind, content)


def _kind(content: bytes) -> str | None:
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    start = content[:20_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    return "svg+xml" if start.startswith(b"<") and b"<svg" in start else None
