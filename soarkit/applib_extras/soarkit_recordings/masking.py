"""Exchanges without secrets: each is replaced by a placeholder, the same one everywhere.

The order matters. First every known secret goes, wherever it stands, while it is still whole. Only then the places
where credentials stand are looked at, and cut into their parts: a scheme and its token, a cookie and its value. Last
come the pieces of known secrets that something else had cut out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from .bodies import rewrite
from .exchange import Exchange, Headers, Request, Response
from .names import is_credential_name, looks_like_credential
from .pieces import SHORTEST_PIECE, pieces_in, views
from .places import HANDED_OUT, MAYBE_HANDED_OUT, MAYBE_SHOWN, SHOWN, rewrite_url
from .secrets import SHORTEST, Scrubber, Secret, parts_of
from .storage import Tape, is_word_of_the_file

_SHORTEST_HANDED_OUT = 6  # of a value whose name leaves no doubt
_SHORTEST_MAYBE = 16  # of a value whose name says little
_STEMS = ("SOARKIT-MASKED", "soarkit_hidden", "X0X0", "zq-zq")  # several, since a secret may be part of one


class Mask:
    """What to hide in a list of exchanges, and the hiding.

    :param secrets: name → value of what the user marked as secret
    :param exchanges: what to hide it in, in the order in which they happened; searched for credentials of their own
    """

    def __init__(self, secrets: dict[str, str], exchanges: Iterable[Exchange] = ()) -> None:
        self._known = [(name, part) for name, value in secrets.items() for part in parts_of(str(value)) if part]
        self._secrets: dict[str, list[str]] = {}  # placeholder → names, of the secrets that were given
        self._tokens: list[str] = []  # placeholders of the credentials found
        self._pieces: list[str] = []  # placeholders of the pieces found
        self._placeholders: dict[str, str] = {}  # value → placeholder
        self._everywhere: list[Secret] = []
        self._alone: dict[str, str] = {}
        for name, value in self._known:
            self._add_secret(name, value)
        self._given = re.compile("|".join(sorted(map(re.escape, self._secrets), key=len, reverse=True)) or "(?!)")
        self.scrubber = Scrubber(self._everywhere, self._alone)
        self._handed_out: set[tuple[str, str]] = set()  # name and value, of names like "key" in responses
        self._exchanges = [self._scrubbed(exchange) for exchange in exchanges]
        for exchange in self._exchanges:
            rewrite(exchange, self._learn)
        self._learn_pieces()
        self.scrubber = Scrubber(self._everywhere, self._alone)

    def tape(self) -> Tape:
        """The exchanges with all that is known masked everywhere, and credentials by their place."""
        # A credential that has another one in it looks different by now.
        for value, placeholder in list(self._placeholders.items()):
            self._placeholders.setdefault(self.scrubber.text(value), placeholder)
        masked = [rewrite(self._scrubbed(exchange), self._replace) for exchange in self._exchanges]
        return Tape(masked, self._secrets, self._tokens, self._pieces)

    def left_in(self, text: str) -> str | None:
        """The name of a secret that the text still holds some form of, or an unusual piece; None when it holds none."""
        name = self.scrubber.holds_secret(text)
        if name is not None:
            return name
        readings = [self._given.sub("\0", view) for view in views(text)]
        return next((name for name, value in self._known if pieces_in(readings, value)), None)

    def request(self, request: Request) -> Request:
        """The request with the known values masked, for comparing it with a recorded one."""
        return Request(
            request.method,
            self.scrubber.standing_alone(request.url),
            self._headers(request.headers),
            self._body(request.body),
        )

    def shown_url(self, url: str) -> str:
        """The URL for a message to the user: nothing in it that was given as a secret or looks like one."""
        return rewrite_url(self.scrubber.standing_alone(url), self._hide, SHOWN)

    def _hide(self, _name: str, value: str, where: str) -> str:
        return value if where == MAYBE_SHOWN or value in self._secrets else self._placeholders.get(value, _STEMS[0])

    def _add_secret(self, name: str, value: str) -> None:
        if value in self._placeholders:
            names = self._secrets[self._placeholders[value]]
            if name not in names:
                names.append(name)
            return
        placeholder = self._new_placeholder(name, value, number=None)
        self._secrets[placeholder] = [name]
        self._placeholders[value] = placeholder
        if len(value) < SHORTEST:
            self._alone[value] = placeholder
        else:
            self._everywhere.append(Secret(name, value, placeholder))

    def _learn(self, name: str, value: str, where: str) -> str:
        if where == MAYBE_HANDED_OUT:
            self._handed_out.add((name.lower(), value))
        elif where != MAYBE_SHOWN or self._is_pass(name, value):
            self._add_token(name, value, where)
        return value

    def _is_pass(self, name: str, value: str) -> bool:
        """Whether what a request shows under a name like ``key`` is a credential."""
        if len(value) < _SHORTEST_MAYBE:
            return False
        is_random = bool(re.fullmatch(r"[A-Za-z0-9+/_=.-]{20,}", value)) and bool(re.search(r"\d", value))
        return (name.lower(), value) in self._handed_out or (name.lower() != "key" and is_random)

    def _add_token(self, name: str, value: str, where: str) -> None:
        # With a known secret in it, what is left may be none: "user:" before it, "-eu1" behind.
        if value in self._placeholders or (self._given.search(value) and not self._has_credential(value)):
            return
        placeholder = self._new_placeholder(name, value, number=len(self._tokens) + 1)
        self._tokens.append(placeholder)
        self._placeholders[value] = placeholder
        is_sure = where == HANDED_OUT and is_credential_name(name) and len(value) >= _SHORTEST_HANDED_OUT
        is_taken = is_word_of_the_file(value) or any(value in taken for taken in self._placeholders.values())
        if (is_sure or looks_like_credential(value)) and not is_taken:
            self._everywhere.append(Secret(name, value, placeholder))

    def _has_credential(self, value: str) -> bool:
        return any(looks_like_credential(word) for word in re.split(r"[\s,;=\"]+", self._given.sub(" ", value)))

    def _learn_pieces(self) -> None:
        found: dict[str, str] = {}
        secrets = [(name, value) for name, value in self._known if len(value) > SHORTEST_PIECE]
        texts = dict.fromkeys(text for exchange in self._exchanges for text in _texts(exchange)) if secrets else {}
        for text in texts:
            readings = [self._given.sub("\0", view) for view in views(text)]
            for name, value in secrets:
                found.update(dict.fromkeys(sorted(pieces_in(readings, value)), name))
        for piece in sorted(found, key=len, reverse=True):
            if piece not in self._placeholders and not is_word_of_the_file(piece):
                placeholder = self._new_placeholder(f"{found[piece]}_piece", piece, number=len(self._pieces) + 1)
                self._pieces.append(placeholder)
                self._placeholders[piece] = placeholder
                self._everywhere.append(Secret(found[piece], piece, placeholder))

    def _replace(self, _name: str, value: str, _where: str) -> str:
        return self._placeholders.get(value, value)

    def _new_placeholder(self, name: str, value: str, number: int | None) -> str:
        word = re.sub("[^A-Za-z0-9_]+", "_", name).strip("_")[:40]
        last = "" if number is None else f"-{number}"
        taken = set(self._placeholders.values())
        count = len(taken) + 1
        candidates = [f"{stem}-{word}{last}" for stem in _STEMS] + [f"{stem}-{count}" for stem in _STEMS]
        hidden = {value, *(known for _, known in self._known), *(secret.value for secret in self._everywhere)}
        avoided = {text.lower() for text in hidden if len(text) >= SHORTEST}
        free = [text for text in candidates if text not in taken and not any(part in text.lower() for part in avoided)]
        return free[0] if free else f"{'*' * 8}{count}"

    def _scrubbed(self, exchange: Exchange) -> Exchange:
        response = exchange.response
        return Exchange(
            self.request(exchange.request),
            Response(
                response.status,
                self.scrubber.text(response.reason),
                self._headers(response.headers),
                self._body(response.body),
            ),
        )

    def _headers(self, headers: Headers) -> Headers:
        return [(self.scrubber.text(name), self.scrubber.standing_alone(value)) for name, value in headers]

    def _body(self, body: bytes) -> bytes:
        if not body:
            return body
        try:
            text, encoding = body.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            text, encoding = body.decode("latin-1"), "latin-1"
        masked = self._text_body(text)
        if masked == text:
            return body
        with suppress(UnicodeEncodeError):
            return masked.encode(encoding)
        return masked.encode("utf-8", "surrogatepass")

    def _text_body(self, text: str) -> str:
        if not self._alone and self.scrubber.text(text) == text:
            return text
        if text.lstrip()[:1] in ("{", "[", '"'):
            try:
                tree = json.loads(text)
                masked = self._tree(tree)
            except (ValueError, RecursionError):
                pass
            else:
                # In the tree a number can become a text. What it does not show (a key given twice) is masked after it.
                return self.scrubber.text(text if masked == tree else json.dumps(masked, ensure_ascii=False))
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


def _texts(exchange: Exchange) -> Iterable[str]:
    request, response = exchange.request, exchange.response
    yield request.url
    for headers, body in ((request.headers, request.body), (response.headers, response.body)):
        for name, value in headers:
            yield from (name, value)
        yield body.decode("utf-8", "replace")
