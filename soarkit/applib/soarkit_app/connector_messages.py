"""BaseConnector's progress, log, status and results (connector API 2.2 and 2.3)."""

from __future__ import annotations

from soarkit_app import constants, messages, session
from soarkit_app.action_result import ActionResult
from soarkit_app.connector_parts import ConnectorPart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List


class MessageMethods(ConnectorPart):
    """What the app tells: to the person who waits, to the log, and as its outcome."""

    # Progress

    def save_progress(self, progress_str_const: Any, *args: Any, **kwargs: Any) -> None:
        """Show a progress message that stays."""
        self.__progress(messages.format_message(progress_str_const, args, kwargs), False)

    def send_progress(self, progress_str_const: Any, *args: Any, **kwargs: Any) -> None:
        """Show a progress message until the next; an empty one clears it."""
        self.__progress(messages.format_message(progress_str_const, args, kwargs), True)

    def __progress(self, text: str, transient: bool) -> None:
        if session.current.runtime or self.print_progress_message:
            session.progress(text, transient)

    # Log

    def debug_print(self, tag: Any = "", dump_object: Any = "", *surplus: Any, **unknown: Any) -> None:
        """Log anything for a developer. Never raises."""
        self.__log("debug", tag, dump_object, *surplus)

    def error_print(self, tag: Any = "", dump_object: Any = "", *surplus: Any, **unknown: Any) -> None:
        """Log an error. Never raises."""
        self.__log("error", tag, dump_object, *surplus)

    def telemetry_print(self, tag: Any = "", dump_object: Any = "", *surplus: Any, **unknown: Any) -> None:
        """Log a figure about the app itself; soarkit sends none anywhere."""
        self.__log("debug", tag, dump_object, *surplus)

    def __log(self, level: str, *parts: Any) -> None:
        session.log(level, " ".join(part for part in map(messages.text_of, parts) if part))

    # The connector's own status, which counts where there are no results

    def set_status(
        self, status_code: Any, status_message: Any = "", exception: Any = None, *args: Any, **kwargs: Any
    ) -> bool:
        """Replace the connector's status and message, and return the status as a bool.

        :param exception: its text ends the message, its traceback goes to the log; any other value's text as well
        """
        return self.__set_status(status_code, status_message, exception, args, kwargs)

    def set_status_save_progress(
        self, status_code: Any, status_message: Any = "", exception: Any = None, *args: Any, **kwargs: Any
    ) -> bool:
        """:meth:`set_status`, with the message shown as progress too."""
        status = self.__set_status(status_code, status_message, exception, args, kwargs)
        self.__progress(self._BaseConnector__conn_result.message(), False)
        return status

    def __set_status(self, status_code: Any, message: Any, exception: Any, args: Any, kwargs: Dict[str, Any]) -> bool:
        if isinstance(exception, BaseException):
            session.log_traceback(exception)
        text = messages.status_message(message, exception, args, kwargs)
        return self._BaseConnector__conn_result.set_status(status_code, text)

    def append_to_message(self, message: Any) -> None:
        """Append a text to the connector's message, as it is."""
        self._BaseConnector__conn_result.append_to_message(messages.text_of(message))

    def get_status(self) -> bool:
        """The connector's status; False until it is set."""
        return self._BaseConnector__conn_result.status()

    def get_status_message(self) -> str:
        """The connector's message."""
        return self._BaseConnector__conn_result.message()

    def is_success(self) -> bool:
        """Whether the connector's status is success."""
        return self._BaseConnector__conn_result.status()

    def is_fail(self) -> bool:
        """Whether the connector's status is failure, or not set."""
        return not self._BaseConnector__conn_result.status()

    def update_summary(self, summary: Dict[str, Any]) -> Dict[str, Any]:
        """Merge into the connector's summary, part of ``result_summary``; returns the live dict."""
        own = self._BaseConnector__conn_result.summary()
        own.update(summary)
        return own

    def unknown_action(self) -> bool:
        """Mark the run failed because the app does not know the action."""
        identifier = self._BaseConnector__run.identifier
        return self.__set_status(False, constants.APP_ERR_UNK_CMD, None, (), {"action_identifier": identifier})

    # Results

    def add_action_result(self, action_result: Any) -> Any:
        """Add an action result to the run, once, and return it."""
        return self._soarkit_add_result(action_result)

    def _soarkit_add_result(self, action_result: Any) -> Any:
        result, run = self._BaseConnector__conn_result, self._BaseConnector__run
        result.add_item(action_result)
        if isinstance(action_result, ActionResult):
            action_result.set_base_connector(self)
            action_result.set_result_index(len(result.items()) - 1)
            if isinstance(run.param.get("context"), dict):
                action_result.set_param_context(run.param["context"])
            if not hasattr(action_result, "id"):
                action_result.id = run.echo()["connector_run_id"]  # type: ignore[attr-defined]
        return action_result

    def remove_action_result(self, action_result: Any) -> Any:
        """Take an action result out of the run again, and return it."""
        return self._BaseConnector__conn_result.remove_item(action_result)

    def get_action_results(self) -> List[Any]:
        """The live list of the run's action results."""
        return self._BaseConnector__conn_result.items()
