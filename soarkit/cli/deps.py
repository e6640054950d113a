"""``soarkit deps``: lock, vendor and check an app's dependencies."""

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
    from soarkit.deps.checking import CheckReport
    from soarkit.deps.locking import LockReport
    from soarkit.deps.vendoring import VendorReport

_COLOURS = {"error": "red", "warning": "yellow"}
_Changes = dict[str, tuple["str | None", "str | None"]]

_python_option = click.option(
    "--python",
    "pythons",
    multiple=True,
    metavar="PYTHON",
    help="A version such as 3.13, or a program; several are fine. Default: those that the app has lists for.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Lock, vendor and check the dependencies of an app.

    APP is an app's folder, or its JSON file.
    """


@command.command()
@click.argument("app", type=click.Path())
@_python_option
@click.option("--upgrade", "-U", is_flag=True, help="Take the newest versions instead of those locked before.")
@format_option
@home_option
def lock(app: str, pythons: tuple[str, ...], upgrade: bool, output_format: str, home: str) -> int:
    """Write soarkit-pyXY.lock: all versions an app gets, with hashes.

    The app's pypi list, else its requirements.txt, else its wheels are resolved together with the platform's baseline,
    by pip-compile on each Python. Environments are then built from the lock, and from nothing else.
    """
    from soarkit.deps import appfolder, locking

    opened = appfolder.open_folder(_own_folder(app, home))
    found = appfolder.wanted_interpreters(opened, pythons, home)
    reports = [locking.lock(opened, one, home, upgrade=upgrade, progress=_progress) for one in found]
    if output_format == "json":
        write(envelope("deps lock", ok=True, locks=[_lock_data(one) for one in reports]) + "\n")
    else:
        _write("".join(_lock_text(one) for one in reports))
    return 0


@command.command()
@click.argument("app", type=click.Path())
@_python_option
@click.option(
    "--platform",
    metavar="PLATFORM",
    help="Fetch wheels for another platform, as uv names it: linux, macos, aarch64-manylinux_2_28 ... Needs uv.",
)
@click.option(
    "--with-baseline",
    type=click.Path(file_okay=False),
    metavar="DIR",
    help="Put the wheels of the platform's baseline into this folder, for installs without a network.",
)
@format_option
@home_option
def vendor(
    app: str,
    pythons: tuple[str, ...],
    platform: str | None,
    with_baseline: str | None,
    output_format: str,
    home: str,
) -> int:
    """Put the wheels an app needs into its folder, and list them in its JSON.

    What has no wheel is built. Up-to-date lock files are heeded. With --platform the list is for that platform then,
    and what has no wheel there is refused. Afterwards the app installs without a network, where PIP_FIND_LINKS names
    the folder of --with-baseline and PIP_NO_INDEX is 1.
    """
    from soarkit.deps import appfolder, vendoring

    opened = appfolder.open_folder(_own_folder(app, home))
    found = appfolder.wanted_interpreters(opened, pythons, home, installed=platform is None)
    report = vendoring.vendor(opened, found, home, with_baseline=with_baseline, platform=platform, progress=_progress)
    if output_format == "json":
        write(envelope("deps vendor", ok=True, **_vendor_data(report)) + "\n")
    else:
        _write(_vendor_text(report))
    return 0


@command.command()
@click.argument("app", type=click.Path())
@_python_option
@click.option("--no-index", is_flag=True, help="Do not ask the package index for newer and yanked versions.")
@format_option
@home_option
def check(app: str, pythons: tuple[str, ...], no_index: bool, output_format: str, home: str) -> int:
    """Report what an app imports without declaring it, and declared versions that are wrong.

    APP may also be the name of an installed app.

    missing, misfit and yanked are errors; unused, outdated and stale (a lock made for other dependencies) are warnings.

    Exit status: 0 no errors, 1 errors.
    """
    from soarkit.deps import appfolder, checking

    opened = appfolder.open_folder(_installed_folder(app, home) or app)
    report = checking.check(opened, pythons, home, index=not no_index, progress=_progress)
    if output_format == "json":
        write(envelope("deps check", ok=report.ok, **_check_data(report)) + "\n")
    else:
        _write(_check_text(report))
    return 0 if report.ok else 1


def _installed_folder(app: str, home: str) -> str | None:
    """The folder of an installed app, None where a path was given.

    :raises RequestError: neither such a path nor such an app is there
    """
    from soarkit.host import Host
    from soarkit.paths import is_path

    if is_path(app) or os.path.exists(app):
        return None
    return Host(home, note=_progress).open_app(app).manifest_path


def _own_folder(app: str, home: str) -> str:
    """What was given for a command that writes into the app's folder; an installed one stays as it was verified.

    :raises RequestError: it is not there, or an installed app
    """
    from soarkit.errors import UsageError

    if _installed_folder(app, home) is not None:
        raise UsageError(
            "this app is installed, and stays as it is",
            where=app,
            hint="Name the folder that it was packaged from, then install it again from there.",
        )
    return app


def _progress(text: str) -> None:
    tell(f"soarkit: {printable(text)}")


def _write(text: str) -> None:
    write(text if sys.stdout.isatty() else click.unstyle(text))


def _lock_data(report: LockReport) -> dict[str, Any]:
    return {
        "python": report.interpreter.full_version,
        "file": report.path,
        "input": report.source,
        "distributions": report.pins,
        "brought": list(report.brought),
        "new": report.is_new,
        "written": report.written,
        "changes": _changes_data(report.changes),
        "stepped_back": {name: {"usual": usual, "now": now} for name, (usual, now) in report.stepped_back.items()},
        "warnings": list(report.warnings),
    }


def _changes_data(changes: _Changes) -> list[dict[str, str | None]]:
    return [{"name": name, "before": before, "after": after} for name, (before, after) in changes.items()]


def _lock_text(report: LockReport) -> str:
    name = click.style(os.path.basename(report.path), bold=True)
    own = len(report.brought)
    state = "written" if report.written else "up to date"
    counted = f"{report.pins} distributions, {own} of them for the app ({report.source}), the others the baseline's"
    lines = [f"{name}  {click.style(state, fg='green')}: {printable(counted)}"]
    if report.is_new:
        lines += [f"  {printable(one)} {report.changes[one][1]}" for one in report.brought]
    else:
        lines += _change_lines(report.changes)
    for member, (usual, now) in report.stepped_back.items():
        lines.append(_warning(f"{member} {now} instead of the baseline's {usual}, to go with the app's dependencies"))
    lines += [_warning(one) for one in report.warnings]
    return "\n".join(lines) + "\n"


def _change_lines(changes: _Changes) -> list[str]:
    lines = []
    for name, (before, after) in changes.items():
        if before is None:
            lines.append(f"  {click.style('+', fg='green')} {printable(f'{name} {after}')}")
        elif after is None:
            lines.append(f"  {click.style('-', fg='red')} {printable(f'{name} {before}')}")
        else:
            lines.append(f"  {click.style('~', fg='yellow')} {printable(f'{name} {before} → {after}')}")
    return lines


def _warning(text: str) -> str:
    return f"  {click.style('warning', fg='yellow')}: {printable(text)}"


def _vendor_data(report: VendorReport) -> dict[str, Any]:
    lists = [
        {
            "python": one.shown,
            "list": one.key,
            "wheel": list(one.entries),
            "changes": _changes_data(one.changes),
            "baseline": one.baseline,
            "warnings": list(one.warnings),
        }
        for one in report.lists
    ]
    house = None
    if report.wheelhouse is not None:
        house = {"folder": report.wheelhouse[0], "added": list(report.wheelhouse[1])}
    return {
        "lists": lists,
        "added": list(report.added),
        "removed": list(report.removed),
        "locks": list(report.locks),
        "wheelhouse": house,
    }


def _vendor_text(report: VendorReport) -> str:
    lines = []
    for one in report.lists:
        count = len(one.entries)
        what = f"{count} wheel{'' if count == 1 else 's'} in {one.key}" if one.key else "nothing beyond the baseline"
        lines.append(f"{click.style(printable(one.shown), bold=True)}: {printable(what)}")
        lines += _change_lines(one.changes)
        lines += [_warning(text) for text in one.warnings]
    lines += [f"added {printable(file)}" for file in report.added]
    lines += [f"removed {printable(file)}, which no list has any more" for file in report.removed]
    lines += [f"{name} has the hashes of the wheels now" for name in report.locks]
    if report.wheelhouse is not None:
        folder, added = report.wheelhouse
        new = f"{len(added)} new wheel{'' if len(added) == 1 else 's'}"
        lines.append(f"baseline in {printable(folder)}: {new}; to install from it without a network:")
        lines.append(f"  PIP_NO_INDEX=1 PIP_FIND_LINKS={printable(os.path.abspath(folder))}")
    return "\n".join(lines) + "\n"


def _check_data(report: CheckReport) -> dict[str, Any]:
    return {
        "pythons": list(report.pythons),
        "findings": [one.to_dict() for one in report.findings],
        "unread": report.unread,
        "index_problem": report.index_problem,
    }


def _check_text(report: CheckReport) -> str:
    text = ""
    if report.findings:
        rows = [(one.kind, one.severity, one.python, one.list, one.message) for one in report.findings]
        text = table(["FINDING", "SEVERITY", "PYTHON", "LIST", "WHAT"], rows, terminal=sys.stdout.isatty())
    for file, reason in report.unread.items():
        text += _warning(f"{file} cannot be read, so its imports are not known: {reason}").lstrip() + "\n"
    if report.index_problem is not None and report.index_problem != "not asked for":
        problem = f"outdated and yanked versions were not looked for: {report.index_problem}"
        text += _warning(problem).lstrip() + "\n"
    errors = sum(one.severity == "error" for one in report.findings)
    warnings = len(report.findings) - errors
    closing = (
        f"Python {', '.join(report.pythons)} checked: {_counted(errors, 'error')}, {_counted(warnings, 'warning')}"
    )
    colour = _COLOURS["error"] if errors else _COLOURS["warning"] if warnings else "green"
    return text + click.style(closing, fg=colour, bold=True) + "\n"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
