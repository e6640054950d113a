"""``soarkit trust``: whose certificates apps trust."""

from __future__ import annotations

import os
import sys

import click

from soarkit import trust
from soarkit.cli import complete
from soarkit.cli.options import format_option, home_option
from soarkit.cli.output import envelope, tell, write
from soarkit.errors import UsageError
from soarkit.paths import app_home, private_folder
from soarkit.render.text import printable


@click.group()
def command() -> None:
    """Choose whose certificates apps trust, beside the usual ones.

    Every app finds one file with all of them: those of the system and of the app's environment, or those that
    REQUESTS_CA_BUNDLE or SSL_CERT_FILE names instead, and what is added here. `soarkit run --ca-bundle FILE` uses
    another file for one run.
    """


@command.command()
@click.argument("paths", nargs=-1, type=click.Path(), metavar="CERT...")
@format_option
@home_option
def add(paths: tuple[str, ...], output_format: str, home: str) -> int:
    """Trust the certificates in files, PEM or DER."""
    if not paths:
        raise UsageError("name a file with a certificate", hint="soarkit trust add CERT")
    private_folder(home)
    added = trust.add(home, paths)
    for one in added:
        if one.expired:
            tell(f"soarkit: warning: left out, as it expired on {one.ends:%Y-%m-%d}: {printable(one.subject)}")
        elif not (one.authority or one.own):
            tell(
                f"soarkit: warning: {printable(one.subject)}: this is neither an authority's certificate nor "
                "self-signed; most programs do not trust such a one by itself. Add its issuer's"
            )
    _mention_own_file(home)
    return _print([one for one in added if not one.expired], output_format)


@command.command("list")
@format_option
@home_option
def list_(output_format: str, home: str) -> int:
    """List the certificates that were added."""
    found = trust.listed(home)
    if not found and output_format == "text":
        tell("soarkit: none were added; apps trust the usual ones")
    _mention_own_file(home)
    return _print(found, output_format)


@command.command()
@click.argument("certificate", shell_complete=complete.certificates)
@format_option
@home_option
def remove(certificate: str, output_format: str, home: str) -> int:
    """Trust a certificate no more: by its SHA-256, the beginning of it, or its subject."""
    return _print([trust.remove(home, certificate)], output_format)


def _print(found: list[trust.Trusted], output_format: str) -> int:
    if output_format == "json":
        write(envelope("trust", ok=True, certificates=[one.to_dict() for one in found]) + "\n")
        return 0
    lines = []
    for one in found:
        lines += [
            click.style(printable(one.subject), bold=True),
            f"  issuer   {printable(one.issuer)}",
            f"  valid    {one.begins:%Y-%m-%d} to {one.ends:%Y-%m-%d}" + ("  expired" if one.expired else ""),
            f"  sha-256  {one.sha256}",
        ]
    text = "".join(f"{line}\n" for line in lines)
    write(text if sys.stdout.isatty() else click.unstyle(text))
    return 0


def _mention_own_file(home: str) -> None:
    """What is added has no effect where somebody put a file of their own in the place of the one soarkit composes."""
    from soarkit_app.ca_bundle import is_own, path_in

    bundle = path_in(app_home(home))
    if os.path.exists(bundle) and is_own(bundle):
        tell(f"soarkit: warning: {printable(bundle)} is not soarkit's and is left as it is; remove it, or add to it")
