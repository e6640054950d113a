"""A threat library in a file (reference 3.3), for exports without a server.

Lean, so that a library of some 100,000 objects fits well into memory: the objects stay the JSON that the file holds and
are read when they are asked for; relations are numbers and times.
"""

from __future__ import annotations

import json
import os
from array import array
from functools import partial
from operator import itemgetter
from typing import Any, Dict, List, Mapping, Optional, Union

from .collections import LABELS, OTHERS, resolve, title_of
from .errors import ExportError, Skip, Skips
from .library import Key, Link, Record, identity_of, merged, time_of
from .library_text import META, OBJECT, RELATIONSHIP, Document, Lines

FORMAT = "threat-library/1"

NO_ID = "record without a usable id (a whole number from 1)"
NOT_A_RECORD = "record that is not a JSON object"
NO_COLLECTION = "record without the name of its collection"
BAD_ENDS = "relation whose ends a and b are not [collection, id]"
TO_ITSELF = "relation of an object to itself"
DANGLING = "relation to an object that is not in the library"

_INLINE = frozenset(LABELS) | OTHERS
_HEAD = 65536
_other = itemgetter(0)
_link = partial(tuple.__new__, Link)  # a hub has very many: without the constructor's frame in Python
_FILE = -1  # the place of an object that stands only inside others


def open_library(path: str, name: str = "") -> FileLibrary:
    """Read a threat library.

    :param path: the file: a JSON document, or JSON Lines (also by the endings ``.jsonl`` and ``.ndjson``).
    :param name: what messages call it; its base name when not given.
    :raises ExportError: it cannot be read, is not a threat library, is cut off, or holds an object twice.
    """
    shown = name or os.path.basename(path)
    try:
        with open(path, "rb") as file:
            head = file.read(_HEAD)
            _check_encoding(head)
            bom = 3 if head.startswith(b"\xef\xbb\xbf") else 0
            lines = shown.lower().endswith((".jsonl", ".ndjson")) or _looks_like_lines(head[bom:])
            file.seek(bom)
            library = FileLibrary(Lines(file) if lines else Document(file.read()))
            library.read()
    except OSError as error:
        raise ExportError(f"library file {shown} cannot be read: {error.strerror or error}") from None
    except ExportError as error:
        raise ExportError(f"library file {shown}: {error}") from None
    return library


def _check_encoding(head: bytes) -> None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ExportError("it is UTF-16; save it as UTF-8")
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise ExportError("it is empty")


def _looks_like_lines(head: bytes) -> bool:
    """Whether the first line is a whole JSON object of one of the kinds that lines have."""
    first = head.lstrip().split(b"\n", 1)[0]
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and not value.keys().isdisjoint((META, OBJECT, RELATIONSHIP))


class FileLibrary:
    """A :class:`~stix_export.library.Library` out of one of the two forms of text."""

    def __init__(self, text: Union[Lines, Document]) -> None:
        self.library_id = ""
        self.problems = Skips()
        self._text = text
        self._value_of = text.value_of
        self._meta: Optional[Mapping[str, Any]] = None
        # Every key that is mentioned has a number; those without an object have no raw text.
        self._numbers: Dict[Key, int] = {}
        self._keys: List[Key] = []
        self._raw: List[Optional[bytes]] = []
        self._places = array("q")
        self._inline: Dict[int, bytes] = {}
        # Relations: both ends by number, times as written, where they stand.
        self._a = array("q")
        self._b = array("q")
        self._created: List[str] = []
        self._updated: List[str] = []
        self._positions = array("q")
        self._near: List[List[int]] = []
        self._collections: Dict[str, str] = {}
        self._counts = {OBJECT: 0, RELATIONSHIP: 0}

    def begin(self) -> None:
        """Nothing changes: the file's problems are the same for each export."""

    def record(self, key: Key) -> Optional[Record]:
        """The object, read from its text."""
        number = self._numbers.get(key)
        if number is None:
            return None
        raw, inline = self._raw[number], self._inline.get(number)
        record: Optional[Record] = None
        if raw is not None:
            record = self._value_of(raw)
        elif inline is not None:
            record = json.loads(inline)
        return record

    def neighbours(self, key: Key) -> List[Link]:
        """The object's relations; of several to one object, the earliest creation and the latest change."""
        number = self._numbers.get(key)
        if number is None:
            return []
        edges, ends_a, ends_b = self._near[number], self._a, self._b
        near = [ends_a[edge] + ends_b[edge] - number for edge in edges]  # the end that is not this one
        others = map(self._keys.__getitem__, near)
        created, updated = map(self._created.__getitem__, edges), map(self._updated.__getitem__, edges)
        links: List[Link] = list(map(_link, zip(others, created, updated)))  # noqa: B905  # `strict` came with Python 3.10
        links.sort(key=_other)
        return links if len(set(near)) == len(near) else merged(links)

    def read(self) -> None:
        """Take in the whole text.

        :raises ExportError: it is no threat library, or an incomplete one, or holds an object twice.
        """
        first = isinstance(self._text, Lines)
        for kind, place, collection, value, raw in self._text.entries():
            if first and kind != META:
                raise ExportError(f"line {place} must be the meta line, with format and library_id")
            first = False
            if kind == RELATIONSHIP:
                self._take_relationship(value, place)
            elif kind == OBJECT:
                self._take_object(collection, value, raw, place)
            else:
                self._take_meta(value, place)
        if self._meta is None:
            raise ExportError("it has no meta line, with format and library_id")
        self._check_counts(self._meta.get("counts"))
        self._connect()

    def _take_meta(self, meta: Any, line: int) -> None:
        where = f"line {line}: " if line else ""
        if self._meta is not None:
            raise ExportError(f"{where}a second meta line; it looks like two libraries in one file")
        if not isinstance(meta, dict):
            raise ExportError(f"{where}meta must be a JSON object with format and library_id")
        if meta.get("format") != FORMAT:
            raise ExportError(f'{where}format must be "{FORMAT}", not {json.dumps(meta.get("format"))[:80]}')
        library_id = meta.get("library_id")
        if not isinstance(library_id, str) or not library_id.strip():
            raise ExportError(f"{where}library_id must be a text that names this library; ids derive from it")
        self._meta = meta
        self.library_id = library_id.strip()

    def _check_counts(self, counts: Any) -> None:
        """A library may say how much it holds, so that one that was cut between two lines is noticed."""
        if counts is None:
            return
        if not isinstance(counts, dict):
            raise ExportError("counts must be a JSON object with objects and relationships")
        for name, kind in (("objects", OBJECT), ("relationships", RELATIONSHIP)):
            said, held = counts.get(name), self._counts[kind]
            if said is not None and said != held:
                raise ExportError(f"it should hold {said} {name} and holds {held}: it was cut off; get the whole file")

    def _take_object(self, named: Any, record: Any, raw: bytes, position: int) -> None:
        self._counts[OBJECT] += 1
        collection = self._collection(named)
        if collection is None or not isinstance(record, dict):
            place = self._text.place(OBJECT, position, str(named))
            reason = NO_COLLECTION if collection is None else NOT_A_RECORD
            self.problems.add(Skip(collection or "", 0, "", reason, place))
            return
        number = self._number(collection, record, position)
        if number is None:
            return
        if self._raw[number] is not None:
            here = self._text.place(OBJECT, position, collection)
            there = self._text.place(OBJECT, self._places[number], collection)
            raise ExportError(f"{here} is {collection} {self._keys[number][1]} a second time; the first is {there}")
        self._raw[number] = raw
        self._places[number] = position
        if not _INLINE.isdisjoint(record):
            self._take_inline(number, record, position)

    def _take_inline(self, owner: int, record: Record, line: int) -> None:
        """The relations that sit inside an object, as lists named after collections."""
        waiting = [(owner, record)]
        while waiting:
            number, holder = waiting.pop()
            for collection in sorted(_INLINE.intersection(holder)):
                listed = holder[collection]
                for item in listed if isinstance(listed, list) else ():
                    if not isinstance(item, dict):
                        place = self._text.place(OBJECT, line, self._keys[owner][0])
                        self.problems.add(Skip(collection, 0, "", NOT_A_RECORD, place))
                        continue
                    other = self._number(collection, item, line, self._keys[owner][0])
                    if other is None:
                        continue
                    pivot = item.get("pivot")
                    self._relate(number, other, pivot if isinstance(pivot, dict) else {}, ~line)
                    self._keep_inline(other, {name: item[name] for name in item if name != "pivot"})
                    waiting.append((other, item))

    def _keep_inline(self, number: int, record: Record) -> None:
        """Of several copies of an object inside others, keep the fullest, whatever their order in the file."""
        written = json.dumps(record, sort_keys=True).encode("ascii")
        kept = self._inline.get(number, b"")
        if (len(written), written) > (len(kept), kept):
            self._inline[number] = written

    def _take_relationship(self, value: Any, position: int) -> None:
        self._counts[RELATIONSHIP] += 1
        if isinstance(value, dict):
            a, b = self._end(value.get("a")), self._end(value.get("b"))
            if a is not None and b is not None:
                self._relate(a, b, value, position)
                return
        identity = identity_of(value.get("id")) if isinstance(value, dict) else None
        place = self._text.place(RELATIONSHIP, position)
        self.problems.add(Skip(RELATIONSHIP, identity or 0, "", BAD_ENDS, place))

    def _relate(self, a: int, b: int, times: Mapping[str, Any], position: int) -> None:
        self._a.append(a)
        self._b.append(b)
        self._created.append(time_of(times.get("created_at")))
        self._updated.append(time_of(times.get("updated_at")))
        self._positions.append(position)  # of a relation inside an object: ~ the position of that object

    def _end(self, end: Any) -> Optional[int]:
        if not isinstance(end, list) or len(end) != 2:
            return None
        name, identity = end
        if name.__class__ is str and identity.__class__ is int:  # most are an object that stood before
            number = self._numbers.get((name, identity))
            if number is not None:
                return number
        collection, identity = self._collection(name), identity_of(identity)
        return None if collection is None or identity is None else self._number_of((collection, identity))

    def _collection(self, name: Any) -> Optional[str]:
        """The API name; an unknown collection keeps its own."""
        if not isinstance(name, str) or not name.strip():
            return None
        known = self._collections.get(name)
        if known is None:
            known = self._collections[name] = resolve(name) or name.strip()
        return known

    def _number(self, collection: str, record: Record, position: int, holder: str = "") -> Optional[int]:
        """The number of a record; ``holder`` is the collection of the object that it sits in."""
        identity = identity_of(record.get("id"))
        if identity is None:
            place = self._text.place(OBJECT, position, holder or collection)
            self.problems.add(Skip(collection, 0, title_of(collection, record), NO_ID, place))
            return None
        return self._number_of((collection, identity))

    def _number_of(self, key: Key) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._keys)
            self._keys.append(key)
            self._raw.append(None)
            self._places.append(_FILE)
        return number

    def _connect(self) -> None:
        """Give each object its relations, now that all objects are known."""
        near: List[List[int]] = [[] for _ in self._keys]
        known = [raw is not None or number in self._inline for number, raw in enumerate(self._raw)]
        for edge, a in enumerate(self._a):
            b = self._b[edge]
            if a != b and known[a] and known[b]:
                near[a].append(edge)
                near[b].append(edge)
                continue
            reason = TO_ITSELF if a == b else DANGLING
            collection, identity = self._keys[b if known[a] else a]
            line = self._positions[edge]
            inline = line < 0
            place = self._text.place(OBJECT if inline else RELATIONSHIP, ~line if inline else line, self._keys[a][0])
            self.problems.add(Skip(collection, identity, "", reason, place))
        self._near = near
