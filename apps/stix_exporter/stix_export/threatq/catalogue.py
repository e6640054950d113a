"""What a ThreatQ server knows of: its collections, and the names behind the ids of types and statuses (reference 3.1).

Those ids differ from server to server, so they are never taken for a meaning.
"""

from typing import Any, Dict, FrozenSet, List, Optional, Tuple

from ..collections import resolve
from ..library import Record
from .client import Client, Forbidden
from .pages import whole_list

#: Where the names of the built-in collections are listed; those of the others stand in the list of collections.
_PLACES = {
    ("indicators", "type"): "indicator/types",
    ("indicators", "status"): "indicator/statuses",
    ("events", "type"): "event/types",
}
_BUILT_IN = frozenset({"adversaries", "events", "indicators"})

Names = Dict[str, str]


class Catalogue:
    """Asks the server when something is needed, and only once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._listed: Optional[List[Dict[str, Any]]] = None
        self._names: Dict[Tuple[str, str], Names] = {}

    @property
    def collections(self) -> FrozenSet[str]:
        """The collections that the server lists, beside the built-in ones; empty where it has no list for us."""
        if self._listed is None:
            self._listed = self._entries("objects")
        return frozenset(name for name in map(_collection, self._listed) if name)

    def name(self, collection: str, what: str, record: Record) -> Optional[str]:
        """The name behind ``type_id`` or ``status_id``, where a record came without it.

        :param what: ``type`` or ``status``
        :returns: None where the record needs none, or the server lists none
        """
        number = record.get(f"{what}_id")
        if number is None or record.get(what):
            return None
        if (collection, what) not in self._names:
            self._read(collection, what)
        return self._names[collection, what].get(str(number))

    def _read(self, collection: str, what: str) -> None:
        self._names[collection, what] = {}
        place = _PLACES.get((collection, what))
        if place is not None:
            self._names[collection, what] = _by_id(self._entries(place))
        elif collection not in _BUILT_IN:
            for entry in self._entries("objects", {"with": "types,statuses"}):
                name = _collection(entry)
                if name:
                    self._names[name, "type"] = _by_id(entry.get("types"))
                    self._names[name, "status"] = _by_id(entry.get("statuses"))

    def _entries(self, path: str, params: Optional[Dict[str, str]] = None) -> List[Dict[str, Any]]:
        try:
            found = whole_list(self._client, path, lambda entry: entry, params, bare_is_whole=True) or []
        except Forbidden:
            found = []
        return [entry for entry in found if isinstance(entry, dict)]


def _by_id(entries: Any) -> Names:
    listed = entries if isinstance(entries, list) else []
    return {
        str(each.get("id")): each["name"]
        for each in listed
        if isinstance(each, dict) and isinstance(each.get("name"), str)
    }


def _collection(entry: Dict[str, Any]) -> Optional[str]:
    """The collection that an entry of the list is about."""
    for field in ("collection", "name"):
        name = entry.get(field)
        if isinstance(name, str) and name.isascii() and name.replace("_", "").isalnum():
            return resolve(name) or name.lower()
    return None
