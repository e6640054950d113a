"""Uninstalling: the store forgets first, then the files go; what the app has written itself is kept unless asked."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soarkit.errors import RequestError
from soarkit.packages import appdata, places
from soarkit.store.records import InstalledApp

if TYPE_CHECKING:
    from soarkit.store.opened import Store


@dataclass(frozen=True)
class Removal:
    """What was removed.

    :ivar app: the app as it was
    :ivar version: the one version that was removed; None: all of it
    :ivar assets: names of its assets, which are gone after a purge and wait for the app otherwise
    :ivar kept: paths of the app's own files that are kept for the next installation
    :ivar waiting: folders that are removed later, since an action runs in them
    """

    app: InstalledApp
    version: str | None
    assets: tuple[str, ...]
    kept: tuple[str, ...]
    waiting: tuple[str, ...]


def uninstall(
    home: str,
    store: Store,
    name: str,
    *,
    version: str | None = None,
    purge: bool = False,
    progress: Callable[[str], None],
) -> Removal:
    """Remove an installed app, or one version of it.

    :param name: slug or appid
    :param version: remove this version alone, which must not be the current one
    :param purge: remove the app's assets and its own files too
    :raises RequestError: there is no such app or version, or it is current
    """
    appid = store.apps.find(name).appid
    with places.changing(home, appid, progress):
        app = store.apps.find(appid)
        if version is not None and purge:
            raise RequestError("assets and data belong to the whole app", where="--purge", hint="leave the version out")
        going = app.versions if version is None else (app.version(version),)
        kept: list[str] = []
        assets = [] if version is not None else store.assets.list(app.slug)
        if version is None and not purge:
            kept = appdata.keep(app.version(app.current).folder, home, appid)
        elif version is not None and version == app.current:
            store.apps.remove(app.slug, version=version)  # which says why not
        for one in going:  # before the store changes: nobody might come to do it afterwards
            if os.path.isdir(os.path.dirname(one.folder)):
                places.mark_unused(os.path.dirname(one.folder))
        store.apps.remove(app.slug, version=version, purge=purge)
        if purge:
            appdata.forget(home, appid)
            appdata.forget_state(home, appid)
            for asset in assets:  # other apps for the product may have used it too
                appdata.forget_asset(home, asset.id)
        waiting = places.sweep(home, store, appid)
        return Removal(app, version, tuple(one.name for one in assets), tuple(kept), tuple(waiting))
