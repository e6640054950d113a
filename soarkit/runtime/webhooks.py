"""Web hooks of an app: which requests may reach its function (connector API 8.2)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from soarkit.errors import ManifestError
from soarkit.manifest.model import App
from soarkit.runtime.handling import HttpRequest, HttpResponse

_METHODS = ("GET", "POST")
_PARAMETER = re.compile(r"<[^<>/]+>")


class Webhook:
    """An app's ``webhook``: function, routes, and who may call it.

    :raises ManifestError: the app has none, or it makes no sense
    :ivar function: ``module.function``
    """

    def __init__(self, app: App) -> None:
        declared = app.raw.get("webhook")
        where = f"{app.manifest_path}, /webhook"
        if not isinstance(declared, dict) or not isinstance(declared.get("handler"), str):
            raise ManifestError(f"{app.name} has no web hook: its JSON has no 'webhook' with a 'handler'", where=where)
        self.function: str = declared["handler"]
        #: Whether a caller has to show a token. What the JSON leaves out is the stricter, as in the SDK.
        self.requires_auth = declared.get("requires_auth", True) is not False
        self._headers = _texts(declared.get("allowed_headers"))
        self._networks = [_network(one, where) for one in declared.get("ip_allowlist", ("0.0.0.0/0", "::/0"))]
        routes = declared.get("routes")
        #: None: the function takes whatever comes, as in apps that declare no routes.
        self._routes = None if not isinstance(routes, list) or not routes else [_route(one, where) for one in routes]

    def refuses_address(self, address: str) -> HttpResponse | None:
        """What a client gets that may not call the web hook: 403. None where it may."""
        from ipaddress import ip_address

        client = ip_address(address.partition("%")[0])
        client = getattr(client, "ipv4_mapped", None) or client
        if any(client in network for network in self._networks):
            return None
        return _refused(403, f"{client} is not in the web hook's list of allowed addresses")

    def refuses_route(self, method: str, parts: Sequence[str]) -> HttpResponse | None:
        """What a request gets that no route is for: 404 or 405. None where there is one.

        :param parts: the decoded segments after the asset's id
        """
        if self._routes is None:
            return None
        fitting = [methods for pattern, methods in self._routes if _fits(pattern, parts)]
        if not fitting:
            return _refused(404, "Not found")
        allowed = sorted({one for methods in fitting for one in methods})
        if method in allowed:
            return None
        refused = _refused(405, f"Method {method} not allowed")
        return replace(refused, headers=(*refused.headers, ("Allow", ", ".join(allowed))))

    def seen(self, request: HttpRequest) -> HttpRequest:
        """The request as the function sees it: with the headers that it declares, spelt as it declares them."""
        named = {name.lower(): name for name in self._headers}
        kept = [(named[name.lower()], value) for name, value in request.headers if name.lower() in named]
        return replace(request, headers=tuple(kept))


def _refused(status: int, reason: str) -> HttpResponse:
    body = json.dumps({"error": reason}).encode()
    return HttpResponse(status, (("Content-Type", "application/json"),), body)


def _route(declared: Any, where: str) -> tuple[list[str | None], tuple[str, ...]]:
    """A route's segments, None where any will do (``<name>``), and its methods."""
    pattern = declared.get("url_pattern") if isinstance(declared, dict) else None
    if not isinstance(pattern, str):
        raise ManifestError("a route of the web hook has no 'url_pattern'", where=where)
    parts = [None if _PARAMETER.fullmatch(part) else part for part in pattern.split("/") if part]
    methods = tuple(one.upper() for one in _texts(declared.get("allowed_methods")))
    return parts, methods or _METHODS


def _fits(pattern: Sequence[str | None], parts: Sequence[str]) -> bool:
    return len(pattern) == len(parts) and all(wanted in (None, one) for wanted, one in zip(pattern, parts, strict=True))


def _network(text: Any, where: str) -> Any:
    from ipaddress import ip_network

    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise ManifestError(f"the web hook's ip_allowlist has {text!r}, which is no network", where=where) from None


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
