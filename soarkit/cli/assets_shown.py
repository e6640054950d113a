"""What commands about assets show of one: its secrets are masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from soarkit.cli import asset_settings
from soarkit.cli.form import in_order
from soarkit.cli.output import envelope, write
from soarkit.errors import typed
from soarkit.render.text import printable

if TYPE_CHECKING:
    from soarkit.store.records import StoredAsset

_MASK = "********"


def print_one(home: str, asset: StoredAsset, output_format: str, text: str) -> None:
    """Print an asset that was changed: as JSON, or what was done and what it still needs."""
    if output_format == "json":
        write(envelope("asset", ok=True, asset=data(home, asset)) + "\n")
        return
    write("\n".join([printable(text), *_advice(asset)]) + "\n")


def lines(home: str, asset: StoredAsset, fields: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """An asset for people.

    :param fields: the configuration that is declared for it
    """
    lines = [click.style(printable(asset.name), bold=True) + f"  id {asset.id}"]
    lines += [printable(asset.description)] if asset.description else []
    lines += ["", f"app          {asset.app or 'any for the product'}"]
    lines += [] if asset.active is None else [f"state        {asset.state}"]
    version = f" {asset.product_version}" if asset.product_version else ""
    lines.append(f"product      {printable(f'{asset.product_vendor} {asset.product_name}{version}')}")
    limit = "any number" if asset.concurrency_limit is None else asset.concurrency_limit
    lines.append(f"concurrency  {limit}")
    held = _masked(asset)
    names = [one for one, field in in_order(fields) if field.get("data_type") != "ph"]
    names += [one for one in held if one not in names]
    if names:
        lines += ["", "configuration"]
    width = max(map(len, names), default=0)
    for one in names:
        said = "  needed" if one in asset.needs else ""
        lines.append(f"  {printable(one).ljust(width)}  {_shown(held[one]) if one in held else '-'}{said}")
    environment = asset_settings.shown_variables(home, asset)
    lines += ["", "environment variables"] if environment else []
    lines += [f"  {printable(one)}={printable(value)}" for one, value in sorted(environment.items())]
    return lines + _advice(asset)


def data(home: str, asset: StoredAsset) -> dict[str, Any]:
    """An asset as JSON."""
    return {
        "id": asset.id,
        "name": asset.name,
        "app": asset.app,
        "product_vendor": asset.product_vendor,
        "product_name": asset.product_name,
        "product_version": asset.product_version,
        "concurrency_limit": asset.concurrency_limit,
        "description": asset.description,
        "configuration": _masked(asset),
        "variables": asset_settings.shown_variables(home, asset),
        "needs": list(asset.needs),
        "state": asset.state,
    }


def _advice(asset: StoredAsset) -> list[str]:
    if not asset.needs:
        return []
    given = " ".join(f"--config {name}=..." for name in asset.needs)
    return ["", f"needs configuration: {', '.join(asset.needs)}", f"  soarkit asset edit {typed(asset.name)} {given}"]


def _masked(asset: StoredAsset) -> dict[str, Any]:
    return {**asset.configuration, **dict.fromkeys(asset.secrets, _MASK)}


def _shown(value: Any) -> str:
    import json

    return printable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
