"""``soarkit install``: an app, ready to run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from soarkit.cli.installation import note, show_installation, show_preview
from soarkit.cli.options import format_option, home_option

if TYPE_CHECKING:
    from soarkit.store.opened import Store
    from soarkit.store.records import InstalledApp


@click.command()
@click.argument("source", metavar="FILE.tgz|DIR|git+URL[@REF]")
@click.option(
    "--python",
    metavar="PATH|VERSION",
    help="Build the app's environment for this interpreter.  [default: the one that fits best]",
)
@click.option(
    "--no-index-fallback", is_flag=True, help="Refuse wheels that do not fit; take none from the index instead."
)
@click.option("--dry-run", is_flag=True, help="Only show what would become of the app's assets; change nothing.")
@click.option("--public", is_flag=True, help="Make an enrichment bundle public; it is private else.")
@click.option("--force", is_flag=True, help="Install an app that asks for a newer platform version, too.")
@format_option
@home_option
def command(
    source: str,
    python: str | None,
    no_index_fallback: bool,
    dry_run: bool,
    public: bool,
    force: bool,
    output_format: str,
    home: str,
) -> int:
    """Install an app from its tarball, its folder or a Git repository, and make it the current version.

    Its environment is built and its main module imported first: an installation that fails leaves everything as it
    was. Of a folder or repository only what `soarkit package` would pack is installed.

    Of an enrichment bundle the scripts are compiled instead. It is inactive until an asset has its credentials. One
    that is installed is updated in place by a higher version with the same credentials, and stays active then.
    """
    from soarkit.host import Host

    host = Host(home, note=note)
    with host.open_store() as store:
        installer = host.installer(store)
        if dry_run:
            show_preview("install", installer.preview(source, force=force), output_format)
            return 0
        installed = installer.install(source, python=python, index_fallback=not no_index_fallback, force=force)
        if public:
            installed = replace(installed, app=_public(store, installed.app))
        has_assets = bool(store.assets.list(installed.app.slug))
    state = Host(home).inventory.bundle_state(installed.app) if installed.app.is_bundle else None
    show_installation("install", installed, output_format, has_assets=has_assets, state=state)
    return 0


def _public(store: Store, app: InstalledApp) -> InstalledApp:
    if app.is_bundle:
        return store.apps.set_visibility(app.slug, "public")
    note("warning: --public is for enrichment bundles; this is a connector")
    return app
