"""Which field of an artifact a property of an observable fills, and what it contains there.

Fields are those of the Common Event Format where it has one, else names in its style. What they contain are the types
that apps' parameters name ("ip", "md5"), so that a value can be handed to an action. Both addresses of traffic have
their own field; an address by itself is a destination: what an indicator warns of is mostly talked to.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Callable, Dict, List, NamedTuple, Optional, Tuple

from .reader import Value


class Filled(NamedTuple):
    """A field, its value, and what it contains."""

    field: str
    value: Value
    contains: Tuple[str, ...]


class Unfit(ValueError):
    """A value that is not what its property holds; the text says what it is not."""


_Maker = Callable[[Value], Filled]
#: Paths as :mod:`reader` writes them, each with a value.
Pairs = List[Tuple[str, Value]]

_HASHES = {
    "md5": ("fileHashMd5", 32, ("md5", "hash")),
    "sha1": ("fileHashSha1", 40, ("sha1", "hash")),
    "sha256": ("fileHashSha256", 64, ("sha256", "hash")),
    "sha384": ("fileHash", 96, ("hash",)),
    "sha512": ("fileHashSha512", 128, ("sha512", "hash")),
    "sha3256": ("fileHash", 64, ("hash",)),
    "sha3512": ("fileHash", 128, ("hash",)),
}
_FUZZY = {"ssdeep": ("fileHashSsdeep", ("ssdeep",)), "tlsh": ("fileHashTlsh", ("tlsh",))}
_HASHED = re.compile(r"(?:file|artifact|x509-certificate):hashes\.(.+)", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_MAC = re.compile(r"[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}", re.IGNORECASE)


def filled(path: str, value: Value) -> Optional[Filled]:
    """The field that a property fills, None for a property that none stands for.

    :param path: ``type:property.property``, as :mod:`reader` writes it.
    :raises Unfit: the value is not what such a property holds.
    """
    if value == "":
        raise Unfit("an empty value")
    hashed = _HASHED.fullmatch(path)
    if hashed:
        return _hash(hashed.group(1), value)
    maker = _MAKERS.get(path)
    return maker(value) if maker else None


def joined_path(parent: str, name: str) -> str:
    """A file's path: its folder, the separator that the folder uses, its name."""
    separator = "\\" if "\\" in parent or re.fullmatch("[A-Za-z]:", parent) else "/"
    return parent + name if parent.endswith(separator) else parent + separator + name


def _plain(field: str, *contains: str) -> _Maker:
    return lambda value: Filled(field, value, contains)


def _port(field: str) -> _Maker:
    def port(value: Value) -> Filled:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 65536:
            raise Unfit("not a port")
        return Filled(field, value, ("port",))

    return port


def _hash(name: str, value: Value) -> Filled:
    plain = re.sub("[^a-z0-9]", "", name.lower())
    text = str(value).strip()
    if plain in _HASHES:
        field, digits, contains = _HASHES[plain]
        if not re.fullmatch("[0-9A-Fa-f]{%d}" % digits, text):
            raise Unfit(f"not a hash of {digits} hexadecimal digits")
        return Filled(field, text.lower(), contains)
    if plain in _FUZZY:
        field, contains = _FUZZY[plain]
        return Filled(field, text, contains)
    return Filled("fileHash", text, ("hash",))


def _address(field: str) -> _Maker:
    """An address, or with a prefix length a network, which has a field of its own."""

    def address(value: Value) -> Filled:
        text = str(value).strip()
        try:
            if "/" in text:
                network = ipaddress.ip_network(text, strict=False)
                if network.num_addresses > 1:
                    return Filled("cidr", str(network), ("cidr",))
                text = text.partition("/")[0]
            found = ipaddress.ip_address(text)
        except ValueError:
            raise Unfit("not an address or network") from None
        return Filled(field, str(found), ("ip",) if found.version == 4 else ("ipv6",))

    return address


def _end(side: str) -> _Maker:
    """One end of traffic: an address, a MAC address or a name."""
    address = _address(f"{side}Address")

    def end(value: Value) -> Filled:
        text = str(value).strip()
        if _MAC.fullmatch(text):
            return Filled(f"{side}MacAddress", text.lower(), ("mac address",))
        try:
            return address(text)
        except Unfit:
            return _name(side)(text)

    return end


def _name(side: str) -> _Maker:
    def name(value: Value) -> Filled:
        text = str(value).strip().rstrip(".")
        if not text or re.search(r"[\s/@\\]", text):
            raise Unfit("not a domain name")
        if "." not in text:
            return Filled(f"{side}HostName", text, ("host name",))
        return Filled(f"{side}DnsDomain", text, ("domain", "host name"))

    return name


def _mail(field: str) -> _Maker:
    def mail(value: Value) -> Filled:
        text = str(value).strip()
        if not _EMAIL.fullmatch(text):
            raise Unfit("not an email address")
        return Filled(field, text, ("email",))

    return mail


def _mac(value: Value) -> Filled:
    text = str(value).strip()
    if not _MAC.fullmatch(text):
        raise Unfit("not a MAC address")
    return Filled("destinationMacAddress", text.lower(), ("mac address",))


def _asn(value: Value) -> Filled:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**32:
        raise Unfit("not the number of an autonomous system")
    return Filled("asn", f"AS{value}", ("asn",))


_HTTP = "network-traffic:extensions.http-request-ext"

_MAKERS: Dict[str, _Maker] = {
    "ipv4-addr:value": _address("destinationAddress"),
    "ipv6-addr:value": _address("destinationAddress"),
    "domain-name:value": _name("destination"),
    "url:value": _plain("requestURL", "url"),
    "artifact:url": _plain("requestURL", "url"),
    "email-addr:value": _mail("emailAddress"),
    "email-message:from_ref.value": _mail("fromEmail"),
    "email-message:sender_ref.value": _mail("fromEmail"),
    "email-message:to_refs[*].value": _mail("toEmail"),
    "email-message:cc_refs[*].value": _mail("ccEmail"),
    "email-message:subject": _plain("emailSubject", "email subject"),
    "email-message:message_id": _plain("emailMessageId", "internet message id"),
    "email-message:body_multipart[*].body_raw_ref.name": _plain("fileName", "file name"),
    "email-message:additional_header_fields.X-Mailer[*]": _plain("xMailer"),
    "email-message:additional_header_fields.X-Mailer": _plain("xMailer"),
    "mac-addr:value": _mac,
    "file:name": _plain("fileName", "file name"),
    "file:size": _plain("fileSize"),
    "file:mime_type": _plain("fileType"),
    "file:parent_directory_ref.path": _plain("filePath", "file path"),
    "directory:path": _plain("filePath", "file path"),
    "windows-registry-key:key": _plain("registryKey", "registry key"),
    "windows-registry-key:values[*].name": _plain("registryValueName"),
    "windows-registry-key:values[*].data": _plain("registryValueData"),
    "mutex:name": _plain("mutexName", "mutex"),
    "process:name": _plain("destinationProcessName", "process name"),
    "process:binary_ref.name": _plain("destinationProcessName", "process name"),
    "process:image_ref.name": _plain("destinationProcessName", "process name"),
    "process:pid": _plain("processId", "pid"),
    "process:command_line": _plain("commandLine", "command line"),
    "process:extensions.windows-service-ext.service_name": _plain("destinationServiceName", "service name"),
    "user-account:account_login": _plain("destinationUserName", "user name"),
    "user-account:display_name": _plain("destinationUserDisplayName"),
    "user-account:user_id": _plain("destinationUserId", "user id"),
    "autonomous-system:number": _asn,
    "software:name": _plain("softwareName"),
    "software:version": _plain("softwareVersion"),
    "software:cpe": _plain("softwareCpe", "cpe"),
    "x509-certificate:serial_number": _plain("certificateSerialNumber"),
    "x509-certificate:subject": _plain("certificateSubject"),
    "x509-certificate:issuer": _plain("certificateIssuer"),
    "network-traffic:src_ref.value": _end("source"),
    "network-traffic:dst_ref.value": _end("destination"),
    "network-traffic:src_port": _port("sourcePort"),
    "network-traffic:dst_port": _port("destinationPort"),
    "network-traffic:protocols[*]": _plain("transportProtocol"),
    f"{_HTTP}.request_method": _plain("requestMethod"),
    f"{_HTTP}.request_value": _plain("requestPath"),
    f"{_HTTP}.request_header.User-Agent[*]": _plain("requestClientApplication", "user agent"),
    f"{_HTTP}.request_header.User-Agent": _plain("requestClientApplication", "user agent"),
}


def cef_of(properties: Pairs) -> Tuple[Dict[str, Value], Dict[str, List[str]], List[str]]:
    """The fields that properties fill, what they contain, and why others fill none.

    :param properties: pairs of path and value. Of two values for one field the first is taken.
    """
    cef: Dict[str, Value] = {}
    types: Dict[str, List[str]] = {}
    odd: List[str] = []
    names = dict(reversed(properties))
    for path, value in properties:
        in_folder = path == "file:parent_directory_ref.path" and isinstance(names.get("file:name"), str)
        try:
            found = filled(path, joined_path(str(value), str(names["file:name"])) if in_folder else value)
        except Unfit as unfit:
            reason = f"{path.partition(':')[0]}: {unfit}"
        else:
            if found is not None and cef.setdefault(found.field, found.value) == found.value:
                if found.contains:
                    types[found.field] = list(found.contains)
                continue
            reason = f"no field for {path:.80}" if found is None else f"a further value of {path:.80}"
        odd.append(reason)
    return cef, types, odd
