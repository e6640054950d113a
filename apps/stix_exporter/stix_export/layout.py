"""STIX objects as text: keys sorted, two spaces of indent, as `json.dumps(..., sort_keys=True, indent=2)` writes them.

The standard library indents with an encoder in Python, some ten times slower than its compact one in C. Objects of one
kind have the same keys, so here the frame of each set of keys is made once and filled; texts are escaped by the C
function that the compact encoder uses.
"""

from __future__ import annotations

from json.encoder import encode_basestring
from math import isfinite
from operator import itemgetter
from typing import Any, Callable, Dict, Iterable, List, Mapping, Sequence, Tuple

_FRAMES = 4096  # sets of keys to remember; a library with freely named ones shall not fill the memory

_frames: Dict[Tuple[Any, ...], Tuple[Callable[[Mapping[str, Any]], Tuple[Any, ...]], str]] = {}


class Shared(List[Any]):
    """A list that many objects hold, and nobody changes: its text is made once for each depth."""

    __slots__ = ("texts",)

    def __init__(self, values: Iterable[Any]) -> None:
        super().__init__(values)
        self.texts: Dict[int, str] = {}


def layout(value: Mapping[str, Any], depth: int = 0) -> str:
    """A dictionary as indented JSON; its first line is not indented, since it follows a key or a comma.

    :param depth: how deep it stands; each level is two spaces.
    :raises ValueError: a number that JSON does not have (infinite, not a number).
    :raises TypeError: a value that JSON does not have.
    """
    if not value:
        return "{}"
    keys = (depth, *value)
    frame = _frames.get(keys)
    if frame is None:
        frame = _frame(keys, depth)
    values, form = frame
    inner = depth + 1
    return form % tuple(
        [encode_basestring(each) if each.__class__ is str else _other(each, inner) for each in values(value)]
    )


def _frame(keys: Tuple[Any, ...], depth: int) -> Tuple[Callable[[Mapping[str, Any]], Tuple[Any, ...]], str]:
    names: List[str] = sorted(keys[1:])
    pad = "  " * depth
    entries = ",\n".join(f"{pad}  {encode_basestring(name).replace('%', '%%')}: %s" for name in names)
    form = f"{{\n{entries}\n{pad}}}"
    if len(names) == 1:
        only = names[0]
        frame = ((lambda value: (value[only],)), form)
    else:
        frame = (itemgetter(*names), form)
    if len(_frames) >= _FRAMES:
        _frames.clear()
    _frames[keys] = frame
    return frame


def _other(value: Any, depth: int) -> str:
    kind = value.__class__
    if kind is Shared:
        text = value.texts.get(depth)
        if text is None:
            text = value.texts[depth] = _listed(value, depth)
        return text  # type: ignore[no-any-return]
    if kind is dict:
        return layout(value, depth)
    if kind is list:
        return _listed(value, depth)
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        return layout(value, depth)
    if isinstance(value, (list, tuple)):
        return _listed(value, depth)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(f"{value} is no JSON number")
        return float.__repr__(value)
    if value is None:
        return "null"
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _listed(values: Sequence[Any], depth: int) -> str:
    if not values:
        return "[]"
    pad = "  " * depth
    entries = f",\n{pad}  ".join(
        [encode_basestring(each) if each.__class__ is str else _other(each, depth + 1) for each in values]
    )
    return f"[\n{pad}  {entries}\n{pad}]"
