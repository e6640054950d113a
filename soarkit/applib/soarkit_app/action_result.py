"""ActionResult: what one run of an action on one set of parameters gives (connector API, section 3)."""

from __future__ import annotations

from soarkit_app import messages, session
from soarkit_app.constants import APP_ERROR_STR, APP_SUCCESS_STR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping


class ActionResult:
    """Status, message, data and summary for one parameter dict.

    Works detached from a connector: apps use it as a carrier for helper functions too. Three of its private names,
    ``_ActionResult__data``, ``_ActionResult__status_code`` and ``_ActionResult__status_message``, are part of the
    interface, since published apps read and assign them.

    :param param: the parameters, kept by reference; None is {}
    """

    def __init__(self, param: Any = None) -> None:
        if param is not None and not isinstance(param, dict):
            param = dict(param)  # any mapping; anything else is the app's mistake and raises here
        self.__param: Dict[str, Any] = {} if param is None else param
        self.__param_context: Dict[str, Any] = {}
        self.__status_code: Any = False  # a result that nobody sets counts as failed
        self.__status_message: Any = ""
        self.__data: Any = []
        self.__summary: Any = {}
        self.__extra_data: List[Any] = []
        self.__debug_data: List[str] = []
        self.__result_index = 0
        self.__base_connector: Any = None

    # Status and message

    def set_status(
        self, status_code: Any, status_message: Any = "", exception: Any = None, *args: Any, **kwargs: Any
    ) -> bool:
        """Replace status and message (formatted as in connector API 2.3), and return the status as a bool.

        :param exception: its text ends the message, its traceback goes to the log; any other value's text as well
        """
        self.__status_code = bool(status_code)
        self.__status_message = messages.status_message(status_message, exception, args, kwargs)
        if isinstance(exception, BaseException):
            session.log_traceback(exception)
        return bool(self.__status_code)

    def get_status(self) -> bool:
        """The status; False until it is set."""
        return bool(self.__status_code)

    def is_success(self) -> bool:
        """Whether the status is success."""
        return bool(self.__status_code)

    def is_fail(self) -> bool:
        """Whether the status is failure, or not set."""
        return not self.__status_code

    def get_message(self) -> str:
        """The message as it was set; one built from the summary only appears in :meth:`get_dict`."""
        return messages.text_of(self.__status_message)

    def get_status_message(self) -> str:
        """The message. Not in the platform's class, but four published apps call it on their error paths."""
        return messages.text_of(self.__status_message)

    def append_to_message(self, message: Any) -> None:
        """Append a text to the message, as it is."""
        self.__status_message = messages.text_of(self.__status_message) + messages.text_of(message)

    def add_exception_details(self, exception: Any) -> bool:
        """Append an exception's text to the message, log its traceback, and return the status."""
        if isinstance(exception, BaseException):
            session.log_traceback(exception)
        text = messages.exception_text(exception)
        message = messages.text_of(self.__status_message)
        self.__status_message = f"{message} {text}" if message else text
        return bool(self.__status_code)

    # Parameters

    def get_param(self) -> Dict[str, Any]:
        """The live parameter dict."""
        return self.__param

    def set_param(self, param: Dict[str, Any]) -> None:
        """Replace the parameters."""
        self.__param = param

    def update_param(self, param: Mapping[str, Any]) -> None:
        """Merge into the parameters."""
        self.__param.update(param)

    def set_param_context(self, context: Any) -> None:
        """Say where the parameters come from: ``artifact_id``, ``guid``, ``parent_action_run``."""
        self.__param_context = context if isinstance(context, dict) else {}

    # Data

    def add_data(self, item: Any) -> Any:
        """Append one item of data and return it; it is kept by reference, so an app can fill it later."""
        self.__data.append(item)
        return item

    def update_data(self, items: Any) -> None:
        """Append every item of a list."""
        self.__data.extend(items)

    def get_data(self) -> Any:
        """The live list of data."""
        return self.__data

    def get_data_size(self) -> int:
        """How many items of data there are."""
        return len(self.__data)

    def set_data_size(self, size: Any) -> None:
        """Accepted and ignored: what it means on the platform is not public."""

    # Summary

    def update_summary(self, summary: Mapping[str, Any]) -> Any:
        """Merge into the summary and return the live dict."""
        self.__summary.update(summary)
        return self.__summary

    def set_summary(self, summary: Any) -> Any:
        """Replace the summary, keeping the reference, and return it."""
        self.__summary = summary
        return self.__summary

    def get_summary(self) -> Any:
        """The live summary dict."""
        return self.__summary

    # Extra data: stored, not rendered

    def add_extra_data(self, item: Any) -> Any:
        """Append an item of extra data and return it."""
        self.__extra_data.append(item)
        return item

    def update_extra_data(self, items: Any) -> None:
        """Append every item of a list to the extra data."""
        self.__extra_data.extend(items)

    def get_extra_data(self) -> List[Any]:
        """The live list of extra data."""
        return self.__extra_data

    def get_extra_data_size(self) -> int:
        """How many items of extra data there are."""
        return len(self.__extra_data)

    def set_extra_data_size(self, size: Any) -> None:
        """Accepted and ignored, as :meth:`set_data_size`."""

    # Debug data: logged when the result failed

    def add_debug_data(self, item: Any) -> None:
        """Keep the text of anything for the log of a failed result."""
        self.__debug_data.append(messages.text_of(item))

    def get_debug_data(self) -> List[str]:
        """The live list of debug texts."""
        return self.__debug_data

    def get_debug_data_size(self) -> int:
        """How many debug texts there are."""
        return len(self.__debug_data)

    def set_debug_data_size(self, size: Any) -> None:
        """Accepted and ignored, as :meth:`set_data_size`."""

    def dump_debug_data(self) -> None:
        """Write the debug texts to the log."""
        if self.__debug_data:
            session.log("debug", "\n".join(self.__debug_data))

    # The connector that the result was added to

    def set_base_connector(self, base_connector: Any) -> None:
        """Remember the connector."""
        self.__base_connector = base_connector

    def set_result_index(self, index: int) -> None:
        """Remember the position among the connector's results."""
        self.__result_index = index

    def get_dict(self) -> Dict[str, Any]:
        """The result as it stands in the result JSON. Nothing is copied: serialise it at the end of the run.

        A successful result without a message gets one made from its summary. ``context`` stands beside and, as in a
        stored run, inside ``parameter``. ``id``, the app run's, is there once the result belongs to a run.
        """
        success = bool(self.__status_code)
        message = messages.text_of(self.__status_message)
        if success and not message and isinstance(self.__summary, dict):
            message = messages.summary_message(self.__summary)
        parameter = self.__param
        context = self.__param_context
        if isinstance(parameter, dict):
            context = parameter.get("context", context)
            if context and "context" not in parameter:
                parameter = {**parameter, "context": context}
        values = {
            "data": self.__data,
            "extra_data": self.__extra_data,
            "summary": self.__summary,
            "status": APP_SUCCESS_STR if success else APP_ERROR_STR,
            "message": message,
            "parameter": parameter,
            "context": context,
        }
        if hasattr(self, "id"):
            values["id"] = self.id
        return values
