"""``soarkit completion``: the shell's side of completing commands, files, actions and parameters."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that completes soarkit's commands in a shell.

    \b
    bash:  eval "$(soarkit completion bash)"       in ~/.bashrc
    zsh:   eval "$(soarkit completion zsh)"        in ~/.zshrc
    fish:  soarkit completion fish > ~/.config/fish/completions/soarkit.fish
    """
    from soarkit.cli.commands import cli

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click knows the three shells above
    click.echo(kind(cli, {}, "soarkit", "_SOARKIT_COMPLETE").source())
