"""Addresses and names of networks: IP, CIDR, host, URL, email, MAC, autonomous system (reference, 4.3)."""

import ipaddress
import re
from typing import Union

from .escape import quoted
from .result import Pattern, Unfit

_SCHEME = re.compile(
    "[a-z][a-z0-9+.-]*://|(?:about|blob|cid|data|file|javascript|magnet|mailto|sip|tel|urn):", re.IGNORECASE
)
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}")
_MAC = re.compile(
    r"[0-9a-f]{12}|[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}", re.I
)
_ASN = re.compile(r"(?:ASN?)?\s*([0-9]{1,10})", re.I)

_Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]


def _written(address: _Address) -> str:
    """The canonical text, in groups of hexadecimal digits also where it holds an IPv4 address.

    Pythons before and after 3.13 write those differently, and the published schema refuses the form with dots.
    """
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        number = int(address.ipv4_mapped)
        return f"::ffff:{number >> 16:x}:{number & 0xFFFF:x}"
    return str(address)


def ip_address(value: str) -> Pattern:
    """An IPv4 or IPv6 address, whichever the value is."""
    text = value.strip()
    if _IPV4.fullmatch(text):  # as the next lines would say, in a fifth of the time
        return Pattern(f"[ipv4-addr:value = '{text}']", ("ipv4-addr", {"value": text}))
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise Unfit("not an IPv4 or IPv6 address") from None
    if "%" in text:
        raise Unfit("an address with a zone means nothing on another machine")
    kind = f"ipv{address.version}-addr"
    written = _written(address)
    return Pattern(f"[{kind}:value = '{written}']", (kind, {"value": written}))


def cidr_block(value: str) -> Pattern:
    """A network; bits behind the prefix are cleared."""
    text = value.strip()
    if "/" not in text or "%" in text:
        raise Unfit("not a network with its prefix length (as 192.0.2.0/24)")
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise Unfit("not a network with its prefix length (as 192.0.2.0/24)") from None
    block = f"{_written(network.network_address)}/{network.prefixlen}"
    return Pattern(f"[ipv{network.version}-addr:value ISSUBSET '{block}']")


def domain_name(value: str) -> Pattern:
    """A host or domain name, in lower case, without the final dot."""
    name = value.strip().lower()
    name = name[:-1] if name.endswith(".") else name
    if not name:
        raise Unfit("not a name of a host")
    return Pattern(f"[domain-name:value = {quoted(name)}]", ("domain-name", {"value": name}))


def url(value: str) -> Pattern:
    """A URL; one without a scheme matches with either of the two of the web."""
    text = value.strip()
    if _SCHEME.match(text):
        return Pattern(f"[url:value = {quoted(text)}]", ("url", {"value": text}))
    rest = text[2:] if text.startswith("//") else text
    if not rest:
        raise Unfit("not a URL")
    return Pattern(f"[url:value = {quoted('http://' + rest)} OR url:value = {quoted('https://' + rest)}]")


def email_address(value: str) -> Pattern:
    """An address of a mailbox, as it is given."""
    text = value.strip()
    return Pattern(f"[email-addr:value = {quoted(text)}]", ("email-addr", {"value": text}))


def mac_address(value: str) -> Pattern:
    """A MAC address of 48 bits, in lower case, with colons."""
    text = value.strip()
    if not _MAC.fullmatch(text):
        raise Unfit("not a MAC address of 12 hexadecimal digits")
    digits = re.sub("[:.-]", "", text).lower()
    written = ":".join([digits[at : at + 2] for at in range(0, 12, 2)])
    return Pattern(f"[mac-addr:value = '{written}']", ("mac-addr", {"value": written}))


def autonomous_system(value: str) -> Pattern:
    """The number of an autonomous system, with or without "AS" before it."""
    found = _ASN.fullmatch(value.strip())
    number = int(found.group(1)) if found else -1
    if not 0 <= number < 2**32:
        raise Unfit("not the number of an autonomous system (as AS64496)")
    return Pattern(f"[autonomous-system:number = {number}]", ("autonomous-system", {"number": number}))
