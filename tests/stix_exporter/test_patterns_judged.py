"""Patterns of generated values, judged by the standard's own tools: stix2-patterns and stix2-matcher."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
import stix2
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from stix2matcher.matcher import MatcherException
from stix2patterns.validator import run_validator
from stix_export.patterns import KNOWN_TYPES, NoPattern, pattern_for
from stix_exporter.observing import HASHES, matches, observed
from stix_exporter.pattern_rows import WITHOUT, hostile, unescaped

FREE = sorted(set(KNOWN_TYPES) - set(WITHOUT) - set(HASHES) - {
    "ASN", "CIDR Block", "Fuzzy Hash", "IP Address", "IPv6 Address", "MAC Address", "URL"
})  # fmt: skip


def judged(indicator_type: str, value: str) -> None:
    """The pattern parses; by stix2-matcher it matches an observation of the value, and none of a longer text."""
    pattern = pattern_for(indicator_type, value).text
    assert run_validator(pattern, "2.1") == []
    assert matches(pattern, observed(indicator_type, value)), pattern
    if indicator_type in FREE and " = " in pattern:
        assert not matches(pattern, observed(indicator_type, "x" + value)), pattern


@settings(max_examples=40, deadline=None)
@pytest.mark.parametrize("indicator_type", FREE)
@given(value=hostile)
@example(value="\\\\srv\\it's\\%27 \u202eexe\t'\\")
def test_any_text_parses_and_matches(indicator_type: str, value: str) -> None:
    assume(value.strip().strip(".") or indicator_type not in ("FQDN", "Host name"))
    judged(indicator_type, value)


@settings(max_examples=60, deadline=None)
@given(rest=hostile, scheme=st.sampled_from(["https://", "ftp://", "HTTP://", "mailto:", "x-y.z+1://"]))
def test_any_url_parses_and_matches(rest: str, scheme: str) -> None:
    judged("URL", scheme + rest)


@pytest.mark.acceptance("S19")
@settings(max_examples=60, deadline=None)
@given(rest=hostile)
def test_any_url_without_a_scheme_parses_and_matches(rest: str) -> None:
    pattern = pattern_for("URL", "example.com/" + rest).text
    assert run_validator(pattern, "2.1") == []
    for scheme in ("http://", "https://"):
        assert matches(pattern, observed("URL", f"{scheme}example.com/{rest}"))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("indicator_type", sorted(HASHES))
def test_any_hash_parses_and_matches(indicator_type: str, data: Any) -> None:
    digits = HASHES[indicator_type]
    judged(indicator_type, data.draw(st.text("0123456789abcdefABCDEF", min_size=digits, max_size=digits)))


@settings(max_examples=100, deadline=None)
@given(address=st.ip_addresses(), exploded=st.booleans())
@example(address=ipaddress.ip_address("::ffff:0.0.0.1"), exploded=False)
def test_any_address_parses_and_matches(address: Any, exploded: bool) -> None:
    judged("IP Address", address.exploded.upper() if exploded else str(address))


@settings(max_examples=60, deadline=None)
@given(number=st.integers(0, 2**32 - 1), before=st.sampled_from(["", "AS", "asn ", "ASN"]))
def test_any_autonomous_system_parses_and_matches(number: int, before: str) -> None:
    judged("ASN", f"{before}{number}")


@settings(max_examples=60, deadline=None)
@given(data=st.binary(min_size=6, max_size=6), mark=st.sampled_from(["", ":", "-"]))
def test_any_mac_address_parses_and_matches(data: bytes, mark: str) -> None:
    judged("MAC Address", data.hex(mark) if mark else data.hex().upper())


@settings(max_examples=60, deadline=None)
@given(data=st.binary(min_size=1, max_size=20), mark=st.sampled_from(["", " ", ","]))
def test_any_bytes_parse_and_match(data: bytes, mark: str) -> None:
    judged("Binary String", data.hex(mark) if mark else data.hex())


@settings(max_examples=60, deadline=None)
@given(
    text=st.from_regex(r"[1-9][0-9]{0,4}:[A-Za-z0-9/+]{1,60}:[A-Za-z0-9/+]{1,30}", fullmatch=True)
    | st.from_regex("(T1)?[0-9A-Fa-f]{70}", fullmatch=True)
)
def test_any_fuzzy_hash_parses_and_matches(text: str) -> None:
    judged("Fuzzy Hash", text)


@settings(max_examples=60, deadline=None)
@given(number=st.integers(0, 2**32 - 1), prefix=st.integers(1, 32))
def test_any_network_parses_and_matches(number: int, prefix: int) -> None:
    judged("CIDR Block", f"{ipaddress.IPv4Address(number)}/{prefix}")


@settings(max_examples=60, deadline=None)
@given(number=st.integers(0, 2**128 - 1), prefix=st.integers(0, 128))
def test_networks_that_the_matcher_cannot_judge(number: int, prefix: int) -> None:
    """stix2-matcher 3.0.0 reads every network as IPv4 and refuses a prefix of 0: the block is compared here."""
    address = ipaddress.IPv6Address(number)
    pattern = pattern_for("CIDR Block", f"{address}/{prefix}").text
    assert run_validator(pattern, "2.1") == []
    (block,) = unescaped(pattern)
    assert ipaddress.ip_network(block) == ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    with pytest.raises(MatcherException):
        matches(pattern, observed("CIDR Block", f"{address}/{prefix}"))


@settings(max_examples=200, deadline=None)
@given(indicator_type=st.sampled_from(KNOWN_TYPES), value=st.text(max_size=40) | hostile)
@example(indicator_type="String", value="a\0b")
@example(indicator_type="CIDR Block", value="/")
def test_any_value_of_any_type_is_a_pattern_or_a_reason(indicator_type: str, value: str) -> None:
    try:
        pattern = pattern_for(indicator_type, value)
    except NoPattern as refused:
        assert refused.reason
        assert refused.reason.isprintable()
        return
    assert run_validator(pattern.text, "2.1") == []
    sco = pattern.sco
    assert sco is None or stix2.parse(sco).id == sco["id"]


@settings(max_examples=60, deadline=None)
@given(value=hostile, indicator_type=st.sampled_from(["Filename", "Mutex", "Username", "Email Subject", "x509 Serial"]))
def test_observable_of_any_text_has_the_id_that_stix2_gives_it(value: str, indicator_type: str) -> None:
    sco = pattern_for(indicator_type, value).sco
    assert sco is not None
    assert stix2.parse({name: value for name, value in sco.items() if name != "id"}).id == sco["id"]
