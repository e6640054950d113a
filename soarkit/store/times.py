"""Times in whatever form apps and services write them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_ISO = re.compile(
    r"\s*(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T\s]\s*(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(?:Z|UTC|GMT|([+-])(\d\d):?(\d\d)?)?)?\s*",
    re.IGNORECASE | re.ASCII,
)
_NUMBER = re.compile(r"\s*\d{1,17}(\.\d*)?\s*", re.ASCII)
_MAIL = re.compile(r"(\w+,)?\s*\d{1,2}[ -](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*[ -]\d", re.I | re.ASCII)
#: Lengths of the usual form, which Python's own parser reads many times faster.
_PLAIN = (20, 24, 27)
_PLAIN_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d[.Z]", re.ASCII)
#: Numbers from here on count milliseconds; as seconds they would be in the year 5138.
_MILLISECONDS = 1e11


def moment(value: object) -> datetime | None:
    """The moment that a text or number means; None when it means none.

    ISO 8601 in its many forms, the dates of mails, and seconds or milliseconds since 1970. Without a zone it is UTC.
    """
    try:
        if isinstance(value, str):
            if len(value) in _PLAIN and value[-1] == "Z" and _PLAIN_FORM.match(value):
                return datetime.fromisoformat(value[:-1]).replace(tzinfo=timezone.utc)
            if found := _ISO.fullmatch(value):
                return _iso(found)
            if _NUMBER.fullmatch(value):
                return _epoch(float(value))
            return _mail(value) if _MAIL.match(value) else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return _epoch(float(value))
    except (ValueError, OverflowError, OSError):
        pass
    return None


def shown(time: datetime | None) -> str | None:
    """A time as REST shows it: always with microseconds, and Z."""
    if time is None:
        return None
    return time.astimezone(timezone.utc).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _iso(found: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second, fraction, sign, hours, minutes = found.groups()
    time = datetime(
        int(year),
        int(month),
        int(day),
        int(hour or 0),
        int(minute or 0),
        min(int(second or 0), 59),  # there are leap seconds
        int((fraction or "0")[:6].ljust(6, "0")),
        tzinfo=timezone.utc,
    )
    if sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        time = time - offset if sign == "+" else time + offset
    return time


def _epoch(number: float) -> datetime:
    return datetime.fromtimestamp(number / 1000 if abs(number) >= _MILLISECONDS else number, timezone.utc)


def _mail(text: str) -> datetime:
    from email.utils import parsedate_to_datetime

    time = parsedate_to_datetime(text)
    return time.replace(tzinfo=timezone.utc) if time.tzinfo is None else time.astimezone(timezone.utc)
