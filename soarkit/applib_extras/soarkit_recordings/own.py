"""The app's own platform: what it asks there is no exchange with a service, and its address is another in every run."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from .exchange import Exchange, Headers, Request, Response

#: What stands for the platform's address in recordings.
PLACEHOLDER = "https://localhost:9999"


class OwnPlatform:
    """Tells requests to the platform from others, and keeps its address out of recordings.

    :param base_url: the address of this run's platform; empty: there is none
    :ivar place: host and port that can be connected to in a replay; None where there is none
    """

    def __init__(self, base_url: str) -> None:
        self._base = "" if base_url.startswith(PLACEHOLDER) else base_url.rstrip("/")
        parts = urlsplit(self._base)
        self.place: tuple[str, int] | None = (parts.hostname, parts.port) if parts.hostname and parts.port else None
        self._forms = [(form(self._base), form(PLACEHOLDER)) for form in _FORMS] if self._base else []

    def concerns(self, request: Any) -> bool:
        """Whether vcrpy's request goes to the platform."""
        return bool(self._base) and str(request.uri).startswith(self._base)

    def hidden(self, request: Request) -> Request:
        """The request with the placeholder for the address."""
        return Request(
            request.method, self._text(request.url), self._headers(request.headers), self._body(request.body)
        )

    def hidden_in(self, exchange: Exchange) -> Exchange:
        """The exchange with the placeholder for the address."""
        response = exchange.response
        headers, body = self._headers(response.headers), self._body(response.body)
        return Exchange(self.hidden(exchange.request), Response(response.status, response.reason, headers, body))

    def shown(self, response: Response) -> Response:
        """The response with the address for the placeholder."""
        headers, body = self._headers(response.headers, back=True), self._body(response.body, back=True)
        return Response(response.status, response.reason, headers, body)

    def _text(self, text: str, *, back: bool = False) -> str:
        for ours, theirs in self._forms:
            text = text.replace(theirs, ours) if back else text.replace(ours, theirs)
        return text

    def _headers(self, headers: Headers, *, back: bool = False) -> Headers:
        return [(name, self._text(value, back=back)) for name, value in headers]

    def _body(self, body: bytes, *, back: bool = False) -> bytes:
        for ours, theirs in self._forms:
            old, new = (theirs, ours) if back else (ours, theirs)
            body = body.replace(old.encode(), new.encode())
        return body


def _in_json(text: str) -> str:
    """As some libraries write it in JSON."""
    return text.replace("/", "\\/")


def _in_query(text: str) -> str:
    return quote(text, safe="")


_FORMS = (str, _in_query, quote, _in_json)
