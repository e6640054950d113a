"""What the ``contains`` types mean, and what can be seen in a value."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.manifest.content_types import (
    _FILES,
    _FILES_OR_DOMAINS,
    _SPELLINGS,
    KNOWN,
    canonical,
    is_defanged,
    kinds_of,
    recognise,
    spellings_of,
    widened,
)


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("IP", "ip"),
        ("hostname", "host name"),
        (" Host  Name ", "host name"),
        ("file_hash", "hash"),
        ("file_name", "file name"),
        ("okta user id", "okta user id"),
        ("freshservice ticket_id", "freshservice ticket id"),
        ("*", "*"),
        ("  ", ""),
    ],
)
def test_spellings(spelled: str, meant: str) -> None:
    assert canonical(spelled) == meant


def test_an_md5_is_a_hash_but_not_the_reverse() -> None:
    assert widened(["md5"]) == {"md5", "hash"}
    assert widened(["hash"]) == {"hash"}
    assert kinds_of({"hash"}) == {"hash", "md5", "sha1", "sha256", "sha512", "vault id"}
    assert widened(["ipv6"]) == {"ipv6"}
    assert widened(["", " "]) == set()


def test_the_tables_agree_with_each_other() -> None:
    assert set(_SPELLINGS.values()) <= set(KNOWN)
    assert all(canonical(one) == one for one in KNOWN)
    assert all(canonical(spelled) == kind for kind in KNOWN for spelled in spellings_of(kind))
    assert not _FILES & _FILES_OR_DOMAINS


@pytest.mark.parametrize(
    ("value", "types"),
    [
        ("8.8.8.8", ["ip"]),
        ("2001:db8::1", ["ipv6"]),
        ("::ffff:192.0.2.1", ["ipv6"]),
        ("fe80::1%eth0", []),
        ("192.0.2.0/24", ["cidr"]),
        ("2001:db8::/32", ["cidr"]),
        ("1/2", []),
        ("256.1.1.1", []),
        ("1.2.3", []),
        ("example.com", ["domain", "host name"]),
        ("xn--bcher-kva.example", ["domain", "host name"]),
        ("bücher.example", ["domain", "host name"]),
        ("пример.рф", ["domain", "host name"]),
        ("http://example.com/a?b=c#d", ["url"]),
        ("https://[2001:db8::1]:8080/", ["url"]),
        ("person@example.com", ["email"]),
        ("o'person+tag@example.com", ["email"]),
        ("mailto:person@example.com", []),
        ("a@example.com,b@example.com", []),
        ("x;person@example.com", []),
        ("d41d8cd98f00b204e9800998ecf8427e", ["md5", "hash"]),
        ("DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", ["sha1", "hash", "vault id"]),
        ("0" * 64, ["sha256", "hash"]),
        ("0" * 128, ["sha512", "hash"]),
        ("0" * 63, []),
        ("00:1b:44:11:3a:b7", ["mac address"]),
        ("00-1B-44-11-3A-B7", ["mac address"]),
        ("001b.4411.3ab7", ["mac address"]),
        ("001b.4411.abcd", ["mac address"]),
        ("CVE-2021-44228", ["cve"]),
        ("AS15169", ["asn"]),
        ("123e4567-e89b-12d3-a456-426614174000", ["uuid"]),
        ("arn:aws:s3:::bucket/key", ["aws arn"]),
        ("3:AXGBicFlgVNhBGcL6wCrFQEv:AXGHsNhxLsr2C", ["ssdeep"]),
        ("+49 30 901820", ["phone number"]),
        ("C:\\Windows\\System32\\cmd.exe", ["file path"]),
        ("\\\\server\\share\\x", ["file path"]),
        ("/etc/passwd", ["file path"]),
        ("%APPDATA%\\x.dll", ["file path"]),
        ("CONTOSO\\person", ["user name"]),
        ("invoice.pdf", ["file name"]),
        ("cmd.exe", ["file name", "process name"]),
        ("my report.docx", ["file name"]),
        ("invoice.zip", ["domain", "host name", "file name"]),
        ("my invoice.zip", ["file name"]),
        ("WIN-7Q2K", ["host name"]),
        ("server01", ["host name"]),
        ("443", ["port", "pid"]),
        ("70000", ["pid"]),
        ("0", ["pid"]),
        ("123456789", []),
        ("007", []),
        ("hello", []),
        ("hello world", []),
        ("12:30:45", []),
        ("2024-01-01T00:00:00Z", []),
        ("//", []),
        ("", []),
        (" 8.8.8.8", []),
        ("hxxp://example.com", []),
        ("1.1.1[.]1", []),
        ("a" * 9000 + ".com", []),
    ],
)
def test_what_is_seen_in_a_value(value: str, types: list[str]) -> None:
    assert recognise(value) == types


@pytest.mark.parametrize(
    ("value", "defanged"),
    [("hxxps://x.example", True), ("1.1.1[.]1", True), ("a[@]b.example", True), ("http://x.example", False)],
)
def test_values_made_harmless(value: str, defanged: bool) -> None:
    assert is_defanged(value) is defanged


@given(st.text())
def test_any_text_has_known_types_each_once(value: str) -> None:
    types = recognise(value)
    assert set(types) <= set(KNOWN)
    assert len(set(types)) == len(types)
    assert not types or value == value.strip()


@given(st.from_regex(r"[0-9a-f:./\\@\[\]x%AS+-]{1,40}", fullmatch=True))
def test_texts_that_look_like_something(value: str) -> None:
    assert set(recognise(value)) <= set(KNOWN)


@given(st.ip_addresses(v=4))
def test_every_ipv4_address(address: ipaddress.IPv4Address) -> None:
    assert recognise(str(address)) == ["ip"]


@given(st.ip_addresses(v=6))
def test_every_ipv6_address(address: ipaddress.IPv6Address) -> None:
    assert recognise(str(address)) == recognise(address.exploded) == ["ipv6"]


@given(st.emails())
def test_addresses_are_never_taken_for_hosts_or_files(address: str) -> None:
    assert not {"domain", "host name", "file name"} & set(recognise(address))


@given(st.text(min_size=1))
def test_a_canonical_type_stays_as_it_is(spelled: str) -> None:
    assert canonical(canonical(spelled)) == canonical(spelled)


def test_the_known_types_cover_what_several_published_apps_name(public_manifests: list[Path]) -> None:
    users: dict[str, set[str]] = {}
    for path in public_manifests:
        for action in json.loads(path.read_bytes())["actions"]:
            for about in action.get("parameters", {}).values():
                if isinstance(about, dict) and about.get("primary"):
                    for one in about.get("contains", ()):
                        users.setdefault(canonical(one), set()).add(path.name)
    assert {kind for kind, apps in users.items() if len(apps) > 2} <= set(KNOWN)
