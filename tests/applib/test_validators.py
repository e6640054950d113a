"""The built-in validators, connector API section 5."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phantom.app import CONTAINS_VALIDATORS
from phantom.utils import is_domain, is_email, is_hash, is_hostname, is_ip, is_mac, is_md5, is_sha1, is_sha256, is_url

HEX = "0123456789abcdefABCDEF"


@pytest.mark.parametrize(
    ("function", "good", "bad"),
    [
        (
            is_ip,
            ["0.0.0.0", "1.2.3.4", "255.255.255.255"],
            ["256.1.1.1", "1.2.3", "1.2.3.4/24", "1.2.3.4:80", "::1", "01.2.3.4", "1.2.3.4\n", "", "\u0661.2.3.4"],
        ),
        (is_md5, ["a" * 32, (HEX * 2)[:32]], ["a" * 31, "g" * 32, "a" * 32 + "\n"]),
        (is_sha1, ["A" * 40], ["a" * 39, "a" * 41]),
        (is_sha256, ["0" * 64], ["0" * 63]),
        (CONTAINS_VALIDATORS["sha512"], ["0" * 128], ["0" * 64]),
        (is_hash, ["a" * 32, "a" * 40, "a" * 64], ["a" * 33, ""]),
        (
            is_url,
            [
                "http://example.com",
                "https://example.com:8443/a/b?c=d#e",
                "ftp://user:pw@host/x",
                "HTTP://1.2.3.4/",
                "http://localhost:8080",
                "http://[::1]:80/",
                "http://müller.example/",
            ],
            [
                "example.com",
                "http://",
                "http:///x",
                "mailto:a@b.c",
                "http://a b",
                "http://999.1.1.1",
                "http://host:99999",
                "http://a..b/",
                "javascript://x",
                "",
            ],
        ),
        (
            is_domain,
            ["example.com", "a.b-c.example.co", "xn--mller-kva.example", "1.example.com", "example.com."],
            [
                "localhost",
                "1.2.3.4",
                "-a.example",
                "a-.example",
                "a..b",
                "müller.de",
                "a_b.com",
                "a.b1",
                ".",
                "a b.com",
            ],
        ),
        (
            is_hostname,
            ["localhost", "srv01", "my_host", "a.example.com", "db.internal1"],
            ["1.2.3.4", "-a", "a b", "", "a..b", "x" * 64, "host:80"],
        ),
        (
            is_email,
            ["a@example.com", "first.last+tag@sub.example.org"],
            ["a@b", "@example.com", "a@b@c.de", "a b@c.de"],
        ),
        (is_mac, ["00:11:22:aa:BB:cc", "00-11-22-33-44-55"], ["001122334455", "00:11:22:33:44", "gg:11:22:33:44:55"]),
    ],
)
def test_validators(function, good, bad):
    assert [value for value in good if function(value) is not True] == []
    assert [value for value in bad if function(value) is not False] == []


def test_the_eleven_types():
    assert sorted(CONTAINS_VALIDATORS) == [
        "domain",
        "email",
        "hash",
        "host name",
        "ip",
        "mac address",
        "md5",
        "sha1",
        "sha256",
        "sha512",
        "url",
    ]


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.binary(), st.text(), st.lists(st.text())))
def test_validators_take_anything(value):
    for validator in CONTAINS_VALIDATORS.values():
        assert validator(value) in (True, False)
        assert validator(str(value)) in (True, False)


@pytest.mark.parametrize(
    "text", ["a." * 50_000, "a" * 1_000_000, "http://" + "a." * 50_000, "@" * 100_000, "1." * 99_999]
)
def test_very_long_texts_are_quick(text):
    for validator in CONTAINS_VALIDATORS.values():
        validator(text)
