"""Colours of charts: only what is surely a colour gets into a drawing."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from soarkit.enrichments.charts.options import number_of
from soarkit.enrichments.named_colours import COLOURS

#: For series and slices without a colour of their own: each can be told from the light and the dark ground, and from
#: its neighbours.
PALETTE = (
    "#3b82c9", "#e0793a", "#2f9e77", "#c4527f", "#8b6cc9", "#b58a1f", "#3aa0b3", "#a8644c", "#6f83a8", "#7c9a3c",
)  # fmt: skip

_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_RGB = re.compile(
    r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*([\d.]{1,10})(%?)\s*)?\)", re.IGNORECASE
)


def colour_of(value: Any) -> Any:
    """A colour as ECharts takes it: ``#rrggbb``, ``rgba(...)`` or a gradient; None for what is none.

    Patterns and gradients in pixels are shown by one plain colour of theirs.
    """
    if isinstance(value, str):
        return _plain(value)
    if not isinstance(value, Mapping):
        return None
    for kind, name in (("linear", "linearGradient"), ("radial", "radialGradient")):
        if name in value:
            return _gradient(kind, value[name], value.get("stops"))
    pattern = value.get("pattern")
    return _plain(pattern["color"]) if isinstance(pattern, Mapping) and isinstance(pattern.get("color"), str) else None


def plain_colour(value: Any) -> str | None:
    """A colour without gradients: the first of a gradient's."""
    found = colour_of(value)
    return str(found["colorStops"][0]["color"]) if isinstance(found, dict) else found


def _plain(text: str) -> str | None:
    text = text.strip()
    lower = text.lower()
    if lower in COLOURS or lower in ("transparent", "none"):
        return COLOURS.get(lower, "transparent")
    if _HEX.fullmatch(text):
        return lower
    parts = _RGB.fullmatch(text)
    if not parts:
        return None
    red, green, blue = (min(int(parts[at]), 255) for at in (1, 2, 3))
    opacity = number_of(parts[4]) if parts[4] else None
    if opacity is None:
        return None if parts[4] else f"#{red:02x}{green:02x}{blue:02x}"
    return f"rgba({red},{green},{blue},{min(opacity / 100 if parts[5] else opacity, 1):g})"


def _gradient(kind: str, given: Any, stops: Any) -> Any:
    made = []
    for stop in stops if isinstance(stops, list) else ():
        if isinstance(stop, list) and len(stop) == 2 and isinstance(stop[1], str):
            offset, colour = number_of(stop[0]), _plain(stop[1])
            if offset is not None and 0 <= offset <= 1 and colour:
                made.append({"offset": offset, "color": colour})
    if not made:
        return None
    names = ("x1", "y1", "x2", "y2") if kind == "linear" else ("cx", "cy", "r")
    if isinstance(given, list):
        given = dict(zip(names, given, strict=False))
    numbers = [number_of(given.get(name)) for name in names] if isinstance(given, Mapping) else [None]
    if any(one is None or not 0 <= one <= 1 for one in numbers):
        return made[0]["color"]
    keys = ("x", "y", "x2", "y2") if kind == "linear" else ("x", "y", "r")
    return {"type": kind, **dict(zip(keys, numbers, strict=True)), "colorStops": made}


def rgb(colour: str) -> tuple[int, int, int] | None:
    """Red, green and blue of a plain colour, 0 to 255."""
    if colour.startswith("rgba("):
        red, green, blue = colour[5:-1].split(",")[:3]
        return int(red), int(green), int(blue)
    digits = colour[1:]
    if not colour.startswith("#"):
        return None
    if len(digits) in (3, 4):
        digits = "".join(one * 2 for one in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def is_light(colour: Any) -> bool | None:
    """Whether dark text is better read on this ground; None where the ground shows through."""
    if isinstance(colour, dict):
        colour = colour["colorStops"][0]["color"]
    parts = rgb(colour) if isinstance(colour, str) else None
    if parts is None or (colour.startswith("rgba(") and float(colour[5:-1].split(",")[3]) < 0.5):
        return None
    red, green, blue = (math.pow(part / 255, 2.2) for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18


def shaded(colour: Any, opacity: float) -> Any:
    """A plain colour made see-through; gradients stay as they are."""
    parts = rgb(colour) if isinstance(colour, str) else None
    return f"rgba({parts[0]},{parts[1]},{parts[2]},{opacity:g})" if parts else colour
