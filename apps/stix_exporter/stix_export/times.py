"""Times of the library (``YYYY-MM-DD HH:MM:SS``, no zone, meaning UTC) as STIX timestamps (reference 2, 3.1, 4.1)."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}").fullmatch
ANY = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]+))?)?"
    r"\s*(?:[Zz]|UTC|([+-])([0-9]{2}):?([0-9]{2}))?"
).fullmatch

MILLISECOND = "millisecond"
SECOND = "second"


class BadTime(ValueError):
    """A text that is no time; the error's text shows it."""


def stix_time(text: Any, precision: str = MILLISECOND) -> str:
    """A library's time as a STIX timestamp in UTC.

    :param text: ``2021-10-07 14:19:15``, or an ISO 8601 time with fraction, ``Z`` or offset, or a date alone.
    :param precision: :data:`MILLISECOND` writes exactly three digits of fraction (``created`` and ``modified``, which
        the validator compares as text), :data:`SECOND` none (``valid_from``). What is finer is cut off.
    :raises BadTime: no such time, or not a text.
    """
    if isinstance(text, str):
        try:
            if PLAIN(text):
                datetime.fromisoformat(text)  # refuses the 30th of February
                return f"{text[:10]}T{text[11:]}.000Z" if precision == MILLISECOND else f"{text[:10]}T{text[11:]}Z"
            return _other(text.strip(), precision)
        except (ValueError, OverflowError):
            pass
    raise BadTime(f"{text!r:.80} is not a time such as 2021-10-07 14:19:15")


def _other(text: str, precision: str) -> str:
    found = ANY(text)
    if not found:
        raise ValueError(text)
    day, clock, fraction, sign, hours, minutes = found.groups()
    offset = f"{sign}{hours}:{minutes}" if sign else "+00:00"
    moment = datetime.fromisoformat(f"{day}T{clock or '00:00:00'}{offset}").astimezone(timezone.utc)
    written = moment.isoformat()[:19]
    return f"{written}.{(fraction or '')[:3]:0<3}Z" if precision == MILLISECOND else f"{written}Z"
