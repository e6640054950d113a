"""The forms of a result JSON and of its entries, which hold whatever an app's own classes made of them.

``schemas/result.schema.json`` describes both, and connector API 2.7 where they come from.
"""

from __future__ import annotations

from soarkit_app import session
from soarkit_app.constants import APP_ERROR_STR, APP_SUCCESS_STR
from soarkit_app.messages import text_of, with_article

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Tuple

_STATUSES = (APP_SUCCESS_STR, APP_ERROR_STR)
#: What every entry of ``result_data`` has besides its status, and what some have.
_REQUIRED: Tuple[Tuple[str, type], ...] = (("message", str), ("data", list), ("summary", dict), ("parameter", dict))
_OPTIONAL: Tuple[Tuple[str, type], ...] = (("extra_data", list), ("context", dict))
#: Keys of a run that are text where they are there.
_TEXTS = ("identifier", "action", "asset_id")


def entry(values: Dict[Any, Any], name: str, success: bool) -> Dict[str, Any]:
    """One of ``result_data``: the dict itself if its form is right, else a new one.

    :param name: the class of the result that gave it
    :param success: its status, if the dict has none that is one
    """
    if not isinstance(values.get("data", []), (list, tuple)):
        return unusable(name, f"its data is {_kind(values['data'])} and no list")
    status = values.get("status")
    changed: Dict[str, Any] = {}
    if not _is_status(status):
        changed["status"] = APP_SUCCESS_STR if success else APP_ERROR_STR
    for key, form in (*_REQUIRED, *(pair for pair in _OPTIONAL if pair[0] in values)):
        if key not in values or not isinstance(values[key], form):
            changed[key] = _formed(values.get(key), form, key, name)
    return {**values, **changed} if changed else values


def unusable(name: str, why: str) -> Dict[str, Any]:
    """The failed entry in the place of one that cannot be had. :param name: the class of what the app added"""
    message = f"the app added {with_article(name)} that is no usable action result: {why}"
    return {"status": APP_ERROR_STR, "message": message, "data": [], "summary": {}, "parameter": {}}


def is_successful(one: Mapping[str, Any]) -> bool:
    """Whether this is the entry of a result that succeeded."""
    return bool(one["status"] == APP_SUCCESS_STR)


def totals(entries: List[Dict[str, Any]]) -> Dict[str, int]:
    """The two counts of every ``result_summary``."""
    return {"total_objects": len(entries), "total_objects_successful": sum(map(is_successful, entries))}


def whole(values: Dict[str, Any], echo: Dict[str, Any]) -> Dict[str, Any]:
    """The result JSON that an app wrote without this library's help, filled up; keys of its own stay.

    :param echo: the keys of the action JSON that a result repeats
    :raises ValueError: the status or the list of results is of a form that leaves their meaning open
    """
    if not _is_status(values.get("status")):
        raise ValueError(f"its 'status' is neither '{APP_SUCCESS_STR}' nor '{APP_ERROR_STR}'")
    given = values.get("result_data", [])
    if not isinstance(given, list):
        raise ValueError("its 'result_data' is no list")
    success = is_successful(values)
    entries = [_whole_entry(one, success) for one in given]
    counts = totals(entries)
    exception_occured = values.get("exception_occured") is True
    if exception_occured or (entries and not counts["total_objects_successful"]):
        success = False
    summary, extra_data = values.get("result_summary"), values.get("extra_data")
    filled = {
        "status": APP_SUCCESS_STR if success else APP_ERROR_STR,
        "message": text_of(values.get("message")),
        "result_data": entries,
        "result_summary": {**(summary if isinstance(summary, dict) else {}), **counts},
        "exception_occured": exception_occured,
        "extra_data": extra_data if isinstance(extra_data, list) else [],
    }
    if "action_cancelled" in values:
        filled["action_cancelled"] = values["action_cancelled"] is True
    odd = {key: echo[key] for key in _TEXTS if not isinstance(values.get(key), str)}
    return {**echo, **values, **filled, **odd}


def _whole_entry(one: Any, success: bool) -> Dict[str, Any]:
    name = type(one).__name__
    return entry(one, name, success) if isinstance(one, dict) else unusable(name, "it is no object")


def _is_status(status: object) -> bool:
    return isinstance(status, str) and status in _STATUSES


def _formed(value: Any, form: type, key: str, name: str) -> Any:
    """The value in the form that its key wants; empty, and logged, where there is no way from one to the other."""
    if form is str:
        return text_of(value)
    if form is list and isinstance(value, (tuple, set, frozenset)):
        return list(value)
    if value is None:
        return form()
    from collections.abc import Mapping

    if form is dict and isinstance(value, Mapping):  # response headers, above all
        return dict(value)
    session.log("error", f"{with_article(name)} has {_kind(value)} as its {key}, which is left out")
    return form()


def _kind(value: object) -> str:
    return with_article(type(value).__name__)
