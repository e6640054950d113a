"""Which entry of an app's ``actions`` a request means, for the asset's product version."""

from __future__ import annotations

import re
import warnings

from soarkit.errors import ManifestError, RequestError
from soarkit.manifest.model import Action, App
from soarkit.manifest.versions import VersionExpression, VersionExpressionError, most_specific, parse


def choose_action(app: App, wanted: str, product_version: str | None = None) -> Action:
    """The entry to run.

    :param app: the app
    :param wanted: an action's name or identifier; case and surplus spaces do not matter unless they tell two apart
    :param product_version: version of the asset's product; None or blank when it is unknown
    :returns: of an enrichment bundle's transforms of one name the first: all take the same parameters, and which of
        them runs the value decides, see :mod:`soarkit.manifest.bundles.selecting`
    :raises RequestError: the app has no such action, or none of its entries is for this version
    :raises ManifestError: an entry's version expression is broken, or several entries fit equally
    """
    entries = find_entries(app, wanted)
    if not entries:
        raise _unknown_action(app, wanted)
    if app.kind == "enrichment":
        return entries[0]
    version = (product_version or "").strip() or None
    if version is not None:
        _check_product(app, version)
    expressions = [_expression(app, entry) for entry in entries]
    best = most_specific(expressions, version)
    if not best:
        raise _no_fit(app, entries, version)
    if len(best) > 1:
        places = " and ".join(f"/actions/{entries[position].index}" for position in best)
        raise ManifestError(
            f'{len(best)} entries of the action "{entries[0].name}" fit {_shown(version)} equally: {places}',
            where=app.manifest_path,
            hint="make their identifiers or their version expressions differ",
        )
    return entries[best[0]]


def find_entries(app: App, wanted: str) -> list[Action]:
    """All entries that a name or identifier means: as written, else with case and spaces forgiven.

    A name means all entries of that name, an identifier the one entry that has it; a name comes first, since it is
    what people see. A bundle's transforms have a name for people as well, see
    :mod:`soarkit.manifest.bundles.selecting`.
    """
    if app.kind == "enrichment":
        from soarkit.manifest.bundles.selecting import entries  # late: connectors do without

        return entries(app, wanted)
    for normal in (str, _forgiving):
        key = normal(wanted)
        by_name = [action for action in app.actions if normal(action.name) == key]
        by_identifier = [action for action in app.actions if normal(action.identifier) == key]
        if by_name or by_identifier:
            return by_name or by_identifier
    return []


def _forgiving(text: str) -> str:
    return " ".join(text.split()).casefold()


def _check_product(app: App, version: str) -> None:
    """Refuse a version that the app's ``product_version_regex`` excludes."""
    regex = app.product_version_regex
    if not regex:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the pattern's style is for `soarkit validate`
            supported = re.match(regex, version)
    except (re.error, OverflowError, RecursionError) as error:
        raise ManifestError(
            f"/product_version_regex is no regular expression: {error}",
            where=app.manifest_path,
            hint='mend it, or write ".*" for every version',
        ) from error
    if not supported:
        raise RequestError(
            f"{app.name} does not support product version {version}: it supports versions that match {regex}",
            where=app.manifest_path,
            hint="correct the asset's product version, or use a version of the app that supports it",
        )


def _expression(app: App, entry: Action) -> VersionExpression:
    try:
        return parse(entry.versions)
    except VersionExpressionError as error:
        raise ManifestError(
            f'/actions/{entry.index}/versions is no version expression: {error} in "{entry.versions}"',
            where=app.manifest_path,
            hint="write EQ(*) for every version, or EQ, NEQ, IN or NIN over patterns such as 12.*",
        ) from error


def _no_fit(app: App, entries: list[Action], version: str | None) -> RequestError:
    listed = ", ".join(dict.fromkeys(entry.versions for entry in entries))
    return RequestError(
        f'no entry of the action "{entries[0].name}" is for {_shown(version)}: they are for {listed}',
        where=app.manifest_path,
        hint="give the asset's product version (--product-version)"
        if version is None
        else "use a version that one of them fits",
    )


def _shown(version: str | None) -> str:
    return "an unknown product version" if version is None else f"product version {version}"


def _unknown_action(app: App, wanted: str) -> RequestError:
    if app.kind == "enrichment":
        from soarkit.manifest.bundles.selecting import unknown_transform  # late: connectors do without

        return unknown_transform(app, wanted)
    names = list(dict.fromkeys(action.name for action in app.actions))
    close = suggestions(wanted, [*names, *(action.identifier for action in app.actions)])
    if close:
        hint = f"did you mean {' or '.join(map(repr, close))}?"
    elif names:
        hint = f"its actions are: {', '.join(names[:20])}{' ...' if len(names) > 20 else ''}"
    else:
        hint = "its list of actions is empty"
    return RequestError(f"{app.name} has no action {wanted!r}", where=app.manifest_path, hint=hint)


def suggestions(wanted: str, known: list[str], most: int = 3) -> list[str]:
    """Up to ``most`` of the known names that look like the wanted one, the nearest first."""
    import difflib  # late: only mistakes need it

    lowered: dict[str, str] = {}
    for name in known:
        lowered.setdefault(_forgiving(name), name)
    close = difflib.get_close_matches(_forgiving(wanted), lowered, n=most, cutoff=0.6)
    return [lowered[name] for name in close]
