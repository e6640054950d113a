"""Installing apps and switching between their versions: all or nothing.

A version is unpacked into a folder that the store does not know, its environment is built, its main module imported,
and the app's own data brought along; the store learns of it last, in one transaction. Whatever ends an installation
before that moment leaves the version that was current as it was. See :mod:`soarkit.packages.places`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from soarkit import homefiles
from soarkit.environments.known import Environment
from soarkit.errors import RequestError, SoarkitError
from soarkit.manifest.loader import load
from soarkit.manifest.model import App
from soarkit.manifest.naming import slug_of
from soarkit.manifest.runnable import require_runnable
from soarkit.packages import appdata, bundles, contents, places, placing, smoke, sources, updating
from soarkit.packages.platform import require_platform
from soarkit.packages.selection import Selection
from soarkit.store.records import AssetChange, InstalledApp, InstalledVersion

if TYPE_CHECKING:
    from soarkit.store.opened import Store

Progress = Callable[[str], None]


class BuildEnvironment(Protocol):
    """Builds an app's environment, or finds it."""

    def __call__(self, app: App, *, python: str | None, index_fallback: bool, progress: Progress) -> Environment: ...


class ImportApp(Protocol):
    """Imports an app's main module as a test, or compiles a bundle's scripts.

    :returns: seconds it took
    :raises SoarkitError: it cannot be done
    """

    def __call__(self, app: App, python: str, *, log_path: str) -> float: ...


@dataclass(frozen=True)
class Ready:
    """A version whose environment is there and whose main module can be imported.

    :ivar built: whether the environment was built for it just now
    :ivar seconds: to build or find the environment
    :ivar import_seconds: to import the app
    """

    environment: Environment
    built: bool
    seconds: float
    import_seconds: float


@dataclass(frozen=True)
class Installation:
    """What came of an installation, or of a switch to another version.

    :ivar previous: the version that was current before; None: the app was not installed
    :ivar outcome: "installed", "replaced" (same version, other content), "repaired" (same content, of which something
        was missing) or "unchanged" (nothing was, and it was current already)
    :ivar repaired: paths of shipped files that had been changed or removed
    :ivar changes: what became of the assets' configuration
    :ivar data: paths of the app's own files that were brought along
    :ivar waiting: folders of versions that are removed later, since an action runs in them
    :ivar selection: what was taken of a folder or repository; None for a tarball, and for a switch
    """

    app: InstalledApp
    version: InstalledVersion
    previous: str | None
    outcome: str
    ready: Ready
    repaired: tuple[str, ...]
    changes: tuple[AssetChange, ...]
    data: tuple[str, ...]
    waiting: tuple[str, ...]
    selection: Selection | None


@dataclass(frozen=True)
class Preview:
    """What an installation or a switch would do.

    :ivar current: the version that is current now; None: the app is not installed
    """

    app: App
    current: str | None
    changes: tuple[AssetChange, ...]


class Installer:
    """Installs into one home.

    :param home: SOARKIT_HOME
    :param progress: told what happens, a line at a time
    :param open_project: opens the source folder of an SDK app, whose JSON has to be made first
    """

    def __init__(
        self,
        home: str,
        store: Store,
        *,
        build_environment: BuildEnvironment,
        import_app: ImportApp,
        progress: Progress,
        open_project: Callable[[str], App] = load,
    ) -> None:
        self._home = home
        self._store = store
        self._build_environment = build_environment
        self._import_app = import_app
        self._progress = progress
        self._open_project = open_project

    def preview(self, source: str, *, force: bool = False) -> Preview:
        """What :meth:`install` would change, without changing anything."""
        with places.staging(self._home) as area:
            app = self._fetch(source, area, force)[0]
            installed = self._store.apps.by_appid(app.appid)
            self._require_update(app, installed)
            return self._preview(app, installed)

    def install(
        self, source: str, *, python: str | None = None, index_fallback: bool = True, force: bool = False
    ) -> Installation:
        """Install an app and make that version current.

        :param source: as :func:`soarkit.packages.sources.fetch` takes it
        :param python: interpreter to use, a path or a version; None: chosen
        :param index_fallback: whether the index may replace wheels that do not fit
        :param force: although the app asks for a newer platform
        :raises SoarkitError: it was not installed, and what was current still is
        """
        with places.staging(self._home) as area:
            app, fetched = self._fetch(source, area, force)
            with places.changing(self._home, app.appid, self._progress):
                return self._install(app, fetched, area, _absolute(python), index_fallback)

    def preview_use(self, name: str, version: str) -> Preview:
        """What :meth:`use` would change, without changing anything."""
        installed = self._store.apps.find(name)
        return self._preview(_load(installed.version(version)), installed)

    def use(self, name: str, version: str) -> Installation:
        """Make another installed version of an app current.

        :param name: slug or appid
        :raises RequestError: there is no such app or version
        :raises SoarkitError: that version does not work any more; what was current still is
        """
        appid = self._store.apps.find(name).appid
        with places.changing(self._home, appid, self._progress):
            installed = self._store.apps.find(appid)
            record = installed.version(version)
            app = _load(record)
            ready = self._make_ready(app, record.python, record.index_fallback)
            data = self._bring_data(installed, app)
            if ready.environment.path is not None and ready.environment.path != record.environment:
                self._store.apps.set_environment(installed.slug, record.version, ready.environment.path)
            after, changes = self._store.apps.use(installed.slug, record.version, app.raw)
            outcome = "unchanged" if installed.current == record.version else "installed"
            return Installation(
                after,
                after.version(record.version),
                installed.current,
                outcome,
                ready,
                (),
                tuple(changes),
                tuple(data),
                (),
                None,
            )

    def _fetch(self, source: str, area: str, force: bool) -> tuple[App, sources.Fetched]:
        try:
            fetched = sources.fetch(source, area, self._progress, self._open_project)
            if bundles.is_bundle_folder(fetched.folder):  # first, since it names the rule that is broken
                self._tell_warnings(bundles.require_valid(fetched.folder))
            app = load(fetched.folder)
            require_runnable(app)
        except SoarkitError as error:
            error.where = _outside(error.where, area, sources.masked(source))
            raise
        if not force:
            require_platform(app)
        return app, fetched

    def _preview(self, app: App, installed: InstalledApp | None) -> Preview:
        current = None if installed is None else installed.current
        return Preview(app, current, tuple(self._store.apps.preview(app.raw)))

    def _install(
        self, app: App, fetched: sources.Fetched, area: str, python: str | None, index_fallback: bool
    ) -> Installation:
        places.sweep(self._home, self._store, app.appid)
        installed = self._store.apps.by_appid(app.appid)
        files = contents.take_stock(fetched.folder)
        digest = contents.digest(files)
        before = _version_of(installed, app.app_version)
        same = before if before is not None and before.digest == digest else None
        if same is None or not contents.changed(same.folder, files):
            self._require_update(app, installed)
        folder = os.path.dirname(same.folder) if same is not None else self._folder(app, installed, digest)
        existed = os.path.isdir(folder)
        repaired: list[str] = []
        try:
            if existed:
                place, repaired = placing.repair(folder, fetched.folder, app.appid, files)
            else:
                place = placing.put(folder, fetched.folder, area, app.appid, files)
            app = load(os.path.join(place, os.path.basename(app.manifest_path)))
            ready = self._make_ready(app, python, index_fallback)
            data = self._bring_data(installed, app)
            record = InstalledVersion(
                version=app.app_version,
                folder=app.folder,
                manifest=os.path.basename(app.manifest_path),
                digest=digest,
                source=fetched.source,
                python=python,
                index_fallback=index_fallback,
                environment=ready.environment.path,
                installed_at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            )
            after, changes = self._activate(app, record, installed, before)
        except BaseException:
            if not existed and not self._knows(folder):
                places.remove(folder)
            if installed is not None:
                self._progress(f"not installed; {installed.slug} {installed.current} stays the current version")
            raise
        places.mark_used(folder)
        appdata.forget(self._home, app.appid)
        waiting = places.sweep(self._home, self._store, app.appid)
        return Installation(
            after,
            after.version(record.version),
            None if installed is None else installed.current,
            _outcome(installed, before, same, bool(repaired) or not existed or ready.built),
            ready,
            tuple(repaired),
            tuple(changes),
            tuple(data),
            tuple(waiting),
            fetched.selection,
        )

    def _require_update(self, app: App, installed: InstalledApp | None) -> None:
        """Refuse a bundle that may not take the place of the installed version."""
        if app.kind == "enrichment" and installed is None:
            for warning in updating.near_names(app, self._store.apps.list()):
                self._progress(f"warning: {warning}")
        elif app.kind == "enrichment" and installed is not None:
            record = installed.version()
            if os.path.isfile(os.path.join(record.folder, record.manifest)):  # else this repairs it
                updating.require_update(app, _load(record), installed.slug)

    def _tell_warnings(self, warnings: int) -> None:
        if warnings:
            counted = "1 warning" if warnings == 1 else f"{warnings} warnings"
            self._progress(f"{counted} about the bundle; soarkit validate tells")

    def _activate(
        self, app: App, record: InstalledVersion, installed: InstalledApp | None, before: InstalledVersion | None
    ) -> tuple[InstalledApp, list[AssetChange]]:
        """Tell the store, unless it knows all of it already."""
        if installed is not None and before is not None and installed.current == record.version:
            same = replace(record, source=before.source, installed_at=before.installed_at) == before
            if same:
                return installed, []
        if before is not None and before.folder != record.folder:
            # Before the store changes: nobody might come to do it afterwards.
            places.mark_unused(os.path.dirname(before.folder))
        return self._store.apps.activate(app.raw, record)

    def _folder(self, app: App, installed: InstalledApp | None, digest: str) -> str:
        slug = self._store.apps.slug_for(app.raw) if installed is None else installed.slug
        return places.version_folder(self._home, slug, app.app_version, digest)

    def _make_ready(self, app: App, python: str | None, index_fallback: bool) -> Ready:
        is_bundle = app.kind == "enrichment"
        if not is_bundle:
            smoke.refuse_python2(app)
        started = time.time()
        environment = self._build_environment(
            app, python=python, index_fallback=index_fallback, progress=self._progress
        )
        seconds = time.time() - started
        self._progress("compiling the bundle's scripts" if is_bundle else "importing the app's main module")
        log_path = homefiles.log_path(self._home, f"install-{slug_of(app.name)}-{int(started)}-{os.getpid()}")
        took = self._import_app(app, environment.python, log_path=log_path)
        return Ready(environment, environment.built, seconds, took)

    def _bring_data(self, installed: InstalledApp | None, app: App) -> list[str]:
        """Copy the app's own data from the version that is current, or from where it was kept."""
        if installed is None:
            return appdata.restore(app.folder, self._home, app.appid)
        current = installed.version(installed.current).folder
        return [] if current == app.folder else appdata.carry_over(current, app.folder)

    def _knows(self, folder: str) -> bool:
        """Whether the store has a version in this folder, or cannot say: then it stays, marked as unused."""
        try:
            return any(os.path.dirname(one.folder) == folder for app in self._store.apps.list() for one in app.versions)
        except SoarkitError:
            return True


def _outside(where: str | None, area: str, source: str) -> str | None:
    """A place in the folder that an app was unpacked to, as a place in what it came from."""
    if where is None or not where.startswith(area):
        return where
    inside = where[len(area) :].split(os.sep, 2)[2:]  # behind the folder that is ours
    return f"{source}{'' if os.path.isdir(source) else '!'}/{inside[0]}" if inside else source


def _load(record: InstalledVersion) -> App:
    if not os.path.isfile(os.path.join(record.folder, record.manifest)):
        raise RequestError(
            "the files of this version are gone",
            where=record.folder,
            hint=f"install it again: {sources.again(record.source)}",
        )
    return load(os.path.join(record.folder, record.manifest))


def _version_of(installed: InstalledApp | None, version: str) -> InstalledVersion | None:
    versions = () if installed is None else installed.versions
    return next((one for one in versions if one.version == version), None)


def _outcome(
    installed: InstalledApp | None, before: InstalledVersion | None, same: InstalledVersion | None, repaired: bool
) -> str:
    if installed is None or before is None:
        return "installed"
    if same is None:
        return "replaced"
    if repaired:
        return "repaired"
    return "unchanged" if installed.current == before.version else "installed"


def _absolute(python: str | None) -> str | None:
    """A path as it can be found from anywhere; a version as it is."""
    if python is None or os.sep not in python:
        return python
    return os.path.abspath(os.path.expanduser(python))
