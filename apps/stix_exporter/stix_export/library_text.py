"""Reading the text of a threat library, in either form: one JSON document, or JSON Lines (reference 3.3).

Both give their entries one at a time, as they come; a fault ends the reading with an :class:`ExportError` that names
the place, since what stands before a fault is not the whole library.
"""

from __future__ import annotations

import json
import re
from itertools import count
from typing import Any, BinaryIO, Dict, Iterator, Optional, Tuple, Union

from .errors import ExportError

META = "meta"
OBJECT = "object"
RELATIONSHIP = "relationship"

_CUT = "the file ends in the middle of {}: it was cut off, or is still being written; get the whole file"
_BLANK = re.compile(r"[ \t\n\r]*").match


#: Kind; the line in JSON Lines, or the position in its list (from 0) in a document; an object's collection as written;
#: the value, of any type; an object's JSON, to be read again by ``value_of``.
Entry = Tuple[str, int, Any, Any, bytes]


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


_DECODER = json.JSONDecoder(parse_constant=_refuse)
# What the decoder's methods call: value and end, or StopIteration.
_scan = _DECODER.scan_once  # type: ignore[attr-defined]


def _whole(text: str) -> Any:
    """The value of a text without blanks around it."""
    try:
        value, end = _scan(text, 0)
        if end == len(text):
            return value
    except StopIteration:
        pass
    return _DECODER.decode(text)  # says what is wrong


def explain(error: Union[ValueError, RecursionError]) -> str:
    """Why a text is not JSON, in a few words without its position."""
    if isinstance(error, json.JSONDecodeError):
        return error.msg
    if isinstance(error, RecursionError):
        return "lists or objects within each other, too deep"
    return str(error)


class Lines:
    """JSON Lines: one ``meta`` line, then ``object`` and ``relationship`` lines."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def place(self, kind: str, number: int, collection: str = "") -> str:
        """How a message names an entry."""
        return f"line {number}"

    @staticmethod
    def value_of(raw: bytes) -> Any:
        """An object's value, from what its entry kept."""
        return _whole(raw.decode("utf-8"))[OBJECT]

    def entries(self) -> Iterator[Entry]:
        """Every entry, in the order of the file."""
        number = 0
        for line in self._file:
            number += 1
            raw = line.strip()
            if not raw:
                continue
            try:
                value = _whole(raw.decode("utf-8"))
            except (ValueError, RecursionError) as error:
                raise ExportError(self._fault(error, line, number)) from None
            if not isinstance(value, dict):
                raise ExportError(f"line {number} must be a JSON object with meta, object or relationship")
            if RELATIONSHIP in value:
                yield RELATIONSHIP, number, "", value[RELATIONSHIP], b""
            elif OBJECT in value:
                yield OBJECT, number, value.get("collection"), value[OBJECT], raw
            elif META in value:
                yield META, number, "", value[META], b""
            else:
                raise ExportError(f"line {number} holds none of meta, object and relationship")

    @staticmethod
    def _fault(error: Union[ValueError, RecursionError], line: bytes, number: int) -> str:
        if isinstance(error, (json.JSONDecodeError, UnicodeDecodeError)) and not line.endswith(b"\n"):
            return _CUT.format(f"line {number}")
        if isinstance(error, UnicodeDecodeError):
            return f"line {number} is not UTF-8 (byte {error.start + 1}); save the file as UTF-8"
        column = f", column {error.colno}," if isinstance(error, json.JSONDecodeError) else ""
        return f"line {number}{column} is not JSON: {explain(error)}"


class Document:
    """One JSON document; its objects are taken one at a time, so that they are never all in memory as dictionaries."""

    def __init__(self, data: bytes) -> None:
        try:
            self._text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            if error.end >= len(data):
                raise ExportError(_CUT.format(f"line {line}")) from None
            at = error.start - data.rfind(b"\n", 0, error.start)
            raise ExportError(f"line {line} is not UTF-8 (byte {at}); save the file as UTF-8") from None
        self._at = 0

    def place(self, kind: str, number: int, collection: str = "") -> str:
        """How a message names an entry."""
        return f"relationships[{number}]" if kind == RELATIONSHIP else f"objects.{collection}[{number}]"

    @staticmethod
    def value_of(raw: bytes) -> Any:
        """An object's value, from what its entry kept."""
        return _whole(raw.decode("utf-8"))

    def entries(self) -> Iterator[Entry]:
        """Every entry; the meta entry last, made of all that is neither objects nor relationships."""
        meta: Dict[str, Any] = {}
        if self._next() != "{":
            raise ExportError("it is no JSON object with format, library_id, objects and relationships")
        for key in self._members():
            first = self._next()
            if key == "objects" and first == "{":
                for collection in self._members():
                    yield from self._listed(OBJECT, collection)
            elif key == "objects":
                raise self._fault("objects must be a JSON object of lists, one for each collection")
            elif key == "relationships":
                yield from self._listed(RELATIONSHIP, "")
            elif key == "attachments":
                yield from self._listed(OBJECT, "attachments")
            else:
                meta[key] = self._value()
        if self._next():
            raise self._fault("something follows after the end of the library")
        yield META, 0, "", meta, b""

    def _listed(self, kind: str, collection: str) -> Iterator[Entry]:
        if self._next() != "[":
            raise self._fault(f"{f'objects.{collection}' if kind == OBJECT else 'relationships'} must be a list")
        for number in self._parts("]"):
            start = self._at
            value = self._value()
            raw = self._text[start : self._at].encode("utf-8") if kind == OBJECT else b""
            yield kind, number, collection, value, raw

    def _members(self) -> Iterator[str]:
        """The keys of the object that begins here; at each one, this stands before its value."""
        for _ in self._parts("}"):
            if self._next() != '"':
                raise self._fault("a name in double quotes is missing")
            key = self._value()
            if self._next() != ":":
                raise self._fault("a colon is missing")
            self._at += 1
            self._next()
            yield key

    def _parts(self, closing: str) -> Iterator[int]:
        """The positions, from 0, of what the commas part; at each one, this stands before it."""
        self._at += 1
        if self._next() == closing:
            self._at += 1
            return
        for number in count():
            self._next()
            yield number
            found = self._next()
            if found not in (",", closing) or not found:
                raise self._fault("a comma is missing")
            self._at += 1
            if found == closing:
                return

    def _next(self) -> str:
        """The next character that is not blank; "" at the end."""
        self._at = _BLANK(self._text, self._at).end()  # type: ignore[union-attr]  # matches everywhere
        return self._text[self._at : self._at + 1]

    def _value(self) -> Any:
        try:
            value, self._at = _DECODER.raw_decode(self._text, self._at)
        except (ValueError, RecursionError) as error:
            raise self._fault(explain(error), getattr(error, "pos", None)) from None
        return value

    def _fault(self, why: str, at: Optional[int] = None) -> ExportError:
        at = self._at if at is None else at
        line = self._text.count("\n", 0, at) + 1
        if at >= len(self._text.rstrip()) or not self._text.rstrip().endswith("}"):
            last = self._text.count("\n", 0, len(self._text.rstrip())) + 1
            return ExportError(_CUT.format(f"line {last}"))
        column = at - self._text.rfind("\n", 0, at)
        return ExportError(f"line {line}, column {column}: {why}")
