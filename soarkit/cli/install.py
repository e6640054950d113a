"""``soarkit install``: an app, ready to run."""

from __future__ import annotations

import click

from soarkit.cli.installation import note, show_installation, show_preview
from soarkit.cli.options import format_option, home_option


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
@click.option("--force", is_flag=True, help="Install an app that asks for a newer platform version, too.")
@format_option
@home_option
def command(
    source: str,
    python: str | None,
    no_index_fallback: bool,
    dry_run: bool,
    force: bool,
    output_format: str,
    home: str,
) -> int:
    """Install an app from its tarball, its folder or a Git repository, and make it the current version.

    Its environment is built and its main module imported first: an installation that fails leaves everything as it
    was. Of a folder or repository only what `soarkit package` would pack is installed.
    """
    from soarkit.host import Host

    host = Host(home, note=note)
    with host.open_store() as store:
        installer = host.installer(store)
        if dry_run:
            show_preview("install", installer.preview(source, force=force), output_format)
            return 0
        installed = installer.install(source, python=python, index_fallback=not no_index_fallback, force=force)
        has_assets = bool(store.assets.list(installed.app.slug))
    show_installation("install", installed, output_format, has_assets=has_assets)
    return 0
