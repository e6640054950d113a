"""``soarkit enrich``: asks the transforms of enrichment bundles about an observable."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli import complete, headstart, values
from soarkit.cli.asking import (
    asset_option,
    credential_option,
    field_option,
    python_option,
    timeout_option,
    type_option,
)
from soarkit.cli.options import home_option
from soarkit.cli.output import write, write_bytes
from soarkit.cli.traffic import traffic_options, traffic_variables
from soarkit.errors import RequestError, UsageError, typed

if TYPE_CHECKING:
    from soarkit.cli.saving import Destination
    from soarkit.cli.watch import TerminalObserver
    from soarkit.host import Host
    from soarkit.manifest.model import App
    from soarkit.runtime.asset import Asset


@click.command()
@click.argument("words", nargs=-1, metavar="[BUNDLE [TRANSFORM]] VALUE", shell_complete=complete.enrichments)
@credential_option
@field_option
@asset_option
@type_option
@click.option("--all", "every", is_flag=True, help="Every enrichment that BUNDLE has for the value.")
@click.option(
    "--format",
    "-f",
    "output_format",
    type=click.Choice(["table", "json", "html"]),
    help="How to print it. Default: as FILE is called, else table on a terminal, else json.",
)
@click.option("--output", "-o", metavar="FILE", help="Write it to this file, whole or not at all.")
@timeout_option
@click.option("--strict", is_flag=True, help="Show nothing of an output with a chart that is not allowed.")
@python_option
@traffic_options
@click.option("--record", type=click.Path(), metavar="FILE", help="Record the HTTP traffic, secrets left out.")
@click.option("--replay", type=click.Path(), metavar="FILE", help="Answer HTTP requests from a recording.")
@home_option
@click.option("--verbose", "-v", is_flag=True, help="Show the log with the script's messages, and what is odd.")
@click.option("--debug", is_flag=True, hidden=True)
@click.pass_context
def command(context: click.Context, /, words: tuple[str, ...], **options: Any) -> int:
    """Ask enrichments about VALUE: a domain, address, hash, URL, mail address ...

    \b
      soarkit enrich VALUE                    every active bundle's enrichments
      soarkit enrich BUNDLE --all VALUE       those of one bundle
      soarkit enrich BUNDLE TRANSFORM VALUE   one of them, or one pivot

    BUNDLE is an installed bundle, or a bundle's folder or archive. One transform is the same run as `soarkit run BUNDLE
    TRANSFORM --param value=VALUE`. Progress goes to standard error, the result to standard output.

    Exit status: 0 all succeeded, 1 some failed, 2 the request was wrong, 3 nothing could be run to its end, 130 Ctrl-C.
    """
    from soarkit.cli.watch import TerminalObserver
    from soarkit.host import Host
    from soarkit.settings import max_observables

    _check_words(words, options)
    max_observables()  # refused before anything runs, not when the result is to be shown
    given = {name: values.parse(options[name], f"--{name[:-1]}") for name in ("credentials", "fields")}
    destination = _destination(options)
    observer = TerminalObserver(verbose=options["verbose"], debug=options["verbose"] or options["debug"])
    host = Host(options["home"], python=options["python"], started=context.obj, note=observer.note)
    *place, value = words
    if len(words) == 3:
        return _one(host, observer, destination, (*place, value), given, options)
    from soarkit.cli.enrich_many import enrich_many

    if not place and not options["entity_type"]:
        _refuse_bundle(host, value)
    bundle = (place[0], bundle_called(host, place[0])) if place else None

    def asset(app: App) -> Asset:
        return asset_for(host, app, given["credentials"], options)

    return enrich_many(host, observer, destination, bundle, asset, value, given["fields"], options)


def _one(
    host: Host,
    observer: TerminalObserver,
    destination: Destination | None,
    words: tuple[str, ...],
    given: Mapping[str, Mapping[str, Any]],
    options: Mapping[str, Any],
) -> int:
    """One transform: the run that ``soarkit run`` makes."""
    from soarkit.cli.run import recording
    from soarkit.cli.shown import shown
    from soarkit.manifest.bundles.selecting import choose_transform
    from soarkit.runtime.run import PreparedRun, RunRequest

    word, transform, value = words
    app = bundle_called(host, word)
    action = choose_transform(app, transform, value, options["entity_type"])
    value = plainly(value, options["entity_type"], observer)
    parameters = {"value": value}
    if given["fields"]:
        import json

        parameters["fields"] = json.dumps(given["fields"], ensure_ascii=False)
    run = PreparedRun(
        RunRequest(
            app=app,
            action=action.identifier,
            parameters=[parameters],
            asset=asset_for(host, app, given["credentials"], options),
            timeout=options["timeout"],
            variables=traffic_variables(options),
            recording=recording(options["record"], options["replay"]),
            shared=host.shared_variables(),
        )
    )
    for warning in run.warnings:
        observer.note(f"warning: {warning}")
    try:
        result = run.execute(host, host.executor, observer)
    finally:
        observer.done()
    if observer.wrote and sys.stdout.isatty() and sys.stderr.isatty():
        write("\n")
    if destination is None and not options["strict"]:
        terminal = sys.stdout.isatty()
        write_bytes(shown(result, run, options["output_format"], terminal=terminal, verbose=options["verbose"]))
    else:
        from soarkit.cli.enrich_many import show_one

        show_one(app, action, run, result, value, destination, options)
    python = "" if options["python"] else run.python or ""
    headstart.remember(host.home, headstart.subject(host.home, word, None), python, app.folder, run.main_module)
    return 0 if result.ok else 1


def plainly(value: str, entity_type: str | None, observer: TerminalObserver) -> str:
    """A value as transforms take it: one that was made harmless for reading is made whole, and that is said."""
    from soarkit.manifest.bundles.entity_types import PHRASE, named, understood

    if entity_type is not None and named(entity_type) is PHRASE:
        return value
    meant = understood(value)
    if meant != value:
        observer.note(f"taking {value} for {meant}; --type phrase takes it as it stands")
    return meant


def _check_words(words: Sequence[str], options: Mapping[str, Any]) -> None:
    """
    :raises UsageError: too few or too many words, or options that are for one bundle or transform
    """
    count = len(words)
    usage = "soarkit enrich VALUE\nsoarkit enrich BUNDLE --all VALUE\nsoarkit enrich BUNDLE TRANSFORM VALUE"
    if count == 0:
        raise UsageError("name a value to ask about", hint=usage)
    if count > 3:
        raise UsageError(f"{count} words are too many; put a value with spaces into quotes", hint=usage)
    if not words[-1].strip():
        raise UsageError("the value is empty", where="VALUE")
    if options["every"] and count != 2:
        raise UsageError("--all is for one bundle, and all it has for the value", where="--all", hint=usage)
    if count == 2 and not options["every"]:
        bundle, value = map(typed, words)
        hint = f"soarkit enrich {bundle} --all {value}\nsoarkit enrich {bundle} TRANSFORM VALUE"
        raise UsageError(
            "name a transform between bundle and value, or ask for all of them",
            hint=f"{hint}\n`soarkit actions {bundle}` lists its transforms",
        )
    for option in ("record", "replay"):
        if options[option] and count != 3:
            raise UsageError("a recording is of one transform", where=f"--{option}", hint=usage)
    if count == 1:
        for option, given in (("--asset", options["asset"]), ("--credential", options["credentials"])):
            if given:
                raise UsageError("name the bundle that it is for", where=option, hint=usage)


def _destination(options: Mapping[str, Any]) -> Destination | None:
    """Where it goes, if it is not just printed. Nobody is asked about what cannot be written afterwards."""
    if options["output"] is None and options["output_format"] != "html":
        return None
    from soarkit.cli.saving import Destination

    taken = {option: options[option[2:].replace("-", "_")] for option in ("--record", "--replay", "--ca-bundle")}
    destination = Destination(options["output"], options["output_format"], taken=taken)
    if destination.format == "csv":
        raise UsageError(
            "an output of transforms is no table", where="-o", hint="soarkit runs show RUN -o FILE.csv --select PATH"
        )
    return destination


def bundle_called(host: Host, word: str) -> App:
    """
    :raises RequestError: there is none of this name, or it is something else
    """
    app = host.open_app(word)
    if app.kind != "enrichment":
        raise RequestError(
            f"{app.name} is a connector, not an enrichment bundle",
            where=word,
            hint=f"soarkit run {typed(word)} ACTION --param K=V\n`soarkit actions {typed(word)}` lists its actions",
        )
    return app


def _refuse_bundle(host: Host, word: str) -> None:
    """A bundle's name alone is no value.

    :raises UsageError: it is one
    """
    snapshot = host.inventory.snapshot
    found = None if snapshot is None else snapshot.app(word)
    if found is not None and host.open_app(word).kind == "enrichment":
        raise UsageError(
            f"{word} is an installed bundle; name a value to ask it about",
            hint=f"soarkit enrich {typed(word)} --all VALUE\n`soarkit actions {typed(word)}` lists its transforms\n"
            f"if it is the value: soarkit enrich {typed(word)} --type phrase",
        )


def asset_for(host: Host, app: App, credentials: Mapping[str, Any], options: Mapping[str, Any]) -> Asset:
    """The asset to run on, with its credentials.

    :raises RequestError: there is no such asset, or required credentials are missing
    """
    from soarkit.runtime.asset import Asset

    _refuse_unknown(app, credentials)
    if options["asset"] is not None:
        return host.run_asset(host.inventory.asset(options["asset"]), app, credentials)
    installed = host.inventory.installed(app)
    if not credentials and installed is not None and app.raw["configuration"]:
        its = [one for one in host.inventory.assets() if one.app == installed.app.slug and one.state == "active"]
        if its:
            return host.run_asset(its[0], app, {})
    return Asset(configuration=_complete(host, app, credentials))


def _refuse_unknown(app: App, credentials: Mapping[str, Any]) -> None:
    known = list(app.raw["configuration"])
    for name in credentials:
        if name not in known:
            from soarkit.manifest.selection import suggestions

            close = suggestions(name, known)
            guess = f"did you mean {' or '.join(map(repr, close))}? " if close else ""
            raise RequestError(
                f"{app.name} has no credential {name!r}",
                where="--credential",
                hint=f"{guess}It takes: {', '.join(known) or 'none'}",
            )


def _complete(host: Host, app: App, credentials: Mapping[str, Any]) -> dict[str, Any]:
    """The credentials with those that are asked for on a terminal.

    :raises RequestError: required ones are missing
    """
    from soarkit.configured import lacking

    given = dict(credentials)
    missing = lacking(app, given)
    secret = [name for name in missing if app.configuration[name].data_type == "password"]
    if missing and missing == secret and sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        import getpass

        for name in missing:
            given[name] = getpass.getpass(f"{app.configuration[name].description or name} ({name}): ")
        missing = lacking(app, given)
    if missing:
        options = " ".join(f"--credential {name}={'env:VARIABLE' if name in secret else '...'}" for name in missing)
        installed = host.inventory.installed(app)
        slug = "BUNDLE" if installed is None else typed(installed.app.slug)
        inactive = "" if installed is None else "it is installed, but not active; "
        raise RequestError(
            f"{inactive}required credentials are missing: {', '.join(missing)}",
            where=f"{app.name} {app.app_version}",
            hint=f"{options}\nor once and for all: soarkit asset create NAME --app {slug}",
        )
    return given
