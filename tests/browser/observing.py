"""Runs of transforms to show, and the page of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from soarkit.enrichments.observed import ObservedRun
from soarkit.enrichments.outputs import read_output
from soarkit.enrichments.page import observable_page

ADDRESS = "198.51.100.7"


def item(value: Any, kind: str | None = "String", label: Any = None, **look: Any) -> dict[str, Any]:
    """An item."""
    return {"itemType": kind, "itemValue": value, "itemLabel": value if label is None else label, **look}


def composite(*items: Mapping[str, Any], lines: bool = False) -> dict[str, Any]:
    """A composite item."""
    return {"itemsInWidget": list(items), "onSeparateLines": lines}


def text(given: Any, line_break: bool = True) -> dict[str, Any]:
    """A text widget, of an item or of a value."""
    return {
        "widgetType": "Text",
        "lineBreakEnding": line_break,
        "item": given if isinstance(given, dict) else item(given),
    }


def table(headings: Sequence[str], rows: Sequence[Sequence[Any]], name: str = "Things", **more: Any) -> dict[str, Any]:
    """A table widget, of items or of values without a type."""
    return {
        "widgetType": "Table",
        "tableName": name,
        "columnHeadings": list(headings),
        "rows": [[one if isinstance(one, dict) else item(one, None) for one in row] for row in rows],
        **more,
    }


def run(*widgets: Mapping[str, Any], **given: Any) -> ObservedRun:
    """A run with these widgets, of which nothing is peculiar but what is given; ``document`` replaces the output."""
    document = given.pop("document", {"widgets": list(widgets), "exceptions": [], "messages": []})
    about: dict[str, Any] = {
        "bundle": "Contoso Enrichment",
        "set_name": "Contoso",
        "transform": "Overview",
        "display_name": "Overview of an address",
        "surface": "context",
        "entity_type": "anomali.IPv4Address",
        "value": ADDRESS,
        "status": "success",
        "elapsed": 0.84,
        "output": None if document is None else read_output(document),
        "run_id": "k3fq9x",
        "started": "2026-01-02T03:04:05Z",
    }
    return ObservedRun(**{**about, **given})


def pivot(values: Sequence[str], **given: Any) -> ObservedRun:
    """A run that found these domains."""
    entities = [{"entityType": "anomali.Domain", "entityValue": one, "additionalFields": []} for one in values]
    return run(document={"entities": entities}, surface="pivot", **given)


def page_of(*runs: ObservedRun, **options: Any) -> bytes:
    """The page of runs."""
    about: dict[str, Any] = {
        "value": ADDRESS,
        "entity_type": "anomali.IPv4Address",
        "title": ADDRESS,
        "made": "2026-01-02T03:04:05Z",
        "soarkit": "0.0.0",
    }
    return observable_page(runs, **{**about, **options})
