"""The table of an action run: which columns, and the aligned rows that stand below them.

The columns are those outputs of the manifest that have a ``column_name``, in the order of ``column_order`` (the guide,
"Output"). A third of the actions of public apps declare none; they get a column for
every plain value of their data, or for parameters, status and message, so that a person always sees something.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from itertools import chain, islice
from typing import Any, NamedTuple

from soarkit_app.datapaths import DataPathError, collect, iter_rows, parse

#: Stands in a cell for the value of a password.
MASK = "********"

_PARAMETER = "action_result.parameter."
_SAMPLE = 100  # data items looked at to find columns that nobody declared


class Column(NamedTuple):
    """One column of a table.

    :ivar name: the heading, as declared
    :ivar path: the data path of its values
    :ivar data_type: the declared type, or None for a column nobody declared
    :ivar contains: kinds of content, such as "ip" or "sha256"
    """

    name: str
    path: str
    data_type: str | None = None
    contains: tuple[str, ...] = ()


class Table(NamedTuple):
    """Columns and rows; a cell is the result's own value, None where there is none, :data:`MASK` for a password.

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
    """What the action's declared columns show or, where they are none or show nothing, the data items' plain values.

    :param fields: the action's ``output`` list as it stands in the manifest
    :param result: a run's result JSON
    :param passwords: names of parameters whose values must not be shown
    :param max_rows: keep only so many rows; all are counted. None keeps all.
    """
    table = _fill(declared_columns(fields), result, passwords, max_rows)
    return table if table.rows else _fill(_data_columns(result), result, passwords, max_rows)


def results_table(result: Mapping[str, Any], *, passwords: Container[str] = (), max_rows: int | None = None) -> Table:
    """One row for each action result, its parameters, status and message: for a run without data, or for its failures.

    Parameters as for :func:`data_table`.
    """
    parameters = [each for each in collect(result, "action_result.parameter") if isinstance(each, dict)]
    names = _keys(parameters, plain=True)
    columns = [Column(name, _PARAMETER + name) for name in names if name != "context"]
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


def _data_columns(result: Mapping[str, Any]) -> list[Column]:
    items = list(islice(chain.from_iterable(map(_listed, collect(result, "action_result.data"))), _SAMPLE))
    dicts = [item for item in items if isinstance(item, dict)]
    keys = _keys(dicts, plain=True) or _keys(dicts, plain=False)
    if keys:
        return [Column(key, f"action_result.data.*.{key}") for key in keys]
    return [Column("data", "action_result.data.*")] if items else []


def _keys(items: list[dict[str, Any]], *, plain: bool) -> list[str]:
    """Keys that a data path can name, in order of appearance; if ``plain``, those with a plain value somewhere."""
    found: dict[str, None] = {}
    for item in items:
        for key, value in item.items():
            if not (plain and isinstance(value, (dict, list))) and not {"", "*"}.intersection(key.split(".")):
                found[key] = None
    return list(found)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
