"""Addresses that a page may link to."""

from __future__ import annotations

import re
from urllib.parse import quote

_WEB = re.compile(
    r"(https?)://((?:[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?)"
    r"(:\d{1,5})?((?:[/?#].*)?)",
    re.IGNORECASE | re.DOTALL,
)
_MAIL = re.compile(r"mailto:[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+", re.IGNORECASE)
_BARE = re.compile(r"\bhttps?://[^\s<>\"'`\\^{|}\u3000-\u303f\uff00-\uffef]+", re.IGNORECASE)
_KEPT = "/?:@!$&'()*+,;=~-._"
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def linkable(address: str) -> str | None:
    """The address as a valid URL of http, https or mailto; None for any other."""
    address = address.strip()
    if _MAIL.fullmatch(address):
        return address
    found = _WEB.fullmatch(address)
    if found is None or not _is_port(found[3]):
        return None
    path, hash_sign, fragment = found[4].partition("#")
    return f"{found[1].lower()}://{found[2]}{found[3] or ''}{_quoted(path)}" + (
        f"#{_quoted(fragment)}" if hash_sign else ""
    )


def _is_port(text: str | None) -> bool:
    return text is None or int(text[1:]) < 65536


def _quoted(part: str) -> str:
    return quote(_BROKEN_ESCAPE.sub("%25", part), safe=_KEPT + "%")


def _without_what_ends_a_sentence(bare: str) -> str:
    """An address without the marks behind it, and without the brackets there that nothing in it opens."""
    unopened = bare.count(")") + bare.count("]") - bare.count("(") - bare.count("[")
    end = len(bare)
    while end and (bare[end - 1] in ".,;:!?*_" or (unopened > 0 and bare[end - 1] in ")]")):
        end -= 1
        unopened -= bare[end] in ")]"
    return bare[:end]


def links_in(text: str) -> list[tuple[str, str | None]]:
    """A text in pieces, with the address where a piece is one; a full stop or bracket behind it is no part of it."""
    pieces: list[tuple[str, str | None]] = []
    done = 0
    for found in _BARE.finditer(text):
        bare = _without_what_ends_a_sentence(found.group())
        address = linkable(bare)
        if address is None:
            continue
        pieces += [(text[done : found.start()], None), (bare, address)]
        done = found.start() + len(bare)
    return [piece for piece in [*pieces, (text[done:], None)] if piece[0]]
