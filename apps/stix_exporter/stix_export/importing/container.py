"""A bundle as one container: a report, grouping or incident that leads it names it, every other object is an artifact.

One container a bundle, because objects of a bundle belong together, and one object may belong to several reports. It
is told apart by the leading object's id, which stays the same when a producer bundles anew, else by the bundle's:
importing again adds only what is new.
"""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional

from ..errors import ExportError, Skips
from .artifacts import Artifact, Source, artifacts_of
from .document import Bundle, Stix, read_bundle
from .labels import highest, sensitivity, tags_of, texts, tlp_of
from .links import Links

#: Artifacts that one bundle may give.
MOST = 100_000
_LEADING = ("report", "grouping", "incident")
#: Objects that say something about others, and are told there.
_CONTEXT = frozenset(("marking-definition", "extension-definition", "language-content", "relationship", "sighting"))


class Imported(NamedTuple):
    """What a bundle becomes.

    :ivar container: as the platform takes it, its artifacts with it.
    :ivar version: "2.0" or "2.1".
    :ivar bundle_id: the bundle's id.
    :ivar counts: objects by type, of those that were read.
    :ivar actionable: artifacts with at least one value of a type that apps take.
    :ivar skips: what was not understood, counted by reason and named.
    """

    container: Dict[str, Any]
    version: str
    bundle_id: str
    counts: Dict[str, int]
    actionable: int
    skips: Skips

    def summary(self) -> Dict[str, Any]:
        """The facts for an action's summary."""
        return {
            "bundle_id": self.bundle_id,
            "stix_version": self.version,
            "object_count": sum(self.counts.values()),
            "objects_by_type": dict(sorted(self.counts.items())),
            "artifact_count": len(self.container["artifacts"]),
            "actionable_count": self.actionable,
            "not_understood_count": self.skips.total,
        }


def import_bundle(text: bytes, label: Optional[str] = None) -> Imported:
    """A bundle's container with its artifacts; nothing is saved here.

    :param text: a STIX 2.1 or 2.0 bundle, JSON in UTF-8.
    :param label: the container's label; without one the platform's own choice.
    :raises ExportError: no bundle that can be imported, or one that gives more than :data:`MOST` artifacts.
    """
    bundle = read_bundle(text)
    links = Links(bundle.objects, bundle.skips)
    source = Source(bundle.objects, links, bundle.skips)
    lead = _leading(bundle.objects)
    authors = _authors(bundle.objects)
    artifacts: List[Artifact] = []
    counts: Dict[str, int] = {}
    for name, each in bundle.objects.items():
        counts[each["type"]] = counts.get(each["type"], 0) + 1
        if each["type"] in _CONTEXT or (name in authors and not links.touched(name)):
            continue
        artifacts.extend(artifacts_of(each, source))
        if len(artifacts) > MOST:
            raise ExportError(f"the bundle gives more than {MOST:,} artifacts; split it")
    if lead is None and not artifacts:
        raise ExportError("the bundle holds nothing that can be imported: " + _reasons(bundle.skips, counts))
    return Imported(
        _container(bundle, lead, artifacts, label),
        bundle.version,
        bundle.id,
        counts,
        sum(1 for each in artifacts if each["cef_types"]),
        bundle.skips,
    )


def _leading(objects: Dict[str, Stix]) -> Optional[Stix]:
    """The first object that is told by itself, when it can name a container; else the only one that can."""
    told = [each for each in objects.values() if each["type"] not in _CONTEXT and each["type"] != "identity"]
    able = [each for each in told if each["type"] in _LEADING]
    return able[0] if able and (len(able) == 1 or able[0] is told[0]) else None


def _authors(objects: Dict[str, Stix]) -> Dict[str, None]:
    """Identities that only sign other objects or say where something was seen."""
    found: Dict[str, None] = {}
    kept = set()
    for each in objects.values():
        for ref in [each.get("created_by_ref"), *texts(each.get("where_sighted_refs"))]:
            if isinstance(ref, str) and ref.startswith("identity--"):
                found[ref] = None
        kept.update(texts(each.get("object_refs")))
    return {ref: None for ref in found if ref not in kept}


def _container(bundle: Bundle, lead: Optional[Stix], artifacts: List[Artifact], label: Optional[str]) -> Dict[str, Any]:
    rank = max((tlp_of(each, bundle.objects) for each in bundle.objects.values()), default=0)
    severities: Dict[str, int] = {}
    for each in artifacts:
        severities[each["severity"]] = severities.get(each["severity"], 0) + 1
    led = lead or {}
    title, description = led.get("name"), led.get("description")
    made: Dict[str, Any] = {
        "name": title[:250] if isinstance(title, str) and title.strip() else f"STIX bundle {bundle.id}"[:250],
        "description": description if isinstance(description, str) and description else f"Imported from {bundle.id}",
        "source_data_identifier": led.get("id") or bundle.id,
        "severity": highest(severities),
        "tags": tags_of(led, rank),
        "data": {"bundle_id": bundle.id, "stix_version": bundle.version, **({"stix": led} if led else {})},
        "artifacts": artifacts,
        "run_automation": False,
    }
    if label:
        made["label"] = label
    if sensitivity(rank):
        made["sensitivity"] = sensitivity(rank)
    start = next((led[one] for one in ("published", "created") if isinstance(led.get(one), str)), None)
    if start:
        made["start_time"] = start
    return made


def _reasons(skips: Skips, counts: Dict[str, int]) -> str:
    told = [f"{reason} ({number})" for reason, number in sorted(skips.counts.items())[:5]]
    return "; ".join(told) or ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items())[:10])
