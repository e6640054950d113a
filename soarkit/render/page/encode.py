"""JSON that stands in an HTML script element and that JavaScript reads without losing anything.

What JavaScript cannot hold as a number is an object with the one key ``$``: ``{"$": "12345678901234567890"}``, and so
``NaN``, ``Infinity`` and ``-Infinity``. Data that looks like it itself (XML made into JSON does) is wrapped once more:
``{"$": {"$": X}}`` stands for the object ``{"$": X}``. So a text behind ``$`` is a number, an object is data.
"""

from __future__ import annotations

import json
import math
from typing import Any

#: Levels of nesting that are kept where data has to be looked at value by value.
MAX_DEPTH = 200

_EXACT = 2**53  # whole numbers are exact in JavaScript up to here
# What stands before a number made a comma, and all digits the same: a search for a text is faster than for a pattern.
_ALIKE = bytes.maketrans(b"123456789:[", b"000000000,,")
_LONG = b"0" * 16
_LOOKALIKE = b'{"$":'


def script_json(value: Any) -> bytes:
    """A value as ASCII JSON without any ``<``: nothing in it can end a script element, or begin a comment in it.

    It takes hardly longer than ``json.dumps``: values are only looked at one by one where the text shows a number that
    is long, or no number.

    :param value: what ``json.loads`` gives; tuples are lists
    """
    text = None if isinstance(value, (int, float)) else _dumped(value)
    if text is None or _LOOKALIKE in text or _has_long_number(text):
        text = json.dumps(exact(value), separators=(",", ":")).encode()
    return text.replace(b"<", b"\\u003c")


def _dumped(value: Any) -> bytes | None:
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
    except (ValueError, TypeError, RecursionError):
        return None


def _has_long_number(text: bytes) -> bool:
    """Whether a number may have 16 digits or more; a text that holds what looks like one costs time, nothing else."""
    alike = text.translate(_ALIKE)
    return b"," + _LONG in alike or b",-" + _LONG in alike


def exact(value: Any, depth: int = 0) -> Any:
    """A copy of data in which everything is written as the module says, and nothing nests too deeply."""
    if isinstance(value, (dict, list, tuple)):
        if depth >= MAX_DEPTH:
            return _TOO_DEEP
        if not isinstance(value, dict):
            return [exact(one, depth + 1) for one in value]
        copy = {str(key): exact(one, depth + 1) for key, one in value.items()}
        return {"$": copy} if copy.keys() == {"$"} else copy
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number(value)
    return value if value is None or isinstance(value, (str, bool)) else str(value)


def _number(value: float) -> Any:
    if isinstance(value, int):
        return value if -_EXACT <= value <= _EXACT else {"$": str(value)}
    if math.isfinite(value):
        return value
    return {"$": "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"}


_TOO_DEEP = f"… (nested deeper than {MAX_DEPTH} levels)"
