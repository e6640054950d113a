"""Records that hold anything anywhere: a valid object or a skip with a reason, never a failure."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stix_export.errors import Skip
from stix_export.mapping import Mapped, Mapper
from stix_export.options import Options
from stix_exporter.judging import bundle_of, judge

PIECES = (
    "' \" \\ \\\\ \\' <p> </p> <script> <!-- &amp; &#0; \u202e \u05d0\u05d1 \x00 \x1b \n \t \ud800 \u2028 {} [] %s"
    " CVE-2021-44228 T1059.001 CAPEC-163 red TLP:AMBER+STRICT Expired Nation-State \U0001f600 : -"
).split(" ")
TIMES = (
    "2021-10-07 14:05:58",
    "2021-10-07T14:05:58.123456Z",
    "2021-10-07",
    "0000-00-00 00:00:00",
    "9999-12-31 23:59:59",
)
KINDS = ("MD5", "SHA-256", "FQDN", "URL", "Filename", "File Path", "CVE", "Registry Key", "String", "ASN", "GOST Hash")

hostile_text = st.one_of(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), st.text(max_size=20))
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), hostile_text, st.sampled_from(TIMES))
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(("name", "value", "id", "tlp_id", "tlp_name", "tlp", "sources")), inner, max_size=4
        ),
    ),
    max_leaves=6,
)
ATTRIBUTES = (
    "Alias Goal Role Sophistication Label Revoked Sector Version Objective Is_Family Kill_Chain Kill_Chain_Phase"
    " First_Seen Last_Seen Identity_Class Contact_Information Tool_Type Malware_Type Resource_Level"
).split()
attribute = st.fixed_dictionaries(
    {"name": st.one_of(st.sampled_from(ATTRIBUTES), anything), "value": st.one_of(hostile_text, anything)},
    optional={"sources": anything, "tlp_name": anything},
)
FIELDS = (
    "value name title description sources tags score status created_at published_at updated_at touched_at expires_at"
    " expired_at happened_at started_at ended_at first_seen last_seen deleted_at objective contact_information comments"
).split()
COLLECTIONS = (
    "adversaries attack_pattern campaign course_of_action events exploit_target identity incident indicators"
    " intrusion_set malware tool"
).split()
options = st.builds(
    Options,
    hide_sources=st.booleans(),
    profile=st.sampled_from(("full", "guide")),
    style=st.sampled_from(("related-to", "suggested")),
    convert_events=st.just(True),
    hostname=st.sampled_from((None, "tq.example.com", "[2001:db8::1]:8443")),
    tlp_version=st.sampled_from((1, 2)),
    max_tlp=st.sampled_from((None, "amber")),
    include_attributes=st.booleans(),
    confidence=st.booleans(),
)
sane = st.fixed_dictionaries(
    {"value": hostile_text.map(lambda text: f"x{text}x"), "created_at": st.just("2021-10-07 14:05:58")},
    optional={
        "attributes": st.lists(attribute, max_size=4),
        "tags": st.lists(hostile_text),
        "description": hostile_text,
    },
)
wild = st.dictionaries(st.sampled_from(FIELDS), anything, max_size=4)


def check(first: tuple[str, dict[str, Any]], second: tuple[str, dict[str, Any]], times: Any, chosen: Options) -> None:
    mapper = Mapper("lib-1", chosen)
    found = []
    for number, (collection, record) in enumerate((first, second)):
        result = mapper.object((collection, number), record)
        if isinstance(result, Skip):
            assert result.reason
            assert result[:2] == (collection, number)
        else:
            assert isinstance(result, Mapped)
            found.append(result)
    objects = [each.properties for each in found]
    if len(found) == 2:
        objects.append(mapper.relationship(found[0].end, found[1].end, *times))
    if objects:
        judge(bundle_of([*objects, *mapper.companions()]))


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(COLLECTIONS), sane, st.sampled_from(KINDS), wild), min_size=2, max_size=2),
    st.tuples(scalars, scalars),
    options,
)
@pytest.mark.acceptance("S2", "S31")
def test_hostile_records(records: list[tuple[str, Any, str, Any]], times: Any, chosen: Options) -> None:
    first, second = (
        (collection, {**record, "type": {"name": kind}, **more}) for collection, record, kind, more in records
    )
    check(first, second, times, chosen)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(COLLECTIONS), st.dictionaries(st.sampled_from([*FIELDS, "type", "attributes"]), anything), options
)
def test_records_of_nothing_but_rubbish(collection: str, record: dict[str, Any], chosen: Options) -> None:
    check((collection, record), (collection, {**record, "created_at": "2021-10-07"}), (None, None), chosen)
