"""Tables of an app's own page, made whole: every row as long as the longest, spans only where they fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from soarkit.render.appdocs.sanitising import BLOCKS, is_blank
from soarkit.render.appdocs.tree import Element, Node

_ALIGNED = re.compile(r"text-align:\s*(right|center)")
_MOST = 100  # columns, and rows that a cell may span

Fill = Callable[[list[Node]], list[Node]]


def table(node: Element, fill: Fill) -> list[Node]:
    """A table, with the text of its caption as a paragraph in front.

    :param fill: makes what stands in a cell
    """
    found: list[Node] = []
    caption = next((one for one in _elements(node) if one.tag == "caption"), None)
    if caption is not None and not is_blank(inside := fill(caption.children)):
        found.append(Element("p", {}, inside) if _is_line(inside) else Element("blockquote", {}, inside))
    rows = [row for row in _rows(node) if row]
    heads = 1 if rows and all(cell.tag == "th" for cell in rows[0]) else 0
    drawn = _with_spans(rows, heads, fill) or _without_spans(rows, fill)
    if not drawn or all(is_blank(cell.children) for row in drawn for cell in row):
        return found
    parts: list[Node] = [Element("tr", {}, list(row)) for row in drawn]
    head = [Element("thead", {}, parts[:heads])] if heads else []
    body = [Element("tbody", {}, parts[heads:])] if parts[heads:] else []
    return [*found, Element("table", {}, [*head, *body])]


def _is_line(nodes: list[Node]) -> bool:
    return all(isinstance(node, str) or node.tag not in BLOCKS for node in nodes)


def _elements(node: Element) -> Iterator[Element]:
    return (one for one in node.children if isinstance(one, Element))


def _rows(node: Element) -> Iterator[list[Element]]:
    """The cells of each row; those of the head first."""
    parts = sorted(_elements(node), key=lambda one: one.tag != "thead")
    for part in parts:
        rows = _elements(part) if part.tag in ("thead", "tbody", "tfoot") else [part] if part.tag == "tr" else ()
        for row in rows:
            yield [cell for cell in _elements(row) if cell.tag in ("td", "th")]


def _with_spans(rows: list[list[Element]], heads: int, fill: Fill) -> list[list[Element]]:
    """The rows as they are, with their spans; none where the cells do not fill a rectangle exactly."""
    spans = [[(_span(cell, "rowspan"), _span(cell, "colspan")) for cell in row] for row in rows]
    if not rows or all(one == (1, 1) for row in spans for one in row):
        return []
    width = sum(columns for _, columns in spans[0])
    taken: set[tuple[int, int]] = set()
    begun: set[int] = set()  # columns in which a cell begins; one without is no column
    for index, row in enumerate(spans):
        end = heads if index < heads else len(rows)
        column = 0
        for height, columns in row:
            while (index, column) in taken:
                column += 1
            cells = {(index + down, column + right) for down in range(height) for right in range(columns)}
            if column + columns > width or index + height > end or cells & taken:
                return []
            taken |= cells
            begun.add(column)
    if len(taken) != width * len(rows) or len(begun) != width or width > _MOST:
        return []
    return [[_cell(cell, fill, keep=("rowspan", "colspan")) for cell in row] for row in rows]


def _span(cell: Element, name: str) -> int:
    text = cell.attributes.get(name, "1").strip()
    return min(int(text), _MOST) if text.isascii() and text.isdigit() and text.strip("0") and len(text) < 6 else 1


def _without_spans(rows: list[list[Element]], fill: Fill) -> list[list[Element]]:
    width = min(_MOST, max(map(len, rows), default=0))
    return [
        [_cell(cell, fill) for cell in row[:width]] + [Element("td") for _ in range(width - len(row))] for row in rows
    ]


def _cell(cell: Element, fill: Fill, keep: tuple[str, ...] = ()) -> Element:
    attributes = {name: str(_span(cell, name)) for name in keep if _span(cell, name) > 1}
    aligned = _ALIGNED.search(cell.attributes.get("style", ""))
    if aligned is not None:
        attributes["class"] = aligned[1]
    return Element(cell.tag, attributes, fill(cell.children))
