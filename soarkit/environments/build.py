"""App environments: made once for an (interpreter, dependency set), then reused by every app with the same set.

An environment lives at ``<home>/environments/<key>``. It is built there under a lock, since a virtual environment
cannot be moved, and is complete when its stamp is in place, which is written last: a build that died leaves a folder
without a stamp, which the next one replaces. One that is built anew while it is there (``soarkit env refresh``) gets a
folder beside it, ``<key>.2``: what runs from the old one goes on, and memos name the new one from then on.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from soarkit import homefiles
from soarkit.environments import (
    baseline,
    dependencies,
    disk,
    failures,
    filling,
    installers,
    interpreters,
    lockfiles,
    stamps,
    uvlock,
    variables,
)
from soarkit.environments.dependencies import Choice
from soarkit.environments.filling import Filled
from soarkit.environments.interpreters import Interpreter
from soarkit.environments.known import FORMAT, STAMP, Environment, fingerprint, known, memo_path, question
from soarkit.environments.lockfiles import LockFile
from soarkit.environments.origins import IndexFile
from soarkit.environments.wheels import Wheel
from soarkit.errors import BuildError
from soarkit.execute.command import run_command
from soarkit.manifest.keys import REQUIRES_PYTHON


@dataclass(frozen=True)
class EnvironmentSpec:
    """What an environment is to hold; equal specs have equal keys and share one environment.

    :ivar choice: interpreter, list, requirements and wheels
    :ivar baseline: revision of the baseline for that interpreter; None with a lock, which holds the baseline
    :ivar lock: the app's lock file for that interpreter
    """

    choice: Choice
    baseline: str | None
    lock: LockFile | None

    @property
    def key(self) -> str:
        """SHA-256, in hex, over everything that decides what the environment holds."""
        decisive = {
            "format": FORMAT,
            "interpreter": [self.choice.interpreter.path, self.choice.interpreter.full_version],
            "pypi": sorted(self.choice.pypi),
            "wheels": sorted([os.path.basename(one.input_file), one.digest] for one in self.choice.wheels),
            "baseline": self.baseline,
            "lock": self.lock and self.lock.digest,
        }
        return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()


def ensure(
    manifest: dict[str, Any],
    app_dir: str,
    home: str,
    *,
    progress: Callable[[str], None],
    python: str | None = None,
    index_fallback: bool = True,
    found: Sequence[Interpreter] | None = None,
    renewed: set[str] | None = None,
) -> Environment:
    """The environment of an app, built if it is not there yet.

    Any number of processes may ask at once: one builds, the others wait and use the same.

    :param manifest: the app JSON
    :param app_dir: the folder that holds the app JSON
    :param home: SOARKIT_HOME
    :param progress: told what happens, a line at a time; never called when the environment is known
    :param python: the interpreter that it is to be for, a version or a path; None: the one that fits the app best
    :param index_fallback: whether the package index may replace wheels that cannot be used
    :param found: the interpreters to choose from, instead of looking for them
    :param renewed: build it anew even where it is there, unless its key is in this set, which gets it
    :raises UsageError: there is no interpreter like ``python``
    :raises ManifestError: the app is for Python 2 alone, or its lists, its lock file or its uv.lock are wrong
    :raises BuildError: it cannot be built; the log's path and the next step are in it
    """
    asked = question(manifest, app_dir, python, index_fallback)
    if found is None and renewed is None:
        program = known(manifest, app_dir, home, python, index_fallback)
        if program is not None:
            noted = homefiles.read_json(memo_path(asked, home)).get("warnings")
            return Environment(program, os.path.dirname(os.path.dirname(program)), stamps.texts(noted))
    dependencies.refuse_unsupported(manifest, app_dir)
    if python is not None:
        found = [interpreters.forced(python, home, found)]
    elif found is None:
        found = interpreters.find(home)
    choice = dependencies.choose(manifest, app_dir, found, forced=python is not None)
    if choice.replaced and not index_fallback:
        raise failures.refused(choice)
    version = choice.interpreter.version
    lock: LockFile | None
    if REQUIRES_PYTHON in manifest:
        locks, lock = [uvlock.path_for(app_dir)], uvlock.read_lock(app_dir, choice.interpreter)
    elif choice.kind != baseline.CONNECTOR:  # it has no lock, whatever lies in its folder
        locks, lock = [], None
    else:
        locks = sorted({lockfiles.path_for(app_dir, one.version) for one in found})  # also those that may come
        lock = lockfiles.read(app_dir, version)
    pins = baseline.path_for(version, choice.kind)
    looks = [fingerprint(path) for path in (choice.interpreter.path, pins, *locks)]
    looks += [list(one.look) for one in choice.wheels]
    spec = EnvironmentSpec(choice, None if lock else baseline.revision(version, choice.kind), lock)
    environment = _built(spec, home, progress, renewed)
    # The environment may have been built for another app, with the same dependencies but another reason to choose them.
    warnings = tuple(dict.fromkeys([*choice.warnings, *environment.warnings]))
    homefiles.write_json(
        memo_path(asked, home),
        {
            "environment": environment.path,
            "question": asked,
            "files": looks,
            "warnings": warnings,
            "app": {"folder": os.path.abspath(app_dir), "name": manifest.get("name")},
        },
    )
    return environment._replace(warnings=warnings)


def _built(spec: EnvironmentSpec, home: str, progress: Callable[[str], None], renewed: set[str] | None) -> Environment:
    key = spec.key
    renew = renewed is not None and key not in renewed
    environment = None if renew else _newest(home, key)
    if environment is not None:
        return environment

    def waiting() -> None:
        progress("waiting for another process that builds the app's environment")

    with homefiles.locked(home, f"environment-{key}", waiting=waiting) as lock:
        newest = _newest(home, key)
        if newest is not None and not renew:  # another process has built it meanwhile
            return newest
        folder = stamps.folder(home, key)
        if newest is not None and newest.path is not None:
            folder = stamps.folder(home, key, stamps.generation(newest.path) + 1)
        try:
            environment = _build(spec, key, folder, home, lock, progress, refresh=renew)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    if renewed is not None:
        renewed.add(key)
    return environment


def _newest(home: str, key: str) -> Environment | None:
    """The newest complete environment of a key, None when there is none."""
    for folder in reversed(stamps.generations(home, key)):
        stamp = stamps.read(folder)
        if stamp is not None:
            return Environment(stamps.program(folder), folder, stamps.texts(stamp.get("warnings")))
    return None


def _build(
    spec: EnvironmentSpec,
    key: str,
    folder: str,
    home: str,
    lock: int,
    progress: Callable[[str], None],
    *,
    refresh: bool,
) -> Environment:
    started = time.monotonic()
    choice = spec.choice
    shutil.rmtree(folder, ignore_errors=True)  # what a build that died has left
    os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
    log_path = homefiles.log_path(home, f"environment-{key[:16]}")
    progress(f"building the app's environment ({'again' if refresh else 'once'}): {_summary(spec)}")
    for warning in choice.warnings:
        progress(f"warning: {warning}")
    python = stamps.program(folder)
    made = run_command(
        [choice.interpreter.path, "-I", "-m", "venv", "--without-pip", folder],
        env=variables.clean_environment(),
        log_path=log_path,
        timeout=120,
        pass_fds=[lock],
    )
    if not made.ok:
        raise BuildError(
            f"{choice.interpreter} cannot make a virtual environment:\n{made.tail.strip()}",
            where=log_path,
            hint="Its venv module has to work (Debian: apt install python3-venv), or name another one with --python.",
        )
    installer = installers.find(choice.interpreter, home, refresh=refresh)
    major, minor = choice.interpreter.version
    packages = os.path.join(folder, "lib", f"python{major}.{minor}", "site-packages")
    filler = filling.Filler(choice, installer, python, packages, log_path, [lock], progress)
    filled = filler.fill(spec.lock)
    for name, file in filled.fetched.items():
        progress(f"from the package index for {name}: {file.file} (sha256 {file.sha256 or 'not known'})")
    for warning in filled.warnings:
        progress(f"warning: {warning}")
    seconds = time.monotonic() - started
    homefiles.write_json(
        os.path.join(folder, STAMP),
        {
            "format": FORMAT,
            "key": key,
            "interpreter": {"path": choice.interpreter.path, "version": choice.interpreter.full_version},
            "list": choice.list_name,
            "pypi": list(choice.pypi),
            "wheels": [
                _origin(one, filled) for one in choice.wheels if not spec.lock or spec.lock.has(one.name, one.version)
            ],
            "baseline": spec.baseline,
            "lock": spec.lock and {"file": spec.lock.name, "sha256": spec.lock.digest},
            "installed": _installed(packages),
            "installer": installer.name,
            "check": list(filled.check),
            "warnings": list(filled.warnings),
            "seconds": round(seconds, 3),
            "size": disk.usage([folder]).size,
        },
    )
    progress(f"the app's environment is ready ({installer.name}, {seconds:.1f} s)")
    return Environment(python, folder, filled.warnings, built=True)


def _origin(wheel: Wheel, filled: Filled) -> dict[str, Any]:
    """What the stamp says of one wheel of the app: the app's file itself, or the index's that stands for it."""
    fetched = filled.fetched.get(wheel.name)
    if wheel.problem is None:
        fetched = IndexFile(os.path.basename(wheel.input_file), wheel.sha256)
    return {
        "file": wheel.input_file,
        "requirement": wheel.pin,
        "problem": wheel.problem,
        "origin": "app" if wheel.problem is None else "index",
        "installed": fetched and fetched.file,  # None: the installer did not say
        "sha256": fetched and fetched.sha256,
    }


def _summary(spec: EnvironmentSpec) -> str:
    parts = [f"Python {spec.choice.interpreter.full_version}"]
    if spec.lock:
        return ", ".join([*parts, f"{len(spec.lock.lines)} packages of {spec.lock.name}"])
    for count, what in ((len(spec.choice.wheels), "wheel"), (len(spec.choice.pypi), "requirement")):
        parts += [f"{count} {what}{'s' if count > 1 else ''}"] if count else []
    return ", ".join([*parts, "baseline"])


def _installed(packages: str) -> dict[str, str]:
    """Name → version of what is installed, as the names of its ``.dist-info`` folders say."""
    found = [
        name.removesuffix(".dist-info").partition("-") for name in homefiles.names(packages) if ".dist-info" in name
    ]
    return {baseline.normalised(name): version for name, _, version in found}
