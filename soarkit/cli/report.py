"""``soarkit report``: one page of the results of runs."""

from __future__ import annotations

import click


@click.command()
@click.argument("runs", nargs=-1, required=True)
def command(runs: tuple[str, ...]) -> int:
    """Make one page of the results of RUNS."""
    raise NotImplementedError
