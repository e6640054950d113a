"""The graph: entities, the ways between them, and the runs that found these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from soarkit.enrichments.pivot.identity import entity_key

#: Why a walk has ended before its bounds.
CANCELLED, FULL = "cancelled", "max_nodes"


class Field(NamedTuple):
    """An additional field of an entity (guide, chapter 3).

    :param name: what scripts call it
    :param label: what people read
    """

    name: str
    label: str
    value: str


class Said(NamedTuple):
    """A message of a transform.

    :param level: DEBUG, INFO, WARNING, ERROR or CRITICAL
    """

    level: str
    text: str


class Found(NamedTuple):
    """An entity as a transform gave it."""

    type: str
    value: str
    fields: tuple[Field, ...] = ()


@dataclass
class Node:
    """An entity, met once or several times.

    :ivar id: its number, from 1 in the order in which entities were met
    :ivar type: one of the SDK's entity types, such as ``anomali.Domain``; transforms may give others
    :ivar value: as it was met first
    :ivar depth: how many transforms away from the beginning
    :ivar parent: the node that it was met from first; None for the beginning
    :ivar times: how often transforms gave it
    :ivar state: ``asked``: its transforms have run; ``end``: no transform takes it; ``depth``: it lies as far out as
        was wanted; ``left``: the walk has ended before
    :ivar notes: what went wrong with it
    """

    id: int
    type: str
    value: str
    depth: int
    parent: int | None
    times: int = 0
    state: str = "left"
    fields: dict[str, Field] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """What makes it this entity."""
        return entity_key(self.type, self.value)


@dataclass
class Ask:
    """A transform that ran on a node.

    :ivar node: the node's id
    :ivar label: what people call the transform
    :ivar set_name: what its bundle calls its transforms together
    :ivar status: success, failed, or error: it broke, or it was ended after its time limit
    :ivar message: what to tell of it
    :ivar entities: how many it gave
    :ivar shown: how many of them were looked at
    :ivar omitted: how many of these, each counted once, are not in the graph, since that is full
    :ivar run: the key of the run that the store keeps
    """

    node: int
    transform: str
    label: str
    bundle: str
    set_name: str
    status: str = "success"
    message: str = ""
    messages: list[Said] = field(default_factory=list)
    entities: int = 0
    shown: int = 0
    omitted: int = 0
    elapsed: float | None = None
    run: str | None = None
    asset: str | None = None


@dataclass
class Edge:
    """A way from a node to one that a transform found for it.

    :ivar ask: the position of the run that found it
    :ivar back: whether the node was known before; the edge by which a node was met first is none
    :ivar times: how often this run gave the entity
    """

    source: int
    target: int
    ask: int
    back: bool
    times: int = 1


class Graph:
    """What has been found from one entity outward.

    :param breadth: entities of one run that are looked at, at most; None: all
    :param max_nodes: nodes at most
    :ivar nodes: in the order in which they were met
    :ivar asks: the runs, in the order of their nodes
    :ivar stopped: :data:`CANCELLED` or :data:`FULL`, where the walk ended before its bounds
    :ivar elapsed: seconds that the walk took
    :ivar started: when, ISO 8601 in UTC
    """

    def __init__(self, type: str, value: str, *, depth: int, breadth: int | None, max_nodes: int) -> None:
        self.depth, self.breadth, self.max_nodes = depth, breadth, max_nodes
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.asks: list[Ask] = []
        self.stopped: str | None = None
        self.elapsed = 0.0
        self.started = ""
        self._by_key: dict[tuple[str, str], Node] = {}
        self._node(Found(type, value), None)

    @property
    def root(self) -> Node:
        """Where it begins."""
        return self.nodes[0]

    @property
    def full(self) -> bool:
        """Whether there is no room for another node."""
        return len(self.nodes) >= self.max_nodes

    def node(self, number: int) -> Node:
        """A node by its id."""
        return self.nodes[number - 1]

    def add(self, ask: Ask, found: Iterable[Found]) -> list[Node]:
        """Put in what a run has found.

        :returns: the nodes that are new
        """
        position = len(self.asks)
        self.asks.append(ask)
        source, new = self.node(ask.node), []
        if ask.status != "success":
            source.notes.append(f"{ask.label}: {ask.message or ask.status}")
        edges: dict[int, Edge] = {}
        omitted: set[tuple[str, str]] = set()
        for entity in found:
            ask.entities += 1
            if self.breadth is not None and ask.shown >= self.breadth:
                continue
            ask.shown += 1
            known = self._by_key.get(entity_key(entity.type, entity.value))
            if known is None and self.full:
                omitted.add(entity_key(entity.type, entity.value))
                self.stopped = self.stopped or FULL
                continue
            target = known or self._node(entity, source)
            target.times += 1
            if known is None:
                new.append(target)
            for one in entity.fields:
                target.fields.setdefault(one.name, one)
            if target.id in edges:
                edges[target.id].times += 1
            else:
                edges[target.id] = Edge(source.id, target.id, position, back=known is not None)
        ask.omitted = len(omitted)
        self.edges += edges.values()
        return new

    def _node(self, entity: Found, parent: Node | None) -> Node:
        number = len(self.nodes) + 1
        node = Node(
            *(number, entity.type, entity.value),
            depth=0 if parent is None else parent.depth + 1,
            parent=None if parent is None else parent.id,
        )
        self.nodes.append(node)
        self._by_key[node.key] = node
        return node

    def states(self) -> Counter[str]:
        """How many nodes there are of each state."""
        return Counter(node.state for node in self.nodes)

    def failures(self) -> list[Ask]:
        """The runs that did not succeed."""
        return [ask for ask in self.asks if ask.status != "success"]
