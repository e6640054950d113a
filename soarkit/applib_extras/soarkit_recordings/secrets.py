"""Known secrets, every written form of them, and the placeholders that take their place.

A value is found in plain text, with any of its characters escaped (see :mod:`.escapes`), in hexadecimal, all in small
or all in capital letters, in UTF-8, Latin-1 and UTF-16, and inside base64 of either alphabet at any of the three
alignments (UTF-16 too: PowerShell's encoded commands), wrapped lines and base64 in base64 included. Hashes, signatures
and encryption of a secret are not undone.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from .escapes import any_escape, base64_needles, hexadecimal, other_cases, wide
from .names import is_credential_name, is_unusual

#: Shorter values turn up in any text; they are masked only where they stand alone (see ``Scrubber.standing_alone``).
SHORTEST = 4

_LINE_BREAK = r"(?:\r?\n|\\r\\n|\\n|%0[Dd]%0[Aa]|%0[Aa])"
_BASE64_RUN = re.compile(
    rf"(?:[A-Za-z0-9+/_-]|%(?:25)?2[BbFf]|\\/|{_LINE_BREAK}(?=[A-Za-z0-9+/_%-]))+(?:(?:=|%(?:25)?3[Dd]){{1,2}})?"
)
_LONG_RUN = re.compile("[A-Za-z0-9+/_-]{24,}={0,2}")
_HEX_RUN = re.compile("(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}){8,}(?![0-9A-Fa-f])")
_NESTING = 3  # base64 in base64 in base64


class Secret:
    """A value to hide, and the placeholder that is written instead.

    :param name: what the user knows it by: a configuration variable, a parameter, a field of a response
    :param value: the text to hide, at least :data:`SHORTEST` characters long
    :param placeholder: ASCII letters, digits, hyphens and underscores only, so that it survives wherever it stands
    """

    def __init__(self, name: str, value: str, placeholder: str) -> None:
        self.name = name
        self.value = value
        self.placeholder = placeholder
        self.needles = base64_needles(value, SHORTEST)
        # Each once, and the value itself first.
        self._plain = list(dict.fromkeys((value, *other_cases(value), *hexadecimal(value))))
        self._wide = wide(value)
        self._compiled: re.Pattern[str] | None = None
        # The expression is slow; text without a sign that begins an escape needs none of it.
        self._signs = ("%", "\\", "&", "+") if " " in value else ("%", "\\", "&")
        self._has_other_forms = not value.isascii() or "\n" in value or "\r" in value

    def mask(self, text: str) -> str:
        for plain in self._plain:
            if plain in text:
                text = text.replace(plain, self.placeholder)
        if self._wide in text:
            text = text.replace(self._wide, wide(self.placeholder))
        if self._has_other_forms or any(sign in text for sign in self._signs):
            if self._compiled is None:
                self._compiled = re.compile(any_escape(self.value))
            text = self._compiled.sub(self.placeholder, text)
        return text


class Scrubber:
    """Replaces secrets in text.

    :param secrets: longest value first wins, so that one secret inside another leaves nothing of the longer one
    :param alone: values too short to be looked for inside text, with their placeholders
    """

    def __init__(self, secrets: Iterable[Secret], alone: dict[str, str] | None = None) -> None:
        self._secrets = sorted(secrets, key=lambda secret: -len(secret.value))
        self._alone = dict(alone or {})
        placeholders = sorted({re.escape(secret.placeholder) for secret in self._secrets}, key=len, reverse=True)
        self._placeholder = re.compile(f"({'|'.join(placeholders) or '(?!)'})")
        self._alone_pattern: re.Pattern[str] | None = None
        if self._alone:
            choices = "|".join(any_escape(value) for value in sorted(self._alone, key=len, reverse=True))
            in_field = rf"(?<=[=/])(?:{choices})(?=[&/?#;]|$)"
            in_markup = rf"(?<=[>\"'])(?:{choices})(?=[<\"'])"
            self._alone_pattern = re.compile(f"{in_field}|{in_markup}")

    def text(self, text: str) -> str:
        """The text with every form of every secret replaced."""
        return self._text(text, _NESTING)

    def standing_alone(self, text: str) -> str:
        """As :meth:`text`; a short secret is replaced too where it is the whole text, the whole segment of a path, the
        whole value in a query, form, element or attribute."""
        if self._alone_pattern is not None:
            text = self._alone_pattern.sub(self._alone_placeholder, text)
        return self._alone.get(text) or self.text(text)

    def holds_secret(self, text: str) -> str | None:
        """The name of a secret that some form of is in the text, None when there is none."""
        if self.text(text) == text:
            return None
        return next(secret.name for secret in self._secrets if Scrubber([secret]).text(text) != text)

    def _alone_placeholder(self, match: re.Match[str]) -> str:
        found = match.group()
        return next(p for value, p in self._alone.items() if re.fullmatch(any_escape(value), found))

    def _text(self, text: str, depth: int) -> str:
        for secret in self._secrets:
            text = secret.mask(text)
        if depth and self._secrets:
            # A placeholder is no part of a run, though it is made of the same characters.
            parts = self._placeholder.split(text)
            parts[::2] = [self._in_runs(part, depth) for part in parts[::2]]
            text = "".join(parts)
        return text

    def _in_runs(self, text: str, depth: int) -> str:
        if self._in_base64(text):
            text = _BASE64_RUN.sub(lambda match: self._run(match.group(), depth), text)
        text = _LONG_RUN.sub(lambda match: self._long_run(match.group(), depth), text)
        return _HEX_RUN.sub(lambda match: self._hex_run(match.group(), depth), text)

    def _in_base64(self, text: str) -> bool:
        plain = _canonical(text)
        return any(needle in plain for secret in self._secrets for needle in secret.needles)

    def _run(self, run: str, depth: int) -> str:
        plain = _canonical(run).rstrip("=")
        hit = next((s for s in self._secrets if any(needle in plain for needle in s.needles)), None)
        if hit is None:
            return run
        # A run need not begin where the encoder began: text may lead up to it without a break.
        for skip in range(4):
            masked = self._decoded(plain[skip:], depth)
            if masked is not None:
                # Encoding again keeps what else it holds readable, but only the true beginning gives its alignment.
                # Behind it, something that was encoded by itself may follow at another one.
                return self._run(_like(run, masked), depth) if skip == 0 else hit.placeholder
        return run

    def _long_run(self, run: str, depth: int) -> str:
        """A run that has none of the stable insides, but text with other forms of a secret, or base64 once more."""
        masked = self._decoded(_canonical(run).rstrip("="), depth, ("utf-8",))
        return run if masked is None else _like(run, masked)

    def _hex_run(self, run: str, depth: int) -> str:
        """Hexadecimal of text with a secret in another form than its own: that is found without being decoded."""
        try:
            text = bytes.fromhex(run).decode("utf-8")
        except UnicodeDecodeError:
            return run
        masked = self._text(text, depth - 1)
        return run if masked == text else masked.encode("utf-8").hex()

    def _decoded(self, run: str, depth: int, encodings: tuple[str, ...] = ("utf-8", "latin-1")) -> bytes | None:
        """The decoded run with its secrets masked; None when it holds none."""
        run = run[: len(run) - 1] if len(run) % 4 == 1 else run
        try:
            raw = base64.b64decode(run + "=" * (-len(run) % 4))
        except binascii.Error:
            return None
        for encoding in encodings:
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            masked = self._text(text, depth - 1)
            if masked != text:
                return masked.encode(encoding)
        return None


def _canonical(text: str) -> str:
    """Text in which base64 stands unbroken, in the standard alphabet and without per-cent escapes."""
    if "%" in text:
        text = re.sub("%(?:25)?2[Bb]", "+", text)
        text = re.sub("%(?:25)?2[Ff]", "/", text)
        text = re.sub("%(?:25)?3[Dd]", "=", text)
    text = re.sub(_LINE_BREAK, "", text)
    return text.replace("\\/", "/").replace("-", "+").replace("_", "/")


def _like(run: str, content: bytes) -> str:
    """Base64 of the content in the alphabet, padding and escaping of ``run``."""
    encoded = base64.b64encode(content).decode("ascii")
    if not re.search("=|%3[Dd]", run[-6:]) and len(_canonical(run)) % 4:
        encoded = encoded.rstrip("=")
    if re.search("[-_]", run) and not re.search("[+/]", run):
        return encoded.replace("+", "-").replace("/", "_")
    return quote(encoded, safe="") if "%" in run else encoded


def parts_of(value: str) -> list[str]:
    """What to look for of one configured secret: its text, as it is and stripped.

    A secret that is a URL (a web hook's, or one with a password in it) stands in a request as host, path and query,
    each in its own place. Then it is looked for as the path with the query, each alone, what looks like a credential in
    the query, and the password; or as the host when there is nothing else.
    """
    value = value.strip() if len(value.strip()) >= SHORTEST else value
    if "://" not in value or re.search(r"\s", value):
        return [value]
    try:
        split = urlsplit(value)
        password = unquote(split.password or "")
    except ValueError:  # something else in brackets than an address
        return [value]
    path = split.path.strip("/")
    values = [item for name, item in parse_qsl(split.query) if is_credential_name(name) or is_unusual(item)]
    candidates = [path + (f"?{split.query}" if split.query else ""), path, *values, password]
    return list(dict.fromkeys(part for part in candidates if len(part) >= SHORTEST)) or [split.netloc or value]
