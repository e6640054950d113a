"""``soarkit actions --for``: what can be done with a value."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli.commandline import run_command
from soarkit.cli.output import envelope, tell, write
from soarkit.errors import UsageError, typed
from soarkit.host import Host
from soarkit.manifest.content_types import KNOWN, canonical, is_defanged, recognise
from soarkit.manifest.selection import find_entries, suggestions
from soarkit.offers import Offer
from soarkit.paths import is_path
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.manifest.model import App


def show(
    host: Host, app: str | None, action: str | None, types: Sequence[str], value: str | None, *, as_json: bool
) -> int:
    """Print the actions for values of these types.

    :param app: only actions of this app
    :param action: only this one
    :param types: none: those that the value shows
    :param value: what goes into the commands; None: a placeholder
    :raises UsageError: a type is empty
    """
    if any(not canonical(one) for one in types):
        raise UsageError("no type is named", where="--for", hint="such as ip, sha256 or 'host name'")
    asked = list(dict.fromkeys(map(canonical, types))) if types or value is None else recognise(value)
    opened = None if app is None else host.open_app(app)
    found = [] if not asked else _found(host, app, opened, asked)
    if opened is not None and action is not None:
        names = {one.name for one in _entries(opened, action)}
        found = [one for one in found if one.action in names]
    if as_json:
        offers = [{**one.to_json(), "assets": list(one.assets), "command": run_command(one, value)} for one in found]
        write(envelope("actions", ok=True, types=asked, value=value, offers=offers) + "\n")
    else:
        if value is not None and not types and asked:
            tell(f"soarkit: taking it for: {', '.join(asked)}")
        write(_text(found, value))
    if value is not None and not value.isascii() and not types and "domain" in asked:
        tell(f"soarkit: many apps take this name only as {printable(value.encode('idna').decode('ascii'))}")
    for line in [*([] if found else _nothing(host, app, asked, value)), *_guesses(host, asked, found)]:
        tell(f"soarkit: {printable(line)}")
    return 0


def _found(host: Host, app: str | None, opened: App | None, types: list[str]) -> list[Offer]:
    if opened is None or app is None:
        return host.inventory.contextual(types).all
    return host.inventory.contextual(types, only=(app, opened)).all


def _entries(app: App, action: str) -> Iterable[Any]:
    found = find_entries(app, action)
    if not found:
        from soarkit.manifest.selection import choose_action

        choose_action(app, action)  # says what there is instead
    return found


def _text(offers: list[Offer], value: str | None) -> str:
    """The offers by app, each with its command."""
    lines = []
    for (name, word), group in groupby(offers, lambda one: (one.app, one.word)):
        mine = list(group)
        slug = "" if name == word else click.style(f"  {printable(word)}", dim=True)
        lines.append(click.style(printable(name), bold=True) + slug)
        if mine[0].assets:
            names = ", ".join(map(printable, mine[0].assets[:10]))
            lines.append(click.style(f"  assets: {names}{', ...' if len(mine[0].assets) > 10 else ''}", dim=True))
        elif mine[0].needs_asset:
            make = f"soarkit asset create NAME --app {typed(word)}"
            if is_path(word):  # assets are made for installed apps
                make = f"soarkit install {typed(word)}, or run it with --asset-file FILE instead"
            lines.append(click.style(f"  it needs an asset: {printable(make)}", dim=True))
        for one in mine:
            mark = "" if one.read_only else click.style("  changes things", fg="yellow")
            lines.append(f"  {click.style(printable(one.action), fg='cyan')}{mark}")
            lines.append(f"    {_command(one, value)}")
        lines.append("")
    text = "".join(f"{line}\n" for line in lines[:-1])
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return text if coloured else click.unstyle(text)


def _command(one: Offer, value: str | None) -> str:
    """The command, what is still to be filled in marked."""
    text = printable(run_command(one, value))
    names = [*one.missing, *([one.parameter] if value is None else []), *(["asset"] if one.needs_asset else [])]
    for name in names:
        text = text.replace(f"<{name}>", click.style(f"<{name}>", fg="yellow", bold=True))
    return text


def _nothing(host: Host, app: str | None, types: list[str], value: str | None) -> Iterable[str]:
    """Why there is nothing, and what to try."""
    if not types:
        yield "no type can be seen in this value; name one: --for TYPE"
        if value is not None and is_defanged(value):
            yield "it was made harmless for reading; give it as it really is"
        return
    snapshot = host.inventory.snapshot
    if app is None and (snapshot is None or not snapshot.apps):
        yield "no apps are installed: soarkit install FILE.tgz"
        return
    where = "no installed app has" if app is None else f"{app} has no"
    yield f"{where} {'an action' if app is None else 'action'} for {' or '.join(types)}"
    if app is None:
        from soarkit.enriching import inactive_bundles

        yield from inactive_bundles(host)


def _guesses(host: Host, types: list[str], found: list[Offer]) -> Iterable[str]:
    """Types that were probably meant, for such that no app has."""
    known: dict[str, None] = dict.fromkeys((*KNOWN, *(kind for one in found for kind in one.types)))
    if all(one in known for one in types):
        return
    known.update(dict.fromkeys(host.inventory.contextual().by_type))
    for one in types:
        if one not in known and (near := suggestions(one, list(known))):
            yield f"{one}: did you mean {' or '.join(map(repr, near))}?"
