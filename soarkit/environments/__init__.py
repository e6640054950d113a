"""An app's dependencies: which interpreter and list apply, and an environment that holds them.

=================  ==========================================================================================
``known``          the environment an app had last time, if nothing has changed: on every run's start-up path
``build``          the environment of an app, built if need be
``recorder``       the folder with vcrpy for runs that record or replay
``interpreters``   the CPython installations of this machine
``dependencies``   an app's lists, and the choice of interpreter and list
``wheels``         the wheel files an app ships: damaged, missing, fitting
``metadata``       what the wheels say they require, and where they contradict each other
``filling``        the app's dependencies and the baseline in one resolution
``failures``       what an installer's output means when that fails
``installers``     uv and pip behind one interface
``indexes``        index settings of pip, for uv
``baseline``       what the platform gives to every app, pinned per Python version
=================  ==========================================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from soarkit.environments.known import Environment, external, known

__all__ = ["Environment", "ensure", "external", "known", "recorder_folder"]

# The slow parts are imported when they are called: most runs need none of them.


def ensure(manifest: dict[str, Any], app_dir: str, home: str, *, progress: Callable[[str], None]) -> Environment:
    """The environment of an app, built if it is not there yet; see :func:`soarkit.environments.build.ensure`."""
    from soarkit.environments import build

    return build.ensure(manifest, app_dir, home, progress=progress)


def recorder_folder(python: str, home: str, progress: Callable[[str], None]) -> str:
    """The folder with vcrpy for an interpreter; see :func:`soarkit.environments.recorder.recorder_folder`."""
    from soarkit.environments import recorder

    return recorder.recorder_folder(python, home, progress)
