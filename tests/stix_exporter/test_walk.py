"""The way through the graph, and the order of what it gives."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stix_export.errors import ExportError, Skips
from stix_export.library import Key, Link
from stix_export.walk import EDGE, walk
from stix_exporter.made import document, edges, exported, lines, names, opened, related, tools


def tool(number: int) -> Key:
    return ("tool", number)


@pytest.mark.acceptance("S6")
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_chain_is_followed_as_far_as_the_depth(tmp_path: Path, depth: int) -> None:
    chain = related(*((tool(number), tool(number + 1)) for number in range(1, 5)))
    bundle, report, _ = exported(opened(tmp_path, document(tools(1, 2, 3, 4, 5), chain)), tool(1), depth=depth)
    assert names(bundle) == [f"tool {number}" for number in range(1, depth + 2)]
    assert edges(bundle) == [(f"tool {number}", f"tool {number + 1}") for number in range(1, depth + 1)]
    assert report.relationships == depth


@pytest.mark.acceptance("S7")
def test_the_third_side_of_a_triangle_is_found_when_its_ends_are_expanded(tmp_path: Path) -> None:
    library = opened(
        tmp_path, document(tools(1, 2, 3), related((tool(3), tool(2)), (tool(1), tool(2)), (tool(3), tool(1))))
    )
    near, _, _ = exported(library, tool(1), depth=1)
    assert edges(near) == [("tool 1", "tool 2"), ("tool 1", "tool 3")]
    far, _, _ = exported(library, tool(1), depth=2)
    assert edges(far) == [*edges(near), ("tool 2", "tool 3")]
    assert names(near) == names(far) == ["tool 1", "tool 2", "tool 3"]


@pytest.mark.acceptance("S8")
def test_a_relation_to_itself_is_dropped_and_a_pair_is_one(tmp_path: Path) -> None:
    pairs = related((tool(1), tool(1)), (tool(1), tool(2)), (tool(2), tool(1)), (tool(2), tool(2)))
    bundle, report, _ = exported(opened(tmp_path, document(tools(1, 2), pairs)), tool(1), depth=3)
    assert edges(bundle) == [("tool 1", "tool 2")]
    assert report.skipped.counts == {"relation of an object to itself": 2}


def test_an_object_comes_just_before_the_relation_that_reached_it(tmp_path: Path) -> None:
    pairs = related((tool(1), tool(10)), (tool(1), ("malware", 5)), (tool(1), tool(9)), (tool(9), tool(10)))
    objects = {**tools(1, 9, 10), "malware": [{"id": 5, "value": "five", "created_at": "2021-10-07 14:19:15"}]}
    bundle, _, _ = exported(opened(tmp_path, document(objects, pairs)), tool(1), depth=2, profile="guide")
    kinds = [each.get("name", each["type"]) for each in bundle["objects"]]
    assert kinds == ["tool 1", "five", *["relationship", "tool 9"], *["relationship", "tool 10"], *["relationship"] * 2]


@pytest.mark.acceptance("S10")
def test_missing_and_unsupported_neighbours_are_counted_and_not_followed(tmp_path: Path) -> None:
    objects: dict[str, list[Any]] = {**tools(1, 2), "tasks": [{"id": 7, "name": "call them"}], "rumours": [{"id": 8}]}
    pairs = related(
        *((tool(1), other) for other in (("tasks", 7), ("tool", 99), ("attachments", 3), ("rumours", 8))),
        (("tasks", 7), tool(2)),
    )
    library = opened(tmp_path, document(objects, pairs, attachments=[{"id": 3, "name": "a.pdf"}]))
    bundle, report, data = exported(library, tool(1), depth=3)
    assert names(bundle) == ["tool 1"]
    assert edges(bundle) == []
    assert report.skipped.total == 4
    assert {(each.collection, each.id) for each in report.skipped.kept} == {
        ("tasks", 7),
        ("tool", 99),
        ("attachments", 3),
        ("rumours", 8),
    }
    missing = next(each for each in report.skipped.kept if each.id == 99)
    assert (missing.reason, missing.place) == ("relation to an object that is not in the library", "relationships[1]")
    assert b"relationship--" not in data


@pytest.mark.acceptance("S3")
def test_the_same_library_gives_the_same_bytes_in_whatever_order_it_is_written(tmp_path: Path) -> None:
    dice = random.Random(3)
    objects = tools(*range(1, 40))
    pairs = related(*((tool(dice.randrange(1, 40)), tool(dice.randrange(1, 40))) for _ in range(120)))
    for each in pairs[::2]:
        each["created_at"] = f"2021-10-{dice.randrange(1, 29):02} 00:00:00"
    library = document(objects, pairs)
    _, _, data = exported(opened(tmp_path, library), tool(1), depth=3)
    assert exported(opened(tmp_path, library), tool(1), depth=3)[2] == data
    assert exported(opened(tmp_path, lines(library), "library.jsonl"), tool(1), depth=3)[2] == data
    for _ in range(5):
        dice.shuffle(objects["tool"])
        dice.shuffle(pairs)
        for each in pairs:
            if dice.random() < 0.5:
                each["a"], each["b"] = each["b"], each["a"]
        assert exported(opened(tmp_path, library), tool(1), depth=3)[2] == data
    written = json.dumps(json.loads(data), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert data.decode() == written


def test_a_root_that_is_not_there_or_cannot_be_exported_is_an_error(tmp_path: Path) -> None:
    library = opened(tmp_path, document({**tools(1), "malware": [{"id": 2, "value": " ", "created_at": "2021-01-01"}]}))
    with pytest.raises(ExportError, match="Tool 5 is not in the library"):
        exported(library, tool(5))
    with pytest.raises(ExportError, match=r"Malware 2 cannot be exported: .*name"):
        exported(library, ("malware", 2))
    with pytest.raises(ExportError, match="Event 2 is no object that create bundle starts from"):
        exported(library, ("events", 2))


class Graph:
    """A library of nothing but links."""

    library_id = "graph"
    problems = Skips()

    def __init__(self, pairs: set[tuple[int, int]]) -> None:
        self.pairs = pairs

    def begin(self) -> None:
        pass

    def record(self, key: Key) -> dict[str, Any]:
        return {"id": key[1]}

    def neighbours(self, key: Key) -> list[Link]:
        others = {b if a == key[1] else a for a, b in self.pairs if key[1] in (a, b)}
        return [Link(tool(other), "", "") for other in sorted(others)]


@given(
    st.sets(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40),
    st.sets(st.integers(1, 12), max_size=3),
    st.integers(1, 3),
)
def test_every_graph_is_walked_as_the_rules_say(pairs: set[tuple[int, int]], refused: set[int], depth: int) -> None:
    pairs = {tuple(sorted(pair)) for pair in pairs if pair[0] != pair[1]}  # type: ignore[misc]
    distance = {0: 0}
    for level in range(depth):
        reached = {b for pair in pairs for a, b in (pair, pair[::-1]) if distance.get(a) == level}
        distance.update({each: level + 1 for each in reached if each not in distance and each not in refused})
    graph = Graph(pairs)
    steps = list(walk(graph, tool(0), {}, depth, lambda key: None if key[1] in refused else {}))
    objects = [(step[1][1], step[3]) for step in steps if step[0] != EDGE]
    assert dict(objects) == distance
    assert len(objects) == len(distance)
    found = [(step[1][1], step[2][1]) for step in steps if step[0] == EDGE]
    expected = {
        pair
        for pair in pairs
        if pair[0] in distance and pair[1] in distance and min(distance[pair[0]], distance[pair[1]]) < depth
    }
    assert {tuple(sorted(pair)) for pair in found} == expected
    assert len(found) == len(expected)
    assert all(distance[a] <= distance[b] for a, b in found)
    assert [each[1] for each in objects] == sorted(each[1] for each in objects)
