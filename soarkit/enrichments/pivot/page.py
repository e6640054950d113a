"""The graph as one HTML page that needs no network.

It is made as reports are (:mod:`soarkit.render.page`): a fixed shell, JSON in script elements that run nothing, and our
script, which builds all that is seen from text.
"""

from __future__ import annotations

import os
from functools import lru_cache

from soarkit.enrichments.pivot.as_json import to_json
from soarkit.enrichments.pivot.graph import Graph
from soarkit.enrichments.pivot.naming import TYPE_NAMES
from soarkit.manifest.bundles.entity_types import ALL
from soarkit.render.page import inlined
from soarkit.render.page.document import document
from soarkit.render.page.encode import script_json

_FOLDER = os.path.join(os.path.dirname(__file__), "assets")

# Of the report's own, what this page has too.
_SHARED_STYLES = ("page.css",)
_STYLES = ("graph.css", "picture.css", "sides.css", "paper.css")
_SHARED_SCRIPTS = ("elements.js", "values.js", "clipboard.js", "theme.js", "commands.js", "header.js")
_LIBRARY = ("d3-dispatch.min.js", "d3-quadtree.min.js", "d3-timer.min.js", "d3-force.min.js")
_SCRIPTS = (
    "types.js",
    "writing.js",
    "entities.js",
    "layout.js",
    "shapes.js",
    "names.js",
    "picture.js",
    "pointing.js",
    "outline.js",
    "panel.js",
    "drawing.js",
    "exporting.js",
    "tools.js",
    "paper.js",
    "boot.js",
)


def graph_page(graph: Graph, *, made: str, soarkit: str) -> bytes:
    """The HTML document of a graph.

    :param made: when, ISO 8601 in UTC
    :param soarkit: soarkit's version
    """
    types = {one.constant: {"name": TYPE_NAMES[one.constant], "option": one.short} for one in ALL}
    blocks = {
        "graph": script_json(to_json(graph)),
        "types": script_json(types),
        "about": script_json({"made": made, "soarkit": soarkit}),
    }
    return document(blocks, title="soarkit graph", styles=_styles(), scripts=_scripts())


@lru_cache(maxsize=1)
def _styles() -> str:
    return inlined.joined([*_SHARED_STYLES, *(os.path.join(_FOLDER, name) for name in _STYLES)])


@lru_cache(maxsize=1)
def _scripts() -> str:
    library = [os.path.join(_FOLDER, "vendor", name) for name in _LIBRARY]
    own = [os.path.join(_FOLDER, name) for name in _SCRIPTS]
    # The first of the shared ones makes the whole script strict, so it has to be the first of all.
    return inlined.joined([*_SHARED_SCRIPTS, *library, *own])
