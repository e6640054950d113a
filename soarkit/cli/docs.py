"""``soarkit docs``: the documentation page of an app."""

from __future__ import annotations

import os

import click

from soarkit.cli import complete
from soarkit.cli.options import home_option
from soarkit.cli.output import note, tell, write_bytes
from soarkit.errors import SurroundingsError, UsageError, typed
from soarkit.host import Host
from soarkit.manifest.model import App
from soarkit.render.text import printable


@click.command()
@click.argument("app", shell_complete=complete.apps)
@click.option(
    "--output",
    "-o",
    type=click.Path(),
    metavar="DIR",
    help="Write the page into this folder, as SLUG.html or SLUG.md.  [default: standard output]",
)
@click.option(
    "--format",
    "-f",
    "page_format",
    type=click.Choice(["html", "md"]),
    help="One HTML file, or Markdown as GitHub shows it.  [default: html; of a bundle md]",
)
@home_option
def command(app: str, output: str | None, page_format: str | None, home: str) -> int:
    """Make the documentation page of APP from its JSON and the page that it brings itself.

    The HTML page is one file with the pictures in it; it has no scripts and loads nothing. Beside the Markdown page
    its pictures are written, in SLUG-files; on standard output it has none.

    Of an enrichment bundle it is a first version of the documentation that a certification wants, documentation.md,
    with marked places for what its author has to add. `soarkit submission` says what is still missing.
    """
    host = Host(home, note=note)
    opened = host.open_app(app)
    if opened.kind == "enrichment":
        return _bundle(opened, app, output, page_format)
    installed = host.inventory.installed(opened)
    slug = _slug(opened) if installed is None else installed.app.slug
    pictures: dict[str, bytes] = {}
    page_format = page_format or "html"
    if page_format == "html":
        from soarkit.render.appdocs import html

        page = html.page(opened)
    else:
        from soarkit.render.appdocs import markdown

        page, pictures = markdown.page(opened, None if output is None else f"{slug}-files")
    data = page.encode()
    if output is None:
        write_bytes(data)
        return 0
    path = os.path.join(output, f"{slug}.{page_format}")
    _write(output, {**pictures, f"{slug}.{page_format}": data})
    tell(f"soarkit: the page is {printable(path)}")
    return 0


def _bundle(app: App, word: str, output: str | None, page_format: str | None) -> int:
    """The first version of a bundle's documentation."""
    from soarkit.enrichments.documentation import FILE, first_version
    from soarkit.manifest.bundles import metadata

    if page_format == "html":
        raise UsageError(
            "the documentation of a bundle is written in Markdown, as its author has to go on with it",
            where="--format html",
            hint="leave the option out",
        )
    data = first_version(metadata.of(app)).encode()
    if output is None:
        write_bytes(data)
        return 0
    path = os.path.join(output, FILE)
    if os.path.lexists(path):
        raise UsageError(
            "there is one already, and what was added to it would be lost",
            where=path,
            hint="remove it, or name another folder with -o",
        )
    _write(output, {FILE: data})
    tell(f"soarkit: a first version is {printable(path)}")
    tell(f"soarkit: fill the places marked TO DO; what is missing then says soarkit submission {typed(word)}")
    return 0


def _slug(app: App) -> str:
    from soarkit.manifest.naming import slug_of

    return slug_of(app.name)


def _write(folder: str, files: dict[str, bytes]) -> None:
    """Write files into a folder, which is made where there is none; the page last, as it names the others."""
    from soarkit import homefiles

    folder = os.path.abspath(folder)
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise UsageError("this is no folder", where=folder, hint="name the folder that the page is to be written into")
    mask = os.umask(0o077)
    os.umask(mask)
    try:
        for name, content in files.items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            homefiles.write_bytes(path, content)
            os.chmod(path, 0o666 & ~mask)  # a page is there to be read, unlike what lies in the home
    except OSError as error:
        raise SurroundingsError(
            f"the page cannot be written: {error.strerror}", where=folder, hint="name another folder with -o"
        ) from error
