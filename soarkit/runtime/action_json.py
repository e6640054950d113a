"""The action JSON: what every app's ``_handle_action`` takes (connector API 2.4)."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

from soarkit.manifest.model import Action, App
from soarkit.runtime.asset import Asset


def build(
    app: App, action: Action, asset: Asset, parameters: Sequence[Mapping[str, Any]], given: Mapping[str, Any]
) -> dict[str, Any]:
    """The action JSON of a run.

    :param parameters: one dictionary per ``handle_action`` call
    :param given: keys of a hand-written action JSON; they win over what is made up here
    """
    asset_id = asset.effective_id(app)
    # Whole milliseconds: apps want an integer, put it into file names and expect it to grow.
    run_id = int(time.time() * 1000)
    platform_keys = {
        "appname": "-",
        "directory": directory_name(app.name, app.appid),
        "main_module": app.main_module,
        "app_version": app.app_version,
        # Apps that poll subscript it in other actions too.
        "ingest": {"container_label": "incident", "interval_mins": "", "poll": False},
    }
    return {
        "container_id": 0,
        "app_config": None,
        "action_run_id": run_id,
        "connector_run_id": run_id,
        "debug_level": 3,
        "dec_key": asset_id,
        "environment_variables": {},
        "user_session_token": "",
        **given,
        "action": action.name,
        "identifier": action.identifier,
        "asset_id": asset_id,
        "config": {**platform_keys, **asset.configuration},
        "parameters": [dict(one) for one in parameters],
    }


def directory_name(name: str, appid: str) -> str:
    """The platform's name for an app's install directory, also the first part of its REST paths (connector API 8.1)."""
    return f"{re.sub(r'[^a-z0-9]', '', name.lower()) or 'app_for_phantom'}_{appid}"
