"""Values as safe text, and rows of them drawn as a table.

Nothing here knows what the rows mean. Every text goes through :func:`~soarkit.render.text.printable`; colour is put
last, around text that is already safe and measured.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from soarkit.render.cuts import Cuts, counted
from soarkit.render.text import display_width, printable, wrap

GAP = "  "  #: between two columns
MAX_CELL = 2000  #: characters of one value that a table draws at most
MAX_LISTED = 200  #: plain values of one list that are drawn at most
NOTHING = "-"  #: stands for null and for a value that is not there

_MIN_COLUMN = 8  # a column is not squeezed below this
_MAX_HEADING_WORD = 14  # nor below a word of its heading, unless the word is a monster
_SHORT = 40  # texts of a list up to this long stand on one line


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


def value_text(value: Any, *, lines: bool = False, cuts: Cuts | None = None, path: str | None = None) -> str:
    """A value as safe text: a string as it is, None as a dash, a list of plain values as these, else JSON on one line.

    :param lines: whether newlines and tabs of a string stay, and long texts of a list stand on a line each
    :param cuts: told of what goes beyond :data:`MAX_CELL` characters
    :param path: the data path of the value
    """
    if value is None:
        return NOTHING
    more = 0
    if isinstance(value, str):
        text = value
    elif is_plain_list(value):
        more = len(value) - MAX_LISTED
        text = _list_text(value[:MAX_LISTED], lines)
    else:
        text = json_text(value)
    cut = len(text) - MAX_CELL
    if cut > 0:
        text = f"{text[:MAX_CELL]}… ({counted(cut, 'character', 'more ')})"
    if more > 0:
        text += f"{'' if cut > 0 else '…'} ({counted(more, 'item', 'more ')})"
    if cuts is not None:
        if cut > 0:
            cuts.add(cut, "character", path)
        if more > 0:
            cuts.add(more, "item", path and f"{path}.*")
    return printable(text, lines=lines)


def plain_text(value: Any) -> str:
    """A value that is neither dictionary nor list, as it is said: unsafe still, and of any length."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int else json_text(value)


def is_plain_list(value: Any) -> bool:
    """Whether a value is a list, and not empty, of values that hold no others."""
    return isinstance(value, list) and bool(value) and not any(isinstance(one, (dict, list)) for one in value)


def joins_well(text: str) -> bool:
    """Whether a text between commas would be told from its neighbours."""
    return bool(text) and len(text) <= _SHORT and not any(mark in text for mark in ",\n\r")


def _list_text(values: list[Any], lines: bool) -> str:
    texts = [plain_text(one) for one in values]
    if len(texts) == 1 or all(map(joins_well, texts)):
        return ", ".join(texts)
    return "\n".join(texts) if lines else json_text(values)


def json_text(value: Any, separators: tuple[str, str] = (", ", ": ")) -> str:
    """A value as JSON on one line; what JSON cannot hold becomes text."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=separators, default=str)
    except (RecursionError, TypeError, ValueError):
        return "(cannot be shown here)"


def draw_table(
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    cells: Sequence[Sequence[str]],
    columns: int,
    style: Style,
    *,
    tallest: int,
) -> list[str] | None:
    """The lines of a table, or None where it would not fit or would read badly.

    It does not where a column would have to be narrower than 8, where rows get taller than ``tallest`` lines on
    average, and where a single row does not fit on one line.

    :param names: the headings, safe text
    :param rows: for each row one value a heading
    :param cells: the same as safe text, from :func:`value_text`
    :param columns: the width to stay within
    """
    natural = natural_widths(names, cells)
    least = [min(most, least_width(heading)) for most, heading in zip(natural, names, strict=True)]
    widths = fit_widths(natural, least, columns - len(GAP) * (len(names) - 1))
    if not widths or (widths != natural and len(rows) == 1):
        return None
    blocks = [[wrap(cell, each) for cell, each in zip(row, widths, strict=True)] for row in cells]
    if sum(max(map(len, block)) for block in blocks) > tallest * len(rows):
        return None
    return _table(names, rows, blocks, widths, style)


def natural_widths(names: Sequence[str], cells: Sequence[Sequence[str]]) -> list[int]:
    """How wide each column is where nothing of it is wrapped."""
    return [
        max([display_width(heading), *(_longest_line(row[index]) for row in cells)])
        for index, heading in enumerate(names)
    ]


def _longest_line(text: str) -> int:
    if "\n" in text or "\t" in text:
        return max(map(display_width, text.expandtabs(4).split("\n")))
    return display_width(text)


def least_width(heading: str) -> int:
    """How narrow a column may become below this heading."""
    words = [display_width(word) for word in heading.split()]
    return max(_MIN_COLUMN, min(max(words, default=0), _MAX_HEADING_WORD))


def fit_widths(natural: list[int], least: list[int], available: int) -> list[int] | None:
    """Column widths that fill no more than is available: what a column needs, or an equal share of what is left.

    :param natural: what each would need
    :param least: what each must have
    :returns: None where that is not to be had
    """
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
    headings: Sequence[str],
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
