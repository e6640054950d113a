"""The smoke test of an installation: the app's main module is imported in its environment; nothing of it is run."""

from __future__ import annotations

import os
import time
from typing import IO

from soarkit_app import loader

from soarkit import homefiles
from soarkit.environments.variables import clean_environment
from soarkit.errors import AppCrashed, AppError, AppImportError, AppTimeout, Cancelled, LinkLost, ManifestError
from soarkit.execute.command import run_command
from soarkit.execute.executor import Executor, ProcessExecutor
from soarkit.execute.request import Ending, ExecuteRequest, Listener, Outcome
from soarkit.manifest.keys import SOURCE
from soarkit.manifest.model import App
from soarkit.settings import platform_version

#: Seconds that importing an app may take.
TIME_LIMIT = 60.0
# Compiles the scripts of a folder; says where one is wrong.
_COMPILE = """
import os, sys
for name in sorted(os.listdir(sys.argv[1])):
    if name.endswith(".py"):
        with open(os.path.join(sys.argv[1], name), "rb") as file:
            source = file.read()
        try:
            compile(source, name, "exec", dont_inherit=True)
        except SyntaxError as error:
            sys.exit("%s, line %s: %s" % (name, error.lineno or 1, error.msg))
        except (ValueError, RecursionError, MemoryError) as error:
            sys.exit("%s: %s" % (name, error))
"""
#: Bytes of an app's output that the log keeps.
_LONGEST_LOG = 1024**2


def import_app(
    app: App,
    python: str,
    home: str,
    *,
    log_path: str,
    base_url: str,
    executor: Executor | None = None,
    time_limit: float = TIME_LIMIT,
) -> float:
    """Import an app's main module in a process of its own, and find the connector class in it.

    The app gets an empty home, so that it meets nothing of earlier runs and leaves nothing for later ones.

    :param python: the interpreter of the app's environment
    :param log_path: file for what the app prints and logs meanwhile; made when there is something to write
    :param base_url: the platform's address as apps are told
    :param time_limit: seconds it may take
    :returns: seconds it took
    :raises AppImportError: it cannot be imported, or has no connector class
    :raises AppCrashed: its process ended meanwhile
    :raises AppTimeout: it took too long
    """
    started = time.monotonic()
    with homefiles.scratch(home) as app_home, _Log(log_path) as log:
        request = ExecuteRequest(
            python=python,
            message={
                "app_dir": app.folder,
                "main_module": app.main_module,
                "manifest_path": app.manifest_path,
                "input": None,
                "home": app_home,
                "bytecode": os.path.join(home, "bytecode"),
                "base_url": base_url,
                "product_version": platform_version(),
                "environment": {"PHANTOM_HOME": app_home},
                "recording": None,
            },
            timeout=time_limit,
        )
        outcome = (executor or ProcessExecutor()).run(request, log)
        error = _error(outcome, app, time_limit)
        if error is None:
            return time.monotonic() - started
        log.note(f"{error.code}: {error}")
    error.log = log_path
    raise error


def compile_scripts(app: App, python: str, *, log_path: str, time_limit: float = TIME_LIMIT) -> float:
    """Compile a bundle's scripts with the Python of its environment; nothing of them is run (rule M13).

    :param python: the interpreter of the bundle's environment
    :param log_path: file for what went wrong
    :returns: seconds it took
    :raises ManifestError: a script is no Python of that version; says which, and the line
    """
    started = time.monotonic()
    folder = os.path.join(app.folder, SOURCE)
    outcome = run_command(
        [python, "-I", "-W", "ignore", "-c", _COMPILE, folder],
        env=clean_environment(),
        log_path=log_path,
        timeout=time_limit,
    )
    if not outcome.ok:
        said = outcome.tail.strip().splitlines()
        raise ManifestError(
            f"M13: a script is no Python that this machine runs: {said[-1] if said else 'it cannot be compiled'}",
            where=f"{app.name} {app.app_version}",
            hint="mend the script there; scripts written for Python 2 have to be ported",
        )
    return time.monotonic() - started


def refuse_python2(app: App) -> None:
    """Refuse an app for Python 2 by the look of its main module, before anything is built for it.

    :raises AppImportError:
    """
    try:
        loader.refuse_python2(app.folder, app.main_module)
    except loader.LoadError as error:
        raise AppImportError(error.message, where=_inside(app, error.where), hint=error.hint) from None


def _inside(app: App, where: str | None) -> str:
    """A place in an app as a path in its folder: an app that is not installed after all has no folder any more."""
    return (where or f"{app.name} {app.app_version}").replace(app.folder + os.sep, "")


def _error(outcome: Outcome, app: App, time_limit: float) -> AppError | Cancelled | None:
    where = f"{app.name} {app.app_version}"
    if outcome.ending is Ending.RESULT:
        return None
    if outcome.ending is Ending.CANCELLED:
        return Cancelled("cancelled")
    if outcome.ending is Ending.FAILURE and outcome.failure is not None:
        failure = outcome.failure
        return AppImportError(failure["message"], where=_inside(app, failure["where"]), hint=failure["hint"])
    if outcome.ending is Ending.TIMEOUT:
        return AppTimeout(f"importing the app did not end within {time_limit:g} s", where=where)
    if outcome.ending is Ending.LINK_LOST:
        return LinkLost("the app closed the connection to soarkit while it was imported", where=where)
    ended = f"by signal {-outcome.status}" if outcome.status < 0 else f"with exit status {outcome.status}"
    return AppCrashed(f"the app's process ended {ended} while it was imported", where=where)


class _Log(Listener):
    """Writes what the app says and prints to a file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._left = _LONGEST_LOG
        self._file: IO[bytes] | None = None

    def __enter__(self) -> _Log:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._file is not None:
            self._file.close()

    def note(self, text: str) -> None:
        self._left = max(self._left, len(text) + 8)  # why it failed is always there
        self._add(f"{text}\n".encode(errors="backslashreplace"))

    def log(self, level: str, text: str) -> None:
        self._add(f"{level:<8} {text}\n".encode(errors="backslashreplace"))

    def output(self, stream: str, data: bytes) -> None:
        self._add(data)

    def _add(self, data: bytes) -> None:
        if self._file is None:
            self._file = open(self._path, "ab", opener=_private)  # noqa: SIM115 - open for as long as the import
        self._file.write(data[: self._left])
        self._left = max(0, self._left - len(data))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
