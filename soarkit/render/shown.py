"""From the results of an action to the parts of its widget."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from soarkit_app.datapaths import collect

from soarkit.manifest.model import Action
from soarkit.render.drawn import draws_some
from soarkit.render.messages import messages, says
from soarkit.render.parts import ErrorPart, Field, FieldsPart, JsonPart, NotePart, Part, TablePart, ViewPart
from soarkit.render.places import map_parts
from soarkit.render.reported import ReportedRun
from soarkit.render.table import DATA, Table, data_items, data_table, fields_beside, items_table, results_table

#: Characters of data that are shown beside a table or a view; more is left to `soarkit runs show`.
MAX_BESIDE = 4_000_000

#: Keys of a run's summary that every run has.
COUNTS = ("total_objects", "total_objects_successful")

_MAX_KEYS = 60  # of nested data that get a column each
_LOOKED_AT = 1000  # rows that are looked through for nested values
_HALF, _WHOLE = 6, 12  # columns of the grid
_NARROW = 4  # columns that a table of half the page's width has


@dataclass(frozen=True)
class ViewProblem:
    """What a custom view did wrong, where, and the next step."""

    what: str
    where: str | None = None
    hint: str | None = None


@dataclass(frozen=True)
class CustomView:
    """What a custom view drew.

    :param html: the document's body, as a frame gets it
    :param libraries: what the frame has to bring: see :mod:`soarkit.render.frames`
    :param colours: ``title``, ``text`` and ``body``, as the view gave them
    :param problem: why there is none
    """

    html: str = ""
    libraries: tuple[str, ...] = ()
    title1: str | None = None
    title2: str | None = None
    colours: Mapping[str, str] = field(default_factory=dict)
    problem: ViewProblem | None = None


class ShownAction:
    """Runs of one action, taken together.

    :param runs: at least one; their results hold no secrets
    :param caption: said above each part, where a widget shows several actions
    :param alone: the page shows nothing else, so what it says of the run itself need not be said again
    """

    def __init__(self, runs: Sequence[ReportedRun], caption: str | None = None, *, alone: bool = False) -> None:
        self.runs = runs
        self.caption = caption
        self.alone = alone
        self.with_result = [run for run in runs if run.document is not None]
        self.action = runs[0].action
        output = None if self.action is None else self.action.raw.get("output")
        self.fields: list[Any] = output if isinstance(output, list) else []

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The result JSON; that of several runs has the action results of all of them."""
        documents = [run.document for run in self.with_result if run.document is not None]
        if len(documents) == 1:
            return documents[0]
        return {"result_data": [one for document in documents for one in _results(document)], "result_summary": {}}

    @cached_property
    def contains(self) -> dict[str, tuple[str, ...]]:
        """Kinds of content by data path."""
        return contains_of(self.action)

    def table(self, table: Table, caption: str | None = None) -> TablePart:
        """A table as a part, with the kinds of content that parameters and outputs declare."""
        columns = [one if one.contains else one._replace(contains=self.kinds(one.path)) for one in table.columns]
        first = self.runs[0]
        name = re.sub(r"[^a-z0-9]+", "-", f"{first.app_name} {first.action_name}".lower()).strip("-")[:80]
        return TablePart(columns, table.rows, table.total, name or "table", caption or self.caption)

    def kinds(self, path: str) -> tuple[str, ...]:
        """Kinds of content that values at a path have."""
        return self.contains.get(path, ())


def contains_of(action: Action | None) -> dict[str, tuple[str, ...]]:
    """The kinds of content that an action's parameters and outputs declare, by data path."""
    if action is None:
        return {}
    found = {f"action_result.parameter.{one.name}": one.contains for one in action.parameters.values()}
    for output in action.outputs:
        if output.data_path and output.contains:
            found[output.data_path] = output.contains
    return {path: kinds for path, kinds in found.items() if kinds}


def parts_of(shown: ShownAction, view: CustomView | None) -> tuple[list[Part], int]:
    """The parts of a widget, and how many columns of the grid suit them.

    :param view: what the action's custom view drew, where it has one
    """
    parts: list[Part] = [_broken(run) for run in shown.runs if run.document is None]
    if not shown.with_result:
        return parts, _HALF
    parts += _failures(shown)
    kind = "table" if shown.action is None else shown.action.render.type
    if view is not None and view.problem is None:
        title = f"{shown.runs[0].app_name}: {shown.runs[0].action_name}"
        parts.append(ViewPart(view.html, view.libraries, title, shown.caption))
        if draws_some(view.html, data_items(shown.document)):
            return [*parts, *_all_data(shown)], _WHOLE
        return [*parts, NotePart("The app's view shows nothing of the data:"), *_tables(shown)[0]], _WHOLE
    if view is not None and view.problem is not None:
        parts.append(ErrorPart(view.problem.what, view.problem.where, view.problem.hint))
    parts += [] if shown.alone else _summary(shown)
    if kind == "json":
        data = _json(shown, shown.caption)
        return (parts + data if data else _or_nothing(parts, shown)), _HALF
    placed = map_parts(shown.document, shown.fields, shown.kinds, shown.table) if kind == "map" else None
    if placed is not None:
        return [*parts, *placed, *_all_data(shown)], _HALF
    if kind == "map" and data_items(shown.document):
        parts.append(NotePart("The results say no place, so they are shown as a table."))
    tables, width = _tables(shown)
    return (parts + tables if tables else _or_nothing(parts, shown)), width


def _results(document: Mapping[str, Any]) -> list[Any]:
    found = document.get("result_data")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _broken(run: ReportedRun) -> ErrorPart:
    error = run.error or {}
    where, hint = error.get("where"), error.get("hint")
    what = run.message or f"The run was {run.status}." if run.status == "cancelled" else run.message
    return ErrorPart(
        what or "The run has no result.",
        where if isinstance(where, str) else None,
        hint if isinstance(hint, str) else None,
    )


def _failures(shown: ShownAction) -> list[Part]:
    """The messages of runs that failed, and their failed action results with the parameters."""
    parts: list[Part] = []
    for run in shown.with_result:
        if run.status != "success":
            said = messages(run.document or {})
            parts.append(ErrorPart("\n".join(said) or run.message or "The action failed."))
    results = _results(shown.document)
    failed = [one for one in results if one.get("status") != "success"]
    if failed and len(results) > 1:
        listed = results_table({"result_data": failed})
        return [*parts, shown.table(listed, f"{len(failed)} of {len(results)} failed")]
    given = failed[0].get("parameter") if failed and not shown.alone else None
    items = [
        _field(name, value, f"action_result.parameter.{name}", shown)
        for name, value in (given.items() if isinstance(given, dict) else ())
        if name != "context"
    ]
    return [*parts, *([FieldsPart(items, "Parameters")] if items else [])]


def _summary(shown: ShownAction) -> list[Part]:
    """The summary of the only action result, else that of the run; without counts that say nothing.

    What the run's message says is not said again: it stands at the head of the page.
    """
    own = [one for one in collect(shown.document, "action_result.summary") if isinstance(one, dict)]
    single = own[0] if len(own) == 1 else {}
    items = [_field(key, value, f"action_result.summary.{key}", shown) for key, value in single.items()]
    run = shown.document.get("result_summary")
    for key, value in run.items() if isinstance(run, dict) else ():
        if key not in single and key not in COUNTS:
            items.append(_field(key, value, f"summary.{key}", shown))
    said = "\n".join(run.message for run in shown.with_result)
    items = [one for one in items if not says(said, one.name, one.value)]
    return [FieldsPart(items, "Summary")] if items else []


def _field(name: str, value: Any, path: str, shown: ShownAction) -> Field:
    return Field(name, value, shown.kinds(path), path)


def _tables(shown: ShownAction) -> tuple[list[Part], int]:
    """The table of the action, with what it leaves out; where it has none, the data."""
    document = shown.document
    table = data_table(shown.fields, document)
    items = data_items(document)
    if table.rows and (items or any(run.status == "success" for run in shown.with_result)):
        parts: list[Part] = [shown.table(table)]
        if items and (fields_beside(table.columns, document)[0] or _is_nested(table)):
            parts += _all_data(shown)
        return parts, _HALF if len(table.columns) <= _NARROW else _WHOLE
    if items:
        parts = []
        nested = items_table(shown.fields, document) if len(items) > 1 else Table([], [], 0)
        plain = [at for at in range(len(nested.columns)) if not _all_nested(nested.rows, at)]
        if plain and len(nested.columns) <= _MAX_KEYS:
            rows = [tuple(row[at] for at in plain) for row in nested.rows]
            parts.append(shown.table(Table([nested.columns[at] for at in plain], rows, nested.total)))
        return parts + _json(shown, "All data" if parts else shown.caption), _WHOLE
    results = _results(document)
    if len(results) > 1 and all(one.get("status") == "success" for one in results):
        return [shown.table(results_table(document))], _WHOLE
    return [], _HALF


def _or_nothing(parts: list[Part], shown: ShownAction) -> list[Part]:
    """Where there is no data: what the run said."""
    if any(isinstance(one, ErrorPart) for one in parts):
        return parts
    said = [text for run in shown.with_result for text in messages(run.document or {})]
    return [NotePart("\n".join(dict.fromkeys(said)) or "The action returned no data."), *parts]


def _is_nested(table: Table) -> bool:
    return any(isinstance(cell, dict) or _holds_nested(cell) for row in table.rows[:_LOOKED_AT] for cell in row)


def _holds_nested(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, (dict, list)) for one in value)


def _all_nested(rows: Sequence[Sequence[Any]], at: int) -> bool:
    return all(row[at] is None or isinstance(row[at], dict) or _holds_nested(row[at]) for row in rows)


def _json(shown: ShownAction, caption: str | None, *, folded: bool = False) -> list[Part]:
    items = data_items(shown.document)
    if not items:
        return []
    kinds = {path: list(found) for path, found in shown.contains.items() if path.startswith("action_result.data")}
    if len(items) == 1:
        return [JsonPart(items[0], DATA, kinds, caption, folded)]
    return [JsonPart(items, DATA.removesuffix(".*"), kinds, caption, folded)]


def _all_data(shown: ShownAction) -> list[Part]:
    """All data, folded; a note where it is too large to be shown beside something else."""
    found = _json(shown, "All data", folded=True)
    if not found or not _is_larger(data_items(shown.document), MAX_BESIDE):
        return found
    keys = [run.id for run in shown.with_result if run.id is not None]
    command = f": soarkit runs show {keys[0]} --format json" if keys else ""
    return [NotePart(f"The data is too large to be shown here as a whole{command}")]


def _is_larger(value: Any, most: int) -> bool:
    """Whether data has more than about so many characters as JSON."""
    left = most
    stack = [value]
    while stack and left >= 0:
        one = stack.pop()
        if isinstance(one, str):
            left -= len(one) + 3
        elif isinstance(one, dict):
            left -= sum(map(len, one)) + 4 * len(one) + 2
            stack += one.values()
        elif isinstance(one, list):
            left -= len(one) + 2
            stack += one
        else:
            left -= 6
    return left < 0
