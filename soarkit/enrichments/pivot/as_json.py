"""The graph as JSON: what ``soarkit pivot --format json`` prints, and what the page draws."""

from __future__ import annotations

from typing import Any

from soarkit.enrichments.pivot.graph import Ask, Edge, Graph, Node

#: Version of this form (schemas/pivot.schema.json).
VERSION = 1


def to_json(graph: Graph) -> dict[str, Any]:
    """A graph as JSON values; schemas/pivot.schema.json describes them."""
    return {
        "version": VERSION,
        "value": graph.root.value,
        "type": graph.root.type,
        "started": graph.started,
        "elapsed": round(graph.elapsed, 3),
        "bounds": {"depth": graph.depth, "breadth": graph.breadth, "max_nodes": graph.max_nodes},
        "stopped": graph.stopped,
        "nodes": [_node(node) for node in graph.nodes],
        "edges": [_edge(number, edge, graph.asks[edge.ask]) for number, edge in enumerate(graph.edges, 1)],
        "runs": [_ask(ask) for ask in graph.asks],
    }


def _node(node: Node) -> dict[str, Any]:
    return {
        "id": node.id,
        "type": node.type,
        "value": node.value,
        "depth": node.depth,
        "parent": node.parent,
        "times": node.times,
        "state": node.state,
        "fields": [{"name": one.name, "display_name": one.label, "value": one.value} for one in node.fields.values()],
        "notes": list(node.notes),
    }


def _edge(number: int, edge: Edge, ask: Ask) -> dict[str, Any]:
    return {
        "id": number,
        "source": edge.source,
        "target": edge.target,
        "transform": ask.label,
        "bundle": ask.bundle,
        "run": edge.ask,
        "back": edge.back,
        "times": edge.times,
    }


def _ask(ask: Ask) -> dict[str, Any]:
    return {
        "node": ask.node,
        "transform": ask.transform,
        "display_name": ask.label,
        "bundle": ask.bundle,
        "transform_set": ask.set_name,
        "asset": ask.asset,
        "status": ask.status,
        "message": ask.message,
        "messages": [{"type": one.level, "text": one.text} for one in ask.messages],
        "entities": ask.entities,
        "shown": ask.shown,
        "omitted": ask.omitted,
        "elapsed": None if ask.elapsed is None else round(ask.elapsed, 3),
        "id": ask.run,
    }
