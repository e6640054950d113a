"""The CPython interpreters of this machine that apps can run on."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from soarkit import homefiles
from soarkit.environments import variables
from soarkit.environments.known import INTERPRETERS, host_python, program_fingerprint
from soarkit.errors import UsageError
from soarkit.execute.command import run_command

OLDEST = (3, 9)  #: the app-side library is written for this version and newer

_VERSION = re.compile(r"\d+(\.\d+){0,2}")
_RELEASE = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_UV_INSTALL = re.compile(r"cpython-(\d+\.\d+\.\d+)-[^+]+")  # a "+" marks variants: free-threaded, debug
_ON_PATH = re.compile(r"python3(\.\d+)?")
_PROBE_TIMEOUT = 30.0
_PROBE = """
import json, os, platform, sys, sysconfig
base = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
if sys.prefix != sys.base_prefix and base.startswith(os.path.realpath(sys.prefix) + os.sep):
    original = os.path.join(sys.base_prefix, "bin", "python%d.%d" % sys.version_info[:2])
    base = os.path.realpath(original) if os.path.exists(original) else base
print("\\n" + json.dumps({
    "implementation": platform.python_implementation(),
    "version": platform.python_version(),
    "base": base,
    "threads": "free" if sysconfig.get_config_var("Py_GIL_DISABLED") else "gil",
    "platform": sysconfig.get_platform(),
}))
"""


@dataclass(frozen=True, order=True)
class Interpreter:
    """One CPython installation.

    :ivar release: its full version as numbers, such as ``(3, 11, 7)``
    :ivar path: the program, never one inside a virtual environment (except for one that was named with ``--python``)
    """

    release: tuple[int, int, int]
    path: str

    @property
    def version(self) -> tuple[int, int]:
        """Major and minor version, such as ``(3, 11)``."""
        return self.release[:2]

    @property
    def full_version(self) -> str:
        """The full version as text, such as ``3.11.7``."""
        return ".".join(map(str, self.release))

    def __str__(self) -> str:
        return f"Python {self.full_version} ({self.path})"


@dataclass(frozen=True)
class Facts:
    """What an interpreter says about itself.

    :ivar implementation: ``CPython``, ``PyPy`` ...
    :ivar version: full version as it prints it, such as ``3.13.0`` or ``3.14.0rc1``
    :ivar base: the program that a virtual environment was made from; itself for any other
    :ivar threads: ``gil``, or ``free`` for the free-threaded build, whose extension modules are different ones
    :ivar platform: ``sysconfig.get_platform()``, such as ``linux-x86_64``
    """

    implementation: str
    version: str
    base: str
    threads: str
    platform: str

    @property
    def named(self) -> bool:
        """Whether apps can run on it when a person names it: CPython 3.9 or newer."""
        return self.implementation == "CPython" and release(self.version)[:2] >= OLDEST

    @property
    def usable(self) -> bool:
        """Whether to choose it for apps: such a one with the usual extension modules, and no pre-release."""
        return self.named and self.threads == "gil" and _RELEASE.fullmatch(self.version) is not None


def release(version: str) -> tuple[int, int, int]:
    """``"3.11.7"`` as ``(3, 11, 7)``; what follows the numbers (``rc1``, ``+``) is dropped."""
    found = _RELEASE.match(version)
    if found is None:
        return (0, 0, 0)
    return int(found[1]), int(found[2]), int(found[3])


def own() -> Interpreter:
    """The interpreter that soarkit itself runs on; inside a virtual environment the one that it was made from."""
    return Interpreter(sys.version_info[:3], host_python())


def find(home: str, *, environ: Mapping[str, str] = os.environ) -> list[Interpreter]:
    """Every usable interpreter: the host's own first, then newest first.

    Looked for in PATH (``python3`` and ``python3.X``), in pyenv's versions and in uv's installations. A folder of pyenv
    or uv tells its version; any other program is started once to ask, and the answer kept in the home folder.

    :param home: SOARKIT_HOME
    :param environ: where PATH, HOME, PYENV_ROOT and UV_PYTHON_INSTALL_DIR are read from
    """
    found: dict[str, Interpreter] = {}
    for version, path in _managed(environ):
        if release(version)[:2] >= OLDEST and os.access(path, os.X_OK):
            real = os.path.realpath(path)
            found.setdefault(real, Interpreter(release(version), real))
    mine = own()
    found[mine.path] = mine
    for path in _on_path(environ):
        if path not in found:
            facts = ask(path, home)
            if facts is not None and facts.usable:
                base = os.path.realpath(facts.base)
                found.setdefault(base, Interpreter(release(facts.version), base))
    others = sorted(
        (one for one in found.values() if one != mine), key=lambda one: (one.release, one.path), reverse=True
    )
    usable_here = not sysconfig.get_config_var("Py_GIL_DISABLED") and sys.implementation.name == "cpython"
    return [mine, *others] if usable_here else others


def named(python: str, home: str) -> Interpreter:
    """The interpreter that a person named, as it is: a virtual environment's stays inside it.

    :param python: path of the program
    :raises UsageError: it does not start, or is not CPython 3.9 or newer
    """
    path = os.path.abspath(os.path.expanduser(python))
    if not os.path.isfile(path):
        raise UsageError(
            "there is no such Python interpreter", where=python, hint="Give the path of a python3 program."
        )
    facts = ask(path, home)
    if facts is None:
        raise UsageError(
            "this program does not answer like a Python interpreter", where=python, hint=f"Try: {path} --version"
        )
    if not facts.named:
        raise UsageError(
            f"{facts.implementation} {facts.version} cannot run apps",
            where=python,
            hint="Apps need CPython 3.9 or newer.",
        )
    return Interpreter(release(facts.version), path)


def forced(python: str, home: str, found: Sequence[Interpreter] | None = None) -> Interpreter:
    """The interpreter that a person wants environments built for; for one in a virtual environment, its base.

    :param python: a version such as ``3.11`` or ``3.11.7``, a program in PATH such as ``python3.11``, or a path
    :param found: the interpreters of this machine, instead of looking for them
    :raises UsageError: there is none like that; names those that there are
    """
    path = python if os.sep in python else None if _VERSION.fullmatch(python) else shutil.which(python)
    if path is not None:
        one = named(path, home)
        facts = ask(one.path, home)
        return Interpreter(one.release, os.path.realpath(facts.base)) if facts is not None else one
    others = find(home) if found is None else found
    for one in others:
        if _VERSION.fullmatch(python) and f"{one.full_version}.".startswith(f"{python}."):
            return one
    listed = "\n".join(map(str, others)) or "There is none on this machine."
    what = f"Python {python}" if _VERSION.fullmatch(python) else f"interpreter {python!r}"
    raise UsageError(
        f"there is no {what} on this machine",
        where="--python",
        hint=f"Name one of these, by its version or path, or the path of another one:\n{listed}",
    )


def ask(path: str, home: str) -> Facts | None:
    """What the program at ``path`` says about itself, None when it does not answer like Python.

    Starting an interpreter takes 15 ms and more, so answers are kept in the home folder for as long as the program's
    file is the same.
    """
    fingerprint = program_fingerprint(path)
    if not os.access(path, os.X_OK):
        return None
    store = os.path.join(home, INTERPRETERS)
    known = homefiles.read_json(store)
    entry = known.get(path)
    if isinstance(entry, dict) and entry.get("file") == fingerprint:
        try:
            return Facts(**entry["facts"]) if entry["facts"] else None
        except (KeyError, TypeError):
            pass  # written by another version: ask again
    facts = _start(path, home)
    # Another process may add an entry at the same moment and lose it to this one: it will ask once more.
    entry = {"file": fingerprint, "facts": facts and asdict(facts), "named": facts is not None and facts.named}
    homefiles.write_json(store, {**known, path: entry})
    return facts


def _start(path: str, home: str) -> Facts | None:
    with homefiles.scratch(home) as folder:
        outcome = run_command(
            [path, "-I", "-c", _PROBE],
            env=variables.clean_environment(),
            log_path=os.path.join(folder, "log"),
            timeout=_PROBE_TIMEOUT,
        )
    lines = outcome.tail.strip().splitlines()
    if not outcome.ok or not lines:
        return None
    try:
        return Facts(**json.loads(lines[-1]))
    except (ValueError, TypeError):
        return None


def _managed(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Version and program of what pyenv and uv have installed, as their folder names tell."""
    user = environ.get("HOME") or os.path.expanduser("~")
    versions = os.path.join(environ.get("PYENV_ROOT") or os.path.join(user, ".pyenv"), "versions")
    for name in homefiles.names(versions):
        if _RELEASE.fullmatch(name):  # others are virtual environments, PyPy, pre-releases, free-threaded builds
            yield name, os.path.join(versions, name, "bin", "python3")
    data = environ.get("XDG_DATA_HOME") or os.path.join(user, ".local", "share")
    installs = environ.get("UV_PYTHON_INSTALL_DIR") or os.path.join(data, "uv", "python")
    for name in homefiles.names(installs):
        found = _UV_INSTALL.fullmatch(name)
        if found:
            yield found[1], os.path.join(installs, name, "bin", "python3")


def _on_path(environ: Mapping[str, str]) -> Iterator[str]:
    """Real paths of ``python3`` and ``python3.X`` in PATH that are programs, not shims."""
    for folder in environ.get("PATH", "").split(os.pathsep):
        if not os.path.isabs(folder):
            continue
        for name in homefiles.names(folder):
            path = os.path.join(folder, name)
            if _ON_PATH.fullmatch(name) and os.access(path, os.X_OK) and not _is_script(path):
                # A virtual environment's program is a link to its base, which is the one that counts; where it is a
                # copy, the program itself tells (Facts.base).
                yield os.path.realpath(path)


def _is_script(path: str) -> bool:
    """Whether the program is a script: pyenv's shims (and others') choose an interpreter only when they run."""
    try:
        with open(path, "rb") as program:
            return program.read(2) == b"#!"
    except OSError:
        return True
