"""A tree of harmless elements, in any order, made into one that HTML allows.

Sanitisers leave lists inside of lists, paragraphs inside of bold text, headings of any level. Here every element ends
up where it may stand: blocks in blocks, text in paragraphs, ``li`` in lists, tables with whole rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from soarkit.render.appdocs.addresses import linkable, links_in
from soarkit.render.appdocs.anchors import Anchors, word
from soarkit.render.appdocs.sanitising import BLOCKS, is_blank
from soarkit.render.appdocs.tables import table
from soarkit.render.appdocs.tree import Element, Node, plain, walk

_RENAMED = {"tt": "code", "strike": "s", "del": "s", "ins": "u", "dfn": "em", "cite": "em"}
_OUTSIDE = {"rel": "noopener noreferrer nofollow"}  # of links that lead out of the page
_HEADING = re.compile(r"h[1-6]")
_SPACE = re.compile(r"\s+")


class Rules(NamedTuple):
    """How a fragment is to stand in a page."""

    level: int  #: of the fragment's highest headings
    anchors: Anchors  #: the page's
    prefix: str  #: of the fragment's ids
    image: Callable[[str], str | None]  #: what shows a picture of the app: an address, or None where there is none
    links: frozenset[str] = frozenset()  #: ids of the page that the fragment may link to


def shaped(nodes: Iterable[Node], rules: Rules) -> list[Node]:
    """The fragment as paragraphs, lists, tables and other blocks."""
    return _Shaper(list(nodes), rules).result


def in_line(text: str) -> list[Node]:
    """A plain text with its addresses as links."""
    return [piece if address is None else _outside(address, [piece]) for piece, address in links_in(text)]


def _outside(address: str, shown: list[Node]) -> Element:
    return Element("a", {"href": address, **_OUTSIDE}, shown)


class _Shaper:
    def __init__(self, nodes: list[Node], rules: Rules) -> None:
        self._rules = rules
        self._targets: dict[str, str] = {}  # ids as the fragment has them, to those of the page
        self._ids: dict[int, str] = {}  # of elements, by their identity
        self._levels: list[int] = []
        self._name_targets(nodes)
        self.result = self._paragraphs(self._flow(nodes, ()))

    def _name_targets(self, nodes: list[Node]) -> None:
        """Ids for headings and named places: their own ones, and those that GitHub gives to headings."""
        headings: dict[str, str] = {}
        for element in walk(nodes):
            is_heading = _HEADING.fullmatch(element.tag) is not None
            own = element.attributes.get("id") or element.attributes.get("name")
            title = word(plain(element.children)) if is_heading else ""
            if not own and not is_heading:
                continue
            anchor = self._rules.anchors.new(self._rules.prefix + word(own or title))
            self._ids[id(element)] = anchor
            if own:
                self._targets.setdefault(own, anchor)
            if is_heading:
                headings.setdefault(title, anchor)
        self._targets = {**headings, **self._targets}

    def _flow(self, nodes: Sequence[Node], marks: tuple[Element, ...]) -> list[Node]:
        """Blocks and text beside each other.

        :param marks: elements such as ``b`` that had blocks in them; each piece of text inside gets its own
        """
        found: list[Node] = []
        for node in _gathered(nodes):
            if isinstance(node, Element) and node.tag in BLOCKS:
                found += self._block(node, marks)
            elif isinstance(node, Element) and any(one.tag in BLOCKS for one in walk(node.children)):
                anchor = self._ids.pop(id(node), None)
                found += [] if anchor is None else [Element("span", {"id": anchor})]
                found += self._flow(node.children, (*marks, Element(node.tag, node.attributes)))
            elif isinstance(node, str) and not node.strip():
                found.append(node)
            else:
                for mark in reversed(marks):
                    node = Element(mark.tag, mark.attributes, [node])  # noqa: PLW2901
                found += self._line([node])
        return found

    def _block(self, node: Element, marks: tuple[Element, ...]) -> list[Node]:
        if _HEADING.fullmatch(node.tag):
            return self._heading(node)
        shapes: dict[str, Callable[[Element, tuple[Element, ...]], list[Node]]] = {
            "hr": lambda node, marks: [Element("hr")],
            "pre": _preformatted,
            "ul": self._list,
            "ol": self._list,
            "dl": self._definitions,
            "table": lambda node, marks: table(node, lambda nodes: self._trimmed(self._flow(nodes, marks))),
            "summary": self._title,
            "figcaption": self._title,
            "blockquote": self._quotation,
        }
        draw = shapes.get(node.tag)
        return self._paragraphs(self._flow(node.children, marks)) if draw is None else draw(node, marks)

    def _title(self, node: Element, marks: tuple[Element, ...]) -> list[Node]:
        return self._paragraphs(self._line([Element("strong", {}, node.children)]))

    def _quotation(self, node: Element, marks: tuple[Element, ...]) -> list[Node]:
        inside = self._paragraphs(self._flow(node.children, marks))
        return [Element("blockquote", {}, inside)] if inside else []

    def _heading(self, node: Element) -> list[Node]:
        """A heading below those of the page, at most one level deeper than the one before it."""
        inside = self._trimmed(self._line(node.children))
        if is_blank(inside):
            return []
        own = int(node.tag[1])
        while self._levels and self._levels[-1] >= own:
            self._levels.pop()
        self._levels.append(own)
        level = min(6, self._rules.level + len(self._levels) - 1)
        return [Element(f"h{level}", {"id": self._ids[id(node)]}, inside)]

    def _list(self, node: Element, marks: tuple[Element, ...]) -> list[Node]:
        items: list[Element] = []
        for piece in _runs(node.children, lambda one: one.tag in ("li", "ul", "ol", "dl")):
            if isinstance(piece, list):
                inside = self._trimmed(self._flow(piece, marks))
            elif piece.tag == "li":
                inside = self._trimmed(self._flow(piece.children, marks))
            else:
                inside = self._block(piece, marks)
                if items and inside:  # a list in a list belongs to the entry before it
                    items[-1].children += inside
                    continue
            if not is_blank(inside):
                items.append(Element("li", {}, inside))
        start = node.attributes.get("start", "")
        numbered = node.tag == "ol" and start.isascii() and start.isdigit() and len(start) < 6
        return [Element(node.tag, {"start": start} if numbered else {}, list(items))] if items else []

    def _definitions(self, node: Element, marks: tuple[Element, ...]) -> list[Node]:
        """Terms as paragraphs in bold, what they mean as quotations under them."""
        found: list[Node] = []
        for piece in _runs(node.children, lambda one: one.tag in ("dt", "dd")):
            if isinstance(piece, list):
                found += self._paragraphs(self._flow(piece, marks))
            elif piece.tag == "dt":
                found += self._title(piece, marks)
            else:
                found += self._quotation(piece, marks)
        return found

    def _paragraphs(self, pieces: list[Node]) -> list[Node]:
        """Blocks alone: text between them becomes paragraphs."""
        found: list[Node] = []
        for in_text, run in groupby(pieces, lambda one: isinstance(one, str) or one.tag not in BLOCKS):
            if not in_text:
                found += run
                continue
            inside = self._trimmed(list(run))
            if not is_blank(inside):
                found.append(Element("p", {}, inside))
        return found

    @staticmethod
    def _trimmed(pieces: list[Node]) -> list[Node]:
        """Without spaces and line breaks at both ends."""

        def is_space(node: Node) -> bool:
            return not node.strip() if isinstance(node, str) else node.tag == "br"

        first, last = 0, len(pieces)
        while first < last and is_space(pieces[first]):
            first += 1
        while last > first and is_space(pieces[last - 1]):
            last -= 1
        kept = pieces[first:last]
        if kept and isinstance(kept[0], str):
            kept[0] = kept[0].lstrip()
        if kept and isinstance(kept[-1], str):
            kept[-1] = kept[-1].rstrip()
        return kept

    def _line(self, nodes: Iterable[Node], *, linked: bool = False) -> list[Node]:
        """Text and what may stand in it."""
        found: list[Node] = []
        for node in nodes:
            if isinstance(node, str):
                text = _SPACE.sub(" ", node)
                found += [text] if linked else in_line(text)
            elif node.tag == "a":
                found += self._link(node, linked)
            elif node.tag == "img":
                found += self._image(node, linked)
            elif node.tag in ("br", "wbr"):
                found.append(Element(node.tag))
            elif node.tag in BLOCKS:
                found += [" ", *self._line(node.children, linked=linked), " "]
            else:
                tag = _RENAMED.get(node.tag, node.tag)
                inside = self._line(node.children, linked=linked or tag in ("code", "kbd", "samp"))
                title = {"title": node.attributes["title"]} if node.attributes.get("title") else {}
                found += [Element(tag, title, inside)] if not is_blank(inside) else inside
        return found

    def _link(self, node: Element, linked: bool) -> list[Node]:
        attributes = {}
        anchor = self._ids.pop(id(node), None)
        if anchor is not None:
            attributes["id"] = anchor
        address = self._address(node.attributes.get("href", ""))
        if address is not None and not linked:
            inside = self._line(node.children, linked=True)
            if not is_blank(inside):
                out = {} if address.startswith("#") else _OUTSIDE
                return [Element("a", {**attributes, "href": address, **out}, inside)]
        else:
            inside = self._line(node.children, linked=linked)
        return [Element("span", attributes), *inside] if attributes else inside

    def _address(self, given: str) -> str | None:
        if not given.startswith("#"):
            return linkable(given)
        target = self._targets.get(given[1:]) or self._targets.get(word(given[1:]))
        if target is None and given[1:] in self._rules.links:
            target = given[1:]
        return None if target is None else f"#{target}"

    def _image(self, node: Element, linked: bool) -> list[Node]:
        source = node.attributes.get("src", "").strip()
        alternative = node.attributes.get("alt", "").strip() or node.attributes.get("title", "").strip()
        address = linkable(source)
        if address is not None:
            shown: Node = f"[picture: {alternative or address.rpartition('/')[2] or address}]"
            return [shown] if linked else [_outside(address, [shown])]
        own = self._rules.image(source) if source else None
        if own is None:
            return [f"[picture: {alternative}]"] if alternative else []
        return [Element("img", {"src": own, "alt": alternative})]


def _preformatted(node: Element, marks: tuple[Element, ...]) -> list[Node]:
    text = plain(node.children).strip("\n")
    return [Element("pre", {}, [Element("code", {}, [text])])] if text.strip() else []


def _gathered(nodes: Iterable[Node]) -> Iterable[Node]:
    """The nodes, with ``li``, ``dt`` and ``dd`` that stand outside of a list in one of their own."""
    for wanted, run in groupby(nodes, _list_of):
        members = list(run)
        if wanted is None:
            yield from members
        else:
            yield Element(wanted, {}, members)


def _list_of(node: Node) -> str | None:
    tag = node.tag if isinstance(node, Element) else ""
    return "ul" if tag == "li" else "dl" if tag in ("dt", "dd") else None


def _runs(nodes: Iterable[Node], alone: Callable[[Element], bool]) -> Iterable[Element | list[Node]]:
    """Elements that are to stand alone, and the nodes between them in lists."""
    between: list[Node] = []
    for node in nodes:
        if isinstance(node, Element) and alone(node):
            if between:
                yield between
            between = []
            yield node
        else:
            between.append(node)
    if between:
        yield between
