"""Texts of a library as STIX may hold them: without markup, without control characters, never empty."""

import html
import math
import re
from typing import Any, Iterable, Iterator, List

# Control characters and halves of surrogate pairs, which UTF-8 cannot write. Signs of direction (RTL) are text.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")
_CONTROLS_BUT_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]+")
# A tag ends at the next ">" and holds no "<": one pass, whatever the text. <a@b.c> and "a < b" are none.
_TAG = re.compile(r"<(/?)([a-z!?][a-z0-9-]*(?::[a-z][a-z0-9-]*)?)(?=[\s/>])[^<>]*>", re.IGNORECASE)
_BLOCKS = frozenset(
    "address article blockquote br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre section table tr ul".split()
)
_SILENT = frozenset(("script", "style", "head", "title", "template"))
_SURROGATES = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile(r"[ \t]*\n[ \t]*")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def listed(value: Any) -> List[Any]:
    """A list of what may be a list, one thing or nothing."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def clean(value: Any) -> str:
    """A value as one line of text: trimmed, control characters out; "" for None, lists and objects.

    Numbers are written as such and switches as true and false, since libraries mix numbers and texts.
    """
    if isinstance(value, str):
        if value.isprintable():
            return value.strip()
        return _CONTROLS.sub(" ", value).strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return str(value)
    return ""


def writable(value: str) -> bool:
    """Whether UTF-8 can hold the text, which half a surrogate pair prevents."""
    return value.isascii() or not _SURROGATES.search(value)


def named(value: Any) -> str:
    """The name of a type, status, tag or source, which is a text or an object with a name."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, str) and value.isprintable():
        return value.strip()
    return clean(value)


def texts(values: Iterable[str]) -> List[str]:
    """The values that are not empty, once each, in their order."""
    return list(dict.fromkeys(value for value in values if value))


def slug(value: str) -> str:
    """Lower case with hyphens, as the standard's vocabularies are written."""
    return _NOT_SLUG.sub("-", value.lower()).strip("-")


def paragraphs(value: Any) -> str:
    """A description, which may be HTML or a list of {value}, as plain text; its parts are joined by an empty line."""
    parts = []
    for part in listed(value):
        text = part.get("value") if isinstance(part, dict) else part
        plain = _plain(text) if isinstance(text, str) else clean(text)
        if plain:
            parts.append(plain)
    return "\n\n".join(parts)


def _plain(text: str) -> str:
    if "<" in text:
        text = "".join(_without_tags(text))
    if "&" in text:
        text = html.unescape(text)
    if text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    text = _LINE_END.sub("\n", _CONTROLS_BUT_LINES.sub(" ", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _without_tags(text: str) -> Iterator[str]:
    """The pieces of an HTML text that a reader would see; blocks become lines."""
    text = _without_comments(text)
    position = 0
    silent = ""  # the element that is open and whose content is not for readers
    for tag in _TAG.finditer(text):
        name = tag.group(2).lower()
        if not silent:
            yield text[position : tag.start()]
        position = tag.end()
        if silent:
            silent = "" if tag.group(1) and name == silent else silent
        elif name in _SILENT and not tag.group(1):
            silent = name
        elif name in _BLOCKS:
            yield "\n"
    if not silent:
        yield text[position:]


def _without_comments(text: str) -> str:
    pieces = []
    position = 0
    while True:
        start = text.find("<!--", position)
        end = text.find("-->", start + 4) if start >= 0 else -1
        if end < 0:  # a comment without an end is text
            pieces.append(text[position:])
            return "".join(pieces)
        pieces.append(text[position:start])
        position = end + 3
