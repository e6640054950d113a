"""Tables as CSV (RFC 4180): a line of headings, then the rows, with exact values that keep their types.

Numbers, ``true`` and ``false`` stand bare; null is an empty field. A text stands in quotes where it needs them, and
where it would read as one of these: ``"12"`` is a text, ``12`` a number, ``""`` the empty text. Lists and dictionaries
are JSON in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from soarkit.manifest.model import Action
from soarkit.render.grid import json_text
from soarkit.render.hiding import without_passwords
from soarkit.render.table import Table, data_items, data_table, declared_columns, items_table, results_table

_QUOTED = re.compile(
    r"""[",\r\n]|\A\s|\s\Z|\A\Z            # what RFC 4180 wants in quotes, and what readers trim
    |\A(?:true|false|null|NaN|-?Infinity)\Z|\A[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z""",
    re.VERBOSE,
)


def result_csv(result: Mapping[str, Any], action: Action | None) -> str:
    """A result as CSV: the action's table, else its data. A success without data has the action's headings alone;
    where none are declared, and after a failure, there is a row for each action result.

    :param result: a run's result JSON
    :param action: declares the columns and what is a password; None where it is not known any more
    """
    hidden = without_passwords(result, action)
    output = None if action is None else action.raw.get("output")
    fields = output if isinstance(output, list) else []
    table = data_table(fields, hidden)
    items = data_items(hidden)
    if not table.rows or (not items and result.get("status") != "success"):
        declared = declared_columns(fields)
        if items:
            table = items_table(fields, hidden)
        elif declared and result.get("status") == "success":
            table = Table(declared, [], 0)  # who counts the rows finds as many as there are
        else:
            table = results_table(hidden)
    return rows_csv([column.name for column in table.columns], table.rows)


def rows_csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows under their headings."""
    lines = [",".join(map(_text, names))]
    lines += [",".join(map(_cell, row)) for row in rows]
    return "\r\n".join(lines) + "\r\n"


def csv_bytes(text: str) -> bytes:
    """CSV as UTF-8; halves of characters, which UTF-8 cannot hold, become question marks."""
    return text.encode("utf-8", "replace")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (dict, list)):
        return _quoted(json_text(value))
    return json_text(value)


def _text(value: str) -> str:
    return _quoted(value) if _QUOTED.search(value) else value


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
