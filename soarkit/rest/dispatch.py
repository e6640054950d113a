"""From a request to its answer."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from soarkit.errors import RequestError, SoarkitError
from soarkit.rest import login
from soarkit.rest.call import Call, answer
from soarkit.rest.caller import Caller
from soarkit.rest.failures import Failure, not_allowed, not_found
from soarkit.rest.registry import ENDPOINTS, POSTS, find

_READING = ("GET", "HEAD")
_HANDLER_PARTS = 3  # rest, handler, and the app's directory


def dispatch(request: HttpRequest, caller: Caller) -> HttpResponseBase:
    """Answer a request. Never raises: what goes wrong is an answer, too.

    :param request: its path is the one below the platform's address, such as ``/rest/container``
    :param caller: who sends it
    """
    call = Call(request, caller)
    try:
        return _answered(call)
    except Failure as failure:
        return answer(failure.body(), failure.status)
    except RequestError as error:
        return answer(Failure(400, error.message).body(), 400)
    except Exception as error:
        caller.note(f"{call.method} {request.path_info}: {''.join(traceback.format_exception(error)).rstrip()}")
        said = error.message if isinstance(error, SoarkitError) else f"{type(error).__name__} in the platform"
        return answer(Failure(500, said).body(), 500)


def _answered(call: Call) -> HttpResponseBase:
    parts = call.parts
    if not parts or parts == ["login"]:
        return login.page(call)
    if parts[0] != "rest":
        raise not_found()
    if parts[1:2] == ["handler"]:
        return _handled(call)
    below = parts[1:]
    path = "/".join(below)
    if path in POSTS and call.method == "POST":
        return POSTS[path](call)
    if path in ENDPOINTS:
        if call.method not in _READING:
            raise not_allowed(call.method)
        return ENDPOINTS[path](call)
    return _of_resource(call, *below)


def _of_resource(call: Call, name: str = "", identifier: str = "", part: str = "", *rest: str) -> HttpResponse:
    if rest:
        raise not_found()
    resource = find(name)
    methods: dict[str, Callable[[], HttpResponse]]
    if part:
        methods = {"GET": lambda: resource.part(call, identifier, part)}
    elif identifier:
        methods = {
            "GET": lambda: resource.get(call, identifier),
            "POST": lambda: resource.update(call, identifier),
            "DELETE": lambda: resource.delete(call, identifier),
        }
    else:
        methods = {
            "GET": lambda: resource.index(call),
            "POST": lambda: resource.create(call),
            "DELETE": lambda: resource.delete_listed(call),
        }
    method = "GET" if call.method == "HEAD" else call.method
    if method not in methods:
        raise not_allowed(call.method)
    return methods[method]()


def _handled(call: Call) -> HttpResponseBase:
    handlers = call.caller.handlers
    if handlers is None or len(call.parts) < _HANDLER_PARTS:
        raise not_found()
    try:
        return handlers(call.request, call.parts[2], call.parts[3:])
    except Http404 as error:
        raise Failure(404, str(error) or not_found().message) from None
