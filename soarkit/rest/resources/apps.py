"""Installed apps and their actions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from soarkit import homefiles
from soarkit.rest.call import Call, answer
from soarkit.rest.conditions import within
from soarkit.rest.fields import Field, Kind, keys
from soarkit.rest.query import Query
from soarkit.rest.resource import Part, Record, Records
from soarkit.runtime.action_json import directory_name

if TYPE_CHECKING:
    from soarkit.store.opened import Store
    from soarkit.store.records import InstalledApp

#: Numbers of an app's actions begin behind the app's own number, that many times.
_ACTIONS = 1000


class Apps(Records):
    """``app``."""

    name = "app"
    fields = (
        *keys(Kind.NUMBER, "id"),
        *keys(Kind.TEXT, "name appid app_version product_name product_vendor publisher description directory type"),
        *keys(Kind.TEXT, "category install_status python_version main_module min_phantom_version"),
        *keys(Kind.TRUTH, "disabled draft_mode immutable"),
        *keys(Kind.JSON, "configuration"),
    )

    def parts(self) -> Mapping[str, Part]:
        """See :meth:`Resource.parts`."""
        return {"actions": self._actions}

    def all(self, store: Store) -> Iterable[Record]:
        """See :meth:`Records.all`."""
        return [_app(app, manifest) for app, manifest in installed(store)]

    def decorate(self, call: Call, rows: Sequence[Any], records: list[Record], query: Query) -> None:
        """See :meth:`Resource.decorate`."""
        if not query.pretty:
            return
        assets = [one.app for one in call.store.assets.list()]
        slugs = {app.id: (app.slug, manifest) for app, manifest in installed(call.store)}
        for row, record in zip(rows, records, strict=True):
            slug, manifest = slugs.get(row["id"], ("", {}))
            record["_pretty_asset_count"] = assets.count(slug)
            actions = manifest.get("actions") or []
            record["_pretty_actions"] = [
                {"name": one.get("action", ""), "description": one.get("description", "")}
                for one in actions
                if isinstance(one, dict)
            ]

    def _actions(self, call: Call, row: Record) -> HttpResponse:
        there = self._find("app_action")
        return there.index(call, within(Field("app", Kind.NUMBER), [row["id"]]))


class AppActions(Records):
    """``app_action``."""

    name = "app_action"
    fields = (
        *keys(Kind.NUMBER, "id"),
        *keys(Kind.TEXT, "action name"),
        Field("app", Kind.NUMBER, relation="app"),
        *keys(Kind.TEXT, "identifier type description verbose versions"),
        *keys(Kind.TRUTH, "read_only"),
        *keys(Kind.JSON, "parameters output"),
    )

    def all(self, store: Store) -> Iterable[Record]:
        """See :meth:`Records.all`."""
        return [action for app, manifest in installed(store) for action in _actions(app, manifest)]

    def decorate(self, call: Call, rows: Sequence[Any], records: list[Record], query: Query) -> None:
        """See :meth:`Resource.decorate`."""
        if query.pretty:
            names = {app.id: app.name for app in call.store.apps.list()}
            for record in records:
                record["_pretty_app"] = names.get(record["app"], "")


def build_action(call: Call) -> HttpResponse:
    """All that a form for running an action needs, in one answer."""
    apps = list(installed(call.store))
    numbers = {app.slug: app.id for app, _ in apps}
    assets = []
    for asset in call.store.assets.list():
        of_product = [
            app.id
            for app, _ in apps
            if (app.product_vendor.lower(), app.product_name.lower())
            == (asset.product_vendor.lower(), asset.product_name.lower())
        ]
        bound = of_product if asset.app is None else [numbers[asset.app]] if asset.app in numbers else []
        assets.append({"id": asset.id, "name": asset.name, "apps": bound})
    return answer(
        {
            "apps": [{"id": app.id, "name": app.name, "product_name": app.product_name} for app, _ in apps],
            "actions": [action for app, manifest in apps for action in _actions(app, manifest)],
            "assets": assets,
        }
    )


def installed(store: Store) -> Iterable[tuple[InstalledApp, Mapping[str, Any]]]:
    """The installed apps with the app JSON of their current version; an empty one where its folder is gone."""
    for app in store.apps.list():
        version = app.version()
        yield app, homefiles.read_json(os.path.join(version.folder, version.manifest))


def _app(app: InstalledApp, manifest: Mapping[str, Any]) -> Record:
    return {
        "id": app.id,
        "name": app.name,
        "appid": app.appid,
        "app_version": app.current,
        "product_name": app.product_name,
        "product_vendor": app.product_vendor,
        "publisher": app.publisher,
        "description": app.description,
        "directory": directory_name(app.name, app.appid),
        "type": str(manifest.get("type") or ""),
        "category": str(manifest.get("type") or ""),
        "main_module": str(manifest.get("main_module") or ""),
        "min_phantom_version": str(manifest.get("min_phantom_version") or ""),
        "disabled": False,
        "draft_mode": False,
        "immutable": True,
        "install_status": "installed",
        "python_version": str(manifest.get("python_version") or "3"),
        "configuration": manifest.get("configuration") or {},
    }


def _actions(app: InstalledApp, manifest: Mapping[str, Any]) -> Iterable[Record]:
    actions = manifest.get("actions")
    for number, action in enumerate(actions if isinstance(actions, list) else [], start=1):
        if isinstance(action, dict):
            known = {name: str(action.get(name) or "") for name in ("identifier", "type", "description", "verbose")}
            yield {
                "id": app.id * _ACTIONS + number,
                "action": str(action.get("action") or ""),
                "name": str(action.get("action") or ""),
                "app": app.id,
                **known,
                "versions": str(action.get("versions") or "EQ(*)"),
                "read_only": action.get("read_only") is True,
                "parameters": action.get("parameters") or {},
                "output": action.get("output") or [],
            }
