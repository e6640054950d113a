"""Contextual actions: what can be done with a value of known ``contains`` types.

An action offers itself for a value when it has a primary parameter that takes one of the value's types (app guide,
"Action Section: Parameters"). Tests of connectivity and polls are never offered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from soarkit.manifest.content_types import ANY, canonical, widened
from soarkit.manifest.model import Action, App, Parameter

#: Types of actions that are about the asset, not about a value.
_WITHOUT_SUBJECT = ("test", "ingest")


@dataclass(frozen=True)
class ContextualAction:
    """One parameter of one action that takes a value.

    :param types: the types that the parameter takes, as comparisons go by them
        (:func:`soarkit.manifest.content_types.canonical`)
    """

    app: App
    action: Action
    parameter: Parameter
    types: frozenset[str]

    @property
    def missing(self) -> list[str]:
        """The other parameters that have to be given: required ones without a default."""
        return [
            one.name
            for one in self.action.parameters.values()
            if one.required and "default" not in one.raw and one.data_type != "ph" and one is not self.parameter
        ]


def actions_for(apps: Iterable[App], types: Collection[str] | None = None) -> list[ContextualAction]:
    """The actions of apps that take a value of any of these types.

    Grouped by app, by its name; within an app those that only read come first, then by name. An action with several
    parameters that take the value is there once for each. Entries of one action that differ in the product versions
    they are for count as one: which of them runs depends on the asset.

    :param types: in any spelling; None: any type
    """
    wanted = None if types is None else widened(types) | {ANY}
    found = []
    for app in apps:
        met: set[tuple[str, str]] = set()
        for action in app.actions:
            if action.type in _WITHOUT_SUBJECT:
                continue
            for parameter in action.parameters.values():
                if not parameter.primary or not parameter.contains or parameter.data_type in ("ph", "password"):
                    continue
                taken = frozenset(map(canonical, parameter.contains)) - {""}
                fits = bool(taken) if wanted is None else not wanted.isdisjoint(taken)
                if fits and (action.name, parameter.name) not in met:
                    met.add((action.name, parameter.name))
                    found.append(ContextualAction(app, action, parameter, taken))
    found.sort(key=_order)
    return found


def _order(one: ContextualAction) -> tuple[object, ...]:
    order = one.parameter.order
    return (
        one.app.name.casefold(),
        one.app.appid,
        not one.action.read_only,
        one.action.name.casefold(),
        order is None,
        order or 0,
    )
