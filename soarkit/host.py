"""The composition root: puts paths, environments, the store and the runtime together. No logic of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from soarkit import paths, trust
from soarkit.answers.platform import BASE_URL, RunPlatform
from soarkit.errors import ManifestError, UsageError
from soarkit.execute.executor import Executor, ProcessExecutor
from soarkit.execute.process import AppProcess
from soarkit.inventory import Inventory
from soarkit.manifest.model import App
from soarkit.paths import default_home, private_folder
from soarkit.runtime.asset import Asset
from soarkit.runtime.platform import Platform, RunContext
from soarkit.settings import base_url, fips, platform_version

if TYPE_CHECKING:
    from soarkit.packages.install import Installer
    from soarkit.rest.caller import Handlers
    from soarkit.rest.listening import Listening
    from soarkit.runtime.keeping import OpenRecord
    from soarkit.runtime.run import Observer, PreparedRun
    from soarkit.store.opened import Store
    from soarkit.store.records import StoredAsset


class Host:
    """One soarkit installation as seen from one home folder.

    :param home: SOARKIT_HOME; default: that variable, else ``~/.soarkit``
    :param python: use this interpreter as it is, instead of an environment built for the app
    :param started: an app process started ahead of time
    :param note: told what a person should know, such as which app was chosen
    :param quick: nothing may be built or made, whatever is asked for: while somebody types
    :ivar inventory: what is installed and configured
    """

    def __init__(
        self,
        home: str | None = None,
        *,
        python: str | None = None,
        started: AppProcess | None = None,
        note: Callable[[str], None] = lambda text: None,
        quick: bool = False,
    ) -> None:
        if sys.platform == "win32":
            raise UsageError("soarkit does not run on Windows itself", hint="use it inside WSL 2")
        self.home = os.path.abspath(home or default_home())
        self._python = python
        #: The address that people and providers reach this installation by: that of a server in front of it, or of
        #: what :meth:`listen` has started.
        self.public_url = base_url()
        self.executor: Executor = ProcessExecutor(started)
        self.inventory = Inventory(self.home, note, self._open_project)
        self._note = note
        self._quick = quick

    def open_app(self, name: str) -> App:
        """The app that a name stands for: slug, ``slug@version``, appid, or the path of a JSON file, folder or tarball.

        :raises RequestError: there is no such app, or no such version of it
        :raises ManifestError: its JSON is broken
        :raises ArchiveError: the tarball is damaged or hostile
        """
        return self.inventory.open_app(name)

    def _open_project(self, folder: str) -> App:
        from soarkit.packages.sdk_manifest import open_project

        def python(declaration: dict[str, Any], place: str) -> str:
            return self._environment_python(declaration, place, {}, self._note)

        return open_project(folder, self.home, python=python, named=self._python, make=not self._quick)

    def open_store(self) -> Store:
        """The store, opened: slow, and for everything but runs."""
        from soarkit.store import open_store

        private_folder(self.home)
        return open_store(self.home, note=self._note)

    def installer(self, store: Store) -> Installer:
        """What installs apps into this home, and switches between their versions."""
        from soarkit.environments import ensure
        from soarkit.environments.known import Environment
        from soarkit.packages import smoke
        from soarkit.packages.install import Installer

        def build(
            app: App, *, python: str | None, index_fallback: bool, progress: Callable[[str], None]
        ) -> Environment:
            wishes: dict[str, Any] = {"python": python, "index_fallback": index_fallback}
            return ensure(app.raw, app.folder, self.home, progress=progress, **wishes)

        def import_app(app: App, python: str, *, log_path: str) -> float:
            if app.kind == "enrichment":
                return smoke.compile_scripts(app, python, log_path=log_path)
            return smoke.import_app(app, python, self.home, log_path=log_path, base_url=BASE_URL)

        return Installer(
            self.home,
            store,
            build_environment=build,
            import_app=import_app,
            progress=self._note,
            open_project=self._open_project,
        )

    def best_app(
        self, stored: StoredAsset, action: str, given: Mapping[str, Any], product_version: str | None = None
    ) -> App:
        """The installed app that best supports an action on an asset. Says which, where there was a choice.

        :param given: configuration that this run gives beside the asset's own
        :param product_version: wins over the asset's own
        :raises RequestError: no installed app can run it
        """
        version = product_version or stored.product_version
        chosen = self.inventory.best_app(stored, action, version, given)
        for line in self.inventory.explain(chosen, version):
            self._note(line)
        return chosen.app

    def run_asset(
        self, stored: StoredAsset, app: App, given: Mapping[str, Any], product_version: str | None = None
    ) -> Asset:
        """A stored asset as one run of an app gets it.

        :param given: configuration that wins over the stored one for this run
        :param product_version: wins over the asset's own
        :raises RequestError: the asset is for another product
        :raises SurroundingsError: a secret cannot be decrypted
        """
        return Asset(
            configuration={**self.inventory.configuration(stored, app), **given},
            id=str(stored.id),
            name=stored.name,
            product_version=product_version or stored.product_version,
            concurrency_limit=stored.concurrency_limit,
            stored=True,
            secrets=frozenset(stored.secrets),
        )

    def app_in_directory(self, directory: str) -> App | None:
        """The installed app whose REST addresses have this directory; None where there is none.

        :raises ManifestError: its files are gone or broken
        """
        return self.inventory.in_directory(directory)

    def asset_called(self, name: str | None, app: App) -> Asset:
        """The asset that an address names, as one request to an app gets it; where none is stored, just its name.

        :raises SurroundingsError: a secret cannot be decrypted
        """
        known = [] if self.inventory.snapshot is None else self.inventory.snapshot.assets
        stored = next((one for one in known if one.name == name), None)
        return Asset(name=name) if stored is None else self.run_asset(stored, app, {})

    def shared_variables(self) -> dict[str, dict[str, str]]:
        """Environment variables for every app, as an action JSON has them.

        :raises SurroundingsError: they cannot be read, or a secret one not be decrypted
        """
        if not os.path.lexists(os.path.join(self.home, "variables.json")):  # the usual case costs a run next to nothing
            return {}
        from soarkit import variables

        return variables.for_apps(self.home)

    def listen(self, address: str, run: PreparedRun, observer: Observer) -> Listening:
        """Serve an app's REST handler and web hooks while an action of it runs.

        Runs of this host from now on tell the address, and can wait for a web hook.

        :param address: ``[http://|https://]HOST:PORT``
        :param run: the action; its asset is what the requests are about
        :param observer: told of each request
        :raises UsageError: it is no address
        :raises ManifestError: the app has nothing that could be called
        :raises SurroundingsError: the address cannot be had
        """
        from soarkit.rest.listening import Listening

        listening = Listening(
            address,
            run.request.app,
            run.request.asset,
            surroundings=self,
            observer=observer,
            home=self.home,
            redactor=run.redactor,
            shared=run.request.shared,
        )
        self.public_url = self.public_url or listening.url
        self.executor = listening.suspensions.waiting(self.executor)
        return listening

    def keep(self, about: dict[str, Any], note: Callable[[str], None]) -> OpenRecord | None:
        """Begin the record of a run, where the store will find it."""
        from soarkit.store import spool

        installed = self.inventory.installed_at(about["app_path"])
        place = {
            "slug": None if installed is None else installed.app.slug,
            "started": spool.now(),
            "host": os.uname().nodename,
            "pid": os.getpid(),
        }
        private_folder(self.home)
        record = spool.begin(self.home, {**about, **place})
        if record.problem is not None:
            note(record.problem)
        return None if record.key is None else record

    def forget_state(self, asset_id: int) -> int:
        """Remove what apps have kept for an asset.

        :returns: how many state files there were
        """
        from soarkit.packages.appdata import forget_asset

        return forget_asset(self.home, asset_id)

    @property
    def app_home(self) -> str:
        """What apps know as PHANTOM_HOME."""
        return paths.app_home(self.home)

    @property
    def lock_folder(self) -> str:
        """Where lock files are."""
        return os.path.join(self.home, "locks")

    @property
    def log_folder(self) -> str:
        """Where logs of runs are written."""
        return os.path.join(self.home, "logs")

    @property
    def bytecode_folder(self) -> str:
        """Where the byte code of apps' own modules is kept."""
        return os.path.join(self.home, "bytecode")

    @property
    def installation(self) -> dict[str, Any]:
        """What else apps are told of the installation, as the ``run`` message has it."""
        return {
            "seed": os.path.join(self.home, "installation_id"),
            "trusted": trust.files(self.home),
            "fips": fips(),
        }

    @property
    def product_version(self) -> str:
        """The platform version that apps are told."""
        return platform_version()

    def python_for(self, app: App, note: Callable[[str], None]) -> str:
        """The interpreter of the app's environment, built first when need be.

        :raises BuildError: it cannot be built
        """
        installed = self.inventory.installed(app)
        wishes: dict[str, Any] = {}
        if installed is not None:
            wishes = {"python": installed.version.python, "index_fallback": installed.version.index_fallback}
        try:
            return self._environment_python(app.raw, app.folder, wishes, note)
        except ManifestError as error:
            error.where = error.where or app.manifest_path
            raise

    def _environment_python(
        self, manifest: dict[str, Any], folder: str, wishes: dict[str, Any], note: Callable[[str], None]
    ) -> str:
        private_folder(self.home)
        if self._python is not None:
            from soarkit.environments import external

            return external(self._python, self.home).python
        from soarkit.environments import known

        python = known(manifest, folder, self.home, **wishes)
        if python is not None:
            return python
        from soarkit.environments import ensure

        return ensure(manifest, folder, self.home, progress=note, **wishes).python

    def recorder_for(self, python: str, note: Callable[[str], None]) -> str:
        """The folder with the recording library for that interpreter, filled first when need be."""
        from soarkit.environments import recorder_folder

        return recorder_folder(python, self.home, note)

    def platform(self, context: RunContext) -> AbstractContextManager[Platform]:
        """The platform of one run."""

        def handlers() -> Handlers:
            from soarkit.rest.handlers import AppHandlers

            return AppHandlers(self, context)

        # A replay is to leave nothing behind, and a request to one handler leads to no other.
        is_called = context.asset is not None and context.recording is None
        return RunPlatform(self.home, context, public_url=self.public_url, handlers=handlers if is_called else None)
