"""Lists of a ThreatQ server, read page by page until nothing is missing (reference 3.1)."""

import json
from typing import Any, Callable, Hashable, List, Mapping, Optional, Set, TypeVar

from ..errors import ExportError
from .client import Client

_ATTEMPTS = 3

T = TypeVar("T")


class _Changed(Exception):
    """The list became another one between two of its pages, which are then no pages of one list."""


def whole_list(
    client: Client,
    path: str,
    take: Callable[[Any], T],
    params: Optional[Mapping[str, str]] = None,
    bare_is_whole: bool = False,
) -> Optional[List[T]]:
    """All entries of a list, each once.

    A page may be shorter than what was asked for. A list that changes while it is read is read again.

    :param path: below ``/api/``
    :param take: called with each entry; what it returns is kept in its place
    :param params: of the address, beside ``limit`` and ``offset``
    :param bare_is_whole: a list that says neither its total nor its limit is no page, as those of names are not
    :returns: None where the server knows no such list (404)
    :raises ExportError: the list cannot be read to its end
    """
    for _ in range(_ATTEMPTS):
        try:
            return _read(client, path, take, params or {}, bare_is_whole)
        except _Changed:
            continue
    raise _error(client, path, "changes while it is read", "try again when less is written to ThreatQ")


def _read(
    client: Client, path: str, take: Callable[[Any], T], params: Mapping[str, str], bare_is_whole: bool
) -> Optional[List[T]]:
    found: List[T] = []
    seen: Set[Hashable] = set()
    total: Optional[int] = None
    while True:
        answer = client.get(path, **params, limit=client.settings.page_size, offset=len(found))
        if answer.body is None:
            if not found:
                return None
            raise _error(client, path, f"is gone after {len(found)} entries", "try again")
        page = answer.body.get("data")
        if not isinstance(page, list):
            raise _error(client, path, "is no list", "check base_url: is it a ThreatQ server?")
        said = _number(answer.body.get("total"))
        if found and said != total:
            raise _Changed
        total = said
        for entry in page:
            identity = _identity(entry)
            if identity in seen:
                raise _error(
                    client,
                    path,
                    f"repeats entries it has given before, after {len(found)} of "
                    + (f"{total}" if total is not None else "an unknown number"),
                    "the export would be incomplete: report it to who runs the server",
                )
            seen.add(identity)
            found.append(take(entry))
        if total is None:
            limit = _number(answer.body.get("limit"))
            if not page or (bare_is_whole if limit is None else len(page) < limit):
                return found
        elif len(found) == total:
            return found
        elif len(found) > total:
            raise _Changed
        elif not page:
            raise _error(client, path, f"ends after {len(found)} of {total} entries", "try again")


def _identity(entry: Any) -> Hashable:
    """What tells an entry of a list from the others: its id, and that of the link that put it there."""
    if isinstance(entry, dict) and entry.get("id") is not None:
        pivot = entry.get("pivot")
        link = pivot.get("id") if isinstance(pivot, dict) else None
        return str(entry["id"]), str(link)
    return json.dumps(entry, sort_keys=True)


def _number(value: Any) -> Optional[int]:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _error(client: Client, path: str, what: str, advice: str) -> ExportError:
    return ExportError(f"The list /api/{path} of ThreatQ at {client.settings.base_url} {what}; {advice}.")
