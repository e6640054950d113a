"""Exchanges without secrets: each is replaced by a placeholder, the same one everywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from .exchange import Exchange, Headers, Request, Response, header
from .secrets import SHORTEST, Scrubber, Secret, parts_of
from .tokens import (
    HANDED_OUT,
    MAYBE_HANDED_OUT,
    MAYBE_SHOWN,
    SHOWN,
    is_credential_name,
    looks_like_credential,
    rewrite,
    rewrite_url,
)

_SHORTEST_HANDED_OUT = 6  # of a value whose name leaves no doubt
_STEMS = ("SOARKIT-MASKED", "soarkit_hidden", "X0X0", "zq-zq")  # several, since a secret may be part of one


class Mask:
    """What to hide in a list of exchanges, and the hiding.

    :param secrets: name → value of what the user marked as secret
    :param exchanges: searched for credentials of their own, in the order in which they happened
    """

    def __init__(self, secrets: dict[str, str], exchanges: Iterable[Exchange] = ()) -> None:
        self._known = [(name, part) for name, value in secrets.items() for part in parts_of(str(value)) if part]
        self.secrets: dict[str, str] = {}  #: placeholder → name, of the secrets that were given
        self.tokens: list[str] = []  #: placeholders of the credentials found
        self._placeholders: dict[str, str] = {}  # value → placeholder
        self._everywhere: list[Secret] = []
        self._alone: dict[str, str] = {}
        for name, value in self._known:
            self._add_secret(name, value)
        self._handed_out: set[tuple[str, str]] = set()  # name and value, of names like "key" in responses
        for exchange in exchanges:
            rewrite(exchange, self._learn)
        self.scrubber = Scrubber(self._everywhere, self._alone)

    def exchange(self, exchange: Exchange) -> Exchange:
        """The exchange with credentials masked by their place, and every known value masked everywhere."""
        return self._scrubbed(rewrite(exchange, self._replace))

    def request(self, request: Request) -> Request:
        """The request with the known values masked, for comparing it with a recorded one."""
        return Request(
            request.method,
            self.scrubber.fields(request.url),
            self._headers(request.headers),
            self._body(request.body, request.headers),
        )

    def shown_url(self, url: str) -> str:
        """The URL for a message to the user: nothing in it that was given as a secret or looks like one."""
        return self.scrubber.fields(rewrite_url(url, self._hide, SHOWN))

    def _hide(self, _name: str, value: str, where: str) -> str:
        return value if where == MAYBE_SHOWN else self._placeholders.get(value, _STEMS[0])

    def _add_secret(self, name: str, value: str) -> None:
        if value in self._placeholders:
            return
        placeholder = self._new_placeholder(name, number=None)
        self.secrets[placeholder] = name
        self._placeholders[value] = placeholder
        if len(value) < SHORTEST:
            self._alone[value] = placeholder
        else:
            self._everywhere.append(Secret(name, value, placeholder))

    def _learn(self, name: str, value: str, where: str) -> str:
        if where == MAYBE_HANDED_OUT:
            self._handed_out.add((name.lower(), value))
            return value
        if where == MAYBE_SHOWN and (len(value) < 16 or (name.lower(), value) not in self._handed_out):
            return value
        if value not in self._placeholders and not self._holds_known(value):
            placeholder = self._new_placeholder(name, number=len(self.tokens) + 1)
            self.tokens.append(placeholder)
            self._placeholders[value] = placeholder
            sure = where == HANDED_OUT and is_credential_name(name) and len(value) >= _SHORTEST_HANDED_OUT
            if sure or looks_like_credential(value):
                self._everywhere.append(Secret(name, value, placeholder))
        return value

    def _replace(self, _name: str, value: str, _where: str) -> str:
        return self._placeholders.get(value, value)

    def _holds_known(self, value: str) -> bool:
        # Then masking the known part is enough, and leaves more for the eye.
        return any(len(known) >= SHORTEST and known in value for _, known in self._known)

    def _new_placeholder(self, name: str, number: int | None) -> str:
        word = re.sub("[^A-Za-z0-9_]+", "_", name).strip("_")[:40]
        last = "" if number is None else f"-{number}"
        taken = set(self._placeholders.values())
        count = len(taken) + 1
        candidates = [f"{stem}-{word}{last}" for stem in _STEMS] + [f"{stem}-{count}" for stem in _STEMS]
        free = [text for text in candidates if text not in taken and not self._holds_known(text)]
        return free[0] if free else f"{'*' * 8}{count}"

    def _scrubbed(self, exchange: Exchange) -> Exchange:
        response = exchange.response
        return Exchange(
            self.request(exchange.request),
            Response(
                response.status,
                self.scrubber.text(response.reason),
                self._headers(response.headers),
                self._body(response.body, response.headers),
            ),
        )

    def _headers(self, headers: Headers) -> Headers:
        return [(self.scrubber.text(name), self.scrubber.standing_alone(value)) for name, value in headers]

    def _body(self, body: bytes, headers: Headers) -> bytes:
        if not body:
            return body
        try:
            text, encoding = body.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            text, encoding = body.decode("latin-1"), "latin-1"
        masked = self._text_body(text, header(headers, "content-type").lower())
        return body if masked == text else masked.encode(encoding, "surrogatepass")

    def _text_body(self, text: str, kind: str) -> str:
        if not self._alone and self.scrubber.text(text) == text:
            return text
        if text.lstrip()[:1] in ("{", "[", '"'):
            try:
                tree = json.loads(text)
            except ValueError:
                pass
            else:
                # In the tree a number can become a text. What it does not show (a key given twice) is masked after it.
                masked = self._tree(tree)
                return self.scrubber.text(text if masked == tree else json.dumps(masked, ensure_ascii=False))
        if "x-www-form-urlencoded" in kind:
            return self.scrubber.fields(text)
        return self.scrubber.standing_alone(text)

    def _tree(self, node: Any) -> Any:
        if isinstance(node, dict):
            return {self.scrubber.text(key): self._tree(value) for key, value in node.items()}
        if isinstance(node, list):
            return [self._tree(item) for item in node]
        if node is None or isinstance(node, bool):
            return node
        text = node if isinstance(node, str) else json.dumps(node)
        masked = self.scrubber.standing_alone(text)
        return node if masked == text else masked
