"""What somebody observes who sees the value of an indicator, as STIX 2.1; written without the exporter's code."""

from __future__ import annotations

import base64
import ipaddress
import re
from typing import Any

from stix2matcher.matcher import match

HIVES = {
    "hklm": "HKEY_LOCAL_MACHINE",
    "hkcu": "HKEY_CURRENT_USER",
    "hkcr": "HKEY_CLASSES_ROOT",
    "hku": "HKEY_USERS",
    "hkcc": "HKEY_CURRENT_CONFIG",
}
# Type -> the observable and its property, where the value is observed as it stands.
PLAIN = {
    "Filename": ("file", "name"),
    "Mutex": ("mutex", "name"),
    "x509 Serial": ("x509-certificate", "serial_number"),
    "x509 Subject": ("x509-certificate", "subject"),
    "Username": ("user-account", "account_login"),
    "Email Subject": ("email-message", "subject"),
}
HASHES = {"MD5": 32, "SHA-1": 40, "SHA-256": 64, "SHA-384": 96, "SHA-512": 128}


def observed(indicator_type: str, value: str) -> list[dict[str, Any]]:
    """The observables of one observation of a value, the ones that they refer to included."""
    if indicator_type in PLAIN:
        kind, name = PLAIN[indicator_type]
        return [one(kind, **{name: value})]
    if indicator_type in HASHES:
        return [one("file", hashes={indicator_type: value.strip().lower()})]
    if indicator_type in ("IP Address", "IPv6 Address"):
        address = ipaddress.ip_address(value.strip())
        return [one(f"ipv{address.version}-addr", value=short(address))]
    if indicator_type == "CIDR Block":
        network = ipaddress.ip_network(value.strip(), strict=False)
        last = network.broadcast_address
        return [one(f"ipv{network.version}-addr", value=str(last))]
    if indicator_type in ("FQDN", "Host name"):
        return [one("domain-name", value=re.sub(r"\.\Z", "", value.strip().lower()))]
    if indicator_type == "URL":
        return [one("url", value=value.strip())]
    if indicator_type == "Email Address":
        return [one("email-addr", value=value.strip())]
    if indicator_type == "MAC Address":
        digits = re.sub("[^0-9a-f]", "", value.lower())
        return [one("mac-addr", value=":".join(re.findall("..", digits)))]
    if indicator_type == "ASN":
        return [one("autonomous-system", number=int(re.sub("[^0-9]", "", value)))]
    if indicator_type == "Fuzzy Hash":
        text = value.strip()
        return [one("file", hashes={"SSDEEP": text} if ":" in text else {"TLSH": text.upper()[-70:]})]
    if indicator_type == "Registry Key":
        hive, mark, rest = value.strip().partition("\\")
        return [one("windows-registry-key", key=HIVES.get(hive.lower(), hive) + mark + rest)]
    return composed(indicator_type, value)


def composed(indicator_type: str, value: str) -> list[dict[str, Any]]:
    """The types whose value stands deeper in an observable."""
    if indicator_type == "URL Path":
        return [traffic(request_method="get", request_value=value)]
    if indicator_type == "User-agent":
        return [traffic(request_method="get", request_value="/", request_header={"User-Agent": ["other", value]})]
    if indicator_type == "X-Mailer":
        return [one("email-message", is_multipart=False, additional_header_fields={"X-Mailer": [value]})]
    if indicator_type == "Email Attachment":
        parts = [{"body": "text"}, {"body_raw_ref": "file--2"}]
        return [one("email-message", is_multipart=True, body_multipart=parts), one("file", "2", name=value)]
    if indicator_type == "File Path":
        return path(value)
    if indicator_type == "Service Name":
        return [one("process", extensions={"windows-service-ext": {"service_name": value}})]
    if indicator_type == "String":
        return [content(value.encode())]
    if indicator_type == "Binary String":
        digits = re.sub(r"\\x|0x|[ ,]", "", value)
        return [content(bytes.fromhex(digits) if re.fullmatch("(?:[0-9A-Fa-f]{2})+", digits) else value.encode())]
    raise AssertionError(f"nobody observes a {indicator_type}")


def one(kind: str, number: str = "1", /, **properties: Any) -> dict[str, Any]:
    return {"type": kind, "spec_version": "2.1", "id": f"{kind}--{number}", **properties}


def traffic(**request: Any) -> dict[str, Any]:
    return one("network-traffic", protocols=["http"], extensions={"http-request-ext": request})


def content(data: bytes) -> dict[str, Any]:
    return one("artifact", payload_bin=base64.b64encode(b"before " + data + b" after").decode())


def path(value: str) -> list[dict[str, Any]]:
    """A path as the file and the directory that it lies in; written by hand for the forms that the tests use."""
    found = re.fullmatch(r"(.*)([\\/])([^\\/]*)", value, re.DOTALL)
    if not found:
        return [one("file", name=value)]
    parent, mark, name = found.groups()
    if not name:
        return [one("directory", path=value)]
    if parent == "" or re.fullmatch("[A-Za-z]:", parent):
        parent += mark
    return [one("file", name=name, parent_directory_ref="directory--2"), one("directory", "2", path=parent)]


def short(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """The address, compressed; an IPv4 address inside it in hexadecimal groups, as the schemas of STIX want it."""
    mapped = getattr(address, "ipv4_mapped", None)
    return f"::ffff:{int(mapped) >> 16:x}:{int(mapped) & 65535:x}" if mapped is not None else str(address)


def matches(pattern: str, observables: list[dict[str, Any]]) -> bool:
    """Whether stix2-matcher finds the pattern in one observation of these (STIX 2.1: a bundle that holds them)."""
    data = {
        "type": "observed-data",
        "spec_version": "2.1",
        "id": "observed-data--b67d30ff-02ac-498a-92f9-32f845f448cf",
        "first_observed": "2026-01-21T11:17:41Z",
        "last_observed": "2026-01-21T11:22:41Z",
        "number_observed": 1,
        "object_refs": [each["id"] for each in observables],
    }
    bundle = {"type": "bundle", "id": "bundle--1", "objects": [data, *observables]}
    return bool(match(pattern, [bundle], stix_version="2.1"))
