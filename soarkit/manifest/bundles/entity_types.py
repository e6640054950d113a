"""The eight kinds of observable that enrichments know, and telling from a value which it is.

Sources: guide chapter 3 (the constants); reference, section 1.4. What a value looks like is our own choice: the sources
leave it to the platform.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from soarkit_app import validators

from soarkit.errors import UsageError
from soarkit.manifest.selection import suggestions

_LONGEST = 8192  # characters of a value that is looked at; longer ones are phrases


class EntityType(NamedTuple):
    """One kind of observable."""

    constant: str  #: what metadata, scripts and output say: ``anomali.IPv4Address``
    name: str  #: what it is called in ``EntityTypes``: ``IPv4``
    short: str  #: what people type: ``ipv4``
    display: str  #: what people read: ``IPv4 address``
    contains: tuple[str, ...]  #: content types of a parameter for it
    sample: str  #: a harmless value, for checks where a transform names none of its own


DOMAIN = EntityType("anomali.Domain", "Domain", "domain", "domain", ("domain",), "example.com")
IPV4 = EntityType("anomali.IPv4Address", "IPv4", "ipv4", "IPv4 address", ("ip",), "8.8.8.8")
HASH = EntityType(
    "anomali.Hash",
    "Hash",
    "hash",
    "hash",
    ("hash", "md5", "sha1", "sha256", "sha512"),
    "44d88612fea8a8f36de82e1278abb02f",  # the EICAR test file, which every source knows
)
EMAIL = EntityType("anomali.EmailAddress", "EmailAddress", "email", "mail address", ("email",), "info@example.com")
URL = EntityType("anomali.URL", "URL", "url", "URL", ("url",), "https://example.com/")
PHRASE = EntityType("anomali.Phrase", "Phrase", "phrase", "phrase", (), "example")
AS = EntityType("anomali.AS", "AS", "as", "autonomous system", ("asn",), "AS15169")
NSRECORD = EntityType(
    "anomali.NSRecord", "NSRecord", "nsrecord", "name server", ("domain", "host name"), "ns1.google.com"
)

ALL = (DOMAIN, IPV4, HASH, EMAIL, URL, PHRASE, AS, NSRECORD)
BY_CONSTANT = {one.constant: one for one in ALL}

#: What people also write for a type.
_ALIASES = {
    "ip": IPV4,
    "ipv4address": IPV4,
    "host": DOMAIN,
    "hostname": DOMAIN,
    "md5": HASH,
    "sha1": HASH,
    "sha256": HASH,
    "sha512": HASH,
    "mail": EMAIL,
    "e-mail": EMAIL,
    "asn": AS,
    "ns": NSRECORD,
    "nameserver": NSRECORD,
}


def named(text: str) -> EntityType:
    """The type that a person names: by short name, constant, or the name that people read; case does not matter.

    :raises UsageError: there is none
    """
    known = _names()
    found = known.get(text.strip().lower())
    if found is not None:
        return found
    shorts = [one.short for one in ALL]
    close = list(dict.fromkeys(known[name].short for name in suggestions(text, list(known))))
    guess = f"did you mean {' or '.join(close)}? " if close else ""
    raise UsageError(f"there is no entity type {text!r}", hint=f"{guess}The types are: {', '.join(shorts)}")


@cache
def _names() -> dict[str, EntityType]:
    own = {name.lower(): one for one in ALL for name in (one.constant, one.name, one.short, one.display)}
    return {**_ALIASES, **own}


def recognise(value: str) -> list[EntityType]:
    """The types that a value can be of, the most exact first; :data:`PHRASE` is always among them, and last.

    A host name is a domain and may be that of a name server; where a label says so (``ns1``, ``dns``), name server
    comes first. IPv6 addresses, networks, bare numbers and versions such as 1.2.3 are none of the other types. Values
    made harmless (``hxxp://``, ``example[.]com``) are taken for what they stand for: see :func:`understood`.
    """
    return [*_exact(understood(value)), PHRASE]


def understood(value: str) -> str:
    """What a person means by a value: without spaces around it, and usable again where it was made harmless.

    ``hxxps://example[.]com`` becomes ``https://example.com``. Only where the outcome is of another type than phrase:
    any other text stays as it is, spaces around it included. Who uses this says so to the person where it differs.
    """
    stripped = value.strip()
    if len(stripped) > _LONGEST or not stripped:
        return value
    for candidate in (stripped, _armed(stripped)):
        if _exact(candidate):
            return candidate
    return value


def _exact(value: str) -> list[EntityType]:
    """The types of a value as it stands, phrase left out."""
    if not value or len(value) > _LONGEST:
        return []
    for kind, is_it in _FORMS:
        if is_it(value):
            return [kind]
    if _is_host(value):
        return [NSRECORD, DOMAIN] if _serves_names(value) else [DOMAIN, NSRECORD]
    return []


def _is_as(value: str) -> bool:
    number = _AS.fullmatch(value)
    return number is not None and 0 < int(number[1]) < 1 << 32


def _is_email(value: str) -> bool:
    local, at, host = value.rpartition("@")
    return bool(at) and _LOCAL.fullmatch(local) is not None and _is_host(host)


_HASH = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})", re.I | re.A)
_AS = re.compile(r"ASN? ?([0-9]{1,10})", re.I | re.A)
#: Any scheme will do but one that was made harmless; nor may the host have been. Brackets round IPv6 addresses may be.
_URL = re.compile(
    r"(?!hxx|h\*\*|fxp)[a-z][a-z0-9+.-]{0,40}://(?![^/?#]*(?:[\[({] ?(?:\.|dot)))[^\s\x00-\x1f]+", re.I | re.A
)
_LOCAL = re.compile(r"[^\s@:;,<>()\[\]\"\\\x00-\x1f]{1,64}")
_LABELS = re.compile(r"(?:_?[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_][\w-]{0,61}[^\W_]\.?")
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}", re.I | re.A)
_FORMS: tuple[tuple[EntityType, Callable[[str], object]], ...] = (
    (IPV4, validators.is_ip),
    (HASH, _HASH.fullmatch),
    (AS, _is_as),
    (URL, _URL.fullmatch),
    (EMAIL, _is_email),
)
#: Endings of files that are no top level domains: ``invoice.exe`` is no host.
_FILE_ENDINGS = frozenset(
    "bat bin cfg class conf csv dat dll doc docm docx elf eml exe gif gz hta htm html img ini iso jar jpeg jpg js json "
    "lnk log msi ova pcap pdf php png ppt pptx pyc rar rtf svg sys tar tgz tmp txt vbs wsf xls xlsm xlsx xml".split()
)
_NAME_SERVER = re.compile(r"(?:ns|[a-z]{0,4}dns|nameserver)[0-9]*(?:-.*)?", re.I)


def _is_host(value: str) -> bool:
    """A host name with at least one dot, also in another script than Latin: what punycode makes of it decides."""
    if "." not in value or len(value) > 254 or not _LABELS.fullmatch(value):
        return False
    ascii_form = value.rstrip(".")
    if not value.isascii():
        try:
            ascii_form = ascii_form.encode("idna").decode("ascii")
        except UnicodeError:
            return False
    top = ascii_form.rpartition(".")[2]
    return len(ascii_form) <= 253 and _TOP.fullmatch(top) is not None and top.lower() not in _FILE_ENDINGS


def _serves_names(host: str) -> bool:
    """Whether a label below the registered name speaks of name service."""
    return any(_NAME_SERVER.fullmatch(label) for label in host.rstrip(".").split(".")[:-2])


def _armed(value: str) -> str:
    """A value as it was before somebody made it harmless for reading."""
    text = re.sub(r"\[(://|:|\.|,|@)\]|[({](\.|@)[)}]", lambda found: (found[1] or found[2]).replace(",", "."), value)
    text = re.sub(r"[\[({] ?dot ?[\])}]", ".", text, flags=re.IGNORECASE)
    text = re.sub(r"[\[({] ?at ?[\])}]", "@", text, flags=re.IGNORECASE)
    text = re.sub(r"^h(?:xx|\*\*)p(s?)(?=:)", r"http\1", text, flags=re.IGNORECASE)
    return re.sub(r"^fxp(s?)(?=:)", r"ftp\1", text, flags=re.IGNORECASE)
