"""Keeps secrets out of everything people and files get to see."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

#: What stands where a secret was.
MASK = "********"
#: Shorter values are too common as parts of ordinary words and numbers: masking them would destroy the text.
SHORTEST = 4
#: Lines of a secret from this length on are secrets themselves; shorter ones are words like "-----".
_LONG_LINE = 12


class Redactor:
    """Replaces known secrets in text and data.

    :param secrets: the values, as the configuration and parameters hold them; those shorter than :data:`SHORTEST`
        characters are left alone
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets: list[str] = []
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """One more secret, known from now on."""
        if len(secret) >= SHORTEST:
            # Longest first: one secret may be the beginning of another.
            self._secrets = sorted({*self._secrets, *_written_forms(secret)}, key=len, reverse=True)

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

    def result(self, document: dict[str, Any]) -> dict[str, Any]:
        """A copy of a result JSON, redacted where the app or its service may have put a secret.

        Its own frame (keys, ``status``, counts) stays: a secret that reads "failed" must not make it unreadable.
        """
        return {key: value if key in _FRAME else self._part(key, value) for key, value in document.items()}

    def _part(self, key: str, value: Any) -> Any:
        if key == "result_data" and isinstance(value, list):
            return [self.result(one) if isinstance(one, dict) else self.data(one) for one in value]
        if key == "result_summary" and isinstance(value, dict):
            return {name: self.data(item) for name, item in value.items()}
        return self.data(value)

    def data(self, value: Any) -> Any:
        """A copy of JSON data with every text, and every key, redacted."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.data(item) for item in value]
        if isinstance(value, dict):
            return {self.text(key): self.data(item) for key, item in value.items()}
        return value


def remembering(
    answers: Mapping[str, Callable[..., object]], redactor: Redactor
) -> Mapping[str, Callable[..., object]]:
    """What the host answers an app; what it decrypts for it is a secret from then on."""
    decrypt = answers.get("decrypt")
    if decrypt is None:
        return answers

    def remembered(**arguments: Any) -> object:
        plain = decrypt(**arguments)
        redactor.add(str(plain))
        return plain

    return {**answers, "decrypt": remembered}


#: Keys of a result, and of an action result, whose values are soarkit's own words.
_FRAME = frozenset(("status", "exception_occured", "action_cancelled", "identifier", "action"))


def _written_forms(secret: str) -> set[str]:
    """How a secret is written: as it is, in a dump of JSON or of Python objects, in an address, in HTML, in base64,
    in hexadecimal digits.

    JSON twice, too: a chart, say, is JSON in a text of JSON.
    """
    digits = secret.encode("utf-8", "surrogatepass").hex()
    forms = {secret, digits, digits.upper(), *_base64_forms(secret)}
    # A key of several lines is logged line by line.
    forms |= {line for line in secret.splitlines() if len(line) >= _LONG_LINE}
    if secret.isascii() and secret.isalnum():
        return forms
    from html import escape
    from urllib.parse import quote, quote_plus

    forms |= {text for once in _json_texts(secret) for text in (once, *_json_texts(once))}
    forms |= {ascii(secret)[1:-1], secret.encode("ascii", "backslashreplace").decode()}  # as standard error writes it
    forms |= {repr(secret)[1:-1], repr(secret + "'")[1:-2]}  # repr() chooses its quotes, and with them what it escapes
    encoded = secret.encode("utf-8", "surrogatepass")
    return forms | {quote(encoded), quote(encoded, ""), quote_plus(encoded), escape(secret)}


def _base64_forms(secret: str) -> set[str]:
    """What a secret makes of base64 text that holds it, such as Basic authorization: one form for each alignment.

    Characters that it shares with its neighbours are left out, so short secrets have none.
    """
    import base64

    encoded = secret.encode("utf-8", "surrogatepass")
    forms = set()
    for before in range(3):
        whole = base64.b64encode(bytes(before) + encoded).decode()
        first, last = -(-before * 4 // 3), (before + len(encoded)) * 4 // 3
        forms |= {whole[first:last], whole[first:last].replace("+", "-").replace("/", "_")}
    return {form for form in forms if len(form) >= SHORTEST + 2}


def _json_texts(secret: str) -> set[str]:
    return {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}


def _json_forms(secret: str) -> set[bytes]:
    return {text.encode("utf-8", "surrogatepass") for text in _json_texts(secret)}


def masked_address(text: str) -> str:
    """An address without the password in it; other text as it is."""
    import re

    return re.sub(r"^(\w+://[^/\s]*?:)[^/\s]+@", lambda found: f"{found[1]}{MASK}@", text)
