"""A reader of STIX patterns: which values the observations of a pattern compare, and how (STIX 2.1, section 9).

Small on purpose: it reads the whole grammar, but answers only what an importer needs. It uses no recursion beyond
:data:`DEEPEST` levels and gives up on patterns that multiply beyond :data:`MOST`, so a hostile pattern costs little.
"""

from __future__ import annotations

import re
from typing import List, NamedTuple, Optional, Tuple, Union

#: Levels of brackets.
DEEPEST = 40
#: Alternatives, and values, that one pattern may have.
MOST = 1_000
#: Characters that a pattern may have.
LONGEST = 200_000

Value = Union[str, int, float, bool]


class Unreadable(ValueError):
    """A pattern that cannot be read; the text says why, in the same words for the same cause."""


class Comparison(NamedTuple):
    """One test of a property.

    :ivar path: ``type:property.property``, names without quotes, every list index as ``[*]``.
    :ivar operator: ``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=``, ``IN``, ``LIKE``, ``MATCHES``, ``ISSUBSET``,
        ``ISSUPERSET`` or ``EXISTS``; with ``NOT`` before it where the test is negated.
    :ivar values: what it is compared with, one but for ``IN``.
    """

    path: str
    operator: str
    values: Tuple[Value, ...]


#: Comparisons that hold together.
Alternative = Tuple[Comparison, ...]

_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
_TEXT = r"'(?:[^'\\]|\\.)*'"
_PATH = re.compile(rf"({_NAME})\s*:\s*((?:{_NAME}|{_TEXT})(?:\[(?:\*|-?[0-9]+)\]|\.(?:{_NAME}|{_TEXT}))*)", re.DOTALL)
_STEP = re.compile(rf"({_TEXT})|(\[(?:\*|-?[0-9]+)\])|({_NAME})", re.DOTALL)
_TOKEN = re.compile(
    rf"(?P<special>[hbt]{_TEXT})|(?P<text>{_TEXT})|(?P<number>[+-]?(?:[0-9]*\.[0-9]+|[0-9]+))|(?P<word>[A-Za-z]+)"
    r"|(?P<sign><>|!=|==|<=|>=|[=<>()\[\],])",
    re.DOTALL,
)
_BLANK = re.compile(r"(?:\s+|/\*.*?\*/|//[^\n]*)+", re.DOTALL)
_SIGNS = {"=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_WORDS = ("IN", "LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET")


def observations(pattern: str) -> List[List[Alternative]]:
    """The observations of a pattern, each as its alternatives: what of an OR can hold, with what AND ties to it.

    How observations are tied to each other (AND, OR, FOLLOWEDBY) and their qualifiers are read and left out.

    :raises Unreadable: no pattern, or one beyond the limits above.
    """
    if len(pattern) > LONGEST:
        raise Unreadable("a pattern that is too long")
    return _Reader(pattern).pattern()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._values = 0

    def pattern(self) -> List[List[Alternative]]:
        found: List[List[Alternative]] = []
        depth, wanted = 0, True  # wanted: an observation has to come, not an operator
        while True:
            self._blank()
            if self._at >= len(self._text):
                break
            kind, token = self._next()
            word = token.upper() if kind == "word" else token
            if wanted and word == "(":
                depth += 1
                if depth > DEEPEST:
                    raise Unreadable("a pattern nested too deep")
            elif wanted and word == "[":
                found.append(self._or(0))
                self._expect("]")
                wanted = False
            elif not wanted and word == ")" and depth:
                depth -= 1
            elif not wanted and word in ("AND", "OR", "FOLLOWEDBY"):
                wanted = True
            elif wanted or not self._qualifier(word):
                raise Unreadable("not a STIX pattern")
        if wanted or depth:
            raise Unreadable("not a STIX pattern")
        return found

    def _qualifier(self, word: str) -> bool:
        if word == "WITHIN":
            return self._next()[0] == "number" and self._next()[1].upper() == "SECONDS"
        if word == "REPEATS":
            return self._next()[0] == "number" and self._next()[1].upper() == "TIMES"
        if word == "START":
            return self._stamp() and self._next()[1].upper() == "STOP" and self._stamp()
        return False

    def _stamp(self) -> bool:
        return self._next()[0] in ("special", "text")  # STIX 2.0 writes them as plain texts

    def _or(self, depth: int) -> List[Alternative]:
        found = self._and(depth)
        while self._taken("OR"):
            found = found + self._and(depth)
        return self._few(found)

    def _and(self, depth: int) -> List[Alternative]:
        found = self._test(depth)
        while self._taken("AND"):
            other = self._test(depth)
            if len(found) * len(other) > MOST:
                raise Unreadable("a pattern with too many alternatives")
            found = [one + another for one in found for another in other]
        return found

    def _few(self, found: List[Alternative]) -> List[Alternative]:
        if len(found) > MOST:
            raise Unreadable("a pattern with too many alternatives")
        return found

    def _test(self, depth: int) -> List[Alternative]:
        if depth > DEEPEST:
            raise Unreadable("a pattern nested too deep")
        negated = self._taken("NOT")
        if self._taken("EXISTS"):
            return [(Comparison(self._path(), ("NOT " if negated else "") + "EXISTS", ()),)]
        if self._taken("("):
            if negated:
                raise Unreadable("not a STIX pattern")
            found = self._or(depth + 1)
            self._expect(")")
            return found
        path = self._path()
        negated = self._taken("NOT") or negated
        kind, token = self._next()
        operator = _SIGNS.get(token, "") if kind == "sign" else token.upper()
        if not operator or (kind != "sign" and operator not in _WORDS):
            raise Unreadable("not a STIX pattern")
        values = self._set() if operator == "IN" else (self._literal(),)
        return [(Comparison(path, ("NOT " if negated else "") + operator, values),)]

    def _set(self) -> Tuple[Value, ...]:
        self._expect("(")
        values: List[Value] = []
        while True:
            values.append(self._literal())
            if self._taken(")"):
                return tuple(values)
            self._expect(",")

    def _literal(self) -> Value:
        self._values += 1
        if self._values > MOST:
            raise Unreadable("a pattern with too many values")
        kind, token = self._next()
        if kind == "text":
            return _unquoted(token)
        if kind == "special":
            return _unquoted(token[1:])
        if kind == "number" and len(token) < 40:
            return float(token) if "." in token else int(token)
        if kind == "word" and token.lower() in ("true", "false"):
            return token.lower() == "true"
        raise Unreadable("not a STIX pattern")

    def _path(self) -> str:
        self._blank()
        found = _PATH.match(self._text, self._at)
        if not found:
            raise Unreadable("not a STIX pattern")
        self._at = found.end()
        steps: List[str] = []
        for quoted, index, name in _STEP.findall(found.group(2)):
            if index:
                steps[-1] += "[*]"
            else:
                steps.append(_unquoted(quoted) if quoted else name)
        return f"{found.group(1)}:{'.'.join(steps)}"

    def _blank(self) -> None:
        found = _BLANK.match(self._text, self._at)
        if found:
            self._at = found.end()

    def _peeked(self) -> Optional[Tuple[str, str, int]]:
        self._blank()
        found = _TOKEN.match(self._text, self._at)
        return (found.lastgroup or "", found.group(), found.end()) if found else None

    def _next(self) -> Tuple[str, str]:
        found = self._peeked()
        if found is None:
            raise Unreadable("not a STIX pattern")
        self._at = found[2]
        return found[0], found[1]

    def _taken(self, word: str) -> bool:
        found = self._peeked()
        if found is None or found[1].upper() != word or found[0] not in ("word", "sign"):
            return False
        self._at = found[2]
        return True

    def _expect(self, sign: str) -> None:
        if not self._taken(sign):
            raise Unreadable("not a STIX pattern")


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)
