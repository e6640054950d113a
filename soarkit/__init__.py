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
    app: str | os.PathLike[str],
    action: str,
    params: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    *,
    config: Mapping[str, Any] | None = None,
    product_version: str | None = None,
    timeout: float = 3600.0,
    python: str | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> RunResult:
    """Run an action of an app and return its result.

    >>> result = soarkit.run("apps/sampleapp", "file reputation", {"hash": "..."}, config={...})  # doctest: +SKIP
    >>> result.collect("action_result.data.*.score")                                              # doctest: +SKIP
    [87]

    :param app: the app's JSON file, its folder or its tarball
    :param action: the action's name or identifier
    :param params: the parameters; a list of several sets calls the action once for each
    :param config: the asset's configuration
    :param product_version: version of the product, where actions depend on it
    :param timeout: seconds the app may take
    :param python: use this interpreter as it is, instead of building an environment for the app
    :param on_progress: called with each line of progress
    :returns: the result; an action that failed is a result whose ``status`` is "failed"
    :raises soarkit.errors.RequestError: the request is wrong; nothing of the app ran
    :raises soarkit.errors.AppError: the app broke before it had a result
    :raises soarkit.errors.SurroundingsError: a lock, an environment or the like failed
    :raises KeyboardInterrupt: it was interrupted; the app was stopped
    """
    from soarkit.api import run as run_action

    return run_action(os.fspath(app), action, params, config or {}, product_version, timeout, python, on_progress)
