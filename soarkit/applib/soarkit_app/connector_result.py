"""ConnectorResult: what a whole run gives, from its action results to the result JSON (connector API 2.7)."""

from __future__ import annotations

from soarkit_app import constants, messages, result_shape, session
from soarkit_app.action_result import ActionResult

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Optional, Set

#: Keys of the action JSON that the result JSON repeats.
ECHOED = ("identifier", "action", "action_run_id", "connector_run_id", "asset_id", "container_id")
#: Steps of the run in which an explicit failure status of the connector fails the run, whatever the results say.
_DECISIVE_STEPS = ("initialize", "finalize")


class ConnectorResult:
    """The run's action results, status, message and summary."""

    def __init__(self) -> None:
        self.__items: List[Any] = []
        self.__ids: Set[int] = set()  # of the items, as add_item last saw them
        self.__status: Optional[bool] = None  # None: the app never set it
        self.__status_step = ""
        self.__message = ""
        self.messages_set = 0  #: how often the connector changed its message
        self.__summary: Dict[str, Any] = {}
        self.__extra_data: List[Any] = []
        self.__exception_occured = False
        self.__exception_text = ""
        self.__echo: Dict[str, Any] = {}
        self.__counters: Dict[str, int] = {}
        self.cancelled = False  #: the run was asked to stop
        self.refusal = ""  #: why the run ended before the app's part in it
        self.step = ""  #: the step of the life cycle under way
        self.last_return: object = None  #: what ``handle_action`` returned last
        self.__entries: List[Dict[str, Any]] = []  # the items' dicts, each made once: status and counts follow them
        self.__final_status = False
        self.__final_message = ""

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ConnectorResult:
        """The result of a run that was stored, or of one of its action results, to go on with."""
        result = cls()
        if isinstance(values.get("status"), str):
            result.__status = values["status"] == constants.APP_SUCCESS_STR
        result.__message = messages.text_of(values.get("message"))
        result.__summary = dict(values.get("result_summary") or {})
        result.__exception_occured = bool(values.get("exception_occured"))
        result.cancelled = bool(values.get("action_cancelled"))
        result.__items = [_StoredResult(item) for item in values.get("result_data") or () if isinstance(item, dict)]
        result.__echo = {key: values[key] for key in ECHOED if key in values}
        result.postprocess_action_results()
        return result

    # What the connector keeps here

    def echo(self, values: Mapping[str, Any]) -> None:
        """Keys of the action JSON to repeat in the result."""
        self.__echo = dict(values)

    def count(self, counters: Dict[str, int]) -> None:
        """The ingest counters of a poll; the live dict."""
        self.__counters = counters

    def add_item(self, action_result: Any) -> Any:
        """Add an action result, once, and return it."""
        if len(self.__ids) != len(self.__items):  # apps change the live list too
            self.__ids = set(map(id, self.__items))
        # An id alone proves nothing: that of a result which the app took out of the list may be another's by now.
        if id(action_result) not in self.__ids or not any(item is action_result for item in reversed(self.__items)):
            self.__items.append(action_result)
            self.__ids.add(id(action_result))
        return action_result

    def remove_item(self, action_result: Any) -> Any:
        """Take an action result out again, and return it."""
        self.__items[:] = [item for item in self.__items if item is not action_result]
        return action_result

    def items(self) -> List[Any]:
        """The live list of action results."""
        return self.__items

    def set_status(self, status: Any, message: str) -> bool:
        """The connector's own status and message. :param message: finished text"""
        self.__status = bool(status)
        self.__status_step = self.step
        self.__message = message
        self.messages_set += 1
        return self.__status

    def status(self) -> bool:
        """The connector's own status; False until it is set."""
        return bool(self.__status)

    def message(self) -> str:
        """The connector's own message."""
        return self.__message

    def append_to_message(self, text: str) -> None:
        """Append to the connector's own message."""
        self.__message += text
        self.messages_set += 1

    def summary(self) -> Dict[str, Any]:
        """The connector's own summary; the live dict."""
        return self.__summary

    def extra_data(self) -> List[Any]:
        """The run's extra data; the live list."""
        return self.__extra_data

    def add_exception(self, exception: BaseException) -> bool:
        """Take an exception as the run's outcome: logged with its traceback, and the run is a failed one."""
        self.__exception_occured = True
        text = messages.exception_text(exception)
        name = type(exception).__name__
        self.__exception_text = text if text == name else f"{name}: {text}"
        session.log_traceback(exception)
        return True

    # What comes out

    def postprocess_action_results(self) -> None:
        """Decide status and message of the run from its results and from what the connector set."""
        self.__entries = [_entry_of(item) for item in self.__items]
        failed = sum(1 for one in self.__entries if not result_shape.is_successful(one))
        declared_failed = self.__status is False and self.__status_step in _DECISIVE_STEPS
        if self.refusal or self.__exception_occured or self.cancelled or declared_failed:
            self.__final_status = False
            self.__final_message = self.__failure_message(declared_failed)
        elif self.__entries:
            self.__final_status = failed < len(self.__entries)
            self.__final_message = self.__message_of_results(failed)
        else:
            self.__final_status = bool(self.last_return) if self.__status is None else self.__status
            self.__final_message = self.__message or _stock_message(self.__final_status)

    def __failure_message(self, declared_failed: bool) -> str:
        parts = [self.refusal, self.__message if declared_failed or self.__status is False else ""]
        if self.__exception_occured and not any(self.__exception_text in part for part in parts):
            parts.append(self.__exception_text)
        if self.cancelled:
            parts.append("The action was cancelled")
        return _sentences(parts) or _stock_message(False)

    def __message_of_results(self, failed: int) -> str:
        texts = [one["message"] for one in self.__entries]
        if len(texts) == 1:
            return texts[0] or self.__message or _stock_message(not failed)
        if not failed:
            return f"{len(texts)} actions succeeded"
        # Which ones failed and why, without repeating a reason, and without a page of text for a long list.
        failures = [one["message"] for one in self.__entries if not result_shape.is_successful(one)]
        why = dict.fromkeys(text for text in failures if text)
        reasons = "; ".join(list(why)[:3]) + ("; ..." if len(why) > 3 else "")
        if failed == len(texts):
            counted = f"{failed} actions failed"
        else:
            counted = constants.APP_SUCC_SOME_CMDS.format(total_failures=f"{failed} of {len(texts)}")
        return f"{counted}. {reasons}" if reasons else counted

    def log_debug_data(self) -> None:
        """Log what the failed results kept for it; call :meth:`postprocess_action_results` before."""
        for item, one in zip(self.__items, self.__entries):  # noqa: B905 (Python 3.9 has no strict=)
            if isinstance(item, ActionResult) and not result_shape.is_successful(one):
                try:
                    item.dump_debug_data()
                except Exception as error:  # the app put something else than text into the live list
                    session.log_traceback(error)

    def get_dict(self) -> Dict[str, Any]:
        """The result JSON as a dict; call :meth:`postprocess_action_results` before. Data is not copied."""
        totals = result_shape.totals(self.__entries)
        values: Dict[str, Any] = {
            "status": constants.APP_SUCCESS_STR if self.__final_status else constants.APP_ERROR_STR,
            "message": self.__final_message,
            "result_data": list(self.__entries),
            "result_summary": {**totals, **self.__counters, **self.__summary, **totals},
            "exception_occured": self.__exception_occured,
            "extra_data": self.__extra_data,
        }
        if self.cancelled:
            values["action_cancelled"] = True
        return {**values, **self.__echo}


class _StoredResult(ActionResult):
    """An action result read back from a stored run: its dict is given out as it was found."""

    def __init__(self, values: Dict[str, Any]) -> None:
        super().__init__(values.get("parameter") if isinstance(values.get("parameter"), dict) else None)
        self.__values = values
        self.set_status(values.get("status") == constants.APP_SUCCESS_STR)

    def get_dict(self) -> Dict[str, Any]:
        return {**self.__values, "message": self.__values.get("message", "")}


# Apps derive from ActionResult, or add something else by mistake; neither may lose the other results.


def _entry_of(item: Any) -> Dict[str, Any]:
    name = type(item).__name__
    try:
        values = item.get_dict()
        if not isinstance(values, dict):
            return result_shape.unusable(name, f"get_dict() gave {messages.with_article(type(values).__name__)}")
        return result_shape.entry(values, name, _status_of(item))
    except Exception as error:
        return result_shape.unusable(name, f"{type(error).__name__}: {messages.exception_text(error)}")


def _status_of(item: Any) -> bool:
    try:
        return bool(item.get_status())
    except Exception:
        return False


def _stock_message(success: bool) -> str:
    return constants.APP_SUCC_CONN_RUN if success else constants.APP_ERR_CONN_RUN


def _sentences(parts: List[str]) -> str:
    """Messages one after the other, each closed unless it closes itself."""
    given = [part for part in parts if part]
    closed = [part if part.rstrip().endswith((".", "!", "?")) else f"{part}." for part in given[:-1]]
    return " ".join(closed + given[-1:])
