"""What each kind of object has beyond the common properties (reference, section 4.2); indicators have their own module.

Every function adds to `out`, which has the common properties already. Words are matched against the standard's
vocabularies and left to the attributes when they are not in them.
"""

import re
from typing import Any, Callable, Dict, List, Mapping

from ..times import MILLISECOND, SECOND, BadTime, stix_time
from . import vocabularies as words
from .attributes import Attributes
from .texts import named, paragraphs, slug

StixObject = Dict[str, Any]
Record = Mapping[str, Any]

LATER = "an end that is before its start: kept in the extension only"
UNREADABLE_SEEN = "a first or last seen time that cannot be read"

_KILL_CHAIN = re.compile(r"kill ?chain(?: phases?)?(?: names?)?[^a-z0-9]*(.*)")
_LOCKHEED = frozenset(
    "reconnaissance weaponization delivery exploitation installation command-and-control actions-on-objectives".split()
)


def threat_actor(record: Record, attributes: Attributes, out: StixObject, remarks: List[str]) -> None:
    """Adversary."""
    _put(out, "threat_actor_types", words.known(attributes.values("label", "labels"), words.THREAT_ACTOR_TYPE))
    _put(out, "roles", words.known(attributes.values("role", "roles"), words.THREAT_ACTOR_ROLE))
    sophistication = words.known(attributes.values("sophistication"), words.THREAT_ACTOR_SOPHISTICATION)
    _put(out, "sophistication", sophistication[0] if sophistication else "")
    personal = attributes.values("personal motivation", "personal motivations")
    _put(out, "personal_motivations", words.known(personal, words.ATTACK_MOTIVATION))
    intrusion_set(record, attributes, out, remarks)


def intrusion_set(record: Record, attributes: Attributes, out: StixObject, remarks: List[str]) -> None:
    """Intrusion Set, and what an Adversary shares with it."""
    aliases(record, attributes, out, remarks)
    _put(out, "goals", attributes.values("goal", "goals"))
    levels = words.known(attributes.values("resource level"), words.ATTACK_RESOURCE_LEVEL)
    _put(out, "resource_level", levels[0] if levels else "")
    primary = words.known(attributes.values("primary motivation"), words.ATTACK_MOTIVATION)
    _put(out, "primary_motivation", primary[0] if primary else "")
    secondary = attributes.values("secondary motivation", "secondary motivations")
    _put(out, "secondary_motivations", words.known(secondary, words.ATTACK_MOTIVATION))
    seen(record, attributes, out, remarks)


def campaign(record: Record, attributes: Attributes, out: StixObject, remarks: List[str]) -> None:
    """Campaign."""
    aliases(record, attributes, out, remarks)
    _put(out, "objective", paragraphs(record.get("objective")) or attributes.first("objective"))
    seen(record, attributes, out, remarks)


def identity(record: Record, attributes: Attributes, out: StixObject, remarks: List[str]) -> None:
    """Identity."""
    contact = paragraphs(record.get("contact_information")) or attributes.first("contact information")
    _put(out, "contact_information", contact)
    classes = words.known(attributes.values("identity class"), words.IDENTITY_CLASS)
    out["identity_class"] = classes[0] if classes else "unknown"
    _put(out, "sectors", words.known(attributes.values("sector", "sectors"), words.INDUSTRY_SECTOR))
    _put(out, "roles", attributes.values("role", "roles"))


def malware(record: Record, attributes: Attributes, out: StixObject, remarks: List[str]) -> None:
    """Malware."""
    kinds = [named(record.get("type")), *attributes.values("malware type", "malware types", "type")]
    _put(out, "malware_types", words.known(kinds, words.MALWARE_TYPE))
    out["is_family"] = attributes.switch("is family") is not False
    aliases(record, attributes, out, remarks)
    kill_chain(record, attributes, out, remarks)
    seen(record, attributes, out, remarks)


def tool(record: Record, attributes: Attributes, out: StixObject, remarks: List[str]) -> None:
    """Tool."""
    kinds = [named(record.get("type")), *attributes.values("tool type", "tool types", "type")]
    _put(out, "tool_types", words.known(kinds, words.TOOL_TYPE))
    _put(out, "tool_version", attributes.first("tool version", "version"))
    aliases(record, attributes, out, remarks)
    kill_chain(record, attributes, out, remarks)


def attack_pattern(record: Record, attributes: Attributes, out: StixObject, remarks: List[str]) -> None:
    """Attack Pattern."""
    aliases(record, attributes, out, remarks)
    kill_chain(record, attributes, out, remarks)


def name_alone(record: Record, attributes: Attributes, out: StixObject, remarks: List[str]) -> None:
    """Course of Action, Exploit Target and Incident have nothing of their own in the standard."""


def aliases(record: Record, attributes: Attributes, out: StixObject, remarks: List[str]) -> None:
    """Other names, from the attributes Alias and Aliases."""
    _put(out, "aliases", attributes.values("alias", "aliases"))


def kill_chain(record: Record, attributes: Attributes, out: StixObject, remarks: List[str]) -> None:
    """Phases from the attributes whose name begins with "Kill Chain"; both parts are lower case with hyphens.

    The chain is what the attribute's name goes on with ("Kill Chain - Mandiant"), else what stands before a colon in
    the value ("mitre-attack: Execution"), else Lockheed Martin's if that has the phase, else "kill-chain".
    """
    if not attributes:
        return
    phases = []
    for name, value in attributes.pairs():
        found = _KILL_CHAIN.fullmatch(name) if value else None
        if found:
            chain, phase = found.group(1), value
            if not chain and ":" in value:
                chain, phase = value.split(":", 1)
            phase = slug(phase)
            chain = slug(chain) or ("lockheed-martin-cyber-kill-chain" if phase in _LOCKHEED else "kill-chain")
            if phase and (chain, phase) not in phases:
                phases.append((chain, phase))
    _put(out, "kill_chain_phases", [{"kill_chain_name": chain, "phase_name": phase} for chain, phase in phases])


def seen(record: Record, attributes: Attributes, out: StixObject, remarks: List[str]) -> None:
    """first_seen and last_seen from the record's own times, else from the attributes of that name."""
    first = _moment(record.get("started_at") or record.get("first_seen") or attributes.first("first seen"), remarks)
    last = _moment(record.get("ended_at") or record.get("last_seen") or attributes.first("last seen"), remarks)
    if last and first and last < first:
        remarks.append(LATER)
        last = ""
    _put(out, "first_seen", first)
    _put(out, "last_seen", last)


BUILDERS: Dict[str, Callable[[Record, Attributes, StixObject, List[str]], None]] = {
    "attack-pattern": attack_pattern,
    "campaign": campaign,
    "course-of-action": name_alone,
    "identity": identity,
    "incident": name_alone,
    "indicator": kill_chain,
    "intrusion-set": intrusion_set,
    "malware": malware,
    "threat-actor": threat_actor,
    "tool": tool,
    "vulnerability": name_alone,
}


def _put(out: StixObject, name: str, value: Any) -> None:
    """Set a property; nothing empty is ever written, since the standard forbids empty lists and nulls."""
    if value:
        out[name] = value


def _moment(value: Any, remarks: List[str]) -> str:
    if not value:
        return ""
    try:
        return stix_time(stix_time(value, SECOND), MILLISECOND)
    except BadTime:
        remarks.append(UNREADABLE_SEEN)
        return ""
