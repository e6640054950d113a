"""Apps made for one test: a folder with a JSON, a connector and whatever else is asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from soarkit.environments.known import Environment
from soarkit.manifest.model import App
from soarkit.packages.building import build
from soarkit.packages.install import Installer
from soarkit.packages.selection import select
from soarkit.packages.smoke import compile_scripts, import_app
from soarkit.store import open_store
from soarkit.store.records import InstalledApp

APPID = "fd4dc1ce-b63c-4d0e-94e6-df0ae680d99c"
CONNECTOR = """\
import phantom.app as phantom
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector

VERSION = {version!r}


class SampleConnector(BaseConnector):
    def handle_action(self, param):
        result = self.add_action_result(ActionResult(dict(param)))
        result.add_data({{"version": VERSION}})
        return result.set_status(phantom.APP_SUCCESS, "fine")
"""


def manifest(version: str = "1.0.0", **changes: Any) -> dict[str, Any]:
    """A sound app JSON, with some keys changed."""
    return {
        "appid": APPID,
        "name": "Sample App",
        "description": "Says which version it is",
        "type": "information",
        "main_module": "sample_connector.py",
        "app_version": version,
        "min_phantom_version": "6.3.0",
        "product_vendor": "Contoso",
        "product_name": "Sample",
        "product_version_regex": ".*",
        "publisher": "Contoso",
        "package_name": "phantom_sample",
        "license": "Apache-2.0",
        "python_version": "3",
        "logo": "logo.svg",
        "configuration": {"server": {"data_type": "string", "description": "Server", "required": False, "order": 0}},
        "actions": [
            {
                "action": "tell version",
                "identifier": "tell_version",
                "description": "Tell it",
                "type": "investigate",
                "read_only": True,
                "parameters": {},
                "output": [{"data_path": "action_result.data.*.version", "data_type": "string"}],
                "versions": "EQ(*)",
            }
        ],
        **changes,
    }


def put_app(
    folder: Path,
    version: str = "1.0.0",
    *,
    files: dict[str, str | bytes] | None = None,
    connector: str = CONNECTOR,
    **changes: Any,
) -> Path:
    """Write an app.

    :param files: further files by path
    :param connector: the main module's text; ``{version!r}`` in it is replaced
    :param changes: keys of its JSON
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sample.json").write_text(json.dumps(manifest(version, **changes), indent=4))
    (folder / "sample_connector.py").write_text(connector.format(version=version))
    (folder / "logo.svg").write_text("<svg/>")
    for path, content in (files or {}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def pack(folder: Path, version: str = "1.0.0", **changes: Any) -> str:
    """The package of a made app."""
    app = put_app(folder, version, **changes)
    return build(select(str(app)), f"{folder}.tgz").path


class Home:
    """A home with a real store and real imports; environments are the interpreter of the tests.

    :ivar said: lines of progress
    :ivar built: name and version of every app that an environment was asked for
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = str(folder)
        folder.mkdir(exist_ok=True)
        self.said: list[str] = []
        self.built: list[str] = []
        self.store = open_store(self.path)
        self.installer = self.new_installer()

    def new_installer(self, **parts: Callable[..., Any]) -> Installer:
        """An installer with some of its parts replaced."""
        given = {"build_environment": self.build, "import_app": self.import_app, **parts}
        return Installer(self.path, self.store, progress=self.said.append, **given)  # type: ignore[arg-type]

    def build(self, app: App, *, python: str | None, index_fallback: bool, progress: object) -> Environment:
        self.built.append(f"{app.app_version} {python} {index_fallback}")
        return Environment(sys.executable, None)

    def import_app(self, app: App, python: str, *, log_path: str) -> float:
        if app.kind == "enrichment":
            return compile_scripts(app, python, log_path=log_path)
        return import_app(app, python, self.path, log_path=log_path, base_url="https://localhost/", time_limit=5)

    def current(self) -> Path:
        """The folder of the only app's current version."""
        (app,) = self.store.apps.list()
        return Path(app.version(app.current).folder)

    def version_folders(self) -> list[str]:
        """What is below ``apps``, kept data and staging included."""
        return sorted(
            str(path.relative_to(self.folder / "apps")) for path in (self.folder / "apps").glob("*/*") if path.is_dir()
        )


def only(place: Home) -> InstalledApp:
    """The one app that is installed."""
    (app,) = place.store.apps.list()
    return app
