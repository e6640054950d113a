"""Installs test apps the short way: straight into the store, without building anything."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from conftest import APPS

from soarkit.store import open_store
from soarkit.store.records import InstalledApp, InstalledVersion


def install(home: Path, app: str, /, *, environment: str | None = None, **changes: Any) -> InstalledApp:
    """Install a copy of a test app and make it current.

    :param app: the test app's folder
    :param environment: folder of its environment; None: none was built
    :param changes: keys of its JSON that are to be others; a function changes the one that is there
    """
    assert "/" not in app, "the name of a test app, not its path: what is copied over is removed first"
    manifest = json.loads((APPS / app / "app.json").read_text())
    for key, change in changes.items():
        manifest[key] = change(manifest[key]) if callable(change) else change
    folder = home / "apps" / manifest["name"] / f"{manifest['app_version']}-0123456789ab" / app
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(APPS / app, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "app.json").write_text(json.dumps(manifest))
    version = InstalledVersion(
        version=manifest["app_version"],
        folder=str(folder),
        manifest="app.json",
        digest="0" * 64,
        source=str(APPS / app),
        python=None,
        index_fallback=True,
        environment=environment,
        installed_at="2024-01-01T00:00:00+00:00",
    )
    with open_store(str(home)) as store:
        return store.apps.activate(manifest, version)[0]
