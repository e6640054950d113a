"""The built-in validators of the ``contains`` types (connector API, section 5).

Apps call them with any CEF value: each takes anything, never raises, and returns a bool. The platform's own patterns
are not public; these follow what the callers need.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict

# Patterns are compiled by re's cache on first use, not at import, which every action pays for.
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_LONGEST_NAME = 253


def _matches(pattern: str, value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII | re.IGNORECASE) is not None


def is_ip(value: Any) -> bool:
    """A dotted IPv4 address, without prefix length or port. IPv6 is left to apps, as on the platform."""
    return _matches(rf"{_OCTET}(?:\.{_OCTET}){{3}}", value)


def is_md5(value: Any) -> bool:
    """32 hexadecimal digits."""
    return _matches(r"[0-9a-f]{32}", value)


def is_sha1(value: Any) -> bool:
    """40 hexadecimal digits."""
    return _matches(r"[0-9a-f]{40}", value)


def is_sha256(value: Any) -> bool:
    """64 hexadecimal digits."""
    return _matches(r"[0-9a-f]{64}", value)


def is_sha512(value: Any) -> bool:
    """128 hexadecimal digits."""
    return _matches(r"[0-9a-f]{128}", value)


def is_hash(value: Any) -> bool:
    """A hash of any of the four kinds."""
    return is_md5(value) or is_sha1(value) or is_sha256(value) or is_sha512(value)


def is_domain(value: Any) -> bool:
    """A domain name: ASCII labels, at least one dot, a top level of letters (or punycode); never an IP address."""
    return (
        isinstance(value, str)
        and len(value.rstrip(".")) <= _LONGEST_NAME
        and _matches(rf"(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{0,58}}[a-z0-9])\.?", value)
    )


def is_hostname(value: Any) -> bool:
    """As a domain, but a single label will do, and underscores are tolerated; never an IP address."""
    return (
        isinstance(value, str)
        and len(value.rstrip(".")) <= _LONGEST_NAME
        and _matches(rf"{_HOST_LABEL}(?:\.{_HOST_LABEL})*\.?", value)
        and not _matches(r"[0-9.]*\.[0-9]+\.?", value)
    )


def is_url(value: Any) -> bool:
    """An http, https or ftp address with a host; a bare domain is none."""
    if not isinstance(value, str):
        return False
    match = re.fullmatch(
        r"(?:https?|ftp)://(?:[^\s/?#@]*@)?(\[[0-9a-f:.]+\]|[\w.-]+)(?::([0-9]{1,5}))?(?:[/?#]\S*)?",
        value,
        re.IGNORECASE,
    )
    if match is None or (match.group(2) and int(match.group(2)) > 65535):
        return False
    host = match.group(1)
    if host.startswith("[") or is_ip(host):
        return True
    # Host names outside ASCII are common in URLs that analysts paste, so only the shape of the labels is checked.
    labels = host[:-1].split(".") if host.endswith(".") else host.split(".")
    return all(labels) and not labels[-1].isdigit()


def is_email(value: Any) -> bool:
    """One @, something before it, a domain after it."""
    if not isinstance(value, str) or len(value) > 320:
        return False
    local, at, domain = value.partition("@")
    return bool(at) and re.fullmatch(r"[^\s@]+", local) is not None and is_domain(domain)


def is_mac(value: Any) -> bool:
    """Six octets joined by ``:`` or ``-``."""
    return _matches(r"[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}", value)


#: Validator of each ``contains`` type that has one. Apps iterate it, and may change it.
CONTAINS_VALIDATORS: Dict[str, Callable[[Any], bool]] = {
    "domain": is_domain,
    "ip": is_ip,
    "hash": is_hash,
    "sha1": is_sha1,
    "sha256": is_sha256,
    "sha512": is_sha512,
    "md5": is_md5,
    "host name": is_hostname,
    "mac address": is_mac,
    "url": is_url,
    "email": is_email,
}
