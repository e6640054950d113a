"""``--listen``: what a person is told while an app waits for a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from soarkit.cli.watch import TerminalObserver
from soarkit.errors import UsageError

if TYPE_CHECKING:
    from soarkit.host import Host
    from soarkit.runtime.run import PreparedRun

listen_option = click.option(
    "--listen",
    metavar="ADDRESS",
    help="Answer the app's REST handler and web hooks meanwhile at [http://|https://]HOST:PORT.",
)


@contextmanager
def listening(host: Host, address: str | None, run: PreparedRun, observer: TerminalObserver) -> Iterator[None]:
    """Listen while the run goes on, where that was asked for."""
    if address is None:
        yield
        return
    with host.listen(address, run, observer) as started:
        base = host.public_url or started.url
        observer.keeps_links = True
        for place in started.site.places:
            observer.note(f"the {place.what} of {run.request.app.name} answers at {base}{place.path}")
        if base != started.url:
            observer.note(f"listening on {started.url}")
        for what in started.site.needs_token:
            observer.note(f"the {what} lets nobody in without the header ph-auth-token: the text of SOARKIT_REST_TOKEN")
        yield


def refuse_recording(address: str | None, record: str | None, replay: str | None) -> None:
    """A recording stands for itself: no browser takes part when it is replayed.

    :raises UsageError: both are wanted
    """
    if address is not None and (record or replay):
        raise UsageError("a run that listens is neither recorded nor replayed", where="--listen")
