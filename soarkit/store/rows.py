"""From rows of the database to records, and what every table needs of a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone

from soarkit.store import models
from soarkit.store.configuration import Fields, Values, needs_of, union
from soarkit.store.database import Database
from soarkit.store.records import InstalledApp, InstalledVersion, StoredAsset
from soarkit.store.snapshot import product_key


class Inventory:
    """All apps and assets, as they are when it is made.

    :ivar apps: the installed apps by appid
    """

    def __init__(self, database: Database) -> None:
        apps = models.App.objects.using(database.alias).prefetch_related("versions").order_by("slug")
        self._rows = {app.appid: app for app in apps}
        self._assets = list(models.Asset.objects.using(database.alias).order_by("name_key"))
        self.apps = {appid: _app(row) for appid, row in self._rows.items()}

    def asset_rows(self, appid: str, vendor: str, product: str) -> list[models.Asset]:
        """The assets that an app's fields matter to: its own, and those bound to its product."""
        key = product_key(vendor, product)
        return [
            one
            for one in self._assets
            if one.appid == appid or (one.appid is None and product_key(one.product_vendor, one.product_name) == key)
        ]

    def assets(self) -> list[StoredAsset]:
        """All assets."""
        return [self.asset(one) for one in self._assets]

    def asset(self, row: models.Asset) -> StoredAsset:
        """One asset's record."""
        app = self.apps.get(row.appid or "")
        return StoredAsset(
            id=row.id,
            name=row.name,
            app=None if row.appid is None else app.slug if app else row.slug,
            product_vendor=row.product_vendor,
            product_name=row.product_name,
            product_version=row.product_version,
            concurrency_limit=row.concurrency_limit,
            description=row.description,
            configuration=row.configuration,
            secrets=row.secrets,
            needs=self._needs(row),
            active=row.active,
        )

    def fields(self, appid: str | None, vendor: str, product: str) -> Fields | None:
        """The fields of an asset of that app, or of that product; None where no such app is installed."""
        if appid is not None:
            return self.current_fields(appid)
        return self.product_fields(vendor, product, {}) if self._of_product(vendor, product) else None

    def product_fields(self, vendor: str, product: str, planned: Mapping[str, Fields]) -> Fields:
        """The fields of all installed apps of a product, those planned for some appids in place of their own."""
        return union(self.each_of_product(vendor, product, planned))

    def each_of_product(self, vendor: str, product: str, planned: Mapping[str, Fields]) -> list[Fields]:
        """The same, but the fields of each app for themselves."""
        present = {app.appid: self.current_fields(app.appid) or {} for app in self._of_product(vendor, product)}
        return list({**present, **planned}.values())

    def _needs(self, row: models.Asset) -> tuple[str, ...]:
        if row.appid is None:
            return needs_of(values(row), self.each_of_product(row.product_vendor, row.product_name, {}))
        fields = self.current_fields(row.appid)
        return () if fields is None else needs_of(values(row), [fields])

    def _of_product(self, vendor: str, product: str) -> list[InstalledApp]:
        key = product_key(vendor, product)
        return [app for app in self.apps.values() if product_key(app.product_vendor, app.product_name) == key]

    def current_fields(self, appid: str) -> Fields | None:
        """The fields that the current version of an app declares; None when it is not installed."""
        row = self._rows.get(appid)
        if row is None:
            return None
        return next((one.fields for one in row.versions.all() if one.version == row.current), {})


def values(row: models.Asset) -> Values:
    """What an asset holds."""
    return Values(row.configuration, row.secrets, frozenset(row.known))


def put_values(row: models.Asset, held: Values) -> None:
    """Let an asset hold other values; it is not saved yet."""
    row.configuration, row.secrets, row.known = held.plain, held.secret, sorted(held.known)


def text(value: object) -> str:
    """A text that both databases can hold: neither null characters nor halves of surrogate pairs."""
    given = value if isinstance(value, str) else ""
    return given.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def time_of(moment: str) -> datetime:
    """A time from ISO 8601.

    :raises ValueError: it is none
    """
    found = datetime.fromisoformat(re.sub(r"Z$", "+00:00", moment))
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def iso(moment: datetime) -> str:
    """A time as ISO 8601, UTC."""
    return moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")


def _app(row: models.App) -> InstalledApp:
    versions = sorted(row.versions.all(), key=lambda one: (_order(one.version), one.installed_at), reverse=True)
    return InstalledApp(
        id=row.id,
        slug=row.slug,
        appid=row.appid,
        name=row.name,
        product_vendor=row.product_vendor,
        product_name=row.product_name,
        publisher=row.publisher,
        description=row.description,
        current=row.current,
        kind=row.kind,
        visibility=row.visibility,
        versions=tuple(map(_version, versions)),
    )


def _version(row: models.AppVersion) -> InstalledVersion:
    return InstalledVersion(
        version=row.version,
        folder=row.folder,
        manifest=row.manifest,
        digest=row.digest,
        source=row.source,
        python=row.python,
        index_fallback=row.index_fallback,
        environment=row.environment,
        installed_at=iso(row.installed_at),
    )


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"[0-9]+", version))
