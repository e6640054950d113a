"""``soarkit store``: what soarkit keeps, checked, backed up and brought back."""

from __future__ import annotations

import os
import sys

import click

from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, tell, write
from soarkit.errors import UsageError
from soarkit.render.text import printable


@click.group()
def command() -> None:
    """Check, back up and restore what soarkit keeps: installed apps, assets and runs.

    It is kept in a SQLite database in the home folder, or in the PostgreSQL database that SOARKIT_DATABASE_URL names
    (postgresql://user:password@host:5432/database). Backups fit either, so they move the store from one to the other.
    """


@command.command()
@format_option
@home_option
def check(output_format: str, home: str) -> int:
    """Look for what is wrong with the database, installed apps, secrets and records of runs.

    Exit status: 0 nothing is wrong, or only warnings; 1 there are errors.
    """
    from soarkit.store import open_store

    with open_store(home, note=_say) as store:
        findings = store.check()
        address = store.database.address.shown
    errors = sum(one.severity == "error" for one in findings)
    if output_format == "json":
        items = [one.to_dict() for one in findings]
        write(envelope("store check", ok=not errors, database=address, findings=items) + "\n")
    else:
        lines = []
        for one in findings:
            colour = "red" if one.severity == "error" else "yellow"
            lines.append(f"{click.style(f'{one.severity:7}', fg=colour)}  {printable(f'{one.subject}: {one.message}')}")
            lines += [click.style(f"         {printable(one.hint)}", dim=True)] if one.hint else []
        closing = "nothing is wrong" if not findings else f"{errors} errors, {len(findings) - errors} warnings"
        text = "".join(f"{line}\n" for line in [*lines, f"{printable(address)}: {closing}"])
        write(text if sys.stdout.isatty() else click.unstyle(text))
    return 1 if errors else 0


@command.command()
@click.option(
    "--output", "-o", type=click.Path(), metavar="FILE", help="Default: a new file in store/backups of the home folder."
)
@format_option
@home_option
def backup(output: str | None, output_format: str, home: str) -> int:
    """Write all that is kept to a file.

    The key is not in it: the secrets of assets stay encrypted, and can only be read again where the same key is (the
    file `key` in the home folder, or SOARKIT_KEY). Keep that elsewhere.
    """
    from soarkit.store import open_store

    if output is not None and os.path.isdir(output):
        raise UsageError("this is a folder; name a file", where=f"--output {output}")
    with open_store(home, note=_say) as store:
        path = store.backup(output)
    size = os.path.getsize(path)
    if output_format == "json":
        write(envelope("store backup", ok=True, file=path, size=size) + "\n")
    else:
        write(f"{printable(path)} ({size:,} bytes)\n")
        tell("soarkit: the key is not in it; without the key the secrets of assets cannot be read again")
    return 0


@command.command()
@click.argument("file", type=click.Path())
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@format_option
@home_option
def restore(file: str, yes: bool, output_format: str, home: str) -> int:
    """Replace all that is kept by what the backup FILE holds.

    What is there is backed up first. A damaged FILE is refused before anything is touched. A damaged database is put
    aside.
    """
    from soarkit.store.database import Database, set_up

    set_up()
    from soarkit.store.backup import verify
    from soarkit.store.restoring import restore as restore_backup

    header = verify(file)
    database = Database(home)
    if not yes:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError("restoring replaces all that is kept", hint="--yes says that this is meant")
        question = f"Replace all that is kept in {database.address.shown} by the backup of {header.made}?"
        click.confirm(printable(question), abort=True, err=True)
    try:
        restored = restore_backup(database, file, _say)
    finally:
        database.close()
    if output_format == "json":
        text = envelope("store restore", ok=True, made=restored.made, rows=restored.rows, kept=restored.kept)
        write(text + "\n")
    else:
        write(f"restored {restored.rows} rows of {printable(restored.made)}\n")
        if restored.kept:
            tell(f"soarkit: what was there before: {printable(restored.kept)}")
    return 0


def _say(text: str) -> None:
    tell(f"soarkit: {printable(text)}")
