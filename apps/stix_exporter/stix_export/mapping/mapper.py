"""One export's mapping: which object becomes what, and which producer, marking and extension objects go along."""

import json
from typing import Any, Dict, List, NamedTuple, Optional, Set, Tuple, Union

from .. import ids
from ..collections import title_of
from ..errors import Skip, Skips
from ..layout import Shared
from ..library import Key, Record
from ..options import Options
from ..patterns import NoPattern, is_secret, pattern_for
from ..patterns.checking import complaint
from ..times import SECOND, BadTime, stix_time
from ..tlp import NAMES, record_rank, tlp_rank
from . import common, extension, hiding, identities, indicator, markings, references, verbs
from .attributes import Attributes
from .texts import clean, named, writable
from .types import BUILDERS

StixObject = Dict[str, Any]

# Why a record is no object; the same words for the same cause, since reasons are counted.
DELETED = "deleted in the library"
EVENT = "an event, and events are not converted to incidents"
UNSUPPORTED = "objects of this collection have no STIX type here"
UNNAMED = "it has no name"
NOT_TEXT = "its name is not text"
UNWRITABLE = "its value holds half a surrogate pair, which no file can hold"
NO_CREATION = "no time of creation or publication"
BAD_CREATION = "its time of creation cannot be read"
UNKNOWN_TLP = "it bears a TLP label that is none, so it is not known who may see it"
BAD_SCORE = "a score that is not a number from 0 to 10"
BAD_LINK_TIME = "a time of a relation that cannot be read"

_NO_ATTRIBUTES = Attributes({})
_TYPES = {
    "adversaries": "threat-actor",
    "attack_pattern": "attack-pattern",
    "campaign": "campaign",
    "course_of_action": "course-of-action",
    "events": "incident",
    "exploit_target": "vulnerability",
    "identity": "identity",
    "incident": "incident",
    "indicators": "indicator",
    "intrusion_set": "intrusion-set",
    "malware": "malware",
    "tool": "tool",
}


class End(NamedTuple):
    """What edges and sightings need to know of an exported object; keep these, not the objects.

    `ref` is its STIX id, `created` its time of creation in STIX form, `tlp` the rank of its label (see `tlp.NAMES`).
    """

    ref: str
    created: str
    tlp: int

    @property
    def type(self) -> str:
        """The STIX type, from the id."""
        return self.ref.partition("--")[0]


class Mapped(NamedTuple):
    """A record that became a STIX object; `remarks` say what of it was left out, the same cause in the same words."""

    properties: StixObject
    end: End
    remarks: Tuple[str, ...] = ()


class Mapper:
    """Maps the records of one library under one set of options; remembers which shared objects were used.

    `remarks` are those of relations; those of an object come with it. The dictionaries it gives may share inner lists
    with each other: write them, do not change them.
    """

    def __init__(self, library_id: str, options: Options, withheld: Optional[hiding.Withheld] = None) -> None:
        """The names to withhold when sources are hidden; those of each object alone when they are not given."""
        self._library_id = library_id
        self._withheld = withheld
        self._options = options
        self._variant = options.variant
        self._full = options.profile == "full"
        self._suggested = options.style == "suggested"
        self._attributes = options.include_attributes and not options.hide_sources
        self._max_tlp = tlp_rank(options.max_tlp) if options.max_tlp else None
        self._producer = ids.producer_id(library_id, options.producer)
        self._used_producer = self._used_extension = False
        self._used_observer = ""
        self._used_tlp: Set[int] = set()
        self._marking_refs: List[List[str]] = [[]]
        for rank in range(1, len(NAMES)):
            self._marking_refs.append(Shared([markings.marking_ref(rank, options.tlp_version)]))
        self._reported: Dict[Tuple[str, ...], List[references.Reference]] = {}
        # Ids are made from a key written as JSON: what stays the same is written once.
        self._id_space = f",{_written(library_id)},{_written(self._variant)},"
        self.remarks = Skips()

    def object(self, key: Key, record: Record) -> Union[Mapped, Skip]:
        """The STIX object of a library record, or why there is none (deleted, over the TLP limit, no pattern, ...).

        A record may hold anything: what cannot be read is left out with a remark, or the whole record with a Skip.
        """
        collection, number = key
        name = title_of(collection, record)
        try:
            return self._object(collection, number, name, record)
        except _Refused as refused:
            secret = collection == "indicators" and is_secret(named(record.get("type")))
            return Skip(collection, number, "" if secret else name, refused.reason)

    def _object(self, collection: str, number: int, name: str, record: Record) -> Mapped:
        options = self._options
        kind = self._type_of(collection, record)
        name = _checked(name, record, kind == "indicator")
        tlp = record_rank(record)
        if tlp is None:
            raise _Refused(UNKNOWN_TLP)
        if self._max_tlp is not None and tlp > self._max_tlp:
            raise _Refused(f"its label TLP:{NAMES[tlp].upper()} is stricter than {NAMES[self._max_tlp]}")
        remarks: List[str] = []
        try:
            times = common.times(record, remarks)
        except BadTime:
            dated = record.get("created_at") or record.get("published_at")
            raise _Refused(BAD_CREATION if dated else NO_CREATION) from None
        ref = f"{kind}--" + ids.v5_of(
            f'["{kind}"{self._id_space}"{collection}",{number}]'.encode("utf-8", "surrogatepass")
        )
        out: StixObject = {
            "type": kind,
            "spec_version": "2.1",
            "id": ref,
            "created": common.versioned(times.created),
            "modified": common.versioned(times.modified),
            "name": name,
            "external_references": self._references(collection, number, kind, name, record, remarks),
        }
        if kind == "indicator":
            self._indicator(name, record, times, out, remarks)
        elif kind == "malware":
            out["is_family"] = True  # required, even where there is nothing else
        if self._full:
            self._everything(collection, number, kind, record, tlp, out, remarks)
        if options.hide_sources:
            withheld = self._withheld or hiding.Withheld(hiding.hidden_names(record))
            out = withheld.object(out, collection == "indicators")
        return Mapped(out, End(ref, out["created"], tlp), tuple(remarks))

    def relationship(
        self, parent: End, child: End, created_at: Optional[str] = None, updated_at: Optional[str] = None
    ) -> StixObject:
        """The edge between two exported objects; the times are the link's own, as the library writes them.

        Without one, or with one that cannot be read (which is counted in `remarks`), it was created when the later of
        its ends was. It bears the stricter label of its ends. Source: reference, sections 5 and 7.
        """
        verb = verbs.RELATED
        if self._suggested:
            verb, turned = verbs.suggested(parent.type, child.type)
            if turned:
                parent, child = child, parent
        created = self._link_time(created_at) or max(parent.created, child.created)
        modified = self._link_time(updated_at) or created
        source, target = parent.ref, child.ref
        written = f'["relationship"{self._id_space}"{verb}","{source}","{target}"]'
        out: StixObject = {
            "type": "relationship",
            "spec_version": "2.1",
            "id": "relationship--" + ids.v5_of(written.encode("utf-8", "surrogatepass")),
            "created": created,
            "modified": modified if modified > created else created,
            "relationship_type": verb,
            "source_ref": source,
            "target_ref": target,
        }
        if self._full:
            out["created_by_ref"] = self._producer
            tlp = parent.tlp if parent.tlp > child.tlp else child.tlp
            if tlp:
                out["object_marking_refs"] = self._marking_refs[tlp]  # used by the end that bears it
        return out

    def producer_ref(self) -> str:
        """Id of the producer identity, which is from now on among the companions."""
        self._used_producer = True
        return self._producer

    def observer_ref(self) -> str:
        """Id of the identity that sees what is sighted, the producer unless the options name another."""
        name = self._options.sighted_by
        if not name or name == self._options.producer:
            return self.producer_ref()
        self._used_observer = name
        return ids.producer_id(self._library_id, name)

    def marking_refs(self, tlp: int) -> List[str]:
        """The object_marking_refs of a label's rank ([] for 0), whose marking is from now on among the companions."""
        if tlp:
            self._used_tlp.add(tlp)
        return self._marking_refs[tlp]

    def companions(self) -> List[StixObject]:
        """The identity, marking and extension objects that were referred to so far, in a fixed order."""
        found = []
        if self._used_producer:
            found.append(identities.organization(self._producer, self._options.producer))
        if self._used_observer:
            found.append(identities.organization(self.observer_ref(), self._used_observer))
        if self._used_extension:
            found.append(identities.author())
        found += [markings.marking(rank, self._options.tlp_version) for rank in sorted(self._used_tlp)]
        if self._used_extension:
            found.append(extension.definition())
        return found

    def _type_of(self, collection: str, record: Record) -> str:
        if record.get("deleted_at"):
            raise _Refused(DELETED)
        if collection == "events" and not self._options.convert_events:
            raise _Refused(EVENT)
        kind = _TYPES.get(collection)
        if kind is None:
            raise _Refused(UNSUPPORTED)
        if kind == "indicator" and named(record.get("type")).upper() == "CVE":
            return "vulnerability"
        return kind

    def _references(
        self, collection: str, number: int, kind: str, name: str, record: Record, remarks: List[str]
    ) -> List[references.Reference]:
        names = () if self._options.hide_sources else references.source_names(record, remarks)
        # Reports share a handful of sources; the limit is for libraries where every object has its own.
        reported = self._reported.get(names)
        if reported is None:
            reported = Shared([references.platform("", 0, None), *references.reported(names)])
            if len(self._reported) < 10_000:
                self._reported[names] = reported
        found: List[references.Reference] = reported
        if self._options.hostname:
            found = [references.platform(collection, number, self._options.hostname), *reported[1:]]
        if self._full and kind == "vulnerability":
            found = [*found, *references.vulnerability(name)]
        elif self._full and kind == "attack-pattern":
            found = [*found, *references.attack_pattern(name)]
        return found

    def _indicator(self, name: str, record: Record, times: common.Times, out: StixObject, remarks: List[str]) -> None:
        try:
            out["pattern"] = pattern = pattern_for(named(record.get("type")), name).text
        except NoPattern as missing:
            raise _Refused(missing.cause) from None
        if self._options.check:
            wrong = complaint(pattern)
            if wrong:
                raise _Refused(f"{named(record.get('type'))}: its pattern does not pass the check: {wrong}")
        out["pattern_type"] = "stix"
        out["pattern_version"] = "2.1"
        out["valid_from"] = start = indicator.valid_from(record, times, remarks)
        if self._full:
            status = named(record.get("status"))
            out["indicator_types"] = indicator.indicator_types(status)
            out.update(indicator.valid_until(record, status, start, times, remarks))

    def _everything(
        self,
        collection: str,
        number: int,
        kind: str,
        record: Record,
        tlp: int,
        out: StixObject,
        remarks: List[str],
    ) -> None:
        """What the standard has room for beyond the guide's sample."""
        out["created_by_ref"] = self.producer_ref()
        if tlp:
            out["object_marking_refs"] = self.marking_refs(tlp)
        description = common.description(record, remarks)
        if description:
            out["description"] = description
        labels = common.labels(record, remarks)
        if labels:
            out["labels"] = labels
        score = None
        given = common.given_score(record)
        if given is not None:
            score = common.score(given)
            if score is None:
                remarks.append(BAD_SCORE)
            elif self._options.confidence:
                out["confidence"] = round(score * 10)
        attributes = Attributes(record) if record.get("attributes") else _NO_ATTRIBUTES
        if attributes.switch("revoked"):
            out["revoked"] = True
        BUILDERS[kind](record, attributes, out, remarks)
        self._used_extension = True
        out["extensions"] = {
            extension.EXTENSION: extension.extension(collection, number, record, score, self._attributes, remarks)
        }

    def _link_time(self, value: Optional[str]) -> str:
        if not value:
            return ""
        try:
            return common.versioned(stix_time(value, SECOND))
        except BadTime:
            self.remarks.add(Skip("relationship", 0, "", BAD_LINK_TIME))
            return ""


class _Refused(Exception):
    """The record is left out; the reason is for its Skip."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _checked(name: str, record: Record, exact: bool) -> str:
    """The name as STIX may hold it; an indicator's is its value and stays as it is (`exact`)."""
    if not name:
        other = any(isinstance(record.get(field), (list, dict, float, bool)) for field in ("value", "name", "title"))
        raise _Refused(NOT_TEXT if other else UNNAMED)
    if exact:
        if not writable(name):
            raise _Refused(UNWRITABLE)
        return name
    name = clean(name)
    if not name:
        raise _Refused(UNNAMED)
    return name


def _written(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
