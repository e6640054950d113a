"""Small files of the home folder: JSON that is either whole or absent, scratch folders, locks between processes."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

from soarkit.errors import BuildError

_LOCK_POLL = 0.1  # seconds between two looks at a lock that another process holds
#: How long to wait for another process that builds the same thing, in seconds: longer than any build may take.
LOCK_TIMEOUT = 3600.0


def read_json(path: str) -> dict[str, Any]:
    """The JSON object in a file; empty when there is no such file or it holds anything else."""
    try:
        with open(path, encoding="utf-8") as file:
            value = json.load(file)
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write_json(path: str, value: dict[str, Any]) -> None:
    """Write a JSON object so that a reader finds the old file or the new one, never a part."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".", dir=os.path.dirname(path))
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def names(folder: str) -> list[str]:
    """The sorted names in a folder; none when it cannot be read."""
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


@contextlib.contextmanager
def scratch(home: str) -> Iterator[str]:
    """A folder inside the home that is gone afterwards."""
    os.makedirs(home, mode=0o700, exist_ok=True)
    folder = tempfile.mkdtemp(prefix=".scratch-", dir=home)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def log_path(home: str, name: str) -> str:
    """Path of a log in the home folder; its folder is made."""
    folder = os.path.join(home, "logs")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return os.path.join(folder, f"{name}.log")


@contextlib.contextmanager
def locked(home: str, name: str, *, waiting: Callable[[], None]) -> Iterator[int]:
    """Hold a lock that only one process at a time can hold; gives its descriptor.

    The descriptor goes to the programs that write what the lock protects: where this process is killed, the lock stays
    taken until they have ended too.

    :param waiting: called once when another process holds it
    :raises BuildError: another process held it for an hour
    """
    folder = os.path.join(home, "locks")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    path = os.path.join(folder, f"{name}.lock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + LOCK_TIMEOUT
        said = False
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise BuildError(
                        "another process has been building the same thing for an hour",
                        where=path,
                        hint="End that process, then try again.",
                    ) from None
                if not said:
                    waiting()
                    said = True
                time.sleep(_LOCK_POLL)
        yield descriptor
    finally:
        os.close(descriptor)


def clean_environment() -> dict[str, str]:
    """The caller's environment variables for an installer or interpreter.

    Without soarkit's own (a key must not reach the set-up code of packages) and without what would send Python or pip
    to another place than the one named on its command line.
    """
    unwanted = {
        "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX",
        "__PYVENV_LAUNCHER__",
        "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_PYTHON", "PIP_REQUIRE_VIRTUALENV", "PIP_DRY_RUN",
        "PIP_NO_COMPILE", "PIP_NO_DEPS", "PIP_QUIET", "PIP_REQUIRE_HASHES", "PIP_REPORT", "PIP_LOG", "VIRTUAL_ENV",
        "UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_NO_BUILD_ISOLATION", "CONDA_PREFIX",
    }  # fmt: skip
    return {
        name: value
        for name, value in os.environ.items()
        if name not in unwanted and not name.startswith(("SOARKIT_", "COV_CORE_", "COVERAGE_"))
    }
