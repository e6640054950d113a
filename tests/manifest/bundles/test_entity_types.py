"""Telling from a value what it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soarkit.errors import UsageError
from soarkit.manifest.bundles.entity_types import ALL, BY_CONSTANT, named, recognise, understood

MD5, SHA1 = "44d88612fea8a8f36de82e1278abb02f", "3395856ce81f2b7382dee72602f798b642f14140"


@pytest.mark.acceptance("A2")
def test_the_eight_constants() -> None:
    assert {one.name: one.constant for one in ALL} == {
        "Domain": "anomali.Domain",
        "IPv4": "anomali.IPv4Address",
        "Hash": "anomali.Hash",
        "EmailAddress": "anomali.EmailAddress",
        "URL": "anomali.URL",
        "Phrase": "anomali.Phrase",
        "AS": "anomali.AS",
        "NSRecord": "anomali.NSRecord",
    }


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("example.com", "domain nsrecord"),
        ("example.com.", "domain nsrecord"),
        ("EXAMPLE.co.uk", "domain nsrecord"),
        ("bücher.example", "domain nsrecord"),
        ("例え.テスト", "domain nsrecord"),
        ("xn--bcher-kva.example", "domain nsrecord"),
        ("_dmarc.example.com", "domain nsrecord"),
        ("ns1.example.com", "nsrecord domain"),
        ("ns-cloud-a1.example.com", "nsrecord domain"),
        ("ada.ns.example.com", "nsrecord domain"),
        ("pdns12.example.net.", "nsrecord domain"),
        ("news.example.com", "domain nsrecord"),
        ("dns.example", "domain nsrecord"),  # the registered name itself
        ("192.0.2.1", "ipv4"),
        (MD5, "hash"),
        (SHA1.upper(), "hash"),
        ("a" * 56, "hash"),
        ("0" * 64, "hash"),
        ("b" * 96, "hash"),
        ("f" * 128, "hash"),
        ("info@example.com", "email"),
        ("jürgen+x@bücher.example", "email"),
        ("http://example.com", "url"),
        ("ftp://192.0.2.1:21/a?b#c", "url"),
        ("svn+ssh://host/path", "url"),
        ("http://[2001:db8::1]:80/", "url"),
        ("http://example.com/?q=a[.]b", "url"),
        ("AS64500", "as"),
        ("as 64500", "as"),
        ("ASN64500", "as"),
    ],
)
def test_a_value_is_recognised(value: str, expected: str) -> None:
    assert [one.short for one in recognise(value)] == [*expected.split(), "phrase"]
    assert understood(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.400",
        "01.2.3.4",
        "192.0.2.0/24",
        "192.0.2.1:80",
        "2001:db8::1",
        "64500",
        "AS0",
        "AS4294967296",
        "localhost",
        "evil.exe",
        "a" * 33,
        "info@",
        "@example.com",
        "info@localhost",
        "a b@example.com",
        "example..com",
        "-example.com",
        "http://",
        "see http://example.com",
        "mimikatz -x",
        "x" * 300 + ".com",
        "a" * 100_000,
        "1[.]2[.]3",
        "\ud800.example.com",
    ],
)
def test_everything_else_is_a_phrase_and_stays_as_it_is(value: str) -> None:
    assert [one.short for one in recognise(value)] == ["phrase"]
    assert understood(value) == value


@pytest.mark.parametrize(
    ("value", "meant", "kind"),
    [
        ("hxxp://example.com/a", "http://example.com/a", "url"),
        ("hXXps://www[.]example[.]com/a[.]b", "https://www.example.com/a.b", "url"),
        ("http://example[.]com/", "http://example.com/", "url"),
        ("hxxps[:]//example.com/", "https://example.com/", "url"),
        ("hxxps[://]example.com/", "https://example.com/", "url"),
        ("fxp://example.com/", "ftp://example.com/", "url"),
        ("example[.]com", "example.com", "domain"),
        ("www(.)example{.}com", "www.example.com", "domain"),
        ("example[dot]com", "example.com", "domain"),
        ("192[.]0.2[.]1", "192.0.2.1", "ipv4"),
        ("info[@]example[.]com", "info@example.com", "email"),
        ("info [at] example (dot) com".replace(" ", ""), "info@example.com", "email"),
        (" example.com\n", "example.com", "domain"),
    ],
)
def test_what_was_made_harmless_is_understood(value: str, meant: str, kind: str) -> None:
    assert understood(value) == meant
    assert recognise(value)[0].short == kind


@given(st.text())
def test_no_text_is_too_odd(value: str) -> None:
    found = recognise(value)
    assert found[-1].short == "phrase"
    assert len(set(found)) == len(found)
    assert recognise(understood(value)) == found


@pytest.mark.parametrize("word", ["ipv4", "IP", "anomali.IPv4Address", "IPv4", "ipv4 address", "ANOMALI.ipv4address"])
def test_a_type_by_any_of_its_names(word: str) -> None:
    assert named(word) is BY_CONSTANT["anomali.IPv4Address"]


def test_every_sample_is_of_its_type() -> None:
    for one in ALL:
        assert one in recognise(one.sample)
        assert named(one.short) is named(one.constant) is named(one.name) is named(one.display) is one


def test_an_unknown_type_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        named("domains")
    assert caught.value.hint is not None
    assert "did you mean domain?" in caught.value.hint
    assert "nsrecord" in caught.value.hint
