"""``soarkit run``: the heart of soarkit."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from soarkit.cli import complete, headstart, values
from soarkit.cli.given import GivenInput
from soarkit.cli.listening import listen_option, listening, refuse_recording
from soarkit.cli.output import write, write_bytes
from soarkit.cli.shown import shown
from soarkit.cli.traffic import traffic_options, traffic_variables
from soarkit.cli.watch import TerminalObserver
from soarkit.errors import UsageError, typed
from soarkit.host import Host
from soarkit.manifest.model import App
from soarkit.runtime.asset import Asset
from soarkit.runtime.run import PreparedRun, Recording, RunRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from soarkit.cli.saving import Destination


@click.command()
@click.argument("app", metavar="[APP]", required=False, shell_complete=complete.apps_or_actions)
@click.argument("action", required=False, shell_complete=complete.actions)
@click.option(
    "--param",
    "-p",
    "params",
    multiple=True,
    metavar="K=V",
    shell_complete=complete.parameters,
    help="A parameter: k=text, k:=json, k=@file, k=env:NAME, k==literal text, or k=run:ID:PATH for the values at a "
    "data path of an earlier run (ID as `soarkit runs` has it, or last): the action is called for each, or for all at "
    "once where the parameter takes a list; empty and repeated ones are left out.",
)
@click.option(
    "--params",
    "params_file",
    type=click.Path(),
    metavar="FILE",
    help="Parameters from a JSON file: an object, or a list of objects for several sets; - for stdin.",
)
@click.option(
    "--input",
    "input_file",
    type=click.Path(),
    metavar="FILE",
    help="The raw action JSON that every app's own command line takes; - for stdin.",
)
@click.option(
    "--config",
    "-c",
    "config",
    multiple=True,
    metavar="K=V",
    shell_complete=complete.configuration,
    help="A configuration value, in the same forms but run:. Keep secrets off the command line: k=env:NAME, k=@file.",
)
@click.option(
    "--asset",
    "-a",
    metavar="NAME",
    shell_complete=complete.assets,
    help="The asset to run on; --config then changes single values for this run.",
)
@click.option(
    "--asset-file",
    type=click.Path(),
    metavar="FILE",
    help="The asset as JSON: its configuration, or an object with id, name, configuration, ...",
)
@click.option(
    "--container",
    type=click.IntRange(min=1),
    metavar="ID",
    help="The container that the action is about; files and artifacts of the app go there.",
)
@click.option("--product-version", metavar="VERSION", help="Version of the product, where actions depend on it.")
@click.option(
    "--format",
    "-f",
    "output_format",
    type=click.Choice(["table", "json", "csv", "html"]),
    help="How to print the result. Default: as FILE is called, else table on a terminal, else json.",
)
@click.option("--output", "-o", metavar="FILE", help="Write the result to this file, whole or not at all.")
@click.option("--select", "-s", "select", multiple=True, metavar="PATH", help="Print only the values at a data path.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Stop the app after this long.  [default: 3600; a bundle's transform: 30]",
)
@click.option("--python", type=click.Path(), metavar="PATH", help="Use this interpreter as it is; build nothing.")
@traffic_options
@click.option("--record", type=click.Path(), metavar="FILE", help="Record the app's HTTP traffic, secrets left out.")
@click.option("--replay", type=click.Path(), metavar="FILE", help="Answer the app's HTTP requests from a recording.")
@listen_option
@click.option("--no-record", is_flag=True, help="Do not keep this run; `soarkit runs` will not know it.")
@click.option("--home", type=click.Path(), metavar="DIR", help="Use this home folder instead of SOARKIT_HOME.")
@click.option("--verbose", "-v", is_flag=True, help="Show the run's log and what the app prints.")
@click.option("--debug", is_flag=True, help="Show debug lines too.")
@click.pass_context
def command(context: click.Context, /, app: str | None, action: str | None, **options: Any) -> int:
    """Run ACTION of APP and print its result.

    APP is an installed app (slug, slug@version or appid), or an app's JSON file, folder or tarball; ACTION an action's
    name or identifier. With --asset, APP can be left out: of the installed apps for the asset's product the one runs
    whose action fits its product version best. Progress goes to standard error, the result to standard output.

    Exit status: 0 the action succeeded, 1 it failed, 2 the request was wrong, 3 the run broke, 130 Ctrl-C.
    """
    if app is None:
        raise _says_nothing(options["asset"])
    refuse_recording(options["listen"], options["record"], options["replay"])
    destination = _destination(options)
    observer = TerminalObserver(verbose=options["verbose"], debug=options["debug"])
    host = Host(options["home"], python=options["python"], started=context.obj, note=observer.note)
    config = values.parse(options["config"], "--config")
    bare = action is None and options["asset"] is not None and options["input_file"] is None
    opened, asset = _target(host, app, bare, options, config)
    given = GivenInput(
        opened,
        app if bare else action,
        params=values.parse(options["params"], "--param", chaining=True),
        params_file=options["params_file"],
        input_file=options["input_file"],
        config=config,
        asset_file=options["asset_file"],
        product_version=options["product_version"],
        stored=asset,
        chain=lambda sets, taken, declared: _chained(host, observer, sets, taken, declared),
    )
    run = PreparedRun(
        RunRequest(
            app=opened,
            action=given.action,
            parameters=given.parameters,
            asset=given.asset,
            timeout=options["timeout"],
            variables=traffic_variables(options),
            recording=recording(options["record"], options["replay"]),
            given=given.rest if options["container"] is None else {**given.rest, "container_id": options["container"]},
            shared=host.shared_variables(),
            kept=not options["no_record"],
        )
    )
    _check_paths(options["select"])
    if opened.kind == "enrichment":
        from soarkit.settings import max_observables

        max_observables()  # refused before the transform runs, not when its result is to be shown
    for warning in run.warnings:
        observer.note(f"warning: {warning}")
    try:
        with listening(host, options["listen"], run, observer):
            result = run.execute(host, host.executor, observer)
    finally:
        observer.done()
    if observer.wrote and sys.stdout.isatty() and sys.stderr.isatty():
        write("\n")
    if destination is None:
        terminal = sys.stdout.isatty()
        verbose = options["verbose"]
        write_bytes(shown(result, run, options["output_format"], options["select"], terminal, verbose=verbose))
    else:
        destination.save(
            host, run, result, observer, lambda form: shown(result, run, form, options["select"], terminal=False)
        )
    python = "" if options["python"] else run.python or ""
    subject = headstart.subject(host.home, app, options["asset"] if bare else None)
    headstart.remember(host.home, subject, python, opened.folder, run.main_module)
    return 0 if result.ok else 1


def _target(
    host: Host, word: str, bare: bool, options: Mapping[str, Any], config: Mapping[str, Any]
) -> tuple[App, Asset | None]:
    """The app to run and the stored asset to run it on.

    :param word: the app or, where it stands ``bare`` beside an asset, the action
    """
    if options["asset"] is None:
        return host.open_app(word), None
    if options["asset_file"] is not None:
        raise UsageError("a run has one asset", where="--asset, --asset-file")
    stored = host.inventory.asset(options["asset"])
    version = options["product_version"]
    app = host.best_app(stored, word, config, version) if bare else host.open_app(word)
    return app, host.run_asset(stored, app, config, version)


def _destination(options: Mapping[str, Any]) -> Destination | None:
    """Where the result goes, if it is not just printed. An action must not run whose result cannot be kept."""
    if options["output"] is None and options["output_format"] not in ("csv", "html"):
        return None
    from soarkit.cli.saving import Destination

    taken = {option: options[option[2:].replace("-", "_")] for option in ("--asset-file", "--record", "--replay")}
    taken |= {"--params": options["params_file"], "--input": options["input_file"], "--ca-bundle": options["ca_bundle"]}
    return Destination(options["output"], options["output_format"], options["select"], taken=taken)


def _chained(
    host: Host,
    observer: TerminalObserver,
    sets: Sequence[dict[str, Any]],
    taken: Mapping[str, values.FromRun],
    declared: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """Parameter sets with values of earlier runs; only these need the store."""
    from soarkit.cli.chaining import expand

    return expand(sets, taken, declared, open_store=host.open_store, note=observer.note)


def _says_nothing(asset: str | None) -> UsageError:
    if asset is None:
        return UsageError(
            "name an app and an action", hint="soarkit run APP ACTION\n`soarkit apps` lists installed apps"
        )
    return UsageError(
        "name an action",
        hint=f"soarkit run ACTION --asset {typed(asset)}\n`soarkit asset test {typed(asset)}` tests connectivity",
    )


def recording(record: str | None, replay: str | None) -> Recording | None:
    """What ``--record`` and ``--replay`` ask for.

    :raises UsageError: both are given, or there is nothing to replay
    """
    if record and replay:
        raise UsageError("a run either records or replays", where="--record, --replay")
    if replay and not os.path.isfile(replay):
        raise UsageError("there is no such recording", where=f"--replay {replay}", hint="make one with --record FILE")
    if record or replay:
        return Recording(record or replay or "", "record" if record else "replay")
    return None


def _check_paths(paths: tuple[str, ...]) -> None:
    """Before the run, not after it: an action may have changed something, and its result must not be lost."""
    if not paths:
        return
    from soarkit_app import datapaths

    for path in paths:
        try:
            datapaths.parse(path)
        except datapaths.DataPathError as error:
            raise UsageError(str(error), where="--select") from None
