"""Parameters and configuration: what is accepted, what is refused, and the id space of each choice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stix_export.errors import ExportError
from stix_export.options import Options, parse_depth, parse_hostname


def test_defaults() -> None:
    assert Options.read({}, {}) == Options()
    assert Options().variant == ""


def test_everything_given() -> None:
    parameters = {
        "relationship_depth": "3",
        "hide_original_sources": "true",
        "profile": "Guide",
        "relationship_style": "suggested",
        "check": True,
    }
    configuration = {
        "convert_events_to_incidents": True,
        "hostname": "https://tq.example.com/",
        "producer_name": "Blue team",
        "tlp_version": 2,
        "max_tlp": "TLP:AMBER+STRICT",
        "include_attributes": False,
        "confidence": "no",
    }
    assert Options.read(parameters, configuration) == Options(
        depth=3,
        hide_sources=True,
        profile="guide",
        style="suggested",
        convert_events=True,
        hostname="tq.example.com",
        producer="Blue team",
        tlp_version=2,
        max_tlp="amber+strict",
        include_attributes=False,
        confidence=False,
        check=True,
    )


@pytest.mark.parametrize(("value", "depth"), [(None, 1), ("", 1), (1, 1), ("2", 2), (" 3 ", 3), (3.0, 3)])
def test_depth(value: Any, depth: int) -> None:
    assert parse_depth(value) == depth


@pytest.mark.parametrize("value", [0, 4, -1, "0", "4", "2.5", 2.5, "x", True, False, "²", "9" * 400, [1], float("nan")])
def test_depth_is_never_bent(value: Any) -> None:
    with pytest.raises(ExportError, match=r"relationship_depth is .* must be 1, 2 or 3"):
        parse_depth(value)


@pytest.mark.acceptance("S15", "S16")
@pytest.mark.parametrize(
    ("value", "host"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        ("tq.example.com", "tq.example.com"),
        ("TQ.Example.com.", "tq.example.com"),
        ("tq.example.com:8443", "tq.example.com:8443"),
        ("https://tq.example.com/", "tq.example.com"),
        ("HTTPS://tq.example.com/ui/?a=b#c", "tq.example.com"),
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:443", "192.0.2.7:443"),
        ("2001:DB8::1", "[2001:db8::1]"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("https://[2001:db8::1]:8443/x", "[2001:db8::1]:8443"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("tq_1.local", "tq_1.local"),
    ],
)
def test_hostname(value: Any, host: str | None) -> None:
    assert parse_hostname(value) == host


@pytest.mark.acceptance("S16")
@pytest.mark.parametrize(
    "value",
    [
        "tq example",
        "http://tq.example.com",
        "ftp://tq.example.com",
        "https://",
        "tq.example.com:0",
        "tq.example.com:65536",
        "tq.example.com:x",
        "999.1.1.1",
        "[::1",
        "::zz",
        "-tq.example.com",
        "tq..example.com",
        "tq\\example",
        "tq\x00.example.com",
        "tq\nexample",
        "\ud800.example",
        "a" * 64 + ".example",
        7,
        ["tq.example.com"],
    ],
)
def test_hostname_refused(value: Any) -> None:
    with pytest.raises(ExportError, match="hostname"):
        parse_hostname(value)


def test_a_password_in_the_hostname_is_not_repeated() -> None:
    with pytest.raises(ExportError) as refused:
        parse_hostname("https://admin:s3cret@tq.example.com")
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("parameters", "configuration", "name"),
    [
        ({"profile": "all"}, {}, "profile"),
        ({"profile": ["full"]}, {}, "profile"),
        ({"relationship_style": "verbs"}, {}, "relationship_style"),
        ({"hide_original_sources": "perhaps"}, {}, "hide_original_sources"),
        ({"hide_original_sources": 2}, {}, "hide_original_sources"),
        ({"hide_original_sources": []}, {}, "hide_original_sources"),
        ({}, {"tlp_version": 3}, "tlp_version"),
        ({}, {"tlp_version": True}, "tlp_version"),
        ({}, {"max_tlp": "purple"}, "max_tlp"),
        ({}, {"max_tlp": 2}, "max_tlp"),
        ({}, {"producer_name": 7}, "producer_name"),
        ({}, {"producer_name": "a\ud800"}, "producer_name"),
        ({}, {"producer_name": "a\nb"}, "producer_name"),
    ],
)
def test_bad_values_are_named(parameters: dict[str, Any], configuration: dict[str, Any], name: str) -> None:
    with pytest.raises(ExportError, match=name):
        Options.read(parameters, configuration)


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text(), max_size=2)))
def test_any_value_is_read_or_refused(value: Any) -> None:
    parameters = dict.fromkeys(
        ("relationship_depth", "hide_original_sources", "profile", "relationship_style", "check"), value
    )
    configuration = dict.fromkeys(("hostname", "producer_name", "tlp_version", "max_tlp", "confidence"), value)
    for each in ({**parameters}, {}):
        try:
            Options.read(each, configuration)
        except ExportError as refused:
            assert "\n" not in str(refused)


@pytest.mark.acceptance("S44")
def test_every_choice_of_content_has_its_own_ids() -> None:
    choices: list[dict[str, Any]] = [
        {},
        {"hide_sources": True},
        {"profile": "guide"},
        {"style": "suggested"},
        {"tlp_version": 2},
        {"include_attributes": False},
        {"confidence": False},
        {"hide_sources": True, "profile": "guide"},
        {"tlp_version": 2, "confidence": False},
    ]
    variants = [Options(**choice).variant for choice in choices]
    assert len(set(variants)) == len(variants)
    assert Options(hide_sources=True).variant == "redacted"
    # These do not change what one object says.
    assert Options(depth=3, convert_events=True, hostname="a", max_tlp="red", check=True).variant == ""
    assert Options(hide_sources=True, include_attributes=False).variant == "redacted"
