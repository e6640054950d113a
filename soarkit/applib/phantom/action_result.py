"""ActionResult, under the name apps import it by."""

from soarkit_app.action_result import ActionResult

__all__ = ["ActionResult"]
