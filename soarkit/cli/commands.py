"""The commands, by name, with the line ``--help`` shows for each; their modules are imported when they are used."""

from __future__ import annotations

from importlib import import_module

import click

from soarkit import __version__

_COMMANDS = {
    "run": "Run an action of an app.",
    "actions": "List the actions of an app with their parameters.",
    "enrich": "Ask enrichments about an observable.",
    "pivot": "Follow an observable from transform to transform, as a graph.",
    "poll": "Let an app fetch what is new, once or again and again.",
    "runs": "Look at earlier runs.",
    "report": "Make one page of the results of runs.",
    "containers": "Look at the containers that apps have saved.",
    "artifacts": "Look at the artifacts in containers.",
    "vault": "Keep files for apps, and get theirs.",
    "rest": "Call the REST handler of an app.",
    "asset": "Configure the products that apps work with.",
    "install": "Install an app, or another version of it.",
    "apps": "List installed apps; switch between their versions.",
    "uninstall": "Remove an installed app.",
    "docs": "Make the documentation page of an app.",
    "validate": "Check the JSON of apps.",
    "package": "Make a tarball of an app.",
    "submission": "Make the certification zip of an enrichment bundle.",
    "support": "Collect what a support request about an enrichment needs.",
    "deps": "Lock, vendor and check an app's dependencies.",
    "env": "List, refresh and remove the environments of apps.",
    "variables": "Set environment variables for every app.",
    "trust": "Choose whose certificates apps trust, beside the usual ones.",
    "key": "Change the key that secrets are encrypted with.",
    "store": "Check, back up and restore what soarkit keeps.",
    "doctor": "Find out what is wrong with this installation, and how to mend it.",
    "completion": "Print the script that completes soarkit's commands in a shell.",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"soarkit.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], _COMMANDS, n=1)
            guess = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"There is no command {args[0]!r}.{guess}")
        return super().resolve_command(ctx, args)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="soarkit", message="%(prog)s %(version)s")
def cli() -> None:
    """Run security connectors anywhere.

    \b
      soarkit run APP "file reputation" --param hash=...
      soarkit actions APP
      soarkit validate APP

    APP is an installed app, or the path of an app's JSON file, folder or tarball.
    """
