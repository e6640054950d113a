"""The written forms of a text: its characters escaped, in hexadecimal, in base64."""

from __future__ import annotations

import base64
import html
import html.entities
import json
import re
from urllib.parse import quote, quote_plus

_SHORTEST_ANY_CASE = 8
_LONGEST_ANY_CHARACTER = 200
_NAMED_ENTITIES = {chr(code): name for code, name in html.entities.codepoint2name.items() if code < 128}
_JSON_SHORT = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
# The signs that begin an escape may be escaped themselves, and that more than once; not without end, or a body that is
# nothing but such signs would take hours.
_PERCENT = "%(?:25){0,8}"
_BACKSLASH = rf"(?:\\|{_PERCENT}5[cC]){{1,16}}"
_AMPERSAND = rf"(?:&|{_PERCENT}26|\\{{1,16}}u0026)(?:amp(?:;|{_PERCENT}3[bB])){{0,8}}"
_HASH = f"(?:#|{_PERCENT}23)"
_SEMICOLON = f"(?:;|{_PERCENT}3[bB])"


def any_escape(value: str) -> str:
    """A regular expression for the value with any of its characters escaped, each in its own way.

    Per cent (repeated, too), ``+`` for a space, JSON, HTML (repeated, too), a backslash before punctuation, octal as in
    cookies, UTF-8 read as Latin-1. One line break is as good as another, or none; in a long value a capital letter is
    as good as a small one: a host name has no other.
    """
    parts: list[str] = []
    # In a very long value (a key file) letters and digits stand for themselves only: else it takes seconds to compile.
    words = "[A-Za-z0-9]+|" if len(value) > _LONGEST_ANY_CHARACTER else ""
    for piece in re.findall(rf"\\+|\r\n|{words}[^\\]", value, re.DOTALL):
        # No need to begin inside of a run of backslashes: what it escapes was found from its beginning.
        before = "" if parts else r"(?<!\\)"
        if piece[0] == "\\":
            # A run of backslashes in one piece: escaped ones are a longer run, and two loose ends would backtrack.
            count = len(piece)
            entity = f"{_AMPERSAND}(?:{_HASH}0{{0,8}}92|{_HASH}[xX]0{{0,8}}5[cC]|bsol){_SEMICOLON}"
            parts.append(rf"(?:{before}\\{{{count},{16 * count}}}|(?:{_PERCENT}5[cC]){{{count},{16 * count}}}")
            parts.append(rf"|(?:{before}\\{{1,16}}(?:u005[cC]|134)){{{count}}}|(?:{entity}){{{count}}})")
        elif piece in ("\r\n", "\n", "\r"):
            # A header has none, or a blank in their place.
            parts.append(f"(?:{_char(chr(13))}|{_char(chr(10))}|{_char(' ')}){{0,2}}")
        else:
            parts.append(_char(piece, before) if len(piece) == 1 else piece)
    pattern = "".join(parts)
    return f"(?i:{pattern})" if len(value) >= _SHORTEST_ANY_CASE else pattern


def _char(char: str, before: str = "") -> str:
    """``before``: what must hold before a backslash."""
    code = ord(char)
    is_sign = code < 128 and not char.isalnum()
    encodings = [char.encode("utf-8", "surrogatepass")]
    if 127 < code < 256:
        encodings.append(char.encode("latin-1"))
    plain = [re.escape(char), *(re.escape(raw.decode("latin-1")) for raw in encodings if len(raw) > 1)]
    if char == "%":
        plain.append("%(?:25){1,8}")
    else:
        plain += ["".join(f"{_PERCENT}{_hex(f'{byte:02x}')}" for byte in raw) for raw in encodings]
    units = char.encode("utf-16-be", "surrogatepass").hex()
    escaped = [_BACKSLASH.join(f"u{_hex(units[at : at + 4])}" for at in range(0, len(units), 4))]
    if is_sign or code > 127:
        escaped += [_BACKSLASH.join(f"(?:{byte:03o}|x{_hex(f'{byte:02x}')})" for byte in raw) for raw in encodings]
    if char in _JSON_SHORT:
        escaped.append(_JSON_SHORT[char])
    entities = [f"{_HASH}0{{0,8}}{code}", f"{_HASH}[xX]0{{0,8}}{_hex(f'{code:x}')}"]
    entities += [name for name in (_NAMED_ENTITIES.get(char), "apos" if char == "'" else None) if name]
    if char == " ":
        plain.append(rf"\+|{_PERCENT}2[bB]")
    plain.append(f"{_AMPERSAND}(?:{'|'.join(entities)}){_SEMICOLON}")
    if is_sign and char.isprintable():
        escaped += plain
    return f"(?:{'|'.join(plain)}|{before}{_BACKSLASH}(?:{'|'.join(escaped)}))"


def _hex(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def other_cases(value: str) -> tuple[str, ...]:
    """A long value in small and in capital letters."""
    return (value.lower(), value.upper()) if len(value) >= _SHORTEST_ANY_CASE else ()


def hexadecimal(value: str) -> tuple[str, str]:
    """The value's UTF-8 bytes in hexadecimal, with small and with capital letters."""
    digits = value.encode("utf-8", "surrogatepass").hex()
    return digits, digits.upper()


def wide(text: str) -> str:
    """UTF-16 (little-endian) as it looks in bytes that were read as Latin-1 or UTF-8."""
    return text.encode("utf-16-le", "surrogatepass").decode("latin-1")


def base64_needles(value: str, shortest: int) -> list[str]:
    """The stable inside of every base64 text that the value can be part of, in the standard alphabet.

    :param shortest: shorter ones are left out: they turn up anywhere
    """
    forms = {value, quote(value, safe=""), quote(value), quote_plus(value), html.escape(value)}
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
    return sorted(needle for needle in needles if len(needle) >= shortest)
