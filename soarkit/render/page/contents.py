"""A report as the JSON that the page's script draws: the block ``report``, and a block for whatever is large."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from soarkit_app.datapaths import collect

from soarkit.render.page import inlined
from soarkit.render.page.document import document
from soarkit.render.page.encode import script_json
from soarkit.render.parts import (
    ErrorPart,
    Field,
    FieldsPart,
    JsonPart,
    MapPart,
    NotePart,
    Part,
    TablePart,
    ViewPart,
)
from soarkit.render.reported import ReportedRun
from soarkit.render.shown import COUNTS, contains_of
from soarkit.render.table import Column
from soarkit.render.widgets import Widget

#: Version of what the block ``report`` looks like.
VERSION = 1


def page(
    runs: Sequence[ReportedRun],
    widgets: Sequence[Widget],
    *,
    title: str,
    made: str,
    soarkit: str,
    contextual: Mapping[str, Any],
    frame_blocks: Callable[[Iterable[str]], Mapping[str, str]],
) -> bytes:
    """The HTML document of a report.

    :param made: when, ISO 8601 in UTC
    :param soarkit: soarkit's version
    :param contextual: ``types`` and ``commands`` of the menus on values
    :param frame_blocks: the texts, by id, that frames which need these libraries are put together of
    """
    blocks = Blocks()
    drawn = [_widget(number, widget, blocks) for number, widget in enumerate(widgets, 1)]
    report = {
        "version": VERSION,
        "title": title,
        "made": made,
        "soarkit": soarkit,
        "runs": [_run(run) for run in runs],
        "widgets": drawn,
        "contextual": contextual,
    }
    views = [part for widget in widgets for part in widget.parts if isinstance(part, ViewPart)]
    if views:
        for name, text in frame_blocks({library for view in views for library in view.libraries}).items():
            blocks.texts[name] = script_json(text)
    if any(isinstance(part, MapPart) for widget in widgets for part in widget.parts):
        blocks.texts["world"] = inlined.world().encode()
    return document({"report": script_json(report), **blocks.texts})


class Blocks:
    """JSON that stands beside the report, by the id of its script element."""

    def __init__(self) -> None:
        self.texts: dict[str, bytes] = {}

    def add(self, value: Any) -> str:
        """One more; gives its id."""
        name = f"block-{len(self.texts) + 1}"
        self.texts[name] = script_json(value)
        return name


def _run(run: ReportedRun) -> dict[str, Any]:
    result = run.document or {}
    own = [one for one in collect(result, "action_result.summary") if isinstance(one, dict)]
    given = result.get("result_summary")
    summary = dict(given) if isinstance(given, dict) else {}
    if len(own) < 2:  # the counts say nothing
        summary = {key: value for key, value in summary.items() if key not in COUNTS} | (own[0] if own else {})
    parameters = {name: value for one in run.parameters for name, value in one.items()}
    return {
        "id": run.id,
        "app": run.app_name,
        "app_version": run.app_version,
        "action": run.action_name,
        "asset": run.asset,
        "status": run.status,
        "message": run.message,
        "started": run.started,
        "elapsed": run.elapsed,
        "parameters": list(run.parameters),
        "summary": summary,
        "contains": {
            "parameters": _kinds(run, "action_result.parameter.", parameters),
            "summary": _kinds(run, "action_result.summary.", summary),
        },
    }


def _kinds(run: ReportedRun, prefix: str, names: Iterable[str]) -> dict[str, list[str]]:
    known = contains_of(run.action)
    return {name: list(known[prefix + name]) for name in names if prefix + name in known}


def _widget(number: int, widget: Widget, blocks: Blocks) -> dict[str, Any]:
    return {
        "id": f"w{number}",
        "title": widget.title,
        "subtitle": widget.subtitle,
        "menu_name": widget.menu_name,
        "width": widget.width,
        "height": widget.height,
        "logo": {"light": widget.logos.light, "dark": widget.logos.dark},
        "colors": dict(widget.colours),
        "status": widget.status,
        "runs": list(widget.runs),
        "parts": [_part(part, blocks) for part in widget.parts],
    }


def _part(part: Part, blocks: Blocks) -> dict[str, Any]:
    kind, draw = _KINDS[type(part)]
    return {"kind": kind, **draw(part, blocks)}


def _table(part: TablePart, blocks: Blocks) -> dict[str, Any]:
    return {
        "caption": part.caption,
        "columns": [_column(one) for one in part.columns],
        "rows": blocks.add(part.rows),
        "total": part.total,
        "name": part.name,
    }


def _column(column: Column) -> dict[str, Any]:
    return {"name": column.name, "path": column.path, "type": column.data_type, "contains": list(column.contains)}


def _json(part: JsonPart, blocks: Blocks) -> dict[str, Any]:
    return {
        "caption": part.caption,
        "data": blocks.add(part.data),
        "path": part.path,
        "contains": {path: list(kinds) for path, kinds in part.contains.items()},
        "folded": part.folded,
    }


def _map(part: MapPart, blocks: Blocks) -> dict[str, Any]:
    points = [
        {"latitude": one.latitude, "longitude": one.longitude, "details": [_field(each) for each in one.details]}
        for one in part.points
    ]
    return {"caption": part.caption, "points": points, "without": part.without}


def _view(part: ViewPart, blocks: Blocks) -> dict[str, Any]:
    return {
        "caption": part.caption,
        "html": blocks.add(part.html),
        "libraries": list(part.libraries),
        "title": part.title,
    }


def _error(part: ErrorPart, blocks: Blocks) -> dict[str, Any]:
    return part._asdict()


def _note(part: NotePart, blocks: Blocks) -> dict[str, Any]:
    return part._asdict()


def _fields(part: FieldsPart, blocks: Blocks) -> dict[str, Any]:
    return {"caption": part.caption, "items": [[*_field(one), one.path] for one in part.items]}


def _field(field: Field) -> list[Any]:
    return [field.name, field.value, list(field.contains)]


_KINDS: dict[type, tuple[str, Callable[[Any, Blocks], dict[str, Any]]]] = {
    TablePart: ("table", _table),
    JsonPart: ("json", _json),
    MapPart: ("map", _map),
    ViewPart: ("view", _view),
    ErrorPart: ("error", _error),
    NotePart: ("note", _note),
    FieldsPart: ("fields", _fields),
}
