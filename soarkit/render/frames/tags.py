"""Tags of HTML found as browsers find them, in one pass, whatever the text is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_OPENING = re.compile(r"<(?:!--|[!?]|/?([a-zA-Z][^\s/>]*))")
_COMMENT_END = re.compile(r"--!?>")
# An attribute's name and, behind "=", the beginning of its value. A quote anywhere else is part of a name.
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>][^\s/>=]*)(?:\s*(=)\s*([\"']|[^\s>]*))?")
_SPACE = re.compile(r"[\s/]*")
#: Elements whose content is text up to their end tag.
_RAW = frozenset({"iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title", "xmp"})
_RAW_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}


class Attribute(NamedTuple):
    """One attribute as it stands in the text; ``value`` is ``None`` when there is none."""

    name: str
    value: str | None
    start: int
    end: int

    @property
    def text(self) -> str:
        """The value with its character references resolved."""
        return unescape(self.value) if self.value and "&" in self.value else self.value or ""


class Tag(NamedTuple):
    """One tag.

    ``name`` is in lower case and begins with ``/`` for an end tag; ``content_end`` is where the text of a raw element
    (script, style, ...) ends, and ``end`` for any other.
    """

    name: str
    start: int
    end: int
    content_end: int
    attributes: list[Attribute]


def tags(html: str) -> Iterator[Tag]:
    """All tags of a text; what stands in comments, scripts and the like is no tag.

    Takes time in proportion to the text. A tag that nothing ends, and all behind it, is left out, as browsers do.
    """
    place = 0
    while (opening := _OPENING.search(html, place)) is not None:
        name = opening[1]
        if name is None:
            place = _behind_comment(html, opening)
            continue
        attributes: list[Attribute] = []
        end = _attributes(html, opening.end(), attributes)
        if end is None:
            yield Tag("", opening.start(), len(html), len(html), [])
            return
        closing = html[opening.start() + 1] == "/"
        name = name.lower()
        place = content_end = end
        if not closing and name in _RAW:
            place = content_end = _raw_end(html, end, name)
        yield Tag(f"/{name}" if closing else name, opening.start(), end, content_end, attributes)


def _behind_comment(html: str, opening: re.Match[str]) -> int:
    if opening[0] != "<!--":
        end = html.find(">", opening.end())
        return len(html) if end < 0 else end + 1
    if html.startswith((">", "->"), opening.end()):
        return html.index(">", opening.end()) + 1
    found = _COMMENT_END.search(html, opening.end())
    return found.end() if found else len(html)


def _attributes(html: str, place: int, found: list[Attribute]) -> int | None:
    """Read attributes up to the tag's end; gives the place behind it, or ``None`` when the text ends before."""
    while True:
        match = _ATTRIBUTE.match(html, place)
        if match is None:
            place = _SPACE.match(html, place).end()  # type: ignore[union-attr]  # it always matches
            return place + 1 if place < len(html) else None
        name, equals, value = match.groups()
        place = match.end()
        if equals and value in ('"', "'"):
            end = html.find(value, place)
            if end < 0:
                return None
            value, place = html[place:end], end + 1
        found.append(Attribute(name.lower(), value if equals else None, match.start(1), place))


def _raw_end(html: str, place: int, name: str) -> int:
    found = _RAW_ENDS[name].search(html, place)
    return found.start() if found else len(html)
