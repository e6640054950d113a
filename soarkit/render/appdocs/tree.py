"""Fragments of HTML as a tree, and back to text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

VOID = frozenset("br hr img source wbr".split())
_DEEPEST = 60  # elements inside each other; what is deeper joins the last of them

# Characters that HTML does not allow, and those that make text read in another order than it is written.
_UNFIT = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)


@dataclass
class Element:
    """An element: its tag in lower case, attributes and children."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)


Node = Element | str


def parse(html: str) -> list[Node]:
    """The tree of HTML that a sanitiser has written: well-formed, every element closed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root.children


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]
        self._beyond = 0  # open elements that were too deep to be kept

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self._open[-1].children.append(element)
        elif len(self._open) > _DEEPEST:
            self._beyond += 1
        else:
            self._open[-1].children.append(element)
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._beyond:
            self._beyond -= 1
        elif len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def walk(nodes: Iterable[Node]) -> Iterator[Element]:
    """Every element of a tree, in the order of the text."""
    for node in nodes:
        if isinstance(node, Element):
            yield node
            yield from walk(node.children)


def plain(nodes: Iterable[Node]) -> str:
    """The text of a tree, without its elements."""
    parts = []
    for node in nodes:
        if isinstance(node, str):
            parts.append(node)
        else:
            parts.append("\n" if node.tag == "br" else node.attributes.get("alt", "") + plain(node.children))
    return "".join(parts)


def fit(text: str) -> str:
    """The text without characters that HTML does not allow, or that reorder what is read."""
    return text if text.isascii() and text.isprintable() else _UNFIT.sub("", text.replace("\r\n", "\n"))


def html(nodes: Iterable[Node]) -> str:
    """A tree as HTML: every text and attribute escaped."""
    return "".join(map(_html, nodes))


def _html(node: Node) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    given = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
    if node.tag in VOID:
        return f"<{node.tag}{given}>"
    # The first newline of a pre is not part of it.
    start = "\n" if node.tag == "pre" and node.children and html(node.children[:1]).startswith("\n") else ""
    return f"<{node.tag}{given}>{start}{html(node.children)}</{node.tag}>"
