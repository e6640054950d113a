"""Imports what an app is going to import from its environment, while its process waits for the request.

``import requests`` takes longer than all else that happens in a short run. Only modules of the environment are
imported, nothing of the app's folder: no code of the app runs before its input has been checked.
"""

from __future__ import annotations

import os
import re
import sys

from soarkit_app.loader import main_module_file

_IMPORT = re.compile(r"^(?:import|from)[ \t]+([A-Za-z_]\w*(?:\.\w+)*)", re.MULTILINE)


def import_ahead(app_dir: str, main_module: str) -> None:
    """Import the installed modules that the main module names at its top level.

    Not when the app's folder holds anything of the same name as something installed: it would come first in the real
    import, here or further down, and must.
    """
    path = main_module_file(app_dir, main_module)
    if path is None or not path.endswith(".py"):
        return
    with open(path, encoding="utf-8", errors="replace") as file:
        wanted = list(dict.fromkeys(_IMPORT.findall(file.read())))
    installed: set[str] = set()
    for folder in sys.path:
        if os.path.basename(folder) in ("site-packages", "dist-packages"):
            installed |= _top_level_names(folder)
    # Some SDK apps put the folder of their main module first on the path.
    if installed & (_top_level_names(app_dir) | _top_level_names(os.path.dirname(path))):
        return
    for name in wanted:
        if name.partition(".")[0] in installed and name not in sys.modules:
            try:
                __import__(name)
            except BaseException:
                continue


def _top_level_names(folder: str) -> set[str]:
    """Names that an import could find in a folder: modules, extension modules, and folders."""
    names = (name.partition(".") for name in os.listdir(folder))
    return {stem for stem, dot, rest in names if stem != "__pycache__" and (not dot or rest.endswith(("py", "so")))}
