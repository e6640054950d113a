"""What apps and REST clients give for the fields of containers and artifacts, brought into one form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from soarkit.store.rows import text
from soarkit.store.times import moment

#: Severities that are always there, the highest first.
SEVERITIES = ("high", "medium", "low")
#: Statuses that are always there, in the order of a container's life.
STATUSES = ("new", "open", "closed")
DEFAULT_SEVERITY = "medium"
_LARGEST_ID = (1 << 63) - 1
_sorted = json.JSONEncoder(separators=(",", ":"), sort_keys=True).encode


def _encoder() -> Callable[[Any], str]:
    """Compact JSON. ``JSONEncoder.encode`` sets itself up for each value; a small one takes less than that."""
    encoder = json.JSONEncoder(separators=(",", ":"))
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return encoder.encode
    pieces = make(None, encoder.default, json.encoder.encode_basestring_ascii, None, ":", ",", False, False, True)
    return lambda value: "".join(pieces(value, 0))


compact = _encoder()


def written(value: object) -> str:
    """Anything as a text that both databases can hold."""
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else text(value)
    if value is None:
        return ""
    return str(value) if isinstance(value, (int, float)) else compact(value)


def word(value: object) -> str:
    """A name that is compared without its case, such as a label."""
    return written(value).strip().lower()


def tags(value: object) -> list[str]:
    """Tags from a list, or from a text with commas; each once."""
    if isinstance(value, str):
        given: list[object] = list(value.split(","))
    elif isinstance(value, list):
        given = value
    else:
        given = [value] if value else []
    return list(dict.fromkeys(one for one in (written(one).strip() for one in given) if one))


def truth(value: object) -> bool:
    """A boolean, however it is written."""
    return value.strip().lower() not in ("", "false", "0", "no") if isinstance(value, str) else bool(value)


def row_id(value: object) -> int | None:
    """The id that a number or text is; None when no row can have it."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 30:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value <= _LARGEST_ID else None


def digest(identifier: str) -> str:
    """What stands for an identifier in an index."""
    return sha256(identifier.encode()).hexdigest()


def contents_digest(values: Mapping[str, Any]) -> str:
    """What tells contents apart; the order of keys makes no difference."""
    return sha256(_sorted(values).encode()).hexdigest()


#: How each field of a container that may be changed is brought into its form.
CONTAINER_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "name": written,
    "label": word,
    "status": word,
    "sensitivity": word,
    "description": written,
    "owner": written,
    "container_type": written,
    "kill_chain": lambda value: None if value is None else written(value),
    "tags": tags,
    "data": lambda value: value or {},
    "custom_fields": lambda value: value or {},
}
CONTAINER_TIMES = ("start_time", "end_time", "open_time", "close_time", "due_time")
#: The same of an artifact.
ARTIFACT_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "name": written,
    "label": written,
    "type": written,
    "description": written,
    "owner": written,
    "kill_chain": lambda value: None if value is None else written(value),
    "run_automation": truth,
    "tags": tags,
    "data": lambda value: value or {},
    "cef": lambda value: value or {},
    "cef_types": lambda value: value or {},
}
ARTIFACT_TIMES = ("start_time", "end_time")
#: Fields by the names that apps use beside their own.
OTHER_NAMES = {"owner_id": "owner", "ingest_app_id": "ingest_app"}


def times(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, datetime | None]:
    """Take the times out of ``values``; those that nobody can read stay there."""
    found: dict[str, datetime | None] = {}
    for name in names:
        given = values.get(name)
        found[name] = time = moment(given) if given else None
        if time is not None or not given:
            values.pop(name, None)
    return found
