"""Text tables of what commands list."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence

import click

from soarkit.render.text import display_width, printable

_GAP = "  "
_NARROWEST = 6  # columns below which no cell is shortened
NOTHING = "-"  #: stands for what is not there


def table(
    headers: Sequence[str], rows: Sequence[Sequence[object]], *, terminal: bool, whole: Collection[str] = ()
) -> str:
    """Aligned columns below their headers; a line a row, with a newline after each.

    On a terminal the widest cells are shortened until a row fits on a line; to a pipe everything goes whole.

    :param rows: a cell may be anything that has a text; None shows as a dash. Numbers stand on the right
    :param terminal: whether a person looks at it
    :param whole: headers of columns that are never shortened: what is typed again, or means nothing in part
    """
    cells = [[printable(NOTHING if cell is None else str(cell)) for cell in row] for row in rows]
    widths = [
        max(display_width(text) for text in (header, *(row[at] for row in cells))) for at, header in enumerate(headers)
    ]
    if terminal:
        fixed = [header in whole for header in headers]
        widths = _fitted(widths, fixed, shutil.get_terminal_size().columns - len(_GAP) * (len(headers) - 1))
    right = [bool(rows) and all(isinstance(row[at], int | float | None) for row in rows) for at in range(len(headers))]
    head = _line(headers, widths, right)
    lines = [click.style(head, bold=True) if terminal and _colours() else head]
    lines += [_line(row, widths, right) for row in cells]
    return "".join(f"{line}\n" for line in lines)


def _colours() -> bool:
    import os

    return "NO_COLOR" not in os.environ


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    parts = []
    for text, width, to_right in zip(cells, widths, right, strict=True):
        shown = _shortened(text, width)
        space = " " * (width - display_width(shown))
        parts.append(space + shown if to_right else shown + space)
    return _GAP.join(parts).rstrip()


def _shortened(text: str, width: int) -> str:
    if display_width(text) <= width:
        return text
    while display_width(text) > width - 1:
        text = text[: min(len(text) - 1, width)]
    return text + "…"


def _fitted(widths: Sequence[int], fixed: Sequence[bool], available: int) -> list[int]:
    fitted = list(widths)
    while sum(fitted) > available:
        width, at = max(
            ((0 if keep else width), at) for at, (width, keep) in enumerate(zip(fitted, fixed, strict=True))
        )
        if width <= _NARROWEST:
            break
        fitted[at] -= 1
    return fitted
