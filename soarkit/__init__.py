"""soarkit runs security connectors anywhere: real, unmodified apps, each in its own environment and its own process."""

from __future__ import annotations

import os
import sys

from soarkit import errors
from soarkit.paths import APPLIB

__all__ = ["errors", "run"]

__version__ = "0.1.0"

# The app-side library is one import root with one name per module, ``soarkit_app``, for the host as for the apps.
# Appended, so that nothing in it can shadow a package of the host's environment.
if APPLIB not in sys.path:
    sys.path.append(APPLIB)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from soarkit.runtime.result import RunResult


def run(
    app: str | os.PathLike[str] | None,
    action: str,
    params: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    *,
    config: Mapping[str, Any] | None = None,
    asset: str | None = None,
    product_version: str | None = None,
    timeout: float | None = None,
    python: str | None = None,
    on_progress: Callable[[str], None] | None = None,
    record: bool = True,
) -> RunResult:
    """Run an action of an app and return its result.

    >>> result = soarkit.run("apps/sampleapp", "file reputation", {"hash": "..."}, config={...})  # doctest: +SKIP
    >>> result.collect("action_result.data.*.score")                                              # doctest: +SKIP
    [87]
    >>> soarkit.run(None, "file reputation", {"hash": "..."}, asset="production").status          # doctest: +SKIP
    'success'

    :param app: an installed app (slug, ``slug@version`` or appid), or the path of its JSON file, folder or tarball;
        None with an asset: the installed app that supports the action on it best
    :param action: the action's name or identifier
    :param params: the parameters; a list of several sets calls the action once for each
    :param config: the asset's configuration; with ``asset`` single values that win over the stored ones
    :param asset: name or id of a stored asset
    :param product_version: version of the product, where actions depend on it; wins over the asset's
    :param timeout: seconds the app may take; None: an hour, for a transform of an enrichment bundle half a minute
    :param python: use this interpreter as it is, instead of building an environment for the app
    :param on_progress: called with each line of progress
    :param record: whether the run is kept, for ``soarkit runs``; its key is the result's ``id``
    :returns: the result; an action that failed is a result whose ``status`` is "failed"
    :raises soarkit.errors.RequestError: the request is wrong; nothing of the app ran
    :raises soarkit.errors.AppError: the app broke before it had a result
    :raises soarkit.errors.SurroundingsError: a lock, an environment or the like failed
    :raises KeyboardInterrupt: it was interrupted; the app was stopped
    """
    from soarkit.api import run as run_action

    # A path object is a path, also where an installed app has that name.
    name = app if app is None or isinstance(app, str) else os.path.join(".", os.fspath(app))
    return run_action(
        name,
        action,
        params,
        config=config or {},
        asset=asset,
        product_version=product_version,
        timeout=timeout,
        python=python,
        on_progress=on_progress,
        record=record,
    )
