"""The composition root: puts paths, environments and the runtime together. No logic of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType

from soarkit.errors import ManifestError, UsageError
from soarkit.execute.executor import Executor, ProcessExecutor
from soarkit.execute.process import AppProcess
from soarkit.manifest.loader import load
from soarkit.manifest.model import App
from soarkit.packages import is_tarball
from soarkit.paths import APPLIB_EXTRAS, default_home, private_folder

#: The Splunk SOAR version whose API the app-side library covers; apps ask for it.
PLATFORM_VERSION = "7.0.0"
#: What apps are told the platform's address is; nothing listens there yet. The SDK's own placeholder.
BASE_URL = "https://localhost:9999/"


class Host:
    """One soarkit installation as seen from one home folder.

    :param home: SOARKIT_HOME; default: that variable, else ``~/.soarkit``
    :param python: use this interpreter as it is, instead of an environment built for the app
    :param started: an app process started ahead of time
    """

    def __init__(
        self, home: str | None = None, *, python: str | None = None, started: AppProcess | None = None
    ) -> None:
        if sys.platform == "win32":
            raise UsageError("soarkit does not run on Windows itself", hint="use it inside WSL 2")
        self.home = os.path.abspath(home or default_home())
        self._python = python
        self.executor: Executor = ProcessExecutor(started)

    def open_app(self, path: str) -> App:
        """The app at a path: its JSON file, its folder, or its tarball (unpacked into the home once).

        :raises ManifestError: there is no app there, or its JSON is broken
        :raises ArchiveError: the tarball is damaged or hostile
        """
        if is_tarball(path):
            from soarkit.packages.archive import cached_unpack

            path = cached_unpack(path, self.home)
        return load(path)

    @property
    def app_home(self) -> str:
        """What apps know as PHANTOM_HOME."""
        return os.path.join(self.home, "phantom")

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
    def base_url(self) -> str:
        """The platform's own address, ending in a slash."""
        return BASE_URL

    @property
    def product_version(self) -> str:
        """The platform version that apps are told."""
        return PLATFORM_VERSION

    def python_for(self, app: App, note: Callable[[str], None]) -> str:
        """The interpreter of the app's environment, built first when need be.

        :raises BuildError: it cannot be built
        """
        private_folder(self.home)
        if self._python is not None:
            from soarkit.environments import external

            return external(self._python, self.home).python
        from soarkit.environments import known

        python = known(app.raw, app.folder, self.home)
        if python is not None:
            return python
        from soarkit.environments import ensure

        try:
            return ensure(app.raw, app.folder, self.home, progress=note).python
        except ManifestError as error:
            error.where = error.where or app.manifest_path
            raise

    def recorder_for(self, python: str, note: Callable[[str], None]) -> str:
        """The folder with the recording library for that interpreter, filled first when need be."""
        from soarkit.environments import recorder_folder

        return recorder_folder(python, self.home, note)

    def answers(self) -> Mapping[str, Callable[..., object]]:
        """What an app may ask its host for, by name."""
        return {"encrypt": self._encrypt, "decrypt": self._decrypt}

    def _encrypt(self, text: str, salt: str) -> str:
        encrypted: str = _encryption().encrypt(text, salt, self.home)
        return encrypted

    def _decrypt(self, text: str, salt: str) -> str:
        decrypted: str = _encryption().decrypt(text, salt, self.home)
        return decrypted


def _encryption() -> ModuleType:
    # Shared with apps run by hand, which is why it lives beside the app-side library and is found by its path.
    if APPLIB_EXTRAS not in sys.path:
        sys.path.append(APPLIB_EXTRAS)
    return import_module("soarkit_encryption")
