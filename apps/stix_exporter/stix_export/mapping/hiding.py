"""Taking the names of an object's original sources out of everything that is said of it (reference, section 2)."""

import re
from functools import lru_cache
from typing import Any, Dict, List, Mapping, Pattern, Tuple

from .references import source_names
from .texts import listed, slug, texts

WITHHELD = "[source withheld]"

# Identifiers, times and words of the standard; a pattern is the indicator's value itself.
_KEPT = frozenset(
    "type spec_version id created modified created_by_ref object_marking_refs external_references pattern pattern_type"
    " pattern_version valid_from valid_until first_seen last_seen extension_type threatq_collection threatq_id"
    " indicator_types identity_class malware_types resource_level primary_motivation secondary_motivations"
    " personal_motivations sectors sophistication threat_actor_types tool_types".split()
)


def hidden_names(record: Mapping[str, Any]) -> Tuple[str, ...]:
    """The names of all sources that a record mentions: its own, and those of its attributes."""
    names = list(source_names(record, []))
    for attribute in listed(record.get("attributes")):
        if isinstance(attribute, dict):
            names += source_names(attribute, [])
    return tuple(texts(names))


def hide(properties: Dict[str, Any], names: Tuple[str, ...], keep_name: bool) -> Dict[str, Any]:
    """The object with the names withheld from its texts; labels and kill chains that hold one are dropped.

    `keep_name` is set for indicators, whose name is their value. Names of one or two letters are in every text and
    stay. Upper and lower case are the same.
    """
    found = _any_of(names)
    result = {}
    for name, value in properties.items():
        told: Any = value
        if name == "labels":
            told = [label for label in value if not found.search(label)]
        elif name == "kill_chain_phases":
            slugs = [slug(each) for each in names if len(slug(each)) > 2]
            told = [phase for phase in value if not any(each in phase["kill_chain_name"] for each in slugs)]
        elif name not in _KEPT and not (keep_name and name == "name"):
            told = _withheld(value, found)
        if told not in ("", []):
            result[name] = told
    return result


def _withheld(value: Any, found: "Pattern[str]") -> Any:
    if isinstance(value, str):
        return found.sub(WITHHELD, value)
    if isinstance(value, list):
        return texts(found.sub(WITHHELD, each) for each in value)
    if isinstance(value, dict):
        return {name: each if name in _KEPT else _withheld(each, found) for name, each in value.items()}
    return value


@lru_cache(maxsize=1024)
def _any_of(names: Tuple[str, ...]) -> "Pattern[str]":
    ordered: List[str] = sorted((name for name in names if len(name) > 2), key=len, reverse=True)
    if not ordered:
        return re.compile("(?!)")  # matches nowhere
    # A description may break a name over lines.
    written = "|".join(r"\s+".join(map(re.escape, name.split())) for name in ordered)
    return re.compile(rf"(?<!\w)(?:{written})(?!\w)", re.IGNORECASE)
