"""Where soarkit keeps what must last."""

from __future__ import annotations

import os


def default_home() -> str:
    """SOARKIT_HOME, else ``~/.soarkit``."""
    return os.environ.get("SOARKIT_HOME") or os.path.join(os.path.expanduser("~"), ".soarkit")
