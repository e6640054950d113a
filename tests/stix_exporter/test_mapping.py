"""Records of a threat library as STIX objects: properties, references, relations, hidden sources, what is left out."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from stix_export.errors import Skip
from stix_export.mapping import Mapped, Mapper
from stix_export.mapping.extension import EXTENSION
from stix_export.options import Options
from stix_exporter.judging import bundle_of, judge

MD5 = "3b35d89b10e561e05006e0a101154348"
COLLECTIONS = {
    "adversaries": "threat-actor",
    "attack_pattern": "attack-pattern",
    "campaign": "campaign",
    "course_of_action": "course-of-action",
    "exploit_target": "vulnerability",
    "identity": "identity",
    "incident": "incident",
    "indicators": "indicator",
    "intrusion_set": "intrusion-set",
    "malware": "malware",
    "tool": "tool",
}


def record(value: Any = "Name", **more: Any) -> dict[str, Any]:
    return {"id": 7, "value": value, "created_at": "2021-10-07 14:05:58", **more}


def indicator(**more: Any) -> dict[str, Any]:
    return record(**{"value": MD5, "type": {"name": "MD5"}, "status": {"name": "Active"}, **more})


def attributes(**values: Any) -> list[dict[str, Any]]:
    return [
        {"name": name.replace("_", " "), "value": value}
        for name, given in values.items()
        for value in (given if isinstance(given, list) else [given])
    ]


def mapped(collection: str, given: dict[str, Any], mapper: Mapper | None = None, **options: Any) -> Mapped:
    mapper = mapper or Mapper("lib-1", Options(**options))
    result = mapper.object((collection, 7), given)
    assert isinstance(result, Mapped), result
    judge(bundle_of([result.properties, *mapper.companions()]))
    return result


def stix(collection: str, given: dict[str, Any], **options: Any) -> dict[str, Any]:
    return mapped(collection, given, **options).properties


def skipped(collection: str, given: dict[str, Any], **options: Any) -> str:
    result = Mapper("lib-1", Options(**options)).object((collection, 7), given)
    assert isinstance(result, Skip), result
    assert result[:2] == (collection, 7)
    return result.reason


def extended(properties: dict[str, Any]) -> dict[str, Any]:
    return properties["extensions"][EXTENSION]  # type: ignore[no-any-return]


def urls(properties: dict[str, Any]) -> list[str]:
    return [each["url"] for each in properties["external_references"] if "url" in each]


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


# Types


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_types(collection: str) -> None:
    given = indicator() if collection == "indicators" else record()
    assert stix(collection, given)["type"] == COLLECTIONS[collection]
    assert stix(collection, given, profile="guide")["type"] == COLLECTIONS[collection]


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_guide_profile_has_no_other_properties_than_the_sample(collection: str) -> None:
    everything: dict[str, Any] = {
        "description": "x",
        "tags": ["x"],
        "score": 7,
        "expires_at": "2030-01-01 00:00:00",
        "sources": [{"name": "One", "tlp_name": "RED"}],
        "attributes": attributes(Alias="x", Kill_Chain="Delivery"),
        "started_at": "2021-01-01 00:00:00",
    }
    given = indicator(**everything) if collection == "indicators" else record("CVE-2021-44228", **everything)
    mapper = Mapper("lib-1", Options(profile="guide"))
    result = mapped(collection, given, mapper)
    allowed = {"type", "spec_version", "id", "created", "modified", "name", "external_references"}
    allowed |= {
        "indicators": {"pattern", "pattern_type", "pattern_version", "valid_from"},
        "malware": {"is_family"},  # the standard demands it
    }.get(collection, set())
    assert set(result.properties) == allowed
    assert mapper.companions() == []
    edge = mapper.relationship(result.end, result.end._replace(ref="tool--5d0092c5-5f74-4287-9642-33f4c354e56d"))
    assert set(edge) == set("type spec_version id created modified relationship_type source_ref target_ref".split())


def test_adversary() -> None:
    given = attributes(
        ALIAS=["Fancy", "Bear"],
        Aliases=["Bear", "Sofacy"],
        Goal="Money",
        Role=["Agent", "Chief"],
        Sophistication="Expert",
        Resource_Level="Government",
        primary_motivation="Organizational Gain",
        Secondary_Motivations=["dominance", "boredom"],
        Personal_Motivations="Revenge",
        Label=["Nation State", "APT"],
        First_Seen="2020-01-01 00:00:00",
    )
    out = stix("adversaries", record(None, name="APT28", attributes=given))
    expected = {
        "aliases": ["Fancy", "Bear", "Sofacy"],
        "goals": ["Money"],
        "roles": ["agent"],
        "sophistication": "expert",
        "resource_level": "government",
        "primary_motivation": "organizational-gain",
        "secondary_motivations": ["dominance"],
        "personal_motivations": ["revenge"],
        "threat_actor_types": ["nation-state"],
        "first_seen": "2020-01-01T00:00:00.000Z",
    }
    assert {name: out.get(name) for name in expected} == expected


@pytest.mark.parametrize("collection", ["campaign", "intrusion_set"])
def test_first_and_last_seen(collection: str) -> None:
    start, end = "2021-01-01 00:00:00", "2021-02-01 00:00:00"
    out = stix(collection, record(started_at=start, ended_at=end))
    assert (out["first_seen"], out["last_seen"]) == ("2021-01-01T00:00:00.000Z", "2021-02-01T00:00:00.000Z")
    same = stix(collection, record(first_seen=start, last_seen=start))
    assert same["first_seen"] == same["last_seen"]
    turned = mapped(collection, record(started_at=end, ended_at=start))
    assert "last_seen" not in turned.properties
    assert extended(turned.properties)["ended_at"] == "2021-01-01T00:00:00Z"
    assert turned.remarks == ("an end that is before its start: kept in the extension only",)


def test_campaign_objective() -> None:
    assert stix("campaign", record(objective="<b>Gold</b>"))["objective"] == "Gold"
    assert stix("campaign", record(attributes=attributes(Objective="Gold")))["objective"] == "Gold"


def test_identity() -> None:
    given = attributes(Identity_Class="Organization", Sector=["Financial Services", "Piracy"])
    out = stix("identity", record(contact_information="x@example.com", attributes=given))
    assert out["contact_information"] == "x@example.com"
    assert out["identity_class"] == "organization"
    assert out["sectors"] == ["financial-services"]
    assert stix("identity", record())["identity_class"] == "unknown"


def test_incident_times_are_in_the_extension() -> None:
    out = stix("incident", record(started_at="2021-01-01 00:00:00", ended_at="2021-02-01 00:00:00"))
    assert (extended(out)["started_at"], extended(out)["ended_at"]) == ("2021-01-01T00:00:00Z", "2021-02-01T00:00:00Z")
    assert "first_seen" not in out


@pytest.mark.acceptance("S12")
def test_events() -> None:
    event = {"id": 7, "title": "Seen", "created_at": "2021-10-07 14:05:58", "happened_at": "2021-10-06 00:00:00"}
    event["type"] = {"name": "Sighting"}  # type: ignore[assignment]
    assert skipped("events", event) == "an event, and events are not converted to incidents"
    out = stix("events", event, convert_events=True)
    assert (out["type"], out["name"]) == ("incident", "Seen")
    assert extended(out)["event_type"] == "Sighting"
    assert extended(out)["happened_at"] == "2021-10-06T00:00:00Z"


@pytest.mark.acceptance("S25")
@pytest.mark.parametrize("profile", ["full", "guide"])
def test_malware_without_type(profile: str) -> None:
    out = stix("malware", record("Emotet"), profile=profile)
    assert (out["is_family"], out["name"]) == (True, "Emotet")


def test_malware_and_tool() -> None:
    out = stix("malware", record(type={"name": "Trojan"}, attributes=attributes(Is_Family="No", Malware_Type="Worm")))
    assert (out["is_family"], out["malware_types"]) == (False, ["trojan", "worm"])
    out = stix("tool", record(type="Odd", attributes=attributes(Tool_Type="Remote Access", Version="1.2", Alias="x")))
    assert (out["tool_types"], out["tool_version"], out["aliases"]) == (["remote-access"], "1.2", ["x"])
    assert extended(out)["object_type"] == "Odd"


@pytest.mark.parametrize("collection", ["attack_pattern", "malware", "tool", "indicators"])
def test_kill_chains(collection: str) -> None:
    given = attributes(
        Kill_Chain="mitre-attack: Initial Access",
        Kill_Chain_Phase=["Command & Control", "Command and Control", "Odd One", "Odd  one", "***"],
    )
    given += [{"name": "Kill Chain - Mandiant", "value": "Establish Foothold"}, {"name": "Kill Chain", "value": None}]
    base = indicator(attributes=given) if collection == "indicators" else record(attributes=given)
    found = [tuple(each.values()) for each in stix(collection, base)["kill_chain_phases"]]
    assert found == [
        ("mitre-attack", "initial-access"),
        ("kill-chain", "command-control"),
        ("lockheed-martin-cyber-kill-chain", "command-and-control"),
        ("kill-chain", "odd-one"),
        ("mandiant", "establish-foothold"),
    ]


@pytest.mark.acceptance("S27")
@pytest.mark.parametrize(
    ("status", "types"),
    [
        ("Active", "malicious-activity"),
        ("Whitelisted", "benign"),
        ("WHITELISTED", "benign"),
        ("Review", "unknown"),
        ("Indirect", "unknown"),
        ("Of our own", "unknown"),
        (None, "unknown"),
        (["Active"], "unknown"),
    ],
)
def test_status(status: Any, types: str) -> None:
    out = stix("indicators", indicator(status=status))
    assert out["indicator_types"] == [types]
    assert "valid_until" not in out


@pytest.mark.acceptance("S27", "S28")
def test_expiry() -> None:
    expired = {"name": "Expired"}
    out = stix("indicators", indicator(status=expired, updated_at="2021-11-01 00:00:00"))
    assert out["indicator_types"] == ["malicious-activity"]
    assert (out["valid_from"], out["valid_until"]) == ("2021-10-07T14:05:58Z", "2021-11-01T00:00:00Z")
    out = stix("indicators", indicator(expires_at="2022-01-01 00:00:00"))
    assert out["valid_until"] == "2022-01-01T00:00:00Z"
    never = mapped("indicators", indicator(status=expired))
    assert "valid_until" not in never.properties
    assert never.remarks


@pytest.mark.acceptance("S28")
@pytest.mark.parametrize("expires", ["2021-01-01 00:00:00", "2021-06-01 00:00:00"])
def test_an_expiry_before_the_publication_is_kept_aside(expires: str) -> None:
    result = mapped("indicators", indicator(published_at="2021-06-01 00:00:00", expired_at=expires))
    assert result.properties["valid_from"] == "2021-06-01T00:00:00Z"
    assert "valid_until" not in result.properties
    assert extended(result.properties)["expires_at"] == expires.replace(" ", "T") + "Z"
    assert result.remarks == ("an expiry that is not after the start: kept in the extension only",)


@pytest.mark.acceptance("S17", "S20")
@pytest.mark.parametrize(
    ("kind", "value"), [("MD5", "3b"), ("GOST Hash", MD5), ("Of our own", "x"), (None, "x"), (14, "x"), (["MD5"], MD5)]
)
def test_indicators_without_pattern_are_skips(kind: Any, value: str) -> None:
    assert skipped("indicators", indicator(type=kind, value=value))


@pytest.mark.parametrize("value", ["a\x00b", "a\nb", "\ud800"])
def test_values_that_no_pattern_can_hold(value: str) -> None:
    assert skipped("indicators", indicator(type="Filename", value=value))


@pytest.mark.acceptance("S10")
@pytest.mark.parametrize("collection", ["tasks", "attachments", "signatures", "ttp", "", "nothing"])
def test_collections_without_a_type(collection: str) -> None:
    assert skipped(collection, record()) == "objects of this collection have no STIX type here"


def test_deleted_objects() -> None:
    assert skipped("incident", record(deleted_at="2021-10-08 00:00:00")) == "deleted in the library"


# The extension


@pytest.mark.acceptance("S33")
def test_attributes_are_in_the_extension() -> None:
    given: list[Any] = [
        {"name": "Port", "value": "80", "sources": [{"name": "One"}, {"name": "One"}], "tlp_name": "green"},
        {"name": "Port", "value": 443},
        {"name": "Port", "value": "80"},
        {"name": "Empty", "value": None},
        {"name": "List", "value": ["a", 1, None]},
        {"name": None, "value": ""},
        "Port",
        None,
    ]
    mapper = Mapper("lib-1", Options())
    result = mapped("indicators", indicator(attributes=given), mapper)
    assert extended(result.properties)["attributes"] == [
        {"name": "Port", "value": "80", "sources": ["One"], "tlp": "green"},
        {"name": "Port", "value": "443"},
        {"name": "Port", "value": "80"},
        {"name": "Empty"},
        {"name": "List", "value": "a, 1"},
    ]
    assert result.remarks == ("an attribute without name and value",) * 3
    definition = mapper.companions()[-1]
    assert definition["id"] == EXTENSION
    assert definition["created_by_ref"] in [each["id"] for each in mapper.companions()]


def test_the_extension_is_what_its_definition_says() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    mapper = Mapper("lib-1", Options())
    given = indicator(
        attributes=[{"name": "a", "value": "b", "tlp_id": 1, "sources": ["x"]}],
        score="7",
        expires_at="2030-01-01 00:00:00",
        published_at="2021-01-01 00:00:00",
    )
    content = extended(mapped("indicators", given, mapper).properties)
    schema = json.loads(mapper.companions()[-1]["schema"])
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(content, schema)


def test_attributes_can_be_left_out() -> None:
    given = record(attributes=attributes(Port="80", Alias="x"))
    out = stix("malware", given, include_attributes=False)
    assert "attributes" not in extended(out)
    assert out["aliases"] == ["x"]


def test_the_definition_is_the_same_everywhere() -> None:
    first, second = Mapper("lib-1", Options()), Mapper("lib-2", Options(producer="Other", tlp_version=2))
    for mapper in (first, second):
        mapper.object(("incident", 7), record())
    fixed = [
        [each for each in mapper.companions() if each["id"] != mapper.producer_ref()] for mapper in (first, second)
    ]
    assert fixed[0] == fixed[1]
    assert len(fixed[0]) == 2


# Hidden sources


@pytest.mark.acceptance("S14")
@pytest.mark.parametrize("collection", [*COLLECTIONS, "events"])
@pytest.mark.parametrize("profile", ["full", "guide"])
def test_no_source_is_named_anywhere(collection: str, profile: str) -> None:
    more: dict[str, Any] = {
        "description": "<p>As EVIL\ncorp says</p>",
        "tags": ["Evil Corp", "from Evil Corp.", "kept"],
        "sources": [{"name": "Evil Corp", "tlp_name": "red"}, "Evil Corp"],
        "attributes": [
            {"name": "Evil Corp severity", "value": "9"},
            {"name": "Alias", "value": "the Evil Corp one", "sources": [{"name": "Second feed"}]},
            {"name": "Kill Chain - Evil Corp", "value": "Delivery"},
            {"name": "Kill Chain", "value": "Delivery"},
            {"name": "Goal", "value": "second feed"},
        ],
        "objective": "Evil Corp",
        "contact_information": "Evil Corp",
    }
    named = record("Evil Corp: alert", title="Evil Corp: alert", type="Evil Corp event", **more)
    given = indicator(**more) if collection == "indicators" else named
    out = stix(collection, given, hide_sources=True, profile=profile, convert_events=True)
    written = json.dumps(out).lower()
    assert "evil" not in written
    assert "second feed" not in written
    assert len(out["external_references"]) == 1
    shown = stix(collection, given, profile=profile, convert_events=True)
    assert out["id"] != shown["id"]
    assert len(shown["external_references"]) == 2
    if profile == "full":
        assert out["labels"] == ["kept"]
        # The label is worked out before the sources go.
        assert out["object_marking_refs"] == shown["object_marking_refs"]


def test_hiding_leaves_values_alone() -> None:
    given = indicator(value="example.com", type="FQDN", sources=["example.com", "a"], description="a is ok")
    out = stix("indicators", given, hide_sources=True)
    assert out["name"] == "example.com"
    assert out["pattern"] == "[domain-name:value = 'example.com']"
    assert out["description"] == "a is ok"


# Relations


def edge(first: str, second: str, times: tuple[Any, ...] = (), **options: Any) -> dict[str, Any]:
    mapper = Mapper("lib-1", Options(**options))
    ends = []
    for number, collection in enumerate((first, second)):
        given = indicator() if collection == "indicators" else record()
        result = mapper.object((collection, number + 1), given)
        assert isinstance(result, Mapped)
        ends.append(result)
    made = mapper.relationship(ends[0].end, ends[1].end, *times)
    warnings = judge(bundle_of([*(each.properties for each in ends), made, *mapper.companions()]))
    assert not [each for each in warnings if "relationship" in each], warnings
    return made


SUGGESTED = {
    ("indicator", "threat-actor"): "indicates",
    ("indicator", "attack-pattern"): "indicates",
    ("indicator", "campaign"): "indicates",
    ("indicator", "intrusion-set"): "indicates",
    ("indicator", "malware"): "indicates",
    ("indicator", "tool"): "indicates",
    ("campaign", "intrusion-set"): "attributed-to",
    ("campaign", "threat-actor"): "attributed-to",
    ("intrusion-set", "threat-actor"): "attributed-to",
    ("campaign", "identity"): "targets",
    ("intrusion-set", "identity"): "targets",
    ("malware", "attack-pattern"): "uses",
    ("malware", "tool"): "uses",
    ("malware", "vulnerability"): "exploits",
    ("malware", "identity"): "targets",
    ("attack-pattern", "tool"): "uses",
    ("attack-pattern", "identity"): "targets",
    ("attack-pattern", "vulnerability"): "targets",
    ("tool", "identity"): "targets",
    **{("course-of-action", other): "mitigates" for other in ("attack-pattern", "malware", "tool", "vulnerability")},
    **{
        (actor, other): "uses"
        for actor in ("threat-actor", "intrusion-set", "campaign")
        for other in ("attack-pattern", "malware", "tool")
    },
    **{(actor, "vulnerability"): "targets" for actor in ("threat-actor", "intrusion-set", "campaign")},
}


@pytest.mark.acceptance("S42")
@pytest.mark.parametrize(("first", "second"), list(itertools.product(COLLECTIONS, repeat=2)))
def test_verbs_of_every_pair(first: str, second: str) -> None:
    made = edge(first, second, style="suggested")
    ends = (COLLECTIONS[first], COLLECTIONS[second])
    written = tuple(made[end].partition("--")[0] for end in ("source_ref", "target_ref"))
    if ends in SUGGESTED:
        assert (made["relationship_type"], written) == (SUGGESTED[ends], ends)
    elif ends[::-1] in SUGGESTED:
        assert (made["relationship_type"], written) == (SUGGESTED[ends[::-1]], ends[::-1])
    else:
        assert (made["relationship_type"], written) == ("related-to", ends)
    assert edge(first, second)["relationship_type"] == "related-to"


@pytest.mark.parametrize(
    ("times", "created", "modified"),
    [
        ((), "2021-10-07T14:05:58.000Z", "2021-10-07T14:05:58.000Z"),
        ((None, ""), "2021-10-07T14:05:58.000Z", "2021-10-07T14:05:58.000Z"),
        (("2021-10-08 00:00:00",), "2021-10-08T00:00:00.000Z", "2021-10-08T00:00:00.000Z"),
        (("2021-10-08 00:00:00", "2021-10-09 00:00:00"), "2021-10-08T00:00:00.000Z", "2021-10-09T00:00:00.000Z"),
        (("2021-10-08 00:00:00", "2021-10-01 00:00:00"), "2021-10-08T00:00:00.000Z", "2021-10-08T00:00:00.000Z"),
        (("never", 7), "2021-10-07T14:05:58.000Z", "2021-10-07T14:05:58.000Z"),
    ],
)
def test_times_of_relations(times: tuple[Any, ...], created: str, modified: str) -> None:
    made = edge("incident", "indicators", times)
    assert (made["created"], made["modified"]) == (created, modified)


def test_times_of_relations_that_cannot_be_read_are_counted() -> None:
    mapper = Mapper("lib-1", Options())
    result = mapped("incident", record(), mapper)
    other = result.end._replace(ref="tool--5d0092c5-5f74-4287-9642-33f4c354e56d")
    mapper.relationship(result.end, other, "never", "2021-13-01 00:00:00")
    assert mapper.remarks.counts == {"a time of a relation that cannot be read": 2}


def test_a_relation_is_created_after_its_ends() -> None:
    mapper = Mapper("lib-1", Options())
    early = mapped("incident", record(), mapper).end
    late = early._replace(ref="tool--5d0092c5-5f74-4287-9642-33f4c354e56d", created="2022-01-01T00:00:00.000Z")
    assert mapper.relationship(early, late)["created"] == mapper.relationship(late, early)["created"] == late.created


def test_what_is_not_text_is_remarked() -> None:
    result = mapped("incident", record(description={"text": "x"}, tags=[["a"], "b"], sources=[{"id": 3}, "One"]))
    assert result.properties["labels"] == ["b"]
    assert len(result.properties["external_references"]) == 2
    assert set(result.remarks) == {"a description that is not text", "a tag without a name", "a source without a name"}
