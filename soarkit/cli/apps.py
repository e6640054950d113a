"""``soarkit apps``: what is installed, and which version of it is current."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli import complete
from soarkit.cli.installation import (
    described,
    environment_lines,
    note,
    show_installation,
    show_preview,
    styled,
)
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, tell, write
from soarkit.render.text import printable, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soarkit.store.records import InstalledApp, InstalledVersion, StoredAsset

_WIDE = 120  # columns; on a narrower terminal slugs, which are typed, would be cut for the sake of names
_SHOWN = 10  # paths of one kind that `show` names


@click.group(invoke_without_command=True)
@format_option
@home_option
@click.pass_context
def command(context: click.Context, output_format: str, home: str) -> int:
    """List installed apps; look at one; switch between its versions; say who sees a bundle.

    Without a command: list them. An app is named by its slug or its appid.
    """
    if context.invoked_subcommand is not None:
        context.default_map = {context.invoked_subcommand: {"output_format": output_format, "home": home}}
        return 0
    return _list(home, output_format)


@command.command("list")
@format_option
@home_option
def list_command(output_format: str, home: str) -> int:
    """List installed apps."""
    return _list(home, output_format)


def _list(home: str, output_format: str) -> int:
    from soarkit.host import Host

    host = Host(home, note=note)
    with host.open_store() as store:
        apps = store.apps.list()
        assets = store.assets.list()
    states = {app.slug: host.inventory.bundle_state(app) for app in apps if app.is_bundle}
    if output_format == "json":
        write(envelope("apps", ok=True, apps=[_app_document(app, assets, states) for app in apps]) + "\n")
        return 0
    if not apps:
        tell("there are no installed apps; install one: soarkit install FILE.tgz")
        return 0
    from soarkit.cli.tables import table

    terminal = sys.stdout.isatty()
    wide = not terminal or shutil.get_terminal_size().columns >= _WIDE
    rows = []
    for app in apps:
        others = ", ".join(one.version for one in app.versions if one.version != app.current)
        product = " ".join(part for part in (app.product_vendor, app.product_name) if part)
        mine = [asset for asset in assets if asset.app == app.slug]
        lacking = ", ".join(asset.name for asset in mine if asset.needs)
        about = [app.name, product] if wide else []
        python = _python_version(app.version(app.current))
        kind = [app.kind, _state(app, states) or None] if states else []
        rows.append([app.slug, *kind, app.current, others or None, python, *about, len(mine), lacking or None])
    about = ["NAME", "PRODUCT"] if wide else []
    columns = ["KIND", "STATE"] if states else []
    headers = ["SLUG", *columns, "CURRENT", "OTHERS", "PYTHON", *about, "ASSETS", "NEED CONFIGURATION"]
    write(table(headers, rows, terminal=terminal))
    return 0


@command.command("show")
@click.argument("name", metavar="NAME[@VERSION]", shell_complete=complete.installed)
@format_option
@home_option
def show_command(name: str, output_format: str, home: str) -> int:
    """Show an installed app: where it is from, what it runs on, what it needs, what has changed in its folder."""
    from soarkit.host import Host

    host = Host(home, note=note)
    with host.open_store() as store:
        app = store.apps.find(name)
        version = app.version(name.partition("@")[2] or None)
        assets = store.assets.list(app.slug)
    states = {app.slug: host.inventory.bundle_state(app)} if app.is_bundle else {}
    document = _show(app, version, assets, states)
    if output_format == "json":
        write(envelope("apps", ok=True, **document) + "\n")
    else:
        write(styled(_show_text(app, version, assets, document)))
    return 0


@command.command("use")
@click.argument("name", shell_complete=complete.installed)
@click.argument("version")
@click.option("--dry-run", is_flag=True, help="Only show what would become of the app's assets; change nothing.")
@format_option
@home_option
def use_command(name: str, version: str, dry_run: bool, output_format: str, home: str) -> int:
    """Make another installed VERSION of an app the current one.

    Its assets gain the fields that are new in that version and lose those it does not have.
    """
    from soarkit.host import Host

    host = Host(home, note=note)
    with host.open_store() as store:
        installer = host.installer(store)
        if dry_run:
            show_preview("apps", installer.preview_use(name, version), output_format)
            return 0
        switched = installer.use(name, version)
        has_assets = bool(store.assets.list(switched.app.slug))
    state = Host(home).inventory.bundle_state(switched.app) if switched.app.is_bundle else None
    show_installation("apps", switched, output_format, has_assets=has_assets, state=state)
    return 0


@command.command("visibility")
@click.argument("name", shell_complete=complete.installed)
@click.argument("visibility", type=click.Choice(["public", "private"]))
@format_option
@home_option
def visibility_command(name: str, visibility: str, output_format: str, home: str) -> int:
    """Say who may see an installed enrichment bundle: all organisations, or only the one that has installed it.

    Nothing else changes: who sees a bundle still has to activate it, with credentials of their own.
    """
    from soarkit.host import Host

    host = Host(home, note=note)
    with host.open_store() as store:
        app = store.apps.set_visibility(name, visibility)
        assets = store.assets.list(app.slug)
    if output_format == "json":
        states = {app.slug: host.inventory.bundle_state(app)}
        write(envelope("apps", ok=True, app=_app_document(app, assets, states)) + "\n")
    else:
        write(f"{printable(app.slug)} is {visibility}\n")
    return 0


def _state(app: InstalledApp, states: Mapping[str, str]) -> str:
    return ", ".join(part for part in (states.get(app.slug), app.visibility) if part)


def _app_document(app: InstalledApp, assets: list[StoredAsset], states: Mapping[str, str]) -> dict[str, Any]:
    from soarkit.store.records import to_json

    mine = [asset for asset in assets if asset.app == app.slug]
    return {
        **to_json(app),
        "state": states.get(app.slug),
        "python": _python_version(app.version(app.current)),
        "assets": [{"name": asset.name, "needs": list(asset.needs)} for asset in mine],
    }


def _python_version(version: InstalledVersion) -> str | None:
    found: str | None = described(version.environment).get("python")
    return found


def _show(
    app: InstalledApp, version: InstalledVersion, assets: list[StoredAsset], states: Mapping[str, str]
) -> dict[str, Any]:
    from soarkit.errors import SoarkitError
    from soarkit.manifest.loader import load
    from soarkit.packages import appdata, contents

    shipped = contents.read_list(version.folder) or {}
    there = os.path.isdir(version.folder)
    problem = None if there else "the files of this version are gone"
    configuration = {}
    if there:
        try:
            configuration = load(os.path.join(version.folder, version.manifest)).raw["configuration"]
        except SoarkitError as error:
            problem = f"{version.manifest}: {error.message}"
    from soarkit.store.records import to_json

    return {
        "app": _app_document(app, assets, states),
        "version": to_json(version),
        "environment": described(version.environment),
        "configuration": configuration,
        "changed": contents.changed(version.folder, shipped) if there else [],
        "data": appdata.data_files(version.folder, shipped) if there else [],
        "problem": problem,
    }


def _show_text(
    app: InstalledApp, version: InstalledVersion, assets: list[StoredAsset], document: dict[str, Any]
) -> str:
    current = "current" if version.version == app.current else f"current is {app.current}"
    lines = [click.style(printable(f"{app.name} {version.version}"), bold=True) + f" ({printable(current)})"]
    lines += [f"  {line}" for line in wrap(printable(app.description, lines=True), 100)]
    others = ", ".join(one.version for one in app.versions)
    product = " ".join(part for part in (app.product_vendor, app.product_name) if part)
    about: list[tuple[str, str | None]] = [
        ("slug", app.slug),
        ("kind", "enrichment bundle" if app.is_bundle else None),
        ("state", document["app"]["state"]),
        ("visibility", app.visibility),
        ("appid", app.appid),
        ("publisher", app.publisher),
        ("product", product),
        ("versions", others),
        ("installed", f"{version.installed_at} from {version.source}"),
        ("folder", version.folder),
        ("content", version.digest),
        ("environment", _environment_text(version, document["environment"])),
    ]
    lines += [f"  {name:<12} {printable(value)}" for name, value in about if value]
    lines += [f"  {'':<12} {printable(line)}" for line in environment_lines(document["environment"])]
    from soarkit.packages.sources import again

    mended = f"installing it again repairs it: {again(version.source)}"
    if document["problem"]:
        lines.append(click.style("  problem      ", fg="red") + printable(document["problem"]))
        lines += [] if document["changed"] else [f"  {'':<12} {printable(mended)}"]
    for name, field in document["configuration"].items():
        if isinstance(field, dict) and field.get("data_type") != "ph":
            lines.append(_field_line(name, field))
    for asset in assets:
        lacks = f", needs configuration: {', '.join(asset.needs)}" if asset.needs else ""
        lacks = f", {asset.state}" if asset.active is not None else lacks
        lines.append(f"  {'asset':<12} {printable(asset.name + lacks)}")
    lines += _paths("changed", document["changed"], mended)
    lines += _paths("app data", document["data"], "")
    return "".join(f"{line}\n" for line in lines)


def _environment_text(version: InstalledVersion, about: dict[str, Any]) -> str | None:
    if not about.get("python"):
        return version.environment
    forced = ", as asked for" if version.python else ""
    return f"Python {about['python']}{forced}, {version.environment}"


def _field_line(name: str, field: dict[str, Any]) -> str:
    parts = [str(field.get("data_type", "")), "required" if field.get("required") else ""]
    if field.get("default") not in (None, "") and field.get("data_type") != "password":
        parts.append(f"default {field['default']!r}")
    about = printable(", ".join(part for part in parts if part))
    return f"  {'setting':<12} {printable(name)} ({about})  {printable(str(field.get('description') or ''))}"


def _paths(label: str, paths: list[str], hint: str) -> list[str]:
    lines = [f"  {label:<12} {printable(path)}" for path in paths[:_SHOWN]]
    if len(paths) > _SHOWN:
        lines.append(f"  {'':<12} and {len(paths) - _SHOWN} more")
    if paths and hint:
        lines.append(f"  {'':<12} {printable(hint)}")
    return lines
