"""JSON text from whatever an app put into its results: one odd value must not lose a run (connector API 2.7)."""

from __future__ import annotations

import json

from soarkit_app.messages import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Set

#: Nesting that every JSON parser in use can read back; Python's own stops near 1000 levels.
MAX_DEPTH = 200
#: A number with more binary digits than this is text: Python itself refuses to parse more than 4300 decimal digits.
_MAX_INTEGER_BITS = 14_000

_SCALARS = frozenset((str, int, float, bool, type(None)))

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def dumps(obj: object, told: Optional[Callable[[str], None]] = None) -> str:
    """Compact JSON text for any object, always valid and always encodable as UTF-8.

    NaN and infinities become null, U+0000 and lone surrogates U+FFFD, sets lists (sorted by their items' text),
    mappings objects, and anything else that JSON cannot hold its text. One log line says what was replaced.

    :param told: who gets that line; default: the session's log
    """
    try:
        text = _encode(obj)
        text.encode("utf-8")
        if "\\u0000" not in text and not _too_deep(obj, text):
            return text
    except Exception:  # the slow way finds out what was wrong, and says so
        pass
    replaced: Dict[str, int] = {}
    text = _encode(_plain(obj, replaced, set(), 0))
    if replaced:
        from soarkit_app import session

        what = ", ".join(f"{count} x {kind}" for kind, count in replaced.items())
        said = f"values that JSON cannot hold were replaced: {what}"
        if told is None:
            session.log("error", said)
        else:
            told(said)
    return text


def plain(obj: object) -> Any:
    """The object as JSON would give it back: dicts, lists, text, numbers, booleans and None only."""
    return json.loads(dumps(obj))


def _too_deep(obj: object, text: str) -> bool:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    # Level by level, so that a deep object needs no deep stack; there may be some hundred thousand items.
    level: List[Any] = [obj]
    for _ in range(MAX_DEPTH):
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if type(item) not in _SCALARS and isinstance(item, (dict, list, tuple))
        ]
        if not level:
            return False
    return True


def _plain(value: Any, replaced: Dict[str, int], above: Set[int], depth: int) -> Any:
    """A copy that the encoder takes. :param above: ids of the containers that this value lies in"""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return _plain_text(value, replaced)
    if isinstance(value, int):
        if value.bit_length() > _MAX_INTEGER_BITS:
            _count(replaced, "too large integer")
            return hex(value)
        return int(value)
    if isinstance(value, float):
        if value - value == 0.0:  # false for NaN and the infinities
            return float(value)
        _count(replaced, "NaN or infinity")
        return None
    if isinstance(value, (bytes, bytearray, memoryview)):
        _count(replaced, "bytes")
        return _plain_text(bytes(value).decode("utf-8", "replace"), replaced)
    if id(value) in above or depth >= MAX_DEPTH:
        _count(replaced, "circular reference" if id(value) in above else "too deep nesting")
        return "<circular reference>" if id(value) in above else "<nested too deeply>"
    above.add(id(value))
    try:
        return _plain_container(value, replaced, above, depth + 1)
    except Exception:  # an object whose items() or __iter__ fails
        return _as_text(value, replaced)
    finally:
        above.discard(id(value))


def _plain_container(value: Any, replaced: Dict[str, int], above: Set[int], depth: int) -> Any:
    if isinstance(value, dict):
        # list(): a thread the app left behind may still be adding to it
        items = list(value.items())
        return {_plain_key(key, replaced): _plain(item, replaced, above, depth) for key, item in items}
    if isinstance(value, (list, tuple)):
        return [_plain(item, replaced, above, depth) for item in list(value)]
    if isinstance(value, (set, frozenset)):
        _count(replaced, "set")
        return [_plain(item, replaced, above, depth) for item in sorted(value, key=text_of)]
    from collections.abc import Mapping

    if isinstance(value, Mapping):  # response headers, above all
        _count(replaced, type(value).__name__)
        return {_plain_key(key, replaced): _plain(value[key], replaced, above, depth) for key in list(value)}
    return _as_text(value, replaced)


def _plain_key(key: Any, replaced: Dict[str, int]) -> Any:
    if isinstance(key, str):
        return _plain_text(key, replaced)
    if key is None or isinstance(key, (bool, int)):
        return _plain(key, replaced, set(), 0)
    if isinstance(key, float) and key - key == 0.0:
        return key
    _count(replaced, f"{type(key).__name__} as a key")
    return _plain_text(text_of(key), replaced)


def _as_text(value: Any, replaced: Dict[str, int]) -> str:
    _count(replaced, type(value).__name__)
    return _plain_text(text_of(value), replaced)


def _plain_text(text: str, replaced: Dict[str, int]) -> str:
    text = str.__str__(text)  # a subclass may print as something else
    if "\x00" in text:
        _count(replaced, "NUL character")
        text = text.replace("\x00", "\ufffd")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        _count(replaced, "lone surrogate")
        # Through UTF-16, where the halves of a split character find each other again.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _count(replaced: Dict[str, int], kind: str) -> None:
    replaced[kind] = replaced.get(kind, 0) + 1
