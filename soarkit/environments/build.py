"""App environments: made once for an (interpreter, dependency set), then reused by every app with the same set.

An environment lives at ``<home>/environments/<key>``. It is built there under a lock, since a virtual environment
cannot be moved, and is complete when its stamp is in place, which is written last: a build that died leaves a folder
without a stamp, which the next one replaces.
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
from soarkit.environments import baseline, dependencies, filling, installers, interpreters, variables
from soarkit.environments.dependencies import Choice
from soarkit.environments.interpreters import Interpreter
from soarkit.environments.known import FORMAT, STAMP, Environment, fingerprint, known, memo_path, question
from soarkit.errors import BuildError
from soarkit.execute.command import run_command


@dataclass(frozen=True)
class EnvironmentSpec:
    """What an environment is to hold; equal specs have equal keys and share one environment.

    :ivar choice: interpreter, list, requirements and wheels
    :ivar baseline: revision of the baseline for that interpreter
    """

    choice: Choice
    baseline: str

    @property
    def key(self) -> str:
        """SHA-256, in hex, over everything that decides what the environment holds; reads all wheels."""
        decisive = {
            "format": FORMAT,
            "interpreter": [self.choice.interpreter.path, self.choice.interpreter.full_version],
            "pypi": sorted(self.choice.pypi),
            "wheels": sorted([os.path.basename(one.input_file), one.digest] for one in self.choice.wheels),
            "baseline": self.baseline,
        }
        return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()


def ensure(
    manifest: dict[str, Any],
    app_dir: str,
    home: str,
    *,
    progress: Callable[[str], None],
    found: Sequence[Interpreter] | None = None,
) -> Environment:
    """The environment of an app, built if it is not there yet.

    Any number of processes may ask at once: one builds, the others wait and use the same.

    :param manifest: the app JSON
    :param app_dir: the folder that holds the app JSON
    :param home: SOARKIT_HOME
    :param progress: told what happens, a line at a time; never called when the environment is known
    :param found: the interpreters to choose from, instead of looking for them
    :raises ManifestError: the app is for Python 2 alone, or its lists are wrong
    :raises BuildError: it cannot be built; the log's path and the next step are in it
    """
    if found is None:
        python = known(manifest, app_dir, home)
        if python is not None:
            noted = homefiles.read_json(memo_path(manifest, app_dir, home)).get("warnings")
            return Environment(python, os.path.dirname(os.path.dirname(python)), _texts(noted))
        dependencies.refuse_unsupported(manifest)
        found = interpreters.find(home)
    choice = dependencies.choose(manifest, app_dir, found)
    spec = EnvironmentSpec(choice, baseline.revision(choice.interpreter.version))
    decisive = [choice.interpreter.path, baseline.path_for(choice.interpreter.version)]
    looks = [fingerprint(path) for path in (*decisive, *(one.path for one in choice.wheels))]  # before they are read
    environment = _built(spec, home, progress)
    # The environment may have been built for another app, with the same dependencies but another reason to choose them.
    warnings = tuple(dict.fromkeys([*choice.warnings, *environment.warnings]))
    homefiles.write_json(
        memo_path(manifest, app_dir, home),
        {
            "environment": environment.path,
            "question": question(manifest, app_dir),
            "files": looks,
            "warnings": warnings,
        },
    )
    return Environment(environment.python, environment.path, warnings)


def _built(spec: EnvironmentSpec, home: str, progress: Callable[[str], None]) -> Environment:
    key = spec.key
    folder = os.path.join(home, "environments", key)
    environment = _read(folder)
    if environment is not None:
        return environment

    def waiting() -> None:
        progress("waiting for another process that builds the app's environment")

    with homefiles.locked(home, f"environment-{key}", waiting=waiting) as lock:
        environment = _read(folder)  # another process may have built it meanwhile
        if environment is not None:
            return environment
        try:
            return _build(spec, key, folder, home, lock, progress)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _build(
    spec: EnvironmentSpec, key: str, folder: str, home: str, lock: int, progress: Callable[[str], None]
) -> Environment:
    started = time.monotonic()
    choice = spec.choice
    shutil.rmtree(folder, ignore_errors=True)  # what a build that died has left
    os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
    log_path = homefiles.log_path(home, f"environment-{key[:16]}")
    progress(f"building the app's environment (once): {_summary(choice)}")
    for warning in choice.warnings:
        progress(f"warning: {warning}")
    python = os.path.join(folder, "bin", "python")
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
    installer = installers.find(choice.interpreter, home)
    warnings = filling.fill(choice, installer, python=python, log_path=log_path, pass_fds=[lock], progress=progress)
    for warning in warnings:
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
                {
                    "file": one.input_file,
                    "digest": one.digest,
                    "origin": "app" if one.problem is None else "index",
                    "problem": one.problem,
                }
                for one in choice.wheels
            ],
            "baseline": spec.baseline,
            "installed": _installed(folder, choice.interpreter.version),
            "installer": installer.name,
            "warnings": warnings,
            "seconds": round(seconds, 3),
        },
    )
    progress(f"the app's environment is ready ({installer.name}, {seconds:.1f} s)")
    return Environment(python, folder, tuple(warnings))


def _read(folder: str) -> Environment | None:
    """A complete environment, None when there is none in the folder."""
    stamp = homefiles.read_json(os.path.join(folder, STAMP))
    python = os.path.join(folder, "bin", "python")
    if stamp.get("format") != FORMAT or not os.path.exists(python):
        return None
    return Environment(python, folder, _texts(stamp.get("warnings")))


def _summary(choice: Choice) -> str:
    parts = [f"Python {choice.interpreter.full_version}"]
    if choice.wheels:
        parts.append(f"{len(choice.wheels)} wheel{'s' if len(choice.wheels) > 1 else ''}")
    if choice.pypi:
        parts.append(f"{len(choice.pypi)} requirement{'s' if len(choice.pypi) > 1 else ''}")
    return ", ".join([*parts, "baseline"])


def _installed(folder: str, version: tuple[int, int]) -> dict[str, str]:
    """Name → version of what is installed, as the names of its ``.dist-info`` folders say."""
    packages = os.path.join(folder, "lib", f"python{version[0]}.{version[1]}", "site-packages")
    found = [
        name.removesuffix(".dist-info").partition("-") for name in homefiles.names(packages) if ".dist-info" in name
    ]
    return {baseline.normalised(name): version for name, _, version in found}


def _texts(value: Any) -> tuple[str, ...]:
    """The warnings that a file recorded."""
    return tuple(map(str, value)) if isinstance(value, list) else ()
