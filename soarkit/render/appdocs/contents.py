"""What the documentation page of an app says, in its order; the same for every format."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from soarkit.manifest.model import Action, App, ConfigurationVariable, OutputField, Parameter, text_or_none
from soarkit.manifest.pictures import Picture, picture
from soarkit.render.appdocs import readings
from soarkit.render.appdocs.anchors import Anchors, word
from soarkit.render.appdocs.ownpage import OwnPage, own_page
from soarkit.render.appdocs.sanitising import sanitised
from soarkit.render.appdocs.tree import Node, plain

_MOST_EXAMPLES = 8  # of a field
_HIDDEN = "(not shown)"
_TESTED = re.compile(r"(^|, )tested (?:with|on) ", re.IGNORECASE)  # what the fact is called


class Fact(NamedTuple):
    """A line about the app or an action."""

    name: str
    value: str
    link: str | None = None  #: id of the part of the page that the value is about


class Field(NamedTuple):
    """A setting of an asset, or a parameter of an action."""

    name: str
    data_type: str
    required: bool
    description: str
    notes: tuple[Fact, ...]  #: default, choices and what else is to be said
    contains: tuple[str, ...]


class Output(NamedTuple):
    """A field of an action's results."""

    path: str
    data_type: str
    contains: tuple[str, ...]
    examples: tuple[str, ...]
    more_examples: int  #: how many are left out
    column: str  #: its name in the table of results


@dataclass(frozen=True)
class ActionPart:
    """What is said of one action."""

    anchor: str
    name: str
    description: str
    verbose: list[Node]  #: harmless, as written
    facts: list[Fact]
    parameters: list[Field]
    outputs: list[Output]


class Use(NamedTuple):
    """An action that takes or gives values of a type, and where."""

    action: ActionPart
    places: tuple[str, ...]


@dataclass
class ContentType:
    """A type of values, such as ``ip``."""

    name: str
    anchor: str
    takes: list[Use] = field(default_factory=list)
    gives: list[Use] = field(default_factory=list)


@dataclass(frozen=True)
class Contents:
    """All that the page says."""

    name: str
    version: str
    logo: Picture | None
    logo_dark: Picture | None
    facts: list[Fact]
    description: str
    own: OwnPage | None
    configuration: list[Field]
    actions: list[ActionPart]
    types: dict[str, ContentType]  #: by name, in alphabetical order
    folder: str  #: the app's, where pictures of its own page are
    anchors: Anchors  #: ids that are taken

    @property
    def links(self) -> frozenset[str]:
        """Ids that the app's own page may link to."""
        return frozenset(["configuration", "actions", "content-types", *(part.anchor for part in self.actions)])


def merged(notes: Iterable[Fact]) -> dict[str, list[str]]:
    """Values by the names of the facts."""
    found: dict[str, list[str]] = {}
    for note in notes:
        found.setdefault(note.name, []).append(note.value)
    return found


def contents(app: App) -> Contents:
    """What there is to say about an app."""
    anchors = Anchors()
    for taken in ("top", "about", "configuration", "actions", "content-types", "contents"):
        anchors.new(taken)
    parts = _actions(app, anchors)
    light, dark = (picture(app.folder, app.raw[key]) if text_or_none(app.raw.get(key)) else None for key in _LOGOS)
    return Contents(
        name=app.name,
        version=app.app_version,
        logo=light or dark,
        logo_dark=dark if light else None,
        facts=_facts(app),
        description=readings.said(app.raw.get("description")),
        own=own_page(app),
        configuration=[_field(one) for one in _ordered(app.configuration.values())],
        actions=parts,
        types=_types(parts, anchors),
        folder=app.folder,
        anchors=anchors,
    )


_LOGOS = ("logo", "logo_dark")


def _facts(app: App) -> list[Fact]:
    raw = app.raw
    said = readings.said
    regex, read = app.product_version_regex, readings.product_versions(app.product_version_regex)
    versions = read if read == "all versions" else f"{regex} ({read})" if read else f"those that match {regex}"
    facts = [
        Fact("Publisher", said(raw.get("publisher"))),
        Fact("App version", app.app_version),
        Fact("Type", said(raw.get("type"))),
        Fact("Product vendor", said(raw.get("product_vendor"))),
        Fact("Product", said(raw.get("product_name"))),
        Fact("Product versions supported", versions),
        Fact("Python", ", ".join(app.python_versions)),
        Fact("Minimum platform version", said(raw.get("min_phantom_version"))),
        Fact("License", said(raw.get("license"))),
        Fact("App ID", app.appid),
        Fact("Website", said(raw.get("url"))),
        Fact("Tested with", _TESTED.sub(r"\1", said(raw.get("latest_tested_versions")))),
        Fact("Contributors", ", ".join(_contributors(raw.get("contributors")))),
    ]
    return [fact for fact in facts if fact.value]


def _contributors(value: object) -> list[str]:
    people = value if isinstance(value, list) else []
    return [name for one in people if (name := readings.said(one.get("name") if isinstance(one, dict) else one))]


def _ordered(fields: Iterable[ConfigurationVariable | Parameter]) -> list[ConfigurationVariable | Parameter]:
    """In their order; those without one last, as they are in the file. Gaps of the form are left out."""
    kept = [one for one in fields if one.data_type != "ph"]
    return sorted(kept, key=lambda one: (one.order is None, one.order or 0))


def _field(declared: ConfigurationVariable | Parameter) -> Field:
    notes = []
    secret = _is_secret(declared.data_type)
    if declared.default not in (None, ""):
        default = readings.shown(declared.default)
        notes.append(Fact("Has a default", "not shown") if secret else Fact("Default", default))
    notes += [Fact("One of", readings.shown(value)) for value in declared.value_list]
    contains: tuple[str, ...] = ()
    if isinstance(declared, Parameter):
        contains = _once(declared.contains)
        if declared.primary:
            notes.append(Fact("Primary", "the action is offered for values of these types"))
        if declared.allow_list:
            notes.append(Fact("List", "several values, separated by commas"))
    return Field(declared.name, declared.data_type, declared.required, declared.description, tuple(notes), contains)


def _is_secret(data_type: str) -> bool:
    return data_type.strip().lower() == "password"


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _actions(app: App, anchors: Anchors) -> list[ActionPart]:
    ids = [anchors.new(f"action-{word(action.name)}") for action in app.actions]
    by_name = {action.name: anchor for action, anchor in zip(reversed(app.actions), reversed(ids), strict=True)}
    return [
        ActionPart(
            anchor=anchor,
            name=action.name,
            description=action.description,
            verbose=_verbose(action),
            facts=_action_facts(action, by_name),
            parameters=[_field(one) for one in _ordered(action.parameters.values())],
            outputs=[_output(one) for one in action.outputs],
        )
        for action, anchor in zip(app.actions, ids, strict=True)
    ]


def _verbose(action: Action) -> list[Node]:
    """The long description; many apps repeat the short one there, which is said already."""
    nodes = sanitised(text_or_none(action.raw.get("verbose")) or "")
    return nodes if _sentence(plain(nodes)) != _sentence(action.description) else []


def _sentence(text: str) -> str:
    return " ".join(text.split()).rstrip(".").casefold()


def _action_facts(action: Action, by_name: dict[str, str]) -> list[Fact]:
    facts = [
        Fact("Type", action.type),
        Fact("Read only", "yes" if action.read_only else "no: it changes things"),
        Fact("Product versions", readings.entry_versions(action.versions)),
        Fact("Identifier", action.identifier),
        Fact("Undone by", action.undo or "", by_name.get(action.undo or "")),
        Fact("Lock", readings.lock(action)),
        Fact("Results are shown as", readings.view(action)),
    ]
    return [fact for fact in facts if fact.value]


def _output(declared: OutputField) -> Output:
    examples = [readings.shown(value) for value in declared.example_values]
    if _is_secret(declared.data_type) and examples:
        examples = [_HIDDEN]
    kept = list(dict.fromkeys(examples))
    return Output(
        path=declared.data_path or "",
        data_type=declared.data_type,
        contains=_once(declared.contains),
        examples=tuple(kept[:_MOST_EXAMPLES]),
        more_examples=max(0, len(kept) - _MOST_EXAMPLES),
        column=declared.column_name or "",
    )


def _types(actions: list[ActionPart], anchors: Anchors) -> dict[str, ContentType]:
    """Which actions take values of each type, and which give them. That results repeat parameters is no news."""
    names = {name for one in actions for part in one.parameters for name in part.contains}
    names |= {name for one in actions for part in one.outputs for name in part.contains}
    types = {}
    for name in sorted(names, key=lambda one: (one.lower(), one)):
        types[name] = ContentType(name, anchors.new(f"type-{word(name)}"))
    for action in actions:
        taken: dict[str, list[str]] = {}
        given: dict[str, list[str]] = {}
        for parameter in action.parameters:
            for name in parameter.contains:
                taken.setdefault(name, []).append(parameter.name)
        for output in action.outputs:
            for name in output.contains if not output.path.startswith("action_result.parameter.") else ():
                given.setdefault(name, []).append(output.path)
        for name, places in taken.items():
            types[name].takes.append(Use(action, tuple(places)))
        for name, places in given.items():
            types[name].gives.append(Use(action, tuple(dict.fromkeys(places))))
    return types
