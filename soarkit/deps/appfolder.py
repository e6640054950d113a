"""An app's folder whose dependencies are worked on, and the interpreters that this is done for."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from soarkit.environments import dependencies, interpreters
from soarkit.environments.dependencies import Choice
from soarkit.environments.interpreters import Interpreter
from soarkit.errors import BuildError, UsageError, typed
from soarkit.manifest.keys import REQUIRES_PYTHON
from soarkit.manifest.sdk_project import is_project
from soarkit.manifest.source import is_metadata, locate, read_json

_MINOR = re.compile(r"3\.(\d+)")


@dataclass(frozen=True)
class AppFolder:
    """An app as the commands about dependencies see it: nothing but its lists has to be sound.

    :ivar folder: the folder that holds the app JSON
    :ivar manifest_path: the app JSON
    :ivar manifest: what that holds
    """

    folder: str
    manifest_path: str
    manifest: dict[str, Any]

    def choice(self, interpreter: Interpreter) -> Choice:
        """The list that applies on an interpreter, and what is in it."""
        return dependencies.choose(self.manifest, self.folder, [interpreter], forced=True)


def open_folder(path: str) -> AppFolder:
    """The app in a folder, or whose JSON file is named.

    :raises UsageError: the path is a tarball, an SDK app whose dependencies uv keeps, or an enrichment bundle
    :raises ManifestError: there is no app, or its JSON cannot be read
    """
    if os.path.isfile(path) and not path.endswith(".json"):
        raise UsageError(
            "an app's folder is needed, this is a file",
            where=path,
            hint="Unpack a tarball first, then name its folder.",
        )
    if is_project(path):
        raise _kept_by_uv(path)
    source = locate(path)
    manifest = read_json(source.manifest_path)
    if is_metadata(manifest):
        raise UsageError(
            "this is an enrichment bundle, which cannot have dependencies of its own",
            where=path,
            hint="Its scripts have the standard library, requests, python-dateutil and xmljson; other modules lie in "
            "source/ beside them.",
        )
    if REQUIRES_PYTHON in manifest:
        raise _kept_by_uv(source.folder)
    return AppFolder(source.folder, source.manifest_path, manifest)


def _kept_by_uv(folder: str) -> UsageError:
    return UsageError(
        "this app is built with the SOAR SDK: its environment holds what its uv.lock pins, and uv keeps that file",
        where=folder,
        hint=f"In the app's source folder, uv lock --check compares it with pyproject.toml, uv lock --upgrade renews "
        f"it, and uv add NAME adds to it; for wheels inside a package: soarkit package {typed(folder)}",
    )


def list_key(version: tuple[int, int]) -> str:
    """The name of a Python version's own list in an app JSON: ``pip313_dependencies``."""
    return f"pip{version[0]}{version[1]}_dependencies"


def wanted_interpreters(
    app: AppFolder, pythons: Sequence[str], home: str, *, installed: bool = True
) -> list[Interpreter]:
    """The interpreters to work for, each Python version once.

    :param pythons: what a person asked for: versions (``3.11``, ``3.11.7``) or paths of programs; without any, the
        installed ones that the app has lists of their own for, else the one that it would run on here
    :param home: SOARKIT_HOME
    :param installed: whether they must be there; else one that is not, is given by its version alone, with no path
    :raises UsageError: there is no such interpreter
    :raises ManifestError: the app is for Python 2 alone
    """
    dependencies.refuse_unsupported(app.manifest, app.folder)
    found = interpreters.find(home)
    if pythons:
        wanted = [_named(python, found, home, installed=installed) for python in pythons]
    else:
        wanted = [one for one in found if list_key(one.version) in app.manifest]
        wanted = wanted or [dependencies.choose(app.manifest, app.folder, found).interpreter]
    return sorted({one.version: one for one in reversed(wanted)}.values())


def _named(python: str, found: Sequence[Interpreter], home: str, *, installed: bool) -> Interpreter:
    version = _MINOR.fullmatch(python)
    if version is not None and not installed and (3, int(version[1])) not in {one.version for one in found}:
        return Interpreter((3, int(version[1]), 0), "")
    return interpreters.forced(python, home, found)


def tool_interpreter(home: str) -> Interpreter:
    """Any interpreter that tools can run on, the host's own first.

    :raises BuildError: there is none
    """
    found = interpreters.find(home)
    if not found:
        raise BuildError("no CPython 3.9 or newer was found on this machine", hint="Install one.")
    return found[0]
