"""``soarkit doctor``: what is wrong with this installation, and the command that mends it."""

from __future__ import annotations

import sys

import click

from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, write
from soarkit.doctor import Finding, examine
from soarkit.host import Host
from soarkit.render.text import printable

_COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


@click.command()
@format_option
@home_option
def command(output_format: str, home: str) -> int:
    """Find out what is wrong with this installation, and how to mend it.

    Exit status: 0 nothing is, or only warnings; 1 something does not work.
    """
    findings = list(examine(Host(home)))
    ok = all(one.severity != "error" for one in findings)
    if output_format == "json":
        write(envelope("doctor", ok=ok, checks=[one.to_dict() for one in findings]) + "\n")
    else:
        text = "".join(_lines(one) for one in findings)
        write(text if sys.stdout.isatty() else click.unstyle(text))
    return 0 if ok else 1


def _lines(one: Finding) -> str:
    word = click.style(f"{one.severity:<7}", fg=_COLOURS[one.severity], bold=one.severity == "error")
    text = f"{word}  {one.check:<13} {printable(one.message)}\n"
    hints = (one.hint or "").splitlines()
    return text + "".join(f"{'':24}{click.style(printable(hint), dim=True)}\n" for hint in hints)
