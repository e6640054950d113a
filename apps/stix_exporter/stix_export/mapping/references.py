"""External references: the platform, the original sources, and the catalogues that an object's name points to."""

import re
from typing import Any, Dict, List, Mapping, Optional, Tuple

from .texts import listed, named, texts

Reference = Dict[str, str]

_CVE = re.compile(r"(?<![a-z0-9])cve-[0-9]{4}-[0-9]{4,}(?![0-9])", re.IGNORECASE)
_TECHNIQUE = re.compile(r"(T[0-9]{4})(?:\.([0-9]{3}))?(?![A-Za-z0-9_.])")
_CAPEC = re.compile(r"(CAPEC-[0-9]+)(?![A-Za-z0-9_.])")


UNNAMED = "a source without a name"


def source_names(record: Mapping[str, Any], remarks: List[str]) -> Tuple[str, ...]:
    """The names of an object's sources, in the library's order, each once."""
    sources = record.get("sources")
    if not sources:
        return ()
    names = list(map(named, listed(sources)))
    if "" in names:
        remarks.append(UNNAMED)
    return tuple(texts(names))


def platform(collection: str, number: int, hostname: Optional[str]) -> Reference:
    """The entry that always comes first: where the intelligence was exported from.

    It has a link to the object when the host is known. Indicators never have one, since one STIX indicator may stand
    for several of the library's (vendor guide, Known Issues).
    """
    entry = {"source_name": "ThreatQ", "description": "Intelligence exported from ThreatQ"}
    if hostname and collection != "indicators":
        entry["url"] = f"https://{hostname}/{collection}/{number}/details"
    return entry


def reported(names: Tuple[str, ...]) -> List[Reference]:
    """One entry for each original source."""
    return [{"source_name": name, "description": f"Intelligence reported by {name}"} for name in names]


def vulnerability(name: str) -> List[Reference]:
    """The CVE entries of a vulnerability's name; none when it names no CVE (a weakness, a configuration)."""
    found = texts(each.upper() for each in _CVE.findall(name))
    return [{"source_name": "cve", "external_id": each} for each in found]


def attack_pattern(name: str) -> List[Reference]:
    """The ATT&CK technique or CAPEC pattern that a name begins with; vendors' own numbers stay in the name alone."""
    technique = _TECHNIQUE.match(name)
    if technique:
        parts = [part for part in technique.groups() if part]
        return [
            {
                "source_name": "mitre-attack",
                "external_id": ".".join(parts),
                "url": f"https://attack.mitre.org/techniques/{'/'.join(parts)}",
            }
        ]
    capec = _CAPEC.match(name)
    return [{"source_name": "capec", "external_id": capec.group(1)}] if capec else []
