"""Activates bundles of enrichments: their credentials are tried before their transforms are offered (reference 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from soarkit import enriching
from soarkit.enriching import Planned, Ran
from soarkit.host import Host
from soarkit.manifest.bundles import metadata

if TYPE_CHECKING:
    from soarkit.runtime.run import Observer
    from soarkit.store.opened import Store
    from soarkit.store.records import StoredAsset


@dataclass(frozen=True)
class Check:
    """A transform that has tried the credentials.

    :ivar transform: its name
    :ivar value: the sample it was asked about
    :ivar message: what it, or soarkit, says; without secrets
    :ivar run: what it is kept under; None where it could not even begin
    """

    transform: str
    value: str
    ok: bool
    message: str
    run: str | None

    def to_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return {
            "transform": self.transform,
            "value": self.value,
            "ok": self.ok,
            "message": self.message,
            "run": self.run,
        }


@dataclass(frozen=True)
class Activation:
    """What came of trying to activate a bundle.

    :ivar asset: the asset with the credentials as it is now
    :ivar checks: what was tried; nothing where the bundle names no transform for that
    """

    asset: StoredAsset
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether all went well; the bundle is active then."""
        return all(one.ok for one in self.checks)


def activate(
    host: Host, store: Store, asset: StoredAsset, observer: Observer, *, timeout: float | None = None
) -> Activation:
    """Try the credentials of a bundle's asset, and activate it where they do.

    Every transform that the metadata marks with ``activation`` is run on its sample value. Where it marks none, the
    asset is activated without a try, as the guide describes it. Where one fails, the asset stays what it is.

    :param asset: an asset of an installed bundle
    :param timeout: seconds for each transform; None: what a transform usually has
    :raises RequestError: the bundle is not installed, or the asset lacks what it requires
    :raises SurroundingsError: a credential cannot be decrypted
    """
    if asset.needs:
        store.assets.set_active(asset.name, True)  # which says what it needs
    app = host.open_app(asset.app or "")
    configured = host.run_asset(asset, app, {})
    plan = [
        Planned(app, app.actions[one.index], one, asset.app or "", one.sample_value, configured)
        for one in metadata.of(app).activations
    ]
    runs = list(enriching.run_all(host, plan, observer=observer, timeout=timeout)) if plan else []
    checks = tuple(map(_check, runs))
    if all(one.ok for one in checks):
        asset = store.assets.set_active(asset.name, True)
    return Activation(asset, checks)


def _check(ran: Ran) -> Check:
    planned = ran.planned
    message = ran.result.message if ran.result is not None else "" if ran.error is None else ran.error.message
    if ran.run is not None:
        message = ran.run.redactor.text(message)
    return Check(planned.transform.name, planned.value, ran.ok, message, None if ran.run is None else ran.run.key)
