"""What the operators of filters mean, for values in memory.

The database answers most filters by itself; what only Python knows, and values inside JSON, are looked at here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from soarkit.store import times

#: What may stand behind the last ``__`` of a filter.
OPERATORS = frozenset(
    "exact iexact contains icontains startswith istartswith endswith iendswith gt gte lt lte in range regex iregex "
    "isnull".split()
)
_QUARTER = 3  # months
#: The parts of a time that can be asked for. Weeks begin on Sunday, which is 1, for ``week_day``.
PARTS: dict[str, Callable[[datetime], Any]] = {
    "year": lambda moment: moment.year,
    "iso_year": lambda moment: moment.isocalendar()[0],
    "month": lambda moment: moment.month,
    "day": lambda moment: moment.day,
    "week": lambda moment: moment.isocalendar()[1],
    "week_day": lambda moment: moment.isoweekday() % 7 + 1,
    "iso_week_day": lambda moment: moment.isoweekday(),
    "quarter": lambda moment: (moment.month - 1) // _QUARTER + 1,
    "hour": lambda moment: moment.hour,
    "minute": lambda moment: moment.minute,
    "second": lambda moment: moment.second,
    "date": lambda moment: moment.date().isoformat(),
    "time": lambda moment: moment.time().isoformat(),
}


def stamp(moment: datetime) -> str:
    """A time as clients read it: UTC, always with microseconds and ``Z``."""
    return times.shown(moment) or ""


def matches(value: Any, operator: str, wanted: Any) -> bool:
    """Whether a value is what a filter wants.

    :param operator: one of :data:`OPERATORS`
    :param wanted: what stands behind the ``=``, read for the field's kind
    """
    if operator in _OF_ANYTHING:
        return _OF_ANYTHING[operator](value, wanted)
    if value is None or wanted is None:
        return False
    if operator == "range":
        return _compared(value, wanted[0]) in (0, 1) and _compared(value, wanted[1]) in (0, -1)
    if operator in _ORDER:
        return _compared(value, wanted) in _ORDER[operator]
    held = operator == "contains" and _holds(value, wanted)
    return held or any(_TEXTUAL[operator](one, _text(wanted)) for one in _texts(value))


def regex(written: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """A regular expression.

    :raises ValueError: it is none
    """
    try:
        return re.compile(written, re.IGNORECASE if ignore_case else 0)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"{written!r} is no regular expression: {error}") from None


_regex = lru_cache(64)(regex)
_ORDER = {"gt": (1,), "gte": (0, 1), "lt": (-1,), "lte": (-1, 0)}
_TEXTUAL: dict[str, Callable[[str, str], bool]] = {
    "iexact": lambda text, wanted: text.lower() == wanted.lower(),
    "contains": lambda text, wanted: wanted in text,
    "icontains": lambda text, wanted: wanted.lower() in text.lower(),
    "startswith": lambda text, wanted: text.startswith(wanted),
    "istartswith": lambda text, wanted: text.lower().startswith(wanted.lower()),
    "endswith": lambda text, wanted: text.endswith(wanted),
    "iendswith": lambda text, wanted: text.lower().endswith(wanted.lower()),
    "regex": lambda text, wanted: _regex(wanted).search(text) is not None,
    "iregex": lambda text, wanted: _regex(wanted, ignore_case=True).search(text) is not None,
}


def _equal(value: Any, wanted: Any) -> bool:
    if type(value) is type(wanted):
        return bool(value == wanted)
    if value is None or wanted is None or isinstance(value, (dict, list)):
        return False
    # Numbers are often sent as text, and kept as text.
    mine, theirs = _text(value), _text(wanted)
    is_truth = isinstance(value, bool) or isinstance(wanted, bool)
    return mine.lower() == theirs.lower() if is_truth else mine == theirs


def _compared(value: Any, wanted: Any) -> int | None:
    """-1, 0 or 1 where the value is before, at or behind the wanted one; None where they have no order."""
    if isinstance(wanted, (int, float)) and isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    elif isinstance(wanted, str) and not isinstance(value, str):
        value = _text(value)
    try:
        return int(value > wanted) - int(value < wanted)
    except TypeError:
        return None


def _holds(value: Any, wanted: Any) -> bool:
    """Whether a list has an element, or all elements of another list."""
    if not isinstance(value, list):
        return False
    return all(any(_equal(mine, one) for mine in value) for one in (wanted if isinstance(wanted, list) else [wanted]))


def _texts(value: Any) -> list[str]:
    """The text of a value: of an object its JSON, with what is not ASCII as it is, and escaped."""
    if isinstance(value, (dict, list)):
        return [json.dumps(value, ensure_ascii=False), json.dumps(value)]
    return [_text(value)]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


_OF_ANYTHING: dict[str, Callable[[Any, Any], bool]] = {
    "isnull": lambda value, wanted: (value is None) is bool(wanted),
    "in": lambda value, wanted: any(_equal(value, one) for one in (wanted if isinstance(wanted, list) else [wanted])),
    "exact": _equal,
}
