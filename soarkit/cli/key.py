"""``soarkit key``: the key that secrets are encrypted with."""

from __future__ import annotations

import sys
import time

import click

from soarkit import keyring, variables
from soarkit.cli.form import can_ask
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, note, tell, write
from soarkit.cli.tables import table
from soarkit.errors import RequestError, UsageError
from soarkit.host import Host
from soarkit.inventory import store_exists
from soarkit.render.text import printable


@click.group()
def command() -> None:
    """Change the key that secrets are encrypted with.

    It is the file `key` in the home folder, or what SOARKIT_KEY says. Earlier keys are kept beside it, or come from
    SOARKIT_OLD_KEYS: apps keep encrypted values in files of their own, and backups hold secrets as they were.
    """


@command.command("list")
@format_option
@home_option
def list_(output_format: str, home: str) -> int:
    """List the keys by their fingerprints; keys themselves are never shown."""
    keys = keyring.known(home)
    if output_format == "json":
        shown = [{"fingerprint": one.fingerprint, "present": one.present, "replaced": one.replaced} for one in keys]
        write(envelope("key", ok=True, keys=shown, source=keyring.source(home)) + "\n")
        return 0
    if not keys:
        tell("soarkit: there is no key yet; it is made when the first secret is stored")
        return 0
    rows = [(one.fingerprint, "present" if one.present else _replaced(one.replaced)) for one in keys]
    write(table(("FINGERPRINT", "STATE"), rows, terminal=sys.stdout.isatty()))
    return 0


@command.command()
@format_option
@home_option
def rotate(output_format: str, home: str) -> int:
    """Make a new key, and encrypt all secrets with it.

    Whatever is interrupted, nothing is lost: earlier keys stay readable, and rotating again finishes it. With the key
    in SOARKIT_KEY, set SOARKIT_KEY to the new key and SOARKIT_OLD_KEYS to the present one first.
    """
    before = {one.fingerprint for one in keyring.known(home)}
    if not (keyring.in_variable() and len(before) > 1):
        keyring.replace(home)
    count, lost = 0, []
    if store_exists(home):
        with Host(home, note=note).open_store() as store:
            count, assets = store.assets.encrypt_anew()
        lost = [f"asset {one.name}" for one in assets]
    more, unread = variables.encrypt_anew(home)
    count, lost = count + more, [*lost, *(f"variable {name}" for name in unread)]
    present = keyring.known(home)[0].fingerprint
    if output_format == "json":
        write(envelope("key", ok=True, fingerprint=present, encrypted=count, unreadable=lost) + "\n")
    else:
        write(f"the key is {present} now; {count} secret{'' if count == 1 else 's'} encrypted anew\n")
        for one in lost:
            tell(f"soarkit: warning: {printable(one)}: no key reads its secrets; `soarkit doctor` says what to do")
    return 0


@command.command("forget-old")
@click.option("--yes", "-y", is_flag=True, help="Do not ask; also where something still needs them.")
@format_option
@home_option
def forget_old(yes: bool, output_format: str, home: str) -> int:
    """Forget earlier keys. What was encrypted with them cannot be read again, backups among it."""
    keys = keyring.known(home)
    if len(keys) < 2:
        raise RequestError("there are no earlier keys")
    needed = [*_needing(home), *keyring.files_of_apps(home)]
    if needed and not yes:
        raise RequestError(
            "earlier keys may still be needed by: " + "; ".join(printable(one) for one in needed[:10]),
            hint="`soarkit key rotate` encrypts the secrets of assets and variables anew; apps do so with what they "
            "keep when they save it\nsoarkit key forget-old --yes  forgets the keys all the same",
        )
    if not yes:
        if not can_ask():
            raise UsageError("forgetting keys needs a yes", hint="soarkit key forget-old --yes")
        click.confirm("Forget the earlier keys?", abort=True, err=True)
    count = keyring.forget_old(home)
    if output_format == "json":
        write(envelope("key", ok=True, forgotten=count) + "\n")
    else:
        write(f"forgot {count} earlier key{'' if count == 1 else 's'}\n")
    return 0


def _needing(home: str) -> list[str]:
    """What of soarkit's own is still encrypted with an earlier key."""
    from soarkit import encryption

    known = Host(home, note=note).inventory.snapshot
    assets = [] if known is None else known.assets
    found = [
        f"asset {one.name}"
        for one in assets
        if any(not encryption.is_current(token, one.salt, home) for token in one.secrets.values())
    ]
    return [*found, *(f"variable {name}" for name in variables.with_earlier_keys(home))]


def _replaced(moment: int | None) -> str:
    return "earlier" if not moment else time.strftime("replaced %Y-%m-%d %H:%M", time.localtime(moment))
