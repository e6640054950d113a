"""BaseConnector, under the name apps import it by."""

from __future__ import annotations

from soarkit_app.connector import BaseConnector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

__all__ = ["APPS_STATE_PATH", "BaseConnector", "connector_obj"]  # noqa: F822 (see __getattr__)

#: The connector at work; tests of published apps set it to None between runs.
connector_obj: Optional[BaseConnector] = None


def __getattr__(name: str) -> str:
    # Late, because the session with the folder in it may be installed after the import.
    if name == "APPS_STATE_PATH":
        from soarkit_app import paths

        return paths.app_states()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
