"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def home_option(command: _Command) -> _Command:
    """``--home DIR``: the parameter ``home`` is the absolute path of soarkit's home folder.

    Given before a subcommand it counts for that too.
    """
    return click.option(
        "--home",
        type=click.Path(),
        metavar="DIR",
        callback=_home,
        help="Use this home folder instead of SOARKIT_HOME.",
    )(command)


def format_option(command: _Command) -> _Command:
    """``--format text|json``: the parameter ``output_format``."""
    return click.option(
        "--format", "-f", "output_format", type=click.Choice(["text", "json"]), default="text", help="How to print it."
    )(command)


def _home(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    import os

    from soarkit.paths import default_home

    above = context.parent.params.get("home") if context.parent is not None else None
    return os.path.abspath(value or above or default_home())
