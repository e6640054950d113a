"""Lists, notes and what else of the playbook API apps use (connector API, end of section 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from soarkit_app.action_json import whole_number

from soarkit.answers.opened import LazyStore
from soarkit.answers.vault import container_number
from soarkit.errors import RequestError
from soarkit.runtime.platform import RunContext

if TYPE_CHECKING:
    from soarkit.store.lists import Lists

_Rows = list[list[Any]]


def answers(store: LazyStore, context: RunContext) -> Mapping[str, Callable[..., object]]:
    """What apps ask about lists, notes, containers and artifacts through ``phantom.rules``.

    :param store: where they are kept
    """
    asked = _Records(store, context)
    return {
        "get_list": asked.get_list,
        "set_list": asked.set_list,
        "add_list": asked.add_list,
        "delete_from_list": asked.delete_from_list,
        "check_list": asked.check_list,
        "add_note": asked.add_note,
        "delete_artifact": asked.delete_artifact,
        "get_container": asked.get_container,
    }


class _Records:
    """Each gives status, message, and what the function has further."""

    def __init__(self, store: LazyStore, context: RunContext) -> None:
        self._store, self._context = store, context

    def get_list(self, list_name: Any, values: Any, column_index: Any) -> list[object]:
        """The rows; with ``values`` only those that have one of them, anywhere or in one column."""
        rows: _Rows = self._lists.get(_name(list_name))["content"]
        if values is not None:
            wanted = {_cell(one) for one in _row(values)}
            column = whole_number(column_index, -1)
            rows = [row for row in rows if wanted & {_cell(one) for one in _looked_at(row, column)}]
        return [True, f"{_rows(len(rows))} found", rows]

    def set_list(self, list_name: Any, values: Any) -> list[object]:
        """Replace all rows."""
        self._lists.set(_name(list_name), _table(values))
        return [True, f"the list {list_name} has been set"]

    def add_list(self, list_name: Any, values: Any) -> list[object]:
        """Append a row; of rows, all of them."""
        rows = _table(values) or [[]]
        self._lists.append(_name(list_name), rows)
        return [True, f"{_rows(len(rows))} added to the list {list_name}"]

    def delete_from_list(
        self, list_name: Any, value: Any, column: Any, remove_all: Any, remove_row: Any
    ) -> list[object]:
        """Take a value out, or the rows that have it."""
        count = self._lists.remove(
            _name(list_name),
            str(_cell(value)),
            column=None if column is None else whole_number(column, -1),
            all=bool(remove_all),
            rows=bool(remove_row),
        )
        what = "row" if remove_row else "value"
        return [True, f"{count} {what}{'' if count == 1 else 's'} removed from the list {list_name}"]

    def check_list(self, list_name: Any, value: Any, case_sensitive: Any, substring: Any) -> list[object]:
        """Count the rows that have a value."""
        fold = str if case_sensitive else str.casefold
        wanted = fold(str(_cell(value)))
        count = 0
        for row in self._lists.get(_name(list_name))["content"]:
            cells = [fold(str(one)) for one in row if one is not None]
            count += any(wanted in cell for cell in cells) if substring else wanted in cells
        return [True, f"{_rows(count)} found", count]

    def add_note(self, container: Any, note_type: Any, note_format: Any, fields: Mapping[str, Any]) -> list[object]:
        """Write a note, into the container of the run where none is given."""
        number = container_number(container, self._context)
        if not number:
            raise ValueError("a note belongs to a container, and this run has none")
        id = self._store.get().notes.add(
            number,
            title=_text(fields.get("title")),
            content=_text(fields.get("content")),
            note_type=_text(note_type) or "general",
            note_format=_text(note_format) or "html",
            author=self._context.app.name,
            artifact_id=_id(fields.get("artifact_id")),
            task_id=_id(fields.get("task_id")),
            phase_id=_id(fields.get("phase_id")),
        )
        return [True, "the note was added", id]

    def delete_artifact(self, artifact_id: Any) -> list[object]:
        """Delete an artifact."""
        self._store.get().artifacts.delete(_required_id(artifact_id, "artifact"))
        return [True, f"artifact {artifact_id} was deleted"]

    def get_container(self, container_id: Any) -> list[object]:
        """A container as REST shows it."""
        return [True, "", self._store.get().containers.get(_required_id(container_id, "container"))]

    @property
    def _lists(self) -> Lists:
        return self._store.get().lists


def _name(given: Any) -> str:
    if not given:
        raise ValueError("list_name is needed")
    return str(given)


def _row(values: Any) -> list[Any]:
    return list(values) if isinstance(values, list) else [] if values is None else [values]


def _table(values: Any) -> _Rows:
    """Rows of texts. A list of plain values is one row."""
    given = _row(values)
    rows = given if any(isinstance(one, list) for one in given) else [given] if given else []
    return [[_cell(one) for one in _row(row)] for row in rows]


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"


def _cell(value: Any) -> str | None:
    """The platform keeps texts."""
    return value if value is None or isinstance(value, str) else str(value)


def _looked_at(row: list[Any], column: int) -> list[Any]:
    return row if column < 0 else row[column : column + 1]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _id(value: Any) -> int | None:
    return whole_number(value) or None


def _required_id(value: Any, kind: str) -> int:
    number = whole_number(value)
    if number <= 0:
        raise RequestError(f"{value!r} is no {kind}'s id")
    return number
