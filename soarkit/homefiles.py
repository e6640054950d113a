"""Files of the home folder: whole or absent, scratch folders, locks between processes."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from typing import IO, Any

from soarkit.errors import LockTimeout

_LOCK_POLL = 0.1  # seconds between two looks at a lock that another process holds
#: How long to wait for another process that does the same thing, in seconds: longer than any build may take.
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
    write_bytes(path, json.dumps(value, indent=1, sort_keys=True).encode())


def write_bytes(path: str, content: bytes) -> None:
    """Write a file as :func:`writing` does."""
    with writing(path) as file:
        file.write(content)


@contextlib.contextmanager
def writing(path: str) -> Iterator[IO[bytes]]:
    """Write a file, readable by its owner alone, so that a reader finds the old one or the new one, never a part."""
    import tempfile  # late: it takes longer than all that a run needs of this module

    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=".", dir=os.path.dirname(path))
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
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
    import shutil
    import tempfile

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


def is_held(path: str) -> bool:
    """Whether a process holds the lock of a file; False where there is no such file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


@contextlib.contextmanager
def locked(home: str, name: str, *, waiting: Callable[[], None]) -> Iterator[int]:
    """Hold a lock that only one process at a time can hold; gives its descriptor.

    The descriptor goes to the programs that write what the lock protects: where this process is killed, the lock stays
    taken until they have ended too.

    :param waiting: called once when another process holds it
    :raises LockTimeout: another process held it for an hour
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
                    raise LockTimeout(
                        "another process has been doing the same thing for an hour",
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
