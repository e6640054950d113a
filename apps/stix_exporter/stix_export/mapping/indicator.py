"""Indicators: what they match, what they mean, and how long they hold (reference, sections 4.2 to 4.4)."""

from typing import Any, Dict, List, Mapping

from ..times import SECOND, BadTime, stix_time
from .common import Times

UNREADABLE_START = "a time of publication that cannot be read: valid from its creation"
UNREADABLE_END = "an expiry that cannot be read"
EARLY_END = "an expiry that is not after the start: kept in the extension only"

_TYPES = {"active": "malicious-activity", "expired": "malicious-activity", "whitelisted": "benign"}


def indicator_types(status: str) -> List[str]:
    """The standard's word for a status; Review, Indirect and a deployment's own ones say nothing of intent."""
    return [_TYPES.get(status.lower(), "unknown")]


def valid_from(record: Mapping[str, Any], times: Times, remarks: List[str]) -> str:
    """When it began to hold: its first publication, else its creation."""
    published = record.get("published_at")
    if published:
        try:
            return stix_time(published, SECOND)
        except BadTime:
            remarks.append(UNREADABLE_START)
    return times.created


def valid_until(record: Mapping[str, Any], status: str, start: str, times: Times, remarks: List[str]) -> Dict[str, str]:
    """{"valid_until": ...} when it has an end that is after its start, else {}.

    Without a date, an indicator that has expired ended when it was last changed.
    """
    expires = record.get("expired_at") or record.get("expires_at")
    end = ""
    if expires:
        try:
            end = stix_time(expires, SECOND)
        except BadTime:
            remarks.append(UNREADABLE_END)
            return {}
    elif status.lower() == "expired":
        end = _updated(record, times)
    if not end:
        return {}
    if end <= start:
        remarks.append(EARLY_END)
        return {}
    return {"valid_until": end}


def _updated(record: Mapping[str, Any], times: Times) -> str:
    try:
        return stix_time(record.get("updated_at"), SECOND)
    except BadTime:
        return times.modified
