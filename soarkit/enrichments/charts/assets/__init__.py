"""The page's own script and styles for charts, and the library that they draw with."""

from __future__ import annotations

import os
from functools import lru_cache

_FOLDER = os.path.dirname(__file__)

#: In the order in which they run.
SCRIPTS = (
    "vendor/echarts.min.js",
    "formats.js",
    "look.js",
    "fitting.js",
    "shapes.js",
    "figures.js",
    "tips.js",
    "chart.js",
)
STYLES = ("charts.css",)


@lru_cache(maxsize=1)
def scripts() -> str:
    """The scripts of pages with charts, which come after ``values.js`` and before what draws the page."""
    return _joined(SCRIPTS)


@lru_cache(maxsize=1)
def styles() -> str:
    """The styles of pages with charts."""
    return _joined(STYLES)


def _joined(names: tuple[str, ...]) -> str:
    texts = []
    for name in names:
        with open(os.path.join(_FOLDER, name), encoding="utf-8") as file:
            texts.append(file.read().strip())
    return "\n".join(texts)
