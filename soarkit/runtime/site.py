"""The part of a platform's web address that belongs to one app: its REST handler and its web hooks."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any, NamedTuple

from soarkit.errors import ManifestError, SoarkitError
from soarkit.execute.executor import Executor
from soarkit.manifest.model import App
from soarkit.runtime.action_json import directory_name
from soarkit.runtime.asset import Asset
from soarkit.runtime.handling import HandlerCall, HttpRequest, HttpResponse, rest_handler, segments
from soarkit.runtime.redact import Redactor
from soarkit.runtime.run import Observer, Surroundings
from soarkit.runtime.webhooks import Webhook

#: What browsers and providers send; anything else never reaches a REST handler.
_HANDLER_METHODS = ("GET", "POST")


class Place(NamedTuple):
    """Where an app can be reached.

    :param what: "REST handler" or "web hook"
    :param path: path on this site; the app's own parts follow
    """

    what: str
    path: str


class AppSite:
    """Answers requests for one app and one asset of it. Nothing else is to be had here.

    :param surroundings: where the app runs
    :param executor: runs its functions, several at a time
    :param observer: told what was asked for and what came of it, without the secrets in it
    :param token: what callers show as ``ph-auth-token`` where the app asks for one; None: nobody may call then
    :param redactor: that of the run that goes on meanwhile; it learns what providers send
    :param shared: environment variables for every app, as an action JSON has them
    """

    def __init__(
        self,
        app: App,
        asset: Asset,
        *,
        surroundings: Surroundings,
        executor: Executor,
        observer: Observer,
        token: str | None = None,
        redactor: Redactor | None = None,
        shared: Mapping[str, Any] | None = None,
    ) -> None:
        self._app, self._asset, self._redactor, self._shared = app, asset, redactor, shared
        self._surroundings, self._executor, self._observer = surroundings, executor, observer
        self._token = token
        self._directory = directory_name(app.name, app.appid)
        self._asset_id = asset.effective_id(app)
        self._handler = rest_handler(app) if app.raw.get("rest_handler") else None
        self._webhook = Webhook(app) if app.raw.get("webhook") else None
        if self._handler is None and self._webhook is None:
            raise ManifestError(
                f"{app.name} has neither a REST handler nor a web hook, so there is nothing to listen for",
                where=app.manifest_path,
            )

    @property
    def places(self) -> list[Place]:
        """Where the app can be reached."""
        from urllib.parse import quote

        found = []
        if self._handler is not None:
            name = quote(self._asset.name or self._asset_id, safe="")
            found.append(Place("REST handler", f"/rest/handler/{self._directory}/{name}"))
        if self._webhook is not None:
            found.append(Place("web hook", f"/webhook/{self._directory}/{self._asset_id}/"))
        return found

    @property
    def needs_token(self) -> list[str]:
        """Which of the places let nobody in without a token."""
        needing = []
        if self._handler is not None and self._handler_needs_token:
            needing.append("REST handler")
        if self._webhook is not None and self._webhook.requires_auth:
            needing.append("web hook")
        return needing

    @property
    def _handler_needs_token(self) -> bool:
        # Not what the platform does where the app says nothing: the browser that comes back from a provider has none.
        return self._app.raw.get("require_auth_token") is True

    def answer(self, request: HttpRequest) -> HttpResponse:
        """The answer to a request, whatever happens."""
        parts = segments(request.path)
        shown = f"{request.method} {request.path}"
        try:
            response = self._answer(request, parts)
        except SoarkitError as error:
            self._observer.note(f"{shown}: {error}")
            return _text(500, "Internal error: the app could not answer")
        told = f": {response.problem}" if response.problem else ""
        log = f" (log: {response.log_path})" if response.problem and response.log_path else ""
        self._observer.note(f"{shown}: {response.status}{told}{log}")
        return response

    def _answer(self, request: HttpRequest, parts: list[str]) -> HttpResponse:
        if self._handler is not None and parts[:3] == ["rest", "handler", self._directory]:
            return self._answer_handler(self._handler, request, parts[3:])
        if self._webhook is not None and parts[:3] == ["webhook", self._directory, self._asset_id]:
            return self._answer_webhook(self._webhook, request, parts[3:])
        return _text(404, "Not found")

    def _answer_handler(self, handler: str, request: HttpRequest, parts: list[str]) -> HttpResponse:
        if request.method not in _HANDLER_METHODS:
            return _text(405, f"Method {request.method} not allowed", Allow=", ".join(_HANDLER_METHODS))
        if self._handler_needs_token and not self._authorized(request):
            return _text(401, "This REST handler needs the header ph-auth-token")
        return self._call(handler, request, parts, webhook=False)

    def _answer_webhook(self, webhook: Webhook, request: HttpRequest, parts: list[str]) -> HttpResponse:
        refusal = webhook.refuses_address(request.remote) or webhook.refuses_route(request.method, parts)
        if refusal is not None:
            return refusal
        if webhook.requires_auth and not self._authorized(request):
            return _text(401, "This web hook needs the header ph-auth-token")
        return self._call(webhook.function, webhook.seen(request), parts, webhook=True)

    def _call(self, function: str, request: HttpRequest, parts: list[str], *, webhook: bool) -> HttpResponse:
        about: dict[str, Any] = {"asset": self._asset, "shared": self._shared}
        call = HandlerCall(self._app, function, request, parts, webhook=webhook, **about)
        if self._redactor is not None:
            for code in call.codes:
                self._redactor.add(code)
        return call.execute(self._surroundings, self._executor, self._observer)

    def _authorized(self, request: HttpRequest) -> bool:
        shown = [value for name, value in request.headers if name.lower() == "ph-auth-token"]
        if self._token is None:
            self._observer.note("a request was refused: set SOARKIT_REST_TOKEN to the token that callers show")
            return False
        return len(shown) == 1 and hmac.compare_digest(shown[0].encode(), self._token.encode())


def _text(status: int, text: str, **headers: str) -> HttpResponse:
    named: Mapping[str, str] = {"Content-Type": "text/plain; charset=utf-8", **headers}
    return HttpResponse(status, tuple(named.items()), f"{text}\n".encode())
