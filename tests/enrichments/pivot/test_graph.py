"""The graph: what is one entity, edges between entities, and its limits."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from soarkit.enrichments.pivot.as_json import to_json
from soarkit.enrichments.pivot.graph import FULL, Ask, Field, Found, Graph, Said
from soarkit.enrichments.pivot.identity import entity_key
from soarkit.manifest.schema_files import read_schema

DOMAIN, IP = "anomali.Domain", "anomali.IPv4Address"


def graph(**bounds: int | None) -> Graph:
    return Graph(DOMAIN, "example.org", **{"depth": 3, "breadth": 50, "max_nodes": 100, **bounds})  # type: ignore[arg-type]


def ask(node: int = 1, name: str = "toIp", **more: object) -> Ask:
    return Ask(node, name, f"{name} shown", "Example", "Set", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("anomali.Domain", "Example.ORG.", " example.org"),
        ("anomali.NSRecord", "NS1.example.org", "ns1.example.org."),
        ("anomali.Hash", "ABCDEF", "abcdef"),
        ("anomali.EmailAddress", "Info@Example.org", "info@example.org"),
        ("anomali.AS", "AS64500", "64500"),
        ("anomali.AS", "asn 64500", "AS64500"),
        ("anomali.URL", "HTTP://User@EXAMPLE.org/", "http://User@example.org"),
        ("anomali.Phrase", "Two  Words", "two words"),
    ],
)
def test_values_that_mean_the_same_are_one_entity(kind: str, one: str, other: str) -> None:
    assert entity_key(kind, one) == entity_key(kind, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("anomali.Domain", "example.org"), ("anomali.NSRecord", "example.org")),
        (("anomali.URL", "http://example.org/A"), ("anomali.URL", "http://example.org/a")),
        (("anomali.URL", "http://example.org/a/"), ("anomali.URL", "http://example.org/a")),
        (("custom.Thing", "A"), ("custom.Thing", "a")),
    ],
)
def test_what_differs_stays_apart(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert entity_key(*one) != entity_key(*other)


def test_an_entity_is_a_node_once_with_an_edge_for_each_way() -> None:
    made = graph()
    (ip,) = made.add(ask(), [Found(IP, "192.0.2.1"), Found(IP, "192.0.2.1 ")])
    assert (ip.id, ip.depth, ip.parent, ip.times) == (2, 1, 1, 2)
    assert made.add(ask(name="other"), [Found(IP, "192.0.2.1")]) == []
    assert made.add(ask(2, "back"), [Found(DOMAIN, "EXAMPLE.org.")]) == []
    assert [(one.source, one.target, one.back, one.times) for one in made.edges] == [
        (1, 2, False, 2),
        (1, 2, True, 1),
        (2, 1, True, 1),
    ]
    assert ip.times == 3


def test_fields_of_all_ways_are_kept_the_first_of_each_name_wins() -> None:
    made = graph()
    first, second = Field("seen", "Seen", "2024"), Field("score", "Score", "7")
    (ip,) = made.add(ask(), [Found(IP, "192.0.2.1", (first,))])
    made.add(ask(name="other"), [Found(IP, "192.0.2.1", (Field("seen", "Seen", "2025"), second))])
    assert list(ip.fields.values()) == [first, second]


@pytest.mark.acceptance("A19")
def test_of_sixty_entities_fifty_are_looked_at_and_all_are_counted() -> None:
    made = graph()
    asked = ask()
    new = made.add(asked, [Found(IP, f"192.0.2.{number}") for number in range(60)])
    assert (len(new), asked.shown, asked.entities, asked.omitted) == (50, 50, 60, 0)
    whole = graph(breadth=None)
    assert len(whole.add(ask(), [Found(IP, f"192.0.2.{number}") for number in range(60)])) == 60


def test_a_full_graph_takes_edges_but_no_nodes() -> None:
    made = graph(max_nodes=2)
    asked = ask()
    made.add(asked, [Found(IP, "192.0.2.1"), Found(IP, "192.0.2.2"), Found(DOMAIN, "example.org")])
    assert (len(made.nodes), len(made.edges), asked.omitted, made.stopped) == (2, 2, 1, FULL)


def test_a_failure_is_a_note_of_its_entity() -> None:
    made = graph()
    made.add(ask(status="failed", message="HTTP 401"), [])
    assert made.root.notes == ["toIp shown: HTTP 401"]
    assert made.failures() == made.asks


def test_the_json_is_as_the_schema_says() -> None:
    made = graph(max_nodes=3, breadth=None)
    asked = ask(messages=[Said("INFO", "one")], elapsed=1.23456, run="abc", asset="key")
    made.add(asked, [Found(IP, "192.0.2.1", (Field("a", "A", "1"),)), Found("odd", ""), Found(IP, "192.0.2.9")])
    made.add(ask(2, "back", status="error", message="timed out"), [Found(DOMAIN, "example.org")])
    document = to_json(made)
    Draft202012Validator(read_schema("pivot")).validate(json.loads(json.dumps(document)))
    assert document["nodes"][1] == {
        "id": 2,
        "type": IP,
        "value": "192.0.2.1",
        "depth": 1,
        "parent": 1,
        "times": 1,
        "state": "left",
        "fields": [{"name": "a", "display_name": "A", "value": "1"}],
        "notes": ["back shown: timed out"],
    }
    assert document["edges"][-1] == {
        "id": 3,
        "source": 2,
        "target": 1,
        "transform": "back shown",
        "bundle": "Example",
        "run": 1,
        "back": True,
        "times": 1,
    }
