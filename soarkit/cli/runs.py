"""``soarkit runs``: earlier runs, and those under way."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli import complete
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import encoded, envelope, note, tell, write, write_bytes
from soarkit.cli.saving import Destination
from soarkit.cli.tables import table
from soarkit.errors import RequestError, UsageError
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.manifest.model import Action, App
    from soarkit.store.opened import Store
    from soarkit.store.run_record import RunRecord

_STATUSES = ("running", "success", "failed", "cancelled")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_COLOURS = {"success": "green", "failed": "red", "cancelled": "yellow", "running": "blue"}
_WIDTH = 120  # of what is drawn for a pipe
_ROOMY = 110  # columns from which on the list of runs has room for messages and seconds


@click.group(invoke_without_command=True)
@click.option(
    "--app", metavar="APP", shell_complete=complete.installed, help="Only runs of this app: slug, appid or name."
)
@click.option("--asset", metavar="ASSET", shell_complete=complete.assets, help="Only runs with this asset: name or id.")
@click.option("--action", metavar="ACTION", help="Only runs of this action: name or identifier.")
@click.option("--status", type=click.Choice(_STATUSES), help="Only runs that stand so.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="So many at most.")
@format_option
@home_option
@click.pass_context
def command(
    context: click.Context,
    app: str | None,
    asset: str | None,
    action: str | None,
    status: str | None,
    limit: int,
    output_format: str,
    home: str,
) -> int:
    """List earlier runs, newest first.

    Runs are kept for 90 days; SOARKIT_KEEP_RUNS_DAYS sets another number, 0 keeps them for ever. `soarkit run
    --no-record` leaves none.
    """
    if context.invoked_subcommand is not None:
        return 0
    with _open(home) as store:
        runs = store.runs.list(app=app, asset=asset, action=action, status=status, limit=limit)
    if output_format == "json":
        write(envelope("runs", ok=True, runs=[_summary(one) for one in runs]) + "\n")
        return 0
    if not runs:
        tell("soarkit: there are no such runs")
        return 0
    write(_table(runs, terminal=sys.stdout.isatty()))
    return 0


@command.command()
@click.argument("run", metavar="ID", shell_complete=complete.runs)
@click.option("--output", "-o", metavar="FILE", help="Write the result to this file, whole or not at all.")
@click.option("--select", "-s", "select", multiple=True, metavar="PATH", help="Print only the values at a data path.")
@click.option("--log", "show_log", is_flag=True, help="Print the run's log; the newest 200 are kept.")
@click.option(
    "--format",
    "-f",
    "output_format",
    type=click.Choice(["table", "json", "csv", "html"]),
    help="How to print the result. Default: as FILE is called, else table on a terminal, else json.",
)
@home_option
def show(
    run: str, output: str | None, select: tuple[str, ...], show_log: bool, output_format: str | None, home: str
) -> int:
    """Show a run as `soarkit run` did.

    ID is the run's key, or the beginning of it, or `last`. Secrets are masked, as they are in all that is kept.
    """
    paths = _paths(select)
    if output is not None or output_format in ("csv", "html"):
        if show_log:
            raise UsageError("a log is only printed", where="--log", hint="leave out -o and --format")
        _save(run, Destination(output, output_format, paths), paths, home)
        return 0
    terminal = sys.stdout.isatty()
    as_json = output_format == "json" or (output_format is None and not terminal)
    with _open(home) as store:
        record = store.runs.get(run)
        if show_log:
            _print_log(record)
        elif as_json and not paths and record.result_size and not terminal:
            for piece in store.runs.result_pieces(record.key):
                write_bytes(piece)
            write_bytes(b"\n")
        else:
            as_json = as_json if not paths else output_format == "json"
            write_bytes(_shown(record, store, paths, as_json=as_json, terminal=terminal))
    return 0


def _save(run: str, destination: Destination, paths: tuple[str, ...], home: str) -> None:
    from soarkit.cli.watch import TerminalObserver
    from soarkit.host import Host
    from soarkit.reports import make_report, stored_run

    observer = TerminalObserver(verbose=False, debug=False)
    host = Host(home, note=observer.note)
    with host.open_store() as store:
        reported = stored_run(host, store, run, observer.note)
        if destination.format == "html":
            content = make_report(host, [reported], observer=observer)
        elif reported.document is None:
            raise RequestError(f"run {reported.id} has no result: {reported.message or reported.status}")
        elif destination.format == "json" and not paths:
            content = (store.runs.result(reported.id or "") or b"") + b"\n"
        elif destination.format == "csv":
            content = destination.csv(dict(reported.document), reported.action)
        else:
            as_json = destination.format == "json"
            content = _shown(store.runs.get(reported.id or run), store, paths, as_json=as_json, terminal=False)
    destination.write(content)
    destination.say()


@command.command()
@click.option("--older-than", metavar="TIME", help="Runs that began this long ago: 12h, 30d, 8w.")
@click.option("--keep", type=click.IntRange(min=0), metavar="N", help="All but the newest N.")
@click.option("--status", type=click.Choice(_STATUSES[1:]), help="Only runs that ended so.")
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@format_option
@home_option
def prune(
    older_than: str | None, keep: int | None, status: str | None, dry_run: bool, output_format: str, home: str
) -> int:
    """Delete runs with their results.

    With both --older-than and --keep the newest N stay, however old they are. Runs under way always stay. Without
    being told, runs go after 90 days (SOARKIT_KEEP_RUNS_DAYS).
    """
    if older_than is None and keep is None and status is None:
        raise UsageError(
            "say which runs", hint="--older-than 30d, --keep 100 or --status failed; --keep 0: all of them"
        )
    age = None if older_than is None else _age(older_than)
    with _open(home) as store:
        keys = store.runs.prune(older_than=age, keep=keep, status=status, dry_run=dry_run)
    if output_format == "json":
        write(envelope("runs prune", ok=True, dry_run=dry_run, runs=keys) + "\n")
    else:
        write(f"{len(keys)} run{'' if len(keys) == 1 else 's'} {'would be deleted' if dry_run else 'deleted'}\n")
    return 0


def _open(home: str) -> Store:
    from soarkit.store import open_store

    return open_store(home, note=note)


def _summary(record: RunRecord) -> dict[str, Any]:
    from soarkit.store.records import to_json

    return {key: value for key, value in to_json(record).items() if key not in ("parameters", "error")}


def _paths(select: tuple[str, ...]) -> tuple[str, ...]:
    if select:
        from soarkit_app import datapaths

        for path in select:
            try:
                datapaths.parse(path)
            except datapaths.DataPathError as error:
                raise UsageError(str(error), where="--select") from None
    return select


def _age(text: str) -> timedelta:
    found = re.fullmatch(r"([0-9]{1,5})([mhdw])", text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no length of time", where="--older-than", hint="such as 45m, 12h, 30d, 8w")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _table(runs: list[RunRecord], *, terminal: bool) -> str:
    """The runs, a line each; on a narrow terminal without what `soarkit runs show` has more room for."""
    narrow = terminal and _width(terminal) < _ROOMY
    headers = ["KEY", "WHEN", "APP", "ACTION", "ASSET", "STATUS", "TIME", "MESSAGE"]
    rows = [
        [
            one.key,
            _when(one.started, short=narrow),
            _app(one),
            one.action,
            one.asset,
            one.status,
            _time(one),
            " ".join(one.message.split()),
        ]
        for one in runs
    ]
    if narrow:
        headers, rows = headers[:-1], [row[:-1] for row in rows]
    return table(headers, rows, terminal=terminal, whole=("KEY", "WHEN", "STATUS", "TIME"))


def _when(started: str, *, short: bool = False) -> str:
    """The time on the clock of whoever reads it."""
    try:
        moment = datetime.fromisoformat(re.sub(r"Z$", "+00:00", started))
    except ValueError:
        return started
    return moment.astimezone().strftime("%m-%d %H:%M" if short else "%Y-%m-%d %H:%M:%S")


def _app(record: RunRecord) -> str:
    return f"{record.slug or record.app} {record.app_version}".strip()


def _time(record: RunRecord) -> str | None:
    elapsed = record.elapsed
    if record.status == "running":
        started = datetime.fromisoformat(re.sub(r"Z$", "+00:00", record.started))
        elapsed = (datetime.now(timezone.utc) - started).total_seconds()
    if elapsed is None:
        return None
    return f"{elapsed:.2f} s" if elapsed < 60 else f"{int(elapsed) // 60} min {int(elapsed) % 60:02d} s"


def _print_log(record: RunRecord) -> None:
    if record.log_path is None:
        tell("soarkit: the app logged and printed nothing in this run, so there is no log")
        return
    try:
        file = open(record.log_path, "rb")  # noqa: SIM115 - closed below
    except FileNotFoundError:
        raise RequestError("the log of this run is gone; the newest 200 logs are kept", where=record.log_path) from None
    with file:
        text = file.read().decode("utf-8", "replace")
    write(printable(text, lines=True) if sys.stdout.isatty() else text)


def _shown(record: RunRecord, store: Store, paths: tuple[str, ...], *, as_json: bool, terminal: bool) -> bytes:
    raw = store.runs.result(record.key) if record.result_size else None
    if raw is None:
        if paths:
            raise RequestError(f"run {record.key} has no result to select from: {record.message or record.status}")
        return encoded(_without_result(record, as_json=as_json, terminal=terminal))
    document = json.loads(raw)
    if paths:
        return encoded(_selected(document, paths, as_json=as_json, terminal=terminal))
    if as_json:
        return encoded(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    return encoded(_drawn(record, document, store, terminal))


def _drawn(record: RunRecord, document: dict[str, Any], store: Store, terminal: bool) -> str:
    from soarkit.render.terminal import render_result

    found = _found(record, store.database.home)
    width, colour = _width(terminal), terminal and "NO_COLOR" not in os.environ
    head = "".join(f"{line}\n" for line in _about(record))
    head = click.style(head, dim=True) if colour else head
    if found is not None and found[0].kind == "enrichment":
        from soarkit.cli.shown import results_text

        return head + results_text(*found, document, terminal, elapsed=record.elapsed)
    action = None if found is None else found[1]
    parameters = () if action is None else action.parameters.values()
    text = render_result(
        document,
        [] if action is None else action.raw.get("output") or [],
        title=f"{record.app} {record.app_version} · {record.action}",
        width=width,
        color=colour,
        duration=record.elapsed,
        passwords={one.name for one in parameters if one.data_type == "password"},
    )
    return f"{head}{text}\n"


def _about(record: RunRecord) -> Iterator[str]:
    asset = f" · asset {record.asset}" if record.asset else ""
    container = f" · container {record.container}" if record.container else ""
    yield printable(f"{record.key} · {_when(record.started)}{asset}{container}")
    if record.log_path is not None:
        yield printable(f"log: {record.log_path}" + ("" if os.path.exists(record.log_path) else " (gone)"))


def _without_result(record: RunRecord, *, as_json: bool, terminal: bool) -> str:
    from soarkit.store.records import to_json

    if as_json:
        return envelope("runs show", ok=True, run=to_json(record)) + "\n"
    status = click.style(record.status, fg=_COLOURS[record.status], bold=True)
    error = record.error or {}
    lines = [*_about(record), printable(f"{record.app} {record.app_version} · {record.action}")]
    lines.append(status + (f" · {_time(record)}" if _time(record) else ""))
    lines += [printable(record.message, lines=True)] if record.message else []
    lines += [printable(f"  {error[key]}", lines=True) for key in ("where", "hint") if isinstance(error.get(key), str)]
    for one in record.parameters or []:
        lines += [printable(f"  {name} = {json.dumps(value, ensure_ascii=False)}") for name, value in one.items()]
    text = "".join(f"{line}\n" for line in lines)
    return text if terminal else click.unstyle(text)


def _selected(document: dict[str, Any], paths: tuple[str, ...], *, as_json: bool, terminal: bool) -> str:
    from soarkit_app import datapaths

    rows = datapaths.collect_rows(document, list(paths))
    if as_json and len(paths) == 1:
        return json.dumps(datapaths.collect(document, paths[0]), indent=2, ensure_ascii=False) + "\n"
    if as_json:
        return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"
    from soarkit.render.terminal import select_text

    colour = terminal and "NO_COLOR" not in os.environ
    text = select_text(rows, list(paths), terminal=terminal, width=_width(terminal), color=colour)
    return text and text.rstrip("\n") + "\n"


def _found(record: RunRecord, home: str) -> tuple[App, Action] | None:
    """The app and the action, where they are still there in the version that ran."""
    from soarkit.host import Host
    from soarkit.reports import app_of

    return app_of(Host(home), record)


def _width(terminal: bool) -> int:
    import shutil

    return shutil.get_terminal_size().columns if terminal else _WIDTH
