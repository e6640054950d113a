"""From a dotted name in an app JSON to the function it means: REST handlers, web hooks."""

from __future__ import annotations

import os

from soarkit_app.loader import LoadError, explain, import_file, main_module_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple


def find(app_dir: str, name: str, what: str) -> Callable[..., Any]:
    """Import what a name leads to. The app's folder must be first on ``sys.path`` already.

    :param name: ``module.function``; the module may lie in folders, and the function may be an attribute of an object
        in it: ``src.app.app.handle_webhook``
    :param what: what it is for, in messages: "REST handler"
    :raises LoadError: the module is not there, cannot be imported, or has nothing of that name to call
    """
    found = module_of(app_dir, name)
    if found is None:
        raise LoadError(f"the {what} is {name!r}, and there is no such module in the app's folder", app_dir)
    module_name, path, attributes = found
    try:
        value: Any = _import(module_name, path)
    except BaseException as error:  # sys.exit and the like at import are a failed import as well
        raise explain(error, path, app_dir, f"module of the {what}") from error
    for attribute in attributes:
        value = getattr(value, attribute, None)
    if not callable(value):
        raise LoadError(f"the {what} {name!r} names no function", path, f"define {attributes[-1]} in {module_name}")
    function: Callable[..., Any] = value
    return function


def module_of(app_dir: str, name: str) -> Optional[Tuple[str, str, Tuple[str, ...]]]:
    """The module of a name, its file, and the attributes that follow: the longest module that is there counts."""
    parts = tuple(name.split("."))
    if not all(part.isidentifier() for part in parts):
        return None
    for length in range(len(parts) - 1, 0, -1):
        folder = os.path.join(*parts[:length])
        for candidate in (folder + ".py", os.path.join(folder, "__init__.py")):
            path = main_module_file(app_dir, candidate)
            if path is not None:
                return ".".join(parts[:length]), path, parts[length:]
    return None


def _import(name: str, path: str) -> Any:
    if "." in name or path.endswith("__init__.py"):
        from importlib import import_module

        return import_module(name)
    return import_file(name, path)
