"""Runs of transforms, one below the other, as text for a terminal or a pipe."""

from __future__ import annotations

from soarkit.enrichments.observed import MAX_OBSERVABLES, ObservedRun
from soarkit.enrichments.outputs import Bad, Chart, Output, Rule, Table, TextRun, lines
from soarkit.enrichments.terminal.charts import chart_lines
from soarkit.enrichments.terminal.ink import Ink
from soarkit.enrichments.terminal.spans import painted, run_spans, wrapped
from soarkit.enrichments.terminal.tables import entity_lines, table_lines, type_name
from soarkit.render.cuts import counted
from soarkit.render.text import display_width, printable, wrap

_NARROWEST = 20
_MOST_WARNINGS = 20


def render_observable(value: str, entity_type: str, *, width: int, ink: Ink) -> str:
    """The heading above several runs: the observable and what kind it is.

    :param entity_type: a constant such as ``anomali.Domain``
    """
    columns = max(width, _NARROWEST)
    head = wrap(printable(value), columns)
    return "\n".join([*map(ink.bold, head), *(ink.dim(line) for line in wrap(type_name(entity_type), columns))])


def render_run(
    run: ObservedRun,
    *,
    width: int,
    ink: Ink,
    limit: int | None = MAX_OBSERVABLES,
    verbose: bool = False,
    among: bool = False,
) -> str:
    """A run for a person: what ran and how it went, then its widgets or entities as they come.

    All text of the script is made harmless, and no line is longer than ``width``, or than 20 where that is less.

    :param width: columns of the terminal
    :param limit: rows of a table, and entities, that are shown; None: all
    :param verbose: also what is odd about the output
    :param among: whether it stands below other runs on the same observable
    :returns: lines, without a newline at the end
    """
    columns = max(width, _NARROWEST)
    sections = [_head(run, columns, ink, among)]
    if run.output is not None:
        sections += _body(run, run.output, columns, ink, limit)
        if warnings := run.output.warnings:
            sections.append(_warnings(warnings, columns, ink, verbose))
    if run.run_id is not None and not among:
        sections.append([ink.dim(line) for line in wrap(f"run {printable(run.run_id)}", columns)])
    return "\n\n".join("\n".join(one) for one in sections if one)


def _head(run: ObservedRun, columns: int, ink: Ink, among: bool) -> list[str]:
    title = printable(" · ".join(one for one in (run.bundle, run.display_name) if one))
    success = run.status == "success"
    if among:
        first, *rest = wrap(f"── {title} ", columns)
        first += " " if not rest and display_width(first) < columns else ""
        first += "" if rest else "─" * (columns - display_width(first))
        head = [ink.bold(line) for line in (first, *rest)]
        if success:
            return head
    else:
        head = [ink.bold(line) for line in wrap(title, columns)]
        about = f"{printable(run.value)} ({type_name(run.entity_type)})"
        head += wrap(about, columns)
    mark = "✓ success" if success else f"✗ {printable(run.status)}"
    took = "" if run.elapsed is None else f" · {run.elapsed:.2f} s"
    head.append((ink.good if success else ink.bad)(mark) + took)
    said = run.error or run.message
    if said and not success:
        head += wrap(printable(said, lines=True), columns)
    if run.hint:
        head += [ink.dim(line) for line in wrap(printable(run.hint, lines=True), columns)]
    if run.log and not success:
        head += [ink.dim(line) for line in wrap(f"the run's log: {printable(run.log)}", columns)]
    return head


def _body(run: ObservedRun, output: Output, columns: int, ink: Ink, limit: int | None) -> list[list[str]]:
    sections: list[list[str]] = []
    beside = False  # whether a text may stand directly below the last section
    for one in lines(output.widgets):
        if isinstance(one, TextRun):
            drawn = [painted(line, ink).rstrip() for line in wrapped(run_spans(one.items), columns)]
            if beside:
                sections[-1] += drawn
            else:
                sections.append(drawn)
            beside = True
            continue
        beside = False
        if isinstance(one, Table):
            sections.append(table_lines(one, columns, ink, limit=limit))
        elif isinstance(one, Rule):
            sections.append([ink.dim("─" * columns)])
        elif isinstance(one, Chart):
            sections.append(chart_lines(one, columns, ink))
        elif isinstance(one, Bad):
            sections.append([ink.bad(line) for line in wrap(f"✗ {printable(one.what)}", columns)])
    if output.entities:
        sections.append(entity_lines(output.entities, columns, ink, limit=limit))
    if not sections and run.status == "success":
        nothing = "no entities" if run.surface == "pivot" else "nothing was found to show"
        sections.append([ink.dim(nothing)])
    return sections


def _warnings(warnings: list[str], columns: int, ink: Ink, verbose: bool) -> list[str]:
    if not verbose:
        text = f"{counted(len(warnings), 'odd thing')} in the output: -v says which"
        return [ink.dim(line) for line in wrap(text, columns)]
    shown = [f"odd: {printable(one)}" for one in warnings[:_MOST_WARNINGS]]
    if len(warnings) > _MOST_WARNINGS:
        shown.append(f"… {len(warnings) - _MOST_WARNINGS} more")
    return [ink.dim(line) for text in shown for line in wrap(text, columns)]
