"""The requests that REST handlers get, and the responses they give: Django's own (connector API 8.1)."""

from __future__ import annotations

from io import BytesIO

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404
from django.http.response import HttpResponseBase
from soarkit_app.handlers import refuse_return

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Response = tuple[int, list[tuple[str, str]], bytes]


def request_of(about: dict[str, Any], body: bytes) -> WSGIRequest:
    """A request as Django's own server makes it.

    :param about: the request, as :mod:`soarkit_app.handlers` describes it
    """
    host, _, port = about["server"].rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": about["method"],
        "SCRIPT_NAME": "",
        # WSGI has every byte of a path as one character.
        "PATH_INFO": about["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": about["query"],
        "REMOTE_ADDR": about["remote"],
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": about["scheme"],
        "wsgi.input": BytesIO(body),
    }
    for name, value in about["headers"]:
        key = name.upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            environ[key] = value
        elif key != "CONTENT_LENGTH" and "_" not in name:  # a name with "_" could pass for another with "-"
            key = f"HTTP_{key}"
            environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}" if key in environ else value
    return WSGIRequest(environ)


def respond(function: Callable[..., Any], request: WSGIRequest, path_parts: list[str]) -> Response:
    """Call a REST handler, and take its response apart."""
    try:
        response = function(request, path_parts)
    except Http404 as error:
        return _plain(404, error, "Not found")
    except PermissionDenied as error:
        return _plain(403, error, "Forbidden")
    except SuspiciousOperation as error:
        return _plain(400, error, "Bad request")
    if not isinstance(response, HttpResponseBase):
        refuse_return(response)
    return _parts(response)


def _parts(response: HttpResponseBase) -> Response:
    try:
        render = getattr(response, "render", None)  # a TemplateResponse that nobody has rendered
        if callable(render):
            response = render()
        # An iterator of bytes for a streaming response, which has no content; a plain one gives its content.
        content = b"".join(response.make_bytes(one) for one in response)
        headers = [(str(name), str(value)) for name, value in response.items()]
        headers += [("Set-Cookie", cookie.OutputString()) for cookie in response.cookies.values()]
        return response.status_code, headers, bytes(content)
    finally:
        response.close()


def _plain(status: int, error: Exception, default: str) -> Response:
    return status, [("Content-Type", "text/plain; charset=utf-8")], (str(error) or default).encode()
