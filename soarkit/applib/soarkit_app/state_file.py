"""An app's state file: one for each asset, plain JSON, written whole or not at all (connector API, section 6)."""

from __future__ import annotations

import json
import os

from soarkit_app import jsonsafe, paths, session, whole_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional


def folder(app_id: str) -> str:
    """The folder of an app's state files, created when absent. Ends in ``/``: apps append names to it."""
    path = os.path.join(paths.app_states(), paths.safe_name(app_id or "unknown"))
    try:
        paths.make_folder(path)
    except OSError as error:
        session.log("error", f"the folder for state files {path} cannot be created: {error}")
    return path + "/"


def path(app_id: str, asset_id: str) -> str:
    """The state file of one asset."""
    return f"{folder(app_id)}{paths.safe_name(asset_id)}_state.json"


def load(app_id: str, asset_id: str, app_version: str) -> Optional[Dict[str, Any]]:
    """Read the state; a missing file is created with just the app's version. None when it cannot be read."""
    file_path = path(app_id, asset_id)
    try:
        with open(file_path, encoding="utf-8") as file:
            state = json.load(file)
    except FileNotFoundError:
        state = {"app_version": app_version}
        save(state, app_id, asset_id, app_version)
        return state
    except (OSError, ValueError, RecursionError) as error:
        session.log("error", f"the state file {file_path} cannot be read: {error}")
        return None
    if not isinstance(state, dict):
        session.log("error", f"the state file {file_path} does not hold an object")
        return None
    return state


def save(state: Dict[str, Any], app_id: str, asset_id: str, app_version: str) -> bool:
    """Write the state and the app's version; the caller's dict is left alone. :return: whether it is on disk"""
    file_path = path(app_id, asset_id)
    text = jsonsafe.dumps({**state, "app_version": app_version})
    try:
        # Polls, actions and handlers of one asset run at once; the last writer wins.
        whole_file.write(file_path, text.encode("utf-8"))
    except OSError as error:
        session.log("error", f"the state file {file_path} cannot be written: {error}")
        return False
    return True
