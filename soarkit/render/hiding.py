"""Passwords taken out of a result before any of it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from soarkit_app.datapaths import DataPathError, parse

from soarkit.manifest.model import Action
from soarkit.render.outline import MASK
from soarkit.render.table import password_paths


def without_passwords(result: Mapping[str, Any], action: Action | None) -> Mapping[str, Any]:
    """The result JSON with a mask for the values of parameters and outputs that the action declares as passwords.

    Only what lies on the way to such a value is copied; a result without any is given back as it is.
    """
    if action is None:
        return result
    hidden: Mapping[str, Any] = result
    for path in password_places(action):
        try:
            runs = parse(path).runs
        except DataPathError:
            continue
        keys = [*runs[0]]
        for run in runs[1:]:
            keys += ["*", *run]
        hidden = _masked(hidden, keys)
    return hidden


def password_places(action: Action) -> list[str]:
    """The data paths of an action's passwords."""
    parameters = [
        f"action_result.parameter.{one.name}" for one in action.parameters.values() if one.data_type == "password"
    ]
    return [*parameters, *sorted(password_paths(_fields(action)))]


def _fields(action: Action) -> Iterable[Mapping[str, Any]]:
    output = action.raw.get("output")
    return output if isinstance(output, list) else ()


def _masked(value: Any, keys: Sequence[str]) -> Any:
    """A copy with a mask at ``keys``; the value itself where there is nothing. A key of the data may hold dots."""
    if not keys:
        return value if value is None or value == "" else MASK
    if isinstance(value, list):
        rest = keys[1:] if keys[0] == "*" or keys[0].isdecimal() else None
        if rest is None:
            return value
        items = [_masked(one, rest) for one in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if keys == ["*"]:  # of a star at the end one value is its own only item
        return _masked(value, [])
    if not isinstance(value, Mapping):
        return value
    changed = {}
    for count in range(1, len(keys) + 1):
        key = ".".join(keys[:count])
        if key in value:
            new = _masked(value[key], keys[count:])
            if new is not value[key]:
                changed[key] = new
    return {**value, **changed} if changed else value
