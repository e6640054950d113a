"""A transform's run as the platform's service replies it (reference, 2.2; guide, chapters 6 and 10).

The outer message is a success whenever the service itself worked; how the transform ended is said inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TIMED_OUT = "Endpoint request timed out"


def service_reply(
    transform: Mapping[str, Any], *, document: Mapping[str, Any] | None, timed_out: bool = False, error: str = ""
) -> dict[str, Any]:
    """The reply's JSON.

    :param transform: ``transform_name``, ``transform_id`` and ``display_name``
    :param document: the output document; None: there is none
    :param timed_out: it was stopped at its time limit
    :param error: why there is no document otherwise
    """
    inner: dict[str, Any]
    if timed_out:
        inner = {"status": 504, "json_data": {"message": TIMED_OUT}}
    elif document is None:
        inner = {"status": 500, "json_data": {"message": error}}
    else:
        inner = {"status": 200, "json_data": dict(document)}
    about = {key: str(transform[key]) for key in ("transform_name", "transform_id")}
    return {
        "message": "Success",
        "response": [
            {
                **about,
                "transform_result": [inner],
                "sdk_type": "anomali",
                "display_name": str(transform["display_name"]),
            }
        ],
    }
