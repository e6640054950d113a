"""Values of earlier runs as parameters: ``--param ip=run:last:action_result.data.*.ip``.

=============================================  =====================================================================
one parameter from a run                       a call of the action for each value
... whose parameter takes a comma list         one call with all values (``allow_list``; numbers go one by one)
several parameters from one run                a call for each row, aligned as ``--select`` aligns paths
parameters from different runs                 a call for each combination
several sets (``--params``, ``--input``)       each of them with each of the above
=============================================  =====================================================================

All calls are parameter sets of one run. Null, empty texts and empty lists are left out, as is what repeats an earlier
value or row. A row goes without an empty optional parameter; it is left out when it lacks a required one.

Values are never bent to fit. An error before anything runs are: a list or an object as a value; a value with a comma
for a parameter that takes a comma list, since the app would split it; a value in which a secret is masked; no values at
all; more than :data:`MOST_SETS` calls.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from soarkit_app import datapaths

from soarkit.cli.commandline import assignment
from soarkit.cli.values import FromRun
from soarkit.errors import RequestError, UsageError, typed
from soarkit.runtime.redact import MASK

if TYPE_CHECKING:
    from soarkit.store.opened import Store

#: Calls of an action in one run; above it nobody can have meant what was asked.
MOST_SETS = 100_000

_MOST_PATHS = 2000  # looked at for a suggestion
_MOST_ITEMS = 50  # likewise, of each list


class _Source(NamedTuple):
    """An earlier run, and what is taken from it: data paths by parameter."""

    key: str
    result: dict[str, Any]
    paths: dict[str, str]


def expand(
    sets: Sequence[Mapping[str, Any]],
    taken: Mapping[str, FromRun],
    declared: Mapping[str, Any],
    *,
    open_store: Callable[[], Store],
    note: Callable[[str], None],
) -> list[dict[str, Any]]:
    """The parameter sets of a run with the values of earlier runs in them.

    :param sets: the sets without these values
    :param taken: parameters that take values of earlier runs
    :param declared: the action's parameters, as the app JSON declares them
    :param open_store: called once the request itself is sound
    :param note: told how many values there are of each run
    :raises UsageError: a path is wrong, or the values cannot be given as they are
    :raises RequestError: there is no such run, or it has no result
    """
    for name, one in taken.items():
        try:
            datapaths.parse(one.path)
        except datapaths.DataPathError as error:
            hint = "such as action_result.data.*.KEY; `soarkit runs show ID --format json` shows the keys"
            raise UsageError(str(error), where=f"--param {name}", hint=None if error.suggestion else hint) from None
    with open_store() as store:
        sources = _sources(store, taken)
    choices = [_choices(source, declared, note) for source in sources]
    count = prod(map(len, choices)) * len(sets)
    if count > MOST_SETS:
        raise UsageError(
            f"these values make {count:,} calls of the action; a run makes at most {MOST_SETS:,}",
            where="--param",
            hint="take the parameters from one run, which aligns their values in rows, or a narrower data path",
        )
    return [
        {**given, **{name: value for row in rows for name, value in row.items()}}
        for given in sets
        for rows in product(*choices)
    ]


def paths_of(result: Mapping[str, Any]) -> list[str]:
    """Data paths of the plain values in a result, in their order; of long lists the first items are looked at."""
    found: dict[str, None] = {}
    for one in _listed(result.get("result_data")):
        if isinstance(one, dict):
            for part in datapaths.ACTION_RESULT_PARTS:
                if part in one:
                    _walk(one[part], f"action_result.{part}", found)
    _walk(result.get("result_summary"), "summary", found)
    return list(found)


def _sources(store: Store, taken: Mapping[str, FromRun]) -> list[_Source]:
    by_word: dict[str, _Source] = {}
    by_key: dict[str, _Source] = {}
    for name, one in taken.items():
        if one.run not in by_word:
            record = store.runs.get(one.run)
            if record.key not in by_key:
                raw = store.runs.result(record.key) if record.result_size else None
                if raw is None:
                    raise RequestError(
                        f"run {record.key} has no result to take values from: {record.message or record.status}",
                        where=f"--param {name}",
                    )
                by_key[record.key] = _Source(record.key, json.loads(raw), {})
            by_word[one.run] = by_key[record.key]
        by_word[one.run].paths[name] = one.path
    return list(by_key.values())


def _choices(source: _Source, declared: Mapping[str, Any], note: Callable[[str], None]) -> list[dict[str, Any]]:
    """What of one run goes into each call."""
    names = list(source.paths)
    found = datapaths.collect_rows(source.result, list(source.paths.values()))
    lists = {name for name in names if _takes_list(declared.get(name))}
    required = {name for name in names if _about(declared.get(name)).get("required") is True}
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    empty = 0
    for cells in found:
        row = {}
        for name, value in zip(names, cells, strict=True):
            if value is None or value in ([], {}) or (isinstance(value, str) and not value.strip()):
                continue
            _check(value, name, source, in_list=name in lists)
            row[name] = value
        if not row or not required <= row.keys():
            empty += 1
            continue
        rows.setdefault(tuple((type(row.get(name)), row.get(name)) for name in names), row)
    if not rows:
        raise _nothing(source, len(found))
    noun = "value" if len(names) == 1 else "row"
    told = [f"{len(found):,} found"] if len(found) != len(rows) else []
    told += [f"{empty:,} {'empty' if len(names) == 1 else 'with a gap'}"] if empty else []
    repeated = len(found) - empty - len(rows)
    told += [f"{repeated:,} repeated"] if repeated else []
    more = f" ({', '.join(told)})" if told else ""
    note(f"{len(rows):,} {noun}{'' if len(rows) == 1 else 's'} from run {source.key}{more}")
    if len(names) == 1 and names[0] in lists:
        return [{names[0]: ",".join(_text(row[names[0]]) for row in rows.values())}]
    return list(rows.values())


def _check(value: Any, name: str, source: _Source, *, in_list: bool) -> None:
    """Refuse a value that the parameter cannot have as it is."""
    path = source.paths[name]
    where = f"--param {name}=run:{source.key}:{path}"
    if isinstance(value, list):
        raise UsageError("there is a list, not a value", where=where, hint=f"for its items: {path}.*")
    if isinstance(value, dict):
        keys = ", ".join(map(repr, list(value)[:10]))
        raise UsageError("there is an object, not a value", where=where, hint=f"name one of its keys: {keys}")
    if not isinstance(value, str):
        return
    if MASK in value:
        raise UsageError(
            "a secret was there, which is masked in all that is kept of a run",
            where=where,
            hint=f"give it from where it is kept: --param {name}=env:VARIABLE or {name}=@FILE",
        )
    if in_list and "," in value:
        shown = value if len(value) <= 100 else f"{value[:99]}…"
        raise UsageError(
            f"{shown!r} has a comma, and the parameter takes a list with commas between its values",
            where=where,
            hint=f"if it is such a list, give it as it is: --param {typed(assignment(name, shown))}",
        )


def _nothing(source: _Source, empty: int) -> UsageError:
    path = next(iter(source.paths.values()))
    where = ", ".join(f"--param {name}=run:{source.key}:{path}" for name, path in source.paths.items())
    known = paths_of(source.result)
    near = _near(path, known)
    hint = f"it has values at {', '.join(near)}" if near else "it has no data"
    if empty:
        return UsageError(f"there is nothing but empty values ({empty:,})", where=where, hint=hint)
    said = source.result.get("message")
    failed = f"; the run failed: {said}" if source.result.get("status") == "failed" and said else ""
    return UsageError(f"run {source.key} has no values there{failed}", where=where, hint=hint)


def _near(path: str, known: list[str]) -> list[str]:
    """Paths that may have been meant: such with the same last key, or spelled alike, else the first of the data."""
    from difflib import get_close_matches

    last = path.rstrip(".*").rpartition(".")[2]
    same = [one for one in known if one.rstrip(".*").rpartition(".")[2] == last]
    close = get_close_matches(path, known, n=3, cutoff=0.7)
    data = [one for one in known if one.startswith("action_result.data.")]
    return list(dict.fromkeys([*same, *close]))[:5] or data[:5] or known[:5]


def _walk(value: Any, path: str, found: dict[str, None]) -> None:
    if len(found) >= _MOST_PATHS:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if key and "." not in key and key != "*":
                _walk(inner, f"{path}.{key}", found)
    elif isinstance(value, list):
        for inner in _listed(value):
            _walk(inner, f"{path}.*", found)
    elif value not in (None, ""):
        found[path] = None


def _listed(value: Any) -> Iterable[Any]:
    return value[:_MOST_ITEMS] if isinstance(value, list) else ()


def _about(declared: Any) -> dict[str, Any]:
    return declared if isinstance(declared, dict) else {}


def _takes_list(declared: Any) -> bool:
    about = _about(declared)
    return about.get("allow_list") is True and about.get("data_type") not in ("numeric", "boolean")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
