"""Version expressions: which product versions an entry of an app's ``actions`` is for.

The guide ("Action Section: Versions") defines four functions over dotted patterns with ``*``::

    EQ(12.*)    NEQ(12.*)    IN(12.*, 13.1)    NIN(12.*, 13.1)

A pattern's trailing ``*`` stands for any number of segments, none included: ``12.*`` fits 12, 12.0 and
12.4.1 but not 121. A ``*`` further in front stands for exactly one segment. NEQ and NIN say the
opposite of EQ and IN. An unknown version fits only ``*`` of EQ and IN, and every NEQ and NIN without
``*``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ANY = "EQ(*)"  #: what an entry without ``versions`` means

Pattern = tuple[str, ...]
Specificity = tuple[int, int, int]

_ONE_PATTERN = ("EQ", "NEQ")
_FUNCTIONS = ("EQ", "NEQ", "IN", "NIN")
_TOKEN = re.compile(r"[A-Za-z0-9_+\-]+|[*.,()]")
_SPACE = re.compile(r"\s*")


class VersionExpressionError(ValueError):
    """The text is no version expression.

    :ivar message: what is wrong, without the position
    :ivar column: where, counted from 1
    """

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"{message} (at column {column})")
        self.message = message
        self.column = column


class VersionExpression(NamedTuple):
    """A parsed expression: its function in capitals, and its patterns as segments in lower case."""

    function: str
    patterns: tuple[Pattern, ...]

    @property
    def positive(self) -> bool:
        """True for EQ and IN, False for NEQ and NIN."""
        return self.function in ("EQ", "IN")

    def __str__(self) -> str:
        return f"{self.function}({', '.join('.'.join(pattern) for pattern in self.patterns)})"


class _Tokens:
    """The text, one token after the other, each with its column."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.current = ""
        self.advance()

    def advance(self) -> None:
        start = _SPACE.match(self.text, self.position).end()  # type: ignore[union-attr]  # \s* always matches
        found = _TOKEN.match(self.text, start)
        if found is None and start < len(self.text):
            raise VersionExpressionError(f"unexpected character {self.text[start]!r}", start + 1)
        self.column = start + 1
        self.current = found.group() if found else ""
        self.position = found.end() if found else start

    def expect(self, token: str, after: str) -> None:
        if self.current != token:
            raise VersionExpressionError(f"expected {token!r} after {after}{self.instead()}", self.column)
        self.advance()

    def instead(self) -> str:
        return f", not {self.current!r}" if self.current else ", but the text ends"


@lru_cache(maxsize=256)  # most entries of most apps say EQ(*)
def parse(text: str) -> VersionExpression:
    """Read a version expression; spaces and case do not matter.

    :param text: such as ``IN(12.*, 13.1)``
    :raises VersionExpressionError: with the column, for anything else than the four functions of the guide
    """
    tokens = _Tokens(text)
    function = tokens.current.upper()
    if function not in _FUNCTIONS:
        found = repr(tokens.current) if tokens.current else "nothing"
        raise VersionExpressionError(f"expected EQ, NEQ, IN or NIN, found {found}", tokens.column)
    tokens.advance()
    tokens.expect("(", function)
    patterns = [_pattern(tokens)]
    while tokens.current == ",":
        if function in _ONE_PATTERN:
            several = "IN" if function == "EQ" else "NIN"
            raise VersionExpressionError(f"{function} takes one pattern, a list of them needs {several}", tokens.column)
        tokens.advance()
        patterns.append(_pattern(tokens))
    tokens.expect(")", "the last pattern")
    if tokens.current:
        raise VersionExpressionError(
            f"nothing may follow the closing parenthesis, but {tokens.current!r} does", tokens.column
        )
    return VersionExpression(function, tuple(patterns))


def _pattern(tokens: _Tokens) -> Pattern:
    segments = [_segment(tokens)]
    while tokens.current == ".":
        tokens.advance()
        segments.append(_segment(tokens))
    return tuple(segments)


def _segment(tokens: _Tokens) -> str:
    if not tokens.current or tokens.current in ".,()":
        raise VersionExpressionError(f"expected a version such as 12.*{tokens.instead()}", tokens.column)
    segment, end = tokens.current.lower(), tokens.position
    tokens.advance()
    if tokens.current and tokens.current not in ".,()":
        joined = tokens.column == end + 1 and "*" in (segment, tokens.current)
        problem = "a * stands alone between dots" if joined else "a dot is missing"
        raise VersionExpressionError(problem, tokens.column)
    return segment


def matches(expression: VersionExpression | str, version: str | None) -> bool:
    """Whether an entry with this expression is for a product of this version.

    :param version: the asset's product version; None or blank when it is unknown
    :raises VersionExpressionError: the expression is a text and no version expression
    """
    return specificity(expression, version) is not None


def specificity(expression: VersionExpression | str, version: str | None) -> Specificity | None:
    """How closely an expression describes a version; None when it does not fit.

    The larger value is the more specific one: EQ and IN with an exact pattern, then with a longer prefix, then NEQ and
    NIN, last ``*``, which says nothing about the version and would otherwise make every NEQ beside it unreachable.
    """
    parsed = parse(expression) if isinstance(expression, str) else expression
    segments = tuple(version.strip().lower().split(".")) if version and version.strip() else None
    fitting = [pattern for pattern in parsed.patterns if _fits(pattern, segments)]
    if parsed.positive:
        return max((2 if _precision(p)[1] else 0, *_precision(p)) for p in fitting) if fitting else None
    return None if fitting else max((1, *_precision(pattern)) for pattern in parsed.patterns)


def _fits(pattern: Pattern, version: Pattern | None) -> bool:
    if pattern == ("*",):
        return True
    if version is None:
        return False
    if pattern[-1] == "*":
        pattern = pattern[:-1]
        version = version[: len(pattern)]
    return len(pattern) == len(version) and all(
        wanted in ("*", found) for wanted, found in zip(pattern, version, strict=True)
    )


def _precision(pattern: Pattern) -> tuple[int, int]:
    literal = sum(segment != "*" for segment in pattern)
    return int(literal == len(pattern)), literal


def most_specific(expressions: Sequence[VersionExpression], version: str | None) -> list[int]:
    """Positions of the expressions that fit best: none, one, or several that fit equally."""
    ranks = [specificity(expression, version) for expression in expressions]
    best = max((rank for rank in ranks if rank is not None), default=None)
    return [position for position, rank in enumerate(ranks) if best is not None and rank == best]


def equal_claims(expressions: Sequence[VersionExpression]) -> list[tuple[int, int, str | None]]:
    """Pairs of expressions between which some version cannot decide.

    :returns: (earlier position, later position, such a version; None for an unknown one), each pair once
    """
    pairs: dict[tuple[int, int], str | None] = {}
    for version in _telling_versions(expressions):
        best = most_specific(expressions, version)
        for later in best[1:]:
            pairs.setdefault((best[0], later), version)
    return [(*pair, version) for pair, version in sorted(pairs.items(), key=lambda item: item[0])]


def _telling_versions(expressions: Sequence[VersionExpression]) -> Iterator[str | None]:
    """A version for every way in which patterns can fit: where two meet, unknown, and named by none."""
    patterns = [pattern for expression in expressions for pattern in expression.patterns]
    for first in patterns:
        for second in patterns:
            met = _meeting_point(first, second)
            if met is not None:
                yield met
    yield None
    named = {pattern[0] for pattern in patterns}
    yield next(str(number) for number in range(len(named) + 1) if str(number) not in named)


def _meeting_point(first: Pattern, second: Pattern) -> str | None:
    """A version that both patterns fit, when there is one."""
    segments = []
    for one, other in zip_longest(first, second, fillvalue="*"):
        if "*" not in (one, other) and one != other:
            return None
        segments.append(one if one != "*" else other if other != "*" else "0")
    version = tuple(segments)
    return ".".join(version) if _fits(first, version) and _fits(second, version) else None
