"""Bundles judged by the standard's own tools, and by what those cannot see."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import stix2
from stix2validator import ValidationOptions, validate_instance

StixObject = dict[str, Any]

# {103}: ids are of version 5, for they are stable; {302}: a relation's own description is not given.
DISABLED = "103,302"
# Wrong verbs, wrong common relations, custom properties.
FATAL = ("{202}", "{203}", "{401}")


def bundle_of(objects: Iterable[StixObject]) -> StixObject:
    """A bundle as it comes out of a file."""
    bundle = {"type": "bundle", "id": "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d", "objects": list(objects)}
    written = json.dumps(bundle, ensure_ascii=False, allow_nan=False).encode("utf-8")
    return json.loads(written)  # type: ignore[no-any-return]


def judge(bundle: StixObject) -> list[str]:
    """Fail unless the bundle is valid, parses, and refers only to what it holds; returns the validator's warnings."""
    found = validate_instance(bundle, ValidationOptions(version="2.1", disabled=DISABLED))
    assert not found.errors, [str(error) for error in found.errors]
    warnings = [str(warning) for warning in found.warnings or ()]
    assert not [each for each in warnings if any(code in each for code in FATAL)]
    stix2.parse(bundle, version="2.1")
    ids = [each["id"] for each in bundle["objects"]]
    assert len(ids) == len(set(ids))
    for each in bundle["objects"]:
        for name, value in each.items():
            if name.endswith("_ref"):
                assert value in ids, (each["id"], name)
            elif name.endswith("_refs"):
                assert set(value) <= set(ids), (each["id"], name)
        assert not [name for name in each if name.startswith("x_")]
    for value in walked(bundle):
        assert value is not None
        assert value not in ([], {}, "")
    return warnings


def walked(value: Any) -> Iterator[Any]:
    """A value and everything in it."""
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from walked(each)
