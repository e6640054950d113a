"""What an app declares it needs, and the choice of interpreter and list, which are made together.

The guide ("Specifying pip dependencies") has ``pip_dependencies`` and ``pip3_dependencies``; published apps add one
list a Python version (``pip39_dependencies``, ``pip313_dependencies``). Each holds ``pypi``
(``{"module": "name==version"}``) and ``wheel`` (``{"module", "input_file"}``). What the SOAR SDK builds has
``input_file_aarch64`` as well, for ARM machines.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from soarkit_app.loader import LoadError, is_sdk_module, main_module_file, refuse_python2

from soarkit.environments import baseline, lockfiles, removed, sdk_pythons, wheels
from soarkit.environments.interpreters import Interpreter
from soarkit.environments.wheels import Wheel
from soarkit.errors import BuildError, ManifestError
from soarkit.manifest.keys import REQUIRES_PYTHON, SOURCE, is_bundle
from soarkit.manifest.sdk_project import UV_LOCK

_VERSIONED = re.compile(r"pip3(\d+)_dependencies")
_PYTHON2 = re.compile(r"pip2\d*_dependencies")
_UNVERSIONED = ("pip3_dependencies", "pip_dependencies")  # the guide's order


@dataclass(frozen=True)
class Choice:
    """The interpreter an app runs on here and the dependencies it gets there.

    :ivar list_name: the app JSON's key that was chosen, such as ``pip39_dependencies``; ``uv.lock`` for the source
        folder of an SDK app; None when it declares none
    :ivar pypi: requirements as the app writes them
    :ivar wheels: its wheel files, the unusable ones included
    :ivar warnings: what a person should know about the choice
    :ivar kind: which baseline it gets, one of :mod:`.baseline`'s
    """

    interpreter: Interpreter
    list_name: str | None
    pypi: tuple[str, ...]
    wheels: tuple[Wheel, ...]
    warnings: tuple[str, ...]
    kind: str = baseline.CONNECTOR

    @property
    def replaced(self) -> tuple[Wheel, ...]:
        """The wheels that cannot be used, for which the package index is asked."""
        return tuple(one for one in self.wheels if one.problem is not None)


def choose(
    manifest: dict[str, Any], app_dir: str, interpreters: Sequence[Interpreter], *, forced: bool = False
) -> Choice:
    """Choose interpreter and dependency list together.

    In this order: an interpreter that the app has a list of its own for; ``pip3_dependencies``; ``pip_dependencies``;
    the nearest version that the app has a list for, whose wheels are then replaced where they do not fit; no list.
    Among equal choices an interpreter wins that still has what the app imports of the standard library (``imp`` went
    with Python 3.12), then one that the app has a lock file for, then the first one.

    A list without a version of its own says little about the interpreter that it is for. It gets

    - one that ``python_version`` names (``3.9, 3.13``; a mere ``3`` names none), the newest of them;
    - else, where it has wheels, the one that most of them fit, by the tags in their names; among equals the lowest
      version: published apps with such lists were written for Python 3.6 to 3.9, and so was what their wheels hold
      (``collections.MutableMapping``, gone in 3.10), even where the tags fit any Python 3;
    - else, without wheels, the first interpreter: requirements find releases for any version.

    Nor does an app without any list care: it gets the first one, too. ``python_version`` says what an app was tested
    with: besides the above it decides nothing but that an app for Python 2 alone is refused, and that only where its
    code is Python 2 as well.

    Apps built with the SOAR SDK get one of the interpreters that the SDK runs on (:mod:`.sdk_pythons`).

    Enrichment bundles declare nothing, and get their own baseline on the first interpreter that still has what their
    scripts import of the standard library.

    :param manifest: the app JSON
    :param app_dir: the folder that holds it, which wheel files are relative to
    :param interpreters: the host's own first, then newest first, as ``interpreters.find`` gives them
    :param forced: whether a person named the interpreter, so that no other one was to choose from
    :raises ManifestError: the app is for Python 2 alone, or its lists are malformed
    :raises BuildError: there is no interpreter, or none that an SDK app can run on
    """
    refuse_unsupported(manifest, app_dir)
    if not interpreters:
        raise BuildError(
            "no CPython 3.9 or newer was found on this machine", hint="Install one, or name one with --python."
        )
    if is_bundle(manifest):
        modules = removed.imported(os.path.join(app_dir, SOURCE))
        interpreter = min(interpreters, key=lambda one: removed.lacks(one.version, modules))
        return Choice(interpreter, None, (), (), (), baseline.ENRICHMENT)
    if _is_sdk_app(manifest):
        interpreters = sdk_pythons.able(manifest, _versioned(manifest), interpreters, forced=forced)
    if REQUIRES_PYTHON in manifest:
        return Choice(interpreters[0], UV_LOCK, (), (), ())
    ordered = sorted(interpreters, key=lambda one: not lockfiles.exists(app_dir, one.version))
    interpreter, name, warning = _pair(manifest, ordered, app_dir, forced)
    pypi, wheel_files = _read(manifest, name, app_dir, interpreter) if name else ((), ())
    warnings = [warning] if warning else []
    said = _says_python2(manifest)
    if said:
        warnings.append(f"the app says that it is for Python 2 alone ({said[0]}), but its code may do on Python 3")
    pypi, wheel_files, outdated = _without_outdated(pypi, wheel_files, interpreter)
    warnings += outdated
    warnings += [
        f"{one.input_file} {one.problem}: {one.pin} is taken from the package index instead"
        for one in wheel_files
        if one.problem is not None
    ]
    return Choice(interpreter, name, pypi, wheel_files, tuple(warnings))


def refuse_unsupported(manifest: dict[str, Any], app_dir: str) -> None:
    """Refuse what cannot get an environment: apps for Python 2 alone, SDK apps without a list or a lock.

    :raises ManifestError:
    """
    said = _says_python2(manifest)
    if said and not _is_python3(manifest, app_dir):
        raise ManifestError(
            f"this app is for Python 2 alone ({said[0]})",
            where=said[1],
            hint="It needs a version that was ported to Python 3; if this one was, correct its python_version.",
        )
    names = [key for key in manifest if _is_list(key)]
    if _is_sdk_app(manifest) and not names and REQUIRES_PYTHON not in manifest:
        raise ManifestError(
            "this app is built with the SOAR SDK and its app JSON lists no dependencies",
            where="/main_module",
            hint="Name the app's source folder, with pyproject.toml and uv.lock in it, or the app's built package.",
        )


def _says_python2(manifest: dict[str, Any]) -> tuple[str, str] | None:
    """How and where an app JSON says that the app is for Python 2 alone."""
    names = [key for key in manifest if _is_list(key)]
    tested = re.findall(r"\d+(?:\.\d+)*", str(manifest.get("python_version") or ""))
    python3_only = any(key != "pip_dependencies" and not _PYTHON2.fullmatch(key) for key in names)
    if tested and all(one.split(".")[0] == "2" for one in tested) and not python3_only:
        return f"its python_version is {manifest['python_version']!r}", "/python_version"
    if not tested and names and all(_PYTHON2.fullmatch(key) for key in names):
        return f"it has only {names[0]}", f"/{names[0]}"
    return None


def _is_python3(manifest: dict[str, Any], app_dir: str) -> bool:
    """Whether an app's main module is there and Python 3 all the same: apps were ported, and their JSON was not."""
    main_module = str(manifest.get("main_module", ""))
    try:
        refuse_python2(app_dir, main_module)
    except LoadError:
        return False
    return main_module_file(app_dir, main_module) is not None


def _is_sdk_app(manifest: dict[str, Any]) -> bool:
    return is_sdk_module(str(manifest.get("main_module", "")))


def _is_list(key: str) -> bool:
    return key in _UNVERSIONED or bool(_VERSIONED.fullmatch(key) or _PYTHON2.fullmatch(key))


def _pair(
    manifest: dict[str, Any], interpreters: Sequence[Interpreter], app_dir: str, forced: bool
) -> tuple[Interpreter, str | None, str | None]:
    """Interpreter, list name, and a warning when the list is not meant for the interpreter."""
    versioned = _versioned(manifest)
    modules = removed.imported(app_dir)
    able = sorted(interpreters, key=lambda one: removed.lacks(one.version, modules))
    for interpreter in able:
        if interpreter.version in versioned:
            return interpreter, versioned[interpreter.version], None
    for name in _UNVERSIONED:
        if name in manifest:
            return _for_unversioned(manifest, name, able, app_dir, modules), name, None
    if not versioned:
        return able[0], None, None
    # min takes the first of equals: interpreters come in order of preference, and newer lists first.
    interpreter, version = min(
        ((one, version) for one in interpreters for version in sorted(versioned, reverse=True)),
        key=lambda pair: abs(pair[0].version[1] - pair[1][1]),
    )
    wanted = " and ".join(f"{major}.{minor}" for major, minor in sorted(versioned))
    absent = "" if forced else ", which this machine does not have"
    warning = (
        f"the app lists dependencies for Python {wanted}{absent}; "
        f"{versioned[version]} is used on Python {interpreter.full_version}"
    )
    return interpreter, versioned[version], warning


def _versioned(manifest: dict[str, Any]) -> dict[tuple[int, int], str]:
    """The lists for one Python version each, by that version."""
    found = {(3, int(one[1])): one[0] for one in map(_VERSIONED.fullmatch, manifest) if one is not None}
    if _is_sdk_app(manifest):
        # The SDK writes a list for every Python that it knows: those that the app does not support are empty.
        return {version: name for version, name in found.items() if any(manifest[name].values())} or found
    return found


def _for_unversioned(
    manifest: dict[str, Any], name: str, interpreters: Sequence[Interpreter], app_dir: str, modules: frozenset[str]
) -> Interpreter:
    """The interpreter for a list that is for no version in particular; see :func:`choose`."""
    tested = re.findall(r"(?<![\d.])(\d+)\.(\d+)", str(manifest.get("python_version") or ""))
    versions = {(int(major), int(minor)) for major, minor in tested}
    locked = {one.version for one in interpreters if lockfiles.exists(app_dir, one.version)}
    named = [one for one in interpreters if one.version in versions]
    if named:  # max and min take the first of equals
        return max(named, key=lambda one: (not removed.lacks(one.version, modules), one.version in locked, one.version))
    files = [_input_file(entry, where) for entry, where in _entries(manifest, name, "wheel")]
    if not files:
        return interpreters[0]

    def order(one: Interpreter) -> tuple[Any, ...]:
        return -sum(wheels.fits(file, one) for file in files), one.version not in locked, one.version

    return min(interpreters, key=order)


def _read(
    manifest: dict[str, Any], name: str, app_dir: str, interpreter: Interpreter
) -> tuple[tuple[str, ...], tuple[Wheel, ...]]:
    pypi = [_requirement(entry, where) for entry, where in _entries(manifest, name, "pypi")]
    listed: list[tuple[str, str, str]] = []
    for entry, where in _entries(manifest, name, "wheel"):
        input_file = _input_file(entry, where)
        path = _inside(app_dir, input_file, f"{where}/input_file")
        module = entry.get("module") or os.path.basename(input_file).split("-")[0]
        listed.append((str(module), input_file, path))
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:  # each is read and hashed as a whole
        examined = tuple(pool.map(lambda one: wheels.examine(one[0], one[1], one[2], interpreter), listed))
    for index, one in enumerate(examined):
        _require_distribution(one.pin, f"/{name}/wheel/{index}")
    return tuple(pypi), examined


def _without_outdated(
    pypi: tuple[str, ...], listed: tuple[Wheel, ...], interpreter: Interpreter
) -> tuple[tuple[str, ...], tuple[Wheel, ...], list[str]]:
    """Both lists with the baseline's version in the place of wheels that cannot be imported on the interpreter."""
    pins = baseline.pins(interpreter.version)
    outdated = [one for one in listed if removed.is_outdated(one.name, one.version, interpreter.version)]
    warnings = [
        f"{one.input_file} does not work on Python {interpreter.full_version}: {pins[one.name]} is taken instead"
        for one in outdated
    ]
    kept = tuple(one for one in listed if one not in outdated)
    return (*pypi, *(pins[one.name] for one in outdated)), kept, warnings


def _require_distribution(pin: str, where: str) -> None:
    """The index may be asked for it in the file's stead, so it must be a name, with a version or without."""
    try:
        Requirement(pin)
    except InvalidRequirement:
        raise ManifestError(
            f"{pin!r} names no distribution", where=where, hint="Correct its module, or the wheel's file name."
        ) from None


def _entries(manifest: dict[str, Any], name: str, kind: str) -> list[tuple[dict[str, Any], str]]:
    declared = manifest[name]
    if not isinstance(declared, dict):
        raise ManifestError("a dependency list is an object with pypi and wheel", where=f"/{name}")
    entries = declared.get(kind) or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ManifestError(f"{kind} is a list of objects", where=f"/{name}/{kind}")
    return [(entry, f"/{name}/{kind}/{index}") for index, entry in enumerate(entries)]


def _text(entry: dict[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ManifestError(f"a dependency needs {key}", where=f"{where}/{key}")
    return value.strip()


def _input_file(entry: dict[str, Any], where: str) -> str:
    """The wheel file of an entry for this machine."""
    arm = platform.machine().lower() in ("aarch64", "arm64") and entry.get("input_file_aarch64")
    return _text(entry, "input_file_aarch64" if arm else "input_file", where)


def _requirement(entry: dict[str, Any], where: str) -> str:
    """One ``pypi`` entry; only names with versions, so that no entry can become an option of the installer."""
    text = _text(entry, "module", where)
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        requirement = None
    if requirement is None or requirement.url:
        raise ManifestError(
            f"{text!r} names no distribution", where=f"{where}/module", hint="Write NAME or NAME==VERSION."
        )
    return str(requirement)


def _inside(app_dir: str, input_file: str, where: str) -> str:
    """The file's path, which must stay inside the app's folder, links followed."""
    root = os.path.realpath(app_dir)
    path = os.path.join(root, *input_file.split("/"))
    if "\0" in input_file or os.path.isabs(input_file) or os.path.commonpath([root, os.path.realpath(path)]) != root:
        raise ManifestError(
            f"the wheel file {input_file!r} is outside the app's folder",
            where=where,
            hint="Put it into the app's folder, for example under wheels/.",
        )
    return path
