"""What commands about assets say of activating a bundle of enrichments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli.output import note
from soarkit.errors import typed
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.activating import Activation
    from soarkit.host import Host
    from soarkit.store.opened import Store
    from soarkit.store.records import StoredAsset


def activated(host: Host, store: Store, asset: StoredAsset, options: Mapping[str, Any] | None = None) -> Activation:
    """Try an asset's credentials, and activate it where they do.

    :param options: ``timeout``, ``verbose`` and ``debug`` of the command
    """
    from soarkit import activating
    from soarkit.cli.watch import TerminalObserver

    given = options or {}
    watching = TerminalObserver(verbose=bool(given.get("verbose")), debug=bool(given.get("debug")))
    note(f"trying the credentials of {asset.name}")
    return activating.activate(host, store, asset, watching, timeout=given.get("timeout"))


def document(activation: Activation) -> dict[str, Any]:
    """An activation as JSON."""
    return {
        "ok": activation.ok,
        "active": activation.asset.active,
        "checks": [one.to_dict() for one in activation.checks],
    }


def lines(activation: Activation) -> list[str]:
    """An activation for people."""
    asset = activation.asset
    told = []
    for one in activation.checks:
        mark = click.style("passed", fg="green") if one.ok else click.style("failed", fg="red")
        told.append(f"  {mark}  {printable(one.transform)} on {printable(one.value)}")
        told += [f"          {line}" for line in printable(one.message, lines=True).splitlines()]
    if not activation.ok:
        state = "is still active" if asset.active else "stays inactive"
        told.append(f"the bundle {printable(asset.app or '')} {state}")
        told.append(f"  when that is mended: soarkit asset test {typed(asset.name)}")
    else:
        how = "" if activation.checks else "; it names no transform that would try its credentials"
        told.append(f"the bundle {printable(asset.app or '')} is active{how}")
    return told
