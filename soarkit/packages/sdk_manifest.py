"""The app JSON of an SDK app's source folder: made by the SDK's own command, kept in the home until the sources change.

Nothing is written into the source folder. What is kept lies in ``<home>/sdk/<a folder for each source folder>/``, which
can be deleted at any time: the JSON, named by a digest of the sources it was made from, and a memo that tells from the
files' sizes and times whether it is still good, without reading them.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Callable
from typing import Any

from soarkit import homefiles
from soarkit.errors import ManifestError
from soarkit.manifest import sdk_project
from soarkit.manifest.keys import REQUIRES_PYTHON
from soarkit.manifest.loader import build
from soarkit.manifest.model import App
from soarkit.manifest.sdk_project import Project
from soarkit.manifest.source import AppSource, read_json

TIME_LIMIT = 120.0  #: seconds that the SDK may take; it imports the app
_FORMAT = 1  # of what is kept
_MEMO = "memo.json"
_GRACE = 3600.0  # seconds that a JSON stays after another took its place: a run may be about to read it
_LIST = re.compile(r"pip\d*_dependencies")


def open_project(
    folder: str,
    home: str,
    *,
    python: Callable[[dict[str, Any], str], str],
    named: str | None = None,
    make: bool = True,
) -> App:
    """The app of a source folder.

    :param folder: the source folder
    :param home: SOARKIT_HOME
    :param python: gives the interpreter of the app's environment, built first when need be, for the deciding keys of
        its JSON and its folder
    :param named: the interpreter that a person named for the run, since another one may have another SDK
    :param make: whether to make the JSON where it is not known: that runs the app's code, and may take minutes
    :raises ManifestError: the folder is no app, or its JSON is not known
    :raises AppImportError: the SDK cannot make the JSON, as a rule because the app cannot be imported
    :raises BuildError: its environment cannot be built
    """
    folder = os.path.realpath(folder)
    place = _place(home, folder, named)
    path = _known(place, folder)
    if path is None:
        project = sdk_project.read(folder)
        if not make:
            raise ManifestError("the app's JSON has not been made yet", where=project.path, hint="soarkit run makes it")
        path = _make(project, place, home, python(dict(project.declaration), folder))
    return build(read_json(path), AppSource(folder, path))


def open_made(path: str) -> App | None:
    """The app of a source folder by the JSON that was made for it, which lies elsewhere.

    :returns: None where that is no such JSON, or the folder is gone
    :raises ManifestError: the JSON is gone or broken
    """
    memo = homefiles.read_json(os.path.join(os.path.dirname(path), _MEMO))
    folder = memo.get("folder")
    if memo.get("format") != _FORMAT or not isinstance(folder, str) or not os.path.isdir(folder):
        return None
    return build(read_json(path), AppSource(folder, path))


def _place(home: str, folder: str, named: str | None) -> str:
    wish = "" if named is None else os.path.abspath(os.path.expanduser(named))
    return os.path.join(home, "sdk", f"{zlib.crc32(os.fsencode(folder) + bytes(1) + os.fsencode(wish)):08x}")


def _known(place: str, folder: str) -> str | None:
    """The JSON, while the sources look as they did when it was made."""
    memo = homefiles.read_json(os.path.join(place, _MEMO))
    try:
        if memo["format"] != _FORMAT or memo["folder"] != folder or memo["looks"] != _looks(folder, memo["module"]):
            return None
        path = os.path.join(place, memo["manifest"])
        return path if os.path.isfile(path) else None
    except (LookupError, TypeError, ValueError):
        return None


def _looks(folder: str, main_module: str) -> list[list[Any]]:
    return [[path, one.st_size, one.st_mtime_ns] for path, one in sdk_project.sources(folder, main_module)]


def _make(project: Project, place: str, home: str, python: str) -> str:
    """Let the SDK make the JSON, unless the same sources have had one. :returns: its path"""
    looks = _looks(project.folder, project.main_module)  # before they are read: what changes meanwhile is seen later
    path = os.path.join(place, f"{_digest(project, python, looks)}.json")
    if not os.path.isfile(path):
        with homefiles.scratch(home) as scratch:
            raw = _create(project, python, os.path.join(scratch, "manifest.json"), home)
        build(raw, AppSource(project.folder, project.path))  # what nobody can run is not kept
        homefiles.write_bytes(path, json.dumps(raw, indent=1).encode())
    homefiles.write_json(
        os.path.join(place, _MEMO),
        {
            "format": _FORMAT,
            "folder": project.folder,
            "module": project.main_module,
            "looks": looks,
            "manifest": os.path.basename(path),
        },
    )
    _sweep(place, os.path.basename(path))
    return path


def _digest(project: Project, python: str, looks: list[list[Any]]) -> str:
    import hashlib

    digest = hashlib.sha256(json.dumps([_FORMAT, python]).encode())
    for path, *_ in looks:
        digest.update(os.fsencode(path) + bytes(1))
        with open(os.path.join(project.folder, path), "rb") as file:
            content = file.read()
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()[:32]


def _sweep(place: str, current: str) -> None:
    """Remove what nobody will ask for any more: other JSONs of this folder, and those of folders that are gone."""
    import shutil
    import time

    old = time.time() - _GRACE
    for name in homefiles.names(place):
        path = os.path.join(place, name)
        try:
            if name not in (current, _MEMO) and os.stat(path).st_mtime < old:
                os.unlink(path)
        except OSError:  # another process was faster
            pass
    root = os.path.dirname(place)
    for name in homefiles.names(root):
        memo = os.path.join(root, name, _MEMO)
        try:
            if os.stat(memo).st_mtime < old and not os.path.isdir(str(homefiles.read_json(memo).get("folder"))):
                shutil.rmtree(os.path.join(root, name), ignore_errors=True)
        except OSError:
            pass


def _create(project: Project, python: str, target: str, home: str) -> dict[str, Any]:
    """Run the SDK's command. :returns: the app JSON, with what soarkit needs to know in place of the dependencies"""
    from soarkit.packages.sdk_command import run_soarapps

    arguments = ["manifests", "create", target, project.folder]
    run_soarapps(project, arguments, python=python, home=home, purpose="the app's JSON", time_limit=TIME_LIMIT)
    raw = {key: value for key, value in read_json(target).items() if not _LIST.fullmatch(key)}
    return {**raw, REQUIRES_PYTHON: project.requires_python}
