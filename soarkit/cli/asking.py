"""Options of the commands that ask enrichment bundles about an observable."""

from __future__ import annotations

import click

from soarkit.cli import complete

credential_option = click.option(
    "--credential",
    "-c",
    "credentials",
    multiple=True,
    metavar="K=V",
    shell_complete=complete.credentials,
    help="A credential: k=text, k=@file, k=env:NAME, k==literal text. Keep secrets off the command line.",
)
field_option = click.option(
    "--field", "fields", multiple=True, metavar="K=V", help="A further field of the observable, likewise."
)
asset_option = click.option(
    "--asset",
    "-a",
    metavar="NAME",
    shell_complete=complete.assets,
    help="The asset with the credentials; --credential then changes single ones. Default: the bundle's active one.",
)
type_option = click.option(
    "--type",
    "-t",
    "entity_type",
    metavar="TYPE",
    shell_complete=complete.entity_types,
    help="What VALUE is: domain, ipv4, hash, email, url, as, nsrecord or phrase. Default: what it looks like.",
)
timeout_option = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Stop a transform after this long.  [default: 30]",
)
python_option = click.option(
    "--python", type=click.Path(), metavar="PATH", help="Use this interpreter as it is; build nothing."
)
