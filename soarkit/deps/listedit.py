"""Wheel lists rewritten in the text of an app JSON: everything else stays as it is, byte for byte.

App JSON files are written and reviewed by people. A list that changes keeps the entries that stay as they were written,
and takes the rest of its form (indentation, line ends, escapes) from the text around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from soarkit.errors import ManifestError

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")
_LIST_KEY = re.compile(r"pip\d*_dependencies")

Entry = dict[str, Any]


class _Member(NamedTuple):
    """A key of an object with the places of its text: from the key's quote to the end of the value."""

    key: str
    start: int
    value: int
    end: int


def rewritten(text: str, lists: Mapping[str, list[Entry]]) -> str:
    """The text of an app JSON with other ``wheel`` lists.

    :param text: valid JSON whose top level is an object
    :param lists: key of a dependency list (``pip313_dependencies``) → the entries its ``wheel`` is to have. A list that
        is not there yet is added behind the last one, else at the end.
    :raises ManifestError: the result would say something else than that, which only odd JSON (a key twice) can cause
    """
    before = json.loads(text.removeprefix("\ufeff"))
    for key, entries in lists.items():
        text = _with_list(text, key, entries)
    wanted = {**before, **{key: {**_object(before.get(key)), "wheel": entries} for key, entries in lists.items()}}
    if json.loads(text.removeprefix("\ufeff")) != wanted:
        raise ManifestError(
            "the wheel lists cannot be changed in this file's text", hint="Is a key in it twice? Remove one of them."
        )
    return text


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _with_list(text: str, key: str, entries: list[Entry]) -> str:
    style = _Style(text)
    start = _after_space(text, 1 if text.startswith("\ufeff") else 0)
    top = list(_members(text, start))
    found = next((one for one in reversed(top) if one.key == key), None)
    if found is None:
        value = style.dumped({"wheel": entries}, style.indentation(text, top[0].start) if top else style.unit)
        behind = next((one for one in reversed(top) if _LIST_KEY.fullmatch(one.key)), top[-1] if top else None)
        return _with_member(text, start, behind, key, value, style)
    if text[found.value] != "{":
        return text
    inner = list(_members(text, found.value))
    wheel = next((one for one in reversed(inner) if one.key == "wheel"), None)
    if wheel is None:
        depth = style.indentation(text, inner[0].start) if inner else style.indentation(text, found.start) + style.unit
        return _with_member(
            text, found.value, inner[-1] if inner else None, "wheel", style.dumped(entries, depth), style
        )
    old = json.loads(text[wheel.value : wheel.end])
    if old == entries:
        return text
    return text[: wheel.value] + _list_text(text, wheel, entries, style) + text[wheel.end :]


def _list_text(text: str, wheel: _Member, entries: list[Entry], style: _Style) -> str:
    """The new text of a list: the entries that stay in their own words, the others in the form of the first one."""
    places = list(_elements(text, wheel.value)) if text[wheel.value] == "[" else []
    if not places or not entries:
        return style.dumped(entries, style.indentation(text, wheel.start))
    lead = text[wheel.value + 1 : places[0][0]]
    tail = text[places[-1][1] : wheel.end - 1]
    between = text[places[0][1] : places[1][0]] if len(places) > 1 else "," + (lead or style.space)
    old = [(json.loads(text[start:end]), text[start:end]) for start, end in places]
    inline = style.newline not in text[places[0][0] : places[0][1]]
    depth = style.indentation(text, places[0][0])
    parts = []
    for entry in entries:
        kept = next((written for value, written in old if value == entry), None)
        parts.append(kept or (style.inline(entry) if inline else style.dumped(entry, depth)))
    return "[" + lead + between.join(parts) + tail + "]"


def _with_member(text: str, start: int, behind: _Member | None, key: str, value: str, style: _Style) -> str:
    """The text with one more member in the object that starts at ``start``."""
    member = f"{style.quoted(key)}:{style.colon}{value}"
    if behind is not None:
        line = text.rfind("\n", 0, behind.start)
        lead = text[line + 1 : behind.start]
        own_line = line >= start and not lead.strip()
        separator = "," + (style.newline + lead if own_line else style.space)
        return text[: behind.end] + separator + member + text[behind.end :]
    end = text.index("}", start)
    outer = style.indentation(text, start)
    inside = f"{style.newline}{outer}{style.unit}{member}{style.newline}{outer}" if style.unit else member
    return text[: start + 1] + inside + text[end:]


class _Style:
    """How a JSON text is written."""

    def __init__(self, text: str) -> None:
        self.newline = "\r\n" if "\r\n" in text else "\n"
        first = re.search(r"\{[ \t]*\r?\n([ \t]+)\"", text)
        self.unit = first[1] if first else ""
        self.colon = "" if re.search(r'"\s*:\S', text) and not re.search(r'"\s*: ', text) else " "
        self.space = "" if not self.unit and not re.search(r", ", text) and "," in text else " "
        self._ascii = text.removeprefix("\ufeff").isascii()

    def quoted(self, text: str) -> str:
        return json.dumps(text, ensure_ascii=self._ascii)

    def inline(self, value: Any) -> str:
        separators = ("," + self.space, ":" + self.colon)
        return json.dumps(value, ensure_ascii=self._ascii, separators=separators)

    def dumped(self, value: Any, indentation: str) -> str:
        """A value on several lines where the text has several, its further lines indented."""
        if not self.unit:
            return self.inline(value)
        written = json.dumps(value, ensure_ascii=self._ascii, indent=self.unit, separators=(",", ":" + self.colon))
        return written.replace("\n", self.newline + indentation)

    def indentation(self, text: str, position: int) -> str:
        """The white space that the line of a position starts with."""
        line = text.rfind("\n", 0, position) + 1
        found = re.compile(r"\ufeff?([ \t]*)").match(text, line)
        return found[1] if found else ""


def _members(text: str, start: int) -> Iterator[_Member]:
    """The members of the object that starts at ``start``."""
    position = _after_space(text, start + 1)
    while text[position] != "}":
        key_start = position
        key, position = _DECODER.raw_decode(text, position)
        value = _after_space(text, _after_space(text, position) + 1)
        end = _DECODER.raw_decode(text, value)[1]
        yield _Member(key, key_start, value, end)
        position = _after_space(text, end)
        position = _after_space(text, position + 1) if text[position] == "," else position


def _elements(text: str, start: int) -> Iterator[tuple[int, int]]:
    """First and last place of each element of the list that starts at ``start``."""
    position = _after_space(text, start + 1)
    while text[position] != "]":
        end = _DECODER.raw_decode(text, position)[1]
        yield position, end
        position = _after_space(text, end)
        position = _after_space(text, position + 1) if text[position] == "," else position


def _after_space(text: str, position: int) -> int:
    found = _SPACE.match(text, position)
    return found.end() if found else position
