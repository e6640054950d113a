"""Data paths: one abstract way to point into the result JSON of a run, for outputs, tables and ``--select``.

A path is dot-separated keys below a known root; ``*`` ranges over the items of a list::

    action_result.data.*.vendors.*.name      every vendor's name, of every data item, of every action result
    action_result.parameter.hash             one value for each action result
    action_result.summary.positives          one value for each action result
    summary.total_objects                    one value for the run

``action_result`` stands for each entry of ``result_data`` in turn, which is an implicit first ``*``; ``summary`` is
the run's ``result_summary``. Keys may hold anything but a dot (spaces, ``=``, ``%``, ``@``, digits). Real apps also
document keys that do hold dots (``@odata.type``, object identifiers, ``ANDROID4.4``): where the plain reading finds
nothing, neighbouring keys are read as one. A key of digits is an index where it meets a list. A trailing ``*`` that
meets one value instead of a list gives that value (null counts as an empty list); a trailing dot means nothing.

Rows
----
:func:`collect_rows` aligns several paths. Every value has *star positions*: the list indexes that its path's ``*``
stood at, the implicit one included. Values whose positions are equal as far as both go stand in one row. So a value
with fewer stars repeats over the deeper rows, sibling lists pair by index and never form a cross product, and a list
inside a list multiplies rows only below its own item. Where one path has nothing, its cell is None. A row in which no
path has anything is left out, so ``collect_rows(result, [p])`` holds exactly the values of ``collect(result, p)``.

For one action result with parameter ``{"ip": "1.2.3.4"}`` and the data items::

    {"name": "a", "ports": [22, 80], "tags": [{"t": "x"}]}
    {"name": "b"}

the paths ``action_result.parameter.ip``, ``action_result.data.*.name``, ``action_result.data.*.ports.*`` and
``action_result.data.*.tags.*.t`` give::

    ("1.2.3.4", "a", 22,   "x")       positions 0, 0, 0
    ("1.2.3.4", "a", 80,   None)      positions 0, 0, 1
    ("1.2.3.4", "b", None, None)      positions 0, 1

Source: the app guide's "Output" section, and the output lists of 200 published manifests for the forms of keys.
"""

from __future__ import annotations

from itertools import chain

TYPE_CHECKING = False  # typing's constant without typing's import time
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any, Optional, Union

    Keys = tuple[str, ...]

#: What may stand after ``action_result.``, in the order of the guide.
ACTION_RESULT_PARTS = ("data", "summary", "parameter", "status", "message", "context", "id")

#: More stars than any real result has levels; keeps a hostile path from exhausting the stack.
MAX_STARS = 64

_ROOTS_TEXT = "action_result." + "|".join(ACTION_RESULT_PARTS) + " and summary"
_MISSING = object()


class DataPathError(ValueError):
    """A text that is no data path.

    :ivar path: the text as given
    :ivar position: offset into ``path``, from 0, of the part that is wrong
    :ivar suggestion: a path that was probably meant, or None
    """

    def __init__(self, path: str, position: int, problem: str, suggestion: Optional[str] = None) -> None:
        hint = f', did you mean "{suggestion}"?' if suggestion else ""
        super().__init__(f'data path "{path}", character {position + 1}: {problem}{hint}')
        self.path = path
        self.position = position
        self.suggestion = suggestion


class Path:
    """A parsed data path; made by :func:`parse`.

    :ivar text: the path as written
    :ivar runs: the keys between the stars, beginning at the result's top: ``len(runs) - 1`` stars, the implicit one of
        ``action_result`` included. ``action_result.data.*.a.b`` has ``(("result_data",), ("data",), ("a", "b"))``.
    """

    __slots__ = ("runs", "text")

    def __init__(self, text: str, runs: tuple[Keys, ...]) -> None:
        self.text = text
        self.runs = runs

    def __repr__(self) -> str:
        return f"Path({self.text!r})"


def parse(path: str) -> Path:
    """Read a data path.

    :raises DataPathError: unknown root, an empty key, or more than :data:`MAX_STARS` stars; says where and, if it can,
        what was meant
    """
    keys = path.split(".")
    if len(keys) > 1 and not keys[-1]:
        del keys[-1]
    if not is_known_root(path):
        raise _unknown_root(path, keys)
    if "" in keys:
        raise DataPathError(path, _offset(keys, keys.index("")), "a key between two dots is empty")
    runs: list[list[str]] = [["result_summary"]] if keys[0] == "summary" else [["result_data"], []]
    for key in keys[1:]:
        if key == "*":
            runs.append([])
        else:
            runs[-1].append(key)
    if len(runs) > MAX_STARS:
        raise DataPathError(path, path.index("*"), f"more than {MAX_STARS} stars")
    return Path(path, tuple(tuple(run) for run in runs))


def is_known_root(path: str) -> bool:
    """Whether a path starts where the result JSON has something; the rest of it is not looked at."""
    first, _, rest = path.partition(".")
    if first == "summary":
        return True
    return first == "action_result" and rest.partition(".")[0] in ACTION_RESULT_PARTS


def collect(result: Mapping[str, Any], path: Union[str, Path]) -> list[Any]:
    """All values at a path, in order; JSON null is a value (None), an absent key is not.

    The values are the result's own objects, not copies. Takes time in proportion to the items the path ranges over.

    :param result: a run's result JSON as a dictionary
    :raises DataPathError: as :func:`parse`
    """
    runs = (path if isinstance(path, Path) else parse(path)).runs
    items: Iterable[Any] = (result,)
    for depth, keys in enumerate(runs[:-1]):
        items = chain.from_iterable(_ranges(items, keys, runs[depth + 1 :] == ((),)))
    return _values(items, runs[-1])


def collect_rows(result: Mapping[str, Any], paths: Iterable[Union[str, Path]]) -> list[tuple[Any, ...]]:
    """Aligned rows of several paths, one cell a path; the module's docstring defines them.

    :raises DataPathError: as :func:`parse`
    """
    return list(iter_rows(result, paths))


def iter_rows(result: Mapping[str, Any], paths: Iterable[Union[str, Path]]) -> Iterator[tuple[Any, ...]]:
    """The rows of :func:`collect_rows` one by one, walking the result once.

    :raises DataPathError: as :func:`parse`, at the call, before the first row is asked for
    """
    root = _Node()
    count = 0
    for path in paths:
        root.add((path if isinstance(path, Path) else parse(path)).runs, count)
        count += 1
    return _rows([(root, result)], [None] * count, False)


class _Node:
    """One ``*`` of the paths that share everything before it: what to read at each item it ranges over."""

    __slots__ = ("branches", "leaves", "slots")

    def __init__(self) -> None:
        self.leaves: list[tuple[int, Keys]] = []
        self.branches: dict[tuple[Keys, bool], _Node] = {}  # (keys to the list, whether its star is trailing)
        self.slots: list[int] = []  # every cell of a row that this node and those below it fill

    def add(self, runs: tuple[Keys, ...], slot: int) -> None:
        node = self
        for depth, keys in enumerate(runs):
            node.slots.append(slot)
            rest = runs[depth + 1 :]
            if not rest:
                node.leaves.append((slot, keys))
            else:
                node = node.branches.setdefault((keys, rest == ((),)), _Node())


def _rows(group: list[tuple[_Node, Any]], row: list[Any], seen: bool) -> Iterator[tuple[Any, ...]]:
    """Rows of the items that share their positions so far.

    :param group: the items, each with the node that says what to read there
    :param row: the row under construction, shared by all levels
    :param seen: whether a shallower level put something in it
    """
    lists: list[tuple[_Node, Sequence[Any]]] = []
    for node, item in group:
        for slot, keys in node.leaves:
            value = _find(item, keys)
            if value is _MISSING:
                row[slot] = None
            else:
                row[slot] = value
                seen = True
        for (keys, trailing), child in node.branches.items():
            items = _items(item, keys, trailing)
            if items:
                lists.append((child, items))
            else:
                _clear(row, child)
    if len(lists) == 1 and not lists[0][0].branches:
        yield from _flat_rows(lists[0][0].leaves, lists[0][1], row, seen)
    elif lists:
        for index in range(max(len(items) for _, items in lists)):
            here = []
            for child, items in lists:
                if index < len(items):
                    here.append((child, items[index]))
                elif index == len(items):
                    _clear(row, child)
            yield from _rows(here, row, seen)
    elif seen:
        yield tuple(row)


def _flat_rows(
    leaves: list[tuple[int, Keys]], items: Sequence[Any], row: list[Any], seen: bool
) -> Iterator[tuple[Any, ...]]:
    """The innermost and by far the hottest level: one list whose items hold no further lists to range over."""
    columns = [(slot, keys[0] if len(keys) == 1 else None, keys) for slot, keys in leaves]
    for item in items:
        found = seen
        is_dict = isinstance(item, dict)
        for slot, key, keys in columns:
            if is_dict and key in item:
                row[slot] = item[key]
                found = True
                continue
            value = _find(item, keys)
            if value is _MISSING:
                row[slot] = None
            else:
                row[slot] = value
                found = True
        if found:
            yield tuple(row)


def _clear(row: list[Any], node: _Node) -> None:
    for slot in node.slots:
        row[slot] = None


def _ranges(items: Iterable[Any], keys: Keys, trailing: bool) -> Iterator[Sequence[Any]]:
    """For each item the list that a star after ``keys`` ranges over."""
    key = keys[0] if len(keys) == 1 else None
    for item in items:
        if isinstance(item, dict) and key in item:  # the usual case, without two calls for each item
            value = item[key]
            if isinstance(value, list):
                yield value
                continue
        yield _items(item, keys, trailing)


def _values(items: Iterable[Any], keys: Keys) -> list[Any]:
    """What lies at ``keys`` below each of the items that have it.

    One and two keys are what most paths end in; their own loops spare them a call for each item.
    """
    if not keys:
        return list(items)
    found = []
    if len(keys) == 1:
        key = keys[0]
        for item in items:
            if isinstance(item, dict):
                if key in item:
                    found.append(item[key])
            elif (value := _find(item, keys)) is not _MISSING:
                found.append(value)
    elif len(keys) == 2:
        first, second = keys
        for item in items:
            if isinstance(item, dict) and first in item:
                inner = item[first]
                if isinstance(inner, dict) and second in inner:
                    found.append(inner[second])
                    continue
            if (value := _find(item, keys)) is not _MISSING:
                found.append(value)
    else:
        for item in items:
            if (value := _find(item, keys)) is not _MISSING:
                found.append(value)
    return found


def _items(value: Any, keys: Keys, trailing: bool) -> Sequence[Any]:
    """What a star after ``keys`` ranges over; for a trailing star one value that is no list is its own only item."""
    value = _find(value, keys)
    if isinstance(value, (list, tuple)):
        return value
    if trailing and value is not _MISSING and value is not None:
        return (value,)
    return ()


def _find(value: Any, keys: Keys) -> Any:
    """The value at ``keys``, by the plain reading if that finds one, or ``_MISSING``."""
    here = value
    for key in keys:
        if isinstance(here, dict) and key in here:
            here = here[key]
        elif isinstance(here, (list, tuple)) and (index := _index(key)) < len(here):
            here = here[index]
        elif len(keys) > 1:
            return _find_dotted(value, keys)
        else:
            return _MISSING
    return here


def _find_dotted(value: Any, keys: Keys) -> Any:
    """As :func:`_find`, but any neighbouring keys may be one key of the data that holds dots."""
    if not keys:
        return value
    for count in range(1, len(keys) + 1):
        step = _find(value, (".".join(keys[:count]),))
        if step is not _MISSING:
            step = _find_dotted(step, keys[count:])
            if step is not _MISSING:
                return step
    return _MISSING


def _index(key: str) -> int:
    # No list is longer than this has digits; int() of a hostile key would take long or raise.
    return int(key) if len(key) < 16 and key.isascii() and key.isdigit() else 10**16


def _offset(keys: Sequence[str], index: int) -> int:
    return sum(len(key) + 1 for key in keys[:index])


def _unknown_root(path: str, keys: list[str]) -> DataPathError:
    from difflib import get_close_matches

    problem = f"known roots are {_ROOTS_TEXT}"
    rest = path.partition(".")[2]
    if keys[0] == "action_result":
        if len(keys) < 2:
            return DataPathError(path, 0, f"names no part of the action result; {problem}")
        close = get_close_matches(keys[1], ACTION_RESULT_PARTS, 1)
        tail = rest.partition(".")[2]
        part, bracket, index = keys[1].rstrip("]").partition("[")
        if bracket and part in ACTION_RESULT_PARTS:  # data[0], as other tools write it
            close, tail = [part], ".".join(filter(None, [index, tail]))
        meant = ".".join(filter(None, ["action_result", close[0], tail])) if close else f"action_result.data.*.{rest}"
        return DataPathError(path, len("action_result."), f'unknown root "action_result.{keys[1]}"; {problem}', meant)
    suggestion = None
    if keys[0] in ACTION_RESULT_PARTS:
        suggestion = f"action_result.{path}"
    elif keys[0] == "parameters":
        suggestion = f"action_result.parameter.{rest}" if rest else "action_result.parameter"
    else:
        close = get_close_matches(keys[0].strip(), ("action_result", "summary", *ACTION_RESULT_PARTS), 1)
        meant = ".".join(filter(None, [close[0], rest])) if close else ""
        if close and close[0] in ACTION_RESULT_PARTS and close[0] != "summary":
            meant = f"action_result.{meant}"
        suggestion = meant if close and is_known_root(meant) else None
    return DataPathError(path, 0, f'unknown root "{keys[0]}"; {problem}', suggestion)
