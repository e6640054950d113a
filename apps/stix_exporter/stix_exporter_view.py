# File: stix_exporter_view.py
#
# Licensed under the Apache License 2.0
"""Custom views of the STIX 2.1 Exporter: the exported objects as a graph and as tables."""

from __future__ import annotations

import json
import unicodedata
from typing import Any, Dict, List

NODES = 500  # that the graph draws
_REFERRING = ("sighting", "observed-data")  # what these refer to is drawn, and is no relationship
ROWS = 1000  # that a table shows; the result's data has up to 10,000


def export_result(provides: str, all_app_runs: Any, context: Dict[str, Any]) -> str:
    """Fill the context for stix_exporter_export.html: one entry for each action result."""
    results: List[Dict[str, Any]] = []
    context["results"] = results
    for _summary, action_results in all_app_runs:
        for result in action_results:
            results.append(_shown(result, len(results)))
    return "stix_exporter_export.html"


def import_result(provides: str, all_app_runs: Any, context: Dict[str, Any]) -> str:
    """Fill the context for stix_exporter_import.html: one entry for each action result."""
    results: List[Dict[str, Any]] = []
    context["results"] = results
    for _summary, action_results in all_app_runs:
        for result in action_results:
            summary = result.get_summary() or {}
            data = result.get_data() or []
            results.append(
                {
                    "message": result.get_message(),
                    "succeeded": result.get_status(),
                    "summary": summary,
                    "artifacts": [_artifact(item) for item in data[:ROWS]],
                    "left": max(0, _count(summary, "artifact_count") - len(data[:ROWS])),
                }
            )
    return "stix_exporter_import.html"


def _artifact(item: Dict[str, Any]) -> Dict[str, Any]:
    types = item.get("cef_types") or {}
    fields = [
        {"name": name, "value": value, "shown": visible(value), "contains": json.dumps(types.get(name) or [])}
        for name, value in (item.get("cef") or {}).items()
    ]
    return {**item, "name": visible(item.get("name")), "fields": fields}


def _shown(result: Any, number: int) -> Dict[str, Any]:
    summary = result.get_summary() or {}
    items = [item for item in result.get_data() or () if isinstance(item, dict)]
    graph = graph_of(items)
    rows = [
        {"type": item.get("type"), "name": visible(each.get("name")), "id": each.get("id")}
        for item in items
        for each in item.get("objects") or ()
    ]
    skipped = [{**each, "name": visible(each.get("name"))} for item in items for each in item.get("skipped") or ()]
    return {
        "graph_id": f"stix-graph-{number}",
        "parameter": result.get_param() or {},
        "message": result.get_message(),
        "succeeded": result.get_status(),
        "summary": summary,
        "graph": graph,
        "rows": rows[:ROWS],
        "rows_left": max(0, _count(summary, "objects") - len(rows[:ROWS])),
        "skipped": skipped[:ROWS],
        "skipped_left": max(0, _count(summary, "skipped") - len(skipped[:ROWS])),
        "remarks": summary.get("remarks_by_reason") or [],
    }


def graph_of(items: List[Dict[str, Any]]) -> Dict[str, Any]:
    """What the graph draws: up to :data:`NODES` objects, the relationships among them, and how many there are in all.

    Objects that a relationship names come first, in the order of the relationships, which is that of the export: what
    is nearest to the object it started from is drawn.
    """
    known = {
        each["id"]: {"id": each["id"], "name": visible(each.get("name")) or item["type"], "type": item["type"]}
        for item in items
        for each in item.get("objects") or ()
    }
    total = sum(1 for _ in known)
    links = [link for item in items for link in item.get("relationships") or ()]
    chosen: Dict[str, Dict[str, Any]] = {}
    ends = (ref for link in links for ref in (link["source_ref"], link["target_ref"]))
    for ref in (*list(known)[:1], *ends, *known):
        if len(chosen) == NODES:
            break
        if ref in known:
            chosen[ref] = known[ref]
    drawn = [
        {"source": link["source_ref"], "target": link["target_ref"], "verb": visible(link["relationship_type"])}
        for link in links
        if link["source_ref"] in chosen and link["target_ref"] in chosen
    ]
    listed = {item["type"]: item.get("count", 0) for item in items if item.get("objects")}
    relationships = sum(1 for link in drawn if link["source"].split("--")[0] not in _REFERRING)
    related = sum(item.get("count", 0) for item in items if "relationships" in item)
    return {
        "nodes": list(chosen.values()),
        "links": drawn,
        "nodes_left": max(0, max(total, sum(listed.values())) - len(chosen)),
        "links_left": max(0, related - relationships),
    }


def visible(text: Any) -> str:
    """A text in which nothing is hidden: control characters and those that turn the direction are written as codes."""
    if text is None:
        return ""
    return "".join(
        f"\\u{ord(char):04x}" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char
        for char in str(text)
    )


def _count(summary: Dict[str, Any], name: str) -> int:
    value = summary.get(name)
    return value if isinstance(value, int) else 0
