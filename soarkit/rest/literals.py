"""The Python literals that filters are written in, read leniently: bare words, JSON's words, values encoded twice."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]*|(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)")
_QUOTED = re.compile(r"""[uU]?["']""")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
#: A backslash with what follows it. Python warns of those that escape nothing, as regular expressions are full of them.
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|(.))", re.DOTALL)
_ESCAPING = frozenset("\n\\'\"abfnrtvxNuU")
_WORDS = {"true": True, "false": False, "none": None, "null": None}
#: The longest literal that is read.
_LONGEST = 1 << 16


@dataclass(frozen=True)
class Literal:
    """A value with its text: what a client meant by ``007`` is known once the field is.

    :param value: text, a number, True, False, None, or a list of these
    :param text: how it was written; for text the text itself
    """

    value: Any
    text: str


def parse(written: str) -> Literal:
    """The literal that a text is; a text that is none stands for itself.

    :raises ValueError: it begins as a literal, and is none
    """
    written = written.strip()
    if len(written) > _LONGEST:
        raise ValueError(f"a value of more than {_LONGEST} characters")
    if written.lower() in _WORDS:
        return Literal(_WORDS[written.lower()], written)
    if _NUMBER.fullmatch(written):
        try:
            return Literal(int(written), written)
        except ValueError:
            pass
        return Literal(float(written), written) if len(written) < 400 else Literal(written, written)
    if _QUOTED.match(written) or written[:1] in ("[", "("):
        value = _evaluated(written)
        return Literal(value, value if isinstance(value, str) else written)
    return Literal(written, written)


def alternatives(written: str) -> list[Literal]:
    """What a value may mean: what it says, and, where it still holds percent escapes, what it says without them.

    Some clients encode a value before they put it in quotes and into an address; others look for a percent sign.

    :raises ValueError: see :func:`parse`
    """
    found = [parse(written)]
    if _ENCODED.search(written):
        if isinstance(found[0].value, str):
            plain = unquote(found[0].value)
            found.append(Literal(plain, plain))
        if written.lstrip().startswith("%"):  # the quotes, too
            found.append(parse(unquote(written)))
    return list({repr(one): one for one in found}.values())


def _evaluated(written: str) -> Any:
    try:
        value = ast.literal_eval(_ESCAPE.sub(_escape, written))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        try:
            value = json.loads(written)
        except (ValueError, RecursionError):
            raise ValueError(f"{written} is no literal") from None
    if isinstance(value, (list, tuple)):
        value = list(value)
        if all(_is_plain(one) for one in value):
            return value
    elif _is_plain(value):
        return value
    raise ValueError(f"{written} is no literal that a field can be compared with")


def _escape(match: re.Match[str]) -> str:
    octal, other = match.groups()
    is_one = int(octal, 8) < 0o400 if octal else other in _ESCAPING
    return match.group() if is_one else "\\" + match.group()


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, (str, int, float))
