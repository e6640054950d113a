"""Which locks a run has to hold, by name: the four cases of the guide's "Action Section: Synchronization".

Only names: taking locks belongs to the runtime. A name found in a password setting is as secret as the
password.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from soarkit.manifest.model import Lock

PARAMETERS = "parameters."
CONFIGURATION = "configuration."


def lock_names(
    lock: Lock | None,
    parameter_sets: Iterable[Mapping[str, Any]],
    configuration: Mapping[str, Any],
    asset: str | None,
) -> list[str]:
    """Names of all locks that a run takes, in the order to take them (sorted, each once).

    ============================ =========================================================
    no lock, or no ``data_path`` the asset's name; none for a run without an asset
    ``enabled`` false            none
    ``parameters.X``             the value of parameter X, one name for each parameter set
    ``configuration.X``          the value of setting X
    any other text               that text
    ============================ =========================================================

    A missing or empty value falls back to the asset's name, when there is an asset.

    :param lock: the chosen action's lock
    :param parameter_sets: the run's parameter dictionaries
    :param configuration: the asset's settings
    :param asset: name of the asset, None for a run without one
    """
    fallback = asset or None
    if lock is None or (lock.enabled and not lock.data_path):
        names: set[str | None] = {fallback}
    elif not lock.enabled or lock.data_path is None:
        names = set()
    elif lock.data_path.startswith(PARAMETERS):
        key = lock.data_path[len(PARAMETERS) :]
        names = {_name(values.get(key)) or fallback for values in parameter_sets} or {fallback}
    elif lock.data_path.startswith(CONFIGURATION):
        names = {_name(configuration.get(lock.data_path[len(CONFIGURATION) :])) or fallback}
    else:
        names = {lock.data_path}
    return sorted(name for name in names if name)


def _name(value: object) -> str:
    """A value as a lock's name; empty text when there is nothing to name."""
    if value is None or isinstance(value, str):
        return (value or "").strip()
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
