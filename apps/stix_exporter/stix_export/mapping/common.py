"""The properties that every object has: times, description, labels, confidence (reference, section 4.1)."""

import math
from typing import Any, List, Mapping, NamedTuple, Optional, Union

from ..times import SECOND, BadTime, stix_time
from .texts import listed, named, paragraphs

REVISION = ".000Z"  # the digits that a change of the mapping raises, so that its output counts as a later version

UNREADABLE_MODIFIED = "a time of change that cannot be read"
UNNAMED_TAG = "a tag without a name"
NOT_TEXT = "a description that is not text"


class Times(NamedTuple):
    """When an object was made and changed, in seconds ("2021-10-07T14:19:15Z"): they compare as texts."""

    created: str
    modified: str


def times(record: Mapping[str, Any], remarks: List[str]) -> Times:
    """`created` from created_at, else published_at; `modified` is the latest of the times of change and `created`.

    Raises BadTime when there is no time of creation or it cannot be read: it is never made up.
    """
    created = stix_time(record.get("created_at") or record.get("published_at"), SECOND)
    modified = created
    for field in ("updated_at", "touched_at"):
        value = record.get(field)
        if value:
            try:
                modified = max(modified, stix_time(value, SECOND))
            except BadTime:
                remarks.append(UNREADABLE_MODIFIED)
    return Times(created, modified)


def versioned(seconds: str) -> str:
    """A time as `created` and `modified` are written: three digits of fraction, which hold the mapping's revision."""
    return seconds[:-1] + REVISION


def labels(record: Mapping[str, Any], remarks: List[str]) -> List[str]:
    """The tags, sorted, each once."""
    tags = record.get("tags")
    if not tags:
        return []
    names = set(map(named, listed(tags)))
    if "" in names:
        names.remove("")
        remarks.append(UNNAMED_TAG)
    return sorted(names)


def description(record: Mapping[str, Any], remarks: List[str]) -> str:
    """The description as plain text, "" without one."""
    value = record.get("description")
    if not value:
        return ""
    text = paragraphs(value)
    if not text and not isinstance(value, str):
        remarks.append(NOT_TEXT)
    return text


def given_score(record: Mapping[str, Any]) -> Any:
    """The score as the library has it, one that was set by hand before one that was worked out; None without one."""
    value = record.get("score")
    if isinstance(value, dict):
        manual = value.get("manual_score")
        value = value.get("generated_score") if manual is None or manual == "" else manual
    return None if value in ("", []) else value


def score(value: Any) -> Optional[Union[int, float]]:
    """A score as a number from 0 to 10, whole where it can be; None when it is no such number."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 10:
        return None  # as is "not a number", which compares false
    return int(value) if math.floor(value) == value else value
