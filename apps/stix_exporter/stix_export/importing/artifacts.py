"""STIX objects as artifacts: one for each set of values that hold together, so that every value can be acted on."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple

from ..errors import Skip, Skips
from . import observables
from .document import Stix
from .fields import cef_of
from .labels import severity_of, tags_of, texts, tlp_of
from .links import Links
from .reader import Alternative, Comparison, Unreadable, observations

#: Types with an artifact that names them; of others only what their values say is of use.
NAMED = frozenset(
    "attack-pattern campaign course-of-action grouping identity incident infrastructure intrusion-set location malware"
    " malware-analysis note opinion report threat-actor tool vulnerability".split()
)
#: Artifacts that one indicator may give.
MOST = 1_000

_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}", re.IGNORECASE)

Artifact = Dict[str, Any]


class Source(NamedTuple):
    """What artifacts are made from: all objects, what links them, and where losses are counted."""

    objects: Mapping[str, Stix]
    links: Links
    skips: Skips


def artifacts_of(thing: Stix, source: Source) -> Iterator[Artifact]:
    """The artifacts of one object; none, and a counted reason, where its type says nothing that is known here."""
    kind = thing["type"]
    if kind == "indicator":
        yield from _indicator(thing, source)
    elif kind in observables.TYPES:
        yield from _observable(thing, thing, thing["id"], source.objects, source)
    elif kind == "observed-data":
        yield from _observed_data(thing, source)
    elif kind in NAMED:
        yield _named(thing, source)
    else:
        _lost(source, thing, f"objects of type {kind[:60]} are not known")


def _indicator(thing: Stix, source: Source) -> Iterator[Artifact]:
    pattern, language = thing.get("pattern"), thing.get("pattern_type", "stix")
    sets: Dict[str, Tuple[Dict[str, Any], Dict[str, Any]]] = {}
    if language != "stix":
        _lost(source, thing, f"a pattern in {str(language)[:40]}, not in STIX's own language")
    elif not isinstance(pattern, str):
        _lost(source, thing, "an indicator without a pattern")
    else:
        try:
            sets = _value_sets(thing, observations(pattern), source)
        except Unreadable as unreadable:
            _lost(source, thing, str(unreadable))
    if not sets:
        # Nothing to act on, yet people shall see it.
        text = pattern[:10_000] if isinstance(pattern, str) else ""
        yield _artifact(thing, source, thing["id"], {"pattern": text} if text else {}, {})
    for number, (digest, (cef, types)) in enumerate(sets.items()):
        yield _artifact(thing, source, f"{thing['id']}#{digest}", cef, types, whole=not number)


def _value_sets(
    thing: Stix, found: List[List[Alternative]], source: Source
) -> Dict[str, Tuple[Dict[str, Any], Dict[str, Any]]]:
    sets: Dict[str, Tuple[Dict[str, Any], Dict[str, Any]]] = {}
    tried = 0
    for alternative in itertools.chain.from_iterable(found):
        usable = [one for one in alternative if _usable(one, thing, source)]
        tried += math.prod([len(one.values) for one in usable])
        if tried > MOST:
            raise Unreadable("a pattern with too many alternatives")
        for pairs in itertools.product(*[[(one.path, value) for value in one.values] for one in usable]):
            cef, types, odd = cef_of(list(pairs))
            for reason in odd:
                _lost(source, thing, reason)
            if cef:
                sets[_digest(cef)] = (cef, types)
    return sets


def _usable(one: Comparison, thing: Stix, source: Source) -> bool:
    if one.path.endswith("_ref.type"):
        return False  # says only what the value beside it shows
    if one.operator in ("=", "IN") or (one.operator == "ISSUBSET" and one.path.startswith(("ipv4-", "ipv6-"))):
        return True
    _lost(source, thing, f"a comparison with {one.operator}, which names no value")
    return False


def _observed_data(thing: Stix, source: Source) -> Iterator[Artifact]:
    numbered = thing.get("objects")
    if not isinstance(numbered, dict):
        if not texts(thing.get("object_refs")):
            _lost(source, thing, "observed-data without objects")
        return
    for number, each in numbered.items():
        if isinstance(each, dict) and each.get("type") in observables.TYPES:
            yield from _observable(each, thing, f"{thing['id']}#{number[:100]}", numbered, source)
        else:
            kind = each.get("type") if isinstance(each, dict) else type(each).__name__
            _lost(source, thing, f"objects of type {str(kind)[:60]} are not known")


def _observable(
    thing: Stix, bearer: Stix, identifier: str, others: Mapping[str, Any], source: Source
) -> Iterator[Artifact]:
    """:param bearer: the object whose times and markings count: the thing itself, or the observed-data of 2.0."""
    cef, types, odd = cef_of(observables.properties_of(thing, others))
    for reason in odd:
        # What has no field stays in the artifact's data; only what is wrong, or nothing at all, is a loss.
        if not reason.startswith(("no field", "a further")):
            _lost(source, bearer, reason)
    if not cef:
        _lost(source, bearer, f"nothing to act on in an object of type {thing['type']}")
        return
    yield _artifact(bearer, source, identifier, cef, types, thing)


def _named(thing: Stix, source: Source) -> Artifact:
    kind = thing["type"]
    cef: Dict[str, Any] = {}
    types: Dict[str, Any] = {}
    if kind == "vulnerability":
        ids = [str(each.get("external_id")) for each in _references(thing) if each.get("source_name") == "cve"]
        found = next((_CVE.search(text) for text in [*ids, str(thing.get("name"))] if _CVE.search(text)), None)
        if found:
            cef["cve"], types["cve"] = found.group().upper(), ["cve"]
    for each in _references(thing):
        if each.get("source_name") == "mitre-attack" and isinstance(each.get("external_id"), str):
            cef.setdefault("mitreAttackId", each["external_id"])
    name = thing.get("name") or thing.get("content") or thing.get("abstract") or thing.get("explanation")
    words = kind.split("-")
    if isinstance(name, str) and name:
        cef[words[0] + "".join(word.capitalize() for word in words[1:]) + "Name"] = name[:1_000]
    return _artifact(thing, source, thing["id"], cef, types)


def _references(thing: Stix) -> List[Dict[str, Any]]:
    found = thing.get("external_references")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _artifact(
    bearer: Stix,
    source: Source,
    identifier: str,
    cef: Dict[str, Any],
    types: Dict[str, Any],
    observed: Optional[Mapping[str, Any]] = None,
    whole: bool = True,
) -> Artifact:
    """:param whole: the artifact bears the object and its links; of several of one object only the first does."""
    rank = tlp_of(bearer, source.objects)
    told = bearer if observed is None else observed
    kind = str(told["type"])
    first = next((str(value) for value in cef.values()), "")
    name = told.get("name") if isinstance(told.get("name"), str) else ""
    made: Artifact = {
        "name": (name or first or kind)[:250],
        "label": kind,
        "type": "stix",
        "severity": severity_of(bearer),
        "source_data_identifier": identifier,
        "cef": cef,
        "cef_types": types,
        "tags": tags_of(bearer, rank),
        "data": _data(bearer, told, source) if whole else {"stix_id": bearer["id"]},
        "run_automation": False,
    }
    description = bearer.get("description") or bearer.get("content")
    if whole and isinstance(description, str) and description:
        made["description"] = description
    for field, names in (
        ("start_time", ("valid_from", "first_observed", "first_seen", "published", "created")),
        ("end_time", ("valid_until", "last_observed", "last_seen")),
    ):
        stamp = next((bearer[one] for one in names if isinstance(bearer.get(one), str)), None)
        if stamp:
            made[field] = stamp
    return made


def _data(bearer: Stix, told: Mapping[str, Any], source: Source) -> Dict[str, Any]:
    data: Dict[str, Any] = {"stix_id": bearer["id"], "stix": told}
    if told is not bearer:
        data["observed_data"] = {name: value for name, value in bearer.items() if name != "objects"}
    return {**data, **source.links.of(bearer["id"])}


def _digest(cef: Dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(cef, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]


def _lost(source: Source, thing: Stix, reason: str) -> None:
    name = thing.get("name")
    source.skips.add(Skip(thing["type"], 0, name[:200] if isinstance(name, str) else "", reason, thing["id"]))
