"""The installed apps: which versions there are, which is current, and what a switch does to assets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from soarkit.errors import RequestError
from soarkit.manifest.keys import is_bundle
from soarkit.manifest.naming import slug_of
from soarkit.store import configuration, models
from soarkit.store.changes import Changes
from soarkit.store.cipher import AssetCipher
from soarkit.store.configuration import Carried, Cipher, Fields
from soarkit.store.database import Database, guarded
from soarkit.store.records import MASK, VISIBILITIES, AssetChange, InstalledApp, InstalledVersion
from soarkit.store.rows import Inventory, put_values, text, time_of, values

Manifest = Mapping[str, Any]
# Inside the class `list` is its method.
_Apps = list[InstalledApp]
_Changes = list[AssetChange]
_Ciphers = Callable[[models.Asset], Cipher]


class InstalledApps:
    """What is installed. Every change is whole or not at all, and known to runs when it is done."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self.database = database
        self._changes = changes

    @guarded
    def list(self) -> _Apps:
        """The installed apps by slug."""
        return list(Inventory(self.database).apps.values())

    @guarded
    def find(self, name: str) -> InstalledApp:
        """The app with that slug or appid; ``@version`` behind it is ignored.

        :raises RequestError: it is not installed
        """
        wanted = name.partition("@")[0]
        apps = self.list()
        for app in apps:
            if wanted in (app.slug, app.appid):
                return app
        slugs = [app.slug for app in apps]
        near = [one for one in slugs if wanted and one.startswith(wanted)] or get_close_matches(wanted, slugs, n=3)
        raise RequestError(
            f"no app called {wanted!r} is installed" + (f" (did you mean {', '.join(near)}?)" if near else ""),
            hint="`soarkit apps` lists those that are; `soarkit install FILE` installs one",
        )

    @guarded
    def by_appid(self, appid: str) -> InstalledApp | None:
        """The app with that appid; None when it is not installed."""
        return Inventory(self.database).apps.get(appid)

    @guarded
    def slug_for(self, manifest: Manifest) -> str:
        """The slug that the app of a manifest has, or will have once it is installed."""
        return _slug(manifest, list(Inventory(self.database).apps.values()))

    @guarded
    def preview(self, manifest: Manifest) -> _Changes:
        """What making this manifest the current version of its app would do to assets; nothing is changed.

        Assets that would stay as they are are left out.
        """
        return self._carry(manifest, Inventory(self.database), lambda asset: _mask, save=False)

    @guarded
    def activate(self, manifest: Manifest, version: InstalledVersion) -> tuple[InstalledApp, _Changes]:
        """Install a version, in place of the one with the same version text, and make it current.

        :param manifest: its app JSON
        :returns: the app, and what became of its assets
        """
        with self._changes.change():
            before = Inventory(self.database)
            changes = self._carry(manifest, before, self._ciphers, save=True)
            row = self._upsert_app(manifest, before, version.version)
            models.AppVersion.objects.using(self.database.alias).update_or_create(
                app=row,
                version=text(version.version),
                defaults={
                    "folder": version.folder,
                    "manifest": version.manifest,
                    "digest": version.digest,
                    "source": text(version.source),
                    "python": version.python,
                    "index_fallback": version.index_fallback,
                    "environment": version.environment,
                    "installed_at": time_of(version.installed_at),
                    "fields": configuration.declared(manifest.get("configuration")),
                },
            )
        return self.find(row.slug), changes

    @guarded
    def use(self, slug: str, version: str, manifest: Manifest) -> tuple[InstalledApp, _Changes]:
        """Make an installed version current.

        :param slug: the app's slug or appid
        :param manifest: that version's app JSON
        :raises RequestError: the version is not installed
        """
        with self._changes.change():
            app = self.find(slug)
            app.version(version)
            before = Inventory(self.database)
            changes = self._carry(manifest, before, self._ciphers, save=True)
            self._upsert_app(manifest, before, version)
            models.AppVersion.objects.using(self.database.alias).filter(app=app.id, version=version).update(
                fields=configuration.declared(manifest.get("configuration"))
            )
        return self.find(app.slug), changes

    @guarded
    def set_environment(self, slug: str, version: str, environment: str) -> None:
        """Note the folder of the environment that a version has got.

        :raises RequestError: the version is not installed
        """
        with self._changes.change():
            app = self.find(slug)
            app.version(version)
            models.AppVersion.objects.using(self.database.alias).filter(app=app.id, version=version).update(
                environment=environment
            )

    @guarded
    def set_visibility(self, slug: str, visibility: str) -> InstalledApp:
        """Say who may see an installed bundle.

        :param slug: slug or appid
        :param visibility: one of :data:`soarkit.store.records.VISIBILITIES`
        :raises RequestError: it is not installed, or no bundle
        """
        if visibility not in VISIBILITIES:
            raise ValueError(visibility)
        with self._changes.change():
            app = self.find(slug)
            if not app.is_bundle:
                raise RequestError(f"{app.slug} is a connector: only enrichment bundles are public or private")
            models.App.objects.using(self.database.alias).filter(id=app.id).update(visibility=visibility)
        return self.find(app.slug)

    @guarded
    def remove(self, slug: str, *, version: str | None = None, purge: bool = False) -> None:
        """Forget an app, or one version of it that is not current. Files are not touched.

        :param purge: forget its assets too; else they wait for the app to be installed again, those of a bundle
            without their values
        :raises RequestError: it is not installed, or the version is the current one
        """
        using = self.database.alias
        with self._changes.change():
            app = self.find(slug)
            if version is not None:
                _refuse_current(app, app.version(version))
                models.AppVersion.objects.using(using).filter(app=app.id, version=version).delete()
                return
            if purge:
                models.Asset.objects.using(using).filter(appid=app.appid).delete()
            elif app.is_bundle:
                self._forget_credentials(app.appid)
            models.App.objects.using(using).filter(id=app.id).delete()

    def _forget_credentials(self, appid: str) -> None:
        """Removing a bundle loses activations and credentials (reference 5.3); its assets stay as names."""
        models.Asset.objects.using(self.database.alias).filter(appid=appid).update(
            configuration={}, secrets={}, known=[], active=False
        )

    def _upsert_app(self, manifest: Manifest, before: Inventory, current: str) -> models.App:
        kind = "enrichment" if is_bundle(manifest) else "connector"
        present = before.apps.get(_appid(manifest))
        kept = None if present is None else present.visibility
        row, _ = models.App.objects.using(self.database.alias).update_or_create(
            appid=_appid(manifest),
            defaults={
                "slug": _slug(manifest, list(before.apps.values())),
                "name": text(manifest.get("name")),
                "product_vendor": text(manifest.get("product_vendor")),
                "product_name": text(manifest.get("product_name")),
                "publisher": text(manifest.get("publisher")),
                "description": text(manifest.get("description")),
                "current": text(current),
                "kind": kind,
                "visibility": (kept or VISIBILITIES[0]) if kind == "enrichment" else None,
            },
        )
        models.Asset.objects.using(self.database.alias).filter(appid=row.appid).update(
            slug=row.slug, product_vendor=row.product_vendor, product_name=row.product_name
        )
        return row

    def _carry(self, manifest: Manifest, before: Inventory, ciphers: _Ciphers, *, save: bool) -> _Changes:
        """Bring the assets in line with a manifest that becomes the current one of its app."""
        appid = _appid(manifest)
        vendor, product = text(manifest.get("product_vendor")), text(manifest.get("product_name"))
        fields = configuration.declared(manifest.get("configuration"))
        former: Fields = before.current_fields(appid) or {}
        changes: _Changes = []
        for asset in before.asset_rows(appid, vendor, product):
            encrypt = ciphers(asset)
            if asset.appid is None:
                served = before.each_of_product(vendor, product, {appid: fields})
                carried = configuration.carry(
                    values(asset),
                    configuration.union(served),
                    encrypt=encrypt,
                    droppable=former.keys(),
                )
            else:
                served = [fields]
                carried = configuration.carry(values(asset), fields, encrypt=encrypt)
            change = _change(asset, carried, served)
            # A bundle that asks for more than it did has to be activated anew.
            sleeps = bool(asset.active and change.needs)
            if (sleeps or carried.values != values(asset)) and save:
                put_values(asset, carried.values)
                asset.active = False if sleeps else asset.active
                asset.save(update_fields=["configuration", "secrets", "known", "active"])
            if change.added or change.removed or change.needs:
                changes.append(change)
        return changes

    def _ciphers(self, asset: models.Asset) -> Cipher:
        return AssetCipher(self.database.home, asset.id, asset.name).encrypt


def _refuse_current(app: InstalledApp, version: InstalledVersion) -> None:
    if version.version != app.current:
        return
    others = [one.version for one in app.versions if one is not version]
    way = (
        f"first: soarkit apps use {app.slug} {others[0]}" if others else f"soarkit uninstall {app.slug} removes it all"
    )
    raise RequestError(f"{version.version} is the current version of {app.slug}", hint=way)


def _change(asset: models.Asset, carried: Carried, served: list[Fields]) -> AssetChange:
    return AssetChange(asset.name, carried.added, carried.removed, configuration.needs_of(carried.values, served))


def _mask(_: str) -> str:
    return MASK


def _appid(manifest: Manifest) -> str:
    return text(manifest.get("appid"))


def _slug(manifest: Manifest, apps: list[InstalledApp]) -> str:
    """An app keeps its slug; a new one gets its name's, told from other apps by the beginning of its appid."""
    appid = _appid(manifest)
    taken = {app.slug for app in apps}
    for app in apps:
        if app.appid == appid:
            return app.slug
    plain = slug_of(text(manifest.get("name")))
    digits = re.sub(r"[^0-9a-f]", "", appid.lower())
    candidates = [plain, *(f"{plain}-{digits[:length]}" for length in range(4, len(digits) + 1))]
    number = 2
    while candidates[0] in taken:
        candidates.pop(0)
        if not candidates:
            candidates, number = [f"{plain}-{number}"], number + 1
    return candidates[0]
