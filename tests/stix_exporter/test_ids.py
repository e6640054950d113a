"""Ids and times: the vectors of the reference, and what the standard's library says."""

from __future__ import annotations

import json
import uuid

import pytest
import stix2
from hypothesis import given
from hypothesis import strategies as st
from stix_export import ids
from stix_export.patterns import pattern_for
from stix_export.times import SECOND, BadTime, stix_time


@pytest.mark.acceptance("S41")
def test_ids_are_those_of_the_vectors() -> None:
    assert str(ids.NAMESPACE) == "675927ca-e9a6-5026-a08a-c4c405e1fa06"
    incident = ids.object_id("incident", "lib-1", "", "incident", 12)
    indicator = ids.object_id("indicator", "lib-1", "", "indicators", 336)
    assert incident == "incident--a861cc5a-80c2-5f69-8c7b-ce7730d10b44"
    assert indicator == "indicator--71a956da-5c04-5978-82ab-2a61d9117ce7"
    between = ids.relationship_id("lib-1", "", "related-to", incident, indicator)
    assert between == "relationship--f2dcf935-4cb9-5aee-b506-cfe90dd83ac8"
    assert ids.producer_id("lib-1", "soarkit") == "identity--6ab250cd-f201-50d1-907a-fdba7eb87a34"


@pytest.mark.acceptance("S41")
def test_an_observable_has_the_id_that_the_standard_derives() -> None:
    sco = pattern_for("IP Address", "1.2.3.4").sco
    assert sco is not None
    assert sco["id"] == stix2.IPv4Address(value="1.2.3.4").id


@given(st.lists(st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.integers()), min_size=1))
def test_ids_are_what_the_standard_library_derives(key: list[str | int]) -> None:
    written = json.dumps(key, separators=(",", ":"), ensure_ascii=False)
    assert ids.v5(*key) == str(uuid.uuid5(ids.NAMESPACE, written))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-10-07 14:19:15", "2021-10-07T14:19:15.000Z"),
        ("2021-10-07T14:19:15Z", "2021-10-07T14:19:15.000Z"),
        ("2021-10-07T14:19:15.1239999+02:00", "2021-10-07T12:19:15.123Z"),
        ("2021-10-07 23:30:00 -0130", "2021-10-08T01:00:00.000Z"),
        (" 2021-10-07 ", "2021-10-07T00:00:00.000Z"),
        ("2021-10-07 14:19:15.5 UTC", "2021-10-07T14:19:15.500Z"),
    ],
)
def test_times_become_utc_with_three_digits(text: str, expected: str) -> None:
    assert stix_time(text) == expected
    assert stix_time(text, SECOND) == expected[:19] + "Z"


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "2021-02-30 00:00:00", "0000-00-00 00:00:00", "2021-10-07 25:00:00", "2021-10-07T14:19:60"),
        *("20211007T141915.123", "2021-10-07 14:19:15\n2", "٢٠٢١-10-07 14:19:15", "0001-01-01T00:00:00+14:00"),
        *(None, 1633616355, True, ["2021-10-07"], "9" * 5000),
    ],
)
def test_what_is_no_time_is_refused(text: object) -> None:
    with pytest.raises(BadTime, match="is not a time such as") as error:
        stix_time(text)
    assert len(str(error.value)) < 200
