"""What a shell is offered for apps, assets, actions, parameters and configuration. Completion never shows an error."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Any

import click
from click.shell_completion import CompletionItem

from soarkit.errors import typed

_LONGEST_RESULT = 20 << 20  # bytes of a result that is read while somebody waits for a shell


def apps(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Slugs of installed apps; files and folders where none begins like this."""
    return installed(context, parameter, incomplete) or [CompletionItem(incomplete, type="file")]


def installed(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Slugs of installed apps."""
    snapshot = _snapshot(context)
    found = [] if snapshot is None else snapshot.apps
    return [CompletionItem(one.slug, help=one.name) for one in found if one.slug.startswith(incomplete)]


def apps_or_actions(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Apps; beside an asset also the actions that apps for its product have."""
    offered = [item for app in _asset_apps(context) for item in _action_items(app.actions, incomplete)]
    return offered + installed(context, parameter, incomplete) or [CompletionItem(incomplete, type="file")]


def enrichments(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Bundles, behind one of them its transforms; what to ask about nobody can guess."""
    words = [*(context.params.get(parameter.name or "") or ()), *context.args]
    if not words:
        found = [CompletionItem(slug, help=app.name) for slug, app in _bundles(context) if slug.startswith(incomplete)]
        return found or [CompletionItem(incomplete, type="file")]
    return _transforms(context, words[0], incomplete) if len(words) == 1 else []


def transforms(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The transforms of the bundle typed so far."""
    return _transforms(context, _typed(context, "bundle", 0), incomplete)


def pivots(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The pivot transforms of the bundles named so far, else of all that are installed."""
    named = context.params.get("bundles") or [slug for slug, _ in _bundles(context)]
    found = {one.value: one for word in named for one in _transforms(context, word, incomplete, "pivot")}
    return list(found.values())


def entity_types(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The kinds of observable."""
    from soarkit.manifest.bundles.entity_types import ALL

    return [CompletionItem(one.short, help=one.display) for one in ALL if one.short.startswith(incomplete.lower())]


def credentials(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """``name=`` for each credential of a bundle."""
    params = context.params
    words = [*(params.get("words") or ()), *(params.get("bundles") or ()), *context.args]
    words = [params["bundle"]] if params.get("bundle") else words
    try:
        return _assignments(_host(context).open_app(words[0]).raw["configuration"], incomplete)
    except Exception:
        return []


def assets(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of assets."""
    snapshot = _snapshot(context)
    found = [] if snapshot is None else snapshot.assets
    return [CompletionItem(_word(one), help=one.description) for one in found if one.name.startswith(incomplete)]


def actions(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Action names, with their descriptions."""
    app = _app(context)
    return _action_items(() if app is None else app.actions, incomplete)


def parameters(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """``NAME=`` for each parameter of the chosen action; after ``NAME=run:`` earlier runs, and their data paths."""
    name, _, value = incomplete.partition("=")
    if value.startswith("run:"):
        return _from_runs(context, f"{name}=run:", *value.removeprefix("run:").partition(":"))
    app = _app(context)
    wanted = _typed(context, "action", 1)
    candidates = ([app] if app is not None else []) if wanted else _asset_apps(context)
    wanted = wanted or _typed(context, "app", 0)
    for one in candidates:
        for action in one.actions:
            if wanted in (action.name, action.identifier):
                return _assignments(action.raw.get("parameters", {}), incomplete)
    return []


def content_types(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """``contains`` types: those that apps agree upon, and what installed apps take."""
    from soarkit.manifest.content_types import KNOWN

    try:
        taken = list(_host(context).inventory.contextual().by_type)
    except Exception:
        taken = []
    return _words(sorted({*KNOWN, *taken} - {"*"}), incomplete.lower())


def configuration(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """``NAME=`` for each configuration variable."""
    app = _app(context)
    return [] if app is None else _assignments(app.raw["configuration"], incomplete)


def asset_configuration(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """``NAME=`` for each configuration variable of an asset, or of the app that it is being made for."""
    try:
        slug = context.params.get("app") or ""
        if not slug:
            slug = _host(context).inventory.asset(_typed(context, "name", 0)).app or ""
        return _assignments(_host(context).open_app(slug).raw["configuration"], incomplete)
    except Exception:
        return []


def vault_ids(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of the newest files in the vault, with their names."""
    from soarkit.inventory import store_exists

    try:
        host = _host(context)
        if not store_exists(host.home):  # opening it would make it
            return []
        entries = host.open_store().vault.find(newest_first=True, limit=1000)
    except Exception:
        return []
    names = {one["vault_id"]: one["name"] for one in entries}
    return [CompletionItem(key, help=name) for key, name in names.items() if key.startswith(incomplete.lower())]


def containers(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of the newest containers, with their names."""
    found = _stored(context, lambda store: store.containers.list(limit=200))
    return [CompletionItem(str(one["id"]), help=one["name"]) for one in found if str(one["id"]).startswith(incomplete)]


def artifacts(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids of the newest artifacts, with their names."""
    found = _stored(context, lambda store: store.artifacts.list(limit=200))
    return [CompletionItem(str(one["id"]), help=one["name"]) for one in found if str(one["id"]).startswith(incomplete)]


def runs(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of the newest runs that have ended, with what they ran."""
    found = _stored(context, lambda store: store.runs.list(limit=100))
    offered = [CompletionItem(one.key, help=f"{one.action}: {one.message}") for one in found if one.status != "running"]
    return [
        one for one in (*offered, CompletionItem("last", help="the newest run")) if one.value.startswith(incomplete)
    ]


def labels(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Labels that containers or artifacts have."""
    return _words(_stored(context, lambda store: store.containers.labels() + store.artifacts.labels()), incomplete)


def severities(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The severities there are."""
    return _words(_stored(context, lambda store: store.containers.severities()), incomplete)


def statuses(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The statuses that containers always have."""
    return _words(["new", "open", "closed"], incomplete)


def variables(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of the environment variables for every app."""
    from soarkit import variables as kept

    try:
        return _words(sorted(kept.load(_host(context).home)), incomplete)
    except Exception:
        return []


def asset_variables(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of the environment variables of an asset."""
    from soarkit.cli.asset_settings import shown_variables

    try:
        host = _host(context)
        asset = host.inventory.asset(_typed(context, "name", 0))
        return _words(sorted(shown_variables(host.home, asset)), incomplete)
    except Exception:
        return []


def certificates(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Digests of the certificates that were added, with their subjects."""
    from soarkit import trust

    try:
        found = trust.listed(_host(context).home)
    except Exception:
        return []
    return [CompletionItem(one.sha256, help=one.subject) for one in found if one.sha256.startswith(incomplete.lower())]


def _words(words: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(typed(one)) for one in dict.fromkeys(words) if one.startswith(incomplete)]


def _stored(context: click.Context, ask: Callable[[Any], list[Any]]) -> list[Any]:
    """What a store has, where there is one or runs wait for it: opening it would make it."""
    from soarkit.inventory import store_exists
    from soarkit.store import spool

    try:
        host = _host(context)
        if not store_exists(host.home) and not spool.anything(host.home):
            return []
        with host.open_store() as store:
            return ask(store)
    except Exception:
        return []


def _from_runs(context: click.Context, start: str, key: str, colon: str, path: str) -> list[CompletionItem]:
    """Keys of runs that have a result, newest first; behind a key and a colon the paths that have values."""

    def keys(store: Any) -> list[Any]:
        return [one for one in store.runs.list(limit=200) if one.result_size and one.key.startswith(key)]

    def paths(store: Any) -> list[Any]:
        from soarkit.cli.chaining import paths_of

        record = store.runs.get(key)
        raw = store.runs.result(record.key) if 0 < record.result_size < _LONGEST_RESULT else b"{}"
        return [one for one in paths_of(json.loads(raw)) if one.startswith(path)]

    if colon:
        return [CompletionItem(f"{start}{key}:{one}") for one in _stored(context, paths)]
    found = [CompletionItem(f"{start}{one.key}:", help=f"{one.app}, {one.action}") for one in _stored(context, keys)]
    last = CompletionItem(f"{start}last:", help="the newest run")
    return [last, *found] if "last".startswith(key) else found


def _host(context: click.Context) -> Any:
    from soarkit.host import Host

    return Host(context.params.get("home"), quick=True)


def _snapshot(context: click.Context) -> Any:
    try:
        return _host(context).inventory.snapshot
    except Exception:
        return None


def _app(context: click.Context) -> Any:
    """The app typed so far, or None."""
    try:
        return _host(context).open_app(_typed(context, "app", 0))
    except Exception:
        return None


def _bundles(context: click.Context) -> list[Any]:
    """The installed bundles, with their slugs."""
    try:
        return [(slug, app) for slug, app in _host(context).inventory.opened() if app.kind == "enrichment"]
    except Exception:
        return []


def _transforms(
    context: click.Context, bundle: str, incomplete: str, surface: str | None = None
) -> list[CompletionItem]:
    """The transforms of a bundle that people see, or those of a surface; what bash is offered is quoted, since it does
    not do that itself."""
    try:
        from soarkit.manifest.bundles import metadata

        listed = metadata.of(_host(context).open_app(bundle)).transforms
        seen = [one for one in listed if (one.surface != "activation" if surface is None else one.surface == surface)]
    except Exception:
        return []
    found = {one.name: one.display_name for one in seen}
    bare = os.environ.get("_SOARKIT_COMPLETE", "").startswith("bash")
    return [
        CompletionItem(typed(name) if bare else name, help=about)
        for name, about in found.items()
        if name.startswith(incomplete)
    ]


def _asset_apps(context: click.Context) -> list[Any]:
    """The apps that an action on the asset typed so far may be of."""
    try:
        name = context.params.get("asset")
        host = _host(context)
        return (
            []
            if name is None
            else [app for app, _ in host.inventory.apps_for(host.inventory.asset(name)) if app is not None]
        )
    except Exception:
        return []


def _typed(context: click.Context, name: str, position: int) -> str:
    """An argument typed so far. Behind an option without its value click has not told arguments apart yet."""
    words = [word for word in context.args if not word.startswith("-")]
    return context.params.get(name) or (words[position] if len(words) > position else "")


def _word(asset: Any) -> str:
    """What stands for an asset on a command line: its id where bash would take its name for several words."""
    bare = os.environ.get("_SOARKIT_COMPLETE", "").startswith("bash")
    return str(asset.id) if bare and typed(asset.name) != asset.name else str(asset.name)


def _action_items(declared: Iterable[Any], incomplete: str) -> list[CompletionItem]:
    # bash inserts what it is offered without quoting it, so a name with spaces would become several words.
    bare = os.environ.get("_SOARKIT_COMPLETE", "").startswith("bash")
    found = {}
    for action in declared:
        found[action.identifier if bare and " " in action.name else action.name] = action.description
    return [CompletionItem(name, help=about) for name, about in found.items() if name.startswith(incomplete)]


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
