"""What :func:`soarkit.run` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from soarkit.errors import Cancelled
from soarkit.host import Host
from soarkit.runtime.asset import Asset
from soarkit.runtime.result import RunResult
from soarkit.runtime.run import Observer, PreparedRun, RunRequest


class _Progress(Observer):
    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def progress(self, text: str, transient: bool) -> None:
        if text:
            self._tell(text)


def run(
    app: str,
    action: str,
    params: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None,
    config: Mapping[str, Any],
    product_version: str | None,
    timeout: float,
    python: str | None,
    on_progress: Callable[[str], None] | None,
) -> RunResult:
    """See :func:`soarkit.run`."""
    host = Host(python=python)
    request = RunRequest(
        app=host.open_app(app),
        action=action,
        parameters=[params] if isinstance(params, Mapping) else list(params or [{}]),
        asset=Asset(configuration=config, product_version=product_version),
        timeout=timeout,
    )
    observer = Observer() if on_progress is None else _Progress(on_progress)
    try:
        return PreparedRun(request).execute(host, host.executor, observer)
    except Cancelled as error:
        # In a notebook the stop button is expected to look like this.
        raise KeyboardInterrupt from error
