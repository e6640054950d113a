"""Where things are: soarkit's own parts, and what must last."""

from __future__ import annotations

import os

#: The import root of the app side.
APPLIB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "applib")
#: Parts of the app side that need a library; found by path, on demand.
APPLIB_EXTRAS = os.path.join(os.path.dirname(APPLIB), "applib_extras")


def default_home() -> str:
    """SOARKIT_HOME, else ``~/.soarkit``."""
    return os.environ.get("SOARKIT_HOME") or os.path.join(os.path.expanduser("~"), ".soarkit")
