"""Apps built with the SOAR SDK: from ``src.app:app`` to the object in it, and one action on it (connector API 2.10).

The object is called with the text of an action JSON. It decrypts what it has to, and hands the JSON to the
``_handle_action`` of a connector of its own, so that from there on everything is as with any other app.
"""

from __future__ import annotations

import json
import os
import sys

from soarkit_app import lifecycle, session
from soarkit_app.connector_result import ConnectorResult
from soarkit_app.link import LinkClosed
from soarkit_app.loader import LoadError, explain, main_module_file, sdk_module
from soarkit_app.run import Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable, Dict, Optional, Sequence


_SIGN_IN = "_AppClient__login"  # the method of the SDK's client that signs in at the platform
_TOKEN = "soarkit"


def surround(app_dir: str, main_module: str) -> None:
    """Set the process up as the SDK expects it. The app's folder must be first on ``sys.path`` already."""
    folder_name = os.path.basename(os.path.realpath(app_dir))
    finders: Any = sys.meta_path
    finders.insert(0, _UnderFolderName(folder_name, sdk_module(main_module)[0].partition(".")[0]))
    finders.append(_FolderName(folder_name))
    # The SDK imports what an app registers by name with a loader of its own, which would write into the app's folder.
    # Modules that are imported as usual keep their byte code: see AppSourceLoader.
    sys.dont_write_bytecode = True


def load(app_dir: str, main_module: str) -> Callable[[str], object]:
    """Import the app's main module and find the app object in it.

    :param main_module: ``src.app:app`` or ``src/app.py:app``
    :raises LoadError: it is not there, cannot be imported, or is no app object
    """
    name, attribute = sdk_module(main_module)
    path = main_module_file(app_dir, main_module)
    if path is None:
        raise LoadError("the main module does not exist", os.path.join(app_dir, *name.split(".")) + ".py")
    try:
        module = _import(name)
    except BaseException as error:  # sys.exit and the like at import are a failed import as well
        reason = error
        while reason.__cause__ is not None:  # the SDK wraps what modules raise that an app registers by name
            reason = reason.__cause__
        raise explain(reason, path, app_dir, declared="in pyproject.toml (uv add)") from error
    app = getattr(module, attribute, None)
    if app is None:
        raise LoadError(f"the main module has no {attribute!r}", path, f"make it: {attribute} = App(...)")
    if not callable(app):
        kind = type(app).__name__
        raise LoadError(f"{attribute!r} is no app object but {kind}", path, f"make it: {attribute} = App(...)")
    found: Callable[[str], object] = app
    return found


def _import(name: str) -> ModuleType:
    from importlib import import_module

    return import_module(name)


def act(app: Callable[[str], object], action_json: Dict[str, Any]) -> str:
    """Run one action, and return the result JSON, whatever happens.

    :param action_json: as every app's ``_handle_action`` takes it
    """
    try:
        text = app(json.dumps(_signed_in(app, action_json)))
    except LinkClosed:
        raise
    except BaseException as error:  # before the connector's own life cycle began, which lets nothing out
        return lifecycle.failed_result(action_json, "The app could not begin the action", error)
    return lifecycle.checked_result(text, action_json)


def _signed_in(app: object, action_json: Dict[str, Any]) -> Dict[str, Any]:
    """The action JSON with a session of the platform's user, without which the SDK only pretends to save things.

    The SDK signs in at the platform before every action. The address that an app finds under soarkit lets in whoever
    knows it, so that is left out: most actions ask the platform for nothing, and need not wait for it.
    """
    if action_json.get("user_session_token") or action_json.get("soar_auth") or not session.current.runtime:
        return action_json
    _let_in(app)
    return {**action_json, "user_session_token": _TOKEN}


def _let_in(app: object) -> None:
    """Have the SDK's client take itself for signed in. One that is made otherwise than known goes and signs in."""
    client: Any = getattr(app, "soar_client", None)

    def sign_in() -> None:
        client.csrf_token = _TOKEN
        client.client.headers.update({"X-CSRFToken": _TOKEN, "Cookie": f"csrftoken={_TOKEN}"})

    if hasattr(client, _SIGN_IN):
        setattr(client, _SIGN_IN, sign_in)


def begin_webhook(function: Callable[..., Any], asset_id: object, configuration: Dict[str, Any]) -> None:
    """Let the connector of an SDK app know whose state a web hook reads and writes.

    The SDK gives its connector no action JSON before a web hook, and state files are found by the asset in that.

    :param function: what the web hook's name led to; nothing happens where that is no SDK app's
    """
    app = getattr(function, "__self__", None)
    connector = getattr(app, "actions_manager", None)
    begin = getattr(connector, "_soarkit_begin", None)
    if begin is not None:
        run = Run({"asset_id": asset_id, "config": configuration, "parameters": [{}]})
        run.config = configuration
        begin(run, ConnectorResult())
        _let_in(app)


class _UnderFolderName:
    """Finds the app's modules under the name of the app's folder too: ``FOLDER.src.app`` is ``src.app``.

    What an app registers by name (``app.register_action("actions.x:y")``) is imported by the SDK as a module of a
    package that is called like the app's folder, so that its relative imports lead there. They have to lead to the
    modules that are there already: the app object must be the same one.
    """

    def __init__(self, folder_name: str, package: str) -> None:
        from importlib.machinery import ModuleSpec

        self._make_spec = ModuleSpec
        self._name = f"{folder_name}.{package}"
        self._skip = len(folder_name) + 1

    def find_spec(self, fullname: str, path: Optional[Sequence[str]] = None, target: object = None) -> Any:
        """See :meth:`importlib.abc.MetaPathFinder.find_spec`."""
        if fullname != self._name and not fullname.startswith(f"{self._name}."):
            return None
        real = _import(fullname[self._skip :])
        loader: Any = _Alias(real)
        return self._make_spec(fullname, loader, is_package=hasattr(real, "__path__"))


class _FolderName:
    """Finds the package called like the app's folder, which is empty, when nothing else has that name."""

    def __init__(self, folder_name: str) -> None:
        from importlib.machinery import ModuleSpec

        self._make_spec = ModuleSpec
        # A name with dots in it looks like a package inside others.
        parts = folder_name.split(".")
        self._names = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}

    def find_spec(self, fullname: str, path: Optional[Sequence[str]] = None, target: object = None) -> Any:
        """See :meth:`importlib.abc.MetaPathFinder.find_spec`."""
        return self._make_spec(fullname, None, is_package=True) if fullname in self._names else None


class _Alias:
    """Gives a module that was imported under another name."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._spec = module.__spec__

    def create_module(self, spec: object) -> ModuleType:
        """The module as it is."""
        return self._module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing: it was executed under its own name, which stays its name."""
        module.__spec__ = self._spec
