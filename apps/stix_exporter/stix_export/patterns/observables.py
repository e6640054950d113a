"""Cyber-observables with the deterministic ids of the standard (STIX 2.1, section 2.9)."""

import json
import re
import uuid
from typing import Any, Callable, Dict, Optional, Tuple

# Of the standard; nothing but observables may use it.
NAMESPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")

Observable = Tuple[str, Dict[str, Any]]
"""A type of observable and the properties that a value gives it."""

# What contributes to the id, for the types that are written here; an email-message also has is_multipart, a required
# property that does not count.
_NOT_CONTRIBUTING = {"is_multipart"}

_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:"
    r"(?://(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?"  # who
    r"(?:\[[0-9A-Fa-f:.]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?(?=[/?#]|\Z)"  # where
    r"|(?!//))"  # a path begins with two slashes only behind a host
    r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*"
    r"(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
)
_EMAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[^\s@<>\"',;:\\()\[\]]+")
# The published schema means keys that begin with a short hive, and refuses any key with one of these anywhere in it.
_SHORT_HIVE = re.compile("HKLM|HKCC|HKCR|HKCU|HKU|hklm|hkcc|hkcr|hkcu|hku")


def is_hostname(text: str) -> bool:
    """Whether `text` is an internationalised host name: no underscore, labels of 1 to 63 octets."""
    import idna  # slow to import, and only sightings need it

    try:
        idna.encode(text)
    except (idna.IDNAError, UnicodeError):
        return False
    return True


def _is_address(text: str) -> bool:
    return bool(_EMAIL.fullmatch(text)) and is_hostname(text.rsplit("@", 1)[1])


_RULES: Dict[str, Callable[[Dict[str, Any]], bool]] = {
    "domain-name": lambda properties: is_hostname(properties["value"]),
    "url": lambda properties: bool(_URI.fullmatch(properties["value"])),
    "email-addr": lambda properties: _is_address(properties["value"]),
    "windows-registry-key": lambda properties: not _SHORT_HIVE.search(properties["key"]),
}


def finished(observable: Observable) -> Optional[Dict[str, Any]]:
    """The observable as a STIX object with its id, or None when its value breaks a rule of the type.

    The id is a UUIDv5 over the canonical JSON (RFC 8785) of the contributing properties.
    """
    kind, properties = observable
    rule = _RULES.get(kind)
    if rule and not rule(properties):
        return None
    contributing = {name: value for name, value in properties.items() if name not in _NOT_CONTRIBUTING}
    # Keys are ASCII and values text or small integers: here the standard library writes what RFC 8785 asks for.
    canonical = json.dumps(contributing, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {"type": kind, "spec_version": "2.1", "id": f"{kind}--{uuid.uuid5(NAMESPACE, canonical)}", **properties}
