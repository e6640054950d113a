"""The graph as a tree in a terminal."""

from __future__ import annotations

from soarkit.enrichments.pivot.graph import CANCELLED, Ask, Found, Graph
from soarkit.enrichments.pivot.tree import tree_text

DOMAIN, IP = "anomali.Domain", "anomali.IPv4Address"


def graph(**bounds: int) -> Graph:
    made = Graph(DOMAIN, "example.org", **{"depth": 2, "breadth": 50, "max_nodes": 100, **bounds})
    made.root.state = "asked"
    return made


def ask(node: int, label: str, **more: object) -> Ask:
    return Ask(node, label, label, "Example", "Set", **more)  # type: ignore[arg-type]


def test_each_entity_is_written_out_once() -> None:
    made = graph()
    made.add(ask(1, "To IP"), [Found(IP, "192.0.2.1"), Found(IP, "192.0.2.2"), Found(IP, "192.0.2.2")])
    made.add(ask(2, "To domain"), [Found(DOMAIN, "example.org"), Found(IP, "192.0.2.2")])
    made.add(ask(3, "To domain", status="failed", message="HTTP\n401"), [])
    made.node(2).state = made.node(3).state = "asked"
    assert tree_text(made).splitlines() == [
        "example.org  Domain",
        "└─ To IP · Example",
        "   ├─ 192.0.2.1  IPv4 address",
        "   │  └─ To domain · Example",
        "   │     ├─ example.org  Domain  ↑ seen above",
        "   │     └─ 192.0.2.2  IPv4 address  ↓ see below",
        "   └─ 192.0.2.2  IPv4 address  x2",
        "      └─ To domain · Example  ✗ HTTP 401",
        "",
        "3 entities, 4 edges; 3 runs, 1 of them failed",
    ]


def test_what_is_missing_is_said() -> None:
    made = graph(breadth=2, max_nodes=2)
    made.add(ask(1, "To IP"), [Found(IP, f"192.0.2.{number}") for number in range(5)])
    made.add(ask(1, "Nothing found"), [])
    assert tree_text(made).splitlines() == [
        "example.org  Domain",
        "├─ To IP · Example",
        "│  ├─ 192.0.2.0  IPv4 address  (not asked)",
        "│  └─ … 2 of 5 shown, 1 omitted: the graph is full",
        "└─ Nothing found · Example  nothing",
        "",
        "2 entities, 1 edge; 2 runs",
        "3 not shown, of runs that gave more than 2: --breadth N shows more",
        "full: 1 omitted, 1 not asked; --max-nodes N makes room for more",
    ]


def test_a_cancelled_walk_says_so() -> None:
    made = graph()
    made.add(ask(1, "To IP"), [Found(IP, "192.0.2.1")])
    made.stopped = CANCELLED
    assert tree_text(made).splitlines()[-1] == "cancelled: 1 not asked"


def test_values_cannot_act_on_the_terminal() -> None:
    made = graph()
    found = [Found(DOMAIN, "a\x1b[31m\u202eb\r\nc"), Found("\x1b]0;type\x07", "typed"), Found("", "")]
    made.add(ask(1, "\x1b[2Jevil"), found)
    text = tree_text(made)
    assert "\x1b" not in text and "\u202e" not in text
    assert "\\x1b[2Jevil" in text and "a\\x1b[31m\\u202eb c" in text and "(empty)" in text
    assert "\x1b[" in tree_text(made, color=True)


def test_a_long_chain_is_no_matter() -> None:
    made = graph(max_nodes=5000)
    for number in range(1, 3000):
        made.add(ask(number, "Next"), [Found(DOMAIN, f"host{number}.example.org")])
    assert len(tree_text(made).splitlines()) > 5990
