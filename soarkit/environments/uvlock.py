"""``uv.lock``: the packages of an app's source folder, pinned and hashed by uv for all Pythons and systems at once.

Read here without uv: of its packages those are taken that the app needs on one interpreter of this machine. What comes
out is like any other lock file, so that pip installs from it too. Development groups are left out.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from typing import Any

from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName, default_environment
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from soarkit.environments.interpreters import Interpreter
from soarkit.environments.lockfiles import LockFile
from soarkit.errors import ManifestError, typed
from soarkit.manifest.sdk_project import UV_LOCK, read, read_toml

_FORMAT = 1  # of uv.lock; another one may mean something else

Package = dict[str, Any]


def path_for(app_dir: str) -> str:
    """Where an app's ``uv.lock`` is, if it has one."""
    return os.path.join(app_dir, UV_LOCK)


def read_lock(app_dir: str, interpreter: Interpreter) -> LockFile:
    """What ``uv.lock`` pins for the app on an interpreter.

    :param app_dir: the source folder, or an installed app that was copied from one
    :raises ManifestError: there is none, it is damaged, it is of a newer kind, or it names something without a hash
    """
    path = path_for(app_dir)
    renew = f"Make it anew: uv lock --project {typed(app_dir)}"
    if not os.path.isfile(path):
        raise ManifestError("the app's source folder has no uv.lock", where=path, hint=renew.replace(" anew", ""))
    raw = read_toml(path)
    if raw.get("version") != _FORMAT:
        raise ManifestError(
            f"this uv.lock has format {raw.get('version')}, and soarkit reads format {_FORMAT}",
            where=path,
            hint="Run the app with an environment of your own: uv sync, then --python .venv/bin/python",
        )
    try:
        needed = _Lock(raw, path, interpreter).needed(read(app_dir).name)
        lines = tuple(sorted({_line(package, path) for package in needed}))
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        said = f"{type(error).__name__}: {error}"
        raise ManifestError(f"uv.lock is damaged ({said})", where=path, hint=renew) from None
    return LockFile(path, hashlib.sha256("\n".join(lines).encode()).hexdigest(), lines)


class _Lock:
    """The packages of a ``uv.lock``, and which of them are needed on an interpreter."""

    def __init__(self, raw: dict[str, Any], path: str, interpreter: Interpreter) -> None:
        self._path = path
        self._packages: dict[str, list[Package]] = {}
        for package in raw.get("package", []):
            self._packages.setdefault(canonicalize_name(package["name"]), []).append(package)
        major, minor = interpreter.version
        self._environment: dict[str, str] = {
            **{name: str(value) for name, value in default_environment().items()},
            "python_version": f"{major}.{minor}",
            "python_full_version": interpreter.full_version,
            "implementation_version": interpreter.full_version,
            "extra": "",
        }

    def needed(self, project: str) -> list[Package]:
        """All packages that the project needs, itself left out."""
        root = self._find({"name": project})
        todo: list[tuple[Package, str]] = [(root, "")]
        seen = {(id(root), "")}
        found: dict[int, Package] = {}
        while todo:
            package, extra = todo.pop()
            for dependency in self._dependencies(package, extra):
                wanted = self._find(dependency)
                found[id(wanted)] = wanted
                for one in ("", *dependency.get("extra", ())):
                    if (id(wanted), one) not in seen:
                        seen.add((id(wanted), one))
                        todo.append((wanted, one))
        found.pop(id(root), None)
        return list(found.values())

    def _dependencies(self, package: Package, extra: str) -> Iterator[Package]:
        listed = package.get("optional-dependencies", {}).get(extra, ()) if extra else package.get("dependencies", ())
        return (one for one in listed if self._applies(one.get("marker")))

    def _applies(self, marker: str | None) -> bool:
        try:
            return marker is None or Marker(marker).evaluate(dict[str, Any](self._environment))
        except (InvalidMarker, UndefinedEnvironmentName) as error:
            raise ValueError(str(error)) from None

    def _find(self, dependency: Package) -> Package:
        """The package that is meant; where a lock holds several versions, the dependency says which."""
        candidates = [
            one
            for one in self._packages.get(canonicalize_name(dependency["name"]), [])
            if all(key not in dependency or dependency[key] == one.get(key) for key in ("version", "source"))
            and any(map(self._applies, one.get("resolution-markers") or [None]))
        ]
        if not candidates:
            raise LookupError(f"it has no package {dependency['name']}")
        return candidates[0]


def _line(package: Package, path: str) -> str:
    """A package as a line of a requirements file with hashes."""
    name, source = package["name"], package.get("source", {})
    files = [*package.get("wheels", ()), *([package["sdist"]] if "sdist" in package else [])]
    hashes = sorted({f"--hash={one['hash'].replace('=', ':')}" for one in files if one.get("hash")})
    if "registry" not in source and "url" not in source:
        kind = next(iter(source), "nowhere")
        raise ManifestError(
            f"uv.lock takes {name} from a place that has no hash ({kind}: {source.get(kind)})",
            where=path,
            hint="Take it from a package index, or run the app with an environment of your own: uv sync, then "
            "--python .venv/bin/python",
        )
    if not hashes:
        raise ManifestError(
            f"uv.lock has no hash of {name}", where=path, hint="Lock it with an index that tells hashes: uv lock"
        )
    text = f"{name} @ {source['url']}" if "url" in source else f"{name}=={package['version']}"
    try:
        return f"{Requirement(text)} {' '.join(hashes)}"
    except InvalidRequirement as error:
        raise ValueError(str(error)) from None
