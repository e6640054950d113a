"""The page's own styles and scripts, which every page carries inside it."""

from __future__ import annotations

import os
from functools import lru_cache

_FOLDER = os.path.join(os.path.dirname(__file__), "assets")

#: In the order in which they stand in the page.
STYLES = ("page.css", "widgets.css", "tables.css", "frames.css", "map.css", "narrow.css")
#: In the order in which they run, as one script; what draws the page comes last.
SCRIPTS = (
    "elements.js",
    "values.js",
    "clipboard.js",
    "theme.js",
    "commands.js",
    "menu.js",
    "copymenu.js",
    "sorting.js",
    "rows.js",
    "paper.js",
    "table.js",
    "tree.js",
    "header.js",
    "widgets.js",
    "frames.js",
    "map.js",
    "boot.js",
)


@lru_cache(maxsize=1)
def styles() -> str:
    """All styles."""
    return _joined(STYLES)


@lru_cache(maxsize=1)
def scripts() -> str:
    """All scripts, to be run as one."""
    return _joined(SCRIPTS)


@lru_cache(maxsize=1)
def world() -> str:
    """The outline of the world's land and borders, as JSON without any ``<``."""
    return _joined(("world.json",))


def _joined(names: tuple[str, ...]) -> str:
    texts = []
    for name in names:
        with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
            texts.append(file.read().strip())
    return "\n".join(texts)
