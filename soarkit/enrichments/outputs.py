"""Output documents of enrichment transforms, as every viewer reads them (reference, sections 1.3, 2.2, 2.3 and 3).

Reading never fails: what is wrong with a widget makes a :class:`Bad` of it, smaller things are warnings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from soarkit.enrichments.attributes import read_style
from soarkit.enrichments.oddities import Oddities
from soarkit.enrichments.widgets import (
    ITEM_TYPES,
    MESSAGE_TYPES,
    Bad,
    Cell,
    Chart,
    Composite,
    Entity,
    EntityField,
    Item,
    Message,
    Output,
    Rule,
    Table,
    Target,
    Text,
    TextRun,
    Widget,
)

__all__ = [
    "ITEM_TYPES",
    "MESSAGE_TYPES",
    "Bad",
    "Cell",
    "Chart",
    "Composite",
    "Entity",
    "EntityField",
    "Item",
    "Message",
    "Output",
    "Rule",
    "Table",
    "Target",
    "Text",
    "TextRun",
    "Widget",
    "cell_text",
    "lines",
    "link",
    "plain",
    "read_output",
    "shown",
]

_PERCENTAGE = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*%\s*")
_PLATFORM = re.compile(r"/?detail/v2/(ip|domain|url|hash)/?\?(?:[^#]*&)?value=([^&#]+)(?:[&#].*)?", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\x00-\x20\\][^\x00-\x1f\\]*", re.IGNORECASE)


def read_output(document: Any) -> Output:
    """Read an output document, whatever is in it.

    :param document: what ``json.loads`` gave; anything but an object is an empty output with a warning
    """
    odd = Oddities()
    if not isinstance(document, Mapping):
        return Output(warnings=["the output is no object"])
    widgets = [_widget(one, f"widgets[{at}]", odd) for at, one in enumerate(_list(document, "widgets", odd))]
    if widgets and isinstance(widgets[-1], Text) and not widgets[-1].line_break:
        odd.add(f"widgets[{len(widgets) - 1}]", "the last widget is a text, so its lineBreakEnding must be true")
    entities = [_entity(one, f"entities[{at}]", odd) for at, one in enumerate(_list(document, "entities", odd))]
    return Output(
        widgets=widgets,
        entities=[one for one in entities if one is not None],
        exceptions=[_exception(one) for one in _list(document, "exceptions", odd)],
        messages=[_message(one) for one in _list(document, "messages", odd)],
        warnings=odd.lines(),
    )


def lines(widgets: Iterable[Widget]) -> list[TextRun | Table | Rule | Chart | Bad]:
    """Widgets as they stand below each other: texts run on in one line until one that ends it, or another widget."""
    made: list[TextRun | Table | Rule | Chart | Bad] = []
    run: list[Cell] = []
    for one in widgets:
        if isinstance(one, Text):
            run.append(one.item)
        if run and (not isinstance(one, Text) or one.line_break):
            made.append(TextRun(tuple(run)))
            run = []
        if not isinstance(one, Text):
            made.append(one)
    if run:
        made.append(TextRun(tuple(run)))
    return made


def shown(item: Item) -> str:
    """The text of an item for people: its label, else its value."""
    return plain(item.value if item.label is None or item.label == "" else item.label)


def plain(value: Any) -> str:
    """A value as people read it: nothing for None, ``true`` and ``false`` in lower case."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def cell_text(cell: Cell) -> str:
    """The text of a cell: items of a composite beside each other, or a line each."""
    if isinstance(cell, Item):
        return shown(cell)
    return ("\n" if cell.separate_lines else " ").join(shown(one) for one in cell.items)


def link(item: Item) -> Target | None:
    """Where an item leads: only the type Link does, and only to http, https or a platform's page of an observable."""
    if item.type != "Link" or not isinstance(item.value, str):
        return None
    text = item.value.strip()
    if found := _PLATFORM.fullmatch(text):
        return Target(kind=found[1].lower(), value=unquote_plus(found[2]))
    return Target(address=text) if _WEB.fullmatch(text) and _has_host(text) else None


def _has_host(address: str) -> bool:
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False


def _list(document: Mapping[str, Any], key: str, odd: Oddities) -> list[Any]:
    given = document.get(key)
    if isinstance(given, list):
        return given
    if given is not None:
        odd.add(key, "it is no array")
    return []


def _exception(given: Any) -> str:
    if isinstance(given, Mapping):
        texts = [one for one in given.values() if isinstance(one, str)]
        if len(texts) == 1:
            return texts[0]
    return plain(given)


def _message(given: Any) -> Message:
    if not isinstance(given, Mapping):
        return Message("INFO", plain(given))
    kind = str(given.get("messageType")).upper()
    return Message(kind if kind in MESSAGE_TYPES else "INFO", plain(given.get("messageText")))


def _entity(given: Any, where: str, odd: Oddities) -> Entity | None:
    if not isinstance(given, Mapping) or given.get("entityValue") in (None, ""):
        odd.add(where, "it has no entityValue, and is left out")
        return None
    fields = given.get("additionalFields")
    return Entity(
        plain(given.get("entityType")),
        plain(given["entityValue"]),
        tuple(
            EntityField(
                plain(one.get("fieldName")),
                plain(one.get("displayName")) or plain(one.get("fieldName")),
                one.get("fieldValue"),
            )
            for one in (fields if isinstance(fields, list) else [])
            if isinstance(one, Mapping)
        ),
    )


class _Wrong(Exception):
    """A widget that cannot be shown; its text says why."""


def _widget(given: Any, where: str, odd: Oddities) -> Widget:
    if not isinstance(given, Mapping):
        return Bad(f"{where}: a widget must be an object, not {_kind(given)}")
    kind = given.get("widgetType")
    read = _READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        return Bad(f"{where}: there is no widgetType {plain(kind)[:60]!r}")
    try:
        return read(given, where, odd)
    except _Wrong as wrong:
        return Bad(f"{where}: {wrong}")


def _text(given: Mapping[str, Any], where: str, odd: Oddities) -> Text:
    return Text(_cell(given.get("item"), f"{where}.item", None, odd), given.get("lineBreakEnding") is not False)


def _rule(given: Mapping[str, Any], where: str, odd: Oddities) -> Rule:
    return Rule()


def _chart(given: Mapping[str, Any], where: str, odd: Oddities) -> Chart:
    text = given.get("highchartsJson")
    if not isinstance(text, str):
        raise _Wrong(f"highchartsJson must be JSON text in a string, not {_kind(text)}")
    return Chart(plain(given.get("chartName")), text)


def _table(given: Mapping[str, Any], where: str, odd: Oddities) -> Table:
    headings, rows = given.get("columnHeadings"), given.get("rows")
    if not isinstance(headings, list):
        raise _Wrong(f"columnHeadings must be an array, not {_kind(headings)}")
    if not isinstance(rows, list):
        raise _Wrong(f"rows must be an array, not {_kind(rows)}")
    count = len(headings)
    types = _types(given.get("columnTypes"), count, f"{where}.columnTypes", odd)
    return Table(
        plain(given.get("tableName")),
        tuple(plain(one) for one in headings),
        types,
        _widths(given.get("columnWidths"), count, f"{where}.columnWidths", odd),
        tuple(_row(one, f"{where}.rows[{at}]", types, odd) for at, one in enumerate(rows)),
    )


def _row(given: Any, where: str, types: Sequence[str | None], odd: Oddities) -> tuple[Cell, ...]:
    if not isinstance(given, list):
        raise _Wrong(f"a row must be an array, not {_kind(given)}")
    if len(given) > len(types):
        odd.add(where, "a row is longer than the headings; the surplus is left out")
    cells = [_cell(one, where, kind, odd) for one, kind in zip(given, types, strict=False)]
    return (*cells, *(Item("String", None) for _ in range(len(types) - len(cells))))


def _types(given: Any, count: int, where: str, odd: Oddities) -> tuple[str | None, ...]:
    if given in (None, []):
        return (None,) * count
    if not isinstance(given, list) or len(given) != count:
        odd.add(where, f"it must name a type for each of {count} columns; all are read as String")
        return ("String",) * count
    return tuple(None if one is None else _type(one, where, odd) for one in given)


def _type(given: Any, where: str, odd: Oddities) -> str:
    if isinstance(given, str) and given in ITEM_TYPES:
        return given
    odd.add(where, f"there is no type {plain(given)[:60]!r}; it is read as String")
    return "String"


def _widths(given: Any, count: int, where: str, odd: Oddities) -> tuple[float, ...]:
    equal = (1 / count,) * count if count else ()
    if given in (None, []):
        return equal
    found = [_PERCENTAGE.fullmatch(one) for one in given if isinstance(one, str)] if isinstance(given, list) else []
    shares = [float(one[1]) for one in found if one]
    if len(shares) != count or len(given) != count or not sum(shares):
        odd.add(where, f"it must be a percentage for each of {count} columns; all are of one width")
        return equal
    total = sum(shares)
    if abs(total - 100) > 0.5:
        odd.add(where, f"the widths are {total:g}% together; they are scaled to 100%")
    return tuple(one / total for one in shares)


def _cell(given: Any, where: str, column_type: str | None, odd: Oddities) -> Cell:
    if isinstance(given, Mapping):
        items = given.get("itemsInWidget")
        if isinstance(items, list):
            inner = [_cell(one, where, column_type, odd) for one in items]
            if any(isinstance(one, Composite) for one in inner):
                odd.add(where, "a composite item holds items only; an inner one is left out")
            flat = tuple(one for one in inner if isinstance(one, Item))
            return Composite(flat, given.get("onSeparateLines") is True)
        own = given.get("itemType")
        return Item(
            _type(own, where, odd) if own not in (None, "") else column_type or "String",
            given.get("itemValue"),
            given.get("itemLabel"),
            read_style(given, lambda what: odd.add(where, what)),
        )
    if given is None or isinstance(given, (str, int, float)):
        if given is not None:
            odd.add(where, "this is a bare value where an item belongs")
        return Item(column_type or "String", given)
    raise _Wrong(f"an item must be an object, not {_kind(given)}")


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a text", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


_READERS: dict[str, Callable[[Mapping[str, Any], str, Oddities], Widget]] = {
    "Text": _text,
    "Table": _table,
    "HorizontalRule": _rule,
    "Chart": _chart,
}
