"""What a library knows and STIX has no property for: one property extension, and its definition (reference, section 7).

The definition is the same in every bundle, so its author is a fixed identity and not the deployment's producer.
"""

import json
from typing import Any, Dict, List, Mapping, Tuple

from ..times import SECOND, BadTime, stix_time
from .attributes import exported
from .identities import AUTHOR, PUBLISHED
from .texts import clean, named

EXTENSION = "extension-definition--2b1e9057-75b7-45e8-a775-c7799008e665"

UNREADABLE_TIME = "a time that cannot be read: its text is kept in the extension"

_TEXT = {"type": "string", "minLength": 1}
_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["extension_type", "threatq_collection", "threatq_id"],
    "additionalProperties": False,
    "properties": {
        "extension_type": {"const": "property-extension"},
        "threatq_collection": _TEXT,
        "threatq_id": {"type": "integer"},
        "status": _TEXT,
        "score": {"type": "number"},
        "indicator_type": _TEXT,
        "event_type": _TEXT,
        "object_type": _TEXT,
        "happened_at": _TEXT,
        "started_at": _TEXT,
        "ended_at": _TEXT,
        "published_at": _TEXT,
        "expires_at": _TEXT,
        "attributes": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "name": _TEXT,
                    "value": _TEXT,
                    "sources": {"type": "array", "minItems": 1, "items": _TEXT},
                    "tlp": {"enum": ["clear", "green", "amber", "amber+strict", "red"]},
                },
            },
        },
    },
}

_TYPE_NAMES = {"indicators": "indicator_type", "events": "event_type"}
# Property of the extension -> the fields of a record that hold it, the first that is set.
_TIMES: Tuple[Tuple[str, Tuple[str, ...]], ...] = (
    ("happened_at", ("happened_at",)),
    ("started_at", ("started_at", "first_seen")),
    ("ended_at", ("ended_at", "last_seen")),
    ("published_at", ("published_at",)),
    ("expires_at", ("expired_at", "expires_at")),
)


def extension(
    collection: str, number: int, record: Mapping[str, Any], score: Any, attributes: bool, remarks: List[str]
) -> Dict[str, Any]:
    """The extension's content for one record; `score` is its number or None, `attributes` whether to list them."""
    content: Dict[str, Any] = {
        "extension_type": "property-extension",
        "threatq_collection": collection,
        "threatq_id": number,
    }
    status = record.get("status")
    if status:
        content["status"] = named(status)
    kind = record.get("type")
    if kind:
        content[_TYPE_NAMES.get(collection, "object_type")] = named(kind)
    if score is not None:
        content["score"] = score
    for name, fields in _TIMES:
        for field in fields:
            value = record.get(field)
            if value:
                content[name] = _time(value, remarks)
                break
    if attributes and record.get("attributes"):
        content["attributes"] = exported(record, remarks)
    return {name: value for name, value in content.items() if value not in ("", [])}


def definition() -> Dict[str, Any]:
    """The extension's definition."""
    return {
        "type": "extension-definition",
        "spec_version": "2.1",
        "id": EXTENSION,
        "created_by_ref": AUTHOR,
        "created": PUBLISHED,
        "modified": PUBLISHED,
        "name": "Threat library record",
        "description": "What a threat library knows of an object beyond the properties of STIX: its own id, status, "
        "score, type, times and attributes.",
        "schema": json.dumps(_SCHEMA, sort_keys=True),
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    }


def _time(value: Any, remarks: List[str]) -> str:
    try:
        return stix_time(value, SECOND)
    except BadTime:
        remarks.append(UNREADABLE_TIME)
        return clean(value)
