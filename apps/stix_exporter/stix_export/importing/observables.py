"""Observed things (SCOs of 2.1, the numbered objects of observed-data in 2.0) as pairs of path and value."""

from __future__ import annotations

from typing import Any, Mapping

from .fields import Pairs

#: Types of observable objects.
TYPES = frozenset(
    "artifact autonomous-system directory domain-name email-addr email-message file ipv4-addr ipv6-addr mac-addr mutex"
    " network-traffic process software url user-account windows-registry-key x509-certificate".split()
)
#: How many pairs one object may give; what refers to itself ends here too.
MOST = 500
_LEVELS = 3
_ASIDE = frozenset(
    "type id spec_version object_marking_refs granular_markings defanged extends x_opencti_score created_by_ref".split()
)
#: References whose other end says something about this object; resolving others would tell of a different one.
_FOLLOWED = frozenset(
    "src_ref dst_ref from_ref sender_ref to_ref cc_ref parent_directory_ref binary_ref image_ref body_raw_ref".split()
)


def properties_of(thing: Mapping[str, Any], others: Mapping[str, Any]) -> Pairs:
    """The properties of an observable, as the paths that a pattern would compare.

    :param others: what its references name: all objects by id, or the numbered ones beside it.
    """
    pairs: Pairs = []
    kind = str(thing.get("type"))
    for name, value in thing.items():
        if name not in _ASIDE:
            _walk(f"{kind}:{name}", name, value, others, 0, pairs)
    return pairs


def _walk(path: str, name: str, value: Any, others: Mapping[str, Any], level: int, pairs: Pairs) -> None:
    if len(pairs) >= MOST or level > 2 * _LEVELS:
        return
    if name.endswith("_ref") and isinstance(value, str):
        other = others.get(value)
        if name in _FOLLOWED and isinstance(other, dict) and level < _LEVELS:
            for inner in ("value", "name", "path"):
                if inner in other:
                    _walk(f"{path}.{inner}", inner, other[inner], others, level + 1, pairs)
    elif isinstance(value, dict):
        for inner, one in value.items():
            _walk(f"{path}.{inner}", inner, one, others, level + 1, pairs)
    elif isinstance(value, list):
        for one in value[:MOST]:
            # One of several references is followed as a single one is.
            _walk(f"{path}[*]", name[:-1] if name.endswith("_refs") else name, one, others, level + 1, pairs)
    elif isinstance(value, (str, int, float)):
        pairs.append((path, value))
