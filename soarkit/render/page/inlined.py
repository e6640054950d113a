"""The page's own styles and scripts, which every page carries inside it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache

FOLDER = os.path.join(os.path.dirname(__file__), "assets")

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
    return joined(STYLES)


@lru_cache(maxsize=1)
def scripts() -> str:
    """All scripts, to be run as one."""
    return joined(SCRIPTS)


@lru_cache(maxsize=1)
def world() -> str:
    """The outline of the world's land and borders, as JSON without any ``<``."""
    return joined(("world.json",))


def joined(paths: Iterable[str]) -> str:
    """The texts of asset files, one after the other.

    :param paths: files; names of this page's own assets can stand alone
    """
    texts = []
    for path in paths:
        with open(os.path.join(FOLDER, path), encoding="utf-8") as file:
            texts.append(file.read().strip())
    return "\n".join(texts)
