"""The ``contains`` types: what kind of content a parameter takes, or an output or an artifact's field holds.

Types are free texts that apps agree upon; the platform has no list of them. Two thirds of what published manifests
name are an app's own (``okta user id``) and mean something to that app alone. The others are below, in the spelling
that most apps use.

Types are compared without regard to case, surplus spaces and underscores, and :data:`_SPELLINGS` brings together what
apps and people write for the same thing (``hostname`` and ``host name``). A type can be a kind of another: an MD5 is a
hash, so what takes a ``hash`` takes it. The reverse does not hold, nor is ``ipv6`` a kind of ``ip``: the platform's
check of ``ip`` refuses IPv6 addresses, and apps that take both say so by naming both.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from soarkit_app import validators

#: What takes a value of any type.
ANY = "*"

#: Types that several apps agree upon, most used first.
KNOWN = (
    "ip",
    "domain",
    "url",
    "email",
    "sha256",
    "sha1",
    "md5",
    "vault id",
    "hash",
    "host name",
    "user name",
    "file name",
    "ipv6",
    "file path",
    "pid",
    "port",
    "mac address",
    "pe file",
    "pdf",
    "flash",
    "apk",
    "jar",
    "doc",
    "ppt",
    "xls",
    "cidr",
    "asn",
    "sha512",
    "sql query",
    "aws credentials",
    "aws arn",
    "cve",
    "uuid",
    "ssdeep",
    "imphash",
    "process name",
    "phone number",
    "user id",
    "phantom container id",
)

#: Other spellings: what apps write, and what people type who have not looked it up.
_SPELLINGS = {
    "asnum": "asn",
    "cve id": "cve",
    "email address": "email",
    "file hash": "hash",
    "file sha1": "sha1",
    "filename": "file name",
    "filepath": "file path",
    "host": "host name",
    "hostname": "host name",
    "ip address": "ip",
    "ip network": "cidr",
    "ipv4": "ip",
    "mac": "mac address",
    "phone": "phone number",
    "subnet": "cidr",
    "telephone": "phone number",
    "username": "user name",
    "vaultid": "vault id",
}

#: What a value of a type is as well. Ids of the vault are SHA-1 sums of the files.
_KINDS = {
    "md5": ("hash",),
    "sha1": ("hash",),
    "sha256": ("hash",),
    "sha512": ("hash",),
    "vault id": ("sha1", "hash"),
}

_LONGEST = 8192  # characters; nothing longer is of a type that can be seen in it
#: Endings of file names that no domain has.
_FILES = frozenset(
    "7z apk bat bin bmp cfg class cmd conf csv dat db deb dll dmg doc docm docx dotm eml elf exe gif gz hta htm html "
    "ico img ini iso jar jpeg jpg js jse json lnk log msg msi msix odp ods odt ova pcap pcapng pdf php png potm ppam "
    "ppt pptm pptx ps1 psm1 pyc rar reg rpm rtf scr sql svg swf sys tar tgz tif tiff tmp txt vbe vbs vhd vmdk wsf xlam "
    "xls xlsb xlsm xlsx xml xz yaml yml".split()
)
#: Endings that both have: such a value may be either.
_FILES_OR_DOMAINS = frozenset("app cab cc dev dot download md mov one pl ps pub py rs sh so zip".split())


def canonical(spelled: str) -> str:
    """A type in the spelling that comparisons go by; an app's own stays as it is, but for case and spaces."""
    text = " ".join(spelled.replace("_", " ").split()).casefold()
    return _SPELLINGS.get(text, text)


def widened(types: Iterable[str]) -> set[str]:
    """What may take a value of any of these types: the types themselves, and what they are kinds of."""
    exact = {canonical(one) for one in types} - {""}
    return exact.union(*(_KINDS.get(one, ()) for one in exact))


def kinds_of(taken: Collection[str]) -> set[str]:
    """The reverse: canonical types whose values something takes that names these canonical types."""
    return set(taken).union(kind for kind, wider in _KINDS.items() if any(one in taken for one in wider))


def spellings_of(kind: str) -> list[str]:
    """Other spellings of a canonical type."""
    return [spelled for spelled, meant in _SPELLINGS.items() if meant == kind]


def recognise(value: str) -> list[str]:
    """The types a value can be of, the most exact first; empty where nothing can be said.

    Only what the text itself shows: user ids, queries and whatever an app calls its own cannot be told by looking.
    A word alone is nothing, one with digits or hyphens may be a host's name. Values are taken as they are: those with
    spaces around them, and those made harmless (``hxxp://``, ``1.1.1[.]1``) are not what an action could work on, and
    nothing is recognised in them.
    """
    if not value or len(value) > _LONGEST or value != value.strip():
        return []
    for kind, is_it in _FORMS:
        if is_it(value):
            return [kind, *_ALSO.get(kind, ())]
    return _named(value)


def is_defanged(value: str) -> bool:
    """Whether a value was made harmless for reading, as in ``hxxp://example[.]com``."""
    return re.search(r"^hxxps?:|\[\.\]|\(\.\)|\[dot\]|\[:\]|\[://\]|\[@\]|\[at\]", value, re.IGNORECASE) is not None


def _is_ipv6(value: str) -> bool:
    if ":" not in value or "%" in value:
        return False
    import ipaddress

    try:
        ipaddress.IPv6Address(value)
    except ValueError:
        return False
    return True


def _is_network(value: str) -> bool:
    if not re.fullmatch(r"[0-9a-f.:]+/[0-9]{1,3}", value, re.IGNORECASE):
        return False
    import ipaddress

    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return "." in value or ":" in value


def _is_email(value: str) -> bool:
    """An address alone; the library's check lets ``mailto:`` and lists of addresses through."""
    return validators.is_email(value) and not re.search(r"[:;,<>()\[\]]", value.partition("@")[0])


def _matching(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


_CVE = _matching(r"CVE-[0-9]{4}-[0-9]{4,19}")
_ASN = _matching(r"AS[1-9][0-9]{0,9}")
_UUID = _matching(r"\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?")
_ARN = _matching(r"arn:aws(?:-[a-z-]+)?:[a-z0-9-]+:[a-z0-9-]*:[0-9a-z]*:\S+")
_SSDEEP = _matching(r"[0-9]{1,10}:[a-z0-9/+]{6,}:[a-z0-9/+]{4,}")
_PHONE = _matching(r"\+[1-9][0-9 ().-]{5,24}[0-9]")
_PATH = re.compile(
    r"(?:[a-z]:[\\/]|\\\\[^\\/\s]+\\|%\w+%\\|~/|/(?=[^/\s]))[^\0\r\n]+|/[^/\s]", re.IGNORECASE
)  # a drive, a share, a variable, somebody's or the root folder
_DOTTED_MAC = _matching(r"[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}")  # as switches write it; else it would be a domain
_ACCOUNT = _matching(r"[a-z0-9][a-z0-9.-]{0,62}\\[^\\/:*?\"<>|\s]{1,104}")
_FILE = re.compile(r"[^\\/:*?\"<>|\x00-\x1f]{1,250}\.([a-z0-9]{1,8})", re.IGNORECASE | re.ASCII)
_MACHINE = _matching(r"(?=[a-z0-9-]*[a-z])(?=[a-z0-9-]*[0-9-])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = _matching(r"0|[1-9][0-9]{0,6}")

#: The forms that leave no doubt, and their tests.
_FORMS = (
    ("ip", validators.is_ip),
    ("ipv6", _is_ipv6),
    ("cidr", _is_network),
    ("md5", validators.is_md5),
    ("sha1", validators.is_sha1),
    ("sha256", validators.is_sha256),
    ("sha512", validators.is_sha512),
    ("url", validators.is_url),
    ("email", _is_email),
    ("mac address", validators.is_mac),
    ("mac address", _DOTTED_MAC.fullmatch),
    ("cve", _CVE.fullmatch),
    ("asn", _ASN.fullmatch),
    ("uuid", _UUID.fullmatch),
    ("aws arn", _ARN.fullmatch),
    ("ssdeep", _SSDEEP.fullmatch),
    ("phone number", _PHONE.fullmatch),
    ("file path", _PATH.fullmatch),
    ("user name", _ACCOUNT.fullmatch),
)

#: What else a value of such a form is. No list says which SHA-1 sums are files in the vault.
_ALSO = {
    "md5": ("hash",),
    "sha1": ("hash", "vault id"),
    "sha256": ("hash",),
    "sha512": ("hash",),
}


def _named(value: str) -> list[str]:
    """Names of hosts and files, which look alike, and numbers."""
    file = _FILE.fullmatch(value)
    ending = file[1].lower() if file else ""
    if ending in _FILES:
        return ["file name", "process name"] if ending == "exe" else ["file name"]
    if _is_domain(value):
        return ["domain", "host name", *(["file name"] if ending in _FILES_OR_DOMAINS else [])]
    if ending in _FILES_OR_DOMAINS:
        return ["file name"]
    if _MACHINE.fullmatch(value):
        return ["host name"]
    if _NUMBER.fullmatch(value):
        number = int(value)
        return [*(["port"] if 0 < number < 65536 else []), *(["pid"] if number <= _HIGHEST_PID else [])]
    return []


_HIGHEST_PID = 1 << 22  # Linux has none above; Windows' stay far below


def _is_domain(value: str) -> bool:
    """A domain name, also in another script than Latin: what punycode makes of it decides."""
    if value.isascii():
        return validators.is_domain(value)
    if not re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", value) or len(value) > 253:
        return False
    try:
        return validators.is_domain(value.encode("idna").decode("ascii"))
    except UnicodeError:
        return False
