"""Runs and widgets to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from soarkit.render.logos import Logos
from soarkit.render.parts import JsonPart, Part, TablePart
from soarkit.render.reported import ReportedRun
from soarkit.render.table import Column
from soarkit.render.widgets import Widget


def made_run(**given: Any) -> ReportedRun:
    """A run of which nothing is peculiar but what is given."""
    about: dict[str, Any] = {
        "app_name": "Lookup",
        "app_version": "1.0.0",
        "action_name": "lookup ip",
        "status": "success",
        "message": "Found 3 things",
        "document": {"result_data": [], "result_summary": {"total_objects": 1}},
        "id": "4711",
        "started": "2026-01-02T03:04:05Z",
        "elapsed": 1.5,
        "asset": "lab",
        "parameters": [{"ip": "192.0.2.1"}],
    }
    return ReportedRun(**{**about, **given})


def made_widget(parts: Sequence[Part], **given: Any) -> Widget:
    """A widget of which nothing is peculiar but what is given."""
    about: dict[str, Any] = {
        "title": "A widget",
        "subtitle": "Lookup 1.0.0",
        "menu_name": given.get("title", "A widget"),
        "width": 12,
        "height": None,
        "logos": Logos(),
        "colours": {},
        "status": "success",
        "runs": (0,),
    }
    return Widget(parts=tuple(parts), **{**about, **given})


def table(columns: Sequence[str | Column], rows: Sequence[Sequence[Any]], name: str = "things") -> TablePart:
    """A table; columns of which nothing matters are names."""
    made = [one if isinstance(one, Column) else Column(one, f"action_result.data.*.{one}") for one in columns]
    return TablePart(made, rows, len(rows), name)


def tree(data: Any, contains: Mapping[str, Sequence[str]] | None = None) -> JsonPart:
    """Data of one item."""
    return JsonPart(data, "action_result.data.*", contains or {})
