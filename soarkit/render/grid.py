"""Rows drawn for a terminal: as a table where the columns fit, else as one block of ``key: value`` lines a row.

Nothing here knows what the rows mean. Every text goes through :func:`~soarkit.render.text.printable`; colour is put
last, around text that is already safe and measured.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from soarkit.render.text import display_width, printable, wrap

_Item = TypeVar("_Item")

GAP = "  "  #: between two columns
MAX_CELL = 2000  #: characters of one value that are drawn at most
NOTHING = "-"  #: stands for null and for a value that is not there

_MIN_COLUMN = 8  # a column is not squeezed below this
_MAX_HEADING_WORD = 14  # nor below a word of its heading, unless the word is a monster
_MAX_ROW_LINES = 4  # rows taller than this on average read better as records


class Style:
    """How text is made to stand out; without colour it is left as it is.

    :param color: whether to put ANSI codes around text
    """

    __slots__ = ("_color",)

    def __init__(self, color: bool) -> None:
        self._color = color

    def bold(self, text: str) -> str:
        return self._paint("1", text)

    def dim(self, text: str) -> str:
        return self._paint("2", text)

    def good(self, text: str) -> str:
        return self._paint("1;32", text)

    def bad(self, text: str) -> str:
        return self._paint("1;31", text)

    def plain(self, text: str) -> str:
        return text

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._color and text else text


def value_text(value: Any, *, lines: bool = False) -> str:
    """A value as safe text: a string as it is, None as a dash, anything else as JSON on one line.

    :param lines: whether newlines and tabs of a string stay
    """
    if value is None:
        return NOTHING
    text = value if isinstance(value, str) else json_text(value)
    if len(text) > MAX_CELL:
        text = f"{text[:MAX_CELL]}… ({len(text) - MAX_CELL} more characters)"
    return printable(text, lines=lines)


def json_text(value: Any, separators: tuple[str, str] = (", ", ": ")) -> str:
    """A value as JSON on one line; what JSON cannot hold becomes text."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=separators, default=str)
    except (RecursionError, TypeError, ValueError):
        return "(cannot be shown here)"


def draw_rows(names: Sequence[str], rows: Sequence[Sequence[Any]], columns: int, style: Style) -> list[str]:
    """The lines of a table; of records where the table would not fit or would read badly.

    Where not every row fits on one line, columns whose value is the same in all rows are said once, above the table.
    Records are drawn when a column would have to be narrower than 8, when rows get taller than four lines on average,
    and for a single row that does not fit on one line.

    :param names: the headings
    :param rows: for each row one value a heading
    :param columns: the width to stay within
    """
    headings = [printable(name) for name in names]
    cells = [[value_text(value, lines=True) for value in row] for row in rows]
    natural = [
        max([display_width(heading), *(_longest_line(row[index]) for row in cells)])
        for index, heading in enumerate(headings)
    ]
    available = columns - len(GAP) * (len(headings) - 1)
    if len(rows) > 1 and sum(natural) > available:
        shared = [index for index in range(len(headings)) if all(row[index] == cells[0][index] for row in cells)]
        if 0 < len(shared) < len(headings):
            own = [index for index in range(len(headings)) if index not in shared]
            above = _records(
                _pick(headings, shared), [_pick(rows[0], shared)], [_pick(cells[0], shared)], columns, style
            )
            below = draw_rows(_pick(headings, own), [_pick(row, own) for row in rows], columns, style)
            return [*above, "", *below]
    least = [min(most, _least(heading)) for most, heading in zip(natural, headings, strict=True)]
    widths = _fit(natural, least, available)
    if widths == natural or (widths and len(rows) != 1):
        blocks = [[wrap(cell, each) for cell, each in zip(row, widths, strict=True)] for row in cells]
        if sum(max(map(len, block)) for block in blocks) <= _MAX_ROW_LINES * len(rows):
            return _table(headings, rows, blocks, widths, style)
    return _records(headings, rows, cells, columns, style)


def _pick(row: Sequence[_Item], indexes: list[int]) -> list[_Item]:
    return [row[index] for index in indexes]


def _longest_line(text: str) -> int:
    if "\n" in text or "\t" in text:
        return max(map(display_width, text.expandtabs(4).split("\n")))
    return display_width(text)


def _least(heading: str) -> int:
    words = [display_width(word) for word in heading.split()]
    return max(_MIN_COLUMN, min(max(words, default=0), _MAX_HEADING_WORD))


def _fit(natural: list[int], least: list[int], available: int) -> list[int] | None:
    """Column widths that fill no more than is available: what a column needs, or an equal share of what is left."""
    if not natural or sum(least) > available:
        return None
    widths = list(natural)
    while (excess := sum(widths) - available) > 0:
        # Lower the widest columns together, down to the next widest or as far as needed.
        shrinkable = [index for index, each in enumerate(widths) if each > least[index]]
        widest = max(widths[index] for index in shrinkable)
        top = [index for index in shrinkable if widths[index] == widest]
        below = max((widths[index] for index in shrinkable if widths[index] < widest), default=0)
        floor = max(below, *(least[index] for index in top))
        step = min(widest - floor, excess // len(top))
        if step:
            for index in top:
                widths[index] -= step
        else:
            for index in top[:excess]:
                widths[index] -= 1
    return widths


def _table(
    headings: list[str],
    rows: Sequence[Sequence[Any]],
    blocks: list[list[list[str]]],
    widths: list[int],
    style: Style,
) -> list[str]:
    right = [_is_numeric([row[index] for row in rows]) for index in range(len(headings))]
    head = [wrap(heading, each) for heading, each in zip(headings, widths, strict=True)]
    lines = _abreast(head, widths, right, [style.bold] * len(headings))
    lines.append(style.dim(GAP.join("─" * each for each in widths)))
    tall = False
    for number, (row, block) in enumerate(zip(rows, blocks, strict=True)):
        was_tall, tall = tall, max(map(len, block)) > 1
        if number and (tall or was_tall):
            lines.append("")
        paints = [style.dim if value is None else style.plain for value in row]
        lines += _abreast(block, widths, right, paints)
    return lines


def _abreast(
    block: list[list[str]], widths: list[int], right: list[bool], paints: Sequence[Callable[[str], str]]
) -> list[str]:
    """Cells of several lines each, side by side."""
    lines = []
    for level in range(max(map(len, block))):
        parts = []
        for cell, each, to_right, paint in zip(block, widths, right, paints, strict=True):
            text = cell[level] if level < len(cell) else ""
            space = " " * (each - display_width(text))
            # The space stays unpainted, so that it can go at a line's end.
            parts.append(space + paint(text) if to_right else paint(text) + space)
        lines.append(GAP.join(parts).rstrip())
    return lines


def _is_numeric(values: list[Any]) -> bool:
    """Whether a column holds numbers, and nothing else but gaps."""
    numbers = [isinstance(value, (int, float)) and not isinstance(value, bool) for value in values if value is not None]
    return bool(numbers) and all(numbers)


def _records(
    headings: list[str], rows: Sequence[Sequence[Any]], cells: list[list[str]], columns: int, style: Style
) -> list[str]:
    labels = [f"{heading}:" for heading in headings]
    indent = max(map(display_width, labels)) + 1
    stacked = indent > columns * 2 // 5
    if stacked:
        indent = 2
    lines: list[str] = []
    for number, (row, record) in enumerate(zip(rows, cells, strict=True), 1):
        if len(cells) > 1:
            lines += [*([""] if lines else []), style.dim(f"── {number} ".ljust(min(columns, 40), "─"))]
        for label, value, cell in zip(labels, row, record, strict=True):
            body = wrap(cell, max(columns - indent, 2))
            paint = style.dim if value is None else style.plain
            if stacked:
                lines += [style.bold(part) for part in wrap(label, columns)]
            else:
                lines.append((style.bold(label) + " " * (indent - display_width(label)) + paint(body.pop(0))).rstrip())
            lines += [(" " * indent + paint(part)).rstrip() for part in body]
    return lines
