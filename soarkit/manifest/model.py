"""What a run works with: an app, its actions and their parts, immutable.

Every class keeps the JSON it was made from as ``raw``, unknown keys included. The lists of an action
that most runs do not look at are made when first asked for: a big manifest has thousands of output
fields, a run needs those of one action.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

DEFAULT_LOCK_TIMEOUT = 1200.0  #: seconds to wait for a lock that names no time-out of its own


@dataclass(frozen=True, slots=True)
class ConfigurationVariable:
    """One asset setting (guide, "Configuration Section")."""

    name: str
    data_type: str  #: string, password, numeric, boolean, file, timezone or ph (an empty place in the form)
    description: str
    required: bool
    default: Any  #: None when there is none
    value_list: tuple[Any, ...]
    order: int | None  #: place in the form
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an action (guide, "Action Section: Parameters")."""

    name: str
    data_type: str
    description: str
    required: bool
    default: Any
    value_list: tuple[Any, ...]
    contains: tuple[str, ...]  #: kinds of content, such as ``ip``
    primary: bool  #: the action mainly acts on this one
    allow_list: bool  #: one text may hold several values separated by commas
    order: int | None
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lock:
    """How runs of an action wait for each other (guide, "Action Section: Synchronization")."""

    enabled: bool
    data_path: str | None  #: ``parameters.X``, ``configuration.X``, any other text as it is, None for the asset
    timeout: float  #: seconds to wait
    concurrency: bool  #: several runs at once are allowed, up to the asset's limit
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Render:
    """How an action's results are shown (guide, "Action Section: Render key")."""

    type: str  #: table, json, custom, map, or what else the app says
    width: int | None  #: columns
    height: int | None  #: rows
    view: str | None  #: ``module.function`` of a custom view
    title: str | None
    menu_name: str | None
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OutputField:
    """One documented field of an action's results (guide, "Action Section: Output")."""

    data_path: str | None
    data_type: str
    contains: tuple[str, ...]
    column_name: str | None
    column_order: int | None
    example_values: tuple[Any, ...]
    map_info: str | None
    raw: dict[str, Any]


@dataclass(frozen=True)
class Action:
    """One entry of the app's ``actions``."""

    name: str  #: the key ``action``: what people and playbooks call it
    identifier: str  #: what the app's code calls it
    index: int  #: position in ``actions``, for JSON pointers
    description: str
    type: str  #: contain, correct, generic, investigate, test or ingest
    read_only: bool
    undo: str | None  #: name of the action that reverts this one
    versions: str  #: version expression, ``EQ(*)`` when the app gives none
    lock: Lock | None  #: None: the asset is the lock
    render: Render
    raw: dict[str, Any]

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters by name, in the order of the file."""
        return {name: _parameter(name, raw) for name, raw in self.raw.get("parameters", {}).items()}

    @cached_property
    def outputs(self) -> tuple[OutputField, ...]:
        """The documented fields; entries that are no objects are left out."""
        output = self.raw.get("output")
        if not isinstance(output, list):
            return ()
        return tuple(_output_field(raw) for raw in output if isinstance(raw, dict))


@dataclass(frozen=True)
class App:
    """An app as its JSON describes it."""

    appid: str
    name: str
    app_version: str
    main_module: str  #: as in the JSON; may say ``.pyc`` where ``.py`` is shipped, or ``src.app:app``
    folder: str  #: absolute path of the app's files
    manifest_path: str  #: absolute path of the JSON file
    actions: tuple[Action, ...]
    raw: dict[str, Any]

    @cached_property
    def configuration(self) -> dict[str, ConfigurationVariable]:
        """The asset settings by name, in the order of the file."""
        return {name: _variable(name, raw) for name, raw in self.raw["configuration"].items()}

    @property
    def kind(self) -> str:
        """``enrichment`` for a bundle of enrichments, else ``connector``."""
        return "enrichment" if "enrichment" in self.raw else "connector"

    @property
    def is_sdk_app(self) -> bool:
        """Whether ``main_module`` names module and object, as apps made with the SDK do."""
        return ":" in self.main_module

    @property
    def python_versions(self) -> tuple[str, ...]:
        """What ``python_version`` lists: versions the app was tested with; empty when it says nothing."""
        declared = self.raw.get("python_version", "")
        items = declared if isinstance(declared, list) else str(declared).split(",")
        return tuple(version for item in items if (version := str(item).strip().rstrip(".")))

    @property
    def product_version_regex(self) -> str:
        """Which product versions the app supports, as a regular expression; empty means any."""
        return text_or_none(self.raw.get("product_version_regex")) or ""


def text_or_none(value: object) -> str | None:
    """The value where it is text, else None: for keys that a run can do without."""
    return value if isinstance(value, str) else None


def is_whole(text: str) -> bool:
    """Whether a text is a whole number of a size that a place or a column can have."""
    return text.isascii() and text.isdigit() and len(text) < 10


def _whole(value: object) -> int | None:
    if isinstance(value, str) and is_whole(value):
        return int(value)  # published apps write some column orders as text
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _items(value: object) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else ()


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _variable(name: str, raw: dict[str, Any]) -> ConfigurationVariable:
    return ConfigurationVariable(
        name=name,
        data_type=raw["data_type"],
        description=text_or_none(raw.get("description")) or "",
        required=raw.get("required", False),
        default=raw.get("default"),
        value_list=_items(raw.get("value_list")),
        order=_whole(raw.get("order")),
        raw=raw,
    )


def _parameter(name: str, raw: dict[str, Any]) -> Parameter:
    return Parameter(
        name=name,
        data_type=raw["data_type"],
        description=text_or_none(raw.get("description")) or "",
        required=raw.get("required", False),
        default=raw.get("default"),
        value_list=_items(raw.get("value_list")),
        contains=_texts(raw.get("contains")),
        primary=raw.get("primary") is True,
        allow_list=raw.get("allow_list") is True,
        order=_whole(raw.get("order")),
        raw=raw,
    )


def _output_field(raw: dict[str, Any]) -> OutputField:
    return OutputField(
        data_path=text_or_none(raw.get("data_path")),
        data_type=text_or_none(raw.get("data_type")) or "string",
        contains=_texts(raw.get("contains")),
        column_name=text_or_none(raw.get("column_name")),
        column_order=_whole(raw.get("column_order")),
        example_values=_items(raw.get("example_values")),
        map_info=text_or_none(raw.get("map_info")),
        raw=raw,
    )
