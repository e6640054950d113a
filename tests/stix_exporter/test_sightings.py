"""create sighting: what is sighted, on what it rests, what goes along (reference, section 6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import stix2
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from stix_export import ids
from stix_export.errors import ExportError
from stix_export.patterns import KNOWN_TYPES, pattern_for
from stix_exporter.observing import matches
from stix_exporter.pattern_rows import TABLE, hostile
from stix_exporter.seeing import ADDRESS, DOMAIN, Objects, event


@pytest.mark.acceptance("S34")
def test_indicator_with_two_events(see: Any) -> None:
    later = event(2, happened_at="2026-01-04 09:30:00", created_at="2026-01-08 00:00:00", touched_at=None)
    seen = see(("indicators", 9), {"indicators": [{"id": 9, **ADDRESS}], "events": [event(), later]})
    first, second = seen.of("sighting")
    assert first["sighting_of_ref"] == second["sighting_of_ref"] == seen.bundle["objects"][0]["id"]
    assert first["first_seen"] == first["last_seen"] == "2026-01-03T08:00:00.000Z"
    assert second["first_seen"] == second["last_seen"] == "2026-01-04T09:30:00.000Z"
    assert (first["created"], first["modified"]) == ("2026-01-05T10:00:00.000Z", "2026-01-06T10:00:00.000Z")
    assert (second["created"], second["modified"]) == ("2026-01-08T00:00:00.000Z", "2026-01-08T00:00:00.000Z")
    assert [first["description"], second["description"]] == ["Alert 1", "Alert 2"]
    assert len(seen.of("observed-data")) == 2
    assert len(seen.of("ipv4-addr")) == 1
    assert not seen.of("incident")


@pytest.mark.acceptance("S34")
def test_events_become_incidents_and_sightings_stay(see: Any) -> None:
    objects = {"indicators": [{"id": 9, **ADDRESS}], "events": [event(), event(2)]}
    seen = see(("indicators", 9), objects, convert_events=True)
    assert len(seen.of("incident")) == len(seen.of("sighting")) == 2


@pytest.mark.acceptance("S35", "S41")
def test_ids_follow_the_keys_of_the_reference(see: Any) -> None:
    seen = see(("events", 1), {"events": [event()], "indicators": [{"id": 9, **ADDRESS}]})
    sighting, (data,) = seen.sighting(), seen.of("observed-data")
    target = sighting["sighting_of_ref"]
    assert sighting["id"] == "sighting--" + ids.v5("sighting", "lib-1", "", target, "events", 1)
    assert data["id"] == "observed-data--" + ids.v5("observed-data", "lib-1", "", sighting["id"])
    assert seen.of("ipv4-addr")[0]["id"] == stix2.IPv4Address(value="192.0.2.7").id


@pytest.mark.acceptance("S37")
def test_incident_with_malware_only(see: Any) -> None:
    objects = {"incident": [{"id": 12, "value": "Intrusion"}], "malware": [{"id": 4, "value": "Worm"}]}
    assert see(("incident", 12), objects).target()["name"] == "Worm"


@pytest.mark.acceptance("S37")
def test_order_of_what_is_sighted_instead_of_indicators(see: Any) -> None:
    collections = ["malware", "tool", "attack_pattern", "campaign", "intrusion_set", "adversaries", "exploit_target"]
    kinds = ["malware", "tool", "attack-pattern", "campaign", "intrusion-set", "threat-actor", "vulnerability"]
    for place, kind in enumerate(kinds):
        objects: Objects = {"incident": [{"id": 12, "value": "Intrusion"}]}
        objects.update({name: [{"id": 4, "value": "x", "name": "x"}] for name in collections[place:]})
        assert see(("incident", 12), objects).target()["type"] == kind


@pytest.mark.acceptance("S37")
def test_incident_alone_is_sighted_itself(see: Any) -> None:
    objects = {"incident": [{"id": 12, "value": "Intrusion"}], "identity": [{"id": 3, "value": "Bank"}]}
    assert see(("incident", 12), objects).target()["type"] == "incident"


@pytest.mark.acceptance("S38")
def test_event_with_an_identity_only(see: Any) -> None:
    objects = {"events": [event()], "identity": [{"id": 3, "value": "Bank"}]}
    with pytest.raises(ExportError, match="nothing to sight: Event 1 is related to no indicator"):
        see(("events", 1), objects)
    seen = see(("events", 1), objects, convert_events=True)
    assert seen.target()["type"] == "incident"
    assert seen.bundle["objects"][0]["id"] == seen.target()["id"]


def test_vulnerability_behind_an_indicator_is_sighted(see: Any) -> None:
    cve = {"id": 7, "type": "CVE", "value": "CVE-2021-44228"}
    seen = see(("events", 1), {"events": [event()], "indicators": [cve]})
    assert seen.target()["type"] == "vulnerability"
    assert not seen.of("observed-data")
    assert see(("indicators", 7), {"indicators": [cve]}).target()["type"] == "vulnerability"


def test_indicator_without_a_pattern_is_not_sighted(see: Any) -> None:
    objects = {"events": [event()], "indicators": [{"id": 9, "type": "MD5", "value": "abc"}]}
    with pytest.raises(ExportError, match="nothing to sight"):
        see(("events", 1), objects)


def test_only_what_is_next_to_the_root_is_sighted(see: Any, tmp_path: Path) -> None:
    objects = {"events": [event()], "indicators": [{"id": 9, **ADDRESS}], "malware": [{"id": 4, "value": "Worm"}]}
    assert see(("events", 1), objects, depth=3).target()["type"] == "indicator"


def test_event_root_is_exported_only_when_it_is_converted(see: Any) -> None:
    objects = {"events": [event()], "indicators": [{"id": 9, **ADDRESS}]}
    plain = see(("events", 1), objects)
    assert plain.bundle["objects"][0]["type"] == "indicator"
    assert not plain.of("incident")
    converted = see(("events", 1), objects, convert_events=True)
    assert converted.bundle["objects"][0]["type"] == "incident"
    assert [each["relationship_type"] for each in converted.of("relationship")] == ["related-to", "based-on"]


@pytest.mark.acceptance("S40")
def test_markings_are_the_stricter_of_both_ends(see: Any) -> None:
    amber = [{"name": "A", "tlp_name": "amber"}]
    green = [{"name": "B", "tlp_name": "green"}]
    objects = {"events": [event(sources=green)], "indicators": [{"id": 9, **ADDRESS, "sources": amber}]}
    seen = see(("events", 1), objects)
    marking = stix2.TLP_AMBER.id
    for kind in ("sighting", "observed-data", "ipv4-addr", "relationship"):
        assert [each["object_marking_refs"] for each in seen.of(kind)] == [[marking]], kind
    objects["events"][0]["sources"] = [{"name": "C", "tlp_name": "red"}]
    stricter = see(("events", 1), objects)
    assert stricter.sighting()["object_marking_refs"] == [stix2.TLP_RED.id]
    assert stricter.of("ipv4-addr")[0]["object_marking_refs"] == [marking]


def test_one_observable_of_two_indicators_bears_the_stricter_label(see: Any) -> None:
    names = [
        {"id": 8, "type": "FQDN", "value": "example.com"},
        {"id": 9, "type": "Host name", "value": "EXAMPLE.com.", "sources": [{"name": "A", "tlp_name": "red"}]},
    ]
    seen = see(("events", 1), {"events": [event()], "indicators": names})
    (sco,) = seen.of("domain-name")
    assert sco["object_marking_refs"] == [stix2.TLP_RED.id]
    assert len(seen.of("observed-data")) == 2


def test_evidence_above_the_tlp_limit(see: Any) -> None:
    red = event(sources=[{"name": "A", "tlp_name": "red"}])
    objects = {"events": [red], "indicators": [{"id": 9, **ADDRESS}]}
    with pytest.raises(ExportError, match="its TLP label is above amber"):
        see(("events", 1), objects, max_tlp="amber")
    seen = see(("indicators", 9), objects, max_tlp="amber")
    assert "first_seen" not in seen.sighting()
    assert "no sighting rests on this event: its TLP label is above amber" in seen.report.skipped.counts


@pytest.mark.acceptance("S14", "S40")
def test_hidden_sources_hide_the_title_too(see: Any) -> None:
    own = [{"name": "Acme Feed", "tlp_id": 3}]
    objects = {
        "events": [event(title="Acme Feed saw it", sources=own)],
        "indicators": [{"id": 9, **ADDRESS, "sources": own}],
    }
    shown, hidden = see(("events", 1), objects), see(("events", 1), objects, hide_sources=True)
    assert shown.sighting()["description"] == "Acme Feed saw it"
    assert "description" not in hidden.sighting()
    assert "acme" not in hidden.text.lower()
    assert hidden.sighting()["object_marking_refs"] == shown.sighting()["object_marking_refs"]
    assert hidden.sighting()["id"] != shown.sighting()["id"]
    assert hidden.of("ipv4-addr")[0]["id"] == shown.of("ipv4-addr")[0]["id"]


def test_guide_profile_has_the_sighting_and_nothing_more(see: Any) -> None:
    objects = {"events": [event()], "indicators": [{"id": 9, **ADDRESS}]}
    seen = see(("events", 1), objects, profile="guide")
    assert {each["type"] for each in seen.bundle["objects"]} == {"indicator", "sighting"}
    assert set(seen.sighting()) == {
        *("type", "spec_version", "id", "created", "modified", "sighting_of_ref", "first_seen", "last_seen", "count"),
    }


@pytest.mark.acceptance("S3")
def test_same_bytes_twice(see: Any) -> None:
    objects = {"events": [event()], "indicators": [{"id": 8, **DOMAIN}, {"id": 9, **ADDRESS}]}
    assert see(("events", 1), objects).text == see(("events", 1), objects).text


@pytest.mark.acceptance("S17", "S40")
def test_every_observable_is_valid_and_is_what_its_pattern_looks_for(see: Any) -> None:
    """All types at once: the validator takes each observable, and the pattern of its indicator finds it."""
    rows = [{"id": place, "type": kind, "value": value} for place, (kind, value, _, _) in enumerate(TABLE, 1)]
    seen = see(("events", 1), {"events": [event()], "indicators": rows})
    wanted = 0
    for kind, value, _, sco in TABLE:
        wanted += bool(sco)
        observable = pattern_for(kind, value).sco
        if observable:
            assert observable["id"] in seen.by_id
            assert matches(pattern_for(kind, value).text, [observable])
    assert len(seen.of("observed-data")) == wanted


def test_password_is_never_told(see: Any) -> None:
    secret = {"id": 8, "type": "Password", "value": "hunter2"}
    seen = see(("events", 1), {"events": [event()], "indicators": [secret, {"id": 9, **ADDRESS}]})
    assert "hunter2" not in seen.text
    assert "hunter2" not in repr(seen.report)
    assert seen.report.skipped.counts["Password: the credentials of people are not shared"] == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(indicators=st.lists(st.tuples(st.sampled_from(KNOWN_TYPES), hostile | st.text(max_size=30)), max_size=8))
@example(
    indicators=[("URL", "http://[::1"), ("Email Address", "a@b@c"), ("FQDN", "xn--a"), ("Registry Key", "HKLM\\hku")]
)
def test_hostile_values_give_valid_bundles(see: Any, indicators: list[tuple[str, str]]) -> None:
    """Every value is exported and sighted or named among what is skipped; the validator judges each observable."""
    rows = [{"id": place, "type": kind, "value": value} for place, (kind, value) in enumerate(indicators, 1)]
    seen = see(("events", 1), {"events": [event()], "indicators": [*rows, {"id": 99, **ADDRESS}]})
    skipped = [skip for skip in seen.report.skipped.kept if skip.collection == "indicators"]
    assert len(seen.of("sighting")) + len(skipped) == len(rows) + 1


@pytest.mark.acceptance("S40")
def test_somebody_else_may_have_seen_it(see: Any) -> None:
    objects = {"events": [event()], "indicators": [{"id": 9, **ADDRESS}]}
    seen = see(("events", 1), objects, sighted_by="Branch office")
    (where,) = seen.sighting()["where_sighted_refs"]
    assert seen.by_id[where]["name"] == "Branch office"
    assert seen.by_id[seen.sighting()["created_by_ref"]]["name"] == "soarkit"
    plain = see(("events", 1), objects)
    assert plain.sighting()["where_sighted_refs"] == [plain.sighting()["created_by_ref"]]
