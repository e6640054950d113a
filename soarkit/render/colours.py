"""Colours that views give their widgets."""

from __future__ import annotations

import re
from collections.abc import Mapping

_COLOUR = re.compile(
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]{3,30}|(?:rgb|hsl)a?\([0-9.,%/ ]{1,60}\)", re.IGNORECASE
)
#: What a widget can colour: its title's background and text, its content's background and text.
_NAMES = frozenset(("title", "text", "body", "body_text"))


def view_colours(given: Mapping[str, str]) -> dict[str, str]:
    """Those of a view's colours that are colours: a number, a word, or a plain ``rgb()`` or ``hsl()``.

    Anything else that CSS allows, as addresses and variables are, is left out.
    """
    found = {}
    for name, value in given.items():
        text = value.strip() if isinstance(value, str) else ""
        if name in _NAMES and _COLOUR.fullmatch(text):
            found[name] = text
    return found
