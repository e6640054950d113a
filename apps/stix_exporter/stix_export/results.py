"""What an export tells the playbook: data, summary and message of the action's result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List

from .collections import LABELS
from .errors import Skip, Skips
from .export import LISTED, Report
from .library import Key

if TYPE_CHECKING:
    from .importing.container import Imported

RELATIONSHIP = "relationship"
SKIPPED = "skipped"
NAMED = 10  # examples for each reason in the summary; the data has more


def data_of(report: Report) -> List[Dict[str, Any]]:
    """The items of data: one for each STIX type, in the order of the types' first objects.

    Each has ``type``, ``count`` and ``objects`` with ids and names (the report's share of the first 10,000). The type
    ``relationship`` has ``relationships`` instead, those between the first objects, and what sightings refer to;
    ``skipped`` has what was left out.
    """
    kinds = [*report.objects, *(kind for kind in report.counts if kind not in report.objects)]
    items: List[Dict[str, Any]] = [
        {"type": kind, "count": report.counts[kind], "objects": report.objects.get(kind, [])} for kind in kinds
    ]
    if report.relationships or report.edges:
        drawn = [
            {"source_ref": edge.source, "target_ref": edge.target, "relationship_type": edge.verb}
            for edge in report.edges
        ]
        items.append({"type": RELATIONSHIP, "count": report.relationships, "relationships": drawn})
    if report.skipped.total:
        left_out = [{**_named(skip), "reason": skip.reason} for skip in report.skipped.kept]
        items.append({"type": SKIPPED, "count": report.skipped.total, SKIPPED: left_out})
    return items


def summary_of(report: Report) -> Dict[str, Any]:
    """Bundle id and counts; what was left out, and what was read otherwise than written, by reason."""
    return {
        "bundle_id": report.bundle_id,
        "objects": report.total,
        "relationships": report.relationships,
        "objects_by_type": dict(report.counts),
        "objects_listed": report.listed,
        "objects_not_listed": report.unlisted,
        "skipped": report.skipped.total,
        "skipped_by_reason": _by_reason(report.skipped),
        "remarks": report.remarks.total,
        "remarks_by_reason": _by_reason(report.remarks),
    }


def message_of(report: Report, root: Key, vault_id: str, uploaded: bool) -> str:
    """One sentence for people, which does not hide what is missing."""
    where = f"vault file {vault_id}" + (" and ThreatQ" if uploaded else "")
    done = (
        f"Exported {LABELS[root[0]]} {root[1]} to {where}: {_counted(report.total, 'object')}, "
        f"{_counted(report.relationships, 'relationship')}"
    )
    if report.remarks.total:
        done += f". Parts of objects left out or read otherwise than written: {report.remarks.total:,}"
    if not report.skipped.total:
        return done
    reasons = sorted(report.skipped.counts.items(), key=lambda pair: (-pair[1], pair[0]))
    told = "; ".join(f"{reason}: {count:,}" for reason, count in reasons[:5])
    more = f"; {len(reasons) - 5} more reasons" if len(reasons) > 5 else ""
    return f"{done}. Left out: {report.skipped.total:,} ({told}{more})"


def import_data(imported: Imported) -> List[Dict[str, Any]]:
    """The items of data of an import: the artifacts, the first 10,000 of them."""
    return [
        {
            "type": artifact["label"],
            "name": artifact["name"],
            "severity": artifact["severity"],
            "stix_id": artifact["data"]["stix_id"],
            "cef": artifact["cef"],
            "cef_types": artifact["cef_types"],
        }
        for artifact in imported.container["artifacts"][:LISTED]
    ]


def import_summary(imported: Imported, container_id: int, said: str) -> Dict[str, Any]:
    """Where a bundle went, and what was not understood.

    :param said: the platform's words about the container: whether it was there before
    """
    return {
        "container_id": container_id,
        "container_name": imported.container["name"],
        "container_is_new": "duplicate" not in said.lower(),
        **imported.summary(),
        "artifacts_not_listed": max(0, len(imported.container["artifacts"]) - LISTED),
        "not_understood_by_reason": _by_reason(imported.skips),
    }


def import_message(imported: Imported, container_id: int) -> str:
    """One sentence about an import."""
    done = (
        f"Imported a STIX {imported.version} bundle of {_counted(sum(imported.counts.values()), 'object')} into "
        f"container {container_id}: {_counted(len(imported.container['artifacts']), 'artifact')}, "
        f"{imported.actionable:,} with values that apps can act on"
    )
    return f"{done}. Not understood: {imported.skips.total}" if imported.skips.total else done


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _by_reason(skips: Skips) -> List[Dict[str, Any]]:
    """The reasons, most frequent first, each with its first examples."""
    examples: Dict[str, List[Dict[str, Any]]] = {}
    for skip in skips.kept:
        named = examples.setdefault(skip.reason, [])
        if len(named) < NAMED:
            named.append(_named(skip))
    ordered = sorted(skips.counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"reason": reason, "count": count, "examples": examples.get(reason, [])} for reason, count in ordered]


def _named(skip: Skip) -> Dict[str, Any]:
    named: Dict[str, Any] = {"collection": skip.collection, "id": skip.id, "name": skip.name}
    if skip.place:
        named["place"] = skip.place
    return named
