"""``soarkit report``: one page of the results of runs."""

from __future__ import annotations

import os

import click

from soarkit.cli import complete
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, write
from soarkit.errors import UsageError


@click.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN...", shell_complete=complete.runs)
@click.option("--output", "-o", metavar="FILE", help="Write the page to this file, whole or not at all.")
@click.option(
    "--python",
    type=click.Path(),
    metavar="PATH",
    help="Draw custom views with this interpreter as it is; build nothing.",
)
@format_option
@home_option
def command(runs: tuple[str, ...], output: str | None, python: str | None, output_format: str, home: str) -> int:
    """Make one page of the results of earlier runs.

    RUN is a run's key, or the beginning of it, or `last`. The page is one file that needs no network. Apps whose
    results have views of their own draw them again, in the version that ran; where that is not installed any more, a
    table of the data is shown.
    """
    from soarkit.cli.saving import Destination
    from soarkit.cli.watch import TerminalObserver
    from soarkit.host import Host
    from soarkit.reports import make_report, stored_run

    if os.path.splitext(output or "")[1].lower() in (".csv", ".json"):
        raise UsageError("a report is a page", where=f"-o {output}", hint="soarkit runs show RUN -o FILE.csv")
    destination = Destination(output, "html")
    if destination.output is None and output_format == "json":
        raise UsageError("the page itself would go to standard output", where="--format json", hint="add -o FILE")
    observer = TerminalObserver(verbose=False, debug=False)
    host = Host(home, python=python, note=observer.note)
    with host.open_store() as store:
        reported = [stored_run(host, store, key, observer.note) for key in runs]
    # A run that was named twice is shown once.
    reported = list({one.id: one for one in reported}.values())
    page = make_report(host, reported, observer=observer)
    observer.done()
    destination.write(page)
    if destination.output is not None and output_format == "json":
        keys = [one.id for one in reported]
        path = os.path.abspath(destination.output)
        write(envelope("report", ok=True, file=path, size=len(page), runs=keys) + "\n")
    else:
        destination.say()
    return 0
