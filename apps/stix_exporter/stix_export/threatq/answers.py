"""What a ThreatQ server answers: envelopes, errors, and pages that are no JSON (reference 3.1)."""

import html
import json
import re
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any, Callable, Dict, List, Mapping, Optional

#: Takes secrets out of a text.
Redact = Callable[[str], str]

_LONGEST_DETAIL = 300


class NoJson(ValueError):
    """An answer is no JSON object; the text says what it is instead."""


def document(content: bytes, redact: Redact) -> Dict[str, Any]:
    """The JSON object of an answer's body.

    :raises NoJson: it is something else
    """
    if not content.strip():
        raise NoJson("an empty answer")
    try:
        found = json.loads(content, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise NoJson(_kind(content, redact)) from None
    if not isinstance(found, dict):
        raise NoJson("JSON that is no object")
    return found


def error_text(answer: Mapping[str, Any], redact: Redact) -> str:
    """The errors that an answer reports, in one line; empty when it reports none.

    They stand in a list ``errors``, in a dictionary ``data.errors`` or, at the token's address, in ``error`` and
    ``message``; also with HTTP 200.
    """
    data = answer.get("data")
    places = [answer.get("errors"), data.get("errors") if isinstance(data, dict) else None]
    found: List[str] = []
    for place in places:
        _collect(place, found)
    if not found and answer.get("data") is None and "access_token" not in answer:
        for name in ("error", "error_description", "message"):
            _collect(answer.get(name), found)
    return one_line("; ".join(dict.fromkeys(found)), redact)


def one_line(text: str, redact: Redact) -> str:
    """Text of a server as it may stand in a message: no secret, no tags, one line, at most 300 characters."""
    # Before anything is cut out of it, and again when nothing stands inside a secret any more.
    text = redact(text)
    text = re.sub(r"(?is)<(script|style|head)\b.*?</\1\s*>", " ", text)
    text = html.unescape(re.sub(r"<[^<>]{0,1000}>", " ", text))
    text = redact(" ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split()))
    return text if len(text) <= _LONGEST_DETAIL else text[: _LONGEST_DETAIL - 1] + "…"


def retry_after(value: Optional[str], now: datetime) -> Optional[float]:
    """Seconds that a ``Retry-After`` header asks for: a number, or a date of HTTP; None when it says neither.

    :param now: aware
    """
    text = (value or "").strip()
    if re.fullmatch("[0-9]{1,9}", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    if moment.tzinfo is None:  # "-0000": UTC, without a place
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - now).total_seconds())


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def _kind(content: bytes, redact: Redact) -> str:
    text = content[:100_000].decode("utf-8", "replace")
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        return "text that is not JSON"
    title = re.search(r"(?is)<title[^>]*>(.*?)</title\s*>", text)
    words = one_line(title.group(1), redact) if title else ""
    return f"a web page titled '{words}' instead of JSON" if words else "a web page instead of JSON"


def _collect(place: Any, found: List[str]) -> None:
    """All texts in what reports errors: texts, lists of them, and dictionaries by field."""
    if isinstance(place, str) and place.strip():
        found.append(place.strip())
    elif isinstance(place, (list, tuple)):
        for entry in place:
            _collect(entry, found)
    elif isinstance(place, dict):
        for name, entry in place.items():
            inner: List[str] = []
            _collect(entry, inner)
            found.extend(f"{name}: {text}" for text in inner)
    elif place is True or (isinstance(place, (int, float)) and not isinstance(place, bool) and place):
        found.append(str(place))
