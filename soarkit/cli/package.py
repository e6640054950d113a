"""``soarkit package``: an app's folder as a tarball that the platform and soarkit install."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli.installation import styled
from soarkit.cli.options import format_option
from soarkit.cli.output import envelope, note, tell, write
from soarkit.errors import UsageError
from soarkit.manifest.sdk_project import is_project
from soarkit.manifest.source import METADATA
from soarkit.manifest.validation import count, validate
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.manifest.findings import Finding
    from soarkit.packages.building import Package
    from soarkit.packages.selection import LeftOut, Selection

_BIGGEST = 5  # files that the summary names
_SHOWN = 6  # paths that it names for one rule


@click.command()
@click.argument("app", type=click.Path(exists=True))
@click.option(
    "--output",
    "-o",
    type=click.Path(),
    metavar="FILE",
    help="Write to this file, or into this folder.  [default: SLUG-VERSION.tgz; a bundle's app_name in place of SLUG]",
)
@click.option("--list", "list_only", is_flag=True, help="Only list what would go in; write nothing.")
@click.option("--force", is_flag=True, help="Pack the app even if `soarkit validate` finds errors in it.")
@format_option
def command(app: str, output: str | None, list_only: bool, force: bool, output_format: str) -> int:
    """Make a tarball of APP, an app's folder.

    The same files give the same bytes. Left out are version control, tests, caches, byte code, virtual environments,
    what editors and the app itself have left, secrets, and what exclude_files.txt and .soarkitignore name.

    Of an enrichment bundle only metadata.json, the icons and source/ are taken, with no folder around them.

    The source folder of an app built with the SOAR SDK is packed by the SDK, wheels included, in the app's environment.

    Exit status: 0 made, 1 the app has errors and nothing was written, 2 it cannot be packed.
    """
    from soarkit.packages import bundles
    from soarkit.packages.selection import select

    if is_project(app):
        if list_only:
            raise UsageError("the SDK chooses what goes into the package of this app", where="--list")
        return _by_sdk(app, output, force, output_format)
    if bundles.is_bundle_folder(app):
        return _bundle(app, output, list_only, force, output_format)
    selection = select(app)
    manifest = os.path.join(selection.folder, selection.manifest)
    findings = validate(manifest, shown_as=os.path.join(app, selection.manifest), with_files=True)
    errors = count(findings, "error")
    if list_only:
        _print_list(selection, output_format)
        return 0
    if errors and not force:
        _refuse(app, findings, output_format)
        return 1
    _show(_build(selection, output), selection, findings, output_format)
    return 0


def _show(package: Package, selection: Selection, findings: list[Finding], output_format: str) -> None:
    if output_format == "json":
        write(envelope("package", ok=True, **_document(package, selection, findings)) + "\n")
        return
    for finding in findings:
        if finding.severity == "error":
            tell(_told(finding))
    for warning in selection.warnings:
        tell(click.style("warning", fg="yellow") + f": {printable(warning)}")
    write(styled(_summary(package, selection, findings)))


def _bundle(app: str, output: str | None, list_only: bool, force: bool, output_format: str) -> int:
    """The archive of an enrichment bundle."""
    from soarkit.manifest.bundles.validating import validate_bundle
    from soarkit.packages import bundles

    folder = app if os.path.isdir(app) else os.path.dirname(app) or "."
    shown = os.path.join(folder, METADATA)
    findings = [*bundles.check(folder), *validate_bundle(folder, shown_as=shown)]
    if count(findings, "error") and not force and not list_only:
        _refuse(app, findings, output_format)
        return 1
    selection = bundles.select_bundle(folder)
    if list_only:
        _print_list(selection, output_format)
    else:
        _show(_build(selection, output), selection, findings, output_format)
    return 0


def _by_sdk(app: str, output: str | None, force: bool, output_format: str) -> int:
    from soarkit.host import Host
    from soarkit.manifest.project_checks import validate_project
    from soarkit.packages.building import file_name
    from soarkit.packages.sdk_package import build

    findings = validate_project(app)
    if count(findings, "error") and not force:
        _refuse(app, findings, output_format)
        return 1
    host = Host(note=note)
    opened = host.open_app(os.path.abspath(app))
    package = build(opened, _target(output, file_name(opened)), python=host.python_for(opened, tell), home=host.home)
    if output_format == "json":
        about = {"path": package.path, "size": package.size, "sha256": package.sha256}
        items = [finding.to_dict() for finding in findings]
        write(envelope("package", ok=True, package=about, findings=items) + "\n")
    else:
        where = click.style(printable(_from_here(package.path)), bold=True)
        write(styled(f"{where}  {size(package.size)}, made by the SDK\n  sha256   {package.sha256}\n"))
    return 0


def _build(selection: Selection, output: str | None) -> Package:
    from soarkit.manifest.loader import load
    from soarkit.packages.building import build, file_name

    name = file_name(load(os.path.join(selection.folder, selection.manifest)))
    return build(selection, _target(output, name))


def _target(output: str | None, name: str) -> str:
    path = output or name
    if os.path.isdir(path):
        path = os.path.join(path, name)
    if not os.path.isdir(os.path.dirname(os.path.abspath(path))):
        raise UsageError("the folder to write to does not exist", where=f"--output {output}")
    return path


def _refuse(app: str, findings: list[Finding], output_format: str) -> None:
    errors = [finding for finding in findings if finding.severity == "error"]
    if output_format == "json":
        write(envelope("package", ok=False, findings=[one.to_dict() for one in findings]) + "\n")
        return
    for finding in errors:
        tell(_told(finding))
    counted = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
    tell(f"nothing was written: {printable(app)} has {counted}; mend the app, or pack it as it is with --force")


def _told(finding: Finding) -> str:
    place = " ".join(printable(part) for part in (finding.file, finding.pointer) if part)
    hint = f" ({printable(finding.hint)})" if finding.hint else ""
    return f"{click.style('error', fg='red', bold=True)}: {place}: {printable(finding.message)}{hint}"


def _summary(package: Package, selection: Selection, findings: list[Finding]) -> str:
    lines = [
        click.style(printable(_from_here(package.path)), bold=True)
        + f"  {size(package.size)}, {len(selection.files)} files, {size(selection.size)} unpacked",
        f"  sha256   {package.sha256}",
        f"  content  {package.digest}",
    ]
    biggest = sorted(selection.files, key=lambda one: -one.size)[:_BIGGEST]
    lines.append("  biggest")
    lines += [f"    {size(one.size):>9}  {printable(one.path)}" for one in biggest]
    if selection.left_out:
        lines.append("  left out")
        lines += [f"    {printable(rule)}: {paths}" for rule, paths in _grouped(selection.left_out)]
    warnings = count(findings, "warning")
    if warnings:
        lines.append(
            f"  {warnings} warnings of soarkit validate" if warnings > 1 else "  1 warning of soarkit validate"
        )
    return "".join(f"{line}\n" for line in lines)


def _from_here(path: str) -> str:
    """A path as it is typed here: short for what lies below, whole for what lies elsewhere."""
    relative = os.path.relpath(path)
    return path if relative.startswith(os.pardir + os.sep) else relative


def _grouped(left_out: tuple[LeftOut, ...]) -> list[tuple[str, str]]:
    """Rule, and what it left out; in the order in which the rules were met."""
    grouped = []
    for rule, number in Counter(one.rule for one in left_out).items():
        paths = [printable(one.path) for one in left_out if one.rule == rule]
        more = f" and {number - _SHOWN} more" if number > _SHOWN else ""
        grouped.append((rule, ", ".join(paths[:_SHOWN]) + more))
    return grouped


def _print_list(selection: Selection, output_format: str) -> None:
    if output_format == "json":
        files = [{"path": one.path, "size": one.size, "mode": f"{one.mode:o}"} for one in selection.files]
        left_out = [{"path": one.path, "rule": one.rule} for one in selection.left_out]
        write(envelope("package", ok=True, files=files, left_out=left_out, warnings=list(selection.warnings)) + "\n")
        return
    for warning in selection.warnings:
        tell(click.style("warning", fg="yellow") + f": {printable(warning)}")
    lines = [f"{size(one.size):>10}  {printable(one.path)}" for one in selection.files]
    lines += [f"{'left out':>10}  {printable(one.path)}  ({printable(one.rule)})" for one in selection.left_out]
    write("".join(f"{line}\n" for line in lines))


def _document(package: Package, selection: Selection, findings: list[Finding]) -> dict[str, Any]:
    return {
        "package": {
            "path": package.path,
            "size": package.size,
            "sha256": package.sha256,
            "content_sha256": package.digest,
            "files": len(selection.files),
            "unpacked_size": selection.size,
        },
        "left_out": [{"path": one.path, "rule": one.rule} for one in selection.left_out],
        "warnings": list(selection.warnings),
        "findings": [finding.to_dict() for finding in findings],
    }


def size(number: int) -> str:
    """A number of bytes for people: ``312 B``, ``3.4 KiB``, ``12 MiB``."""
    value = float(number)
    for unit in ("B", "KiB", "MiB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GiB"
