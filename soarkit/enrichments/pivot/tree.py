"""The graph as a tree in a terminal: from the beginning outward, each entity written out once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import click

from soarkit.enrichments.pivot.graph import CANCELLED, FULL, Ask, Edge, Graph, Node
from soarkit.enrichments.pivot.naming import type_name
from soarkit.render.text import printable

_COLOURS = {
    "anomali.Domain": "blue",
    "anomali.IPv4Address": "green",
    "anomali.Hash": "magenta",
    "anomali.EmailAddress": "yellow",
    "anomali.URL": "cyan",
    "anomali.AS": "bright_green",
    "anomali.NSRecord": "bright_blue",
}
_STATES = {"depth": "not followed further: --depth", "left": "not asked"}
_LONGEST = 200  # characters of a value or of a message


def tree_text(graph: Graph, *, color: bool = False) -> str:
    """The tree, and what there is to say of it all.

    :param color: whether a terminal shows it that understands colours
    """
    return "\n".join([*_Tree(graph, color).lines(), "", *summary_lines(graph)])


def summary_lines(graph: Graph) -> list[str]:
    """How much has been found, and what has not been looked at."""
    failed = len(graph.failures())
    runs = _plural(len(graph.asks), "run") + (f", {failed} of them failed" if failed else "")
    lines = [f"{_plural(len(graph.nodes), 'entity', 'entities')}, {_plural(len(graph.edges), 'edge')}; {runs}"]
    states = graph.states()
    if states["depth"]:
        lines.append(f"{states['depth']} not followed further: --depth {graph.depth + 1} goes on")
    cut = sum(ask.entities - ask.shown for ask in graph.asks)
    if cut:
        lines.append(f"{cut} not shown, of runs that gave more than {graph.breadth}: --breadth N shows more")
    if graph.stopped == FULL:
        omitted = sum(ask.omitted for ask in graph.asks)
        lines.append(f"full: {omitted} omitted, {states['left']} not asked; --max-nodes N makes room for more")
    elif graph.stopped == CANCELLED:
        lines.append(f"cancelled: {states['left']} not asked")
    return lines


def _plural(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


#: Lines, each with what comes below it, if anything does.
Branches: TypeAlias = "Iterator[tuple[str, Branches | None]]"


class _Tree:
    def __init__(self, graph: Graph, color: bool) -> None:
        self._graph = graph
        self._color = color
        self._written: set[int] = set()
        self._edges: dict[int, list[Edge]] = {}
        for edge in graph.edges:
            self._edges.setdefault(edge.ask, []).append(edge)
        self._asks: dict[int, list[tuple[int, Ask]]] = {}
        for position, ask in enumerate(graph.asks):
            self._asks.setdefault(ask.node, []).append((position, ask))

    def lines(self) -> Iterator[str]:
        # Not by calling itself: a chain may be longer than Python's stack is deep.
        yield self._entity(self._graph.root)
        self._written.add(self._graph.root.id)
        waiting = [self._branches(self._graph.root, "")]
        while waiting:
            found = next(waiting[-1], None)
            if found is None:
                waiting.pop()
                continue
            line, deeper = found
            yield line
            if deeper is not None:
                waiting.append(deeper)

    def _branches(self, node: Node, indent: str) -> Branches:
        asks = self._asks.get(node.id, [])
        for number, (position, ask) in enumerate(asks, 1):
            corner, below = ("└─ ", "   ") if number == len(asks) else ("├─ ", "│  ")
            yield indent + self._dim(corner) + self._ask(ask), None
            edges = self._edges.get(position, [])
            rest = self._rest(ask)
            inner = indent + self._dim(below)
            for at, edge in enumerate(edges, 1):
                last = at == len(edges) and not rest
                target = self._graph.node(edge.target)
                line = inner + self._dim("└─ " if last else "├─ ") + self._entity(target, edge)
                if not edge.back:
                    self._written.add(target.id)
                under = inner + self._dim("   " if last else "│  ")
                yield line, None if edge.back else self._branches(target, under)
            if rest:
                yield inner + self._dim(f"└─ {rest}"), None

    def _entity(self, node: Node, edge: Edge | None = None) -> str:
        value = _short(node.value) or "(empty)"
        text = self._styled(value, fg=_COLOURS.get(node.type), bold=True) + self._dim(
            f"  {_short(type_name(node.type))}"
        )
        if edge is not None and edge.times > 1:
            text += self._dim(f"  x{edge.times}")
        if edge is not None and edge.back:
            return text + self._dim("  ↑ seen above" if node.id in self._written else "  ↓ see below")
        if node.state in _STATES:
            text += self._dim(f"  ({_STATES[node.state]})")
        return text

    def _ask(self, ask: Ask) -> str:
        text = self._styled(_short(ask.label), italic=True) + self._dim(f" · {_short(ask.bundle)}")
        if ask.status != "success":
            return text + self._styled(f"  ✗ {_short(ask.message) or ask.status}", fg="red")
        return text if ask.entities else text + self._dim("  nothing")

    def _rest(self, ask: Ask) -> str:
        parts = []
        if ask.entities > ask.shown:
            parts.append(f"{ask.shown} of {ask.entities} shown")
        if ask.omitted:
            parts.append(f"{ask.omitted} omitted: the graph is full")
        return "… " + ", ".join(parts) if parts else ""

    def _dim(self, text: str) -> str:
        return self._styled(text, dim=True)

    def _styled(self, text: str, **style: bool | str | None) -> str:
        return click.style(text, **style) if self._color else text  # type: ignore[arg-type]


def _short(text: str) -> str:
    line = " ".join(printable(text, lines=True).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
