"""What the ThreatQ server of the tests answers when it fails."""

from __future__ import annotations

import json
import time
from email.utils import formatdate
from typing import Any, NamedTuple

#: What can go wrong with one request. ``pass`` lets it through; ``forever`` after another one repeats that.
FAILURES = (
    "pass unauthorized forbidden not_found not_found_page rate_limit rate_limit_date rate_limit_long rate_limit_bare"
    " error_page unavailable html not_json list empty errors data_errors echo hang_up cut slow redirect_away redirect"
    " redirect_loop"
).split()


class Reply(NamedTuple):
    """An answer as it is sent."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] | None = None


def reply(kind: str, path: str, elsewhere: str, authorization: str) -> Reply:
    """The answer of a kind of failure.

    :param path: of the request, where ``redirect`` leads
    :param elsewhere: where ``redirect_away`` leads
    :param authorization: what ``echo`` repeats
    """
    many = ["Too Many Attempts."]
    replies = {
        "unauthorized": _errors(401, ["The access token is invalid."]),
        "forbidden": _errors(403, ["You do not have permission to do this."]),
        "not_found": _errors(404, ["Not Found"]),
        "not_found_page": Reply(404, page("404 Not Found"), "text/html"),
        "rate_limit": _errors(429, many, {"Retry-After": "7"}),
        "rate_limit_date": _errors(429, many, {"Retry-After": formatdate(time.time() + 30, usegmt=True)}),
        "rate_limit_long": _errors(429, many, {"Retry-After": "86400"}),
        "rate_limit_bare": _errors(429, many),
        "error_page": Reply(500, page("Whoops, looks like {something} went wrong."), "text/html"),
        "unavailable": _errors(503, ["Down for maintenance."], {"Retry-After": "3"}),
        "html": Reply(200, page("ThreatQ - Login"), "text/html; charset=utf-8"),
        "not_json": Reply(200, b'{"data": ['),
        "cut": Reply(200, b'{"data": ['),
        "list": Reply(200, b"[1, 2]"),
        "empty": Reply(200, b""),
        "errors": _errors(200, ["Unknown relation.", ["Of the <b>query</b> given."]]),
        "data_errors": Reply(200, b'{"data": {"errors": {"id": ["The id is not valid."]}}}'),
        "echo": _errors(400, [f"{authorization} is what you sent\nand more"]),
        "redirect_away": Reply(302, b"", "text/html", {"Location": elsewhere}),
        "redirect": Reply(302, b"", "text/html", {"Location": path}),
        "redirect_loop": Reply(302, b"", "text/html", {"Location": path}),
    }
    return replies[kind]


def page(title: str) -> bytes:
    """A page of HTML."""
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>".encode()


def _errors(status: int, errors: list[Any], headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps({"errors": errors}).encode(), headers=headers)
