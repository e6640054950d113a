"""Graphs for tests of their page."""

from __future__ import annotations

from soarkit.enrichments.pivot.graph import Ask, Field, Found, Graph, Said

DOMAIN, IP, HASH = "anomali.Domain", "anomali.IPv4Address", "anomali.Hash"


def ask(node: int, label: str, **more: object) -> Ask:
    """A run of a transform on a node."""
    return Ask(node, label.replace(" ", ""), label, "Example Source", "Example Set", **more)  # type: ignore[arg-type]


def small() -> Graph:
    """Six entities in a cycle: example.org with two addresses, one of them leading to two hosts and back."""
    made = Graph(DOMAIN, "example.org", depth=3, breadth=50, max_nodes=500)
    fields = (Field("seen", "First seen", "2024-01-02"), Field("score", "Score", "71"))
    said = [Said("INFO", "from the cache")]
    made.add(ask(1, "Domain to IP", run="key1", elapsed=0.25, messages=said), [Found(IP, "192.0.2.1", fields)] * 2)
    made.nodes[0].state = "asked"
    made.add(ask(1, "Passive DNS"), [Found(IP, "192.0.2.2")])
    hosts = [Found(DOMAIN, f"host{number}.example.net") for number in (1, 2)]
    made.add(ask(2, "IP to domain"), [*hosts, Found(DOMAIN, "EXAMPLE.org")])
    made.nodes[1].state = "asked"
    made.add(ask(3, "IP to domain", status="failed", message="HTTP 401: the key is not valid"), [])
    made.nodes[2].state = "asked"
    made.add(ask(4, "Samples"), [Found(HASH, "ab" * 32)])
    made.started, made.elapsed = "2026-01-02T03:04:05Z", 1.5
    return made


def large(nodes: int) -> Graph:
    """A tree whose branches lead to each other."""
    made = Graph(DOMAIN, "example.org", depth=9, breadth=50, max_nodes=nodes)
    at = 0
    while not made.full:
        at += 1
        found = [Found(IP, f"198.51.{(at * 7 + one) % nodes}.1") for one in range(7)]
        found.append(Found(DOMAIN, f"host{at // 3}.example.net"))
        made.add(ask(at, "Neighbours"), found)
        made.node(at).state = "asked"
    return made


def hostile(text: str) -> Graph:
    """A graph in which every text is this one."""
    made = Graph(DOMAIN, text, depth=1, breadth=1, max_nodes=9)
    run = Ask(1, text, text, text, text, message=text, messages=[Said(text, text)], run=text, asset=text)
    made.add(run, [Found(text, text, (Field(text, text, text), Field("__proto__", text, text))), Found(IP, text)])
    failed = Ask(2, text, text, text, text, status=text, message=text)
    made.add(failed, [Found("anomali.URL", text), Found("__proto__", "constructor")])
    made.add(Ask(2, "__proto__", "constructor", "toString", "valueOf"), [Found("constructor", "__proto__")])
    made.started = text
    return made
