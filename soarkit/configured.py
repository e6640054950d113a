"""What apps declare that they are configured with, against what assets hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from soarkit_app import checks

from soarkit.errors import RequestError
from soarkit.manifest.model import App

if TYPE_CHECKING:
    from soarkit.store.records import StoredAsset


def fits(asset: StoredAsset, app: App, own: str | None) -> bool:
    """Whether an asset was made for the app, which is called ``own``, or for its product."""
    from soarkit.store.snapshot import product_key

    product = product_key(str(app.raw.get("product_vendor", "")), str(app.raw.get("product_name", "")))
    return (own is not None and asset.app == own) or product == product_key(asset.product_vendor, asset.product_name)


def require_fit(asset: StoredAsset, app: App, own: str | None) -> None:
    """Refuse an asset that is for another product: its password must not be handed to this app.

    :param own: what the app is installed as
    :raises RequestError: it is
    """
    if not fits(asset, app, own):
        product = (str(app.raw.get("product_vendor", "")), str(app.raw.get("product_name", "")))
        raise RequestError(
            f"the asset {asset.name!r} is for {asset.product_vendor} {asset.product_name}, "
            f"but {app.name} is for {' '.join(product)}",
            hint=f"`soarkit asset list --app {own}` lists the assets it can use"
            if own
            else "`soarkit asset list` shows what product each asset is for",
        )


def requires(app: App) -> bool:
    """Whether an app cannot be used before somebody has configured it."""
    return any(field.get("required") is True for field in app.raw["configuration"].values())


def lacking(app: App, values: Mapping[str, Any]) -> list[str]:
    """Required configuration of an app that neither the values nor its defaults give."""
    declared = app.raw["configuration"]
    return checks.missing_required(checks.fill_defaults(values, declared), declared)


def together(declared: list[dict[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """The fields of an asset for several apps; required is what all of them require."""
    if len(declared) == 1:
        return declared[0]
    from soarkit.store.configuration import declared as without_gaps
    from soarkit.store.configuration import union

    return {
        name: {**field, "required": all(name in one and one[name].get("required") is True for one in declared)}
        for name, field in union(map(without_gaps, declared)).items()
    }


def goes_to(name: str, declared: Mapping[str, Any]) -> bool:
    """Whether a setting is for the app: it declares it, or the app-side library takes it for every app."""
    from soarkit.store.records import is_platform_setting

    return name in declared or is_platform_setting(name)
