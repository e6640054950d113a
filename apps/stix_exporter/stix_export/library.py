"""What the exporter asks of a threat library, whether it is a file or a platform's API."""

from __future__ import annotations

import json
from typing import Any, Dict, List, NamedTuple, Optional, Protocol, Tuple

from .errors import Skips

LARGEST_ID = 2**63 - 1

#: The API collection of an object and its id there; an id is unique in its collection only.
Key = Tuple[str, int]
#: One object as the API returns it: ``id``, ``value`` (or ``name``, ``title``), ``created_at``, ``sources`` ...
Record = Dict[str, Any]


class Link(NamedTuple):
    """One relation of an object, from its side: the other end, and the relation's own times as the library wrote them.

    :ivar created_at: ``YYYY-MM-DD HH:MM:SS`` in UTC, "" when the library does not say.
    :ivar updated_at: the same.
    """

    other: Key
    created_at: str
    updated_at: str


class Library(Protocol):
    """A source of objects and of the relations between them (reference 3)."""

    #: What the ids of exported objects are derived from: the file's ``library_id``, or the platform's host name.
    library_id: str
    #: What the library itself had to leave out: relations to missing objects, records without an id ...
    #: A file's are those of the whole file, a server's those that the export met.
    problems: Skips

    def begin(self) -> None:
        """An export starts. ``problems`` are then its own, whatever other exports there were before it."""

    def record(self, key: Key) -> Optional[Record]:
        """The object with everything that belongs to it, or None when the library has no such object."""

    def neighbours(self, key: Key) -> List[Link]:
        """The object's relations, sorted by collection and id; each other end once, never the object itself."""


def identity_of(value: Any) -> Optional[int]:
    """An object's id: a whole number from 1, or its digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST_ID:
        return value
    return None


def time_of(value: Any) -> str:
    """A relation's time as the library wrote it, "" when it does not say."""
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)[:40]


def merged(links: List[Link]) -> List[Link]:
    """Links, sorted by the other end, with one for each: of several, the earliest creation and the latest change."""
    merged: List[Link] = []
    for link in links:
        if merged and merged[-1].other == link.other:
            last = merged[-1]
            created = min(filter(None, (last.created_at, link.created_at)), default="")
            merged[-1] = Link(link.other, created, max(last.updated_at, link.updated_at))
        else:
            merged.append(link)
    return merged
