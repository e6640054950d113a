"""The table of an action run: which columns, and the aligned rows that stand below them.

The columns are those outputs of the manifest that have a ``column_name``, in the order of ``column_order`` (the guide,
"Output"). A third of the actions of public apps declare none: data that is flat gets a column for each of its keys, and
what is nested is left to an outline (:func:`data_items`). Columns often show a part of the data only, so what they
leave out can be asked for (:func:`fields_beside`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, NamedTuple

from soarkit_app.datapaths import DataPathError, collect, iter_rows, parse

from soarkit.render.grid import is_plain_list
from soarkit.render.outline import MASK

DATA = "action_result.data.*"  #: selects every data item

_PARAMETER = "action_result.parameter."
_MOST_VISITED = 20_000  # values looked at to find fields that are in no column


class Column(NamedTuple):
    """One column of a table.

    :ivar name: the heading, as declared
    :ivar path: the data path of its values
    :ivar data_type: the declared type, or None
    :ivar contains: kinds of content, such as "ip" or "sha256"
    """

    name: str
    path: str
    data_type: str | None = None
    contains: tuple[str, ...] = ()


class Table(NamedTuple):
    """Columns and rows; a cell is the result's own value, None where there is none, ``MASK`` for a password.

    :ivar rows: the first rows, no more than were asked for
    :ivar total: how many rows the result has
    """

    columns: list[Column]
    rows: list[tuple[Any, ...]]
    total: int


def data_table(
    fields: Iterable[Mapping[str, Any]],
    result: Mapping[str, Any],
    *,
    passwords: Container[str] = (),
    max_rows: int | None = None,
) -> Table:
    """What the action's declared columns show or, where they are none or show nothing, the data items if they are flat.

    Without rows there is no such table: no data, or data that is nested.

    :param fields: the action's ``output`` list as it stands in the manifest
    :param result: a run's result JSON
    :param passwords: names of parameters whose values must not be shown
    :param max_rows: keep only so many rows; all are counted. None keeps all.
    """
    fields = list(fields)
    table = _fill(declared_columns(fields), result, passwords, max_rows)
    if table.rows:
        return table
    return _fill(_data_columns(data_items(result), password_paths(fields), max_rows), result, passwords, max_rows)


def items_table(fields: Iterable[Mapping[str, Any]], result: Mapping[str, Any]) -> Table:
    """A row for each data item, and a column for each of their keys: for data of which :func:`data_table` makes none.

    Cells may hold anything. Items that are no dictionaries stand in one column, ``data``. Without data it is empty.

    :param fields: the action's ``output`` list as it stands in the manifest
    :param result: a run's result JSON
    """
    items = data_items(result)
    hidden = password_paths(fields)
    if not items or not all(isinstance(item, dict) for item in items):
        return Table([Column("data", DATA)] if items else [], [(item,) for item in items], len(items))
    keys = list(dict.fromkeys(key for item in items for key in item))
    columns = [Column(key, f"{DATA}.{key}" if _nameable(key) else DATA) for key in keys]
    masked = {key for key, column in zip(keys, columns, strict=True) if column.path in hidden}
    rows: list[tuple[Any, ...]] = [
        tuple(MASK if key in masked and item.get(key) is not None else item.get(key) for key in keys) for item in items
    ]
    return Table(columns, rows, len(rows))


def results_table(result: Mapping[str, Any], *, passwords: Container[str] = (), max_rows: int | None = None) -> Table:
    """One row for each action result, its parameters, status and message: for a run without data, or for its failures.

    Parameters as for :func:`data_table`.
    """
    parameters = [each for each in collect(result, "action_result.parameter") if isinstance(each, dict)]
    plain = (key for one in parameters for key, value in one.items() if not isinstance(value, (dict, list)))
    names = [key for key in dict.fromkeys(plain) if key != "context" and _nameable(key)]
    columns = [Column(name, _PARAMETER + name) for name in names]
    columns += [Column("status", "action_result.status"), Column("message", "action_result.message")]
    return _fill(columns, result, passwords, max_rows)


def _fill(columns: list[Column], result: Mapping[str, Any], passwords: Container[str], max_rows: int | None) -> Table:
    rows = iter_rows(result, [column.path for column in columns])
    kept = list(islice(rows, max_rows))
    hidden = {index for index, column in enumerate(columns) if _is_password(column, passwords)}
    if hidden:
        kept = [
            tuple(MASK if at in hidden and cell is not None else cell for at, cell in enumerate(row)) for row in kept
        ]
    return Table(columns, kept, len(kept) + sum(1 for _ in rows))


def _is_password(column: Column, passwords: Container[str]) -> bool:
    if column.data_type == "password":
        return True
    return column.path.startswith(_PARAMETER) and column.path[len(_PARAMETER) :] in passwords


def declared_columns(fields: Iterable[Mapping[str, Any]]) -> list[Column]:
    """The columns that outputs declare, sorted by ``column_order``; those without a usable one come last, as listed.

    An output whose data path is none is left out; validation reports it.
    """
    found: list[tuple[float, Column]] = []
    for field in fields:
        if not isinstance(field, Mapping):
            continue
        name, path = field.get("column_name"), field.get("data_path")
        if not isinstance(name, str) or not isinstance(path, str):
            continue
        try:
            parse(path)
        except DataPathError:
            continue
        contains = field.get("contains")
        kinds = tuple(map(str, contains)) if isinstance(contains, list) else ()
        data_type = field.get("data_type")
        column = Column(name, path, data_type if isinstance(data_type, str) else None, kinds)
        found.append((_order(field.get("column_order")), column))
    found.sort(key=lambda item: item[0])
    return [column for _, column in found]


def _order(value: Any) -> float:
    try:
        return float(value)  # "0" as text occurs
    except (TypeError, ValueError, OverflowError):
        return float("inf")


def data_items(result: Mapping[str, Any]) -> list[Any]:
    """The data items of all action results, without those that hold nothing."""
    listed = (data if isinstance(data, list) else [data] for data in collect(result, "action_result.data"))
    return [item for item in chain.from_iterable(listed) if item not in (None, {}, [])]


def password_paths(fields: Iterable[Mapping[str, Any]]) -> set[str]:
    """The data paths of outputs that are declared as passwords."""
    passwords = (one for one in fields if isinstance(one, Mapping) and one.get("data_type") == "password")
    return {path for one in passwords if isinstance(path := one.get("data_path"), str)}


def fields_beside(columns: Iterable[Column], result: Mapping[str, Any]) -> tuple[list[str], bool]:
    """The fields of the data that hold something and are in no column.

    :returns: their paths below a data item, in order of appearance, and whether any column shows a field of the data.
        Only so much of large data is looked at that it takes a few milliseconds.
    """
    covered = {_spelled(column.path) for column in columns}
    covered |= {path[:-2] for path in covered if path.endswith(".*")}
    fields = _leaves(data_items(result))
    beside = [path for path in fields if not _is_below(_spelled(path), covered)]
    return [path[len(DATA) + 1 :] or "data" for path in beside], len(beside) < len(fields)


def _is_below(path: str, others: Container[str]) -> bool:
    """Whether one of the others is the path or a beginning of it."""
    while path not in others:
        path, dot, _ = path.rpartition(".")
        if not dot:
            return False
    return True


def _spelled(path: str) -> str:
    """A path with stars for indexes."""
    return ".".join("*" if key.isdecimal() else key for key in path.rstrip(".").split("."))


def _leaves(items: list[Any]) -> dict[str, None]:
    """The paths of values that are something and hold no others."""
    found: dict[str, None] = {}
    stack: list[Iterator[tuple[str, Any]]] = [((DATA, item) for item in items)]
    visited = 0
    while stack and visited < _MOST_VISITED:
        path, value = next(stack[-1], (None, None))
        if path is None:
            stack.pop()
            continue
        visited += 1
        if isinstance(value, dict):
            stack.append(iter([(f"{path}.{key}", one) for key, one in value.items()]))
        elif isinstance(value, list):
            below = f"{path}.*"
            if below not in found:
                stack.append((below, one) for one in value)
        elif value not in (None, ""):
            found[path] = None
    return found


def _data_columns(items: list[Any], passwords: Container[str], max_rows: int | None) -> list[Column]:
    """A column for each key of flat data items; none where an item is nested or has a key that no path can name."""
    shown = items if max_rows is None else items[:max_rows]
    keys = dict.fromkeys(key for item in shown if isinstance(item, dict) for key in item)
    for item in shown:
        if not isinstance(item, dict):
            if keys or isinstance(item, list):
                return []
        elif any(value and isinstance(value, (dict, list)) and not is_plain_list(value) for value in item.values()):
            return []
    if not all(map(_nameable, keys)):
        return []
    columns = [Column(key, f"{DATA}.{key}") for key in keys] or ([Column("data", DATA)] if items else [])
    return [one._replace(data_type="password") if one.path in passwords else one for one in columns]


def _nameable(key: str) -> bool:
    """Whether a data path can name a key."""
    return not {"", "*"}.intersection(key.split("."))
