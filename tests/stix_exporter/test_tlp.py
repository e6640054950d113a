"""Labels of the Traffic Light Protocol: how they are written, which one holds, and the markings they become."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import stix2
from stix_export.errors import Skip
from stix_export.mapping import Mapped, Mapper
from stix_export.mapping.markings import marking
from stix_export.options import Options
from stix_export.tlp import NAMES, record_rank, tlp_rank
from stix_exporter.judging import bundle_of, judge

RED = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
STRICT = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
TLP2 = {
    "clear": "94868c89-83c2-464b-929b-a1a8aa3c8487",
    "green": "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "amber": "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "amber+strict": "939a9414-2ddd-4d32-a0cd-375ea402b003",
    "red": "e828b379-4e03-4974-9ac4-e53a884c97c1",
}


def record(*sources: Any, **more: Any) -> dict[str, Any]:
    return {"id": 7, "value": "Name", "created_at": "2021-10-07 14:05:58", "sources": list(sources), **more}


def refs(given: dict[str, Any], **options: Any) -> list[str]:
    mapper = Mapper("lib-1", Options(**options))
    result = mapper.object(("incident", 7), given)
    assert isinstance(result, Mapped)
    objects = [result.properties, *mapper.companions()]
    judge(bundle_of(objects))
    found: list[str] = result.properties.get("object_marking_refs", [])
    assert [each["id"] for each in objects if each["type"] == "marking-definition"] == found
    return found


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("red", "red"),
        ("TLP:RED", "red"),
        ("tlp: Amber", "amber"),
        ("AMBER+STRICT", "amber+strict"),
        ("TLP:AMBER STRICT", "amber+strict"),
        ("amber_strict", "amber+strict"),
        ("Green", "green"),
        ("WHITE", "clear"),
        ("TLP:CLEAR", "clear"),
        ("", ""),
        ("none", ""),
        ("purple", None),
        ("redder", None),
        ("\u202ered", None),
    ],
)
def test_how_labels_are_written(written: str, name: str | None) -> None:
    rank = tlp_rank(written)
    assert (None if rank is None else NAMES[rank]) == name


@pytest.mark.acceptance("S32")
@pytest.mark.parametrize(
    ("links", "name"),
    [
        ([], ""),
        (["One"], ""),
        ([{"name": "One", "tlp_id": None}], ""),
        ([{"tlp_id": 1}, {"tlp_id": 4}], "red"),
        ([{"tlp_id": 4}, {"tlp_id": "3"}], "green"),
        ([{"tlp_id": 2}], "amber"),
        ([{"tlp_id": 4}], "clear"),
        ([{"tlp_name": "RED"}, {"tlp_name": "green"}], "red"),
        ([{"tlp_name": "amber+strict"}, {"tlp_name": "amber"}], "amber+strict"),
        ([{"tlp_name": "GREEN", "tlp_id": 1}], "green"),  # ids differ between servers, names do not
        ([{"tlp": {"id": 9, "name": "AMBER"}}], "amber"),
        ([{"tlp": {"id": 1}}], "red"),
        ([{"tlp": "white"}], "clear"),
        ([{"tlp_id": 0}], ""),
        ([{"tlp_id": 5}], None),
        ([{"tlp_id": True}], None),
        ([{"tlp_id": "x"}], None),
        ([{"tlp_id": [1]}], None),
        ([{"tlp_name": ["red"]}], None),
        ([{"tlp_name": "purple"}], None),
    ],
)
def test_the_strictest_label_holds(links: list[Any], name: str | None) -> None:
    for order in itertools.permutations(links):
        rank = record_rank({"sources": list(order)})
        assert (None if rank is None else NAMES[rank]) == name
        in_attributes = [{"name": "a", "value": "b", "sources": list(order)}]
        assert record_rank({"attributes": in_attributes, "sources": ["x"]}) == rank
        assert record_rank({"attributes": [each for each in order if isinstance(each, dict)]}) == rank


@pytest.mark.acceptance("S32")
def test_markings() -> None:
    assert refs(record({"name": "a", "tlp_id": 1}, {"name": "b", "tlp_id": 3})) == [RED]
    assert refs(record({"name": "a", "tlp_name": "AMBER+STRICT"})) == [STRICT]
    assert refs(record("a")) == []


@pytest.mark.acceptance("S32")
@pytest.mark.parametrize("name", NAMES[1:])
def test_every_label_in_both_versions(name: str) -> None:
    assert refs(record({"tlp_name": name}), tlp_version=2) == [f"marking-definition--{TLP2[name]}"]
    assert len(refs(record({"tlp_name": name}))) == 1
    rank = NAMES.index(name)
    assert marking(rank, 2)["name"] == f"TLP:{name.upper()}"
    if name != "amber+strict":
        known = getattr(stix2, f"TLP_{'WHITE' if name == 'clear' else name.upper()}")
        assert stix2.parse(marking(rank, 1)).serialize() == known.serialize()


@pytest.mark.acceptance("S32")
def test_a_relation_bears_the_stricter_label_of_its_ends() -> None:
    mapper = Mapper("lib-1", Options())
    first = mapper.object(("incident", 1), record({"tlp_name": "green"}))
    second = mapper.object(("malware", 2), record({"tlp_name": "red"}))
    third = mapper.object(("tool", 3), record())
    assert isinstance(first, Mapped)
    assert isinstance(second, Mapped)
    assert isinstance(third, Mapped)
    edges = [mapper.relationship(a.end, b.end) for a, b in ((first, second), (second, first), (first, third))]
    assert [each["object_marking_refs"] for each in edges[:2]] == [[RED], [RED]]
    assert edges[2]["object_marking_refs"] == first.properties["object_marking_refs"]
    objects = [*(each.properties for each in (first, second, third)), edges[0], edges[2], *mapper.companions()]
    judge(bundle_of(objects))
    assert [each["id"] for each in objects].count(RED) == 1


def test_objects_over_the_limit_are_skips() -> None:
    mapper = Mapper("lib-1", Options(max_tlp="green"))
    result = mapper.object(("incident", 7), record({"tlp_name": "amber"}))
    assert isinstance(result, Skip)
    assert result.reason == "its label TLP:AMBER is stricter than green"
    assert isinstance(mapper.object(("incident", 7), record({"tlp_name": "green"})), Mapped)
    assert isinstance(mapper.object(("incident", 7), record()), Mapped)
    # In the guide's profile too, though it has no markings.
    guide = Mapper("lib-1", Options(max_tlp="green", profile="guide"))
    assert isinstance(guide.object(("incident", 7), record({"tlp_id": 1})), Skip)


def test_an_unknown_label_is_never_taken_for_none() -> None:
    result = Mapper("lib-1", Options()).object(("incident", 7), record({"tlp_name": "purple"}))
    assert isinstance(result, Skip)
    assert "TLP" in result.reason
