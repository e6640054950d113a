"""REST handlers of apps, for an app that calls one at its own platform's address."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from soarkit.execute.executor import ProcessExecutor
from soarkit.manifest.model import App
from soarkit.rest.failures import Failure, not_allowed, not_found
from soarkit.runtime import handling
from soarkit.runtime.action_json import directory_name
from soarkit.runtime.asset import Asset
from soarkit.runtime.platform import RunContext
from soarkit.runtime.run import Observer, Surroundings

#: Requests that are answered at the same time: each has a process of its own.
_MOST_AT_ONCE = 8
_METHODS = ("GET", "POST")


class Installation(Surroundings, Protocol):
    """What is known of apps and assets, and where they run."""

    def app_in_directory(self, directory: str) -> App | None:
        """The installed app whose addresses have this directory."""

    def asset_called(self, name: str | None, app: App) -> Asset:
        """The asset with a name, as one request to an app gets it."""

    def shared_variables(self) -> Mapping[str, Any]:
        """Environment variables for every app."""


class AppHandlers:
    """Lets apps answer; see :class:`soarkit.rest.caller.Handlers`.

    What a handler asks of its own platform goes to no further handler, so no app can call itself without end.

    :param context: the run whose app asks: it reaches its own handler too where it is not installed
    """

    def __init__(self, installation: Installation, context: RunContext) -> None:
        self._installation, self._context = installation, context
        self._free = threading.BoundedSemaphore(_MOST_AT_ONCE)

    def __call__(self, request: HttpRequest, directory: str, path_parts: Sequence[str]) -> HttpResponse:
        """Let an app answer a request.

        :raises Failure: there is no such handler, or it takes no such request
        :raises SoarkitError: it broke
        """
        app = self._app(directory)
        if app is None or not app.raw.get("rest_handler"):
            raise not_found()
        if request.method not in _METHODS:
            raise not_allowed(request.method)
        call = handling.HandlerCall(
            app,
            handling.rest_handler(app),
            _described(request, directory, path_parts),
            path_parts,
            asset=self._asset(app, path_parts[0] if path_parts else None),
            shared=self._installation.shared_variables(),
        )
        if not self._free.acquire(blocking=False):
            raise Failure(503, f"{_MOST_AT_ONCE} requests to REST handlers are under way already")
        try:
            answered = call.execute(self._installation, ProcessExecutor(), _Noting(self._context.note))
        finally:
            self._free.release()
        if answered.problem is not None:
            self._context.note(f"{answered.problem}; the log: {answered.log_path}")
        return _response(answered)

    def _app(self, directory: str) -> App | None:
        own = self._context.app
        is_own = directory == directory_name(own.name, own.appid)
        return own if is_own else self._installation.app_in_directory(directory)

    def _asset(self, app: App, name: str | None) -> Asset:
        own = self._context.asset
        if own is not None and app is self._context.app and name in (None, own.name, own.effective_id(app)):
            return own
        return self._installation.asset_called(name, app)


class _Noting(Observer):
    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note

    def note(self, text: str) -> None:
        self._note(text)


def _described(request: HttpRequest, directory: str, parts: Sequence[str]) -> handling.HttpRequest:
    about = request.META
    return handling.HttpRequest(
        method=request.method or "GET",
        path="/" + "/".join(quote(part, safe="") for part in ("rest", "handler", directory, *parts)),
        query=about.get("QUERY_STRING", ""),
        headers=tuple(request.headers.items()),
        body=request.read(),
        remote=about.get("REMOTE_ADDR", ""),
        scheme=request.scheme or "https",
        server=f"{about.get('SERVER_NAME', '')}:{about.get('SERVER_PORT', '')}",
    )


def _response(answered: handling.HttpResponse) -> HttpResponse:
    response = HttpResponse(answered.body, status=answered.status)
    for name, value in answered.headers:
        if not handling.is_header(name, value):
            continue
        if name.lower() == "set-cookie":
            response.cookies.load(value)
        else:
            response[name] = value
    return response
