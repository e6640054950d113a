"""The extension, hidden sources, and relations as STIX relationships."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from stix_export.mapping import Mapped, Mapper
from stix_export.mapping.extension import EXTENSION
from stix_export.options import Options
from stix_exporter.judging import bundle_of, judge
from stix_exporter.records import COLLECTIONS, attributes, extended, indicator, mapped, record, stix

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
