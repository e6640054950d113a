"""``soarkit actions`` of an enrichment bundle: its transforms, each with where it is used and what it is for."""

from __future__ import annotations

import sys
from typing import Any

import click

from soarkit.cli.actions import action_data, app_data, fields, wrapped
from soarkit.cli.output import envelope
from soarkit.errors import typed
from soarkit.manifest.bundles import metadata
from soarkit.manifest.bundles.entity_types import ALL, BY_CONSTANT
from soarkit.manifest.bundles.metadata import Metadata, Transform
from soarkit.manifest.model import App
from soarkit.render.text import printable

_SURFACES = {"context": "page", "pivot": "pivot", "activation": "only tries the credentials"}


def listing(app: App, word: str, wanted: str | None, *, as_json: bool) -> str:
    """The transforms of a bundle: by type of value, those for the page first, in the order in which they are used.

    :param word: what the bundle was opened by
    :param wanted: name, display name or identifier of those that are meant; None: all of them
    :raises RequestError: there is none that is called so
    """
    about = metadata.of(app)
    chosen = [one for one in _ordered(about) if wanted in (None, one.name, one.display_name, _identifier(app, one))]
    if wanted is not None and not chosen:
        from soarkit.manifest.bundles.selecting import unknown_transform

        raise unknown_transform(app, wanted)
    if as_json:
        return envelope("actions", ok=True, app=app_data(app), actions=[_data(app, one) for one in chosen]) + "\n"
    text = "\n".join(_text(app, about, chosen, word))
    return text if sys.stdout.isatty() else click.unstyle(text)


def _ordered(about: Metadata) -> list[Transform]:
    groups = [group for kind in ALL for group in (about.context(kind.constant), about.pivots(kind.constant))]
    hidden = [one for one in about.transforms if one.surface == "activation"]
    return [one for group in (*groups, hidden) for one in group]


def _identifier(app: App, transform: Transform) -> str:
    return app.actions[transform.index].identifier


def _data(app: App, transform: Transform) -> dict[str, Any]:
    return {
        **action_data(app.actions[transform.index]),
        "display_name": transform.display_name,
        "surface": transform.surface,
        "entity_type": transform.entity_type,
        "rank": transform.rank,
        "activation": transform.activation,
        "output_entity_types": list(transform.output_entity_types),
    }


def _text(app: App, about: Metadata, chosen: list[Transform], word: str) -> list[str]:
    lines = [f"{click.style(printable(app.name), bold=True)} {printable(app.app_version)}  (enrichment bundle)", ""]
    credentials = fields(app.raw["configuration"], "--credential")
    if credentials:
        lines += ["credentials", *credentials, ""]
    names = [one.name for one in about.transforms]
    for one in chosen:
        shown = one.name if names.count(one.name) == 1 else _identifier(app, one)
        head = click.style(printable(shown), fg="cyan", bold=True)
        if one.display_name != one.name:
            head += click.style(f"  {printable(one.display_name)}", dim=True)
        lines.append(f"{head}  ({printable(', '.join(_marks(one)))})")
        lines += wrapped(one.description, "  ")
        example = "" if one.surface == "activation" else _example(word, one, shown)
        lines += [f"  {click.style(printable(example), dim=True)}", ""] if example else [""]
    return lines


def _marks(transform: Transform) -> list[str]:
    marks = [BY_CONSTANT[transform.entity_type].display, _SURFACES[transform.surface]]
    marks += [] if transform.rank is None else [f"rank {transform.rank}"]
    if transform.activation and transform.surface != "activation":
        marks.append("tries the credentials")
    known = [BY_CONSTANT[one].display for one in transform.output_entity_types if one in BY_CONSTANT]
    return [*marks, f"gives {', '.join(known)}"] if known else marks


def _example(word: str, transform: Transform, shown: str) -> str:
    return f"soarkit enrich {typed(word)} {typed(shown)} {typed(transform.sample_value)}"
