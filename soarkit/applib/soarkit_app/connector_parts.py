"""What the parts of BaseConnector share.

BaseConnector is put together from classes by subject, one a module. All of them keep what they know in three
attributes under names that Python mangles for a class called ``BaseConnector``: apps and the SDK reach into two of
them by exactly these names, and no attribute of an app's own can clash with them.

No part calls a public method of the connector for its own needs: apps override many, some with another signature.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    from soarkit_app.connector_result import ConnectorResult
    from soarkit_app.run import Run


class ConnectorPart:
    """Base of the parts."""

    _BaseConnector__run: Run  #: the action run under way, or the time before the first
    _BaseConnector__conn_result: ConnectorResult  #: its results
    _BaseConnector__action_run_id: int

    #: An app's command-line block sets it, to see progress messages on standard output.
    print_progress_message: bool

    def _soarkit_app_json(self) -> Dict[str, Any]:
        """The app JSON; {} when there is none to be found."""
        raise NotImplementedError

    def _soarkit_app_text(self, key: str) -> str:
        """One text of the app JSON; "" when absent."""
        value = self._soarkit_app_json().get(key)
        return "" if value is None else str(value)
