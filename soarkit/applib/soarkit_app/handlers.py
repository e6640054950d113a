"""Calling the functions of an app that answer HTTP requests: REST handlers and web hooks (connector API, section 8).

The host takes the request and sends it here, as a dict:

``function``
    the dotted name in the app JSON
``method``, ``scheme``, ``path``, ``query``, ``headers``, ``body``, ``remote``, ``server``
    the request: ``path`` decoded, ``query`` as it came, ``headers`` a list of pairs, ``body`` in base64, ``remote`` the
    client's address, ``server`` host and port
``path_parts``
    the decoded segments of the path that are the app's
``asset``, ``asset_id``
    for web hooks: the asset's configuration, decrypted, and its id
``variables``
    environment variables, as an action JSON has them: a list of those for every app and those of the asset, which win;
    ``salt`` is what encrypted ones were salted with

The answer is ``{"status": number, "headers": [[name, value]], "body": base64}``, with ``"problem"`` where the app's
function failed: what it did wrong, for whoever runs soarkit, not for the client.
"""

from __future__ import annotations

import base64
import json
import os
import urllib.parse

from soarkit_app import environment_variables, sdk_app, session
from soarkit_app.app_functions import find
from soarkit_app.extras import with_django
from soarkit_app.loader import LoadError
from soarkit_app.platform_records import SoarRestClient
from soarkit_app.refusal import RunRefused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, List, NoReturn, Tuple

    Response = Tuple[int, Iterable[Tuple[str, str]], bytes]


def answer(message: Dict[str, Any]) -> str:
    """The answer to the request in a ``run`` message, as JSON text.

    :raises LoadError: what is to answer cannot be loaded
    """
    is_webhook = message.get("handler") is None
    request = message["webhook" if is_webhook else "handler"]
    _surround(request)
    return json.dumps((answer_webhook if is_webhook else answer_handler)(message["app_dir"], request))


def _surround(request: Dict[str, Any]) -> None:
    """Set the variables before anything of the app is imported."""
    try:
        for variables in request["variables"]:
            environment_variables.put(variables, request["salt"], {})
    except RunRefused as error:
        raise LoadError(str(error)) from None
    environment_variables.spare_this_machine(os.environ)


def answer_handler(app_dir: str, request: Dict[str, Any]) -> Dict[str, Any]:
    """Let the app's REST handler answer a request: ``function(request, path_parts)``.

    :raises LoadError: the handler cannot be loaded, or the app's environment has no Django
    """
    requests = with_django("soarkit_requests", "a REST handler works with Django's requests")
    function = find(app_dir, request["function"], "REST handler")
    parts = list(request["path_parts"])
    django_request = requests.request_of(request, base64.b64decode(request["body"]))

    def call() -> Response:
        content: Response = requests.respond(function, django_request, parts)
        return content

    return _answered("REST handler", call)


def answer_webhook(app_dir: str, request: Dict[str, Any]) -> Dict[str, Any]:
    """Let the app's web hook answer a request; it is called with keywords, and gives a dict.

    :raises LoadError: the web hook cannot be loaded
    """
    function = find(app_dir, request["function"], "web hook")
    sdk_app.begin_webhook(function, request["asset_id"], request["asset"])
    return call_webhook(function, request)


def call_webhook(function: Callable[..., Any], request: Dict[str, Any]) -> Dict[str, Any]:
    """The same for a function that was found already."""

    def call() -> Response:
        return _hook_response(
            function(
                method=request["method"],
                headers=dict(request["headers"]),
                path_parts=list(request["path_parts"]),
                query=urllib.parse.parse_qs(request["query"], keep_blank_values=True),
                body=base64.b64decode(request["body"]).decode("utf-8", "replace"),
                asset=request["asset"],
                soar_rest_client=SoarRestClient("soarkit", request["asset_id"]),
            )
        )

    return _answered("web hook", call)


def _answered(what: str, call: Callable[[], Response]) -> Dict[str, Any]:
    """The answer of the app's function. What it let out goes to the log; the client learns that there was something."""
    try:
        status, headers, body = call()
        return _message(status, headers, body)
    except BaseException as error:  # sys.exit as well: the client waits for an answer
        session.log_traceback(error)
        said = str(error) if isinstance(error, _NoResponse) else f"raised {type(error).__name__}"
        problem = f"the app's {what} {said}"
        content_type = [("Content-Type", "text/plain; charset=utf-8")]
        return {**_message(500, content_type, f"Internal error: {problem}\n".encode()), "problem": problem}


class _NoResponse(Exception):
    """What the app's function returned is no response: says what it is instead."""


def refuse_return(value: object) -> NoReturn:
    """Say that a function returned something else than a response. :raises Exception: always"""
    raise _NoResponse(f"returned {type(value).__name__}, which is no response")


def _message(status: int, headers: Iterable[Tuple[str, str]], body: bytes) -> Dict[str, Any]:
    pairs: List[List[str]] = [[str(name), str(value)] for name, value in headers]
    return {"status": int(status), "headers": pairs, "body": base64.b64encode(body).decode("ascii")}


def _hook_response(value: Any) -> Response:
    """``status_code``, ``headers`` (pairs, or a dict), ``content`` (text or bytes), ``is_base64_encoded``."""
    if not isinstance(value, dict) or "status_code" not in value:
        refuse_return(value)
    headers = value.get("headers") or []
    pairs = headers.items() if isinstance(headers, dict) else headers
    content = value.get("content")
    body = content if isinstance(content, (bytes, bytearray)) else str("" if content is None else content).encode()
    if value.get("is_base64_encoded"):
        body = base64.b64decode(body)
    return value["status_code"], [(name, text) for name, text in pairs], bytes(body)
