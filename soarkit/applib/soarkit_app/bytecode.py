"""Keeps the byte code of an app's modules out of its folder: that is the author's, and may be under version control.

Only the app's own files are concerned. The modules of its environment keep theirs where they were compiled to.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
    SourcelessFileLoader,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Optional

_folder = ""


class AppSourceLoader(SourceFileLoader):
    """Loads a source file of the app, with its byte code in a folder of ours."""

    def get_code(self, fullname: str) -> Optional[CodeType]:
        # Read at this one moment: what the module imports is loaded later, by its own loader.
        before, sys.pycache_prefix = sys.pycache_prefix, _folder
        try:
            return super().get_code(fullname)
        finally:
            sys.pycache_prefix = before


def keep_in(folder: str, app_dir: str) -> None:
    """From now on, modules below ``app_dir`` have their byte code below ``folder``."""
    global _folder  # noqa: PLW0603 (one process, one app)
    _folder = folder
    find = FileFinder.path_hook(
        (ExtensionFileLoader, EXTENSION_SUFFIXES),
        (AppSourceLoader, SOURCE_SUFFIXES),
        (SourcelessFileLoader, BYTECODE_SUFFIXES),
    )

    def hook(path: str) -> Any:
        if path != app_dir and not path.startswith(app_dir + os.sep):
            raise ImportError(path)
        return find(path)

    sys.path_hooks.insert(0, hook)
