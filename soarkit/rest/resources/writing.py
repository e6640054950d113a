"""What the answers to changes have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import HttpResponse

from soarkit.errors import RequestError
from soarkit.rest.call import Call, answer
from soarkit.rest.failures import Failure, not_found
from soarkit.store.given import row_id


def done(**more: Any) -> HttpResponse:
    """The answer to a change that was made."""
    return answer({"success": True, **more})


def refused_as_duplicate(call: Call, body: dict[str, Any]) -> HttpResponse:
    """The answer to something that is there already; clients of apps read it only with status 200."""
    return answer({"failed": True, "success": False, **body}, status=200 if call.caller.own_session else 400)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the store refuses into an answer.

    :raises Failure: it refused
    """
    try:
        yield
    except RequestError as error:
        raise Failure(400, error.message) from None
    except (TypeError, ValueError) as error:
        raise Failure(400, str(error)) from None


def required_id(value: Any, name: str) -> int:
    """The id that a body gives.

    :raises Failure: it gives none
    """
    number = row_id(value)
    if number is None:
        raise Failure(400, f"{name} is required" if value is None else f"{name} must be an id, not {value!r}")
    return number


def listed_ids(call: Call) -> list[int]:
    """The ids of ``?ids=1&ids=2``, or of a body ``{"ids": [1, 2]}``.

    :raises Failure: there are none
    """
    given: list[Any] = [part for one in call.request.GET.getlist("ids") for part in one.strip("[]").split(",")]
    if not given and isinstance(call.body, dict) and isinstance(call.body.get("ids"), list):
        given = call.body["ids"]
    if not given:
        raise Failure(400, "ids is required")
    numbers = [row_id(one) for one in given]
    if None in numbers:
        raise not_found()
    return [one for one in numbers if one is not None]
