"""One HTTP request that an app answers itself, by its REST handler or its web hook, in a process of its own."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from soarkit.errors import ManifestError
from soarkit.execute.executor import Executor
from soarkit.manifest.model import App
from soarkit.runtime import action_json, inputs
from soarkit.runtime.asset import Asset
from soarkit.runtime.calling import FunctionCall
from soarkit.runtime.redact import Redactor
from soarkit.runtime.run import Observer, Surroundings

#: Seconds that an app may take over a request unless the caller says otherwise: a browser waits.
DEFAULT_TIMEOUT = 60.0
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True)
class HttpRequest:
    """A request as it came in.

    :param path: without the query, percent-encoded
    :param query: what follows the question mark, as it came
    :param remote: address of the client
    :param server: host and port that the client asked for
    """

    method: str
    path: str
    query: str = ""
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    remote: str = "127.0.0.1"
    scheme: str = "http"
    server: str = "localhost:80"


@dataclass(frozen=True)
class HttpResponse:
    """What goes back to the client.

    :param problem: what the app's function did wrong, where it failed: for whoever runs soarkit
    :param log_path: the log of the call, where it wrote one
    """

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    problem: str | None = None
    log_path: str | None = None


class HandlerCall:
    """A request on its way to an app's function.

    :param function: ``module.function``, as the app JSON has it
    :param parts: the decoded segments of the path that are the app's
    :param asset: the asset that the request is about; it decides which secrets are masked in the log
    :param webhook: call it as a web hook, not as a REST handler
    :param timeout: seconds it may take
    :param shared: environment variables for every app, as an action JSON has them; the asset's own win
    :ivar redactor: knows the secrets of the asset, and the codes
    :ivar codes: the authorization codes in the query: whoever has one before the app used it gets its token
    """

    def __init__(
        self,
        app: App,
        function: str,
        request: HttpRequest,
        parts: Sequence[str],
        *,
        asset: Asset | None = None,
        webhook: bool = False,
        timeout: float = DEFAULT_TIMEOUT,
        shared: Mapping[str, Any] | None = None,
    ) -> None:
        self.app, self.function, self.request, self.parts = app, function, request, list(parts)
        self.asset = asset or Asset()
        self.webhook = webhook
        self.timeout = timeout
        self.codes = parse_qs(request.query).get("code", [])
        self._shared = dict(shared or {})
        secrets = inputs.secrets(app, None, self.asset, (), {"environment_variables": self._shared}, os.environ)
        self.redactor = Redactor([*secrets.values(), *self.codes])

    def execute(self, surroundings: Surroundings, executor: Executor, observer: Observer) -> HttpResponse:
        """Let the app answer.

        :raises SoarkitError: there is no answer: the function cannot be loaded, or its process broke
        """
        answer, log_path = FunctionCall(
            app=self.app,
            what="web hook" if self.webhook else "REST handler",
            function=self.function,
            kind="webhook" if self.webhook else "handler",
            described=self._described(),
            redactor=self.redactor,
            timeout=self.timeout,
            asset=self.asset,
        ).execute(surroundings, executor, observer)
        return _response(json.loads(answer), log_path)

    def _described(self) -> dict[str, Any]:
        request = self.request
        described: dict[str, Any] = {
            "function": self.function,
            "method": request.method,
            "scheme": request.scheme,
            "path": unquote(request.path),
            "query": request.query,
            "headers": [list(one) for one in request.headers],
            "body": base64.b64encode(request.body).decode("ascii"),
            "remote": request.remote,
            "server": request.server,
            "path_parts": self.parts,
            "variables": [self._shared, self.asset.configuration.get("_reserved_environment_variables")],
            "salt": self.asset.effective_id(self.app),
        }
        if self.webhook:
            described["asset"] = action_json.configuration(self.app, self.asset)
            described["asset_id"] = self.asset.effective_id(self.app)
        return described


def rest_handler(app: App) -> str:
    """The app's REST handler, ``module.function``.

    :raises ManifestError: it has none
    """
    return _declared(app, app.raw.get("rest_handler"), "REST handler", "rest_handler")


def _declared(app: App, name: object, what: str, key: str) -> str:
    if not isinstance(name, str) or not name:
        raise ManifestError(f"{app.name} has no {what}: its JSON has no {key!r}", where=app.manifest_path)
    return name


def is_header(name: str, value: str) -> bool:
    """Whether a header can be sent as it is. An app may put what a stranger sent into one; it must not become two."""
    return _HEADER_NAME.fullmatch(name) is not None and not _CONTROL.search(value)


def segments(path: str) -> list[str]:
    """The decoded segments of a percent-encoded path. Empty ones are left out, as of doubled slashes."""
    return [unquote(part) for part in path.split("/") if part]


def _response(answer: Mapping[str, Any], log_path: str | None) -> HttpResponse:
    return HttpResponse(
        status=answer["status"],
        headers=tuple((name, value) for name, value in answer["headers"]),
        body=base64.b64decode(answer["body"]),
        problem=answer.get("problem"),
        log_path=log_path,
    )
