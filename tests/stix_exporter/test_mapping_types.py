"""Records of each type as STIX objects, and what is left out."""

from __future__ import annotations

from typing import Any

import pytest
from stix_export.mapping import Mapper
from stix_export.options import Options
from stix_exporter.records import COLLECTIONS, MD5, attributes, extended, indicator, mapped, record, skipped, stix

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
