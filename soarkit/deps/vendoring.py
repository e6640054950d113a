"""``soarkit deps vendor``: the wheels of an app's dependencies, put into its folder and into its wheel lists."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from packaging.utils import canonicalize_name, parse_wheel_filename

from soarkit import homefiles
from soarkit.deps import appfolder, inputs, listedit, lockfile, locking, platforms, resolving, tools, wheelfetch
from soarkit.deps.appfolder import AppFolder
from soarkit.deps.inputs import AppInput
from soarkit.deps.lockfile import Lock, Pin
from soarkit.deps.resolving import Resolution
from soarkit.deps.wheelfetch import Target
from soarkit.environments import baseline, records, wheels
from soarkit.environments.interpreters import Interpreter
from soarkit.errors import ManifestError
from soarkit.manifest.source import read_json

FOLDER = "wheels"  #: in the app's folder, where published apps have their wheels


@dataclass(frozen=True)
class VendoredList:
    """What vendoring for one Python came to.

    :ivar shown: ``Python 3.13.0``, with the platform where one was named
    :ivar key: the list that was written: ``pip313_dependencies``; None when the app needs nothing of its own
    :ivar entries: the list's ``wheel`` entries, as they are in the app JSON now
    :ivar changes: normalised name → (version before, version now) of the list's wheels
    :ivar baseline: how many wheels of the baseline the wheelhouse has for this Python
    :ivar warnings: what a person should know
    """

    shown: str
    key: str | None
    entries: tuple[dict[str, Any], ...]
    changes: dict[str, tuple[str | None, str | None]]
    baseline: int
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class VendorReport:
    """What vendoring came to.

    :ivar lists: one a Python
    :ivar added: files new in the app's folder, relative to it
    :ivar removed: files taken out of it, since no list has them any more
    :ivar locks: lock files that got the hashes of the wheels
    :ivar wheelhouse: the folder with the baseline, and the files new in it
    """

    lists: tuple[VendoredList, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    locks: tuple[str, ...]
    wheelhouse: tuple[str, tuple[str, ...]] | None


@dataclass
class _Plan:
    """Wheels of one Python before anything is put in its place: normalised name → file."""

    target: Target
    key: str | None
    own: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    lock: Lock | None = None
    warnings: list[str] = field(default_factory=list)


def vendor(
    app: AppFolder,
    found: Sequence[Interpreter],
    home: str,
    *,
    with_baseline: str | None = None,
    platform: str | None = None,
    progress: Callable[[str], None],
) -> VendorReport:
    """Vendor an app's dependencies; afterwards it needs no index, but for the baseline.

    Everything is fetched first. Then the wheels are put in their places, and last of all the app JSON is written.

    :param found: the interpreters to vendor for
    :param with_baseline: a folder that gets the baseline's wheels, for installs without a network
    :param platform: fetch for another platform, as uv names it
    :raises ManifestError: what the app asks for cannot be read
    :raises BuildError: it cannot be resolved or fetched
    :raises UsageError: ``platform`` without uv
    """
    keys = _keys(app, found)
    with homefiles.scratch(home) as scratch:
        plans: list[_Plan] = []
        for interpreter in found:
            key = keys[interpreter.version]
            folder = os.path.join(scratch, "".join(map(str, interpreter.version)))
            earlier = [path for one in plans for path in one.own.values()]
            plans.append(_plan(app, interpreter, key, folder, home, with_baseline, platform, earlier, progress))
        return _put(app, plans, with_baseline)


def _keys(app: AppFolder, found: Sequence[Interpreter]) -> dict[tuple[int, int], str]:
    """Python version → the list that is written for it.

    Its own, where the app has one; the list without a version that applies to it, where that serves this Python alone;
    else one of its own.
    """
    applying = {one.version: app.choice(one).list_name for one in found}
    shared = list(applying.values())
    keys = {}
    for version, name in applying.items():
        own = appfolder.list_key(version)
        unversioned = name in ("pip_dependencies", "pip3_dependencies")
        keys[version] = name if unversioned and name is not None and shared.count(name) == 1 else own
    return keys


def _plan(
    app: AppFolder,
    interpreter: Interpreter,
    key: str,
    folder: str,
    home: str,
    with_baseline: str | None,
    platform: str | None,
    earlier: Sequence[str],
    progress: Callable[[str], None],
) -> _Plan:
    choice = app.choice(interpreter)
    app_input = inputs.read(app, choice)
    if not app_input.requirements and key not in app.manifest and with_baseline is None:
        raise ManifestError(
            "the app declares no dependencies",
            where=app.manifest_path,
            hint="Write them into requirements.txt beside the app JSON, one NAME==VERSION a line.",
        )
    target = _target(interpreter, platform, home, progress)
    plan = _Plan(target, key, warnings=list(app_input.warnings))
    resolution = _resolved(app, app_input, interpreter, home, platform, plan, progress)
    brought = resolution.brought(app_input, choice)
    reason = "to go with the app's dependencies" + (", or since that has no wheel there" if platform else "")
    plan.warnings += [
        f"{name} {now} instead of the baseline's {usual}, {reason}"
        for name, (usual, now) in resolution.stepped_back.items()
    ]
    shipped = [one.path for one in choice.wheels if os.path.isfile(one.path)]
    present = [*shipped, *earlier, *_wheel_files(os.path.join(app.folder, FOLDER))]
    # A few apps list source archives, which are built; those need not be in an index.
    links = {
        os.path.dirname(one.path) for one in choice.wheels if one.problem is None and not one.path.endswith(".whl")
    }
    own = _fetched(brought.values(), target, present, os.path.join(folder, "own"), home, progress, sorted(links))
    plan.own = dict(sorted(own.items()))
    if with_baseline is not None:
        # An environment without a lock asks for all that is pinned, also for what nothing here requires.
        usual = {name: Pin(name, one.partition("==")[2]) for name, one in baseline.pins(interpreter.version).items()}
        rest = [pin for name, pin in {**usual, **resolution.pins}.items() if name not in brought]
        plan.given = _fetched(rest, target, _wheel_files(with_baseline), os.path.join(folder, "given"), home, progress)
    return plan


def _target(interpreter: Interpreter, platform: str | None, home: str, progress: Callable[[str], None]) -> Target:
    if platform is None:
        python = tools.python_with_pip_tools(interpreter, home, progress)
        shown = f"Python {interpreter.full_version}"
        return Target(interpreter.version, python, (), lambda path: wheels.fits(path, interpreter), shown)
    platforms.uv_for_platforms(home, interpreter)  # refused before anything is fetched
    platforms.platform_tags(platform)
    python = tools.python_with_pip_tools(appfolder.tool_interpreter(home), home, progress)
    return platforms.target(interpreter.version, platform, python)


def _resolved(
    app: AppFolder,
    app_input: AppInput,
    interpreter: Interpreter,
    home: str,
    platform: str | None,
    plan: _Plan,
    progress: Callable[[str], None],
) -> Resolution:
    """The lock's pins, where that is up to date; else a new resolution, which keeps what the lock has."""
    choice = app.choice(interpreter)
    name = lockfile.lock_name(interpreter.version)
    lock = lockfile.read(os.path.join(app.folder, name))
    if platform is not None:
        pins = resolving.earlier(choice, lock)
        return platforms.resolve(app_input, choice, platform, home, progress=progress, earlier=pins)
    if lock is not None and lock.input_digest == app_input.digest:
        progress(f"vendoring what {name} has for {plan.target.shown}")
        plan.lock = lock
        return Resolution(lock.pins, {})
    progress(f"resolving {app_input.source} for {plan.target.shown}")
    if lock is not None:
        plan.warnings.append(f"{name} was made for other dependencies: renew it with `soarkit deps lock`")
    earlier = resolving.earlier(choice, lock)
    return resolving.resolve(app_input, choice, home, progress=progress, earlier=earlier, hashes=False)


def _fetched(
    pins: Iterable[Pin],
    target: Target,
    present: Sequence[str],
    folder: str,
    home: str,
    progress: Callable[[str], None],
    links: Sequence[str] = (),
) -> dict[str, str]:
    """Normalised name → a wheel for each pin: one of those that are there already, else fetched into a folder."""
    found, absent = {}, []
    for pin in pins:
        fitting = [one for one in present if wheelfetch.wheel_of(pin, os.path.basename(one)) and target.fits(one)]
        wanted = [one for one in fitting if not pin.hashes or _sha256(one) in pin.hashes]
        usable = next((one for one in wanted if records.damage(one) is None), None)  # a Git LFS pointer is damaged, too
        if usable is not None:
            found[pin.name] = usable
        else:
            absent.append(pin)
    if absent:
        progress(f"fetching {len(absent)} wheel{'' if len(absent) == 1 else 's'} for {target.shown}")
    return {**found, **wheelfetch.fetch(absent, target, home, folder, links)}


def _put(app: AppFolder, plans: Sequence[_Plan], wheelhouse: str | None) -> VendorReport:
    """Put everything in its place, the app JSON last; what no list has any more goes after that."""
    added: list[str] = []
    created: list[str] = []
    stored: list[str] = []
    try:
        files = [{name: _placed(app.folder, path, added, created) for name, path in plan.own.items()} for plan in plans]
        if wheelhouse is not None:
            for plan in plans:
                for path in plan.given.values():
                    place = os.path.join(wheelhouse, os.path.basename(path))
                    if wheelfetch.place(path, place):
                        stored.append(os.path.basename(path))
        locks = [name for plan in plans if (name := _hashed(app, plan))]
        lists = [_list(app, plan, names, wheelhouse) for plan, names in zip(plans, files, strict=True)]
        _write_manifest(app, {one.key: list(one.entries) for one in lists if one.key is not None})
    except BaseException:
        for name in created:
            _remove(app.folder, name)
        raise
    new = AppFolder(app.folder, app.manifest_path, read_json(app.manifest_path))
    kept = {os.path.realpath(os.path.join(app.folder, name)) for name in _listed(new)}  # two names may be one file
    gone = [name for name in sorted(_listed(app)) if os.path.realpath(os.path.join(app.folder, name)) not in kept]
    removed = [name for name in gone if _remove(app.folder, name)]
    house = None if wheelhouse is None else (wheelhouse, tuple(sorted(set(stored))))
    return VendorReport(tuple(lists), tuple(sorted(added)), tuple(removed), tuple(locks), house)


def _placed(folder: str, path: str, added: list[str], created: list[str]) -> str:
    """Where a wheel is in the app's folder, relative to that; it is put there if it is elsewhere.

    :param added: gets what was put there
    :param created: gets that of it which replaced nothing, and may be taken away again
    """
    relative = os.path.relpath(os.path.realpath(path), os.path.realpath(folder))
    if not relative.startswith(".."):
        return relative.replace(os.sep, "/")
    name = os.path.basename(path)
    relative = f"{FOLDER}/{_subfolder(name)}/{name}"
    place = os.path.join(folder, relative)
    existed = os.path.lexists(place)
    if wheelfetch.place(path, place):
        added.append(relative)
        created += [] if existed else [relative]
    return relative


def _subfolder(file_name: str) -> str:
    """The folder that a wheel goes into, as published apps have them: ``shared``, ``py3``, or one a Python version."""
    tags = parse_wheel_filename(file_name)[3]
    interpreters = {tag.interpreter for tag in tags}
    if all(tag.interpreter.startswith("py") or tag.abi == "abi3" for tag in tags):
        return "shared" if {"py2", "py3"} <= interpreters else "py3"
    return min(interpreters).replace("cp", "py")


def _list(app: AppFolder, plan: _Plan, files: Mapping[str, str], wheelhouse: str | None) -> VendoredList:
    """The entries of one list: those that stay where they were, in their places, the new ones behind them."""
    before = _entries(app, plan.key)
    entries, done = [], set()
    for entry in before:
        name = _distribution(entry)
        if name in files and name not in done:
            entries.append(_entry(entry, files[name]))
            done.add(name)
    for name, file in files.items():
        if name not in done:
            entries.append({"module": os.path.basename(file).split("-")[0], "input_file": file})
    old = {_distribution(one): Pin(_distribution(one), _version(one.get("input_file"))) for one in before}
    new = {name: Pin(name, _version(file)) for name, file in files.items()}
    key = plan.key if entries or plan.key in app.manifest else None
    given = len(plan.given) if wheelhouse is not None else 0
    return VendoredList(plan.target.shown, key, tuple(entries), locking.changes(old, new), given, tuple(plan.warnings))


def _entries(app: AppFolder, key: str | None) -> list[dict[str, Any]]:
    declared = app.manifest.get(key) if key else None
    entries = declared.get("wheel") if isinstance(declared, dict) else None
    return [one for one in entries or [] if isinstance(one, dict)] if isinstance(entries, list) else []


def _entry(entry: dict[str, Any], file: str) -> dict[str, Any]:
    """An entry with another file; what the SDK says about ARM machines is about the old one."""
    if entry.get("input_file") == file:
        return entry
    return {key: value for key, value in {**entry, "input_file": file}.items() if key != "input_file_aarch64"}


def _distribution(entry: Mapping[str, Any]) -> str:
    file = os.path.basename(str(entry.get("input_file") or ""))
    return canonicalize_name(file.split("-")[0] if file.endswith(".whl") else str(entry.get("module") or file))


def _version(input_file: object) -> str:
    parts = os.path.basename(str(input_file or "")).split("-")
    return parts[1] if len(parts) > 1 else "?"


def _listed(app: AppFolder) -> set[str]:
    """The wheels and source archives of all wheel lists of an app, relative to its folder.

    An entry may name anything; what does not look like a package by its name is nobody's to remove.
    """
    keys = [key for key in app.manifest if key.startswith("pip") and key.endswith("_dependencies")]
    entries = [entry for key in keys for entry in _entries(app, key)]
    files = [entry.get(place) for entry in entries for place in ("input_file", "input_file_aarch64")]
    named = [os.path.normpath(one) for one in files if isinstance(one, str) and one and "\0" not in one]
    return {one for one in named if wheels.name_and_version(os.path.basename(one))[0]}


def _remove(folder: str, name: str) -> bool:
    """Remove a file of the app, and the folders that this leaves empty; whether it was there."""
    path = os.path.join(folder, name)
    inside = os.path.realpath(path).startswith(os.path.realpath(folder) + os.sep)
    if not inside or not os.path.isfile(path):
        return False
    os.unlink(path)
    parent = os.path.dirname(path)
    top = os.path.realpath(folder)
    while not os.path.islink(parent) and os.path.realpath(parent) != top and not os.listdir(parent):
        os.rmdir(parent)
        parent = os.path.dirname(parent)
    return True


def _hashed(app: AppFolder, plan: _Plan) -> str | None:
    """Add the wheels' hashes to an up-to-date lock, since no index has what was built here; its name if it changed."""
    if plan.lock is None:
        return None
    files = {**plan.own, **plan.given}
    pins = lockfile.with_hashes(plan.lock.pins, {name: [_sha256(path)] for name, path in files.items()})
    name = lockfile.lock_name(plan.target.version)
    changed = locking.write(os.path.join(app.folder, name), replace(plan.lock, pins=pins).text())
    return name if changed else None


def _write_manifest(app: AppFolder, lists: Mapping[str, list[dict[str, Any]]]) -> None:
    with open(app.manifest_path, "rb") as file:
        text = file.read().decode()
    try:
        new = listedit.rewritten(text, lists)
    except ManifestError as error:
        raise ManifestError(error.message, where=app.manifest_path, hint=error.hint) from None
    locking.write(app.manifest_path, new)


def _wheel_files(folder: str) -> list[str]:
    """All wheels below a folder, sorted."""
    found = [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]
    return sorted(one for one in found if one.endswith(".whl"))


def _sha256(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()
