"""``soarkit validate``: what is wrong with apps, one line a finding."""

from __future__ import annotations

import os
import sys
import tempfile
from typing import TYPE_CHECKING

import click

from soarkit.cli.output import envelope, write
from soarkit.errors import ArchiveError, ManifestError, UsageError
from soarkit.manifest.findings import Finding
from soarkit.manifest.keys import SOURCE
from soarkit.manifest.project_checks import validate_project
from soarkit.manifest.sdk_project import PYPROJECT, is_project
from soarkit.manifest.source import METADATA, app_json_files, is_metadata_file, json_names, looks_like_app, read_json
from soarkit.manifest.validation import count, validate
from soarkit.packages import is_tarball
from soarkit.render.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path())
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--certification", is_flag=True, help="Judge enrichment bundles as a certification does.")
@click.option("--format", "-f", "output_format", type=click.Choice(["text", "json"]), default="text")
def command(paths: tuple[str, ...], strict: bool, certification: bool, output_format: str) -> int:
    """Check the JSON of apps, and the files it names.

    PATH is an app's JSON file, its folder or its tarball, a folder of several, or the name of an installed app. Of the
    source folder of an app built with the SOAR SDK, pyproject.toml and what it names are checked; of an enrichment
    bundle metadata.json, icons and scripts, which are compiled and not run, and what else lies in it.
    """
    checked = [findings for path in map(_place, paths) for findings in _check(path, certification)]
    findings = [finding for items in checked for finding in items]
    errors, warnings = count(findings, "error"), count(findings, "warning")
    ok = not errors and not (strict and warnings)
    if output_format == "json":
        summary = {"files": len(checked), "errors": errors, "warnings": warnings}
        items = [finding.to_dict() for finding in findings]
        write(envelope("validate", ok=ok, findings=items, summary=summary) + "\n")
    else:
        text = "".join(f"{_line(finding)}\n" for finding in findings) + _closing(len(checked), errors, warnings)
        write(text if sys.stdout.isatty() else click.unstyle(text))
    return 0 if ok else 1


def _place(path: str) -> str:
    """The path; for the name of an installed app, its folder."""
    if os.path.exists(path):
        return path
    from soarkit.host import Host
    from soarkit.paths import is_path

    if is_path(path):
        raise UsageError("there is no such file or folder", where=path)
    return Host().open_app(path).folder


def _check(path: str, certification: bool) -> Iterator[list[Finding]]:
    """The findings about each app JSON that a path stands for."""
    if os.path.isdir(path):
        yield from _check_folder(path, path, certification)
    elif is_tarball(path):
        yield from _check_tarball(path, certification)
    elif is_metadata_file(path):
        yield _bundle_metadata(path, path, certification)
    else:
        yield from [validate(path)] if path.endswith(".json") else _check_file(path, certification)


def _check_file(path: str, certification: bool) -> Iterator[list[Finding]]:
    """A file whose name says nothing: a bundle's archive, if it holds one."""
    from soarkit.packages.bundles import is_bundle_archive

    if is_bundle_archive(path):
        yield from _check_tarball(path, certification)
    else:
        yield validate(path)


def _check_tarball(path: str, certification: bool) -> Iterator[list[Finding]]:
    from soarkit.packages import archive, bundles  # late: most runs check folders

    is_bundle = bundles.is_bundle_archive(path)
    rules = bundles.check(path) if is_bundle else []
    if count(rules, "error"):
        problem = "metadata.json, icons and scripts were not checked, since the archive cannot be unpacked"
        yield [*rules, Finding("info", path, "", problem, "pack it again as the errors say, then check it again")]
        return
    with tempfile.TemporaryDirectory(prefix="soarkit-validate-") as scratch:
        try:
            folder = bundles.unpack(path, scratch) if is_bundle else archive.unpack(path, scratch, one_app=False)
        except ArchiveError as error:
            yield [Finding("error", path, "", error.message, error.hint)]
            return
        if is_bundle:
            yield _in_order([*rules, *_bundle_metadata(folder, f"{path}!/{METADATA}", certification)])
            return
        inner = os.path.relpath(folder, scratch)
        yield from _check_folder(folder, f"{path}!" if inner == "." else f"{path}!/{inner}", certification)


def _bundle_metadata(path: str, shown: str, certification: bool) -> list[Finding]:
    from soarkit.manifest.bundles.validating import validate_bundle  # late: most runs check connectors

    return validate_bundle(path, shown_as=shown, certification=certification)


def _check_bundle(folder: str, shown: str, certification: bool) -> list[Finding]:
    """The findings about a bundle's folder: what its metadata says, and what lies in it."""
    from soarkit.packages import bundles

    about = _bundle_metadata(folder, os.path.join(shown, METADATA), certification)
    known = {finding.message.partition(":")[0] for finding in about}
    # That there is no metadata.json is one finding, not two.
    return _in_order(
        [*about, *(one for one in bundles.check(folder, shown) if "M1" not in known or "B1" not in one.message)]
    )


def _in_order(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: list(_COLOURS).index(finding.severity))


def _is_bundle(folder: str) -> bool:
    """Whether a folder is a bundle's, by its metadata, however broken that is."""
    path = os.path.join(folder, METADATA)
    return is_metadata_file(path) or (os.path.isfile(path) and _is_broken(path) and not looks_like_app(path))


def _has_scripts(folder: str) -> bool:
    """Whether a folder looks like a bundle's that has no metadata yet."""
    source = os.path.join(folder, SOURCE)
    return os.path.isdir(source) and any(name.endswith(".py") for name in os.listdir(source))


def _check_folder(folder: str, shown: str, certification: bool) -> Iterator[list[Finding]]:
    """An app's folder, a folder of apps, or a folder of bare app JSON files."""
    if is_project(folder):
        yield validate_project(folder, shown_as=os.path.join(shown, PYPROJECT))
        return
    found = [(folder, shown, name) for name in _app_json_names(folder)]
    if not found and _is_bundle(folder):
        yield _check_bundle(folder, shown, certification)
        return
    others = False
    for sub in () if found else _subfolders(folder):
        inner = os.path.join(folder, sub)
        names = _app_json_names(inner)
        if is_project(inner):
            others = True
            yield validate_project(inner, shown_as=os.path.join(shown, sub, PYPROJECT))
        elif not names and is_metadata_file(os.path.join(inner, METADATA)):
            others = True
            yield _check_bundle(inner, os.path.join(shown, sub), certification)
        else:
            found += [(inner, os.path.join(shown, sub), name) for name in names]
    # Where nothing is an app JSON, a file that is no JSON at all may have been meant to be one.
    found = found or [(folder, shown, name) for name in json_names(folder) if _is_broken(os.path.join(folder, name))]
    for place, label, name in found:
        # The only app JSON of a folder that was named, or found in one, makes that folder the app's.
        alone = sum(other == place for other, _, _ in found) == 1
        yield validate(os.path.join(place, name), shown_as=os.path.join(label, name), with_files=alone)
    if found or others:
        return
    if _has_scripts(folder):
        yield _check_bundle(folder, shown, certification)
    else:
        hint = "name an app's JSON file, folder or tarball, or the folder that its folder lies in"
        problem = "there is no app JSON here: no *.json file with appid, main_module and actions"
        yield [Finding("error", shown, "", problem, hint)]


def _app_json_names(folder: str) -> list[str]:
    """The app JSON files of a folder, with those that are too broken to be read but speak of an app's keys."""
    try:
        sound = app_json_files(folder)
        rest = [name for name in json_names(folder) if name not in sound]
    except OSError as error:
        raise UsageError(f"cannot read the folder: {error.strerror}", where=folder) from error
    paths = {name: os.path.join(folder, name) for name in rest}
    return sorted([*sound, *(name for name, path in paths.items() if looks_like_app(path) and _is_broken(path))])


def _is_broken(path: str) -> bool:
    try:
        read_json(path)
    except ManifestError:
        return True
    return False


def _subfolders(folder: str) -> list[str]:
    """Folders directly inside a folder that the caller has read; hidden ones are no apps."""
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir() and not entry.name.startswith("."))


def _line(finding: Finding) -> str:
    parts = [click.style(f"{finding.severity:7}", fg=_COLOURS[finding.severity], bold=finding.severity == "error")]
    parts.append(printable(finding.file))
    if finding.pointer:
        parts.append(click.style(printable(finding.pointer), fg="cyan"))
    hint = click.style(f" — {printable(finding.hint)}", dim=True) if finding.hint else ""
    parts.append(printable(finding.message) + hint)
    return "  ".join(parts)


def _closing(files: int, errors: int, warnings: int) -> str:
    def counted(number: int, word: str) -> str:
        return f"{number} {word}" if number == 1 else f"{number} {word}s"

    text = f"{counted(files, 'file')} checked: {counted(errors, 'error')}, {counted(warnings, 'warning')}"
    return click.style(text, fg="red" if errors else "yellow" if warnings else "green", bold=True) + "\n"
