"""create sighting: when and how often (reference, section 6)."""

from __future__ import annotations

from typing import Any

import pytest
from stix_exporter.seeing import ADDRESS, DOMAIN, attributes, event


@pytest.mark.acceptance("S35")
def test_event_with_its_own_times_and_count(see: Any) -> None:
    own = attributes(("first seen", "2026-01-01 00:00:00"), ("Last Seen", "2026-01-02T03:04:05.678Z"), ("Count", "12"))
    seen = see(("events", 1), {"events": [event(attributes=own)], "indicators": [{"id": 9, **ADDRESS}]})
    sighting, (data,) = seen.sighting(), seen.of("observed-data")
    assert (sighting["first_seen"], sighting["last_seen"]) == ("2026-01-01T00:00:00.000Z", "2026-01-02T03:04:05.678Z")
    assert (data["first_observed"], data["last_observed"]) == (sighting["first_seen"], sighting["last_seen"])
    assert sighting["count"] == data["number_observed"] == 12
    (sco,) = seen.of("ipv4-addr")
    assert data["object_refs"] == [sco["id"]]
    assert sighting["observed_data_refs"] == [data["id"]]
    (relation,) = seen.of("relationship")
    assert relation["relationship_type"] == "based-on"
    assert (relation["source_ref"], relation["target_ref"]) == (sighting["sighting_of_ref"], data["id"])
    assert seen.report.relationships == 1
    assert "relationship" not in seen.report.counts


@pytest.mark.acceptance("S36")
def test_event_with_the_time_it_happened(see: Any) -> None:
    sighting = see(("events", 1), {"events": [event()], "indicators": [{"id": 9, **ADDRESS}]}).sighting()
    assert sighting["first_seen"] == sighting["last_seen"] == "2026-01-03T08:00:00.000Z"
    assert sighting["count"] == 1


def test_event_without_any_time(see: Any) -> None:
    objects = {"events": [event(happened_at=None)], "indicators": [{"id": 9, **ADDRESS}]}
    seen = see(("events", 1), objects)
    assert "first_seen" not in seen.sighting()
    assert seen.sighting()["count"] == 1
    assert not seen.of("observed-data")
    assert not seen.of("ipv4-addr")


@pytest.mark.parametrize(
    ("own", "first", "last", "notes"),
    [
        ([("First Seen", "2026-01-01 00:00:00")], "2026-01-01T00:00:00.000Z", "2026-01-03T08:00:00.000Z", 0),
        ([("First Seen", "2026-01-09 00:00:00")], "2026-01-09T00:00:00.000Z", "2026-01-09T00:00:00.000Z", 0),
        ([("Last Seen", "2026-01-09 00:00:00")], "2026-01-03T08:00:00.000Z", "2026-01-09T00:00:00.000Z", 0),
        ([("Last Seen", "2026-01-01 00:00:00")], "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z", 0),
        ([("First Seen", "2026-02-30 00:00:00")], "2026-01-03T08:00:00.000Z", "2026-01-03T08:00:00.000Z", 1),
        (
            [("First Seen", "2026-01-09 00:00:00"), ("Last Seen", "2026-01-01 00:00:00")],
            "2026-01-03T08:00:00.000Z",
            "2026-01-03T08:00:00.000Z",
            1,
        ),
        (
            [("First Seen", "2026-01-02 00:00:00"), ("First Seen", "2026-01-01 00:00:00")],
            "2026-01-01T00:00:00.000Z",
            "2026-01-03T08:00:00.000Z",
            0,
        ),
    ],
)
def test_times_that_are_half_known_or_wrong(see: Any, own: Any, first: str, last: str, notes: int) -> None:
    objects = {"events": [event(attributes=attributes(*own))], "indicators": [{"id": 9, **ADDRESS}]}
    seen = see(("events", 1), objects)
    assert (seen.sighting()["first_seen"], seen.sighting()["last_seen"]) == (first, last)
    assert seen.report.remarks.total == notes


@pytest.mark.acceptance("S39")
@pytest.mark.parametrize(
    ("count", "taken", "noted"),
    [
        ("10000000000", 999_999_999, True),
        ("9" * 10_000, 999_999_999, True),
        (10**10, 999_999_999, True),
        ("999999999", 999_999_999, False),
        ("many", 1, True),
        ("-3", 1, True),
        ("1e3", 1, True),
        ("12.0", 12, False),
        (7, 7, False),
        (" 5 ", 5, False),
    ],
)
def test_count_that_is_no_count(see: Any, count: Any, taken: int, noted: bool) -> None:
    objects = {"events": [event(attributes=attributes(("Count", count)))], "indicators": [{"id": 9, **ADDRESS}]}
    seen = see(("events", 1), objects)
    assert seen.sighting()["count"] == taken
    assert seen.of("observed-data")[0]["number_observed"] == taken
    assert seen.report.remarks.total == noted


def test_count_of_nothing_is_no_observation(see: Any) -> None:
    objects = {"events": [event(attributes=attributes(("Count", "0")))], "indicators": [{"id": 9, **ADDRESS}]}
    seen = see(("events", 1), objects)
    assert seen.sighting()["count"] == 0
    assert not seen.of("observed-data")


@pytest.mark.acceptance("S34")
def test_indicator_without_an_event(see: Any) -> None:
    bare = see(("indicators", 9), {"indicators": [{"id": 9, **ADDRESS}]})
    assert not {"first_seen", "last_seen", "count", "description", "observed_data_refs"} & bare.sighting().keys()
    detected = see(("indicators", 9), {"indicators": [{"id": 9, **ADDRESS, "last_detected_at": "2026-01-07 01:02:03"}]})
    sighting = detected.sighting()
    assert sighting["first_seen"] == sighting["last_seen"] == "2026-01-07T01:02:03.000Z"
    assert detected.of("observed-data")[0]["number_observed"] == 1
    assert sighting["id"] == bare.sighting()["id"]


def test_event_that_nothing_can_rest_on_is_named(see: Any) -> None:
    objects = {
        "indicators": [{"id": 9, **ADDRESS}],
        "events": [event(1, created_at=None), event(2, deleted_at="2026-01-09 00:00:00"), event(3)],
    }
    seen = see(("indicators", 9), objects)
    assert len(seen.of("sighting")) == 1
    reasons = [skip.reason for skip in seen.report.skipped.kept if skip.reason.startswith("no sighting")]
    assert reasons == [
        "no sighting rests on this event: it has no time of creation",
        "no sighting rests on this event: it is deleted",
    ]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({"started_at": "2026-01-01 00:00:00", "ended_at": "2026-01-02 00:00:00"}, ["2026-01-01", "2026-01-02"]),
        ({"first_seen": "2026-01-01 00:00:00", "last_seen": "2026-01-02 00:00:00"}, ["2026-01-01", "2026-01-02"]),
        ({"started_at": "2026-01-01 00:00:00"}, ["2026-01-01", ""]),
        ({"ended_at": "2026-01-02 00:00:00"}, ["", "2026-01-02"]),
        ({"started_at": "2026-01-03 00:00:00", "ended_at": "2026-01-02 00:00:00"}, ["", ""]),
        ({}, ["", ""]),
    ],
)
def test_incident(see: Any, times: dict[str, str], expected: list[str]) -> None:
    objects = {
        "incident": [{"id": 12, "value": "Intrusion", **times}],
        "indicators": [{"id": 8, **DOMAIN}, {"id": 9, **ADDRESS}],
    }
    seen = see(("incident", 12), objects)
    sightings = seen.of("sighting")
    assert len(sightings) == 2
    for sighting in sightings:
        assert [sighting.get("first_seen", "")[:10], sighting.get("last_seen", "")[:10]] == expected
        assert "count" not in sighting
        assert sighting["description"] == "Intrusion"
    # The domain has an underscore: no observable, and the sighting stays.
    assert [each["number_observed"] for each in seen.of("observed-data")] == [1] * all(expected)
    assert not seen.of("domain-name")
