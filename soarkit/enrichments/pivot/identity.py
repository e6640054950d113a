"""When two entities are one: the same type, and values that mean the same."""

from __future__ import annotations

import re

_AS = re.compile(r"(?:ASN?)?\s*(\d{1,10})", re.IGNORECASE)
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^/?#]*)(.*)", re.DOTALL)


def entity_key(type: str, value: str) -> tuple[str, str]:
    """What an entity is known by in a graph.

    Host names, hashes and mail addresses mean the same in any case, a host name also with a dot behind it; of an
    address of the web only scheme and host do. AS numbers stand with and without their letters. Phrases are compared
    without case.

    :param type: an entity type; unknown ones are compared as text
    """
    text = value.strip()
    kind = type.rpartition(".")[2]
    if kind == "AS" and (number := _AS.fullmatch(text)):
        return type, str(int(number[1]))
    if kind == "URL":
        if parts := _ADDRESS.fullmatch(text):
            scheme, place, rest = parts.groups()
            user, at, host = place.rpartition("@")
            text = f"{scheme.lower()}{user}{at}{host.lower()}{'' if rest == '/' else rest}"
        return type, text
    if kind in ("Domain", "NSRecord"):
        return type, text.rstrip(".").lower()
    if kind == "Phrase":
        return type, " ".join(text.split()).casefold()
    return type, text.lower() if kind in ("Hash", "EmailAddress", "IPv4Address") else text
