"""Values as JSON can hold them: what a script puts into its output never makes ``returnOutput`` fail."""

from __future__ import annotations

from soarkit_app.enrichment.aside import say
from soarkit_app.messages import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, FrozenSet

#: Containers deeper than this become text; JSON parsers give up somewhere beyond.
_MAX_DEPTH = 100
#: Python itself refuses to write a number of more than 4300 decimal digits.
_MAX_INTEGER_BITS = 14_000
_LONGEST_QUOTED = 80


def plain(value: object, depth: int = 0) -> Any:
    """The value where JSON has it, else its text; numbers that JSON lacks (NaN, infinities) are text as well."""
    if value is None or value is True or value is False or value.__class__ is str:
        return value
    if isinstance(value, str):
        return str.__str__(value)  # a subclass may print as something else
    if isinstance(value, int):
        return int(value) if value.bit_length() <= _MAX_INTEGER_BITS else _told(value, hex(value))
    if isinstance(value, float):
        number = float(value)
        if number - number == 0.0:  # false for NaN and the infinities
            return number
        return _told(value, "NaN" if number != number else "Infinity" if number > 0 else "-Infinity")
    if isinstance(value, (list, tuple)) and depth < _MAX_DEPTH:
        return [plain(item, depth + 1) for item in list(value)]
    if isinstance(value, dict) and depth < _MAX_DEPTH:
        return {text(key): plain(item, depth + 1) for key, item in list(value.items())}
    return _told(value, _text(value))


def text(value: object) -> str:
    """A value where only text is meant, such as a message: an exception is what it says."""
    return str.__str__(value) if isinstance(value, str) else text_of(value)


def quoted(value: object) -> str:
    """A value as remarks name it. Never a part of it: who masks secrets would not know the beginning of one."""
    shown = text(value)
    return repr(shown) if len(shown) <= _LONGEST_QUOTED else f"(a text of {len(shown)} characters)"


def among(value: object, names: FrozenSet[str]) -> bool:
    """Whether a value is one of some texts; anything may stand where one belongs."""
    return isinstance(value, str) and value in names


def _text(value: object) -> str:
    if isinstance(value, memoryview):
        value = bytes(value)
    if isinstance(value, (list, tuple, dict)):
        return "<nested too deeply>"
    return text(value)


def _told(value: object, shown: str) -> str:
    say(f"a value of type {type(value).__name__} is no JSON and became text: {quoted(shown)}")
    return shown
