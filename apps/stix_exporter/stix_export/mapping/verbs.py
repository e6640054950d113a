"""The verb of a relation: `related-to`, or the one that the standard suggests for the pair (reference, section 5)."""

from typing import Dict, Tuple

RELATED = "related-to"


def _table() -> Dict[Tuple[str, str], str]:
    rows = (
        ("indicator", "indicates", "threat-actor attack-pattern campaign intrusion-set malware tool"),
        ("threat-actor", "uses", "attack-pattern malware tool"),
        ("intrusion-set", "uses", "attack-pattern malware tool"),
        ("campaign", "uses", "attack-pattern malware tool"),
        ("threat-actor", "targets", "vulnerability"),
        ("intrusion-set", "targets", "vulnerability identity"),
        ("campaign", "targets", "vulnerability identity"),
        ("campaign", "attributed-to", "intrusion-set threat-actor"),
        ("intrusion-set", "attributed-to", "threat-actor"),
        ("malware", "uses", "attack-pattern tool"),
        ("malware", "exploits", "vulnerability"),
        ("malware", "targets", "identity"),
        ("attack-pattern", "uses", "tool"),
        ("attack-pattern", "targets", "identity vulnerability"),
        ("tool", "targets", "identity"),
        ("course-of-action", "mitigates", "attack-pattern malware tool vulnerability"),
    )
    return {(source, target): verb for source, verb, targets in rows for target in targets.split()}


SUGGESTED = _table()


def suggested(parent: str, child: str) -> Tuple[str, bool]:
    """The verb for two STIX types, and whether the child is its source.

    Pairs that the standard has no verb for, or several that say different things, are `related-to` from the parent.
    """
    verb = SUGGESTED.get((parent, child))
    if verb:
        return verb, False
    verb = SUGGESTED.get((child, parent))
    return (verb, True) if verb else (RELATED, False)
