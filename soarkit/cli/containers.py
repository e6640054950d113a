"""``soarkit containers``: what ingestion has made of alerts, mails, tickets."""

from __future__ import annotations

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
from soarkit.errors import UsageError
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_FORMS = ("json", "jsonl")
_ids = click.argument("ids", nargs=-1, metavar="ID...", type=int, shell_complete=complete.containers)
_status = click.option(
    "--status", metavar="STATUS", shell_complete=complete.statuses, help="Only those that stand so: new, open, closed."
)


@click.group()
def command() -> None:
    """Look at the containers that apps have saved.

    A container is what ingestion makes of an alert, a mail, a ticket. `soarkit poll` lets an app fetch what is new.
    """


@command.command("list")
@ingested.asset_option
@ingested.filters
@_status
@ingested.limit_option
@format_option
@home_option
def list_containers(output_format: str, home: str, limit: int, **wanted: Any) -> int:
    """List containers, newest first."""
    with ingested.open_store(home) as store:
        found = store.containers.list(limit=limit, **_filters(store, **wanted))
        assets = ingested.asset_names(store)
    if output_format == "json":
        write(envelope("containers list", ok=True, containers=found) + "\n")
        return 0
    if not found:
        tell("soarkit: there are no such containers")
        return 0
    rows = [
        [
            one["id"],
            when(one["create_time"]),
            value_text(one["name"]),
            one["label"],
            one["severity"],
            one["status"],
            one["artifact_count"],
            assets.get(one["asset"], one["asset"] or None),
        ]
        for one in found
    ]
    headers = ["ID", "SAVED", "NAME", "LABEL", "SEVERITY", "STATUS", "ARTIFACTS", "ASSET"]
    write(table(headers, rows, terminal=sys.stdout.isatty(), whole=("ID", "SAVED", "ARTIFACTS")))
    return 0


@command.command()
@click.argument("id", metavar="ID", type=int, shell_complete=complete.containers)
@click.option(
    "--artifacts", type=click.IntRange(min=0), default=100, show_default=True, help="So many artifacts at most."
)
@format_option
@home_option
def show(id: int, artifacts: int, output_format: str, home: str) -> int:
    """Show a container with its artifacts, notes and files."""
    with ingested.open_store(home) as store:
        container = store.containers.get(id)
        container["artifacts"] = store.artifacts.list(container=id, limit=artifacts, newest_first=False)
        container["notes"] = store.notes.list(id)
        container["files"] = store.vault.find(container_id=id)
        assets = ingested.asset_names(store)
    if output_format == "json":
        write(envelope("containers show", ok=True, container=container) + "\n")
    else:
        ingested.write_lines(_lines(container, assets))
    return 0


@command.command()
@_ids
@ingested.asset_option
@ingested.filters
@_status
@ingested.output_option
@ingested.force_option
@click.option("--format", "-f", "form", type=click.Choice(_FORMS), help="Default: as FILE ends, else json.")
@home_option
def export(ids: tuple[int, ...], output: str | None, force: bool, form: str | None, home: str, **wanted: Any) -> int:
    """Export containers, each with its artifacts, notes and the list of its files, oldest first.

    json is one array, jsonl a line for each container. Without IDs and options all are exported.
    """
    with ingested.open_store(home) as store:
        found = _filters(store, **wanted)
        for one in ids:
            store.containers.get(one)
        if ids:
            found["ids"] = list(ids)
        write_items = {"json": ingested.json_pieces, "jsonl": ingested.line_pieces}
        chosen = ingested.form_of(output, form, _FORMS)
        with store.database.one_moment():
            ingested.put(write_items[chosen](_exported(store, found)), output, force=force)
    return 0


@command.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...", type=int, shell_complete=complete.containers)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@format_option
@home_option
def delete(ids: tuple[int, ...], yes: bool, output_format: str, home: str) -> int:
    """Delete containers with their artifacts, notes, and files that no other container has."""
    with ingested.open_store(home) as store:
        found = {one: store.containers.get(one) for one in ids}
        if not yes:
            _confirm(list(found.values()))
        for one in found:
            store.containers.delete(one)
    removed = [{key: one[key] for key in ("id", "name", "artifact_count")} for one in found.values()]
    if output_format == "json":
        write(envelope("containers delete", ok=True, removed=removed) + "\n")
    else:
        write("".join(f"deleted {printable(_described(one))}\n" for one in removed))
    return 0


def _filters(
    store: Store,
    *,
    asset: str | None,
    app: str | None,
    label: str | None,
    severity: str | None,
    status: str | None,
    since: datetime | None,
) -> dict[str, Any]:
    return {
        "asset": ingested.asset_id_of(store, asset),
        "app": ingested.appid_of(store, app),
        "label": label,
        "severity": severity,
        "status": status,
        "since": since,
    }


def _exported(store: Store, filters: dict[str, Any]) -> Iterator[Iterator[str]]:
    for container in store.containers.each(**filters):
        yield _container_pieces(store, container)


def _container_pieces(store: Store, container: dict[str, Any]) -> Iterator[str]:
    """A container as JSON, with its artifacts one after another."""
    own = {
        **container,
        "notes": store.notes.list(container["id"]),
        "files": store.vault.find(container_id=container["id"]),
    }
    yield ingested.dumped(own)[:-1]
    yield ',"artifacts":['
    separator = ""
    for artifact in store.artifacts.each(container=container["id"]):
        yield separator + ingested.dumped(artifact)
        separator = ","
    yield "]}"


def _lines(container: dict[str, Any], assets: dict[int, str]) -> Iterator[str]:
    yield f"{container['id']} · {value_text(container['name'])}"
    asset = assets.get(container["asset"], container["asset"] or None)
    shown = {
        "status": " · ".join(container[key] for key in ("status", "severity", "label", "sensitivity")),
        "asset": asset,
        "saved": when(container["create_time"]),
        "changed": when(container["container_update_time"]),
        "started": when(container["start_time"]),
        "ended": when(container["end_time"]),
        "due": when(container["due_time"]),
        "closed": when(container["close_time"]),
        "identifier": container["source_data_identifier"],
        "owner": container["owner"] or None,
        "tags": ", ".join(container["tags"]) or None,
        "run": container["run"],
        "description": container["description"],
    }
    yield from (f"  {name:12} {value_text(value)}" for name, value in shown.items() if value is not None)
    for name in ("custom_fields", "data"):
        if container[name]:
            yield f"  {name.replace('_', ' '):12} {value_text(container[name])}"
    for artifact in container["artifacts"]:
        yield ""
        yield from ingested.artifact_lines(artifact)
    more = container["artifact_count"] - len(container["artifacts"])
    if more > 0:
        yield ""
        yield f"{more} more artifact{'' if more == 1 else 's'}: soarkit artifacts list --container {container['id']}"
    for note in container["notes"]:
        yield ""
        yield f"note {note['id']} · {value_text(note['title'])}"
        yield from (f"  {line}" for line in note["content"].splitlines())
    if container["files"]:
        yield ""
    for file in container["files"]:
        yield f"file {file['vault_id']} · {file['name']} · {file['size']} bytes"


def _described(container: dict[str, Any]) -> str:
    count = container["artifact_count"]
    return f"container {container['id']}, {value_text(container['name'])}: {count} artifact{'' if count == 1 else 's'}"


def _confirm(containers: list[dict[str, Any]]) -> None:
    from soarkit.cli.form import can_ask

    if not can_ask():
        raise UsageError("deleting needs a yes", hint="--yes gives it")
    for one in containers:
        tell(printable(_described(one)))
    click.confirm(f"Delete {'this' if len(containers) == 1 else 'these'}?", abort=True, err=True)
