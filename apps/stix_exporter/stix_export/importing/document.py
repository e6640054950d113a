"""A STIX bundle's text as objects: what is no bundle is refused as a whole, an odd object is left out and counted."""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import Any, Dict, List, NamedTuple, Tuple

from ..errors import ExportError, Skip, Skips

#: Bytes that a bundle may have; what a run holds in memory is about ten times that.
LARGEST = 64 * 1024 * 1024
#: Objects that a bundle may have.
MOST_OBJECTS = 100_000
#: Levels that one object may be nested; the standard's own go to about ten.
DEEPEST = 40

_ID = re.compile(r"([a-z][a-z0-9-]{1,248})--[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}").fullmatch
_SURROGATE = re.compile("[\ud800-\udfff]")

Stix = Dict[str, Any]


class Bundle(NamedTuple):
    """A bundle's objects, each id once.

    :ivar id: the bundle's id, or one made of its text's digest where it has none.
    :ivar version: "2.0" or "2.1".
    :ivar objects: by id, in the bundle's order.
    :ivar skips: what was left out.
    """

    id: str
    version: str
    objects: Dict[str, Stix]
    skips: Skips


def read_bytes(path: str) -> bytes:
    """A bundle's file, when it is not too large to be imported.

    :raises ExportError: it is too large, or cannot be read
    """
    try:
        with open(path, "rb") as file:
            text = file.read(LARGEST + 1)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise ExportError(f"the bundle's file cannot be read: {error.strerror}") from None
    if len(text) > LARGEST:
        raise _too_large(size)
    return text


def bundle_text(given: Any) -> bytes:
    """A bundle as an action's parameter holds it: its text, or the JSON itself.

    :raises ExportError: neither
    """
    if isinstance(given, (dict, list)):
        given = json.dumps(given)
    if not isinstance(given, str):
        raise ExportError("bundle must be the text of a STIX bundle")
    return given.encode("utf-8", "replace")


def _too_large(size: int) -> ExportError:
    return ExportError(f"the bundle has {size:,} bytes; at most {LARGEST:,} can be imported, split it")


def read_bundle(text: bytes) -> Bundle:
    """The objects of a bundle.

    Of an object that comes several times its last version counts (the greatest ``modified``). An object that is none
    (no type, an id of another form, too deep) is left out and counted.

    :param text: a JSON document in UTF-8.
    :raises ExportError: too large, no JSON, no bundle, a bundle of another version, no objects.
    """
    if len(text) > LARGEST:
        raise _too_large(len(text))
    document = _parsed(text)
    if not isinstance(document, dict) or document.get("type") != "bundle":
        kind = document.get("type") if isinstance(document, dict) else None
        found = f"a STIX object of type {kind!r:.60}" if isinstance(kind, str) else "other JSON"
        raise ExportError(f'this is {found}, not a STIX bundle (an object of type "bundle" with "objects")')
    stated = document.get("spec_version")
    if stated not in (None, "2.0", "2.1"):
        raise ExportError(f"the bundle is of STIX {stated!r:.40}; 2.0 and 2.1 can be imported")
    listed = document.get("objects", [])
    if not isinstance(listed, list):
        raise ExportError('the bundle\'s "objects" is no list')
    if not listed:
        raise ExportError("the bundle holds no objects")
    if len(listed) > MOST_OBJECTS:
        raise ExportError(f"the bundle has {len(listed):,} objects; at most {MOST_OBJECTS:,} can be imported, split it")
    objects, skips = _sorted_out(listed)
    given = document.get("id")
    digest = hashlib.sha256(text).hexdigest()
    name = given if isinstance(given, str) and _ID(given) else f"bundle-{digest[:32]}"
    newer = any("spec_version" in each for each in objects.values())
    return Bundle(name, stated or ("2.1" if newer else "2.0"), objects, skips)


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text.decode("utf-8-sig"), parse_constant=_refused)
    except UnicodeDecodeError as error:
        raise ExportError(f"the bundle is not UTF-8 (byte {error.start:,} is wrong)") from None
    except json.JSONDecodeError as error:
        if text.lstrip()[:1] == b"<":
            raise ExportError("this is XML; STIX 1 cannot be imported, only 2.0 and 2.1, which are JSON") from None
        place = f"line {error.lineno}, column {error.colno}"
        raise ExportError(f"the bundle is not whole JSON: {error.msg} ({place})") from None
    except RecursionError:
        raise ExportError("the bundle is nested too deep") from None
    except ValueError as error:  # a number of thousands of digits, NaN
        raise ExportError(f"the bundle is not JSON: {error}") from None


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _sorted_out(listed: List[Any]) -> Tuple[Dict[str, Stix], Skips]:
    objects: Dict[str, Stix] = {}
    skips = Skips()
    for number, given in enumerate(listed):
        place = f"objects[{number}]"
        wrong = _wrong(given)
        if wrong:
            kind = given.get("type") if isinstance(given, dict) else type(given).__name__
            skips.add(Skip(_short(kind), 0, _short(given.get("id")) if isinstance(given, dict) else "", wrong, place))
            continue
        clean = _clean(given)
        known = objects.get(clean["id"])
        if known is None:
            objects[clean["id"]] = clean
            continue
        same = known == clean
        skips.add(Skip(clean["type"], 0, clean["id"], "given twice" if same else "another version is newer", place))
        if not same and moment_key(clean.get("modified")) > moment_key(known.get("modified")):
            objects[clean["id"]] = clean
    return objects, skips


def moment_key(stamp: Any) -> str:
    """A STIX timestamp as text that sorts by time, whatever its precision; "" when it is none."""
    return stamp[:-1].replace(".", "~") if isinstance(stamp, str) and stamp.endswith("Z") else ""


def _wrong(given: Any) -> str:
    if not isinstance(given, dict):
        return "no object"
    kind, name = given.get("type"), given.get("id")
    if not isinstance(kind, str) or not kind:
        return "an object without a type"
    found = _ID(name) if isinstance(name, str) else None
    if not found:
        return "an id that is none (type--UUID)"
    if found.group(1) != kind:
        return "an id of another type"
    return f"nested more than {DEEPEST} levels deep" if _too_deep(given) else ""


def _too_deep(given: Any) -> bool:
    level: List[Any] = [given]
    for _ in range(DEEPEST):
        following: List[Any] = []
        for one in level:
            values = one.values() if isinstance(one, dict) else one
            following += [value for value in values if isinstance(value, (dict, list))]
        if not following:
            return False
        level = following
    return True


def _clean(value: Any) -> Any:
    """The same without halves of surrogate pairs, which no file and no database can hold."""
    if isinstance(value, str):
        return value if value.isascii() else _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {_clean(name): _clean(one) for name, one in value.items()}
    return value


def _short(value: Any) -> str:
    return _SURROGATE.sub("\ufffd", value)[:100] if isinstance(value, str) else ""
