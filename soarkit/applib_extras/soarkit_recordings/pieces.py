"""Pieces of a secret that stand in an exchange without the rest.

A service may show the beginning of a key, an app may send a part of it, a parser on the way may have cut it. What is
left of a secret after every whole one is masked, is found here: the longest runs of characters that secret and text
have in common. A word that both have (``production``, a host, a year) is no trace of the secret, so only unusual
pieces count.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, unquote_plus

from .names import is_unusual

#: Characters of a piece that counts.
SHORTEST_PIECE = 8
_MOST_LOOKUPS = 256
_BASE64_RUN = re.compile("[A-Za-z0-9+/_-]{12,}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([0-7]{3})|\\(.)")
_SHORT = {"n": "\n", "r": "\r", "t": "\t"}


def pieces_in(views: Iterable[str], value: str) -> set[str]:
    """The unusual pieces of the value in any of the texts."""
    if len(value) < SHORTEST_PIECE:
        return set()
    found: set[str] = set()
    for view in views:
        found |= _common(view, value)
    return {piece for piece in found if is_unusual(piece) or _is_most_of(piece, value)}


def views(text: str) -> Iterator[str]:
    """The text, and as it reads without its escapes and its base64."""
    yield text
    readings = [unquote_plus(text), html.unescape(text), _ESCAPE.sub(_unescaped, text)]
    everything = unquote(html.unescape(_ESCAPE.sub(_unescaped, text)))
    yield from {reading for reading in (*readings, everything) if reading != text}
    decoded = "\n".join(_decoded(run) for run in _BASE64_RUN.findall(unquote(text)))
    if decoded.strip():
        yield decoded


def _common(text: str, value: str) -> set[str]:
    found = set()
    # Of a very long secret not every window is looked for; the pieces that show it are longer then.
    for start in range(0, len(value) - SHORTEST_PIECE + 1, 1 + len(value) // _MOST_LOOKUPS):
        window = value[start : start + SHORTEST_PIECE]
        at = text.find(window)
        while at >= 0:
            first, last = at, at + SHORTEST_PIECE
            while start - (at - first) > 0 and first > 0 and text[first - 1] == value[start - (at - first) - 1]:
                first -= 1
            while start + last - at < len(value) and last < len(text) and text[last] == value[start + last - at]:
                last += 1
            found.add(text[first:last])
            at = text.find(window, last)
    return found


def _is_most_of(piece: str, value: str) -> bool:
    """At least half of a secret that is no single word, host, date or path: of a passphrase no word is unusual."""
    is_phrase = len(piece) >= 12 and len(piece.split()) > 1
    return len(piece) * 2 >= len(value) and (is_phrase or re.search(r"[^\w\s./:-]", piece) is not None)


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    if digits:
        return chr(int(digits, 16))
    return chr(int(match[3], 8)) if match[3] else _SHORT.get(match[4], match[4])


def _decoded(run: str) -> str:
    plain = run.replace("-", "+").replace("_", "/")
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4)).decode("utf-8", "ignore")
    except binascii.Error:
        return ""
