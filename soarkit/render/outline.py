"""Nested values drawn as an indented outline, with limits on what is drawn and a count of what is not.

Plain values stand behind their keys, aligned, and before the nested ones, so that what names an item comes first. A
list of plain values reads ``a, b``, a list of like objects is a small table, of others ``- `` items::

    ip:       192.0.2.10
    verdicts: clean, unknown
    owner:
      name: Contoso
    reports:
      score  label
      ─────  ─────
          7  scan
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from itertools import islice
from typing import Any

from soarkit.render.cuts import Cuts, counted
from soarkit.render.grid import MAX_LISTED, Style, draw_table, is_plain_list, joins_well, json_text, plain_text
from soarkit.render.grid import value_text as cell_text
from soarkit.render.text import display_width, printable, wrap

#: Stands for the value of a password.
MASK = "********"

MAX_LINES = 300  #: of an outline; more is not read on a terminal
MAX_DEPTH = 8  #: levels of nesting
MAX_ITEMS = 50  #: of a list of objects
MAX_TEXT = 4000  #: characters of one text
MAX_TEXT_LINES = 60  #: lines of one text, as it is written

_STEP = 2  # columns a level is indented
_NARROWEST = 14  # columns left below which nothing more is indented
_SHARE = 12  # lines kept free for each nested value that is still to come
_MAX_SHORT_LINES = 6  # lines; a longer text comes after the short values of an item
_TALLEST_ROW = 3  # lines; objects that need more read better as items
_TABLE_KEYS = 12  # keys; likewise
_ALIGNED_LINES = 12  # lines; a longer text stands below its key, where it has more room

Field = tuple[str, Any, "str | None"]  # key, value, data path


class Outline:
    """Lines of an outline, added one value after the other.

    :ivar lines: what was drawn so far

    :param columns: the width to stay within
    :param cuts: told of all that is left out
    :param max_lines: about how many lines to draw; a text that has begun is finished
    :param passwords: data paths whose values must not be shown
    """

    def __init__(
        self,
        columns: int,
        style: Style,
        cuts: Cuts,
        *,
        max_lines: int = MAX_LINES,
        passwords: Container[str] = (),
    ) -> None:
        self.lines: list[str] = []
        self._columns = columns
        self._style = style
        self._cuts = cuts
        self._limit = max_lines
        self._passwords = passwords
        self._full = False  # whether the limit has cut something off

    def items(self, values: Sequence[Any], path: str) -> None:
        """Values of which each stands for itself, numbered if there are several: whole, or not at all after the first.

        :param path: the data path that selects all of them
        """
        for number, value in enumerate(values):
            start, known = len(self.lines), len(self._cuts)
            if number >= MAX_ITEMS or (start >= self._limit and number):
                self._cuts.add(len(values) - number, "item", path)
                return
            self._full = False
            if len(values) > 1:
                rule = f"── {number + 1} ".ljust(min(self._columns, 40), "─")
                self.lines += [*([""] if self.lines else []), self._style.dim(rule)]
            self.value(value, path, 0, 0)
            if self._full and number:
                del self.lines[start:]
                self._cuts.forget(known)
                self._cuts.add(len(values) - number, "item", path)
                return

    def value(self, value: Any, path: str | None, indent: int = 0, depth: int = 0) -> None:
        """One value without a key.

        :param path: the data path that selects it, or None
        """
        value = self._unless_password(value, path)
        text = self._inline(value, indent)
        if text is not None:
            self._plain(text, value, path, indent)
        elif self._too_deep(indent, depth):
            self._mark(f"… {self._count_all(value, path)}", indent)
        elif isinstance(value, dict):
            shown = [(key, one, _below(path, key)) for key, one in islice(value.items(), MAX_LINES)]
            self.fields(shown, path, indent, depth, total=len(value))
        else:
            self._list(value, _each(path), indent, depth)

    def fields(
        self,
        fields: Sequence[Field],
        path: str | None,
        indent: int = 0,
        depth: int = 0,
        *,
        sort: bool = True,
        total: int = 0,
    ) -> None:
        """Values with their keys.

        :param path: the data path that selects all of them, or None
        :param sort: whether plain values come before nested ones
        :param total: how many there are, if those given are only the first
        """
        values = [self._unless_password(value, at) for _, value, at in fields]
        texts = [self._inline(value, indent) for value in values]
        labels = [printable(f"{key or '(empty)'}:") for key, _, _ in fields]
        order = sorted(range(len(fields)), key=lambda at: sort and not self._is_short(texts[at]))
        widths = [display_width(label) for label, text in zip(labels, texts, strict=True) if text is not None]
        column = self._column(widths, max([len(text) for text in texts if text is not None], default=0), indent)
        nested = len(texts) - len(widths)  # still to come
        said: list[tuple[str, Any]] = []
        limit = self._limit
        for number, at in enumerate(order):
            if len(self.lines) + (texts[at] is None) >= limit:  # a key without a line below it says nothing
                self._leave_out(max(total, len(order)) - number, "field", path, indent)
                return
            label, value, text = labels[at], values[at], texts[at]
            nested -= text is None
            twin = self._twin(value, text, said)
            if twin is not None:
                self._labelled(label, f"same as {twin}", indent, 0, self._style.dim)
                continue
            said.append((label[:-1], value))
            if text is not None:
                self._field(label, text, value, fields[at][2], indent, column)
                continue
            # What comes first must not take all the lines: what comes later is something else.
            left = limit - len(self.lines)
            self._limit = limit - min(left // 2, nested * _SHARE)
            self._nested(label, value, fields[at][2], indent, depth)
            self._limit = limit
        if total > len(order):
            self._leave_out(total - len(order), "field", path, indent)

    def _column(self, labels: list[int], longest: int, indent: int) -> int:
        """Where aligned values begin; some labels may be too long for that."""
        room = self._columns - indent
        most = room - longest - 1 if longest <= room // 3 else room * 2 // 5
        return max([each for each in labels if each <= most], default=0) + 1

    def _nested(self, label: str, value: Any, path: str | None, indent: int, depth: int) -> None:
        if self._too_deep(indent + _STEP, depth + 1):
            self._labelled(label, f"… {self._count_all(value, path)}", indent, 0, self._style.dim)
        else:
            self._lines(label, indent, self._style.bold)
            self.value(value, path, indent + _STEP, depth + 1)

    def _field(self, label: str, text: str, value: Any, path: str | None, indent: int, column: int) -> None:
        """A plain value behind its key, or below it where it has lines of its own or is long."""
        room = self._columns - indent - column
        long = is_plain_list(value) and len(value) > MAX_LISTED
        if not long and len(text) <= min(room * _ALIGNED_LINES, MAX_TEXT) and "\n" not in text.strip("\n"):
            self._labelled(label, printable(text.strip("\n"), lines=True), indent, column, self._paint(value))
        else:
            self._lines(label, indent, self._style.bold)
            self._plain(text, value, path, indent + _STEP)

    def _labelled(self, label: str, text: str, indent: int, column: int, paint: Callable[[str], str]) -> None:
        width = display_width(label)
        gap = max(column - width, 1)
        hang = width + gap
        room = self._columns - indent - hang
        if hang > max(column, 1) and display_width(text) > room:
            # A label too long to be aligned, and no room behind it.
            self._lines(label, indent, self._style.bold)
            self._lines(text, indent + _STEP, paint)
            return
        first, *rest = wrap(text, max(room, 2))
        self.lines.append((" " * indent + self._style.bold(label) + " " * gap + paint(first)).rstrip())
        self.lines += [(" " * (indent + hang) + paint(part)).rstrip() for part in rest]

    def _list(self, values: list[Any], path: str | None, indent: int, depth: int) -> None:
        plain = is_plain_list(values)
        most = MAX_LISTED if plain else MAX_ITEMS
        if not plain and self._as_table(values, path, indent):
            return
        for number, value in enumerate(values):
            start, known = len(self.lines), len(self._cuts)
            if number >= most or (start >= self._limit and number):
                self._leave_out(len(values) - number, "item", path, indent, full=number < most)
                return
            before, self._full = self._full, False
            self.value(value, path, indent + _STEP, depth + 1)
            if self._full and number:
                del self.lines[start:]
                self._cuts.forget(known)
                self._leave_out(len(values) - number, "item", path, indent)
                return
            self._full = self._full or before
            # The first line begins with spaces that are not painted.
            self.lines[start] = (" " * indent + "- " + self.lines[start][indent + _STEP :]).rstrip()

    def _as_table(self, values: list[Any], path: str | None, indent: int) -> bool:
        """Draw a list of like objects as a table, if it is one and fits."""
        most = max(min(MAX_ITEMS, self._limit - len(self.lines) - 2), 3)
        shown = values[:most]
        if len(shown) < 2 or not all(isinstance(one, dict) for one in shown):
            return False
        keys = list(dict.fromkeys(key for one in shown for key in one))
        if not 0 < len(keys) <= _TABLE_KEYS:
            return False
        paths = [_below(path, key) for key in keys]
        rows = [[self._unless_password(one.get(key), at) for key, at in zip(keys, paths, strict=True)] for one in shown]
        if any(isinstance(cell, str) and "\n" in cell for row in rows for cell in row):
            return False
        if any(cell and isinstance(cell, (dict, list)) and not is_plain_list(cell) for row in rows for cell in row):
            return False
        cuts = Cuts()
        cells = [
            [cell_text(cell, lines=True, cuts=cuts, path=at) for cell, at in zip(row, paths, strict=True)]
            for row in rows
        ]
        names = [printable(key or "(empty)") for key in keys]
        table = draw_table(names, rows, cells, self._columns - indent, self._style, tallest=_TALLEST_ROW)
        if table is None or len(cuts):
            return False
        self.lines += [(" " * indent + line).rstrip() for line in table]
        if len(values) > len(shown):
            self._leave_out(len(values) - len(shown), "item", path, indent, full=most < MAX_ITEMS)
        return True

    def _unless_password(self, value: Any, path: str | None) -> Any:
        if value is None or not (path in self._passwords or _each(path) in self._passwords):
            return value
        return MASK

    def _inline(self, value: Any, indent: int) -> str | None:
        """What stands on the line of its key, unsafe still, or None for a value that needs lines of its own."""
        if not isinstance(value, (dict, list)):
            blank = isinstance(value, str) and not value.strip()
            return json_text(value) if blank else plain_text(value)
        if not value:
            return "[]" if isinstance(value, list) else "{}"
        if not is_plain_list(value):
            return None
        if len(value) == 1:
            return self._inline(value[0], indent)
        texts = [plain_text(one) for one in value[:MAX_LISTED]]
        if not all(map(joins_well, texts)):
            return None
        text = ", ".join(texts)
        short = max(map(len, texts)) <= (self._columns - indent) // 3
        return text if short or len(text) <= (self._columns - indent) // 2 else None

    def _is_short(self, text: str | None) -> bool:
        return text is not None and "\n" not in text and len(text) <= self._columns * _MAX_SHORT_LINES

    def _plain(self, text: str, value: Any, path: str | None, indent: int) -> None:
        """A plain value on lines of its own, no more of it than is read."""
        while isinstance(value, list) and len(value) == 1:
            value, path = value[0], _each(path)
        if isinstance(value, list):
            self._lines(printable(text), indent, self._paint(value))
            if len(value) > MAX_LISTED:
                self._leave_out(len(value) - MAX_LISTED, "item", _each(path), indent, full=False)
            return
        kept = text
        if len(text) > MAX_TEXT or text.count("\n") > MAX_TEXT_LINES:
            kept = "\n".join(text[:MAX_TEXT].split("\n")[:MAX_TEXT_LINES])
        self._lines(printable(kept, lines=True).strip("\n"), indent, self._paint(value))
        if more := len(text) - len(kept):
            self._mark(f"… {counted(more, 'character', 'more ')}", indent)
            self._cuts.add(more, "character", path)

    def _count_all(self, value: Any, path: str | None) -> str:
        """Leave a value out altogether; says how much that is."""
        unit = "field" if isinstance(value, dict) else "item"
        self._cuts.add(len(value), unit, path if unit == "field" else _each(path))
        return counted(len(value), unit)

    def _leave_out(self, count: int, unit: str, path: str | None, indent: int, *, full: bool = True) -> None:
        self._mark(f"… {counted(count, unit, 'more ')}", indent)
        self._cuts.add(count, unit, path)
        self._full = self._full or full

    def _mark(self, text: str, indent: int) -> None:
        self._lines(text, indent, self._style.dim)

    def _lines(self, text: str, indent: int, paint: Callable[[str], str]) -> None:
        space = " " * indent
        self.lines += [(space + paint(part)).rstrip() for part in wrap(text, max(self._columns - indent, 2))]

    def _too_deep(self, indent: int, depth: int) -> bool:
        return depth > MAX_DEPTH or (depth > 0 and self._columns - indent < _NARROWEST)

    def _paint(self, value: Any) -> Callable[[str], str]:
        return self._style.dim if value is None or value in ("", [], {}) else self._style.plain

    def _twin(self, value: Any, text: str | None, said: Iterable[tuple[str, Any]]) -> str | None:
        """The key under which the same long value stands already."""
        if text is not None and (len(text) <= self._columns or not isinstance(value, (str, list))):
            return None
        for label, other in said:
            if type(other) is type(value) and len(other) == len(value):
                try:
                    # 1, 1.0 and true are equal to each other, and read differently.
                    if other == value and json_text(other) == json_text(value):
                        return label
                except RecursionError:
                    return None
        return None


def _below(path: str | None, key: str) -> str | None:
    """The path of what is at a key, or None if no path can name it."""
    return None if path is None or {"", "*"}.intersection(key.split(".")) else f"{path}.{key}"


def _each(path: str | None) -> str | None:
    """The path of the items of a list."""
    return path and f"{path}.*"
