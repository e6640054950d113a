"""Styled text in lines: texts beside each other that keep their looks where the line is broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from soarkit.enrichments.attributes import PLAIN, Style
from soarkit.enrichments.outputs import Cell, Composite, Item, cell_text, link, plain, shown
from soarkit.enrichments.terminal.ink import Ink
from soarkit.render.cuts import counted
from soarkit.render.text import printable, wrap

#: Characters of one item that are shown at most.
LONGEST = 4000

_OPENS, _CLOSES = "([{«“", ".,;:!?)]}»”%"  # no space behind these, or before those


class Span(NamedTuple):
    """A text of one look.

    :ivar text: safe to be printed; may hold line ends
    """

    text: str
    style: Style = PLAIN
    underlined: bool = False


class Addresses:
    """Where the links of a table lead, numbered in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, address: str) -> int:
        return self._numbers.setdefault(address, len(self._numbers) + 1)

    def lines(self, columns: int, ink: Ink) -> list[str]:
        """``[1] https://...``, a line each or more."""
        texts = [f"[{number}] {address}" for address, number in self._numbers.items()]
        return [ink.dim(line) for text in texts for line in wrap(text, columns)]


def item_spans(item: Item, addresses: Addresses | None = None) -> list[Span]:
    """An item as text. Where its label is not where a link leads, that stands behind it: a link hides nothing here.

    :param addresses: takes where links lead; None: that stands behind the text
    """
    text = safe(shown(item))
    target = link(item)
    if target is None or target.address is None:
        return [Span(text, item.style)]
    address = printable(target.address)
    if text == address or not text:
        return [Span(address, item.style, underlined=True)]
    beside = f" <{address}>" if addresses is None else f" [{addresses.number(address)}]"
    return [Span(text, item.style, underlined=True), Span(beside)]


def cell_spans(cell: Cell, addresses: Addresses | None = None) -> list[Span]:
    """An item, or those of a composite beside each other or on a line each."""
    if isinstance(cell, Item):
        return item_spans(cell, addresses)
    between = "\n" if cell.separate_lines else "  "
    spans: list[Span] = []
    for number, item in enumerate(cell.items):
        spans += [Span(between)] if number else []
        spans += item_spans(item, addresses)
    return spans


def run_spans(cells: Iterable[Cell]) -> list[Span]:
    """Texts that run on in one line, with a space between two where neither has one."""
    spans: list[Span] = []
    for cell in cells:
        more = [span for span in cell_spans(cell) if span.text]
        if spans and more:
            before, after = spans[-1].text[-1], more[0].text[0]
            stacked = isinstance(cell, Composite) and cell.separate_lines
            if stacked or not (before.isspace() or after.isspace() or before in _OPENS or after in _CLOSES):
                spans.append(Span("\n" if stacked else " "))
        spans += more
    return spans


def is_empty(cell: Cell) -> bool:
    """Whether nothing of a cell would be seen."""
    return not cell_text(cell).strip()


def first_type(cell: Cell) -> str:
    """The type that a cell is read as: of a composite that of its first item."""
    if isinstance(cell, Item):
        return cell.type
    return cell.items[0].type if cell.items else "String"


def safe(text: str) -> str:
    """Text without anything that acts on a terminal, cut where nobody reads on; lines and tabs stay."""
    more = len(text) - LONGEST
    if more > 0:
        text = f"{text[:LONGEST]}… ({counted(more, 'character', 'more ')})"
    return printable(text, lines=True).expandtabs(4)


def text_of(spans: Iterable[Span]) -> str:
    """The text of spans without their looks."""
    return "".join(span.text for span in spans)


def wrapped(spans: Sequence[Span], columns: int) -> list[list[Span]]:
    """Spans in lines of at most so many columns. Always at least one line."""
    whole = text_of(spans)
    looks = [number for number, span in enumerate(spans) for _ in span.text]
    made = []
    at = 0
    for line in wrap(whole, columns):
        # Only spaces and line ends are dropped where a line is broken, so it begins at its next occurrence.
        at = whole.index(line, at)
        parts: list[Span] = []
        start = at
        end = at + len(line)
        while start < end:
            stop = start
            while stop < end and looks[stop] == looks[start]:
                stop += 1
            parts.append(spans[looks[start]]._replace(text=whole[start:stop]))
            start = stop
        made.append(parts)
        at = end
    return made


def painted(line: Iterable[Span], ink: Ink) -> str:
    """One line of spans."""
    return "".join(ink.paint(span.text, span.style, underlined=span.underlined) for span in line)


def heading(text: str) -> str:
    """A heading on one line."""
    return printable(plain(text)).strip()
