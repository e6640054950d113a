"""Keeps secrets out of everything people and files get to see."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

#: What stands where a secret was.
MASK = "********"
#: Shorter values are too common as parts of ordinary words and numbers: masking them would destroy the text.
SHORTEST = 4


class Redactor:
    """Replaces known secrets in text and data.

    :param secrets: the values, as the configuration and parameters hold them; those shorter than :data:`SHORTEST`
        characters are left alone
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        kept = {secret for secret in secrets if len(secret) >= SHORTEST}
        # Longest first: one secret may be the beginning of another.
        self._secrets = sorted({form for secret in kept for form in _written_forms(secret)}, key=len, reverse=True)

    @property
    def longest(self) -> int:
        """Length of the longest secret, 0 without any."""
        return len(self._secrets[0]) if self._secrets else 0

    def text(self, text: str) -> str:
        """The text with each secret replaced by :data:`MASK`."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, MASK)
        return text

    def concerns(self, document: bytes) -> bool:
        """Whether a JSON document may hold a secret: a quick look at its bytes, as either way of escaping writes it."""
        return any(form in document for secret in self._secrets for form in _json_forms(secret))

    def data(self, value: Any) -> Any:
        """A copy of JSON data with every text, and every key, redacted."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.data(item) for item in value]
        if isinstance(value, dict):
            return {self.text(key): self.data(item) for key, item in value.items()}
        return value


def _written_forms(secret: str) -> set[str]:
    """How a secret looks in a log: as it is, in a dump of JSON or of Python objects, in an address."""
    if secret.isascii() and secret.isalnum():
        return {secret}
    from urllib.parse import quote, quote_plus

    double = repr(secret + "'")[1:-2]  # repr() chooses its quotes, and with them what it escapes
    return {
        secret,
        *_json_texts(secret),
        repr(secret)[1:-1],
        double,
        quote(secret),
        quote(secret, ""),
        quote_plus(secret),
    }


def _json_texts(secret: str) -> set[str]:
    return {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}


def _json_forms(secret: str) -> set[bytes]:
    return {text.encode("utf-8", "surrogatepass") for text in _json_texts(secret)}
