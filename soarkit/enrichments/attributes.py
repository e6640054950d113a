"""The look that a script may give an item: every attribute is matched against a pattern (reference, section 3.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from soarkit.enrichments.named_colours import COLOURS

SIZES = ("xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large")
SMALLEST, LARGEST = 8, 48  #: pixels of a text on a screen

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_PIXELS = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)\s*px", re.IGNORECASE)
_WEIGHTS = {"normal": (False, False), "italic": (True, False), "bold": (False, True), "italic-bold": (True, True)}
# The guide's printed sample lacks a letter once.
_WEIGHT_KEYS = ("fontStyleWeight", "fontSyleWeight")


@dataclass(frozen=True)
class Style:
    """How an item looks.

    :param background: ``#rrggbb``; None: none
    :param colour: of the text, ``#rrggbb``; None: the viewer's own
    :param size: one of :data:`SIZES`, or pixels such as ``16px``; None: the viewer's own
    """

    background: str | None = None
    colour: str | None = None
    size: str | None = None
    italic: bool = False
    bold: bool = False


PLAIN = Style()


def read_style(item: Mapping[str, Any], warn: Callable[[str], None]) -> Style:
    """The style of an item. What no pattern fits is left out.

    :param item: as it stands in an output document
    :param warn: told of each attribute that was left out
    """
    if not _styled(item):
        return PLAIN
    weight = next((item[key] for key in _WEIGHT_KEYS if item.get(key) not in (None, "")), None)
    italic, bold = _read("fontStyleWeight", weight, _weight, warn) or (False, False)
    return Style(
        background=_read("backgroundColor", item.get("backgroundColor"), colour, warn),
        colour=_read("textColor", item.get("textColor"), colour, warn),
        size=_read("fontSize", item.get("fontSize"), _size, warn),
        italic=italic,
        bold=bold,
    )


def _styled(item: Mapping[str, Any]) -> bool:
    return any(item.get(key) is not None for key in ("backgroundColor", "textColor", "fontSize", *_WEIGHT_KEYS))


def colour(text: str) -> str | None:
    """``#rrggbb`` of a colour's name or of hexadecimal digits; None where it is neither."""
    if _HEX.fullmatch(text):
        digits = text[1:].lower()
        return "#" + (digits if len(digits) == 6 else "".join(one * 2 for one in digits))
    return COLOURS.get(text.lower())


def _size(text: str) -> str | None:
    if text.lower() in SIZES:
        return text.lower()
    found = _PIXELS.fullmatch(text)
    return f"{min(max(float(found[1]), SMALLEST), LARGEST):g}px" if found else None


def _weight(text: str) -> tuple[bool, bool] | None:
    return _WEIGHTS.get(text.lower())


def _read(name: str, given: Any, read: Callable[[str], Any], warn: Callable[[str], None]) -> Any:
    if given is None or given == "":
        return None
    found = read(given.strip()) if isinstance(given, str) else None
    if found is None:
        warn(f"{name} {str(given)[:60]!r} is nothing that an item can have; it is left out")
    return found
