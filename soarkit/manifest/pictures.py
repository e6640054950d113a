"""Pictures that lie in an app's folder: its logos, and what its pages and views show."""

from __future__ import annotations

import base64
import os
import re
import stat
from typing import Literal, NamedTuple
from urllib.parse import unquote

LARGEST = 4_000_000  #: bytes of a picture, where nothing else is said
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"\0\0\1\0", "x-icon"),
)
_LONGEST_PATH = 4096  # characters; to follow a path takes the square of its length
_MOST_PIXELS = 40_000_000
_SUFFIXES = {"jpeg": "jpg", "svg+xml": "svg", "x-icon": "ico"}


class Picture(NamedTuple):
    """A picture's bytes."""

    kind: str  #: ``png``, ``jpeg``, ``gif``, ``x-icon``, ``webp`` or ``svg+xml``
    content: bytes

    @property
    def uri(self) -> str:
        """The picture as a data URI."""
        return f"data:image/{self.kind};base64,{base64.b64encode(self.content).decode()}"

    @property
    def suffix(self) -> str:
        """What the name of its file ends in."""
        return "." + _SUFFIXES.get(self.kind, self.kind)


def picture(folder: str, path: str, *, largest: int = LARGEST) -> Picture | None:
    """A picture of an app, told by its content; None for what is none, too large or outside of the app's folder.

    Too large is also what a page would take too long to draw: PNG and GIF of too many pixels, SVG that repeats itself.

    :param folder: the app's
    :param path: below the folder; links are followed, but not out of it
    :param largest: bytes
    """
    if len(path) > _LONGEST_PATH:
        return None
    try:
        root = os.path.realpath(folder)
        path = os.path.realpath(os.path.join(root, path))
        about = os.stat(path)
        if os.path.commonpath([root, path]) != root or not stat.S_ISREG(about.st_mode) or about.st_size > largest:
            return None
        with open(path, "rb") as file:
            content = file.read(largest)
    except (OSError, ValueError):
        return None
    kind = _kind(content)
    return None if kind is None or _pixels(kind, content) > _MOST_PIXELS else Picture(kind, content)


def addressed(folder: str, address: str, *, largest: int = LARGEST) -> Picture | None:
    """The same for a picture that mark-up names by an address, with escapes, perhaps with a query behind it."""
    return picture(folder, unquote(re.split("[?#]", address, maxsplit=1)[0]), largest=largest)


def _pixels(kind: str, content: bytes) -> int:
    """Of the formats in which little content may be many pixels; 0 for the others."""
    order: Literal["big", "little"]
    if kind == "png":
        order, first, size = "big", 16, 4
    elif kind == "gif":
        order, first, size = "little", 6, 2
    else:
        return 0
    width, height = (int.from_bytes(content[at : at + size], order) for at in (first, first + size))
    return width * height


def _kind(content: bytes) -> str | None:
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    start = content[:20_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not (start.startswith(b"<") and b"<svg" in start):
        return None
    from soarkit.manifest.drawings import can_be_drawn  # late: its parser takes time, and most pictures need none

    return "svg+xml" if can_be_drawn(content) else None
