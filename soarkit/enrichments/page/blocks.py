"""Items, tables and texts as the JSON that the page's script draws.

A cell is a bare value where nothing is peculiar about it: it has the type of its column (String in a text), no label,
look or link of its own. Else it is an object: ``v`` its value, ``l`` its label, ``t`` its type, ``s`` the number of its
style, ``h`` the address it leads to, ``o`` the observable it leads to; or ``c`` with the cells of a composite, and
``b`` where each stands on a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from soarkit.enrichments.attributes import PLAIN, Style
from soarkit.enrichments.outputs import Cell, Composite, Entity, Item, Table, TextRun, link, shown
from soarkit.enrichments.page.legible import ink
from soarkit.manifest.bundles.entity_types import BY_CONSTANT
from soarkit.render.page.encode import script_json


class Blocks:
    """JSON that stands beside the page's own, and the styles that items share."""

    def __init__(self) -> None:
        self.texts: dict[str, bytes] = {}
        self._styles: dict[Style, int] = {}

    def add(self, value: Any) -> str:
        """One more block; gives its id."""
        name = f"block-{len(self.texts) + 1}"
        self.texts[name] = script_json(value)
        return name

    def style(self, style: Style) -> int:
        """The number of a style."""
        return self._styles.setdefault(style, len(self._styles))

    def styles(self) -> list[dict[str, Any]]:
        """All styles, in the order of their numbers."""
        return [_style(one) for one in self._styles]


def _style(style: Style) -> dict[str, Any]:
    colour = ink(style)
    return {
        "ground": style.background,
        "light": colour.light,
        "dark": colour.dark,
        "size": style.size,
        "italic": style.italic,
        "bold": style.bold,
    }


def cell_json(cell: Cell, blocks: Blocks, column_type: str | None = None) -> Any:
    """A cell as the module says."""
    if isinstance(cell, Composite):
        return {"c": [cell_json(one, blocks, column_type) for one in cell.items], "b": cell.separate_lines}
    typed = cell.type != (column_type or "String")
    labelled = cell.label is not None and cell.label != "" and cell.label is not cell.value and _differs(cell)
    if not (
        typed or labelled or cell.style is not PLAIN or cell.type == "Link" or isinstance(cell.value, (dict, list))
    ):
        return cell.value
    made: dict[str, Any] = {"v": cell.value}
    if labelled:
        made["l"] = shown(cell)
    if typed:
        made["t"] = cell.type
    if cell.style is not PLAIN:
        made["s"] = blocks.style(cell.style)
    if target := link(cell):
        if target.address is not None:
            made["h"] = target.address
        else:
            made["o"] = target.value
    return made


def _differs(item: Item) -> bool:
    return type(item.label) is not type(item.value) or bool(item.label != item.value)


def type_name(entity_type: str) -> str:
    """What people call a type of observables; one that nobody knows as it stands."""
    known = BY_CONSTANT.get(entity_type)
    return entity_type if known is None else known.display


def text_part(run: TextRun, blocks: Blocks) -> dict[str, Any]:
    """Texts that share a line."""
    return {"kind": "text", "items": [cell_json(one, blocks) for one in run.items]}


def table_part(table: Table, blocks: Blocks, limit: int | None) -> dict[str, Any]:
    """A table.

    :param limit: rows that are shown; None: all
    """
    shown_rows = table.rows[:limit]
    types = [kind or _common_type(row[at] for row in shown_rows) for at, kind in enumerate(table.types)]
    columns = [
        {"name": name, "type": kind, "width": width}
        for name, kind, width in zip(table.headings, types, table.widths, strict=True)
    ]
    rows = [[cell_json(cell, blocks, kind) for cell, kind in zip(row, types, strict=True)] for row in shown_rows]
    return {
        "kind": "items",
        "caption": table.name,
        "columns": columns,
        "rows": blocks.add(rows),
        "total": len(table.rows),
        "unit": "row",
    }


def _common_type(cells: Iterable[Cell]) -> str | None:
    """The type of a column that was given none: that of its items, where they have one in common."""
    types = {
        one.type
        for cell in cells
        for one in (cell.items if isinstance(cell, Composite) else (cell,))
        if one.value is not None and one.value != ""
    }
    return types.pop() if len(types) == 1 else None


def entities_part(entities: list[Entity], blocks: Blocks, limit: int | None) -> dict[str, Any]:
    """What a pivot found, as a table of types, values and whatever fields there are."""
    fields: dict[str, str] = {}
    for entity in entities[:limit]:
        for one in entity.fields:
            fields.setdefault(one.name, one.display_name)
    names = ["Type", "Value", *fields.values()]
    rows = []
    for entity in entities[:limit]:
        known: dict[str, Any] = {}
        for one in entity.fields:
            known.setdefault(one.name, one.value)
        value = {"v": entity.value, "o": entity.value}
        rows.append([type_name(entity.type), value, *(known.get(name) for name in fields)])
    widths = [1.0, 2.5, *(1.5 for _ in fields)]
    columns = [
        {"name": name, "type": None, "width": width / sum(widths)} for name, width in zip(names, widths, strict=True)
    ]
    return {
        "kind": "items",
        "caption": "Entities",
        "columns": columns,
        "rows": blocks.add(rows),
        "total": len(entities),
        "unit": "entity",
    }
