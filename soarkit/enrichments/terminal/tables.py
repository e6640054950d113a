"""Table widgets as text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from soarkit.enrichments.outputs import Cell, Entity, Item, Table
from soarkit.enrichments.terminal.ink import Ink
from soarkit.enrichments.terminal.spans import (
    Addresses,
    Span,
    cell_spans,
    first_type,
    heading,
    is_empty,
    painted,
    safe,
    text_of,
    wrapped,
)
from soarkit.manifest.bundles.entity_types import BY_CONSTANT
from soarkit.render.grid import GAP, fit_widths, least_width
from soarkit.render.text import display_width, wrap

_NUMBERS = ("Integer", "Float")
_MOST_FIELDS = 4  # of entities that get a column each
_LONGEST_WORD = 25  # columns, of a date-time with its zone; a longer word may be broken


def table_lines(table: Table, columns: int, ink: Ink, *, limit: int | None) -> list[str]:
    """A table with its title; of rows that do not fit beside each other a block of lines each.

    Where links lead stands below, by number.

    :param columns: the width to stay within
    :param limit: rows that are shown; a line says how many there are; None: all
    """
    addresses = Addresses()
    rows = [[cell_spans(cell, addresses) for cell in row] for row in table.rows[:limit]]
    headings = [heading(one) for one in table.headings]
    title = [ink.bold(line) for line in wrap(safe(table.name), columns)] if table.name.strip() else []
    widths = _widths(table, headings, rows, columns)
    if widths is None:
        lines = _records(headings, rows, columns, ink)
    else:
        right = [_is_numeric([row[at] for row in table.rows[:limit]]) for at in range(len(headings))]
        lines = _grid(headings, rows, widths, right, ink)
    if not rows:
        lines.append(ink.dim("no rows"))
    if limit is not None and len(table.rows) > limit:
        lines.append(ink.dim(f"{limit} of {len(table.rows)} rows"))
    return [*title, *lines, *addresses.lines(columns, ink)]


def entity_lines(entities: Sequence[Entity], columns: int, ink: Ink, *, limit: int | None) -> list[str]:
    """Entities as a table of types, values and additional fields."""
    names = list(dict.fromkeys(field.display_name for one in entities[:limit] for field in one.fields))
    own = names if len(names) <= _MOST_FIELDS else []
    rows = []
    for one in entities[:limit]:
        fields = {field.display_name: field.value for field in one.fields}
        cells = [Item("String", type_name(one.type)), Item("String", one.value)]
        cells += [Item("String", fields.get(name)) for name in own]
        if names and not own:
            cells.append(Item("String", "\n".join(f"{name}: {value}" for name, value in fields.items())))
        rows.append(tuple(cells))
    headings = ("Type", "Value", *(own or (["Fields"] if names else [])))
    table = Table("", headings, (None,) * len(headings), (1 / len(headings),) * len(headings), tuple(rows))
    lines = table_lines(table, columns, ink, limit=limit) if rows else [ink.dim("no entities")]
    if limit is None or len(entities) <= limit:
        return lines
    return [*lines, ink.dim(f"{limit} of {len(entities)} entities")]


def type_name(constant: str) -> str:
    """What people call the type of an entity; as the script named it where that is none."""
    found = BY_CONSTANT.get(constant)
    return safe(constant) if found is None else found.display


def _widths(table: Table, headings: list[str], rows: list[list[list[Span]]], columns: int) -> list[int] | None:
    """The widths of columns: what they need, where the script gave them shares these as far as no word is broken."""
    if not headings:
        return None
    cells = [[text_of(row[at]) for row in rows] for at in range(len(headings))]
    natural = [
        max([display_width(line) for cell in (head, *texts) for line in cell.split("\n")]) or 1
        for head, texts in zip(headings, cells, strict=True)
    ]
    words = [_least_for([head, *texts]) for head, texts in zip(headings, cells, strict=True)]
    available = columns - len(GAP) * (len(headings) - 1)
    if max(table.widths) - min(table.widths) > 0.001:
        needed = max(math.ceil(each / max(share, 0.001)) for each, share in zip(natural, table.widths, strict=True))
        shared = _raised([int(min(needed, available) * share) for share in table.widths], words, available)
        if shared is not None:
            return shared
    least = [min(most, least_width(each)) for most, each in zip(natural, headings, strict=True)]
    whole = [max(each, word) for each, word in zip(least, words, strict=True)]
    return fit_widths(natural, whole, available) or fit_widths(natural, least, available)


def _least_for(texts: list[str]) -> int:
    """How narrow a column may be without breaking words, but for those that are so long that they may be broken."""
    lengths = [display_width(word) for text in texts for word in text.split()]
    return max((each for each in lengths if each <= _LONGEST_WORD), default=1)


def _raised(widths: list[int], least: list[int], available: int) -> list[int] | None:
    """Widths of which none is below its least, at the cost of those that have more; None where there is no room."""
    raised = [max(each, low) for each, low in zip(widths, least, strict=True)]
    while (excess := sum(raised) - max(available, sum(widths))) > 0:
        spare = [each - low for each, low in zip(raised, least, strict=True)]
        richest = max(range(len(raised)), key=spare.__getitem__)
        if spare[richest] <= 0:
            return None
        raised[richest] -= min(excess, max(spare[richest] // 4, 1))
    return raised


def _grid(
    headings: list[str], rows: list[list[list[Span]]], widths: list[int], right: list[bool], ink: Ink
) -> list[str]:
    bold = [[[Span(line)] for line in wrap(each, width)] for each, width in zip(headings, widths, strict=True)]
    lines = [ink.bold(line) for line in _abreast(bold, widths, right, Ink(0))]
    lines.append(ink.dim(GAP.join("─" * each for each in widths)))
    tall = False
    for number, row in enumerate(rows):
        block = [wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
        was_tall, tall = tall, max(map(len, block)) > 1
        if number and (tall or was_tall):
            lines.append("")
        lines += _abreast(block, widths, right, ink)
    return lines


def _abreast(block: list[list[list[Span]]], widths: list[int], right: list[bool], ink: Ink) -> list[str]:
    lines = []
    for level in range(max(map(len, block))):
        parts = []
        for cell, width, to_right in zip(block, widths, right, strict=True):
            line = cell[level] if level < len(cell) else []
            space = " " * (width - display_width(text_of(line)))
            parts.append(space + painted(line, ink) if to_right else painted(line, ink) + space)
        lines.append(GAP.join(parts).rstrip())
    return lines


def _records(headings: list[str], rows: list[list[list[Span]]], columns: int, ink: Ink) -> list[str]:
    lines: list[str] = []
    for number, row in enumerate(rows):
        lines += [""] if number else []
        for name, cell in zip(headings, row, strict=True):
            label = f"{name}: " if name else ""
            inner = wrapped([Span(label), *cell], columns)
            lines += [painted(line, ink) for line in inner]
    return lines or [", ".join(headings)] * bool(headings)


def _is_numeric(cells: list[Cell]) -> bool:
    filled = [cell for cell in cells if not is_empty(cell)]
    return bool(filled) and all(first_type(cell) in _NUMBERS for cell in filled)
