"""ConnectorResult, under the name apps import it by."""

from soarkit_app.connector_result import ConnectorResult

__all__ = ["ConnectorResult"]
