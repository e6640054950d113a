"""``soarkit variables``: environment variables for every app."""

from __future__ import annotations

import sys

import click

from soarkit import variables
from soarkit.cli import complete, values
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, tell, write
from soarkit.cli.tables import table
from soarkit.errors import UsageError
from soarkit.paths import private_folder
from soarkit.render.text import printable
from soarkit.runtime.redact import MASK, masked_address


@click.group()
def command() -> None:
    """Set environment variables for every app.

    \b
      soarkit variables set HTTPS_PROXY=http://proxy.example:3128 NO_PROXY=.example
      soarkit variables set --secret API_TOKEN=env:TOKEN

    An asset's own (`soarkit asset edit NAME --env`) win over them, and the options of `soarkit run` over both.
    """


@command.command("set")
@click.argument("given", nargs=-1, metavar="NAME=VALUE...")
@click.option("--secret", is_flag=True, help="Keep the values encrypted, and out of all that is shown.")
@format_option
@home_option
def set_(given: tuple[str, ...], secret: bool, output_format: str, home: str) -> int:
    """Set variables: NAME=text, NAME=env:VARIABLE, NAME=@FILE. A proxy counts for both cases of its name.

    A secret variable stays one, also without --secret; `soarkit variables unset` takes it away first.
    """
    if not given:
        raise UsageError("name a variable and its value", hint="soarkit variables set NAME=VALUE")
    entries = {
        name: variables.entry(name, value, secret=secret) for name, value in values.parse(given, "variable").items()
    }
    private_folder(home)
    variables.put(home, entries)
    return _print(home, output_format, f"set {', '.join(entries)}")


@command.command()
@click.argument("names", nargs=-1, metavar="NAME...", shell_complete=complete.variables)
@format_option
@home_option
def unset(names: tuple[str, ...], output_format: str, home: str) -> int:
    """Take variables away."""
    if not names:
        raise UsageError("name a variable", hint="soarkit variables unset NAME")
    variables.unset(home, names)
    return _print(home, output_format, f"unset {', '.join(names)}")


@command.command("list")
@format_option
@home_option
def list_(output_format: str, home: str) -> int:
    """List the variables; secrets are masked."""
    return _print(home, output_format, None)


def shown(entry: dict[str, str]) -> str:
    """The value of a variable, for people: without what is secret in it."""
    return MASK if entry["type"] != variables.PLAIN else masked_address(entry["value"])


def _print(home: str, output_format: str, text: str | None) -> int:
    kept = variables.load(home)
    if output_format == "json":
        listed = [
            {"name": name, "value": shown(one), "secret": one["type"] != variables.PLAIN}
            for name, one in sorted(kept.items())
        ]
        write(envelope("variables", ok=True, variables=listed) + "\n")
    elif text is not None:
        write(printable(text) + "\n")
    elif not kept:
        tell("soarkit: there are no variables; set one: soarkit variables set NAME=VALUE")
    else:
        rows = [(name, shown(one)) for name, one in sorted(kept.items())]
        write(table(("NAME", "VALUE"), rows, terminal=sys.stdout.isatty(), whole=("NAME",)))
    return 0
