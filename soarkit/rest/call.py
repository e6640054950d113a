"""One request as the resources see it."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse

from soarkit.rest.caller import Caller
from soarkit.rest.failures import Failure
from soarkit.rest.lookups import stamp

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_INDENT = 4


class Call:
    """A request with what belongs to it.

    :ivar parts: the decoded parts of its path, empty ones left out: clients double slashes
    """

    def __init__(self, request: HttpRequest, caller: Caller) -> None:
        self.request, self.caller = request, caller
        self.method = (request.method or "GET").upper()
        # A part may hold a slash itself, which only the path as it was sent can tell.
        raw = request.META.get("RAW_URI") or request.META.get("REQUEST_URI")
        path = str(raw).partition("?")[0] if raw else request.path_info
        self.parts = [unquote(part) if raw else part for part in path.split("/") if part]

    @property
    def store(self) -> Store:
        """The store."""
        return self.caller.store

    @cached_property
    def body(self) -> Any:
        """The body's JSON, whatever type it says it is; None where there is none.

        :raises Failure: it is no JSON
        """
        content = self.request.read()
        if not content.strip():
            return None
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise Failure(400, f"the body is not valid JSON: {error}") from None

    @property
    def fields(self) -> dict[str, Any]:
        """The body, which has to be an object.

        :raises Failure: it is something else
        """
        if not isinstance(self.body, dict):
            raise Failure(400, "the body must be a JSON object")
        return self.body


def answer(value: Any, status: int = 200) -> HttpResponse:
    """An answer in JSON."""
    content = json.dumps(value, default=_plain)
    return HttpResponse(content, content_type="application/json", status=status)


def _plain(value: Any) -> Any:
    return stamp(value) if hasattr(value, "astimezone") else str(value)
