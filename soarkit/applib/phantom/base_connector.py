"""BaseConnector, under the name apps import it by, and what goes with it."""

from __future__ import annotations

from soarkit_app.connector import BaseConnector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["APPS_STATE_PATH", "BaseConnector", "connector_obj"]  # noqa: F822 (see __getattr__)


def __getattr__(name: str) -> Any:
    # Late, because the session that knows may be installed after the import.
    from soarkit_app import paths, session

    if name == "APPS_STATE_PATH":
        return paths.app_states()
    if name == "connector_obj":  # the connector at work; tests of published apps set it to None between runs
        return session.current.connector
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
