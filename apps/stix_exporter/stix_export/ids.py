"""Stable ids: UUIDs of version 5 in a namespace of our own (reference 7, "Ids")."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Union

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "threatq-stix21.soarkit")

_SPACE = NAMESPACE.bytes
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def v5(*key: Union[str, int]) -> str:
    """The UUID of a key: version 5 over the key as a compact JSON array in UTF-8.

    :param key: texts and whole numbers, as the table of reference 7 has them:
        ``v5("incident", "lib-1", "", "incident", 12)``.
    """
    return v5_of(json.dumps(key, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass"))


def v5_of(written: bytes) -> str:
    """The UUID of a key that is already written as JSON; what :func:`v5` returns, and much cheaper in a loop."""
    digits = hashlib.sha1(_SPACE + written).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{_VARIANT[digits[16]]}{digits[17:20]}-{digits[20:32]}"


def object_id(stix_type: str, library_id: str, variant: str, collection: str, number: int) -> str:
    """The STIX id of a library's object (SDO)."""
    return f"{stix_type}--{v5(stix_type, library_id, variant, collection, number)}"


def relationship_id(library_id: str, variant: str, verb: str, source_ref: str, target_ref: str) -> str:
    """The STIX id of a relationship."""
    return f"relationship--{v5('relationship', library_id, variant, verb, source_ref, target_ref)}"


def sighting_id(library_id: str, variant: str, sighting_of_ref: str, collection: str, number: int) -> str:
    """The STIX id of a sighting; ``collection`` and ``number`` name the evidence."""
    return f"sighting--{v5('sighting', library_id, variant, sighting_of_ref, collection, number)}"


def observed_data_id(library_id: str, variant: str, sighting: str) -> str:
    """The STIX id of the observed-data of a sighting."""
    return f"observed-data--{v5('observed-data', library_id, variant, sighting)}"


def producer_id(library_id: str, name: str) -> str:
    """The STIX id of the Identity that creates the objects."""
    return f"identity--{v5('identity', library_id, 'producer', name)}"


def bundle_id(digest: str) -> str:
    """The id of a bundle; ``digest`` is the SHA-256 of its serialized objects, in hexadecimal."""
    return f"bundle--{v5('bundle', digest)}"
