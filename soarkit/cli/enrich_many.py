"""What ``soarkit enrich`` does for several transforms, and for pages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from soarkit import __version__
from soarkit.cli.enrich import plainly
from soarkit.cli.output import encoded, envelope, write, write_bytes
from soarkit.cli.shown import ink, transform_text, width
from soarkit.cli.traffic import traffic_variables
from soarkit.enriching import Planned, Ran, plan_for, run_all
from soarkit.enrichments.observed import ObservedRun
from soarkit.enrichments.observing import output_document
from soarkit.errors import SoarkitError, SurroundingsError
from soarkit.runtime.asset import Asset

if TYPE_CHECKING:
    from soarkit.cli.saving import Destination
    from soarkit.cli.watch import TerminalObserver
    from soarkit.host import Host
    from soarkit.manifest.model import Action, App
    from soarkit.runtime.result import RunResult
    from soarkit.runtime.run import PreparedRun


def enrich_many(
    host: Host,
    observer: TerminalObserver,
    destination: Destination | None,
    bundle: tuple[str, App] | None,
    asset: Callable[[App], Asset],
    value: str,
    fields: Mapping[str, Any],
    options: Mapping[str, Any],
) -> int:
    """Ask all transforms that a value has, of one bundle or of all that are active.

    :param bundle: the word for it, and the app; None: all
    :param asset: gives what the one bundle is to run on
    :returns: the exit status
    """
    variables = traffic_variables(options)
    value = plainly(value, options["entity_type"], observer)
    alone = None if bundle is None else (*bundle, Asset())
    plan = plan_for(host, value, options["entity_type"], alone, note=observer.note)
    if bundle is not None:
        its = asset(bundle[1])
        plan = [replace(one, asset=its) for one in plan]
    terminal = sys.stdout.isatty()
    wanted = destination.format if destination is not None else options["output_format"]
    wanted = wanted or ("table" if terminal else "json")
    entity_type = plan[0].transform.entity_type
    said: list[str] = []

    def say(text: str) -> None:
        """Text goes out as it comes, but to a file as a whole."""
        if destination is None:
            observer.done()
            write_bytes(encoded(text))
        said.append(text)

    if wanted == "table":
        say(_heading(value, entity_type, terminal and destination is None))
    done: list[Ran] = []

    def wait() -> None:
        """On a terminal, say whom the rest waits for."""
        if len(done) < len(plan) and sys.stderr.isatty():
            observer.progress(f"asking {plan[len(done)].called} ({len(done) + 1} of {len(plan)})", True)

    try:
        wait()
        given = {"timeout": options["timeout"], "fields": fields, "variables": variables}
        for ran in run_all(host, plan, observer=observer, **given):
            done.append(ran)
            if wanted == "table":
                say("\n" + _text(ran.observed(), terminal and destination is None, options))
            elif len(plan) > 1:
                observer.progress(f"{len(done)} of {len(plan)} done: {_told(ran)}", False)
            wait()
    finally:
        observer.done()
    if wanted == "table" and destination is not None:
        _deliver(destination, lambda: "".join(said).encode(), done)
    elif wanted == "json":
        _json(value, plan[0], done, destination)
    elif wanted == "html" and destination is not None:
        seen = [one.observed(icons=True) for one in done]
        _deliver(destination, lambda: _page(seen, value, entity_type, options), done)
    return _status(done)


def show_one(
    app: App,
    action: Action,
    run: PreparedRun,
    result: RunResult,
    value: str,
    destination: Destination | None,
    options: Mapping[str, Any],
) -> None:
    """The result of one transform as a page, to a file, or strictly."""
    from soarkit.cli.shown import shown

    began = datetime.now(timezone.utc) - timedelta(seconds=result.elapsed)
    ran = Ran(_planned(app, action, value), run, result, started=_iso(began))
    terminal = destination is None and sys.stdout.isatty()
    wanted = destination.format if destination is not None else options["output_format"]
    if wanted == "html" and destination is not None:
        seen = ran.observed(icons=True)
        _deliver(destination, lambda: _page([seen], value, seen.entity_type, options), [ran])
        return
    if wanted == "table" or (wanted is None and terminal):
        content = encoded(_text(ran.observed(), terminal, options, among=False))
    else:
        content = shown(result, run, "json", terminal=terminal)
    if destination is None:
        write_bytes(content)
    else:
        _deliver(destination, lambda: content, [ran])


def _planned(app: App, action: Action, value: str) -> Planned:
    from soarkit.manifest.bundles.app_json import transform_of

    return Planned(app, action, transform_of(app, app.actions.index(action)), "", value)


def _heading(value: str, entity_type: str, terminal: bool) -> str:
    from soarkit.enrichments.terminal.runs import render_observable

    return render_observable(value, entity_type, width=width(terminal), ink=ink(terminal)) + "\n"


def _text(seen: ObservedRun, terminal: bool, options: Mapping[str, Any], *, among: bool = True) -> str:
    if options["strict"]:
        from soarkit.enrichments.terminal.strictness import strictly

        seen = strictly(seen)
    return transform_text(seen, terminal, verbose=options["verbose"], among=among)


def _told(ran: Ran) -> str:
    seen = ran.observed()
    problem = (seen.error or seen.message or "failed").strip().split("\n")[0]
    return ran.planned.called + ("" if ran.ok else f": {problem}")


def _page(seen: Sequence[ObservedRun], value: str, entity_type: str, options: Mapping[str, Any]) -> bytes:
    from soarkit.enrichments.page.contents import observable_page
    from soarkit.settings import display_names, max_observables

    return observable_page(
        seen,
        value=value,
        entity_type=entity_type,
        title=value,
        made=_iso(datetime.now(timezone.utc)),
        soarkit=__version__,
        strict=options["strict"],
        limit=max_observables(),
        display_names=display_names(),
    )


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _json(value: str, first: Planned, done: Sequence[Ran], destination: Destination | None) -> None:
    document = envelope(
        "enrich",
        ok=all(ran.ok for ran in done),
        observable={"value": value, "type": first.transform.entity_type},
        runs=[_run_json(ran) for ran in done],
    )
    if destination is None:
        write(document + "\n")
    else:
        _deliver(destination, lambda: (document + "\n").encode("utf-8", "backslashreplace"), done)


def _run_json(ran: Ran) -> dict[str, Any]:
    """A run, as schemas/envelope.schema.json describes it."""
    planned, seen = ran.planned, ran.observed()
    error = None
    if ran.error is not None:
        error = ran.error.to_dict() if ran.run is None else ran.run.redactor.data(ran.error.to_dict())
    return {
        "bundle": planned.word,
        "title": planned.app.name,
        "version": planned.app.app_version,
        "transform": planned.transform.name,
        "display_name": planned.transform.display_name,
        "identifier": planned.action.identifier,
        "asset": planned.asset.name,
        "run": seen.run_id,
        "status": seen.status,
        "message": seen.message or seen.error or "",
        "elapsed": seen.elapsed,
        "output": output_document(ran.document),
        "error": error,
    }


def _deliver(destination: Destination, content: Callable[[], bytes], done: Sequence[Ran]) -> None:
    """Write it to where it was wanted; where that is not possible, say how to get it all the same.

    :raises SurroundingsError: it is not possible
    """
    try:
        destination.write(content())
    except (SoarkitError, OSError, ValueError) as error:
        keys = " ".join(ran.run.key for ran in done if ran.run is not None and ran.run.key is not None)
        said = error.message if isinstance(error, SoarkitError) else f"{type(error).__name__}: {error}"
        raise SurroundingsError(
            f"the transforms have been run, but what they say is not where it was to go: {said}",
            where=error.where if isinstance(error, SoarkitError) else None,
            hint=f"the runs are kept: soarkit report {keys} -o FILE" if keys else None,
        ) from error
    destination.say()


def _status(done: Sequence[Ran]) -> int:
    if all(ran.ok for ran in done):
        return 0
    return 3 if all(ran.error is not None and ran.error.exit_code == 3 for ran in done) else 1
