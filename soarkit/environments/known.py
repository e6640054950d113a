"""Which environment an app had last time, found without asking anything that is slow.

A run whose app and surroundings are unchanged must not pay for the search for interpreters, for reading wheels or for a
resolver. So each choice leaves a memo that says what it was made from; while all of that still looks the same, the
environment is the one the memo names. This module is on the start-up path of every run: few imports (hashlib alone
would take longer than all that is done here).
"""

from __future__ import annotations

import json
import os
import re
import sys
import zlib
from typing import Any, NamedTuple

from soarkit.errors import UsageError
from soarkit.manifest.keys import ENRICHMENT, REQUIRES_PYTHON, is_bundle
from soarkit.paths import default_home

FORMAT = 3  #: changes when environments are built or keyed differently
STAMP = "soarkit-environment.json"  #: in an environment's folder once it is complete
_HERE = os.path.dirname(os.path.abspath(__file__))
MEMOS = os.path.join("environments", ".memos")  #: in the home: which environment answers which question
INTERPRETERS = "interpreters.json"  #: in the home: what interpreters have answered about themselves

_LIST_KEY = re.compile(r"pip\d*_dependencies")


class Environment(NamedTuple):
    """Where an app's process runs.

    :ivar python: the program to start
    :ivar path: the environment's folder; None for an interpreter used as it is
    :ivar warnings: what a person should know: wheels replaced, a list meant for another version ...
    :ivar built: whether it was built just now, by the call that gave it
    """

    python: str
    path: str | None
    warnings: tuple[str, ...] = ()
    built: bool = False


def known(
    manifest: dict[str, Any], app_dir: str, home: str, python: str | None = None, index_fallback: bool = True
) -> str | None:
    """The Python of this app's environment when it is already built and nothing it depends on has changed.

    :param manifest: the app JSON
    :param app_dir: the folder that holds the app JSON
    :param home: SOARKIT_HOME
    :param python: the interpreter that the environment is to be for, a path or a version; None: the one that fits best
    :param index_fallback: whether the package index may replace wheels that cannot be used
    :returns: path of the environment's Python; None when :func:`soarkit.environments.build.ensure` has to look
    """
    asked = question(manifest, app_dir, python, index_fallback)
    path = memo_path(asked, home)
    try:
        with open(path, encoding="utf-8") as file:
            memo = json.load(file)
        if memo["question"] == asked and all(one == fingerprint(one[0]) for one in memo["files"]):
            folder: str = memo["environment"]
            os.stat(os.path.join(folder, STAMP))
            program = os.path.join(folder, "bin", "python")
            os.stat(program)
            _note_use(path)
            return program
    except (OSError, ValueError, LookupError, TypeError):
        pass
    return None


def _note_use(memo: str) -> None:
    """A memo's time is when the app last used its environment, for ``soarkit env``."""
    try:
        os.utime(memo)
    except OSError:  # a home that is only read
        pass


def memo_path(asked: str, home: str) -> str:
    """Where the memo of a question lives. Two questions may get one name by chance: the one inside tells."""
    return os.path.join(home, MEMOS, f"{zlib.crc32(asked.encode()):08x}.json")


def question(manifest: dict[str, Any], app_dir: str, python: str | None = None, index_fallback: bool = True) -> str:
    """All that is asked when an environment is looked for, as text; see :func:`known`."""
    if python is not None and os.sep in python:
        python = os.path.abspath(os.path.expanduser(python))
    folder = os.path.realpath(app_dir)
    # Another soarkit that uses this home has a baseline of its own.
    asked = [FORMAT, _HERE, host_python(), sys.version_info[:3], folder, python, index_fallback, declared(manifest)]
    return json.dumps(asked, sort_keys=True, default=str)


def external(python: str, home: str | None = None) -> Environment:
    """An interpreter that a person named (``--python``), used as it is: nothing is built or installed.

    :param python: path of the program; one inside a virtual environment stays inside it
    :param home: SOARKIT_HOME, where the answers of interpreters are kept; the default one when absent
    :raises UsageError: it does not exist, or is no CPython 3.9 or newer
    """
    program = os.path.abspath(os.path.expanduser(python))
    if not os.path.isfile(program):
        raise UsageError(
            "there is no such Python interpreter", where=python, hint="Give the path of a python3 program."
        )
    if program != sys.executable and not _has_answered(program, home or default_home()):
        from soarkit.environments import interpreters  # late: it starts processes, which most runs need not

        interpreters.named(program, home or default_home())
    return Environment(program, None)


def _has_answered(program: str, home: str) -> bool:
    """Whether this very program was asked before and can run apps."""
    try:
        with open(os.path.join(home, INTERPRETERS), encoding="utf-8") as file:
            entry = json.load(file)[program]
        return bool(entry["named"]) and entry["file"] == program_fingerprint(program)
    except (OSError, ValueError, LookupError, TypeError):
        return False


def declared(manifest: dict[str, Any]) -> dict[str, Any]:
    """The parts of an app JSON that decide about its environment."""
    if REQUIRES_PYTHON in manifest:  # made from the source folder of an SDK app, whose uv.lock decides
        return {key: manifest.get(key) for key in ("main_module", REQUIRES_PYTHON)}
    if is_bundle(manifest):  # which declares nothing: what it gets is the same for all
        return {"main_module": manifest.get("main_module"), ENRICHMENT: {}}
    wanted = {key: value for key, value in manifest.items() if _LIST_KEY.fullmatch(key)}
    wanted.update((key, manifest[key]) for key in ("python_version", "main_module") if key in manifest)
    return wanted


def fingerprint(file: str) -> list[Any]:
    """What shows that a file is still the same one; it may be missing, which then has to stay so."""
    try:
        state = os.stat(file)
    except OSError:
        return [file, -1, -1]
    return [file, state.st_size, state.st_mtime_ns]


def program_fingerprint(program: str) -> list[Any]:
    """What shows that a program, which may be a link, is still the same one."""
    return fingerprint(os.path.realpath(program))


def host_python() -> str:
    """The interpreter soarkit runs on; inside a virtual environment the one that it was made from."""
    program = os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)
    if sys.prefix != sys.base_prefix and program.startswith(os.path.realpath(sys.prefix) + os.sep):
        # Before Python 3.11 a virtual environment made of copies names itself as its base.
        base = os.path.join(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
        return os.path.realpath(base) if os.path.exists(base) else program
    return program
