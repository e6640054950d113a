"""The action JSON that ``_handle_action`` takes, from text to plain values (connector API 2.4)."""

from __future__ import annotations

import json

from soarkit_app.refusal import RunRefused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Union


def load(in_json: Union[str, bytes, object]) -> Dict[str, Any]:
    """The action JSON as a dict, of which nothing is known yet.

    :raises RunRefused: it is not JSON text, or not an object
    """
    try:
        text = bytes(in_json).decode("utf-8-sig") if isinstance(in_json, (bytes, bytearray)) else in_json
        if not isinstance(text, str):
            raise RunRefused(f"the action JSON must be JSON text, and this is of the type {type(text).__name__}")
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RunRefused(f"the action JSON is not valid JSON: {error}") from error
    if not isinstance(values, dict):
        raise RunRefused(f"the action JSON must be an object, and this is {_kind(values)}")
    return values


def check(values: Dict[str, Any]) -> None:
    """Make sure of ``identifier`` (text), ``config`` (dict) and ``parameters`` (list of dicts).

    Only the first two must be there; missing or empty ``parameters`` become one empty set. Unknown keys stay.

    :raises RunRefused: one of the three is missing or of a wrong type
    """
    for key in ("identifier", "config"):
        if values.get(key) is None:
            raise RunRefused(f"the action JSON has no '{key}'")
    if not isinstance(values["identifier"], str) or not values["identifier"]:
        raise RunRefused("'identifier' in the action JSON must be the text of an action's identifier")
    if not isinstance(values["config"], dict):
        raise RunRefused(f"'config' in the action JSON must be an object, and this is {_kind(values['config'])}")
    values["parameters"] = _parameters(values.get("parameters"))


def _parameters(parameters: object) -> List[Dict[str, Any]]:
    if parameters is None or parameters == []:
        return [{}]
    if not isinstance(parameters, list) or not all(isinstance(one, dict) for one in parameters):
        raise RunRefused("'parameters' in the action JSON must be a list of objects, one for each call")
    return parameters


def secrets(values: Dict[str, Any]) -> List[object]:
    """What in an action JSON logs somebody in; it is no business of logs."""
    soar_auth = values.get("soar_auth")
    password = soar_auth.get("password") if isinstance(soar_auth, dict) else None
    return [password, *map(values.get, ("user_session_token", "user_hash_key", "broker_ph_auth_token"))]


def _kind(value: object) -> str:
    return {list: "a list", str: "text", bool: "a boolean", dict: "an object", type(None): "null"}.get(
        type(value), "a number"
    )


def whole_number(value: object, default: int = 0) -> int:
    """An id or level that hand-written files give as a number or as text."""
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError, OverflowError):
        return default
