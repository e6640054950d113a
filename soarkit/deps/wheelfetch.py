"""Wheels of pinned distributions: downloaded where the index has a fitting one, else built from its source."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from soarkit import homefiles
from soarkit.deps.lockfile import Pin
from soarkit.environments import failures, indexes, variables
from soarkit.errors import BuildError
from soarkit.execute.command import CommandOutcome, run_command

TIMEOUT = 1800.0  #: seconds for all wheels of one interpreter, the built ones included
#: The date that files of built wheels get, so that building twice gives equal wheels: the earliest a zip archive has.
_EPOCH = "315532800"

_FAILED = re.compile(
    r"(?:No matching distribution found for |Failed building wheel for |Failed to build '|"
    r"-based projects \()(?P<name>[A-Za-z0-9._-]+)"
)


@dataclass(frozen=True)
class Target:
    """What wheels are for.

    :ivar version: Python version, such as ``(3, 13)``
    :ivar python: Python that pip runs on, inside :mod:`soarkit.deps.tools`
    :ivar options: options that make pip download for another machine; empty for this one
    :ivar fits: whether a wheel file, by its name, can be used there
    :ivar shown: for people: ``Python 3.13.0``
    """

    version: tuple[int, int]
    python: str
    options: tuple[str, ...]
    fits: Callable[[str], bool]
    shown: str


def wheel_of(pin: Pin, file_name: str) -> bool:
    """Whether a file's name says that it is a wheel of the pinned version."""
    try:
        name, version = parse_wheel_filename(file_name)[:2]
        return name == canonicalize_name(pin.name) and version == Version(pin.version)
    except (InvalidWheelFilename, InvalidVersion):
        return False


def fetch(pins: Iterable[Pin], target: Target, home: str, folder: str, links: Iterable[str] = ()) -> dict[str, str]:
    """Put a wheel of each pinned version into a folder.

    A pin with hashes is fetched only from files that have one of them.

    :param folder: where the wheels go; gets made
    :param links: folders with wheels and source archives to look into besides the index
    :returns: normalised name → the wheel's path
    :raises BuildError: one can neither be downloaded nor built; says which
    """
    wanted = list(pins)
    os.makedirs(folder, exist_ok=True)
    if not wanted:
        return {}
    # Hashes for all or none: pip asks for all as soon as one is there.
    hashed = all(pin.hashes for pin in wanted)
    requirements = os.path.join(folder, "requirements.txt")
    with open(requirements, "w", encoding="utf-8") as file:
        for pin in wanted:
            file.write(" ".join([pin.requirement, *(f"--hash=sha256:{one}" for one in pin.hashes if hashed)]) + "\n")
    environment = {**variables.clean_environment(), "SOURCE_DATE_EPOCH": _EPOCH}
    command = ["download", "--dest"] if target.options else ["wheel", "--wheel-dir"]
    argv = [
        target.python,
        "-I",
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        *command,
        folder,
        "--no-deps",
    ]
    argv += ["--progress-bar", "off", *target.options, *(f"--find-links={one}" for one in links), "-r", requirements]
    log_path = homefiles.log_path(home, f"wheels-py{target.version[0]}{target.version[1]}")
    outcome = run_command(argv, env=environment, log_path=log_path, timeout=TIMEOUT)
    os.unlink(requirements)
    if not outcome.ok:
        raise _explained(outcome, target, log_path)
    found = {}
    for name in homefiles.names(folder):
        for pin in wanted:
            if wheel_of(pin, name):
                found[pin.name] = os.path.join(folder, name)
    missing = [pin.requirement for pin in wanted if pin.name not in found]
    if missing:
        raise BuildError(f"pip gave no wheel of {', '.join(missing)}", hint=f"The whole output: {log_path}")
    return found


def place(source: str, path: str) -> bool:
    """Copy a file to its place, whole or not at all; whether it was not there before with that content."""
    if os.path.isfile(path) and _content(path) == _content(source):
        return False
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = f"{path}.{os.getpid()}.new"
    try:
        shutil.copyfile(source, temporary)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise
    return True


def _content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _explained(outcome: CommandOutcome, target: Target, log_path: str) -> BuildError:
    log = f"The whole output: {log_path}"
    what = f"the wheels for {target.shown} could not be fetched"
    if failures.hopeless(outcome) or (
        failures.missing(outcome) and indexes.switched_off(variables.clean_environment())
    ):
        reach = "Make the package index reachable (PIP_INDEX_URL, a proxy, or a folder of wheels in PIP_FIND_LINKS)."
        lines = [line.strip() for line in outcome.tail.splitlines() if line.strip()]
        return BuildError(f"{what}: {(lines or ['pip did not finish'])[-1][:300]}", hint=f"{reach} {log}")
    named = [found["name"] for found in _FAILED.finditer(outcome.tail)]
    which = f"{named[-1]} can be neither downloaded nor built" if named else "pip refused"
    lines = [line.rstrip() for line in outcome.tail.splitlines() if line.strip()][-8:]
    hint = f"A version that has a wheel for {target.shown} may do; or install what building it needs. {log}"
    return BuildError("\n  ".join([f"{what}: {which}", *lines]), hint=hint)
