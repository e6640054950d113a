"""What other objects say about one: relationships, sightings, observed-data, notes; in both directions, bounded."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping

from ..errors import Skip, Skips
from .labels import is_tlp, texts

#: Links that one artifact's data lists; further ones are counted there.
MOST = 500

_BROKEN = "a reference to an object that is not in the bundle"


class Links:
    """For each object the links that touch it, as its artifact's data holds them."""

    def __init__(self, objects: Mapping[str, Dict[str, Any]], skips: Skips) -> None:
        self._objects, self._skips = objects, skips
        self._of: Dict[str, List[Dict[str, Any]]] = {}
        self._more: Dict[str, int] = {}
        for each in objects.values():
            kind = each["type"]
            if kind == "relationship":
                self._relationship(each)
            elif kind == "sighting":
                self._sighting(each)
            elif kind == "observed-data":
                self._observed(each)
            else:
                self._missing(each, "object_refs")
            self._missing(each, "object_marking_refs")

    def of(self, name: str) -> Dict[str, Any]:
        """``links``, and ``links_more`` where there are further ones; {} for an object that nothing touches."""
        if name not in self._of:
            return {}
        more = self._more.get(name)
        return {"links": self._of[name], **({"links_more": more} if more else {})}

    def touched(self, name: str) -> bool:
        """Whether anything links to an object."""
        return name in self._of

    def _relationship(self, each: Dict[str, Any]) -> None:
        source, target = self._there(each, "source_ref"), self._there(each, "target_ref")
        if not source or not target:
            return
        verb = str(each.get("relationship_type") or "related-to")
        self._add(source, {"type": verb, "to": target, "to_name": self._name(target), "id": each["id"]})
        if target != source:
            self._add(target, {"type": verb, "from": source, "from_name": self._name(source), "id": each["id"]})

    def _sighting(self, each: Dict[str, Any]) -> None:
        target = self._there(each, "sighting_of_ref")
        if target:
            facts = _facts(each, "count", "first_seen", "last_seen", "description")
            where = [self._name(ref) for ref in texts(each.get("where_sighted_refs"))]
            self._add(target, {"type": "sighting", "id": each["id"], **facts, **({"where": where} if where else {})})

    def _observed(self, each: Dict[str, Any]) -> None:
        facts = _facts(each, "first_observed", "last_observed", "number_observed")
        for ref in texts(each.get("object_refs")):
            if ref in self._objects:
                self._add(ref, {"type": "observed-data", "id": each["id"], **facts})
            else:
                self._skips.add(Skip(each["type"], 0, ref[:100], _BROKEN, each["id"]))

    def _missing(self, each: Dict[str, Any], name: str) -> None:
        for ref in texts(each.get(name)):
            if ref not in self._objects and not is_tlp(ref):
                self._skips.add(Skip(each["type"], 0, ref[:100], _BROKEN, each["id"]))

    def _there(self, each: Dict[str, Any], name: str) -> str:
        ref = each.get(name)
        if isinstance(ref, str) and ref in self._objects:
            return ref
        self._skips.add(Skip(each["type"], 0, str(ref)[:100], _BROKEN, each["id"]))
        return ""

    def _add(self, name: str, link: Dict[str, Any]) -> None:
        known = self._of.setdefault(name, [])
        if len(known) < MOST:
            known.append(link)
        else:
            self._more[name] = self._more.get(name, 0) + 1

    def _name(self, ref: str) -> str:
        found = self._objects.get(ref, {})
        name = found.get("name") or found.get("value") or found.get("type") or ref
        return str(name)[:200]


def _facts(each: Mapping[str, Any], *names: str) -> Dict[str, Any]:
    return {name: each[name] for name in names if isinstance(each.get(name), (str, int))}
