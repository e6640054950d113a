"""``soarkit submission``: the certification zip of an enrichment bundle."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli import complete
from soarkit.cli.installation import styled
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, note, tell, write
from soarkit.cli.package import size
from soarkit.errors import UsageError, typed
from soarkit.host import Host
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.manifest.bundles.metadata import Metadata
    from soarkit.manifest.findings import Finding
    from soarkit.manifest.model import App
    from soarkit.packages.zips import Zip

_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


@click.command()
@click.argument("bundle", shell_complete=complete.apps)
@click.option(
    "--output",
    "-o",
    type=click.Path(),
    metavar="ZIP",
    help="The file to write.  [default: SLUG-VERSION-submission.zip]",
)
@click.option(
    "--docs",
    "documentation",
    type=click.Path(),
    metavar="PATH",
    help="The documentation: a folder with its screenshots, or one file.  [default: documentation or docs beside the "
    "metadata]",
)
@click.option(
    "--update",
    is_flag=True,
    help="It updates a version that people have, so the documentation needs a change log.  [default: where an older "
    "version is installed]",
)
@format_option
@home_option
def command(
    bundle: str, output: str | None, documentation: str | None, update: bool, output_format: str, home: str
) -> int:
    """Make the zip that a certification of BUNDLE takes: its archive and its documentation.

    BUNDLE is its folder, its archive, or the name of an installed one. The archive is checked as a certification does
    it, the documentation for what has to be in it: supported observable types, activation, links, screenshots, all
    transformations and, for an update, what is new. PDF files go in unread. Values of stored credentials are looked
    for in everything that goes in. The same files give the same bytes.

    Exit status: 0 made, 1 something is missing and nothing was written, 2 the request was wrong.
    """
    from soarkit.cli.bundle_files import known_secrets, packed, require_bundle
    from soarkit.manifest.bundles import metadata
    from soarkit.packages.submission import (
        check_secrets,
        check_submission,
        find_documentation,
        gather,
    )
    from soarkit.packages.zips import write_zip

    host = Host(home, note=note)
    app = host.open_app(bundle)
    require_bundle(app, bundle)
    about = metadata.of(app)
    older, visibility = _installed(host, app, about)
    update = update or older is not None
    target = _target(output, app)
    findings = _bundle_findings(app, bundle)
    near = _near(bundle)
    documentation = documentation or (None if near is None else find_documentation(near))
    more, read = check_submission(about, app.folder, documentation, update=update)
    findings += more
    made = None
    if not any(one.severity == "error" for one in findings):
        with packed(app, bundle, host.home) as (archive, name):
            contents = gather(archive, name, read)
        findings += check_secrets(contents, known_secrets(host, note))
        if not any(one.severity == "error" for one in findings):
            made = write_zip(target, contents)
    _print(
        bundle,
        about,
        findings,
        made,
        older=older,
        update=update,
        visibility=visibility,
        as_json=output_format == "json",
    )
    return 0 if made is not None else 1


def _target(output: str | None, app: App) -> str:
    from soarkit.packages.building import file_name

    name = f"{file_name(app).removesuffix('.tgz')}-submission.zip"
    path = output or name
    if os.path.isdir(path):
        path = os.path.join(path, name)
    if not os.path.isdir(os.path.dirname(os.path.abspath(path))):
        raise UsageError("the folder to write to does not exist", where=f"--output {output}")
    return path


def _bundle_findings(app: App, bundle: str) -> list[Finding]:
    """What is wrong with the bundle itself, by the measure of a certification (D1)."""
    from soarkit.manifest.bundles.metadata import METADATA
    from soarkit.manifest.bundles.validating import validate_bundle
    from soarkit.packages import bundles

    is_archive = os.path.isfile(bundle) and not os.path.samefile(bundle, app.manifest_path)
    path = bundle if is_archive else app.folder
    inside = f"{bundle}!/{METADATA}" if is_archive else os.path.join(app.folder, METADATA)
    shown = os.path.relpath(inside) if bundle != inside and not is_archive else inside
    return [*bundles.check(path), *validate_bundle(app.folder, shown_as=shown, certification=True)]


def _near(bundle: str) -> str | None:
    """The folder that a bundle's author keeps it in, where a path was named."""
    if os.path.isdir(bundle):
        return bundle
    return os.path.dirname(os.path.abspath(bundle)) if os.path.isfile(bundle) else None


def _installed(host: Host, app: App, about: Metadata) -> tuple[str | None, str | None]:
    """The newest older version that is installed here, and the bundle's recorded visibility."""
    from soarkit.packages.updating import is_newer

    found = None if host.inventory.snapshot is None else host.inventory.snapshot.app(app.appid)
    if found is None:
        return None, None
    older = next((one.version for one in found[0].versions if is_newer(about.version, one.version)), None)
    return older, found[0].visibility


def _print(
    bundle: str,
    metadata: Metadata,
    findings: Sequence[Finding],
    made: Zip | None,
    *,
    older: str | None,
    update: bool,
    visibility: str | None,
    as_json: bool,
) -> None:
    from soarkit.packages.submission import cover_letter

    letter = cover_letter(metadata, update=update, visibility=visibility)
    if as_json:
        about: dict[str, Any] = {"update": update, "cover_letter": letter}
        if made is not None:
            zipped = {"path": made.path, "size": made.size, "sha256": made.sha256, "files": list(made.files)}
            about["submission"] = zipped
        items = [one.to_dict() for one in findings]
        write(envelope("submission", ok=made is not None, findings=items, **about) + "\n")
        return
    for finding in findings:
        tell(_told(finding))
    if older is not None:
        tell(f"it is an update: {older} is installed here")
    errors = sum(one.severity == "error" for one in findings)
    if made is None:
        counted = "1 thing is missing" if errors == 1 else f"{errors} things are missing"
        tell(
            f"nothing was written: {counted}; a first version of the documentation: soarkit docs {typed(bundle)} -o DIR"
        )
        return
    lines = [f"{click.style(printable(made.path), bold=True)}  {size(made.size)}", f"  sha256   {made.sha256}"]
    lines += [f"    {printable(name)}" for name in made.files]
    lines.append("The mail that it travels with says:")
    lines += [f"  [ ] {printable(point)}" for point in letter]
    write(styled("".join(f"{line}\n" for line in lines)))


def _told(finding: Finding) -> str:
    place = " ".join(printable(part) for part in (finding.file, finding.pointer) if part)
    hint = f" ({printable(finding.hint)})" if finding.hint else ""
    severity = click.style(finding.severity, fg=_COLOURS[finding.severity], bold=finding.severity == "error")
    return f"{severity}: {place}: {printable(finding.message)}{hint}"
