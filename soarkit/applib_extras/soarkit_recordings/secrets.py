"""Known secrets, every written form of them, and the placeholders that take their place.

A value is found in plain text and with any of its characters escaped (per cent, ``+`` for a space, JSON, HTML), in
UTF-8 and Latin-1, and inside base64 of either alphabet at any of the three alignments (UTF-16 too: PowerShell's
encoded commands), wrapped lines included. Hashes, signatures and encryption of a secret are not undone.
"""

from __future__ import annotations

import base64
import binascii
import html.entities
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus, urlsplit

#: Shorter values turn up in any text; they are masked only where they stand alone (see ``Scrubber.standing_alone``).
SHORTEST = 4

_NAMED_ENTITIES = {chr(code): name for code, name in html.entities.codepoint2name.items() if code < 128}
_JSON_SHORT = {'"': '"', "/": "/", "\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
_LINE_BREAK = r"(?:\r?\n|\\r\\n|\\n|%0[Dd]%0[Aa]|%0[Aa])"
_BASE64_RUN = re.compile(
    rf"(?:[A-Za-z0-9+/_-]|%2[BbFf]|\\/|{_LINE_BREAK}(?=[A-Za-z0-9+/_%-]))+(?:(?:=|%3[Dd]){{1,2}})?"
)
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
        self.pattern = any_escape(value)
        self._compiled = re.compile(self.pattern)
        self.needles = _needles(value)
        self._wide = _wide(value)
        # The expression is slow; text without a sign that begins an escape needs none of it.
        self._signs = ("%", "\\", "&", "+") if " " in value else ("%", "\\", "&")
        self._plain = value.isascii()

    def mask(self, text: str) -> str:
        if self.value in text:
            text = text.replace(self.value, self.placeholder)
        if self._wide in text:
            text = text.replace(self._wide, _wide(self.placeholder))
        if not self._plain or any(sign in text for sign in self._signs):
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
        self._alone_pattern: re.Pattern[str] | None = None
        if self._alone:
            choices = "|".join(any_escape(value) for value in sorted(self._alone, key=len, reverse=True))
            self._alone_pattern = re.compile(rf"(?<=[=/])(?:{choices})(?=[&/?#;]|$)")

    def text(self, text: str) -> str:
        """The text with every form of every secret replaced."""
        return self._text(text, _NESTING)

    def standing_alone(self, text: str) -> str:
        """As :meth:`text`; a short secret that is the whole text is replaced too."""
        return self._alone.get(text) or self.text(text)

    def fields(self, text: str) -> str:
        """As :meth:`text`, for a URL or form: a short secret that is a whole path segment or value is replaced too."""
        if self._alone_pattern is not None:
            text = self._alone_pattern.sub(self._alone_placeholder, text)
        return self.text(text)

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
        if depth and self._in_base64(text):
            text = _BASE64_RUN.sub(lambda match: self._run(match.group(), depth), text)
        return text

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
                return _like(run, masked) if skip == 0 else hit.placeholder
        return run

    def _decoded(self, run: str, depth: int) -> bytes | None:
        """The decoded run with its secrets masked; None when it holds none."""
        run = run[: len(run) - 1] if len(run) % 4 == 1 else run
        try:
            raw = base64.b64decode(run + "=" * (-len(run) % 4))
        except binascii.Error:
            return None
        for encoding in ("utf-8", "latin-1"):
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            masked = self._text(text, depth - 1)
            if masked != text:
                return masked.encode(encoding)
        return None


def _wide(text: str) -> str:
    """UTF-16 (little-endian) as it looks in bytes that were read as Latin-1 or UTF-8."""
    return text.encode("utf-16-le", "surrogatepass").decode("latin-1")


def any_escape(value: str) -> str:
    """A regular expression for the value with any of its characters escaped, each in its own way."""
    parts = []
    for piece in re.findall(r"\\+|[^\\]", value, re.DOTALL):
        if piece[0] == "\\":
            # A run of backslashes in one piece: escaped ones are a longer run, and two loose ends would backtrack.
            parts.append(rf"(?:\\{{{len(piece)},}}|(?:%(?:25)*5[cC]){{{len(piece)},}}|(?:\\+u005[cC]){{{len(piece)}}}")
            parts.append(rf"|(?:&#0*92;){{{len(piece)}}}|(?:&#[xX]0*5[cC];){{{len(piece)}}})")
        else:
            parts.append(_char(piece))
    return "".join(parts)


def _char(char: str) -> str:
    code = ord(char)
    choices = [re.escape(char)]
    encodings = [char.encode("utf-8", "surrogatepass")]
    if 127 < code < 256:
        encodings.append(char.encode("latin-1"))
    for raw in encodings:
        if char == "%":
            choices.append("%(?:25)+")
        else:
            choices.append("".join(f"%(?:25)*{_hex(f'{byte:02x}')}" for byte in raw))
        if len(raw) > 1:
            choices.append(re.escape(raw.decode("latin-1")))  # UTF-8 bytes in a body that is read as Latin-1
    units = char.encode("utf-16-be", "surrogatepass").hex()
    choices.append("".join(rf"\\+u{_hex(units[at : at + 4])}" for at in range(0, len(units), 4)))
    choices += [f"&#0*{code};", f"&#[xX]0*{_hex(f'{code:x}')};"]
    if char in _JSON_SHORT:
        choices.append(rf"\\+{re.escape(_JSON_SHORT[char])}")
    if char in _NAMED_ENTITIES:
        choices.append(f"&{_NAMED_ENTITIES[char]};")
    if char == "'":
        choices.append("&apos;")
    if char == " ":
        choices.append(r"\+")
    return f"(?:{'|'.join(choices)})"


def _hex(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def _needles(value: str) -> list[str]:
    """The stable inside of every base64 text that the value can be part of, in the standard alphabet."""
    forms = {value, quote(value, safe=""), quote(value), quote_plus(value)}
    forms |= {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    needles = set()
    for form in forms:
        for encoding in ("utf-8", "latin-1", "utf-16-le"):
            try:
                raw = form.encode(encoding)
            except UnicodeEncodeError:
                continue
            for offset in range(3):
                encoded = base64.b64encode(b"\0" * offset + raw).decode("ascii")
                # Characters that also carry bits of the neighbours are left out.
                first = -(-offset * 8 // 6)
                last = (offset + len(raw)) * 8 // 6
                needles.add(encoded[first:last])
    return sorted(needle for needle in needles if len(needle) >= SHORTEST)


def _canonical(text: str) -> str:
    """Text in which base64 stands unbroken, in the standard alphabet and without per-cent escapes."""
    if "%" in text:
        text = re.sub("%2[Bb]", "+", text)
        text = re.sub("%2[Ff]", "/", text)
        text = re.sub("%3[Dd]", "=", text)
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

    A secret that is a URL (a web hook's) stands in a request as host, path and query, each in its own place: then it
    is the path with the query that is looked for, or the host when there is no path.
    """
    value = value.strip() if len(value.strip()) >= SHORTEST else value
    if "://" in value and not re.search(r"\s", value):
        split = urlsplit(value)
        path = split.path.strip("/") + (f"?{split.query}" if split.query else "")
        return [path if len(path) >= SHORTEST else split.netloc or value]
    return [value]
