"""What the ThreatQ server of the tests holds, and how it differs from version to version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

COLLECTIONS = tuple(
    "adversaries attack_pattern campaign course_of_action events exploit_target identity incident indicators"
    " intrusion_set malware tool attachments signatures tasks report ttp vulnerability".split()
)
BUILT_IN = ("adversaries", "events", "indicators", "attachments", "signatures", "tasks")
ON_REQUEST = ("attributes", "sources", "tags", "type", "status", "score")

Key = tuple[str, int]


@dataclass
class Habits:
    """How this server behaves. The defaults are those of a new version that does everything.

    :ivar page_cap: it gives no more than so many entries at once, whatever is asked for
    :ivar counts: records say how many related objects they have (``related_<collection>_count``)
    :ivar catalogue: ``/api/objects`` is there
    :ivar with_lists: ``with`` works for lists of related objects too
    :ivar attribute_sources: attributes come with their sources
    :ivar nested_names: an attribute has its name in ``attribute.name``
    :ivar type_names: ``with=type,status`` gives names; else only ids
    :ivar totals: lists say their ``total`` and ``limit``; without them the catalogues are no pages either
    :ivar absent: collections that this version does not have
    :ivar lists: by what goes wrong with lists: ``repeat``, ``end`` (too early), ``change`` (the total, every time),
        ``change_once``
    """

    page_cap: int = 1000
    counts: bool = False
    catalogue: bool = True
    with_lists: bool = True
    attribute_sources: bool = True
    nested_names: bool = False
    type_names: bool = True
    totals: bool = True
    absent: tuple[str, ...] = ()
    lists: str = ""


class Library:
    """The objects of a threat library file, as the server keeps them."""

    def __init__(self, document: dict[str, Any], habits: Habits) -> None:
        self.habits = habits
        self.objects: dict[Key, dict[str, Any]] = {}
        self.links: dict[Key, dict[Key, list[dict[str, Any]]]] = {}
        self.type_ids: dict[str, int] = {}
        for collection, records in document.get("objects", {}).items():
            for record in records:
                self.objects[collection, record["id"]] = self._as_api(collection, record)
        for number, relation in enumerate(document.get("relationships", []), start=1):
            self.link(tuple(relation["a"]), tuple(relation["b"]), {"id": number, **without(relation, "a", "b")})

    def link(self, one: Key, other: Key, pivot: dict[str, Any]) -> None:
        """Both ends know of it. A relation to itself, or to what is not there, is none."""
        if one != other and one in self.objects and other in self.objects:
            self.links.setdefault(one, {}).setdefault(other, []).append(pivot)
            self.links.setdefault(other, {}).setdefault(one, []).append(pivot)

    def _as_api(self, collection: str, record: dict[str, Any]) -> dict[str, Any]:
        made = {name: value for name, value in record.items() if not isinstance(value, list) or name in ON_REQUEST}
        made["description"] = record.get("description")
        for name in ("type", "status"):
            value = record.get(name)
            value = {"name": value} if isinstance(value, str) else value
            if isinstance(value, dict):
                number = self.type_ids.setdefault(f"{collection}/{name}/{value['name']}", len(self.type_ids) + 14)
                made[name], made[f"{name}_id"] = {"id": number, **value}, number
        made["sources"] = [{"name": each} if isinstance(each, str) else each for each in record.get("sources") or []]
        return made

    def related(self, key: Key, collection: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """The related records of a collection, each with its pivot, by id."""
        found = sorted(other for other in self.links.get(key, {}) if other[0] == collection and other in self.objects)
        return [(self.objects[other], pivot) for other in found for pivot in self.links[key][other]]

    def names(self, collection: str, what: str) -> list[tuple[str, int]]:
        """The names of types or statuses, with their ids."""
        prefix = f"{collection}/{'type' if what == 'types' else 'status'}/"
        known = self.type_ids.items()
        return [(name[len(prefix) :], number) for name, number in known if name.startswith(prefix)]

    def part(self, record: dict[str, Any], name: str, sources: bool) -> Any:
        """What a record shows only on request."""
        value = record.get(name)
        if name not in ("attributes", "sources", "tags"):
            return value
        entries = list(value or [])
        if name == "attributes":
            entries = [{"id": number, **entry} for number, entry in enumerate(entries, start=1)]
            if sources:
                entries = [{"sources": [], **entry} for entry in entries]
            else:
                entries = [without(entry, "sources") for entry in entries]
            if self.habits.nested_names:
                entries = [{**without(entry, "name"), "attribute": {"name": entry["name"]}} for entry in entries]
        return entries

    def shown(self, key: Key, record: dict[str, Any], wanted: str) -> dict[str, Any]:
        """A record as an answer shows it. :param wanted: what the request says after ``with=``"""
        shown = without(record, *ON_REQUEST)
        habits = self.habits
        for name in filter(None, wanted.split(",")):
            if name in ON_REQUEST and (habits.type_names or name not in ("type", "status")):
                shown[name] = self.part(record, name, habits.attribute_sources)
        if habits.counts:
            for collection in COLLECTIONS:
                shown[f"related_{collection}_count"] = len(self.related(key, collection))
        return shown


def without(record: dict[str, Any], *names: str) -> dict[str, Any]:
    """The record without some of its fields."""
    return {name: value for name, value in record.items() if name not in names}
