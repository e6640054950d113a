"""How much a browser has to draw for an SVG file."""

from __future__ import annotations

import re
from xml.etree import ElementTree

#: Elements that are drawn, each as often as something uses it. Logos have hundreds.
MOST = 50_000
_DEEPEST = 200
_REFERENCE = re.compile(r"url\(\s*[\"']?#([^\"')\s]+)")


def can_be_drawn(content: bytes) -> bool:
    """Whether an SVG file is well-formed and small enough as it is drawn.

    A few lines of elements that use each other stand for millions, and stop the page that shows them.
    """
    try:
        root = ElementTree.fromstring(content)  # noqa: S314
        return _Drawing(root).weight(root, 0) <= MOST
    except (ElementTree.ParseError, ValueError, LookupError):
        return False


class _Drawing:
    def __init__(self, root: ElementTree.Element) -> None:
        self._named = {one.attrib["id"]: one for one in root.iter() if "id" in one.attrib}
        self._weights: dict[ElementTree.Element, int] = {}

    def weight(self, element: ElementTree.Element, depth: int) -> int:
        """How many elements one stands for; too many where it is too deep to say."""
        if element in self._weights:
            return self._weights[element]
        if depth > _DEEPEST:
            return MOST + 1
        self._weights[element] = 0  # browsers do not draw what uses itself
        found = 1
        for child in element:
            found += self.weight(child, depth + 1)
        for name in _references(element):
            if name in self._named:
                found += self.weight(self._named[name], depth + 1)
        self._weights[element] = min(found, MOST + 1)
        return self._weights[element]


def _references(element: ElementTree.Element) -> list[str]:
    names = []
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == "href":
            names += [value.strip()[1:]] if value.strip().startswith("#") else []
        elif "url(" in value:
            names += _REFERENCE.findall(value)
    return names
