"""The action JSON: what every app's ``_handle_action`` takes (connector API 2.4)."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

from soarkit_app import checks

from soarkit.manifest.model import Action, App
from soarkit.runtime.asset import Asset

#: What an asset's ``ingest`` holds where it says nothing else. Apps that poll subscript it in other actions too.
_INGEST = {"container_label": "incident", "interval_mins": "", "poll": False, "start_time_epoch_utc": None}


def build(
    app: App,
    action: Action,
    asset: Asset,
    parameters: Sequence[Mapping[str, Any]],
    given: Mapping[str, Any],
    *,
    shared: Mapping[str, Any] | None = None,
    variables: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The action JSON of a run.

    :param parameters: one dictionary per ``handle_action`` call
    :param given: keys of a hand-written action JSON; they win over what is made up here
    :param shared: environment variables for every app, as an action JSON has them
    :param variables: those of this run; they win over all others
    """
    asset_id = asset.effective_id(app)
    # Whole milliseconds: apps want an integer, put it into file names and expect it to grow.
    run_id = int(time.time() * 1000)
    own = given.get("environment_variables")
    environment = {**(shared or {}), **(own if isinstance(own, dict) else {})}
    return {
        "container_id": 0,
        "app_config": None,
        "action_run_id": run_id,
        "connector_run_id": run_id,
        "debug_level": 3,
        "dec_key": asset_id,
        "user_session_token": "",
        **given,
        "environment_variables": _without(environment, variables or {}),
        "action": action.name,
        "identifier": action.identifier,
        "asset_id": asset_id,
        "config": configuration(app, asset, variables),
        "parameters": [dict(one) for one in parameters],
    }


def configuration(app: App, asset: Asset, variables: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An asset's configuration as apps get it, with what the platform adds.

    The connector library fills defaults in as well; the SDK looks at the configuration before that.

    :param variables: environment variables of this run
    """
    return {
        "appname": "-",
        "directory": directory_name(app.name, app.appid),
        "main_module": app.main_module,
        "app_version": app.app_version,
        **(checks.fill_defaults({}, app.raw["configuration"]) if app.is_sdk_app else {}),
        **_overridden(asset.configuration, variables or {}),
        "ingest": _ingest(asset),
    }


def _ingest(asset: Asset) -> dict[str, Any]:
    configured = asset.configuration.get("ingest")
    return {**_INGEST, **configured} if isinstance(configured, dict) else dict(_INGEST)


def _without(environment: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    names = {name.upper() for name in variables}
    return {name: entry for name, entry in environment.items() if name.upper() not in names}


def _overridden(configuration: Mapping[str, Any], variables: Mapping[str, str]) -> dict[str, Any]:
    """The configuration with the asset's variables as this run gives them: many apps read them there."""
    name = "_reserved_environment_variables"
    entries = configuration.get(name)
    if not variables or not isinstance(entries, dict):
        return dict(configuration)
    given = {one.upper(): value for one, value in variables.items()}
    changed = {
        one: {"type": "string", "value": given[one.upper()]} if one.upper() in given else entry
        for one, entry in entries.items()
    }
    return {**configuration, name: changed}


def directory_name(name: str, appid: str) -> str:
    """The platform's name for an app's install directory, also the first part of its REST paths (connector API 8.1)."""
    return f"{re.sub(r'[^a-z0-9]', '', name.lower()) or 'app_for_phantom'}_{appid}"
