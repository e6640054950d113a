"""Reports of runs: results, the apps' own views of them and what can be done next, put together as one page."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from soarkit import __version__
from soarkit.errors import RequestError, SoarkitError
from soarkit.host import Host
from soarkit.inventory import Installed
from soarkit.manifest.content_types import KNOWN
from soarkit.manifest.model import Action, App
from soarkit.render import frames
from soarkit.render.hiding import without_passwords
from soarkit.render.outline import MASK
from soarkit.render.page.contents import page
from soarkit.render.reported import ReportedRun
from soarkit.render.shown import CustomView, ViewProblem
from soarkit.render.widgets import Widget, grouped, has_view, widgets
from soarkit.runtime.run import Observer
from soarkit.runtime.viewing import DEFAULT_TIMEOUT, Interpreters, View, ViewCall, ViewedRun
from soarkit.runtime.viewing import ViewProblem as Problem
from soarkit.settings import display_names, max_observables

if TYPE_CHECKING:
    from soarkit.enrichments.observed import ObservedRun
    from soarkit.runtime.result import RunResult
    from soarkit.runtime.run import PreparedRun
    from soarkit.store.opened import Store
    from soarkit.store.run_record import RunRecord

__all__ = ["ReportedRun", "app_of", "fresh_run", "make_report", "report_widgets", "stored_run"]

_SLOW = 5.0  # seconds after which a view is said to be still drawing
_LONGEST_LINE = 300  # characters of what a view says that failed


def make_report(host: Host, runs: Sequence[ReportedRun], *, observer: Observer, secrets: Iterable[str] = ()) -> bytes:
    """One HTML page of the results of runs. It needs no network, and nothing in it leaves it.

    Runs of enrichment bundles alone make the page of the observables that they are about. A custom view that fails is
    told of in the page, beside a table of its data.

    :param runs: in the order in which they are shown
    :param observer: told what is drawn, where there are several custom views
    :param secrets: texts that must not be in what custom views draw
    :raises Cancelled: somebody wanted it to end
    """
    runs = [_hidden(run) for run in runs]
    if runs and all(_is_transform(run) for run in runs):
        return _observable_page(runs)
    return page(
        runs,
        report_widgets(host, runs, observer=observer, secrets=secrets),
        title=_title(runs),
        made=_iso(datetime.now(timezone.utc)),
        soarkit=__version__,
        contextual=host.inventory.contextual(_types(runs)).to_json(),
        frame_blocks=frames.frame_blocks,
    )


def _is_transform(run: ReportedRun) -> bool:
    return run.app is not None and run.app.kind == "enrichment" and run.action is not None


def _observable_page(runs: Sequence[ReportedRun]) -> bytes:
    """What transforms of bundles say of one observable or of several, in the order of the runs."""
    from soarkit.enrichments.page import observable_page

    observed = [_observed(run) for run in runs]
    values = list(dict.fromkeys(one.value for one in observed))
    return observable_page(
        observed,
        value=values[0],
        entity_type=observed[0].entity_type,
        title=values[0] if len(values) == 1 else f"{len(values)} observables",
        made=_iso(datetime.now(timezone.utc)),
        soarkit=__version__,
        limit=max_observables(),
        display_names=display_names(),
    )


def _observed(run: ReportedRun) -> ObservedRun:
    from soarkit.enrichments.observing import VALUE, observed_run
    from soarkit.render.logos import app_logos

    if run.app is None or run.action is None:
        raise ValueError("a transform needs its bundle")
    return observed_run(
        run.app,
        run.action,
        value=str(run.parameters[0].get(VALUE, "")) if run.parameters else "",
        status=run.status,
        message=run.message,
        document=run.document,
        error=run.error,
        elapsed=run.elapsed,
        run_id=run.id,
        started=run.started,
        icon=app_logos(run.app).light,
    )


def report_widgets(
    host: Host, runs: Sequence[ReportedRun], *, observer: Observer, secrets: Iterable[str] = ()
) -> list[Widget]:
    """The widgets of runs, drawn by their apps where these have custom views. Parameters as for :func:`make_report`."""
    groups = [group for widget in grouped(runs) for group in widget]
    total = sum(1 for group in groups if has_view(group[0][1]))
    known = list(secrets)
    interpreters = Interpreters()
    number = 0

    def view(shown: Sequence[ReportedRun]) -> CustomView:
        nonlocal number
        number += 1
        app, action = shown[0].app, shown[0].action
        if app is None or action is None:
            raise ValueError("a view needs its app")
        called = f"{app.name}, {action.name}"
        if total > 1:
            observer.progress(f"drawing {called} ({number} of {total})", True)
        call = ViewCall(app, action, [_viewed(run) for run in shown], secrets=known, interpreters=interpreters)
        with _told_when_slow(f"{called}: its view is still drawing; it has {DEFAULT_TIMEOUT:g} s", observer):
            drawn = call.execute(host, host.executor, observer)
        if drawn.problem is not None:
            observer.note(_failure(called, drawn.problem))
        return _prepared(drawn)

    return widgets([_hidden(run) for run in runs], view)


@contextmanager
def _told_when_slow(text: str, observer: Observer) -> Iterator[None]:
    timer = threading.Timer(_SLOW, observer.note, [text])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _failure(called: str, problem: Problem) -> str:
    """A line about a view that failed, for who makes the page: the page itself does not tell where files lie."""
    what = " ".join(problem.what.split())[:_LONGEST_LINE]
    place = f" ({problem.where})" if problem.where else ""
    log = f"; the log: {problem.log_path}" if problem.log_path else ""
    return f"{called}: {what}{place}; its data is shown as a table{log}"


def _hidden(run: ReportedRun) -> ReportedRun:
    return run if run.document is None else replace(run, document=without_passwords(run.document, run.action))


def _viewed(run: ReportedRun) -> ViewedRun:
    document = run.document or {}
    summary, results = document.get("result_summary"), document.get("result_data")
    return ViewedRun(
        summary=summary if isinstance(summary, dict) else {},
        action_results=[one for one in results if isinstance(one, dict)] if isinstance(results, list) else [],
        asset_id=None if run.asset_id is None else str(run.asset_id),
        container=run.container or 0,
        id=run.id or 0,
    )


def _prepared(view: View) -> CustomView:
    if view.problem is not None:
        log = view.problem.log_path
        hint = view.problem.hint or (log and f"the log: {os.path.basename(log)}")
        return CustomView(problem=ViewProblem(view.problem.what, view.problem.where, hint or None))
    prepared = frames.prepare(view.html)
    return CustomView(prepared.html, tuple(prepared.libraries), view.title1, view.title2, view.colors)


def _types(runs: Sequence[ReportedRun]) -> set[str]:
    """The types that values on the page may have.

    A page may be handed on, and need not tell of every app and asset of this installation. A custom view may give a
    value any type; it is expected to be one that several apps agree upon.
    """
    actions = [run.action for run in runs if run.action is not None]
    types = {kind for action in actions for one in action.outputs for kind in one.contains}
    types |= {kind for action in actions for one in action.parameters.values() for kind in one.contains}
    return types.union(KNOWN) if any(has_view(run) for run in runs) else types


def _title(runs: Sequence[ReportedRun]) -> str:
    if len(runs) == 1:
        return f"{runs[0].app_name} · {runs[0].action_name}"
    return f"{len(runs)} runs"


def fresh_run(run: PreparedRun, result: RunResult) -> ReportedRun:
    """A run that has just ended, as a report tells of it."""
    asset = run.request.asset
    container = run.action_json.get("container_id")
    passwords = {one.name for one in run.action.parameters.values() if one.data_type == "password"}
    return ReportedRun(
        app_name=run.request.app.name,
        app_version=run.request.app.app_version,
        action_name=run.action.name,
        status=result.status,
        message=run.redactor.text(result.message),
        document=run.masked(result) or result.to_dict(),
        id=result.id,
        started=_iso(datetime.now(timezone.utc) - timedelta(seconds=result.elapsed)),
        elapsed=result.elapsed,
        asset=asset.name,
        asset_id=int(asset.id) if asset.id is not None and asset.id.isdecimal() else None,
        container=container if isinstance(container, int) and container > 0 else None,
        parameters=run.redactor.data([_without(passwords, one) for one in run.parameters]),
        app=run.request.app,
        action=run.action,
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _without(passwords: Iterable[str], parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: MASK if name in passwords and value not in (None, "") else value for name, value in parameters.items()
    }


def stored_run(host: Host, store: Store, key: str, note: Callable[[str], None]) -> ReportedRun:
    """A run that the store has, with its app in the version that ran.

    :param key: as :meth:`soarkit.store.runs.Runs.get` takes it
    :param note: told where its app is not there any more, which leaves a table of the data
    :raises RequestError: there is no such run, or it is still under way
    """
    record = store.runs.get(key)
    if record.status == "running":
        raise RequestError(f"run {record.key} is still under way", hint="wait until it has ended: soarkit runs")
    raw = store.runs.result(record.key) if record.result_size else None
    found = app_of(host, record)
    if found is None and raw is not None:
        version = f"{record.app} {record.app_version}".strip()
        note(f"{version} is not there any more, so run {record.key} is shown without what it says of its results")
    return ReportedRun(
        app_name=record.app,
        app_version=record.app_version,
        action_name=record.action,
        status=record.status,
        message=record.message,
        document=None if raw is None else json.loads(raw),
        id=record.key,
        started=record.started,
        elapsed=record.elapsed,
        asset=record.asset,
        asset_id=record.asset_id,
        container=record.container,
        parameters=record.parameters or [],
        error=record.error,
        app=None if found is None else found[0],
        action=None if found is None else found[1],
    )


def app_of(host: Host, record: RunRecord) -> tuple[App, Action] | None:
    """The app and the action of an earlier run, in the version that ran; None where that is not there any more."""
    for app in _candidates(host, record):
        if (app.appid, app.app_version) != (record.appid, record.app_version):
            continue
        for action in app.actions:
            if (action.identifier, action.name) == (record.identifier, record.action):
                return app, action
    return None


def _candidates(host: Host, record: RunRecord) -> Iterator[App]:
    """Apps that may be the one: what lies where it lay, then what is installed."""
    snapshot = host.inventory.snapshot
    installed = [
        Installed(app, version)
        for app in ([] if snapshot is None else snapshot.apps)
        for version in app.versions
        if (app.appid, version.version) == (record.appid, record.app_version)
    ]
    here = [one for one in installed if os.path.join(one.version.folder, one.version.manifest) == record.app_path]
    candidates: list[Installed | None] = [*here] if here else [None, *installed]
    for one in candidates:
        try:
            if one is not None:
                yield host.inventory.load(one)
            elif os.path.exists(record.app_path):
                from soarkit.packages.sdk_manifest import open_made

                yield open_made(record.app_path) or host.open_app(record.app_path)
        except (SoarkitError, OSError):
            continue
