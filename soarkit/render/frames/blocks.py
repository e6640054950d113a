"""What the frames of custom views share: our script and styles, and the libraries that views expect to find."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache

_FOLDER = os.path.join(os.path.dirname(__file__), "assets")
# One copy for charts of enrichments and for views: read from where it stands, so that this layer imports nothing above.
_CHARTS = "../../../enrichments/charts/assets/vendor/echarts.min.js"

_OWN = {"frame-script": ("frame.js", "frame-views.js"), "frame-styles": ("frame.css",)}
_LIBRARIES: dict[str, dict[str, tuple[str, ...]]] = {
    "jquery": {"frame-jquery": ("vendored/jquery.min.js",)},
    "datatables": {
        "frame-datatables": ("vendored/jquery.dataTables.min.js", "frame-datatables.js"),
        "frame-datatables-styles": ("vendored/jquery.dataTables.min.css",),
    },
    "echarts": {"frame-echarts": (_CHARTS,)},
}


def frame_blocks(libraries: Iterable[str]) -> dict[str, str]:
    """Texts that a page with custom views carries once, by the ids of the JSON blocks in which ``frames.js`` looks.

    :param libraries: all libraries that the page's views need, as :attr:`Prepared.libraries` names them
    """
    wanted = dict(_OWN)
    for name in libraries:
        wanted |= _LIBRARIES[name]
    return {block: _text(files) for block, files in wanted.items()}


@cache
def _text(files: tuple[str, ...]) -> str:
    texts = []
    for file in files:
        with open(os.path.join(_FOLDER, file), encoding="utf-8") as opened:
            texts.append(opened.read().strip())
    return "\n".join(texts)
