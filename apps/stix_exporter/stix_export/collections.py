"""The collections of a threat library: API names, how people write them, what can be exported (reference 1, 3.2)."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, Mapping, Optional

from .errors import ExportError

CREATE_BUNDLE = "create_bundle"
CREATE_SIGHTING = "create_sighting"

#: API collection -> what people call one object of it, for every collection that can be exported.
LABELS: Dict[str, str] = {
    "adversaries": "Adversary",
    "attack_pattern": "Attack Pattern",
    "campaign": "Campaign",
    "course_of_action": "Course of Action",
    "events": "Event",
    "exploit_target": "Exploit Target",
    "identity": "Identity",
    "incident": "Incident",
    "indicators": "Indicator",
    "intrusion_set": "Intrusion Set",
    "malware": "Malware",
    "tool": "Tool",
}

#: Other collections of the platform: their objects are known, and not exported.
OTHERS: FrozenSet[str] = frozenset(
    "asset attachments compromised_account compromised_card infrastructure investigations note report signatures tasks"
    " ttp vulnerability".split()
)

_ALIASES: Dict[str, str] = {
    "adversary": "adversaries",
    "attack_patterns": "attack_pattern",
    "campaigns": "campaign",
    "courses_of_action": "course_of_action",
    "course_of_actions": "course_of_action",
    "event": "events",
    "exploit_targets": "exploit_target",
    "identities": "identity",
    "incidents": "incident",
    "indicator": "indicators",
    "intrusion_sets": "intrusion_set",
    "malwares": "malware",
    "tools": "tool",
    "attachment": "attachments",
    "file": "attachments",
    "files": "attachments",
    "signature": "signatures",
    "task": "tasks",
    "reports": "report",
    "vulnerabilities": "vulnerability",
}

_TITLES = {"indicators": "value", "adversaries": "name", "events": "title"}

#: Action -> the collections whose objects it starts from.
ROOTS: Dict[str, FrozenSet[str]] = {
    CREATE_BUNDLE: frozenset(LABELS) - {"events"},
    CREATE_SIGHTING: frozenset({"indicators", "incident", "events"}),
}


def resolve(name: Any) -> Optional[str]:
    """The API collection of a name as people write it (``Indicator``, ``Attack Pattern``, ``tools``), or None."""
    if not isinstance(name, str):
        return None
    plain = "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())
    plain = _ALIASES.get(plain, plain)
    return plain if plain in LABELS or plain in OTHERS else None


def root_collection(name: Any, action: str) -> str:
    """The collection that an action's ``object_type`` names.

    :param action: :data:`CREATE_BUNDLE` or :data:`CREATE_SIGHTING`.
    :raises ExportError: no such type, or a type that the action does not start from; the text lists those it does.
    """
    collection = resolve(name)
    allowed = ROOTS[action]
    if collection in allowed:
        return collection
    known = f"{LABELS[collection]} objects are" if collection in LABELS else f"object_type {name!r:.80} is"
    offered = ", ".join(LABELS[each] for each in sorted(allowed))
    raise ExportError(f"{known} not supported by {action.replace('_', ' ')}; choose one of: {offered}")


def title_of(collection: str, record: Mapping[str, Any]) -> str:
    """The name of a record, trimmed; "" when it has none (reference 3.2, 4.1).

    The collection's own field comes first, then whatever field other collections use. A number counts as its digits.
    """
    for field in (_TITLES.get(collection, "value"), "value", "name", "title"):
        title = record.get(field)
        if isinstance(title, int) and not isinstance(title, bool):
            return str(title)
        if isinstance(title, str) and title.strip():
            return title.strip()
    return ""
