"""The page of an observable as JSON: observables, in each the bundles, in each a tab for a transform."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from soarkit.enrichments import charts
from soarkit.enrichments.observed import MAX_OBSERVABLES, ObservedRun
from soarkit.enrichments.outputs import Bad, Chart, Rule, Table, TextRun, lines
from soarkit.enrichments.page.blocks import Blocks, entities_part, table_part, text_part, type_name
from soarkit.render.page import inlined
from soarkit.render.page.document import document
from soarkit.render.page.encode import script_json

#: Version of what the block ``observed`` looks like.
VERSION = 1

_ASSETS = os.path.join(os.path.dirname(__file__), "assets")
_SHARED_STYLES = ("page.css", "widgets.css", "narrow.css")
_STYLES = ("observable.css", "items.css")
_SHARED = ("elements.js", "values.js", "clipboard.js", "theme.js", "commands.js", "header.js", "widgets.js")
_SCRIPTS = ("cells.js", "keys.js", "floating.js", "widths.js", "items.js", "panel.js", "tabs.js", "observable.js")
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_TOLD = ("INFO", "WARNING", "ERROR", "CRITICAL")  # DEBUG is for the run's log


def observable_page(
    runs: Sequence[ObservedRun],
    *,
    value: str,
    entity_type: str,
    title: str,
    made: str,
    soarkit: str,
    strict: bool = False,
    limit: int | None = MAX_OBSERVABLES,
    display_names: bool = False,
) -> bytes:
    """The HTML document.

    :param runs: in rank order; of bundles, and of values, those that come first are shown first
    :param value: the observable that the page is about
    :param entity_type: its type, such as ``anomali.Domain``
    :param made: when, ISO 8601 in UTC
    :param soarkit: soarkit's version
    :param strict: a tab with a chart that is refused shows the error alone, as the guide has it
    :param limit: rows of a table and entities of a pivot that are shown; None: all
    :param display_names: whether tabs are called by ``display_name``; the guide has ``transform_name``
    """
    drawing = _Drawing(strict, limit, display_names)
    by_value: dict[str, list[ObservedRun]] = {value: []}
    for run in runs:
        by_value.setdefault(run.value, []).append(run)
    content = {
        "version": VERSION,
        "title": title,
        "made": made,
        "soarkit": soarkit,
        "observables": [
            drawing.observable(number, one, group[0].entity_type if group else entity_type, group)
            for number, (one, group) in enumerate(((one, group) for one, group in by_value.items() if group), 1)
        ]
        or [drawing.observable(1, value, entity_type, [])],
        "styles": drawing.blocks.styles(),
    }
    return document(
        {"observed": script_json(content), **drawing.blocks.texts},
        title="soarkit observable",
        styles=_styles(drawing.has_charts),
        scripts=_scripts(drawing.has_charts),
    )


@lru_cache(maxsize=2)
def _styles(with_charts: bool) -> str:
    own = [os.path.join(_ASSETS, one) for one in _STYLES]
    return "\n".join([inlined.joined(_SHARED_STYLES), *([charts.styles()] if with_charts else []), inlined.joined(own)])


@lru_cache(maxsize=2)
def _scripts(with_charts: bool) -> str:
    own = [os.path.join(_ASSETS, one) for one in _SCRIPTS]
    return "\n".join([inlined.joined(_SHARED), *([charts.scripts()] if with_charts else []), inlined.joined(own)])


class _Drawing:
    """A page that is being made."""

    def __init__(self, strict: bool, limit: int | None, display_names: bool) -> None:
        self.blocks = Blocks()
        self._strict = strict
        self._limit = limit
        self._display_names = display_names
        self._names: set[str] = set()
        self.has_charts = False

    def observable(self, number: int, value: str, entity_type: str, runs: Sequence[ObservedRun]) -> dict[str, Any]:
        bundles: dict[tuple[str, str], list[ObservedRun]] = {}
        for run in runs:
            bundles.setdefault((run.bundle, run.set_name), []).append(run)
        return {
            "id": f"o{number}",
            "value": value,
            "type": type_name(entity_type),
            "bundles": [
                {
                    "id": f"o{number}-b{place}",
                    "title": bundle,
                    "set_name": set_name,
                    "icon": next((run.icon for run in group if run.icon), None),
                    "tabs": [self._tab(f"o{number}-b{place}-t{at}", run) for at, run in enumerate(group, 1)],
                }
                for place, ((bundle, set_name), group) in enumerate(bundles.items(), 1)
            ],
        }

    def _tab(self, identity: str, run: ObservedRun) -> dict[str, Any]:
        output = run.output
        parts, warnings = self._parts(run)
        problem = _problem(run)
        told = [one for one in output.messages if one.type in _TOLD] if output else []
        return {
            "id": identity,
            "hash": self._name(run),
            "name": (self._display_names and run.display_name) or run.transform,
            "display_name": run.display_name,
            "surface": run.surface,
            "status": run.status,
            "timed_out": run.timed_out,
            "elapsed": run.elapsed,
            "run_id": run.run_id,
            "started": run.started,
            "parts": [*([problem] if problem else []), *parts],
            "warnings": [*(output.warnings if output else []), *warnings],
            "messages": [[one.type, one.text] for one in told],
        }

    def _name(self, run: ObservedRun) -> str:
        """What stands behind # in an address: the same whenever the same transforms are shown."""
        words = [
            _NOT_WORDS.sub("-", text.lower()).strip("-")[:40] for text in (run.set_name or run.bundle, run.transform)
        ]
        name = plain = "/".join(word or "x" for word in words)
        number = 1
        while name in self._names:
            number += 1
            name = f"{plain}-{number}"
        self._names.add(name)
        return name

    def _parts(self, run: ObservedRun) -> tuple[list[dict[str, Any]], list[str]]:
        if run.output is None:
            return [], []
        parts: list[dict[str, Any]] = []
        warnings: list[str] = []
        refused = None
        for one in lines(run.output.widgets):
            if isinstance(one, TextRun):
                parts.append(text_part(one, self.blocks))
            elif isinstance(one, Table):
                parts.append(table_part(one, self.blocks, self._limit))
            elif isinstance(one, Rule):
                parts.append({"kind": "rule"})
            elif isinstance(one, Chart):
                part = self._chart(one, warnings)
                refused = refused or (part if part["kind"] == "error" else None)
                parts.append(part)
            else:
                parts.append(_bad(one))
        if run.output.entities or run.surface == "pivot":
            parts.append(entities_part(run.output.entities, self.blocks, self._limit))
        if self._strict and refused is not None:
            return [_strict(refused)], warnings
        return parts, warnings

    def _chart(self, chart: Chart, warnings: list[str]) -> dict[str, Any]:
        try:
            drawing = charts.translate(chart.name, chart.text)
        except charts.ChartRefused as refused:
            called = f"The chart {chart.name!r}" if chart.name else "A chart"
            where = ": ".join(one for one in (refused.rule, refused.path) if one)
            return {"kind": "error", "what": f"{called} is not drawn: {refused.what}", "where": where}
        except Exception as error:  # a fault of ours with one chart is no reason to show nothing of the others
            return {"kind": "error", "what": "A chart could not be drawn", "where": f"{type(error).__name__}: {error}"}
        warnings += [f"{chart.name or 'chart'}: {one}" for one in drawing.warnings]
        self.has_charts = True
        block = self.blocks.add(drawing.as_json())
        return {"kind": "chart", "caption": chart.name, "chart": block, "height": drawing.height}


def _bad(widget: Bad) -> dict[str, Any]:
    return {"kind": "error", "what": "A widget cannot be shown", "where": widget.what}


def _strict(refused: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "error",
        "what": "This enrichment's response cannot be rendered",
        "where": f"{refused['what']}\n{refused['where']}",
        "hint": "without --strict the other widgets are shown",
    }


def _problem(run: ObservedRun) -> dict[str, Any] | None:
    """The error panel of a run that failed; what it produced all the same stands below."""
    if run.status == "success":
        return None
    what = run.message or run.error or f"The run {run.status}"
    more = [run.error, *(run.output.exceptions if run.output else [])]
    others = [one for one in dict.fromkeys(more) if one and one != what and one not in what]
    hints = [one for one in (run.hint, run.log and f"the log: {run.log}") if one]
    return {"kind": "error", "what": what, "where": "\n".join(others) or None, "hint": "\n".join(hints) or None}
