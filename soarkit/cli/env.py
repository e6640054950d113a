"""``soarkit env``: the environments that apps run in."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, tell, write
from soarkit.cli.tables import table
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.environments.catalogue import Entry
    from soarkit.environments.upkeep import Leftover


@click.group()
def command() -> None:
    """List, refresh and remove the environments of apps.

    Apps with the same interpreter and the same dependencies share one. KEY is the beginning of an environment's key, as
    the list shows it.
    """


@command.command("list")
@home_option
@format_option
def list_(home: str, output_format: str) -> int:
    """List all environments, the last used one first."""
    from soarkit.environments import catalogue, disk

    found = catalogue.entries(home)
    sizes = {one.folder: one.about.get("size") or disk.usage([one.folder]).size for one in found}
    total = disk.usage(one.folder for one in found).size
    if output_format == "json":
        items = [{**_data(one), "size": sizes[one.folder]} for one in found]
        write(envelope("env list", ok=True, environments=items, size=total) + "\n")
        return 0
    if not found:
        write("There are no environments yet; the first run of an app builds one.\n")
        return 0
    headers = ("KEY", "STATE", "PYTHON", "LIST", "APPS", "SIZE", "LAST USED")
    rows = [
        (
            one.short,
            one.state,
            one.about.get("python"),
            _list_name(one.about),
            ", ".join(dict.fromkeys(use.name for use in one.uses)) or None,
            disk.shown(sizes[one.folder]),
            _ago(one.last_used),
        )
        for one in found
    ]
    together = f"{len(found)} environment{'s' if len(found) != 1 else ''}, {disk.shown(total)}"
    shared = max(0, sum(sizes.values()) - total)
    write(table(headers, rows, terminal=sys.stdout.isatty()))
    write(f"{together}{f' (files that they share counted once: {disk.shown(shared)} less)' if shared else ''}\n")
    return 0


@command.command()
@click.argument("key")
@home_option
@format_option
def show(key: str, home: str, output_format: str) -> int:
    """Show what an environment holds, and where it came from."""
    from soarkit.environments import catalogue

    entry = catalogue.find(home, key)
    if output_format == "json":
        write(envelope("env show", ok=True, environment={**entry.about, **_data(entry)}) + "\n")
    else:
        text = "\n".join([*_about(entry), *_contents(entry.about), ""])
        write(text if sys.stdout.isatty() else click.unstyle(text))
    return 0


@command.command()
@click.argument("name", metavar="APP|KEY")
@home_option
@format_option
def refresh(name: str, home: str, output_format: str) -> int:
    """Build an environment anew, from the package index and the baseline as they are now.

    The old one is used until the new one is complete, and what runs from it goes on; soarkit env prune removes it.
    """
    from soarkit.environments import describe

    described = [describe(folder) for folder in _refreshed(name, home)]
    if output_format == "json":
        write(envelope("env refresh", ok=True, environments=described) + "\n")
    else:
        write("".join(f"{one['folder']}\n" for one in described))
    return 0


@command.command()
@click.option("--older-than", type=click.FloatRange(min=0), metavar="DAYS", help="Also those not used for DAYS days.")
@click.option("--dry-run", is_flag=True, help="Say only what would be removed.")
@home_option
@format_option
def prune(older_than: float | None, dry_run: bool, home: str, output_format: str) -> int:
    """Remove environments that no app uses, and builds that never ended.

    An app whose environment was removed gets it again on its next run. What a running process uses stays.
    """
    from soarkit.environments import disk, upkeep

    seconds = None if older_than is None else older_than * 86400
    done = upkeep.prune(home, older_than=seconds, dry_run=dry_run)
    if output_format == "json":
        lists: dict[str, Any] = {"removed": [_leftover(one) for one in done.removed]}
        lists["kept"] = [_leftover(one) for one in done.kept]
        write(envelope("env prune", ok=True, dry_run=dry_run, **lists, freed=done.freed) + "\n")
        return 0
    verb = "would remove" if dry_run else "removed"
    lines = [f"{verb} {_called(one)}: {one.reason}" for one in done.removed]
    lines += [f"kept {_called(one)} ({one.reason}): in use" for one in done.kept]
    ending = f"{disk.shown(done.freed)} {'would be' if dry_run else 'are'} free"
    write("".join(f"{printable(line)}\n" for line in [*lines, ending if done.removed else "nothing to remove"]))
    return 0


def _refreshed(name: str, home: str) -> list[str]:
    """The new folders of the environments that a key or an app stands for."""
    from soarkit.environments import catalogue, upkeep
    from soarkit.errors import RequestError
    from soarkit.host import Host

    uses = None
    if len(name) >= 4 and not os.path.exists(name) and set(name.partition(".")[0]) <= set("0123456789abcdef"):
        try:
            uses = list(catalogue.find(home, name).uses)
        except RequestError:  # an app may be called like that
            pass
    if uses is None:
        host = Host(home)
        app = host.open_app(name)
        folder = os.path.realpath(app.folder)
        uses = [one for one in catalogue.uses(home)[0] if one.folder == folder]
        if not uses:  # its first one is as new as can be
            return [os.path.dirname(os.path.dirname(host.python_for(app, _progress)))]
    return [one.path for one in upkeep.refresh(home, uses, _progress) if one.path]


def _progress(text: str) -> None:
    tell(f"soarkit: {printable(text, lines=True)}")


def _data(entry: Entry) -> dict[str, Any]:
    """One environment for programs."""
    from soarkit.environments import stamps

    apps = [{"name": use.name, "folder": use.folder, "last_used": stamps.iso(use.last)} for use in entry.uses]
    used = entry.last_used
    kept = ("key", "folder", "state", "python", "list", "lock")
    about = {name: entry.about.get(name) for name in kept}
    return {**about, "apps": apps, "last_used": None if used is None else stamps.iso(used)}


def _leftover(one: Leftover) -> dict[str, Any]:
    return {"folder": one.path, "key": None if one.entry is None else one.entry.short, "reason": one.reason}


def _called(one: Leftover) -> str:
    return one.path if one.entry is None else one.entry.short


def _list_name(about: dict[str, Any]) -> str | None:
    lock = about.get("lock")
    return lock["file"] if isinstance(lock, dict) and "file" in lock else about.get("list")


def _ago(moment: float | None) -> str | None:
    """How long ago, in the largest unit that fits."""
    import time

    if moment is None:
        return None
    seconds = max(0.0, time.time() - moment)
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count != 1 else ''} ago"
    return "just now"


def _about(entry: Entry) -> list[str]:
    """The lines on top: what it is and who uses it."""
    from soarkit.environments import disk

    about = entry.about
    rows = [
        ("environment", about["folder"]),
        ("state", entry.state),
        ("Python", f"{about.get('python')}  {about.get('interpreter')}" if about.get("python") else None),
        ("list", about.get("list")),
        ("lock", _locked(about)),
        (
            "built",
            f"{about['built']} with {about.get('installer')} in {about.get('seconds')} s" if "built" in about else 0,
        ),
        ("size", disk.shown(disk.usage([entry.folder]).size)),
        ("last used", _ago(entry.last_used)),
    ]
    lines = [f"{name:<12} {printable(str(value))}" for name, value in rows if value]
    lines += [
        f"{'used by' if not at else '':<12} {printable(f'{one.name}  {one.folder}')}"
        for at, one in enumerate(entry.uses)
    ]
    return lines


def _locked(about: dict[str, Any]) -> str | None:
    lock = about.get("lock")
    return f"{lock['file']}  sha256 {lock['sha256']}" if isinstance(lock, dict) else None


def _contents(about: dict[str, Any]) -> list[str]:
    """Warnings, wheels, what ``pip check`` found and all that is installed."""
    lines: list[str] = []
    for head, found in (("warnings", about.get("warnings")), ("pip check", about.get("check"))):
        if found:
            lines += ["", click.style(head, bold=True), *(f"  {printable(str(line))}" for line in found)]
    wheels = about.get("wheels")
    if wheels:
        lines += ["", click.style("wheels of the app", bold=True), *(line for one in wheels for line in _wheel(one))]
    installed = about.get("installed")
    if isinstance(installed, dict):
        lines += ["", click.style(f"{len(installed)} packages installed", bold=True)]
        lines += [f"  {printable(f'{name}=={version}')}" for name, version in sorted(installed.items())]
    return lines


def _wheel(one: dict[str, Any]) -> list[str]:
    """A wheel of the app, and the file of the index that was taken in its stead."""
    digest = f"sha256 {one.get('sha256') or 'not known'}"
    if one.get("origin") == "app":
        return [f"  {printable(str(one.get('file')))}", f"      {digest}"]
    taken = one.get("installed") or f"{one.get('requirement')}, a file that the installer did not name"
    return [
        "  " + printable(f"{one.get('file')} {one.get('problem')}"),
        f"      from the package index: {printable(str(taken))}",
        f"      {digest}",
    ]
