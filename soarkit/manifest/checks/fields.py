"""Rules about configuration variables and action parameters, which share most of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from soarkit.manifest.checks.shapes import actions_of, named_of
from soarkit.manifest.findings import shown

if TYPE_CHECKING:
    from soarkit.manifest.checks.shapes import Json
    from soarkit.manifest.findings import Findings

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_TEXT_TYPES = ("string", "password", "file", "timezone")


def check_fields(raw: Json, findings: Findings) -> None:
    """Defaults, value lists and place holders of all configuration variables and parameters."""
    for pointer, _, variable in named_of(raw.get("configuration"), "/configuration"):
        _check_field(variable, pointer, findings)
    for action_pointer, action in actions_of(raw):
        for pointer, _, parameter in named_of(action.get("parameters"), f"{action_pointer}/parameters"):
            _check_field(parameter, pointer, findings)


def _check_field(field: Json, pointer: str, findings: Findings) -> None:
    data_type = field.get("data_type")
    if data_type == "ph":
        if "description" not in field:
            findings.warning(
                f"{pointer}/description",
                '"description" of the place holder is missing',
                'add "description": it may be an empty text',
            )
        return
    default = field.get("default")
    if default is None:
        return
    problem = _misfit(default, data_type)
    if problem:
        findings.warning(f"{pointer}/default", *problem)
    values = field.get("value_list")
    if isinstance(values, list) and values and not _listed(field, default, values):
        findings.warning(
            f"{pointer}/default",
            f"the default {shown(default)} is not in the value_list",
            f"use one of: {', '.join(map(shown, values[:10]))}{' ...' if len(values) > 10 else ''}",
        )


def _misfit(default: object, data_type: object) -> tuple[str, str] | None:
    """Why a default is no value of its data type, and what to write."""
    if data_type == "numeric":
        if isinstance(default, (int, float)) and not isinstance(default, bool):
            return None
        if isinstance(default, str) and _NUMBER.fullmatch(default.strip()):
            hint = f"write {default.strip()} without quotes"
        else:
            hint = "write a number, or leave the default out"
        return f"the default {shown(default)} of a numeric field is no number", hint
    if data_type == "boolean":
        if isinstance(default, bool):
            return None
        plain = str(default).strip().lower()
        hint = f"write {plain} without quotes" if plain in ("true", "false") else "write true or false"
        return f"the default {shown(default)} of a boolean field is neither true nor false", hint
    if data_type in _TEXT_TYPES and not isinstance(default, str):
        return f"the default {shown(default)} of a {data_type} field is no text", f'write "{shown(default)}"'
    return None


def _listed(field: Json, default: object, values: list[object]) -> bool:
    """Whether the value list holds the default: all of its items, where the field takes several."""
    given = [default]
    if field.get("allow_list") is True and isinstance(default, str) and default not in values:
        given = [item.strip() for item in default.split(",") if item.strip()]
    # 1 == True for Python, not in a form.
    return all(any(type(item) is type(value) and item == value for value in values) for item in given)
