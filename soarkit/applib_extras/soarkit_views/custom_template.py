"""The template library ``custom_template`` of the platform (connector API 8.3).

The platform's filters raise where a value is of another kind than they expect, and the whole widget is gone. These
give nothing, or the value as it came.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.html import conditional_escape, escapejs
from django.utils.safestring import SafeString, mark_safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

register = template.Library()

_UNITS = (
    (365 * 24 * 3600, "year"),
    (30 * 24 * 3600, "month"),
    (24 * 3600, "day"),
    (3600, "hour"),
    (60, "minute"),
    (1, "second"),
)


@register.simple_tag
def widget_uuid(length: int = 8) -> str:
    """An id for an element, which no other has. The length means nothing, here as on the platform."""
    return f"widget_{uuid.uuid4().hex}"


# Dictionaries and lists


@register.filter
def by_key(dictionary: Any, key: Any) -> Any:
    """The value of a key that dots cannot reach, such as ``@name``; an empty text where there is none."""
    if isinstance(dictionary, Mapping):
        return dictionary.get(key, "")
    try:
        return dictionary[key]  # a list, by its index
    except (TypeError, KeyError, IndexError):
        return ""


@register.filter
def by_nested_key(dictionary: Any, keys: Any) -> Any:
    """The value two levels down: ``"first second"``; None without the first, an empty text without the second."""
    first, _, second = str(keys).partition(" ")
    inner = by_key(dictionary, first)
    return by_key(inner, second.strip()) if inner else None


@register.filter
def sorteditems(dictionary: Any) -> list[tuple[Any, Any]]:
    """Pairs of key and value, sorted by key."""
    pairs = list(dictionary.items()) if isinstance(dictionary, Mapping) else []
    try:
        return sorted(pairs)
    except TypeError:  # keys of several kinds, or like keys with values that have no order
        return sorted(pairs, key=lambda pair: str(pair[0]))


@register.filter
def batch(items: Any, count: Any) -> list[list[Any]]:
    """Groups of so many items; the last one may be smaller."""
    size = max(int(count), 1)
    listed = list(items) if isinstance(items, Iterable) else []
    return [listed[start : start + size] for start in range(0, len(listed), size)]


@register.filter
def dict_batch(dictionary: Any, count: Any) -> list[list[Any]]:
    """Groups of so many pairs of key and value."""
    return batch(dictionary.items() if isinstance(dictionary, Mapping) else (), count)


@register.filter
def remove_empty(dictionary: Any) -> Any:
    """A dictionary without what is empty, None or 0; a list likewise."""
    if isinstance(dictionary, Mapping):
        return {key: value for key, value in dictionary.items() if value}
    return [one for one in dictionary if one] if isinstance(dictionary, (list, tuple)) else dictionary


@register.filter
def getattribute(value: Any, name: Any) -> Any:
    """An attribute, or an empty text."""
    return getattr(value, str(name), "")


@register.filter
def is_list(value: Any) -> bool:
    """Whether it is a list."""
    return isinstance(value, list)


@register.filter
def typeof(value: Any) -> type:
    """Its type."""
    return type(value)


@register.filter
def strip_tenant_id(dictionary: Any, key: Any) -> str:
    """What stands before the first ``_`` of a key's value."""
    value = by_key(dictionary, key)
    return str(value).split("_", 1)[0] if value else ""


# Texts


@register.filter
def startswith(value: Any, start: Any) -> bool:
    """Whether the one text begins with the other."""
    return str(value).startswith(str(start))


@register.filter
def commasplit(value: Any, index: Any) -> str:
    """One of the parts between commas; an empty text where there are not so many."""
    parts = str(value).split(",")
    try:
        return parts[int(index)]
    except (ValueError, IndexError):
        return ""


@register.filter
def slashsplit(value: Any) -> list[str]:
    """The parts between slashes."""
    return str(value).split("/")


@register.filter
def sformat(text: Any, value: Any) -> str:
    """A text with ``%s`` and the like filled in, as it is where the value does not fit."""
    try:
        return str(text) % value  # type: ignore[no-any-return]
    except (TypeError, ValueError, KeyError):
        return str(text)


@register.filter
def superslug(value: Any) -> str:
    """Word characters alone, with ``_`` for spaces and hyphens."""
    return re.sub(r"\W", "", re.sub(r"[- ]", "_", str(value)))


@register.filter
def bleach(value: Any) -> SafeString:
    """HTML without what could do harm; as plain text where the app's environment has no bleach."""
    try:
        from bleach import clean
    except ImportError:
        return conditional_escape(str(value))
    cleaned: str = clean(str(value))
    return mark_safe(cleaned)  # noqa: S308 (bleach made it safe)


# JavaScript and JSON


@register.filter
def to_json(value: Any) -> str:
    """JSON text, of which nothing ends a script element."""
    return json.dumps(value, default=str).replace("</", "<\\/")


@register.filter
def jslist(items: Any) -> SafeString:
    """The text of a JavaScript array of strings, in single quotes; fit for an attribute and for a script."""
    listed = [items] if isinstance(items, str) else items if isinstance(items, Iterable) else []
    return mark_safe("[" + ",".join(f"'{escapejs(str(one))}'" for one in listed) + "]")  # noqa: S308 (all is escaped)


# Numbers and times


@register.filter
def safe_intcomma(value: Any) -> str:
    """A whole number with a comma between thousands; other text as it is."""
    try:
        return f"{int(value):,}"
    except (TypeError, ValueError, OverflowError):
        return str(value)


@register.filter
def absval(value: Any) -> Any:
    """A number without its sign; anything else as it is."""
    try:
        return abs(value)
    except TypeError:
        return value


@register.filter
def human_datetime(value: Any, relative: Any = True) -> Any:
    """A time as people say it: ``3 minutes ago``, or ``Jan 5, 2024 1:02 pm``. What is no time stays as it is."""
    moment = _moment(value)
    if moment is None:
        return value
    if not relative:
        hour = moment.hour % 12 or 12
        half = "am" if moment.hour < 12 else "pm"
        return f"{moment:%b} {moment.day}, {moment.year} {hour}:{moment:%M} {half}"
    now = timezone.now() if timezone.is_aware(moment) else datetime.now()  # naive as the value is
    past = now - moment
    words = _words(abs(past))
    if words == "a moment":
        return "now"
    return f"{words} ago" if past >= timedelta(0) else f"{words} from now"


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if not isinstance(value, str):
        return None
    try:
        text = value.strip()
        moment = parse_datetime(text)
        day = None if moment is not None else parse_date(text)
    except ValueError:  # of the right form, but no such time
        return None
    return moment if day is None else _moment(day)


@register.filter
def human_timedelta(value: Any) -> Any:
    """A length of time in words: ``2 hours``."""
    return _words(abs(value)) if isinstance(value, timedelta) else value


def _words(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    for size, unit in _UNITS:
        count = seconds // size
        if count == 1:
            return f"{'an' if unit == 'hour' else 'a'} {unit}"
        if count:
            return f"{count} {unit}s"
    return "a moment"


@register.filter
def datetime_minutes(value: Any) -> Any:
    """A length of time in whole minutes."""
    return value.days * 24 * 60 + value.seconds // 60 if isinstance(value, timedelta) else value
