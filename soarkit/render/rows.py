"""Aligned rows drawn as a table where the columns fit, else as one block of ``key: value`` lines a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from soarkit.render.cuts import Cuts
from soarkit.render.grid import GAP, Style, draw_table, natural_widths, value_text
from soarkit.render.outline import MAX_LINES, Outline
from soarkit.render.text import printable

_Item = TypeVar("_Item")

_TALLEST_ROW = 4  # lines; rows taller than this on average read better as records
_RECORD_LINES = 100  # of one record of several


def draw_rows(
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    columns: int,
    style: Style,
    cuts: Cuts,
    paths: Sequence[str | None] | None = None,
) -> list[str]:
    """The lines of a table; of records where the table would not fit or would read badly.

    Where not every row fits on one line, columns whose value is the same in all rows are said once, above the table.
    Records are drawn where a table cannot be (:func:`~soarkit.render.grid.draw_table`); nested values are indented in
    them.

    :param names: the headings
    :param rows: for each row one value a heading
    :param columns: the width to stay within
    :param cuts: told of what is left out of long values
    :param paths: for each heading the data path of its values
    """
    paths = paths or [None] * len(names)
    left_out = Cuts()
    cells = [
        [value_text(value, lines=True, cuts=left_out, path=path) for value, path in zip(row, paths, strict=True)]
        for row in rows
    ]
    headings = [printable(name) for name in names]
    if len(rows) > 1 and sum(natural_widths(headings, cells)) > columns - len(GAP) * (len(names) - 1):
        shared = [at for at in range(len(names)) if all(row[at] == cells[0][at] for row in cells)]
        if 0 < len(shared) < len(names):
            own = [at for at in range(len(names)) if at not in shared]
            above = _records(_pick(names, shared), [_pick(rows[0], shared)], columns, style, cuts, _pick(paths, shared))
            rest = [_pick(row, own) for row in rows]
            return [*above, "", *draw_rows(_pick(names, own), rest, columns, style, cuts, _pick(paths, own))]
    table = draw_table(headings, rows, cells, columns, style, tallest=_TALLEST_ROW)
    if table is None:
        return _records(names, rows, columns, style, cuts, paths)
    cuts.take(left_out)
    return table


def _pick(row: Sequence[_Item], indexes: list[int]) -> list[_Item]:
    return [row[index] for index in indexes]


def _records(
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    columns: int,
    style: Style,
    cuts: Cuts,
    paths: Sequence[str | None],
) -> list[str]:
    lines: list[str] = []
    for number, row in enumerate(rows, 1):
        if len(rows) > 1:
            lines += [*([""] if lines else []), style.dim(f"── {number} ".ljust(min(columns, 40), "─"))]
        outline = Outline(columns, style, cuts, max_lines=_RECORD_LINES if len(rows) > 1 else MAX_LINES)
        outline.fields(list(zip(names, row, paths, strict=True)), None, sort=False)
        lines += outline.lines
    return lines
