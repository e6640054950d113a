"""The snapshot: what a run has to know of apps and assets, in one file, so that it need not open the database.

A change of the database goes: lock, marker, commit, new snapshot, no marker, no lock. A reader that finds the marker
with nobody holding the lock knows that the owner died between commit and snapshot, and goes to the store instead.
"""

from __future__ import annotations

import os
import zlib
from functools import cached_property
from typing import Any

from soarkit import homefiles
from soarkit.store.records import InstalledApp, InstalledVersion, StoredAsset, app_from_json, asset_from_json, to_json

#: Name of the lock held while the database changes (:func:`soarkit.homefiles.locked`).
CHANGE_LOCK = "store-change"
_FORMAT = 2


class Snapshot:
    """Installed apps and assets, as of the last change. Records are made of what is asked for."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._apps: list[dict[str, Any]] = document["apps"]
        self._assets: list[dict[str, Any]] = document["assets"]

    @cached_property
    def apps(self) -> list[InstalledApp]:
        """The installed apps by slug."""
        return [app_from_json(one) for one in self._apps]

    @cached_property
    def assets(self) -> list[StoredAsset]:
        """The assets by name."""
        return [asset_from_json(one) for one in self._assets]

    def app(self, name: str) -> tuple[InstalledApp, InstalledVersion] | None:
        """The app called so (slug, ``slug@version`` or appid) with the version meant; None when it is not installed.

        :raises RequestError: the app is installed, but not in that version
        """
        wanted, _, version = name.partition("@")
        for one in self._apps:
            if wanted in (one["slug"], one["appid"]):
                app = app_from_json(one)
                return app, app.version(version or None)
        return None

    def apps_of(self, vendor: str, product: str) -> list[InstalledApp]:
        """The installed apps for a product."""
        wanted = product_key(vendor, product)
        return [app for app in self.apps if product_key(app.product_vendor, app.product_name) == wanted]

    def asset(self, name_or_id: str | int) -> StoredAsset | None:
        """The asset called so, in whatever case, or with that id."""
        text = str(name_or_id)
        wanted = name_key(text)
        for one in self._assets:
            if str(one["id"]) == text or name_key(one["name"]) == wanted:
                return asset_from_json(one)
        return None


def read(home: str) -> Snapshot | None:
    """The present snapshot; None when there is none to be trusted: open the store, which writes a new one.

    It is not trusted when it is missing or damaged, when it was written for another database, and when a change of
    the database was broken off.

    :param home: soarkit's home folder
    """
    if os.path.exists(marker_path(home)) and not _change_goes_on(home):
        return None
    document = homefiles.read_json(path(home))
    if document.get("format") != _FORMAT or document.get("database") != database_mark():
        return None
    return Snapshot(document) if {"apps", "assets"} <= document.keys() else None


def compose(apps: list[InstalledApp], assets: list[StoredAsset]) -> dict[str, Any]:
    """The snapshot's contents, as :func:`soarkit.homefiles.write_json` takes them."""
    return {
        "format": _FORMAT,
        "database": database_mark(),
        "apps": [to_json(one) for one in sorted(apps, key=lambda app: app.slug)],
        "assets": [to_json(one) for one in sorted(assets, key=lambda asset: name_key(asset.name))],
    }


def path(home: str) -> str:
    """Where the snapshot is."""
    return os.path.join(home, "store", "snapshot.json")


def marker_path(home: str) -> str:
    """The file that is there while the database may be ahead of the snapshot."""
    return os.path.join(home, "store", "changing")


def database_mark() -> int:
    """A checksum that tells databases apart without telling their address."""
    return zlib.crc32(os.environ.get("SOARKIT_DATABASE_URL", "").encode("utf-8", "surrogateescape"))


def name_key(name: str) -> str:
    """What two names that differ in case alone have in common."""
    return name.casefold()


def product_key(vendor: str, product: str) -> tuple[str, str]:
    """What tells products apart."""
    return vendor.strip().casefold(), product.strip().casefold()


def _change_goes_on(home: str) -> bool:
    """Whether the snapshot is right although the marker was seen: its owner lives, or has just finished."""
    lock = os.path.join(home, "locks", f"{CHANGE_LOCK}.lock")
    return homefiles.is_held(lock) or not os.path.exists(marker_path(home))
