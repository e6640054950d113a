"""``phantom.app.requests`` and ``phantom.rules.requests``: two published apps reach the library through them.

Imported on first use only, so that an app without requests still loads and none pays for it at start-up.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def find(name: str) -> Any:
    """A module's ``__getattr__``."""
    if name != "requests":
        raise AttributeError(f"this module of the platform has no attribute {name!r}")
    try:
        import requests
    except ImportError as error:
        raise AttributeError(f"the module's attribute 'requests' needs the library: {error}") from error
    return requests
