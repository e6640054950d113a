"""``soarkit uninstall``: remove an app, or one version of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli import complete
from soarkit.cli.installation import note
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, write
from soarkit.errors import Cancelled, UsageError
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.packages.removal import Removal


@click.command()
@click.argument("name", metavar="NAME[@VERSION]", shell_complete=complete.installed)
@click.option("--purge", is_flag=True, help="Remove its assets, and what the app has written, too.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@format_option
@home_option
def command(name: str, purge: bool, yes: bool, output_format: str, home: str) -> int:
    """Remove an installed app; with @VERSION that version alone, which must not be the current one.

    Its assets and the files it has written itself are kept for when it is installed again, unless --purge is given. Of
    an enrichment bundle credentials and activation go: they are entered anew after a fresh installation.
    """
    from soarkit.host import Host
    from soarkit.packages.removal import uninstall

    slug, _, version = name.partition("@")
    host = Host(home, note=note)
    with host.open_store() as store:
        app = store.apps.find(slug)
        if purge and not yes:
            _confirm(app.slug, [asset.name for asset in store.assets.list(app.slug)])
        removal = uninstall(host.home, store, slug, version=version or None, purge=purge, progress=note)
    if output_format == "json":
        write(envelope("uninstall", ok=True, **_document(removal)) + "\n")
    else:
        write(_text(removal, purge))
    return 0


def _confirm(slug: str, assets: list[str]) -> None:
    """What a purge removes comes back from nowhere: ask, where there is somebody to ask."""
    if not sys.stdin.isatty():
        raise UsageError(
            "a purge removes assets and data for good", where="--purge", hint="add --yes where nobody can be asked"
        )
    names = f" and the assets {', '.join(assets)}" if assets else ""
    if not click.confirm(f"Remove {slug}, everything it has written{names}, for good?", err=True):
        raise Cancelled("cancelled")


def _document(removal: Removal) -> dict[str, Any]:
    return {
        "app": {"slug": removal.app.slug, "appid": removal.app.appid, "name": removal.app.name},
        "versions": [removal.version] if removal.version else [one.version for one in removal.app.versions],
        "assets": list(removal.assets),
        "kept": list(removal.kept),
        "waiting": list(removal.waiting),
    }


def _text(removal: Removal, purge: bool) -> str:
    what = removal.app.slug if removal.version is None else f"{removal.app.slug} {removal.version}"
    lines = [f"{what} is uninstalled"]
    if removal.assets:
        names = ", ".join(removal.assets)
        stay = "its assets stay, without their credentials" if removal.app.is_bundle else "its assets stay"
        lines.append(f"  its assets are removed: {names}" if purge else f"  {stay}: {names}")
    if removal.kept:
        count = len(removal.kept)
        lines.append(f"  what the app has written is kept: {count} file{'' if count == 1 else 's'}")
    lines += [f"  removed when no action runs in it any more: {one}" for one in removal.waiting]
    return "".join(f"{printable(line)}\n" for line in lines)
