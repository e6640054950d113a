"""An app's dependencies: which interpreter and list apply, and an environment that holds them.

=================  ==========================================================================================
``known``          the environment an app had last time, if nothing has changed: on every run's start-up path
``build``          the environment of an app, built if need be
``stamps``         environments' folders, and what is known of each
``catalogue``      all environments of a home, and which apps use them; built anew or removed
``running``        which environments processes of this machine use
``disk``           what folders take of the disk
``recorder``       the folder with vcrpy for runs that record or replay
``interpreters``   the CPython installations of this machine
``dependencies``   an app's lists, and the choice of interpreter and list
``removed``        modules that newer Pythons do not have any more, and the apps that import them
``lockfiles``      an app's whole set of packages, pinned and hashed
``uvlock``         the same from the ``uv.lock`` of an SDK app's source folder
``sdk_pythons``    the interpreters that SDK apps run on
``wheels``         the wheel files an app ships: missing, fitting, whole
``records``        a wheel's files against what its RECORD says
``metadata``       what the wheels say they require, and where they contradict each other
``filling``        the app's dependencies and the baseline in one resolution, or what is locked
``origins``        which files of the package index were installed
``unmet``          what ``pip check`` finds
``failures``       what an installer's output means when that fails
``installers``     uv and pip behind one interface
``indexes``        index settings of pip, for uv
``baseline``       what the platform gives to every app, pinned per Python version
=================  ==========================================================================================
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from soarkit.environments.known import Environment, external, known

__all__ = ["Environment", "describe", "ensure", "external", "known", "recorder_folder"]

# The slow parts are imported when they are called: most runs need none of them.


def ensure(
    manifest: dict[str, Any],
    app_dir: str,
    home: str,
    *,
    progress: Callable[[str], None],
    python: str | None = None,
    index_fallback: bool = True,
) -> Environment:
    """The environment of an app, built if it is not there yet; see :func:`soarkit.environments.build.ensure`."""
    from soarkit.environments import build

    return build.ensure(manifest, app_dir, home, progress=progress, python=python, index_fallback=index_fallback)


def describe(folder: str) -> dict[str, Any]:
    """What is known of an environment: see :func:`soarkit.environments.stamps.describe`.

    Besides ``used``: when an app last used it (ISO 8601, UTC), None when none does.
    """
    from soarkit.environments import catalogue, stamps

    uses, _ = catalogue.uses(os.path.dirname(os.path.dirname(os.path.abspath(folder))))
    last = max((one.last for one in uses if one.environment == folder), default=None)
    return {**stamps.describe(folder), "used": None if last is None else stamps.iso(last)}


def recorder_folder(python: str, home: str, progress: Callable[[str], None]) -> str:
    """The folder with vcrpy for an interpreter; see :func:`soarkit.environments.recorder.recorder_folder`."""
    from soarkit.environments import recorder

    return recorder.recorder_folder(python, home, progress)
