"""``soarkit actions``: what an app can do, and what each action takes."""

from __future__ import annotations

import shutil
import sys
from typing import Any

import click

from soarkit.cli import complete
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, note, write
from soarkit.errors import UsageError
from soarkit.host import Host
from soarkit.manifest.model import Action, App
from soarkit.render.text import printable


@click.command()
@click.argument("app", required=False, shell_complete=complete.apps)
@click.argument("action", required=False, shell_complete=complete.actions)
@click.option(
    "--for",
    "types",
    multiple=True,
    metavar="TYPE",
    shell_complete=complete.content_types,
    help="Instead: actions for values of this type, such as ip, sha256 or 'host name'; may be repeated.",
)
@click.option(
    "--for-value",
    "value",
    metavar="VALUE",
    help="Instead: actions for this value, by --for or the types that can be seen in it.",
)
@format_option
@home_option
def command(
    app: str | None, action: str | None, types: tuple[str, ...], value: str | None, output_format: str, home: str
) -> int:
    """List the actions of APP, or show one ACTION, with parameters and configuration.

    With --for or --for-value: what can be done with such a value. Those are the actions of all installed apps, or of
    APP alone, that have a primary parameter for it; by app, those first that only read. Each comes with the command to
    run, in which <what> is still to be filled in. It names the asset where the app has one only, or one made for it
    among others of the same product.

    Of an enrichment bundle: its transforms, each with where it is used, what it is for and its rank, in the order in
    which they are used.

    Types are told apart as apps' "contains" do; case and spelling (hostname, host name) do not matter, and what takes
    a hash takes an md5. Values made harmless for reading (hxxp://, 1.1.1[.]1) are not recognised.
    """
    host = Host(home, note=note)
    if types or value is not None:
        from soarkit.cli import offered

        return offered.show(host, app, action, types, value, as_json=output_format == "json")
    if app is None:
        raise UsageError(
            "name an app, or say what for",
            hint="soarkit actions APP\nsoarkit actions --for ip\n`soarkit apps` lists installed apps",
        )
    opened = host.open_app(app)
    if opened.kind == "enrichment":
        from soarkit.cli import transforms

        write(transforms.listing(opened, app, action, as_json=output_format == "json"))
        return 0
    chosen = [one for one in opened.actions if action in (None, one.name, one.identifier)]
    if action is not None and not chosen:
        from soarkit.manifest.selection import choose_action

        choose_action(opened, action, None)  # says what there is instead
    if output_format == "json":
        write(envelope("actions", ok=True, app=app_data(opened), actions=[action_data(one) for one in chosen]) + "\n")
    else:
        write(_text(opened, chosen))
    return 0


def app_data(app: App) -> dict[str, Any]:
    """An app, as ``soarkit actions`` has it in JSON."""
    return {
        "name": app.name,
        "appid": app.appid,
        "version": app.app_version,
        "product_vendor": app.raw.get("product_vendor"),
        "product_name": app.raw.get("product_name"),
        "configuration": app.raw["configuration"],
    }


def action_data(action: Action) -> dict[str, Any]:
    """An action, as ``soarkit actions`` has it in JSON."""
    kept = ("action", "identifier", "description", "type", "read_only", "undo", "versions", "parameters")
    return {key: action.raw[key] for key in kept if key in action.raw}


def _text(app: App, actions: list[Action]) -> str:
    lines = [f"{click.style(printable(app.name), bold=True)} {printable(app.app_version)}", ""]
    configuration = fields(app.raw["configuration"], "--config")
    if configuration:
        lines += ["configuration", *configuration, ""]
    for action in actions:
        about = action.raw
        marks = [str(about.get("type", ""))] + ([] if about.get("read_only") else ["changes things"])
        if about.get("versions") not in (None, "EQ(*)"):
            marks.append(f"product versions {about['versions']}")
        head = click.style(printable(action.name), fg="cyan", bold=True)
        if action.identifier != action.name:
            head += click.style(f"  {printable(action.identifier)}", dim=True)
        lines.append(f"{head}  ({printable(', '.join(marks))})")
        lines += wrapped(str(about.get("description", "")), "  ")
        lines += fields(about.get("parameters") or {}, "--param")
        lines.append("")
    text = "\n".join(lines)
    return text if sys.stdout.isatty() else click.unstyle(text)


def fields(declared: dict[str, Any], option: str) -> list[str]:
    """Lines about parameters or configuration.

    :param option: how each is given
    """
    shown = [(name, about) for name, about in declared.items() if about.get("data_type") != "ph"]
    shown.sort(key=lambda item: item[1]["order"] if isinstance(item[1].get("order"), int) else len(declared))
    lines = []
    for name, about in shown:
        notes = [str(about.get("data_type", ""))]
        notes += ["required"] if about.get("required") else []
        notes += ["comma list"] if about.get("allow_list") else []
        notes += [f"default {about['default']!r}"] if "default" in about and about["data_type"] != "password" else []
        notes += [f"one of {', '.join(map(str, about['value_list']))}"] if about.get("value_list") else []
        notes += [f"takes {', '.join(map(str, about['contains']))}"] if about.get("contains") else []
        lines.append(f"  {option} {click.style(printable(name), bold=True)}=  {printable('; '.join(notes))}")
        lines += wrapped(str(about.get("description", "")), "      ")
    return lines


def wrapped(text: str, indent: str) -> list[str]:
    """A text in lines that fit the terminal."""
    import textwrap

    width = min(100, shutil.get_terminal_size().columns) - 1
    return textwrap.wrap(printable(text), width, initial_indent=indent, subsequent_indent=indent)
