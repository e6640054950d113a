"""What an enrichment bundle says of itself in ``metadata.json`` (guide chapter 5; reference, section 4).

Strict about what a run needs, and lenient about the rest: what is written in another JSON type than it should be is
taken for what it means, what is missing is filled in. ``soarkit validate`` says what is wrong.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from soarkit.errors import ManifestError
from soarkit.manifest import source
from soarkit.manifest.bundles import coercing, entity_types
from soarkit.manifest.bundles.libraries import surface_of
from soarkit.manifest.keys import ENRICHMENT, SOURCE
from soarkit.manifest.model import App
from soarkit.manifest.source import is_metadata_file, kind_of, read_json

METADATA = source.METADATA  #: name of the file
LARGEST = 4_000_000  #: bytes of a metadata.json

APP_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2,}")  #: rule M4
VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})([.+-]?[A-Za-z][A-Za-z0-9.+-]*)?")

_Ranked = TypeVar("_Ranked", "Credential", "Transform")


@dataclass(frozen=True, slots=True)
class Credential:
    """One field that users fill in before a bundle can be used."""

    name: str  #: what the script asks for
    label: str  #: what the form says; the name where the metadata has none
    description: str
    required: bool
    sensitive: bool  #: to be kept secret
    rank: int | None  #: place in the form


@dataclass(frozen=True, slots=True)
class Transform:
    """One thing that a bundle can do with an observable."""

    name: str  #: ``transform_name``, the identity
    display_name: str  #: what people read; the name where the metadata has none
    description: str
    author: str
    parameters: tuple[str, ...]  #: the script's name, and what comes before the value on its command line
    entity_type: str  #: one of the eight constants, such as ``anomali.Domain``
    pivoting: bool  #: for the graph: it gives entities
    enrichment: bool  #: for the page of an observable: it gives widgets
    activation: bool  #: it is run to try the credentials
    sample_value: str  #: what it is tried with
    rank: int | None
    output_entity_types: tuple[str, ...]
    index: int  #: position in ``transforms``, for JSON pointers

    @property
    def script(self) -> str:
        """The file in ``source/``."""
        return self.parameters[0]

    @property
    def function(self) -> str:
        """What the script is told to do."""
        return self.parameters[1] if len(self.parameters) > 1 else ""

    @property
    def surface(self) -> str:
        """Where it is used: ``context``, ``pivot``, or ``activation`` where it only tries the credentials."""
        return "context" if self.enrichment else "pivot" if self.pivoting else "activation"


@dataclass(frozen=True)
class Metadata:
    """The metadata of a bundle.

    :ivar credentials: in the order of the form
    :ivar transforms: in the order of the file
    :ivar raw: the document as it was found
    """

    title: str
    transform_set_name: str
    description: str
    app_name: str
    version: str
    credentials: tuple[Credential, ...]
    transforms: tuple[Transform, ...]
    icon_display: str
    icon_thumbnail: str
    author: str
    long_description: str
    license: str
    source_url: str
    is_python3: bool
    update_creds: bool
    raw: dict[str, Any]

    def context(self, entity_type: str) -> list[Transform]:
        """The transforms for the page of an observable of this type, in the order of their tabs."""
        return in_order([one for one in self.transforms if one.enrichment and one.entity_type == entity_type])

    def pivots(self, entity_type: str) -> list[Transform]:
        """The transforms for an entity of this type in the graph, in the order of the menu."""
        return in_order([one for one in self.transforms if one.pivoting and one.entity_type == entity_type])

    @property
    def activations(self) -> tuple[Transform, ...]:
        """The transforms that try the credentials, in the order of the file."""
        return tuple(one for one in self.transforms if one.activation)


def in_order(group: Iterable[_Ranked]) -> list[_Ranked]:
    """By rank, where every one has a rank; else as they are. Equal ranks keep the order of the file (M8, M9)."""
    listed = list(group)
    ranks = [one.rank for one in listed if one.rank is not None]
    return sorted(listed, key=lambda one: one.rank or 0) if len(ranks) == len(listed) else listed


def is_bundle(path: str) -> bool:
    """Whether a path is that of a bundle's folder, or of its metadata file. Looks at its bytes, parses nothing."""
    return is_metadata_file(os.path.join(path, METADATA) if os.path.isdir(path) else path)


def read(folder: str) -> Metadata:
    """The metadata of the bundle in a folder.

    :param folder: the folder, or the metadata file in it
    :raises ManifestError: it cannot be read, or lacks what a run needs: every such place is named
    """
    path = os.path.join(folder, METADATA) if os.path.isdir(folder) else folder
    return from_document(read_document(path), path)


def read_document(path: str) -> dict[str, Any]:
    """The object in a metadata file.

    :raises ManifestError: it cannot be read as one, or is larger than :data:`LARGEST`
    """
    try:
        size = os.path.getsize(path)
    except OSError:
        size = 0  # reading it says what is wrong
    if size > LARGEST:
        raise ManifestError(
            f"the file has {size} bytes, which is more than the {LARGEST} a bundle's metadata may have",
            where=path,
            hint="is this the bundle's metadata.json?",
        )
    return read_json(path)


def of(app: App) -> Metadata:
    """The metadata that an app of the kind ``enrichment`` was made from."""
    return from_document(app.raw[ENRICHMENT], app.manifest_path)


def from_document(raw: dict[str, Any], path: str) -> Metadata:
    """The metadata that an object holds.

    :param path: the file it is from; scripts that have to be looked at lie beside it
    :raises ManifestError: it lacks what a run needs
    """
    problems: list[str] = []
    for key in ("title", "app_name", "version"):
        if not coercing.text(raw.get(key)):
            problems.append(_lacking(raw, key, "", "text"))
    _format(raw, "app_name", APP_NAME, "<domain suffix>.<company>.<app>, such as com.example.sample", problems)
    _format(raw, "version", VERSION, "<major>.<minor>.<patch>, such as 1.0.0", problems)
    if raw.get("sdk_type") != "anomali":
        problems.append('/sdk_type must be "anomali": no other kind of bundle can be run')
    transforms = _objects(raw, "transforms", problems)
    if not transforms and isinstance(raw.get("transforms"), list):
        problems.append("/transforms is empty: add an entry")
    folder = os.path.join(os.path.dirname(path), SOURCE)
    made = [_transform(one, index, folder, problems) for index, one in transforms]
    credentials = [_credential(one, index, problems) for index, one in _objects(raw, "credentials", problems)]
    _unique([(one.name, one.entity_type) for one in made if one], "transform", problems)
    _unique([one.name for one in credentials if one], "credential", problems)
    if problems:
        raise _broken(problems, path)
    icons = raw.get("icons")
    nested: dict[str, Any] = icons if isinstance(icons, dict) else {}
    name = coercing.text(raw["app_name"])
    return Metadata(
        title=coercing.text(raw["title"]),
        transform_set_name=coercing.text(raw.get("transform_set_name")) or coercing.text(raw["title"]),
        description=coercing.text(raw.get("description")),
        app_name=name,
        version=coercing.text(raw["version"]),
        credentials=tuple(in_order([one for one in credentials if one is not None])),
        transforms=tuple(one for one in made if one is not None),
        icon_display=coercing.text(nested.get("icon_display")) or coercing.text(raw.get("icon_display")),
        icon_thumbnail=coercing.text(nested.get("icon_thumbnail")) or coercing.text(raw.get("icon_thumbnail")),
        author=coercing.text(raw.get("author")),
        long_description=coercing.text(raw.get("long_description")),
        license=coercing.text(raw.get("license")),
        source_url=coercing.text(raw.get("source_url")),
        is_python3=coercing.flag(raw.get("is_python3")) is True,
        update_creds=coercing.flag(raw.get("update_creds")) is True,
        raw=raw,
    )


def _transform(raw: dict[str, Any], index: int, folder: str, problems: list[str]) -> Transform | None:
    pointer = f"/transforms/{index}"
    before = len(problems)
    name, entity_type = coercing.text(raw.get("transform_name")), coercing.text(raw.get("entity_type"))
    if not name:
        problems.append(_lacking(raw, "transform_name", pointer, "text"))
    if entity_type not in entity_types.BY_CONSTANT:
        known = ", ".join(entity_types.BY_CONSTANT)
        problems.append(f"{pointer}/entity_type must be one of {known}")
    parameters = coercing.tokens(raw.get("parameters"))
    if not parameters:
        problems.append(f'{pointer}/parameters must name a script and a function, such as "sample.py enrichDomain"')
    elif not is_script_name(parameters[0]):
        problems.append(f"{pointer}/parameters must begin with the name of a .py file in {SOURCE}/")
    activation = coercing.flag(raw.get("activation")) is True
    script = os.path.join(folder, parameters[0]) if parameters else ""
    pivoting, enrichment = flags(raw, script)
    if pivoting and enrichment:
        problems.append(f"{pointer} has both pivoting and enrichment true: only one of them can be")
    if not (pivoting or enrichment or activation):
        problems.append(f"{pointer} has neither pivoting nor enrichment true, so it could never be used")
    if len(problems) > before:
        return None
    outputs = raw.get("output_entity_types")
    return Transform(
        name=name,
        display_name=coercing.text(raw.get("display_name")) or name,
        description=coercing.text(raw.get("description")),
        author=coercing.text(raw.get("author")),
        parameters=parameters,
        entity_type=entity_type,
        pivoting=pivoting,
        enrichment=enrichment,
        activation=activation,
        sample_value=coercing.text(raw.get("sample_entity_value")) or entity_types.BY_CONSTANT[entity_type].sample,
        rank=coercing.rank(raw.get("rank")),
        output_entity_types=tuple(one for one in outputs if isinstance(one, str)) if isinstance(outputs, list) else (),
        index=index,
    )


def flags(raw: dict[str, Any], script: str) -> tuple[bool, bool]:
    """Whether a transform is one for the graph, and one for the page (M6, M6a, M6b).

    One that is missing is the other's opposite where the other is true. Else the library that the script imports
    decides, unless the transform is there to try the credentials.

    :param script: path of the script; empty where none is named
    """
    pivoting, enrichment = coercing.flag(raw.get("pivoting")), coercing.flag(raw.get("enrichment"))
    if pivoting is not None and enrichment is not None:
        return pivoting, enrichment
    if pivoting or enrichment:
        return bool(pivoting), bool(enrichment)
    if script and is_script_name(os.path.basename(script)):
        surface = surface_of(script)
        inferred = surface == "pivot", surface == "context"
        # What is said to be false stays false.
        return inferred[0] and pivoting is None, inferred[1] and enrichment is None
    return False, False


def is_script_name(name: str) -> bool:
    """Whether a name can be that of a script directly in ``source/``."""
    return name.endswith(".py") and name != ".py" and not re.search(r"[/\\\0]", name) and len(name) < 256


def _credential(raw: dict[str, Any], index: int, problems: list[str]) -> Credential | None:
    name = raw.get("name")
    if not isinstance(name, str) or not name.strip():
        problems.append(_lacking(raw, "name", f"/credentials/{index}", "text"))
        return None
    return Credential(
        name=name,
        label=coercing.text(raw.get("label")) or name,
        description=coercing.text(raw.get("description")),
        required=coercing.flag(raw.get("required")) is True,
        sensitive=coercing.flag(raw.get("sensitive")) is True,
        rank=coercing.rank(raw.get("rank")),
    )


def _objects(raw: dict[str, Any], key: str, problems: list[str]) -> list[tuple[int, dict[str, Any]]]:
    value = raw.get(key)
    if value is None and key == "credentials":
        return []
    if not isinstance(value, list):
        problems.append(_lacking(raw, key, "", "a list"))
        return []
    problems += [
        f"/{key}/{index} must be an object, not {kind_of(one)}"
        for index, one in enumerate(value)
        if not isinstance(one, dict)
    ]
    return [(index, one) for index, one in enumerate(value) if isinstance(one, dict)]


def _unique(keys: Sequence[object], what: str, problems: list[str]) -> None:
    seen: set[object] = set()
    for key in keys:
        if key in seen:
            shown = " for ".join(key) if isinstance(key, tuple) else key
            problems.append(f"the {what} {shown} is there twice")
        seen.add(key)


def _lacking(raw: dict[str, Any], key: str, pointer: str, what: str) -> str:
    if key not in raw:
        return f"{pointer}/{key} is missing: add it ({what})"
    if isinstance(raw[key], str):
        return f"{pointer}/{key} is empty: fill it in"
    return f"{pointer}/{key} must be {what}, not {kind_of(raw[key])}"


def _format(raw: dict[str, Any], key: str, pattern: re.Pattern[str], expected: str, problems: list[str]) -> None:
    given = coercing.text(raw.get(key))
    if given and not pattern.fullmatch(given):
        problems.append(f"/{key} must be {expected}")


def _broken(problems: list[str], path: str) -> ManifestError:
    count = len(problems)
    listed = "; ".join(problems[:10]) + (f"; and {count - 10} more" if count > 10 else "")
    return ManifestError(
        f"the bundle cannot be run as it is described: {listed}",
        where=path,
        hint='mend metadata.json; "soarkit validate" lists everything that is wrong with it',
    )
