"""``soarkit artifacts``: the single observations in containers."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli import complete, ingested
from soarkit.cli.ingested import value_text, when
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, tell, write
from soarkit.cli.tables import table

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_FORMS = ("json", "jsonl", "csv")
#: Columns of a table for other programs; a column for each CEF field follows.
_COLUMNS = (
    *("id", "container", "name", "label", "type", "severity", "source_data_identifier", "description"),
    *("tags", "create_time", "start_time", "end_time"),
)
_FORMULA = re.compile("[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_container = click.option(
    "--container", type=int, metavar="ID", shell_complete=complete.containers, help="Only those of this container."
)


@click.group()
def command() -> None:
    """Look at the artifacts in containers.

    An artifact is one observation: addresses, hashes, names, by the fields of the Common Event Format (CEF).
    """


@command.command("list")
@_container
@ingested.filters
@ingested.limit_option
@format_option
@home_option
def list_artifacts(output_format: str, home: str, limit: int, **wanted: Any) -> int:
    """List artifacts, newest first."""
    with ingested.open_store(home) as store:
        found = store.artifacts.list(limit=limit, **_filters(store, **wanted))
    if output_format == "json":
        write(envelope("artifacts list", ok=True, artifacts=found) + "\n")
        return 0
    if not found:
        tell("soarkit: there are no such artifacts")
        return 0
    rows = [
        [
            one["id"],
            one["container"],
            when(one["create_time"]),
            value_text(one["name"]),
            one["label"],
            one["severity"],
            _cef(one["cef"]),
        ]
        for one in found
    ]
    headers = ["ID", "CONTAINER", "SAVED", "NAME", "LABEL", "SEVERITY", "CEF"]
    write(table(headers, rows, terminal=sys.stdout.isatty(), whole=("ID", "CONTAINER", "SAVED")))
    return 0


@command.command()
@click.argument("id", metavar="ID", type=int, shell_complete=complete.artifacts)
@format_option
@home_option
def show(id: int, output_format: str, home: str) -> int:
    """Show an artifact with all that is known about it."""
    with ingested.open_store(home) as store:
        artifact = store.artifacts.get(id)
    if output_format == "json":
        write(envelope("artifacts show", ok=True, artifact=artifact) + "\n")
    else:
        ingested.write_lines(ingested.artifact_lines(artifact, whole=True))
    return 0


@command.command()
@_container
@ingested.filters
@ingested.output_option
@ingested.force_option
@click.option("--format", "-f", "form", type=click.Choice(_FORMS), help="Default: as FILE ends, else json.")
@home_option
def export(output: str | None, force: bool, form: str | None, home: str, **wanted: Any) -> int:
    """Export artifacts, oldest first.

    json is one array, jsonl a line for each artifact; csv has a column for each CEF field that occurs. In csv, text
    that a spreadsheet would take for a formula has a ' before it.
    """
    with ingested.open_store(home) as store:
        found = _filters(store, **wanted)
        chosen = ingested.form_of(output, form, _FORMS)
        with store.database.one_moment():
            ingested.put(_exported(store, found, chosen), output, force=force)
    return 0


def _filters(
    store: Store,
    *,
    container: int | None,
    app: str | None,
    label: str | None,
    severity: str | None,
    since: datetime | None,
) -> dict[str, Any]:
    if container is not None:
        store.containers.get(container)
    return {
        "container": container,
        "app": ingested.appid_of(store, app),
        "label": label,
        "severity": severity,
        "since": since,
    }


def _exported(store: Store, filters: dict[str, Any], form: str) -> Iterator[str]:
    if form == "csv":
        return _csv(store, filters)
    items = (iter((ingested.dumped(one),)) for one in store.artifacts.each(**filters))
    return ingested.json_pieces(items) if form == "json" else ingested.line_pieces(items)


def _csv(store: Store, filters: dict[str, Any]) -> Iterator[str]:
    # Twice through all of them: the columns have to be known before the first row.
    fields: dict[str, None] = {}
    for one in store.artifacts.each(**filters):
        fields.update(dict.fromkeys(one["cef"] if isinstance(one["cef"], dict) else ()))
    line = io.StringIO()
    writer = csv.writer(line)

    def row(values: list[object]) -> str:
        writer.writerow([_no_formula(value) if isinstance(value, str) else value for value in values])
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    yield row([*_COLUMNS, *(f"cef.{name}" for name in fields)])
    for one in store.artifacts.each(**filters):
        cef = one["cef"] if isinstance(one["cef"], dict) else {}
        values = [", ".join(one[name]) if name == "tags" else one[name] for name in _COLUMNS]
        yield row([*values, *(_cell(cef.get(name)) for name in fields)])


def _no_formula(text: str) -> str:
    """Whoever wrote a mail or a log entry may have thought of the spreadsheet that its text would end up in."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _cell(value: object) -> object:
    return value if value is None or isinstance(value, str) else ingested.dumped(value)


def _cef(cef: object) -> str:
    if not isinstance(cef, dict):
        return value_text(cef)
    return ", ".join(f"{name}={value_text(value)}" for name, value in ingested.filled_fields(cef).items())
