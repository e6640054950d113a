"""Whether a request is the recorded one.

Method, scheme, host, port, path, query (in any order) and body must agree; headers differ too much between machines
to be compared. A body is compared as what it is: JSON by value, a form as pairs in any order, multipart without its
random boundary, anything else byte for byte. A placeholder in the recorded request stands for the value that was
masked there.
"""

from __future__ import annotations

import base64
import binascii
import json
import operator
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .escapes import any_escape, hexadecimal
from .exchange import Request, header

_PORTS = {"http": 80, "https": 443}
Pairs = list[tuple[str, str]]
_NESTING = 3
#: Other forms of a longer value are compared as a placeholder: the request is masked, too (see ``ReplayTape``). Of a
#: short one not all are found in that.
_LONGEST_ESCAPED = 64
Equal = Callable[[str, str], bool]


class Matcher:
    """Compares requests with recorded ones.

    :param meanings: placeholder → the values it may stand for now; None: any value (a credential that the app had from
        somewhere else when it was recorded)
    """

    def __init__(self, meanings: dict[str, list[str] | None]) -> None:
        self._meanings = meanings
        placeholders = "|".join(sorted(map(re.escape, meanings), key=len, reverse=True)) or "(?!)"
        self._parts = re.compile(
            rf"(?P<placeholder>{placeholders})|(?:(?!{placeholders})[A-Za-z0-9+/_-]){{8,}}={{0,2}}"
        )

    def differs_in(self, recorded: Request, request: Request) -> str | None:
        """The first part that is not as recorded, ``"method"``, ``"query"``, ``"body"``, ...; None if all is."""
        ours, theirs = urlsplit(recorded.url), urlsplit(request.url)
        parts: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("method", lambda: recorded.method == request.method),
            ("scheme", lambda: ours.scheme.lower() == theirs.scheme.lower()),
            ("host", lambda: self._equal(ours.hostname or "", theirs.hostname or "")),
            ("port", lambda: _port(ours) == _port(theirs)),
            ("path", lambda: self._equal(ours.path or "/", theirs.path or "/")),
            ("query", lambda: _same_pairs(_pairs(ours.query), _pairs(theirs.query), self._equal)),
            ("body", lambda: self._same_body(recorded, request)),
        )
        return next((part for part, same in parts if not same()), None)

    def _equal(self, recorded: str, actual: str) -> bool:
        if recorded == actual:
            return True
        encoded: list[str] = []

        def pattern(match: re.Match[str]) -> str:
            if match.lastgroup == "placeholder":
                return self._forms(match.group())
            if not self._holds_placeholder(match.group()):
                return re.escape(match.group())
            encoded.append(match.group())
            return "([A-Za-z0-9+/_=-]*)"

        parts, at = [], 0
        for match in self._parts.finditer(recorded):
            parts += [re.escape(recorded[at : match.start()]), pattern(match)]
            at = match.end()
        if not at:
            return False
        found = re.fullmatch("".join([*parts, re.escape(recorded[at:])]), actual, re.DOTALL)
        # What base64 holds, is compared without it.
        return found is not None and all(
            self._equal(_from_base64(ours), _from_base64(theirs))
            for ours, theirs in zip(encoded, found.groups())  # noqa: B905  Python 3.9 has no strict
        )

    def _forms(self, placeholder: str) -> str:
        """An expression for what a placeholder may stand for."""
        values = self._meanings[placeholder]
        if values is None:
            return ".+"
        # In any case: the value that was recorded was maybe long enough to be masked in any.
        forms = [form for value in values if len(value) <= _LONGEST_ESCAPED for form in _other_forms(value)]
        forms += [re.escape(value) for value in values]
        # The placeholder itself too: the app may have it from a recorded answer.
        return f"(?:{'|'.join([re.escape(placeholder), *forms])})"

    def _holds_placeholder(self, run: str, depth: int = _NESTING) -> bool:
        text = _from_base64(run)
        return bool(text) and any(
            match.lastgroup == "placeholder" or (depth > 0 and self._holds_placeholder(match.group(), depth - 1))
            for match in self._parts.finditer(text)
        )

    def _same_body(self, recorded: Request, request: Request) -> bool:
        if recorded.body == request.body:
            return True
        ours, theirs = _text(recorded), _text(request)
        try:
            return self._same_tree(json.loads(ours), json.loads(theirs))
        except ValueError:
            pass
        if "x-www-form-urlencoded" in header(request.headers, "content-type").lower():
            return _same_pairs(_pairs(ours), _pairs(theirs), self._equal)
        return self._equal(ours, theirs)

    def _same_tree(self, recorded: Any, actual: Any) -> bool:
        if isinstance(recorded, dict) and isinstance(actual, dict):
            if recorded.keys() == actual.keys():
                return all(self._same_tree(value, actual[key]) for key, value in recorded.items())
            return _assigned(list(recorded.items()), list(actual.items()), self._same_item)
        if isinstance(recorded, list) and isinstance(actual, list):
            return len(recorded) == len(actual) and all(map(self._same_tree, recorded, actual))
        if isinstance(recorded, str) and not isinstance(actual, (bool, dict, list, type(None))):
            return self._equal(recorded, actual if isinstance(actual, str) else json.dumps(actual))
        return type(recorded) is type(actual) and bool(recorded == actual)

    def _same_item(self, recorded: tuple[str, Any], actual: tuple[str, Any]) -> bool:
        return self._equal(recorded[0], actual[0]) and self._same_tree(recorded[1], actual[1])


def _port(split: Any) -> int | None:
    try:
        return split.port or _PORTS.get(split.scheme.lower())
    except ValueError:
        return None


def _pairs(text: str) -> Pairs:
    return parse_qsl(text, keep_blank_values=True)


def _text(request: Request) -> str:
    text = request.body.decode("latin-1") if not _is_utf8(request.body) else request.body.decode("utf-8")
    kind = header(request.headers, "content-type")
    boundary = re.search(r'multipart/.*boundary="?([^";]+)', kind, re.IGNORECASE)
    return text.replace(boundary.group(1), "boundary") if boundary else text


def _other_forms(value: str) -> tuple[str, ...]:
    return (f"(?i:{any_escape(value)})", *hexadecimal(value))


def _from_base64(text: str) -> str:
    """The text that is written in base64, ``""`` when it is not."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4)).decode("latin-1")
    except binascii.Error:
        return ""


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _same_pairs(recorded: Pairs, actual: Pairs, equal: Equal) -> bool:
    return _assigned(recorded, actual, lambda ours, theirs: equal(ours[0], theirs[0]) and equal(ours[1], theirs[1]))


def _assigned(recorded: list[Any], actual: list[Any], same: Callable[[Any, Any], bool]) -> bool:
    """Whether each recorded item has an actual one of its own, whatever the order."""
    if len(recorded) != len(actual):
        return False
    left = list(actual)
    # Equal ones first, or a placeholder might take what another item needs.
    rest = [item for item in recorded if not _take(left, item, operator.eq)]
    return all(_take(left, item, same) for item in rest)


def _take(items: list[Any], wanted: Any, same: Callable[[Any, Any], bool]) -> bool:
    found = next((at for at, item in enumerate(items) if same(wanted, item)), None)
    if found is None:
        return False
    del items[found]
    return True
