"""Sightings: what was seen, where, when and how often (reference, section 6)."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Mapping, NamedTuple, Optional, Set, Union

from . import evidence, ids
from .collections import LABELS, title_of
from .errors import ExportError, Skip, Skips
from .evidence import Evidence, Unusable
from .library import Key, Library, Record
from .mapping import End, Mapper
from .mapping.texts import named
from .options import Options
from .patterns import NoPattern, pattern_for
from .tlp import tlp_rank

StixObject = Dict[str, Any]

# What is sighted when no indicator is related: the first of these that there is.
_FALLBACKS = ("malware", "tool", "attack-pattern", "campaign", "intrusion-set", "threat-actor", "vulnerability")


class _Target(NamedTuple):
    """What is sighted; `sco` is the observable of an indicator whose type has one."""

    end: End
    sco: Optional[StixObject]


def sightings(
    library: Library,
    mapper: Mapper,
    options: Options,
    root: Key,
    record: Record,
    ends: Mapping[Key, End],
    skips: Skips,
    remarks: Skips,
) -> Iterator[StixObject]:
    """The sightings of a `create_sighting`, each after the objects that it alone needs, to follow the walk's objects.

    Args:
        root: an indicator, an incident or an event; `record` is what the library holds of it.
        ends: the exported objects at level 1, and the root unless it is an event that is not converted; others do not
            matter here.
        skips: takes what is left out.
        remarks: takes what was read otherwise than it was written.

    Raises:
        ExportError: there is nothing to sight, or nothing can rest on the root.
    """
    writer = _Writer(library.library_id, mapper, options)
    if root[0] == "indicators":
        target = _Target(ends[root], _observable(record, options))
        writer.mark([target])
        for event in _of_related_events(library, options, root, record, skips, remarks):
            yield from writer.sighting(target, event)
        return
    reader = evidence.of_event if root[0] == "events" else evidence.of_incident
    seen = _read(reader, root, record, options, remarks)
    if isinstance(seen, str):
        raise ExportError(f"create sighting: nothing can rest on {LABELS[root[0]]} {root[1]}: {seen}")
    targets = _targets(library, options, root, ends)
    if not targets:
        raise ExportError(
            f"nothing to sight: {LABELS[root[0]]} {root[1]} is related to no indicator, malware, tool, attack pattern,"
            " campaign, intrusion set, adversary or exploit target that can be exported"
        )
    writer.mark(targets)
    for target in targets:
        yield from writer.sighting(target, seen)


def _of_related_events(
    library: Library, options: Options, root: Key, record: Record, skips: Skips, remarks: Skips
) -> Iterator[Evidence]:
    """What the sightings of an indicator rest on: each related event, or the indicator itself when there is none."""
    found = False
    for link in library.neighbours(root):
        if link.other[0] != "events":
            continue
        event = library.record(link.other)
        if event is None:
            continue  # the library counts it among its problems
        seen = _read(evidence.of_event, link.other, event, options, remarks)
        if isinstance(seen, str):
            skips.add(Skip("events", link.other[1], "", f"no sighting rests on this event: {seen}"))
            continue
        found = True
        yield seen
    if not found:
        seen = _read(evidence.of_indicator, root, record, options, remarks)
        if isinstance(seen, str):
            raise ExportError(f"create sighting: nothing can rest on {LABELS[root[0]]} {root[1]}: {seen}")
        yield seen


def _read(
    reader: Callable[[Key, Record, evidence.Note], Evidence], key: Key, record: Record, options: Options, remarks: Skips
) -> Union[Evidence, str]:
    """The evidence, or why it is none."""
    if record.get("deleted_at"):
        return "it is deleted"
    try:
        seen = reader(key, record, lambda words: remarks.add(Skip(key[0], key[1], "", words)))
    except Unusable as unusable:
        return str(unusable)
    limit = tlp_rank(options.max_tlp) if options.max_tlp else None
    return seen if limit is None or seen.tlp <= limit else f"its TLP label is above {options.max_tlp}"


def _targets(library: Library, options: Options, root: Key, ends: Mapping[Key, End]) -> List[_Target]:
    """What an event or an incident is a sighting of."""
    near = [link.other for link in library.neighbours(root) if link.other in ends]
    # An indicator of the type CVE is exported as a vulnerability, and sighted like any other.
    indicators = [key for key in near if key[0] == "indicators"]
    if indicators:
        return [_Target(ends[key], _observable(library.record(key), options)) for key in indicators]
    for kind in _FALLBACKS:
        others = [_Target(ends[key], None) for key in near if ends[key].type == kind]
        if others:
            return others
    return [_Target(ends[root], None)] if root in ends else []


def _observable(record: Optional[Record], options: Options) -> Optional[StixObject]:
    if record is None or options.profile == "guide":
        return None
    try:
        return pattern_for(named(record.get("type")), title_of("indicators", record)).sco
    except NoPattern:
        return None  # a CVE: a vulnerability has no observable


class _Writer:
    """Writes sightings with their observed data; every observable once."""

    def __init__(self, library_id: str, mapper: Mapper, options: Options) -> None:
        self.library_id = library_id
        self.mapper = mapper
        self.options = options
        self.variant = options.variant
        self.written: Set[str] = set()
        self.observable_tlp: Dict[str, int] = {}

    def mark(self, targets: List[_Target]) -> None:
        """Two indicators may stand for one observable: it bears the stricter of their labels."""
        for target in targets:
            if target.sco:
                known = self.observable_tlp.get(target.sco["id"], 0)
                self.observable_tlp[target.sco["id"]] = max(known, target.end.tlp)

    def sighting(self, target: _Target, seen: Evidence) -> Iterator[StixObject]:
        """The sighting, after the observable, the observed data and their relation where there are such."""
        number = ids.sighting_id(self.library_id, self.variant, target.end.ref, *seen.key)
        tlp = max(target.end.tlp, seen.tlp)
        properties: StixObject = {"sighting_of_ref": target.end.ref}
        if seen.first:
            properties["first_seen"] = seen.first
        if seen.last:
            properties["last_seen"] = seen.last
        if seen.number is not None:
            properties["count"] = seen.number
        if self.options.profile != "guide":
            properties["where_sighted_refs"] = [self.mapper.observer_ref()]
            if seen.title and not self.options.hide_sources:
                properties["description"] = seen.title
            # An observation needs both times, and a count of 0 says that there was none.
            if target.sco and seen.first and seen.last and seen.number != 0:
                observed = ids.observed_data_id(self.library_id, self.variant, number)
                yield from self._observed(observed, target.end.ref, target.sco, seen, tlp)
                properties["observed_data_refs"] = [observed]
        yield self._finished("sighting", number, seen, tlp, properties)

    def _observed(
        self, observed: str, indicator: str, sco: StixObject, seen: Evidence, tlp: int
    ) -> Iterator[StixObject]:
        if sco["id"] not in self.written:
            self.written.add(sco["id"])
            markings = self.mapper.marking_refs(self.observable_tlp[sco["id"]])
            yield {**sco, "object_marking_refs": markings} if markings else sco
        data = {
            "first_observed": seen.first,
            "last_observed": seen.last,
            "number_observed": seen.number or 1,
            "object_refs": [sco["id"]],
        }
        yield self._finished("observed-data", observed, seen, tlp, data)
        ends = {"relationship_type": "based-on", "source_ref": indicator, "target_ref": observed}
        number = ids.relationship_id(self.library_id, self.variant, "based-on", indicator, observed)
        yield self._finished("relationship", number, seen, tlp, ends)

    def _finished(self, kind: str, number: str, seen: Evidence, tlp: int, properties: StixObject) -> StixObject:
        """The properties with what every object has; the times are those of what the sighting rests on."""
        result = {
            "type": kind,
            "spec_version": "2.1",
            "id": number,
            "created": seen.created,
            "modified": seen.modified,
            **properties,
        }
        if self.options.profile != "guide":
            result["created_by_ref"] = self.mapper.producer_ref()
            markings = self.mapper.marking_refs(tlp)
            if markings:
                result["object_marking_refs"] = markings
        return result
