"""What a shell is offered for actions, parameters and configuration of the app being typed."""

from __future__ import annotations

import os
from typing import Any

import click
from click.shell_completion import CompletionItem


def _app(context: click.Context) -> Any:
    """The app typed so far, or None: completion never shows an error."""
    from soarkit.errors import SoarkitError
    from soarkit.host import Host

    try:
        return Host().open_app(_typed(context, "app", 0))
    except (SoarkitError, OSError):
        return None


def _typed(context: click.Context, name: str, position: int) -> str:
    """An argument typed so far. Behind an option without its value click has not told arguments apart yet."""
    words = [word for word in context.args if not word.startswith("-")]
    return context.params.get(name) or (words[position] if len(words) > position else "")


def actions(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Action names, with their descriptions."""
    app = _app(context)
    # bash inserts what it is offered without quoting it, so a name with spaces would become several words.
    bare = os.environ.get("_SOARKIT_COMPLETE", "").startswith("bash")
    found = {}
    for action in () if app is None else app.actions:
        found[action.identifier if bare and " " in action.name else action.name] = action.description
    return [CompletionItem(name, help=about) for name, about in found.items() if name.startswith(incomplete)]


def parameters(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """``NAME=`` for each parameter of the chosen action."""
    app = _app(context)
    wanted = _typed(context, "action", 1)
    for action in () if app is None else app.actions:
        if wanted in (action.name, action.identifier):
            return _assignments(action.raw.get("parameters", {}), incomplete)
    return []


def configuration(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """``NAME=`` for each configuration variable."""
    app = _app(context)
    return [] if app is None else _assignments(app.raw["configuration"], incomplete)


def _assignments(declared: dict[str, Any], incomplete: str) -> list[CompletionItem]:
    """``name=``; after the equals sign the values of a value_list."""
    name, equals, start = incomplete.partition("=")
    if equals:
        values = declared.get(name, {}).get("value_list") or []
        return [CompletionItem(f"{name}={value}") for value in values if str(value).startswith(start)]
    return [
        CompletionItem(f"{key}=", help=about.get("description"))
        for key, about in declared.items()
        if key.startswith(name) and about.get("data_type") != "ph"
    ]
