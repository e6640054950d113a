"""Rules about documented output fields. Manifests have thousands of them: one pass, and nothing made on
the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from soarkit.manifest.checks.shapes import actions_of
from soarkit.manifest.findings import shown
from soarkit.manifest.model import is_whole
from soarkit.manifest.quirks import warned_values

if TYPE_CHECKING:
    from soarkit.manifest.checks.shapes import Json
    from soarkit.manifest.findings import Findings

_ROOTS = "data, summary, parameter, status, message, context or id"
_KNOWN_ROOT = re.compile(
    r"(?:action_result\.(?:data|summary|parameter|status|message|context|id)|summary)(?![^.])"
).match
_WARNED_TYPES = warned_values("output_field.data_type")


def check_outputs(raw: Json, findings: Findings) -> None:
    """Roots of data paths, column numbers, and types that the guide does not list."""
    for pointer, action in actions_of(raw):
        output = action.get("output")
        if isinstance(output, list):
            _check_output(output, f"{pointer}/output", findings)


def _check_output(output: list[Any], pointer: str, findings: Findings) -> None:
    columns: dict[int, int] = {}  # column number: index of the field that took it
    for index, field in enumerate(output):
        if not isinstance(field, dict):
            continue
        path = field.get("data_path")
        if path is None:
            if "data_path" not in field:
                findings.warning(
                    f"{pointer}/{index}/data_path",
                    '"data_path" is missing: the field says nothing about the result',
                    'add "data_path", such as "action_result.data.*.id"',
                )
        elif isinstance(path, str) and (not _KNOWN_ROOT(path) or ".." in path or path[-1] == "."):
            findings.warning(f"{pointer}/{index}/data_path", *_path_problem(path))
        if "column_order" in field:
            _check_column(field["column_order"], index, columns, pointer, findings)
        data_type = field.get("data_type")
        if isinstance(data_type, str) and data_type in _WARNED_TYPES:
            findings.warning(
                f"{pointer}/{index}/data_type",
                f"{shown(data_type)} is no type of an output field",
                "use one of: string, numeric, boolean, password",
            )


def _path_problem(path: str) -> tuple[str, str]:
    if _KNOWN_ROOT(path):
        return f"the data path {shown(path)} has an empty part", "remove the superfluous dot"
    first = path.split(".", 1)[0]
    if first == "action_result":
        return (
            f"the data path {shown(path)} starts at no known place",
            f"after action_result comes {_ROOTS}",
        )
    return (
        f"the data path {shown(path)} starts at no known place",
        'start it with "action_result.data", another part of action_result, or "summary"',
    )


def _check_column(value: object, index: int, columns: dict[int, int], pointer: str, findings: Findings) -> None:
    place = f"{pointer}/{index}/column_order"
    if isinstance(value, str) and is_whole(value):
        findings.warning(place, f"the column number {shown(value)} is text", f"write {int(value)} without quotes")
        number = int(value)
    elif isinstance(value, int):
        number = value
    else:
        return
    if columns.setdefault(number, index) != index:
        findings.warning(
            place,
            f"column {number} is taken by {pointer}/{columns[number]}",
            "number the columns from 0 on, each number once",
        )
