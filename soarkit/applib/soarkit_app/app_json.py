"""The app's own JSON: finding it, reading it, and the action's part of it (connector API 2.5, steps 2 and 3)."""

from __future__ import annotations

import json
import os
import sys

from soarkit_app.messages import named
from soarkit_app.refusal import RunRefused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional


def class_file(cls: type) -> str:
    """The absolute path of the file that defines a class; "" when it was defined nowhere (a shell, ``exec``)."""
    module = sys.modules.get(cls.__module__)
    path = getattr(module, "__file__", None)
    return os.path.abspath(path) if isinstance(path, str) else ""


def load(cls: type, folder: str, manifest_path: Optional[str], identifier: Optional[str] = None) -> Dict[str, Any]:
    """Read the app JSON of a connector class.

    :param folder: where to look for it
    :param manifest_path: the file, when the caller knows it
    :param identifier: the action wanted, which decides between two app JSONs with one main module
    :raises RunRefused: there is none, more than one, or it cannot be read
    """
    if manifest_path is not None:
        return _read(manifest_path)
    module_file = class_file(cls)
    found = _candidates(folder, _stem(os.path.basename(module_file)))
    if len(found) > 1 and identifier is not None:
        found = {path: app for path, app in found.items() if len(_actions(app, identifier)) == 1} or found
    if len(found) == 1:
        return next(iter(found.values()))
    name = os.path.basename(module_file) or cls.__name__
    if not found:
        raise RunRefused(f"no app JSON in {folder or os.getcwd()} has an appid and the main_module {name}")
    files = named(sorted(os.path.basename(path) for path in found))
    raise RunRefused(f"more than one app JSON in {folder} has the main_module {name}: {files}")


def _candidates(folder: str, stem: str) -> Dict[str, Dict[str, Any]]:
    found = {}
    try:
        names = sorted(os.listdir(folder or "."))
    except OSError:  # the caller names the folder: no app JSON was found in it
        names = []
    for name in names:
        if not name.endswith(".json"):
            continue
        path = os.path.join(folder, name)
        try:
            app = _read(path)
        except RunRefused:
            continue  # some other JSON file of the app's
        main_module = app.get("main_module")
        # "src.app:app" is an SDK app's; its connector class lies in the SDK.
        if app.get("appid") and isinstance(main_module, str) and (":" in main_module or _stem(main_module) == stem):
            found[path] = app
    return found


def _stem(main_module: str) -> str:
    """``x_connector`` for ``x_connector.py`` and ``x_connector.pyc``; one of seven published apps names the latter."""
    return os.path.splitext(os.path.basename(main_module))[0]


def _read(path: str) -> Dict[str, Any]:
    try:
        with open(path, encoding="utf-8-sig") as file:
            app = json.load(file)
    except OSError as error:
        raise RunRefused(f"the app JSON {path} cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise RunRefused(f"the app JSON {path} is not valid JSON: {error}") from error
    if not isinstance(app, dict):
        raise RunRefused(f"the app JSON {path} is not an object")
    return app


def find_action(app: Dict[str, Any], identifier: str) -> Dict[str, Any]:
    """The one action with this identifier. :raises RunRefused: there is none, or there are several"""
    found = _actions(app, identifier)
    if len(found) == 1:
        return found[0]
    if found:
        raise RunRefused(f"the app JSON has {len(found)} actions with the identifier '{identifier}'")
    known = sorted(str(action.get("identifier")) for action in _all_actions(app))
    raise RunRefused(f"the app has no action with the identifier '{identifier}'; it has {named(known) or 'none'}")


def _actions(app: Dict[str, Any], identifier: str) -> List[Dict[str, Any]]:
    return [action for action in _all_actions(app) if action.get("identifier") == identifier]


def _all_actions(app: Dict[str, Any]) -> List[Dict[str, Any]]:
    actions = app.get("actions")
    return [action for action in actions if isinstance(action, dict)] if isinstance(actions, list) else []
