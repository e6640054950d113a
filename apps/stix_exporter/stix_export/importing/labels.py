"""What a bundle says about who may see an object, and how grave it is: TLP, tags, severity."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from ..tlp import NAMES, tlp_rank

SEVERITIES = ("low", "medium", "high")

#: The fixed marking definitions of STIX 2.1 (the same in 2.0) and of TLP 2.0 (reference 7).
_KNOWN = {
    "613f2e26-407d-48c7-9eca-b8e91df99dc9": 1,
    "94868c89-83c2-464b-929b-a1a8aa3c8487": 1,
    "34098fce-860f-48ae-8e50-ebd3cc5e41da": 2,
    "bab4a63c-aed9-4cf5-a766-dfca5abac2bb": 2,
    "f88d31f6-486f-44da-b317-01333bde0b82": 3,
    "55d920b0-5e8b-4f79-9ee9-91f868d9b421": 3,
    "939a9414-2ddd-4d32-a0cd-375ea402b003": 4,
    "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": 5,
    "e828b379-4e03-4974-9ac4-e53a884c97c1": 5,
}
# The platform's sensitivities know no "strict": what is stricter than amber is red there.
_SENSITIVITIES = ("", "white", "green", "amber", "red", "red")
_GRAVE = frozenset(("malicious-activity", "compromised", "attribution"))


def tlp_of(thing: Mapping[str, Any], objects: Mapping[str, Any]) -> int:
    """The rank of the strictest TLP label that marks an object, 0 without one (ranks: :mod:`stix_export.tlp`)."""
    rank = 0
    for ref in texts(thing.get("object_marking_refs")):
        known = _KNOWN.get(ref.partition("--")[2].lower())
        rank = max(rank, known if known is not None else _defined(objects.get(ref)))
    return rank


def is_tlp(ref: str) -> bool:
    """Whether a marking is one of the fixed TLP labels, which need not be in a bundle."""
    return ref.partition("--")[2].lower() in _KNOWN


def _defined(marking: Any) -> int:
    if not isinstance(marking, dict):
        return 0
    definition = marking.get("definition")
    label = definition.get("tlp") if isinstance(definition, dict) else None
    label = label if isinstance(label, str) else marking.get("name")
    is_tlp = isinstance(label, str) and (marking.get("definition_type") == "tlp" or label.upper().startswith("TLP:"))
    return (tlp_rank(str(label)) or 0) if is_tlp else 0


def sensitivity(rank: int) -> str:
    """The platform's word for a TLP rank, "" for no label."""
    return _SENSITIVITIES[rank]


def tags_of(thing: Mapping[str, Any], rank: int) -> List[str]:
    """An artifact's tags: the object's labels, its TLP, and whether it was revoked."""
    tags = texts(thing.get("labels"))
    if rank:
        tags.append(f"tlp:{NAMES[rank]}")
    if thing.get("revoked") is True:
        tags.append("revoked")
    return list(dict.fromkeys(tags))


def severity_of(thing: Mapping[str, Any]) -> str:
    """low, medium or high: what an indicator's types say, in 2.0 its labels; all else is medium."""
    if thing.get("revoked") is True:
        return "low"
    if thing.get("type") != "indicator":
        return "medium"
    types = set(texts(thing.get("indicator_types")) or texts(thing.get("labels")))
    if types & _GRAVE:
        return "high"
    return "low" if "benign" in types else "medium"


def highest(severities: Dict[str, int]) -> str:
    """The gravest of some severities, "medium" of none."""
    return next((one for one in reversed(SEVERITIES) if severities.get(one)), "medium")


def texts(value: Any) -> List[str]:
    """The texts of a list; of anything else none."""
    return [one for one in value if isinstance(one, str) and one] if isinstance(value, list) else []
