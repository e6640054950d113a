"""What :func:`soarkit.run` does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from soarkit.errors import Cancelled, UsageError
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
    app: str | None,
    action: str,
    params: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None,
    *,
    config: Mapping[str, Any],
    asset: str | None,
    product_version: str | None,
    timeout: float | None,
    python: str | None,
    on_progress: Callable[[str], None] | None,
    record: bool,
) -> RunResult:
    """See :func:`soarkit.run`."""
    host = Host(python=python)
    if asset is not None:
        stored = host.inventory.asset(asset)
        opened = host.best_app(stored, action, config, product_version) if app is None else host.open_app(app)
        configured = host.run_asset(stored, opened, config, product_version)
    elif app is not None:
        opened = host.open_app(app)
        configured = Asset(configuration=config, product_version=product_version)
    else:
        raise UsageError("name an app, or an asset to choose one by")
    request = RunRequest(
        app=opened,
        action=action,
        parameters=[params] if isinstance(params, Mapping) else list(params or [{}]),
        asset=configured,
        timeout=timeout,
        shared=host.shared_variables(),
        kept=record,
    )
    observer = Observer() if on_progress is None else _Progress(on_progress)
    try:
        return PreparedRun(request).execute(host, host.executor, observer)
    except Cancelled as error:
        # In a notebook the stop button is expected to look like this.
        raise KeyboardInterrupt from error
