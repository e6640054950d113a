"""One export: from a root of a library to a bundle in a file (reference 1, 5, 6)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Dict, List, Mapping, NamedTuple, Optional, Set

from .bundle_file import BundleFile
from .collections import CREATE_SIGHTING, LABELS, ROOTS
from .errors import ExportError, Skip, Skips
from .library import Key, Library, Record
from .mapping import End, Mapper, Withheld
from .options import Options
from .sightings import sightings
from .walk import OBJECT, walk
from .withholding import names_to_withhold

LISTED = 10_000  # objects that a report names; the others are only counted
DRAWN = 500  # objects whose relations a report holds, for a picture
EDGES = 5_000  # relations for a picture

NOT_IN_LIBRARY = "not in the library"
NOT_WRITABLE = "text or number that JSON in UTF-8 cannot hold"


class Drawn(NamedTuple):
    """One relation of the picture: the ids of its ends and the verb."""

    source: str
    target: str
    verb: str


@dataclass
class Report:
    """What an export wrote, and what it left out.

    :ivar bundle_id: the bundle's id.
    :ivar counts: objects by STIX type, relationships not among them; producer, markings and extension are.
    :ivar relationships: how many relationships.
    :ivar objects: by STIX type, ``{"id": ..., "name": ...}`` of the first :data:`LISTED` objects that came out of the
        library or are sightings, in the bundle's order; ``listed`` says how many there are, ``unlisted`` how many more.
    :ivar edges: the relations among the first :data:`DRAWN` objects, at most :data:`EDGES`.
    :ivar skipped: the objects and relations that were left out, by reason.
    :ivar remarks: the parts of exported objects that were left out or read otherwise than written, by reason.
    """

    bundle_id: str = ""
    counts: Dict[str, int] = field(default_factory=dict)
    relationships: int = 0
    objects: Dict[str, List[Dict[str, str]]] = field(default_factory=dict)
    listed: int = 0
    unlisted: int = 0
    edges: List[Drawn] = field(default_factory=list)
    skipped: Skips = field(default_factory=Skips)
    remarks: Skips = field(default_factory=Skips)

    @property
    def total(self) -> int:
        """How many objects the bundle holds, relationships not among them."""
        return sum(self.counts.values())


def export_file(library: Library, root: Key, action: str, options: Options, path: str) -> Report:
    """:func:`export` to a file that appears only when it is complete; a failure leaves what was there before.

    :raises ExportError: as :func:`export`, or the file cannot be written.
    """
    part = f"{path}.part"
    try:
        try:
            with open(part, "wb") as out:
                report = export(library, root, action, options, out)
            os.replace(part, path)
        except BaseException:
            if os.path.exists(part):
                os.remove(part)
            raise
    except OSError as error:
        raise ExportError(f"the bundle cannot be written to {path}: {error.strerror or error}") from error
    return report


def export(library: Library, root: Key, action: str, options: Options, out: BinaryIO) -> Report:
    """Write the bundle of an object and of what it is related to.

    The same library and options give the same bytes. Objects are written as they come: memory holds ids, not objects.

    :param root: the object to start from; its collection is one of the action's (:data:`~.collections.ROOTS`).
    :param action: :data:`~.collections.CREATE_BUNDLE` or :data:`~.collections.CREATE_SIGHTING`.
    :param out: a binary file that can seek. When this raises, what it holds is no bundle.
    :raises ExportError: the root is missing or cannot be exported, there is nothing to sight, the library fails.
    """
    if root[0] not in ROOTS[action]:
        raise ExportError(f"{_shown(root)} is no object that {action.replace('_', ' ')} starts from")
    library.begin()
    record = library.record(root)
    if record is None:
        raise ExportError(f"{_shown(root)} is not in the library: check object_type and object_id")
    withheld = names_to_withhold(library, root, record, options) if options.hide_sources else None
    return _Export(library, root, action, options, out, withheld).run(record)


class _Export:
    def __init__(
        self,
        library: Library,
        root: Key,
        action: str,
        options: Options,
        out: BinaryIO,
        withheld: Optional[Withheld],
    ) -> None:
        self.library = library
        self.root = root
        self.action = action
        self.options = options
        self.report = Report()
        self.withheld = withheld
        self.mapper = Mapper(library.library_id, options, withheld)
        self.file = BundleFile(out)
        self.ends: Dict[Key, End] = {}
        self.near: Dict[Key, End] = {}  # the root and its neighbours, which sightings are made of
        self.drawn: Set[str] = set()

    def run(self, record: Record) -> Report:
        skip = self.take(self.root, record, 0)
        if skip is not None and not (self.action == CREATE_SIGHTING and self.root[0] == "events"):
            reason = self.withheld.text(skip.reason) if self.withheld else skip.reason
            raise ExportError(f"{_shown(self.root)} cannot be exported: {reason}")
        self.follow(record)
        if self.action == CREATE_SIGHTING:
            self.sight(record)
        for each in self.mapper.companions():
            self.add(each, listed=False)
        self.report.skipped.extend(self.library.problems)
        self.report.remarks.extend(self.mapper.remarks)
        if self.withheld:
            self.report.skipped = self.report.skipped.told(self.withheld.text)
        self.report.bundle_id = self.file.finish()
        return self.report

    def sight(self, record: Record) -> None:
        """Write the sightings, with their observed data."""
        report = self.report
        for each in sightings(
            self.library, self.mapper, self.options, self.root, record, self.near, report.skipped, report.remarks
        ):
            if each["type"] == "relationship":
                self.relate(each)
                continue
            self.add(each)
            if each["type"] == "sighting":
                self.draw(each["id"], each["sighting_of_ref"], "sighting of")
            for other in each.get("observed_data_refs", ()):
                self.draw(each["id"], other, "observed in")
            if each["type"] == "observed-data":
                for other in each["object_refs"]:
                    self.draw(each["id"], other, "holds")

    def relate(self, made: Mapping[str, Any]) -> None:
        """Write one relationship."""
        self.file.add(self.file.text(made))
        self.report.relationships += 1
        if len(self.report.edges) < EDGES:
            self.draw(made["source_ref"], made["target_ref"], made["relationship_type"])

    def draw(self, source: str, target: str, verb: str) -> None:
        """Keep an edge for the picture while there is room and both of its ends are in it."""
        if len(self.report.edges) < EDGES and source in self.drawn and target in self.drawn:
            self.report.edges.append(Drawn(source, target, verb))

    def follow(self, record: Record) -> None:
        """Write what the root is related to, and how."""
        ends, relationship = self.ends, self.mapper.relationship
        for step in walk(self.library, self.root, record, self.options.depth, self.accept):
            if step[0] == OBJECT:
                if step[3] == 1:
                    self.near[step[1]] = ends[step[1]]
                continue
            _, parent, child, link = step
            source = ends.get(parent)
            if source is None:
                continue  # an event that is walked through and not exported
            self.relate(relationship(source, ends[child], link.created_at, link.updated_at))

    def accept(self, key: Key) -> Optional[Record]:
        """Write an object that the walk reached; None when it is left out."""
        record = self.library.record(key)
        if record is None:
            self.report.skipped.add(Skip(key[0], key[1], "", NOT_IN_LIBRARY))
            return None
        return record if self.take(key, record, 1) is None else None

    def take(self, key: Key, record: Record, distance: int) -> Optional[Skip]:
        """Write an object; why not, when it is left out."""
        made = self.mapper.object(key, record)
        if isinstance(made, Skip):
            self.report.skipped.add(made)
            return made
        try:
            self.add(made.properties)
        except ValueError:
            skip = Skip(key[0], key[1], "", NOT_WRITABLE)
            self.report.skipped.add(skip)
            return skip
        self.ends[key] = made.end
        if distance == 0:
            self.near[key] = made.end
        for remark in made.remarks:
            self.report.remarks.add(Skip(key[0], key[1], _name(made.properties), remark))
        return None

    def add(self, stix: Mapping[str, Any], listed: bool = True) -> None:
        """Write one STIX object that is no relationship."""
        self.file.add(self.file.text(stix))
        report, kind = self.report, stix["type"]
        report.counts[kind] = report.counts.get(kind, 0) + 1
        if not listed:
            return
        if report.listed == LISTED:
            report.unlisted += 1
            return
        report.listed += 1
        report.objects.setdefault(kind, []).append({"id": stix["id"], "name": _name(stix)})
        if len(self.drawn) < DRAWN:
            self.drawn.add(stix["id"])


def _name(stix: Mapping[str, Any]) -> str:
    return str(stix.get("name", ""))


def _shown(key: Key) -> str:
    return f"{LABELS.get(key[0], key[0])} {key[1]}"
