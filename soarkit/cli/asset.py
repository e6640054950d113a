"""``soarkit asset``: the products that apps work with, configured once and named from then on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli import asset_settings, assets_shown, complete, values
from soarkit.cli.form import Form, can_ask
from soarkit.cli.listening import listen_option
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, note, tell, write
from soarkit.configured import together
from soarkit.errors import InputError, RequestError, UsageError, typed
from soarkit.host import Host
from soarkit.render.text import printable
from soarkit.store import configuration

if TYPE_CHECKING:
    from soarkit.store.opened import Store
    from soarkit.store.records import StoredAsset

_TEST_TIMEOUT = 300.0  # seconds that testing connectivity may take
_CONFIG_HELP = "A value: k=text, k:=json, k=@file, k=env:NAME, k==literal text. Keep secrets off the command line."


def _limit(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """A concurrency limit as it was typed: a number, 0 for none, None where it was not given."""
    if value is None or value == "none":
        return None if value is None else 0
    if not value.isdecimal() or not 0 < int(value) < 1 << 31:
        raise click.BadParameter(f"{value!r} is neither a whole number above 0 nor none")
    return int(value)


def _config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--config",
        "-c",
        multiple=True,
        metavar="K=V",
        shell_complete=complete.asset_configuration,
        help=_CONFIG_HELP,
    )(command)


def _limit_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--concurrency",
        callback=_limit,
        metavar="N",
        help="How many actions that allow it may run on the asset at once; none: any number.",
    )(command)


_name = click.argument("name", shell_complete=complete.assets)


@click.group()
def command() -> None:
    """Configure the products that apps work with.

    \b
      soarkit asset create production --app virustotal --config apikey=env:VT_KEY
      soarkit asset test production
      soarkit run "file reputation" --asset production --param hash=...
    """


@command.command()
@click.argument("name")
@click.option("--app", metavar="APP", shell_complete=complete.installed, help="The installed app it is for.")
@click.option("--vendor", help="Vendor of the product, for an asset that any app for the product may use.")
@click.option("--product", help="Name of the product.")
@click.option("--product-version", metavar="VERSION", help="Version of the product, where actions depend on it.")
@_config_option
@asset_settings.settings_options
@_limit_option
@click.option("--description", default="", help="What it is, for people.")
@format_option
@home_option
def create(
    name: str,
    app: str | None,
    vendor: str | None,
    product: str | None,
    config: tuple[str, ...],
    output_format: str,
    home: str,
    **about: Any,
) -> int:
    """Make an asset NAME for an installed app, or for a vendor's product.

    On a terminal, fields that --config does not give are asked for; Ctrl-C there makes nothing. Elsewhere they get
    their defaults, and a required field without one is an error.
    """
    if (app is None) == (vendor is None and product is None) or (app is None and not (vendor and product)):
        raise UsageError("say what the asset is for", hint="--app APP, or --vendor VENDOR --product PRODUCT")
    host = Host(home, note=note)
    # All of this first: nobody should answer twenty questions to learn that it was for nothing.
    about, settings = _apart(about)
    given = {**values.parse(config, "--config"), **asset_settings.given_settings(home, None, **settings)}
    store = host.open_store()
    store.assets.require_free(name)
    declared = host.inventory.declared(app=app, vendor=vendor, product=product)
    fields = store.assets.fields(app=app, product_vendor=vendor, product_name=product)
    configuration.refuse_unknown(given, fields, f"asset {name}")
    configuration.checked(given, fields, f"asset {name}")
    if can_ask():
        given = {**Form(together(declared), {}).ask(given), **given}
    else:
        _require(name, declared, given)
    made = store.assets.create(
        name,
        app=app,
        product_vendor=vendor,
        product_name=product,
        product_version=about["product_version"],
        concurrency_limit=about["concurrency"] or None,
        description=about["description"],
        configuration=given,
    )
    return _made(host, store, made, output_format, f"made the asset {made.name}")


@command.command()
@_name
@format_option
@home_option
def show(name: str, output_format: str, home: str) -> int:
    """Show the asset NAME; secrets are masked."""
    host = Host(home, note=note)
    asset = host.inventory.asset(name)
    if output_format == "json":
        write(envelope("asset", ok=True, asset=assets_shown.data(home, asset)) + "\n")
        return 0
    text = "".join(f"{line}\n" for line in assets_shown.lines(home, asset, host.inventory.fields_of(asset)))
    write(text if sys.stdout.isatty() else click.unstyle(text))
    return 0


@command.command("list")
@click.option("--app", metavar="APP", shell_complete=complete.installed, help="Only those that this app can use.")
@format_option
@home_option
def list_(app: str | None, output_format: str, home: str) -> int:
    """List the assets."""
    assets = Host(home, note=note).inventory.assets(app)
    if output_format == "json":
        write(envelope("asset", ok=True, assets=[assets_shown.data(home, one) for one in assets]) + "\n")
        return 0
    if not assets:
        tell("there are no assets; make one: soarkit asset create NAME --app APP")
        return 0
    from soarkit.cli.tables import table

    rows = [
        (
            one.id,
            one.name,
            one.app,
            f"{one.product_vendor} {one.product_name}",
            one.product_version,
            f"{one.state}: {', '.join(one.needs)}" if one.needs else one.state,
        )
        for one in assets
    ]
    write(table(("ID", "NAME", "APP", "PRODUCT", "VERSION", "STATE"), rows, terminal=sys.stdout.isatty()))
    return 0


@command.command()
@_name
@_config_option
@click.option("--unset", multiple=True, metavar="K", help="Take the value of a field away.")
@asset_settings.settings_options
@click.option(
    "--unset-env",
    multiple=True,
    metavar="NAME",
    shell_complete=complete.asset_variables,
    help="Take an environment variable away.",
)
@click.option("--rename", metavar="NEW", help="Call it otherwise; its id stays.")
@click.option("--product-version", metavar="VERSION", help="Version of the product; none: not known.")
@_limit_option
@click.option("--description", help="What it is, for people.")
@format_option
@home_option
def edit(
    name: str,
    config: tuple[str, ...],
    unset: tuple[str, ...],
    rename: str | None,
    product_version: str | None,
    concurrency: int | None,
    description: str | None,
    output_format: str,
    home: str,
    **settings: tuple[str, ...],
) -> int:
    """Change the asset NAME. With no option, on a terminal, its fields are asked for; empty answers keep them."""
    host = Host(home, note=note)
    store = host.open_store()
    asset = host.inventory.asset(name)
    given = {**values.parse(config, "--config"), **asset_settings.given_settings(home, asset, **settings)}
    changes: dict[str, Any] = {}
    if rename is not None:
        changes["name"] = rename
    if product_version is not None:
        changes["product_version"] = None if product_version == "none" else product_version
    if concurrency is not None:
        changes["concurrency_limit"] = concurrency or None
    if description is not None:
        changes["description"] = description
    if not (given or unset or changes):
        if not can_ask():
            raise UsageError("say what to change", hint=f"soarkit asset edit {typed(name)} --config K=V")
        fields = host.inventory.fields_of(asset)
        if not fields:
            raise RequestError(
                f"there is nothing to ask for: no app that is installed has configuration for {asset.name!r}",
                hint="`soarkit asset edit --help` lists what else can be changed",
            )
        answers = Form(fields, asset.configuration, asset.secrets).ask()
        given = {key: value for key, value in answers.items() if asset.configuration.get(key) != value}
    edited = store.assets.edit(asset.name, set=given, unset=unset, **changes)
    told = f"changed the asset {edited.name}"
    if given or unset:
        return _made(host, store, edited, output_format, told)
    assets_shown.print_one(home, edited, output_format, told)
    return 0


@command.command()
@_name
@click.option("--forget", is_flag=True, help="Take its credentials away, too.")
@format_option
@home_option
def deactivate(name: str, forget: bool, output_format: str, home: str) -> int:
    """Deactivate an enrichment bundle: its transforms are not offered any more with the asset NAME.

    The bundle stays installed; `soarkit asset test NAME` activates it again.
    """
    host = Host(home, note=note)
    store = host.open_store()
    asset = store.assets.set_active(host.inventory.asset(name).name, False, forget=forget)
    gone = " and has no credentials any more" if forget else ""
    assets_shown.print_one(home, asset, output_format, f"the asset {asset.name} is inactive{gone}")
    return 0


@command.command()
@_name
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@format_option
@home_option
def delete(name: str, yes: bool, output_format: str, home: str) -> int:
    """Delete the asset NAME with its secrets, and what its app has kept for it."""
    host = Host(home, note=note)
    store = host.open_store()
    asset = host.inventory.asset(name)
    if not yes:
        if not can_ask():
            raise UsageError("deleting needs a yes", hint=f"soarkit asset delete {typed(asset.name)} --yes")
        click.confirm(f"Delete the asset {asset.name}?", abort=True, err=True)
    store.assets.delete(asset.name)
    # Tokens, mostly. Ids are never used again, so nobody else could want them.
    removed = host.forget_state(asset.id)
    text = f"deleted the asset {asset.name}" + (" and the state its app kept" if removed else "")
    if output_format == "json":
        write(envelope("asset", ok=True, deleted=asset.name, state_files=removed) + "\n")
    else:
        write(printable(text) + "\n")
    return 0


@command.command()
@_name
@click.option("--format", "-f", "output_format", type=click.Choice(["table", "json"]), help="How to print the result.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Default: 300; for each transform of an enrichment bundle 30.",
)
@click.option("--python", type=click.Path(), metavar="PATH", help="Use this interpreter as it is; build nothing.")
@listen_option
@click.option("--verbose", "-v", is_flag=True, help="Show the run's log and what the app prints.")
@click.option("--debug", is_flag=True, help="Show debug lines too.")
@home_option
@click.pass_context
def test(context: click.Context, /, name: str, home: str, **options: Any) -> Any:
    """Run "test connectivity" on the asset NAME; exit status as of `soarkit run`.

    Of an enrichment bundle the transforms are run that try its credentials; where they do, it is active from then on.

    An app that logs in with OAuth prints a link to itself and waits for a browser: --listen HOST:PORT answers there.
    Where browsers and the provider reach this machine by another address, SOARKIT_BASE_URL says which.
    """
    from soarkit.cli import run

    host = Host(home, python=options["python"], note=note)
    asset = host.inventory.asset(name)
    if asset.active is not None:
        return _made(host, host.open_store(), asset, options["output_format"] or "table", "", options)
    words = {"app": "test connectivity", "action": None}
    if asset.app is not None:
        app = host.open_app(asset.app)
        tests = [one.name for one in app.actions if one.type == "test" or one.name.lower() == "test connectivity"]
        if not tests:
            raise RequestError(f"{app.name} has no action that tests connectivity", where=app.manifest_path)
        words = {"app": asset.app, "action": tests[0]}
    options["timeout"] = options["timeout"] or _TEST_TIMEOUT
    return context.invoke(run.command, **words, asset=asset.name, home=home, **options)


def _made(
    host: Host,
    store: Store,
    asset: StoredAsset,
    output_format: str,
    text: str,
    options: Mapping[str, Any] | None = None,
) -> int:
    """Print an asset whose configuration is new; one of a bundle is activated first, where its credentials do.

    :param options: of ``asset test``, which changes nothing where they do not
    """
    if asset.active is None or (asset.needs and options is None):
        if asset.active:  # a credential that is required has gone
            asset = store.assets.set_active(asset.name, False)
        assets_shown.print_one(host.home, asset, output_format, text)
        return 0
    from soarkit.cli import activation

    if options is None and asset.active:  # what was tried were other credentials
        asset = store.assets.set_active(asset.name, False)
    came = activation.activated(host, store, asset, options)
    if output_format == "json":
        tried = activation.document(came)
        write(envelope("asset", ok=came.ok, asset=assets_shown.data(host.home, came.asset), activation=tried) + "\n")
    else:
        told = [*([printable(text)] if text else []), *activation.lines(came)]
        written = "\n".join(told) + "\n"
        write(written if sys.stdout.isatty() else click.unstyle(written))
    return 0 if came.ok else 1


def _require(name: str, declared: list[dict[str, dict[str, Any]]], given: Mapping[str, Any]) -> None:
    """Refuse an asset that no app could use."""
    from soarkit_app import checks

    lacking = [checks.missing_required(checks.fill_defaults(given, one), one) for one in declared]
    if lacking and all(lacking):
        missing = min(lacking, key=len)
        fields = declared[lacking.index(missing)]
        described = [f"{one} ({fields[one].get('description') or one})" for one in missing]
        raise InputError(
            f"required configuration is missing: {', '.join(described)}",
            where=f"asset {name}",
            hint="give " + " ".join(f"--config {one}=..." for one in missing),
        )


def _apart(options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Options of a new asset, those of :mod:`soarkit.cli.asset_settings` apart."""
    settings = {name: options[name] for name in ("env", "secret_env", "ingest")}
    return {name: value for name, value in options.items() if name not in settings}, settings
