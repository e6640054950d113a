"""Source folders of apps built with the SOAR SDK: ``pyproject.toml`` with ``[tool.soar.app]``, ``uv.lock`` and code.

There is no app JSON in one: the SDK makes it from the code. See :mod:`soarkit.packages.sdk_manifest`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from soarkit_app.loader import sdk_module

from soarkit.errors import ManifestError
from soarkit.manifest.keys import REQUIRES_PYTHON

PYPROJECT = "pyproject.toml"
UV_LOCK = "uv.lock"

_TABLE = re.compile(rb"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*soar[ \t]*\.[ \t]*app[ \t]*\]", re.MULTILINE)
_BYTE_CODE = (".pyc", ".pyo")


@dataclass(frozen=True)
class Project:
    """What ``pyproject.toml`` says of an app.

    :ivar folder: the source folder, as an absolute path
    :ivar name: the project's name
    :ivar version: the app's version
    :ivar main_module: ``src.app:app``
    :ivar requires_python: a version specifier; empty where it says nothing
    :ivar raw: the whole file
    """

    folder: str
    name: str
    version: str
    main_module: str
    requires_python: str
    raw: dict[str, Any]

    @property
    def path(self) -> str:
        """The ``pyproject.toml``."""
        return os.path.join(self.folder, PYPROJECT)

    @property
    def declaration(self) -> dict[str, str]:
        """The keys of the later app JSON that decide about the environment, and the name."""
        return {"name": self.name, "main_module": self.main_module, REQUIRES_PYTHON: self.requires_python}


def is_project(path: str) -> bool:
    """Whether a path is the source folder of an SDK app."""
    try:
        with open(os.path.join(path, PYPROJECT), "rb") as file:
            return _TABLE.search(file.read()) is not None
    except OSError:
        return False


def read_toml(path: str) -> dict[str, Any]:
    """Read a TOML file.

    :raises ManifestError: it cannot be read, or is no TOML
    """
    from importlib import import_module

    toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        with open(path, "rb") as file:
            value: dict[str, Any] = toml.load(file)
            return value
    except OSError as error:
        raise ManifestError(f"cannot read the file: {error.strerror}", where=path) from None
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and TOMLDecodeError are ValueErrors
        raise ManifestError(f"not valid TOML: {error}", where=path) from None


def read(folder: str) -> Project:
    """What a source folder's ``pyproject.toml`` says.

    :raises ManifestError: it cannot be read, or lacks what a run needs
    """
    folder = os.path.abspath(folder)
    path = os.path.join(folder, PYPROJECT)
    raw = read_toml(path)
    project = _table(raw, "project")
    name = project.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ManifestError("[project] has no name", where=path, hint='add name = "..." to [project]')
    main_module = _table(raw, "tool", "soar", "app").get("main_module", "src.app:app")
    if not isinstance(main_module, str) or not all(sdk_module(main_module)):
        raise ManifestError(
            "main_module of [tool.soar.app] does not name module and object",
            where=path,
            hint='write main_module = "src.app:app"',
        )
    requires = project.get("requires-python", "")
    version = project.get("version", "")
    return Project(
        folder=folder,
        name=name,
        version=version if isinstance(version, str) else "",
        main_module=main_module,
        requires_python=requires if isinstance(requires, str) else "",
        raw=raw,
    )


def _table(raw: dict[str, Any], *keys: str) -> dict[str, Any]:
    for key in keys:
        value = raw.get(key)
        raw = value if isinstance(value, dict) else {}
    return raw


def sources(folder: str, main_module: str) -> list[tuple[str, os.stat_result]]:
    """The files that the app JSON is made from, each with what the system knows of it, sorted by path.

    :param main_module: tells which folder the code is in
    :returns: paths relative to the folder; files that are gone are left out
    """
    top, _, inner = sdk_module(main_module)[0].partition(".")
    found = [_status(folder, name) for name in (PYPROJECT, UV_LOCK)]
    if inner:
        found += _walk(folder, top)
    else:  # modules beside pyproject.toml
        found += [_status(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".py")]
    return [one for one in found if one is not None]


def _status(folder: str, path: str) -> tuple[str, os.stat_result] | None:
    try:
        return path, os.stat(os.path.join(folder, path))
    except OSError:
        return None


def _walk(folder: str, inner: str) -> Iterator[tuple[str, os.stat_result] | None]:
    try:
        with os.scandir(os.path.join(folder, inner)) as entries:
            listed = sorted(entries, key=lambda one: one.name)
    except OSError:
        return
    for entry in listed:
        path = f"{inner}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            if entry.name != "__pycache__":
                yield from _walk(folder, path)
        elif not entry.name.endswith(_BYTE_CODE):
            yield _status(folder, path)
