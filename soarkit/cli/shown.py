"""What is printed of a result: its JSON, a table for people, or what was selected of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli.output import encoded

if TYPE_CHECKING:
    from soarkit.enrichments.observed import ObservedRun
    from soarkit.enrichments.terminal.ink import Ink
    from soarkit.manifest.model import Action, App
    from soarkit.runtime.result import RunResult
    from soarkit.runtime.run import PreparedRun


def shown(
    result: RunResult,
    run: PreparedRun,
    output_format: str | None,
    select: Sequence[str] = (),
    terminal: bool = False,
    *,
    verbose: bool = False,
) -> bytes:
    """What is printed of a result.

    :param output_format: table or json; None: a table for a terminal, else JSON
    :param select: data paths; only what is there is printed
    :param terminal: whether a terminal reads it
    :param verbose: whether a table also tells what is odd about a transform's output
    """
    document = run.masked(result)
    if select:
        return encoded(_selected(document or result.to_dict(), select, output_format == "json", terminal))
    if output_format == "table" or (output_format is None and terminal):
        return encoded(_table(document or result.to_dict(), run, result, terminal, verbose))
    return _json(document, result.raw, terminal)


def _json(document: dict[str, Any] | None, raw: bytes, terminal: bool) -> bytes:
    """The result JSON: as the app side wrote it, indented where a person reads it."""
    import json

    if terminal:
        return encoded(json.dumps(document or json.loads(raw), indent=2, ensure_ascii=False) + "\n")
    if document is not None:
        return encoded(json.dumps(document, separators=(",", ":")) + "\n")
    return raw + b"\n"


def _table(document: dict[str, Any], run: PreparedRun, result: RunResult, terminal: bool, verbose: bool) -> str:
    app = run.request.app
    if app.kind == "enrichment":
        key = result.id if terminal else None
        return results_text(app, run.action, document, terminal, elapsed=result.elapsed, run_id=key, verbose=verbose)
    from soarkit.render.terminal import render_result

    parameters = run.action.parameters.values()
    text = render_result(
        document,
        run.action.raw.get("output") or [],
        title=f"{app.name} {app.app_version} · {run.action.name}",
        width=width(terminal),
        color=_color(terminal),
        duration=result.elapsed,
        passwords={one.name for one in parameters if one.data_type == "password"},
    )
    if not terminal or result.id is None:
        return text + "\n"
    footer = f"run {result.id}"
    return f"{text}\n\n{click.style(footer, dim=True) if _color(terminal) else footer}\n"


def _selected(document: dict[str, Any], paths: Sequence[str], as_json: bool, terminal: bool) -> str:
    from soarkit_app import datapaths

    rows = datapaths.collect_rows(document, list(paths))
    values_only = datapaths.collect(document, paths[0]) if len(paths) == 1 else None
    if as_json:
        import json

        return json.dumps(rows if values_only is None else values_only, indent=2, ensure_ascii=False) + "\n"
    from soarkit.render.terminal import select_text

    text = select_text(rows, list(paths), terminal=terminal, width=width(terminal), color=_color(terminal))
    return text and text.rstrip("\n") + "\n"


def results_text(
    app: App,
    action: Action,
    document: dict[str, Any],
    terminal: bool,
    *,
    elapsed: float | None,
    run_id: str | None = None,
    verbose: bool = False,
) -> str:
    """The result of a bundle's transform, for each value that it was asked about.

    :param document: the result JSON, without secrets
    :param elapsed: seconds the run took
    :param run_id: what it is kept as, where that is to be said
    """
    from soarkit.enrichments.observing import VALUE, observed_run

    entries = document.get("result_data") or [{}]
    several = len(entries) > 1
    texts = []
    for entry in entries:
        about = entry if several else {**entry, **{key: document.get(key) for key in ("status", "message")}}
        value = (entry.get("parameter") or {}).get(VALUE)
        observed = observed_run(
            app,
            action,
            value="" if value is None else str(value),
            status=str(about.get("status")),
            message=str(about.get("message") or ""),
            document={"result_data": [entry]},
            elapsed=None if several else elapsed,
            run_id=None if several else run_id,
        )
        texts.append(transform_text(observed, terminal, verbose=verbose))
    if several and run_id is not None:
        texts.append(ink(terminal).dim(f"run {run_id}") + "\n")
    return "\n".join(texts)


def transform_text(observed: ObservedRun, terminal: bool, *, verbose: bool = False, among: bool = False) -> str:
    """A run of a transform as text.

    :param among: whether it stands below other runs on the same observable
    """
    from soarkit.enrichments.terminal.runs import render_run
    from soarkit.settings import max_observables

    text = render_run(
        observed,
        width=width(terminal),
        ink=ink(terminal),
        limit=max_observables(),
        verbose=verbose,
        among=among,
    )
    return text + "\n"


def ink(terminal: bool) -> Ink:
    """What transforms' texts are painted with."""
    from soarkit.enrichments.terminal.ink import Ink, colours_of

    return Ink(colours_of(terminal, os.environ))


def width(terminal: bool) -> int:
    """The columns there are."""
    import shutil

    return shutil.get_terminal_size().columns if terminal else 120


def _color(terminal: bool) -> bool:
    return terminal and "NO_COLOR" not in os.environ
