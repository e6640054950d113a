"""Assets; their secrets are never shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from soarkit.rest.call import Call
from soarkit.rest.failures import Failure
from soarkit.rest.fields import Field, Kind, fixed, keys
from soarkit.rest.query import Query
from soarkit.rest.resource import Record, Records
from soarkit.store.records import MASK

if TYPE_CHECKING:
    from soarkit.store.opened import Store


class Assets(Records):
    """``asset``."""

    name = "asset"
    fields = (
        *keys(Kind.NUMBER, "id"),
        *keys(Kind.TEXT, "name"),
        Field("app", Kind.NUMBER, relation="app"),
        *keys(Kind.JSON, "apps configuration"),
        *keys(Kind.TEXT, "description product_vendor product_name product_version"),
        *keys(Kind.NUMBER, "concurrency_limit"),
        *fixed(type="", tags=[], disabled=False, version=1, automation_broker=None, primary_voting=0),
        *fixed(secondary_voting=0, tenants=[], action_whitelist={}, effective_user=None, validation={}, token=[]),
    )

    def all(self, store: Store) -> Iterable[Record]:
        """See :meth:`Records.all`."""
        apps = {app.slug: app for app in store.apps.list()}
        for asset in store.assets.list():
            own = None if asset.app is None else apps.get(asset.app)
            of_product = [
                app
                for app in apps.values()
                if (app.product_vendor.lower(), app.product_name.lower())
                == (asset.product_vendor.lower(), asset.product_name.lower())
            ]
            serving = [own] if own is not None else of_product if asset.app is None else []
            yield {
                "id": asset.id,
                "name": asset.name,
                "app": serving[0].id if serving else None,
                "apps": [app.id for app in serving],
                "description": asset.description,
                "product_vendor": asset.product_vendor,
                "product_name": asset.product_name,
                "product_version": asset.product_version,
                "concurrency_limit": asset.concurrency_limit,
                "configuration": {**asset.configuration, **dict.fromkeys(asset.secrets, MASK)},
            }

    def row(self, call: Call, identifier: str) -> Any:
        """See :meth:`Resource.row`. The asset that the app runs with is there, stored or not."""
        try:
            return super().row(call, identifier)
        except Failure:
            caller = call.caller
            if not caller.own_session or identifier != str(caller.asset_id):
                raise
            return {"id": caller.asset_id, "name": caller.asset_name, "configuration": {}, "apps": []}

    def decorate(self, call: Call, rows: Sequence[Any], records: list[Record], query: Query) -> None:
        """See :meth:`Resource.decorate`."""
        names = {app.id: app.name for app in call.store.apps.list()} if query.pretty else {}
        for record in records:
            if query.pretty:
                record["_pretty_app"] = names.get(record["app"], "")
