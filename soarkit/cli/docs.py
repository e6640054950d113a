"""``soarkit docs``: the documentation page of an app."""

from __future__ import annotations

import click


@click.command()
@click.argument("app")
def command(app: str) -> int:
    """Make the documentation page of APP."""
    raise NotImplementedError
