"""Records of a threat library as STIX objects: common properties and references."""

from __future__ import annotations

from typing import Any

import pytest
from stix_export.mapping import Mapped, Mapper
from stix_export.options import Options
from stix_exporter.records import COLLECTIONS, attributes, extended, indicator, mapped, record, skipped, stix, urls

# Common properties


@pytest.mark.acceptance("S41")
def test_ids_of_the_reference() -> None:
    mapper = Mapper("lib-1", Options())
    incident = mapper.object(("incident", 12), record())
    md5 = mapper.object(("indicators", 336), indicator())
    assert isinstance(incident, Mapped)
    assert isinstance(md5, Mapped)
    edge = mapper.relationship(incident.end, md5.end)
    assert incident.end.ref == "incident--a861cc5a-80c2-5f69-8c7b-ce7730d10b44"
    assert md5.end.ref == "indicator--71a956da-5c04-5978-82ab-2a61d9117ce7"
    assert edge["id"] == "relationship--f2dcf935-4cb9-5aee-b506-cfe90dd83ac8"
    assert mapper.producer_ref() == "identity--6ab250cd-f201-50d1-907a-fdba7eb87a34"


@pytest.mark.acceptance("S4")
def test_a_renamed_object_keeps_its_id() -> None:
    before = stix("incident", record("Old", touched_at="2021-10-07 14:06:00"))
    after = stix("incident", record("New", touched_at="2021-10-08 00:00:00"))
    assert before["id"] == after["id"]
    assert before["modified"] < after["modified"]
    assert before["created"] == after["created"]


@pytest.mark.acceptance("S44")
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_other_content_has_other_ids(collection: str) -> None:
    given = indicator() if collection == "indicators" else record()
    choices: list[dict[str, Any]] = [
        {},
        {"hide_sources": True},
        {"profile": "guide"},
        {"include_attributes": False, "confidence": False},
        {"style": "suggested", "tlp_version": 2},
    ]
    assert len({stix(collection, given, **choice)["id"] for choice in choices}) == len(choices)


@pytest.mark.acceptance("S30")
def test_times() -> None:
    out = stix("incident", record())
    assert out["created"] == out["modified"] == "2021-10-07T14:05:58.000Z"
    early = stix("incident", record(updated_at="2020-01-01 00:00:00"))
    assert early["modified"] == early["created"]
    out = stix("indicators", indicator(updated_at="2021-10-08 00:00:00.25", touched_at="2021-10-09T01:00:00+01:00"))
    assert out["modified"] == "2021-10-09T00:00:00.000Z"
    assert out["valid_from"] == "2021-10-07T14:05:58Z"


def test_published_stands_in_for_created() -> None:
    given = record(published_at="2021-01-01 00:00:00")
    del given["created_at"]
    assert stix("incident", given)["created"] == "2021-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    ("created", "reason"),
    [
        (None, "no time of creation or publication"),
        ("", "no time of creation or publication"),
        ("0000-00-00 00:00:00", "its time of creation cannot be read"),
        ("2021-02-30 00:00:00", "its time of creation cannot be read"),
        ("soon", "its time of creation cannot be read"),
        (1633615558, "its time of creation cannot be read"),
        (["2021-10-07 14:05:58"], "its time of creation cannot be read"),
    ],
)
def test_no_time_is_made_up(created: Any, reason: str) -> None:
    assert skipped("incident", record(created_at=created)) == reason


def test_other_times_that_cannot_be_read_are_remarked() -> None:
    result = mapped("indicators", indicator(updated_at="x", touched_at=7, published_at="y", expires_at="z"))
    assert result.properties["modified"] == result.properties["created"]
    assert "valid_until" not in result.properties
    assert extended(result.properties)["expires_at"] == "z"
    assert set(result.remarks) == {
        "a time of change that cannot be read",
        "a time of publication that cannot be read: valid from its creation",
        "an expiry that cannot be read",
        "a time that cannot be read: its text is kept in the extension",
    }


@pytest.mark.acceptance("S31")
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_nothing_empty_is_written(collection: str) -> None:
    names = (
        "description tags attributes comments sources score expires_at expired_at published_at updated_at touched_at"
        " deleted_at started_at ended_at happened_at objective contact_information"
    ).split()
    base = indicator(type={"name": "MD5"}) if collection == "indicators" else record(type=None, status=None)
    nothing = stix(collection, {**base, **dict.fromkeys(names)})
    assert not {"labels", "description", "confidence", "object_marking_refs", "revoked"} & set(nothing)
    assert "attributes" not in extended(nothing)
    for empty in ("", [], {}):
        assert stix(collection, {**base, **dict.fromkeys(names, empty)}) == nothing
    assert stix(collection, base) == nothing


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "it has no name"),
        ("", "it has no name"),
        (" \t\n ", "it has no name"),
        ("\x00\x01", "it has no name"),
        (["Name"], "its name is not text"),
        ({"name": "Name"}, "its name is not text"),
        (True, "its name is not text"),
        (1.5, "its name is not text"),
    ],
)
def test_objects_without_names(value: Any, reason: str) -> None:
    assert skipped("incident", record(value)) == reason


def test_names_are_one_line_of_text() -> None:
    assert stix("incident", record("  a\x00b\r\nc\ud800 "))["name"] == "a b c"
    assert stix("incident", record("\u202eevil\u202c \u05d0"))["name"] == "\u202eevil\u202c \u05d0"
    assert stix("incident", record(4711))["name"] == "4711"
    assert stix("adversaries", {**record(None), "name": "APT"})["name"] == "APT"
    assert stix("events", {**record(None), "title": "Seen"}, convert_events=True)["name"] == "Seen"


@pytest.mark.acceptance("S26")
def test_description_is_plain_text() -> None:
    html = "<p>Tom &amp; <b>Jerry</b></p><script>alert('x')</script><ul><li>a</li><li>b &lt; c</li></ul><!-- no -->"
    given = record(None, description=[{"value": html}, {"value": "Second"}, {"value": None}, None])
    out = stix("adversaries", {**given, "name": "APT"})
    assert out["description"] == "Tom & Jerry\n\na\n\nb < c\n\nSecond"


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("a < b and c > d", "a < b and c > d"),
        ("mail <eve@example.com>", "mail <eve@example.com>"),
        ("<o:p>x</o:p><br/>y", "x\ny"),
        ("x<style>p {}</style>y<script>z", "xy"),
        ("<!-- open", "<!-- open"),
        ("a\x00b\ud800", "a b"),
        ("a\r\nb\r\n\r\n\r\n\r\nc", "a\nb\n\nc"),
        ("&#0;&nbsp;x&nbsp;", "\ufffd x"),
        ("a" * 100_000 + "<" * 100_000, "a" * 100_000 + "<" * 100_000),
        ("<script" * 50_000, "<script" * 50_000),
        ("<script>" * 50_000, None),
        ("<!--" * 50_000, "<!--" * 50_000),
        (["one", {"value": "two"}, 3], "one\n\ntwo\n\n3"),
        (4711, "4711"),
        ({"value": "in an object"}, "in an object"),
        ({"text": "x"}, None),
    ],
)
def test_descriptions(given: Any, plain: str | None) -> None:
    result = Mapper("lib-1", Options()).object(("incident", 7), record(description=given))
    assert isinstance(result, Mapped)
    assert result.properties.get("description") == plain


def test_labels_are_sorted_and_unique() -> None:
    out = stix("malware", record(tags=["b", {"id": 1, "name": "a"}, "b", None, "", ["c"], 4]))
    assert out["labels"] == ["4", "a", "b"]


@pytest.mark.acceptance("S29")
@pytest.mark.parametrize(
    ("score", "confidence"),
    [
        (7.4, 74),
        ("7.4", 74),
        (0, 0),
        (10, 100),
        ({"generated_score": 3, "manual_score": 9}, 90),
        ({"generated_score": "3.00", "manual_score": None}, 30),
        ({"generated_score": 3, "manual_score": ""}, 30),
        ({}, None),
        (None, None),
        (10.1, None),
        (-1, None),
        ("high", None),
        (True, None),
        ([7], None),
        (float("nan"), None),
        (float("inf"), None),
        ("1e999", None),
    ],
)
def test_confidence(score: Any, confidence: int | None) -> None:
    result = mapped("indicators", indicator(score=score))
    assert result.properties.get("confidence") == confidence
    assert ("score" in extended(result.properties)) == (confidence is not None)
    left_out = confidence is None and score not in (None, {})
    assert result.remarks == (("a score that is not a number from 0 to 10",) if left_out else ())


def test_confidence_can_be_left_out() -> None:
    out = stix("indicators", indicator(score=7.4), confidence=False)
    assert "confidence" not in out
    assert extended(out)["score"] == 7.4


def test_revoked_only_by_its_attribute() -> None:
    assert "revoked" not in stix("indicators", indicator(status={"name": "Expired"}))
    assert stix("incident", record(attributes=attributes(REVOKED="True")))["revoked"] is True
    assert "revoked" not in stix("incident", record(attributes=attributes(Revoked="false")))


# References


@pytest.mark.acceptance("S13")
def test_sources_are_references() -> None:
    out = stix("incident", record(sources=[{"name": "One "}, "Two", {"name": "One"}, {"name": None}, None, 3]))
    assert out["external_references"] == [
        {"source_name": "ThreatQ", "description": "Intelligence exported from ThreatQ"},
        {"source_name": "One", "description": "Intelligence reported by One"},
        {"source_name": "Two", "description": "Intelligence reported by Two"},
        {"source_name": "3", "description": "Intelligence reported by 3"},
    ]


@pytest.mark.acceptance("S15", "S16")
@pytest.mark.parametrize("profile", ["full", "guide"])
def test_links_back(profile: str) -> None:
    host = Options.read({}, {"hostname": "https://tq.example.com/"}).hostname
    out = stix("incident", record(), hostname=host, profile=profile)
    assert urls(out) == ["https://tq.example.com/incident/7/details"]
    assert urls(stix("indicators", indicator(), hostname=host, profile=profile)) == []
    assert urls(stix("indicators", indicator(value="CVE-2021-44228", type="CVE"), hostname=host, profile=profile)) == []
    assert urls(stix("incident", record(), profile=profile)) == []
    # The host does not make another object of it.
    assert out["id"] == stix("incident", record(), profile=profile)["id"]
    assert urls(stix("tool", record(), hostname="[2001:db8::1]:8443"))


@pytest.mark.acceptance("S24")
@pytest.mark.parametrize(
    ("collection", "given", "cves"),
    [
        ("indicators", indicator(value="cve-2021-44228", type={"name": "CVE"}), ["CVE-2021-44228"]),
        ("indicators", indicator(value="Log4Shell", type="cve"), []),
        ("exploit_target", record("CVE-2021-44228 Log4Shell"), ["CVE-2021-44228"]),
        ("exploit_target", record("CVE-2021-1, CVE-2021-1234 and CVE-2021-12345"), ["CVE-2021-1234", "CVE-2021-12345"]),
        ("exploit_target", record("CWE-79"), []),
        ("exploit_target", record("CVE-\u0662\u0660\u0662\u0661-44228"), []),
    ],
)
def test_vulnerabilities(collection: str, given: dict[str, Any], cves: list[str]) -> None:
    out = stix(collection, given)
    assert out["type"] == "vulnerability"
    assert "pattern" not in out
    found = [each for each in out["external_references"] if each["source_name"] == "cve"]
    assert [each["external_id"] for each in found] == cves


@pytest.mark.acceptance("S43")
@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("T1059.001", ("mitre-attack", "T1059.001")),
        ("T1059.001 - PowerShell", ("mitre-attack", "T1059.001")),
        ("T1059: Command", ("mitre-attack", "T1059")),
        ("CAPEC-163", ("capec", "CAPEC-163")),
        ("CAPEC-163: Spear phishing", ("capec", "CAPEC-163")),
        ("CST0005", None),
        ("CST0005 - Indicator of Compromise", None),
        ("T10591", None),
        ("T1059.0012", None),
        ("XT1059", None),
        ("T\u0661\u0660\u0665\u0669", None),
    ],
)
def test_attack_patterns(name: str, reference: tuple[str, str] | None) -> None:
    out = stix("attack_pattern", record(name))
    assert out["name"] == name
    found = [(each["source_name"], each["external_id"]) for each in out["external_references"][1:]]
    assert found == ([reference] if reference else [])
    if reference == ("mitre-attack", "T1059.001"):
        assert urls(out) == ["https://attack.mitre.org/techniques/T1059/001"]
