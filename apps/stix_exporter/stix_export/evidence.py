"""What a sighting rests on, an event, an incident or the indicator itself: its times and its count (reference, 6)."""

from __future__ import annotations

import re
from typing import Callable, Iterable, List, NamedTuple, Optional, Tuple

from .collections import title_of
from .library import Key, Record
from .mapping.attributes import Attributes
from .mapping.texts import clean
from .times import BadTime, stix_time
from .tlp import record_rank

MOST = 999_999_999
"""The highest count that STIX allows, of sightings as of observations."""

Note = Callable[[str], None]
"""Takes what was read otherwise than it was written; the same words for the same cause."""


class Evidence(NamedTuple):
    """One thing that a sighting rests on.

    `created` and `modified` are its own times, `first` and `last` when the sighted thing was seen ("" when unknown),
    all in STIX form with three digits of fraction; `number` is how often it was seen, None when nobody says; `tlp` is
    the rank of its label.
    """

    key: Key
    created: str
    modified: str
    first: str
    last: str
    number: Optional[int]
    title: str
    tlp: int


class Unusable(ValueError):
    """Nothing can rest on this record; the text says why."""


def of_event(key: Key, record: Record, note: Note) -> Evidence:
    """An event: attributes "First Seen" and "Last Seen", else when it happened; attribute "Count", else once."""
    attributes = Attributes(record)
    happened = _time(record.get("happened_at"), "happened_at", note)
    firsts = _times(attributes.values("first seen"), "attribute First Seen", note)
    lasts = _times(attributes.values("last seen"), "attribute Last Seen", note)
    first, last = min(firsts, default=""), max(lasts, default="")
    # One attribute alone is completed by the event's own time where that fits, so that both ends are known.
    if first and not last:
        last = max(first, happened)
    elif last and not first:
        first = min(last, happened or last)
    if not first or first > last:
        if first:
            note("Last Seen is before First Seen: the time of the event is used")
        first = last = happened
    return _evidence(key, record, (first, last), _count(attributes.values("count"), note), note)


def of_incident(key: Key, record: Record, note: Note) -> Evidence:
    """An incident: its start and end, as far as they are known; nobody says how often."""
    first = _time(record.get("started_at") or record.get("first_seen"), "started_at", note)
    last = _time(record.get("ended_at") or record.get("last_seen"), "ended_at", note)
    if first and last and last < first:
        note("ended_at is before started_at: the incident's times are left out")
        first = last = ""
    return _evidence(key, record, (first, last), None, note)


def of_indicator(key: Key, record: Record, note: Note) -> Evidence:
    """The indicator itself: once at its last detection; without that, neither times nor a count."""
    seen = _time(record.get("last_detected_at"), "last_detected_at", note)
    return _evidence(key, record, (seen, seen), 1 if seen else None, note)._replace(title="")


def _evidence(key: Key, record: Record, seen: Tuple[str, str], count: Optional[int], note: Note) -> Evidence:
    created = _time(record.get("created_at"), "created_at", note) or _time(
        record.get("published_at"), "published_at", note
    )
    if not created:
        raise Unusable("it has no time of creation")
    tlp = record_rank(record)
    if tlp is None:
        raise Unusable("its TLP label is unknown")
    changes = [_time(record.get(name), name, note) for name in ("updated_at", "touched_at")]
    return Evidence(key, created, max([created, *changes]), *seen, count, clean(title_of(key[0], record)), tlp)


def _time(value: object, name: str, note: Note) -> str:
    if value is None or value == "":
        return ""
    try:
        return stix_time(value)
    except BadTime:
        note(f"{name} is not a time and is left out")
        return ""


def _times(values: Iterable[str], name: str, note: Note) -> List[str]:
    return [time for time in [_time(value, name, note) for value in values] if time]


def _count(values: List[str], note: Note) -> int:
    """The highest of the counts, 1 when there is none; 0 means that it was looked for and not seen."""
    counts = []
    for value in values:
        digits = re.sub(r"\.0+\Z", "", value)
        if not re.fullmatch("[0-9]+", digits):
            note("attribute Count is not a number: taken as 1")
            counts.append(1)
        elif len(digits.lstrip("0")) > len(str(MOST)):  # so that no thousand digits become a number
            note("attribute Count is above 999,999,999: taken as that")
            counts.append(MOST)
        else:
            counts.append(int(digits))
    return max(counts, default=1)
