"""What is installed and configured in a home: apps by the names people use, assets with their secrets.

Read from the store's snapshot, which costs next to nothing. The store itself is only opened where there is one whose
snapshot does not do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from soarkit import encryption
from soarkit.configured import fits, goes_to, lacking, require_fit, requires, together
from soarkit.errors import ManifestError, RequestError, SoarkitError, typed
from soarkit.manifest.loader import load
from soarkit.manifest.model import App
from soarkit.manifest.sdk_project import is_project
from soarkit.paths import is_path
from soarkit.runtime.action_json import directory_name

if TYPE_CHECKING:
    from soarkit.manifest.best_app import BestApp
    from soarkit.offers import Offers
    from soarkit.store.records import InstalledApp, InstalledVersion, StoredAsset
    from soarkit.store.snapshot import Snapshot


class Installed(NamedTuple):
    """An installed app, and the version of it that is meant."""

    app: InstalledApp
    version: InstalledVersion


class Inventory:
    """The installed apps and the assets of one home.

    :param home: SOARKIT_HOME
    :param note: told what opening the store does, where that is needed
    :param open_project: opens the source folder of an SDK app, whose JSON has to be made first
    """

    def __init__(
        self,
        home: str,
        note: Callable[[str], None] = lambda text: None,
        open_project: Callable[[str], App] = load,
    ) -> None:
        self.home = home
        self._note = note
        self._open_project = open_project
        self._snapshot: Snapshot | None = None
        self._loaded: dict[str, Installed] = {}

    @property
    def snapshot(self) -> Snapshot | None:
        """What the store held when it last changed; None where nothing was ever stored."""
        if self._snapshot is None and store_exists(self.home):
            from soarkit.store import snapshot

            self._snapshot = snapshot.read(self.home)
            if self._snapshot is None:
                from soarkit.store import open_store

                open_store(self.home, note=self._note)
                self._snapshot = snapshot.read(self.home)
        return self._snapshot

    def open_app(self, name: str) -> App:
        """The app that a name stands for: an installed one, or the JSON file, folder or tarball at a path.

        :param name: slug, ``slug@version``, appid or path
        :raises RequestError: there is no such app, or no such version of it
        :raises ManifestError: its JSON is broken
        :raises AppImportError: it is the source folder of an SDK app, whose JSON cannot be made
        :raises BuildError: ... since its environment cannot be built
        :raises ArchiveError: the tarball is damaged or hostile
        """
        if not is_path(name):
            app = self._open_installed(name)
            if app is not None:
                return app
            if not os.path.exists(name):
                raise self._unknown_app(name)
        if os.path.isfile(name) and not name.endswith(".json"):
            from soarkit.packages.tarballs import cached_unpack, is_archive  # late: they bring what unpacks tarballs

            name = cached_unpack(name, self.home) if is_archive(name) else name
        return self._open_project(name) if is_project(name) else load(name)

    def in_directory(self, directory: str) -> App | None:
        """The installed app that the platform keeps in a directory of this name; REST paths have it.

        :param directory: ``<name>_<appid>``
        :returns: None where there is none
        :raises ManifestError: its files are gone or broken
        """
        app = self._open_installed(directory.rpartition("_")[2])
        return app if app is not None and directory == directory_name(app.name, app.appid) else None

    def installed(self, app: App) -> Installed | None:
        """What an opened app is installed as; None for one that was opened by its path."""
        return self.installed_at(app.manifest_path)

    def installed_at(self, manifest_path: str) -> Installed | None:
        """The same for the JSON of an app that was opened."""
        return self._loaded.get(manifest_path)

    def asset(self, name: str) -> StoredAsset:
        """An asset by name or id.

        :raises RequestError: there is none
        """
        snapshot = self.snapshot
        found = snapshot.asset(name) if snapshot is not None else None
        if found is None:
            raise self._unknown_asset(name)
        return found

    def assets(self, app: str | None = None) -> list[StoredAsset]:
        """The assets by name.

        :param app: only those that this installed app can use
        :raises RequestError: it is not installed
        """
        found = [] if self.snapshot is None else self.snapshot.assets
        if app is None:
            return found
        from soarkit.store.snapshot import product_key

        wanted = self.find(app).app
        product = product_key(wanted.product_vendor, wanted.product_name)
        return [
            one
            for one in found
            if one.app == wanted.slug or product_key(one.product_vendor, one.product_name) == product
        ]

    def find(self, name: str) -> Installed:
        """An installed app by slug, ``slug@version`` or appid.

        :raises RequestError: it is not installed
        """
        found = None if self.snapshot is None else self.snapshot.app(name)
        if found is None:
            known = [] if self.snapshot is None else [one.slug for one in self.snapshot.apps]
            raise RequestError(
                f"no app {name!r} is installed",
                hint=_near(name, known) or "`soarkit apps` lists those that are; soarkit install FILE.tgz",
            )
        return Installed(*found)

    def declared(
        self, *, app: str | None = None, vendor: str | None = None, product: str | None = None
    ) -> list[dict[str, dict[str, Any]]]:
        """The configuration that an installed app declares, or each of the apps for a product.

        :raises RequestError: the app is not installed
        """
        if app is not None:
            found = [self.find(app)]
        else:
            apps = [] if self.snapshot is None else self.snapshot.apps_of(vendor or "", product or "")
            found = [Installed(one, one.version()) for one in apps]
        return [self.load(one).raw["configuration"] for one in found]

    def fields_of(self, asset: StoredAsset) -> dict[str, dict[str, Any]]:
        """The configuration declared for an asset; none where its app is not installed."""
        installed = self.snapshot is not None and asset.app and self.snapshot.app(asset.app) is not None
        if asset.app is not None and not installed:
            return {}
        return together(self.declared(app=asset.app, vendor=asset.product_vendor, product=asset.product_name))

    def best_app(
        self, asset: StoredAsset, action: str, product_version: str | None, given: Mapping[str, Any]
    ) -> BestApp:
        """The installed app that best supports an action on an asset; see :mod:`soarkit.manifest.best_app`.

        :param product_version: version of the asset's product
        :param given: configuration that this run gives beside the asset's own
        :raises RequestError: no installed app can run it; the message says why
        """
        from soarkit.manifest.best_app import Candidate, best_app

        product = f"{asset.product_vendor} {asset.product_name}"
        candidates, broken = [], []
        values = {**dict.fromkeys(asset.secrets, "*"), **asset.configuration, **given}
        for found, problem in self.apps_for(asset):
            if found is None:
                broken.append(problem)
            else:
                own = self._loaded[found.manifest_path].app.slug == asset.app
                candidates.append(Candidate(found, own, tuple(lacking(found, values))))
        if not candidates:
            problem = "; ".join(broken) or f"no installed app is for {product}, the product of the asset {asset.name!r}"
            hint = "`soarkit doctor` says what to do" if broken else "install one: soarkit install FILE.tgz"
            raise RequestError(problem, hint=hint)
        try:
            chosen = best_app(candidates, action, product_version)
        except RequestError as error:
            if is_path(action) or (self.snapshot is not None and self.snapshot.app(action) is not None):
                command = f"soarkit run {typed(action)} ACTION --asset {typed(asset.name)}"
                error.hint = f"{action} is an app: name the action too, {command}"
            raise
        return chosen._replace(skipped=(*broken, *chosen.skipped))

    def apps_for(self, asset: StoredAsset) -> Iterator[tuple[App, str] | tuple[None, str]]:
        """The installed apps for an asset's product, in their current versions; with what is wrong with an app
        instead of the app where it cannot be opened.
        """
        snapshot = self.snapshot
        found = [] if snapshot is None else snapshot.apps_of(asset.product_vendor, asset.product_name)
        own = [] if snapshot is None else [one for one in snapshot.apps if one.slug == asset.app and one not in found]
        for installed in (*found, *own):
            try:
                yield self.load(Installed(installed, installed.version())), ""
            except SoarkitError as error:
                yield None, f"{installed.slug}: {error.message}"

    def explain(self, chosen: BestApp, product_version: str | None) -> list[str]:
        """Which app was chosen, and why not another; nothing where there was no other."""
        lines = [f"passing over {reason}" for reason in chosen.skipped]
        if chosen.others or chosen.skipped:
            installed = self.installed(chosen.app)
            name = chosen.app.name if installed is None else installed.app.slug
            fit = f"{chosen.action.versions} fits {product_version or 'an unknown version'}"
            lines.append(f"taking {chosen.action.name} of {name} {chosen.app.app_version} ({fit})")
        return lines

    def configuration(self, asset: StoredAsset, app: App) -> dict[str, Any]:
        """The values of an asset that an app declares, with its secrets in plain text.

        :raises RequestError: the asset is for another product than the app
        :raises SurroundingsError: a secret cannot be decrypted
        """
        require_fit(asset, app, self._own_slug(app))
        declared = app.raw["configuration"]
        handed = replace(
            asset,
            configuration={name: value for name, value in asset.configuration.items() if goes_to(name, declared)},
            secrets={name: cipher for name, cipher in asset.secrets.items() if goes_to(name, declared)},
        )
        return handed.reveal(lambda cipher, salt: encryption.decrypt(cipher, salt, self.home))

    def contextual(self, types: Collection[str] | None = None, *, only: tuple[str, App] | None = None) -> Offers:
        """What the installed apps, in their current versions, offer to do with a value.

        Reads the JSON of every installed app: about 1.5 ms each. Apps that cannot be opened are passed over, with a
        note.

        :param types: ``contains`` types of the value, in any spelling; None: for all types
        :param only: just this app instead, with the word that it was opened by
        """
        from soarkit.offers import make_offers

        if only is not None:
            word, app = only
            mine = self.installed(app)
            word = word if mine is None or "@" in word else mine.app.slug
            return make_offers([(word, app)], self._usable_assets, types)
        return make_offers(self._offering(), self._usable_assets, types)

    def active_bundles(self) -> list[tuple[Installed, App, StoredAsset | None]]:
        """The installed bundles whose transforms are offered, by slug, in their current versions.

        Each with the asset that has its credentials, the first by name; None where it requires no credentials and was
        given none. Bundles that cannot be opened are passed over, with a note.
        """
        found = []
        for one in [] if self.snapshot is None else self.snapshot.apps:
            if not one.is_bundle:
                continue
            installed = Installed(one, one.version())
            try:
                app = self.load(installed)
            except SoarkitError as error:
                self._note(f"passing over {one.slug}: {error.message}")
                continue
            mine = self._assets_of(one)
            active = next((asset for asset in mine if asset.state == "active"), None)
            if active is not None or not (mine or requires(app)):
                found.append((installed, app, active))
        return found

    def _offering(self) -> Iterator[tuple[str, App]]:
        """The installed apps without bundles that are not active."""
        active = {installed.app.slug for installed, _, _ in self.active_bundles()}
        return ((slug, app) for slug, app in self.opened() if app.kind != "enrichment" or slug in active)

    def bundle_state(self, app: InstalledApp) -> str:
        """How an installed bundle stands: "active", "inactive", or "needs credentials" where only these are missing."""
        mine = self._assets_of(app)
        states = {asset.state for asset in mine}
        if mine:
            return next(state for state in ("active", "inactive", "needs credentials") if state in states)
        try:
            return "inactive" if requires(self.load(Installed(app, app.version()))) else "active"
        except SoarkitError:
            return "inactive"

    def _assets_of(self, app: InstalledApp) -> list[StoredAsset]:
        assets = [] if self.snapshot is None else self.snapshot.assets
        return [one for one in assets if one.app == app.slug and one.active is not None]

    def opened(self) -> Iterator[tuple[str, App]]:
        """Every installed app in its current version, with its slug; those that cannot be opened are passed over."""
        for one in [] if self.snapshot is None else self.snapshot.apps:
            try:
                yield one.slug, self.load(Installed(one, one.version()))
            except SoarkitError as error:
                self._note(f"passing over {one.slug}: {error.message}")

    def _usable_assets(self, app: App) -> list[StoredAsset]:
        """The assets that an app can use, also one that was opened by its path."""
        found = [] if self.snapshot is None else self.snapshot.assets
        own = self._own_slug(app)
        return [one for one in found if one.active is not False and fits(one, app, own)]

    def _own_slug(self, app: App) -> str | None:
        """What an app is called; for one opened by its path, what another copy of it is installed as."""
        mine = self.installed(app)
        if mine is not None:
            return mine.app.slug
        apps = [] if self.snapshot is None else self.snapshot.apps
        return next((one.slug for one in apps if one.appid == app.appid), None)

    def _open_installed(self, name: str) -> App | None:
        snapshot = self.snapshot
        found = snapshot.app(name) if snapshot is not None else None
        return None if found is None else self.load(Installed(*found))

    def load(self, installed: Installed) -> App:
        """An installed app, opened.

        :raises ManifestError: its files are gone or broken
        """
        try:
            app = _load(installed)
        except ManifestError as error:
            from soarkit.packages.sources import again  # late: it brings what unpacks tarballs

            error.hint = f"install it again: {again(installed.version.source)}"
            raise
        self._loaded[app.manifest_path] = installed
        return app

    def _unknown_app(self, name: str) -> RequestError:
        snapshot = self.snapshot
        near = _near(name.partition("@")[0], [one.slug for one in snapshot.apps] if snapshot is not None else [])
        return RequestError(
            "no app of this name is installed, and there is no such file or folder",
            where=name,
            hint=near or "name the app's folder, JSON file or tarball, or install it: soarkit install FILE.tgz",
        )

    def _unknown_asset(self, name: str) -> RequestError:
        snapshot = self.snapshot
        near = _near(name, [one.name for one in snapshot.assets] if snapshot is not None else [])
        return RequestError(
            f"there is no asset {name!r}", hint=near or f"make it: soarkit asset create {typed(name)} --app APP"
        )


def store_exists(home: str) -> bool:
    """Whether anything was ever stored, also where the database has since been lost."""
    folder = os.path.join(home, "store")
    return bool(os.environ.get("SOARKIT_DATABASE_URL")) or any(
        os.path.exists(os.path.join(folder, name)) for name in ("soarkit.sqlite3", "snapshot.json")
    )


def _load(installed: Installed) -> App:
    path = os.path.join(installed.version.folder, installed.version.manifest)
    if not os.path.isfile(path):
        name = f"{installed.app.slug} {installed.version.version}"
        raise ManifestError(f"the files of {name} are gone", where=path)
    return load(path)


def _near(name: str, known: list[str]) -> str | None:
    if not known:
        return None
    from soarkit.manifest.selection import suggestions

    close = suggestions(name, known)
    return f"did you mean {' or '.join(map(repr, close))}?" if close else None
