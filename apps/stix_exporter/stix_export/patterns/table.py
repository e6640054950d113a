"""Which indicator type makes which pattern (reference, 4.3)."""

import re
from functools import lru_cache
from typing import Callable, Dict, Optional, Tuple

from . import files, network
from .escape import quoted, unwritable
from .result import NoPattern, Pattern, Unfit

_Maker = Callable[[str], Pattern]

# The value in a reason: enough to find the indicator by.
_SHOWN = 80

_HIVES = {
    "HKLM": "HKEY_LOCAL_MACHINE",
    "HKCU": "HKEY_CURRENT_USER",
    "HKCR": "HKEY_CLASSES_ROOT",
    "HKU": "HKEY_USERS",
    "HKCC": "HKEY_CURRENT_CONFIG",
}
_HIVE = re.compile(r"(HKLM|HKCU|HKCR|HKU|HKCC)(?=\\|\Z)", re.I)


def _of(path: str) -> _Maker:
    """The value as it is, compared with a path that has no observable of its own."""
    return lambda value: Pattern(f"[{path} = {quoted(value)}]")


def _observed(kind: str, name: str) -> _Maker:
    """The value as it is, compared with a property that makes the observable."""
    return lambda value: Pattern(f"[{kind}:{name} = {quoted(value)}]", (kind, {name: value}))


def _email_subject(value: str) -> Pattern:
    message = {"is_multipart": False, "subject": value}
    return Pattern(f"[email-message:subject = {quoted(value)}]", ("email-message", message))


def _registry_key(value: str) -> Pattern:
    key = _HIVE.sub(lambda found: _HIVES[found.group().upper()], value.strip(), count=1)
    return Pattern(f"[windows-registry-key:key = {quoted(key)}]", ("windows-registry-key", {"key": key}))


_HTTP = "network-traffic:extensions.'http-request-ext'"

_MAKERS: Dict[str, _Maker] = {
    "IP Address": network.ip_address,
    "IPv6 Address": network.ip_address,
    "CIDR Block": network.cidr_block,
    "FQDN": network.domain_name,
    "Host name": network.domain_name,
    "URL": network.url,
    "URL Path": _of(f"{_HTTP}.request_value"),
    "Email Address": network.email_address,
    "Email Subject": _email_subject,
    "Email Attachment": _of("email-message:body_multipart[*].body_raw_ref.name"),
    "X-Mailer": _of("email-message:additional_header_fields.'X-Mailer'[*]"),
    "User-agent": _of(f"{_HTTP}.request_header.'User-Agent'[*]"),
    "MD5": files.hash_of("MD5", 32),
    "SHA-1": files.hash_of("SHA-1", 40),
    "SHA-256": files.hash_of("SHA-256", 64),
    "SHA-384": files.hash_of("SHA-384", 96),
    "SHA-512": files.hash_of("SHA-512", 128),
    "Fuzzy Hash": files.fuzzy_hash,
    "Filename": files.file_name,
    "File Path": files.file_path,
    "Registry Key": _registry_key,
    "Mutex": _observed("mutex", "name"),
    "MAC Address": network.mac_address,
    "ASN": network.autonomous_system,
    "x509 Serial": _observed("x509-certificate", "serial_number"),
    "x509 Subject": _of("x509-certificate:subject"),
    "Username": _observed("user-account", "account_login"),
    "Service Name": _of("process:extensions.'windows-service-ext'.service_name"),
    "String": files.text_content,
    "Binary String": files.binary_content,
}

_WITHOUT: Dict[str, str] = {
    "CVE": "it is exported as a vulnerability",
    "GOST Hash": "STIX has no name for this hash",
    "Hash ION": "STIX has no name for this hash",
    "File Mapping": "STIX has no object for it",
    "Password": "the credentials of people are not shared",
}

KNOWN_TYPES: Tuple[str, ...] = tuple(sorted({*_MAKERS, *_WITHOUT}))
"""The indicator types that this module knows, those included that have no pattern."""


def _folded(indicator_type: str) -> str:
    return re.sub("[^a-z0-9]", "", indicator_type.lower())


_NAMES = {_folded(name): name for name in KNOWN_TYPES}


@lru_cache(maxsize=1024)
def _maker(indicator_type: str) -> Tuple[str, Optional[_Maker]]:
    name = _NAMES.get(_folded(indicator_type), "")
    return name, _MAKERS.get(name)


def _shown(value: str) -> str:
    text = value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
    return "".join([c if c.isprintable() else c.encode("unicode_escape").decode() for c in text])


def is_secret(indicator_type: str) -> bool:
    """Whether a value of this type is a secret, which no message or summary may show."""
    return _folded(indicator_type) == "password"


def pattern_for(indicator_type: str, value: str) -> Pattern:
    """The pattern of an indicator and, on demand, its observable.

    Args:
        indicator_type: its name in the library; case, spaces and hyphens do not count ("sha256" is "SHA-256").
        value: the indicator's value.

    Raises:
        NoPattern: the type has no pattern, the value is not one of its type, or it holds NUL or a line break. The
            reason names type and value (never that of a password).
    """
    if not indicator_type.strip():
        raise _refusal("Indicator without a type", value, "there is no pattern for it")
    name, maker = _maker(indicator_type)
    if maker is None:
        raise _refusal(name or _shown(indicator_type), value, _WITHOUT.get(name, "no pattern is known for this type"))
    if not value or value.isspace():
        raise _refusal(name, value, "the value is empty")
    wrong = unwritable(value)
    if wrong:
        raise _refusal(name, value, f"{wrong} cannot be written in a pattern")
    try:
        return maker(value)
    except Unfit as unfit:
        raise _refusal(name, value, str(unfit)) from None


def _refusal(name: str, value: str, why: str) -> NoPattern:
    shown = "" if is_secret(name) else f' "{_shown(value)}"'
    return NoPattern(f"{name}{shown}: {why}", f"{name}: {why}")
