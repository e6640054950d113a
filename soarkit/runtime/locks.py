"""Action locks: runs on one name never overlap, across processes and across apps (the guide, "Synchronization").

A lock is ``flock`` on a file in the home folder. Two files a name: the *turnstile*, held only while queueing, keeps
a stream of shared holders from starving an exclusive one; the *lock* itself is held for the run. Actions that allow
concurrency share the lock and each take one of the asset's numbered slots.

The descriptors go to the app's process too, so that a killed host does not free a lock whose app still runs. They are
unlocked explicitly at the end, because a process the app detached may hold copies for much longer.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType

from soarkit.errors import LockTimeout, SurroundingsError

#: Seconds to wait for a lock when the action's ``lock`` does not say (connector API 2.5).
DEFAULT_TIMEOUT = 1200.0
_FIRST_PAUSE = 0.01
_LONGEST_PAUSE = 0.5


@dataclass(frozen=True)
class LockWish:
    """What a run wants to hold.

    :param names: lock names; taken in sorted order, so that two runs with several names cannot block each other
    :param concurrent: share the names with other concurrent runs
    :param limit: how many concurrent runs may share a name; None: any number
    :param timeout: seconds to wait for all of them together
    :param holder: who takes them, shown to those who wait: ``{"app", "action", ...}``
    """

    names: Iterable[str]
    concurrent: bool
    limit: int | None
    timeout: float
    holder: dict[str, str]


class HeldLocks:
    """Locks being held; a context manager that frees them.

    :ivar descriptors: the open files, to be handed to the app's process
    """

    def __init__(self) -> None:
        self.descriptors: list[int] = []

    def __enter__(self) -> HeldLocks:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for descriptor in self.descriptors:
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)
        self.descriptors.clear()


def take(folder: str, wish: LockWish, waiting: Callable[[str], None]) -> HeldLocks:
    """Take all the locks of a wish, waiting for them as long as it allows.

    :param folder: where the lock files are; made when missing
    :param waiting: told once per lock that is not free, with a sentence naming the lock and its holder
    :raises LockTimeout: naming the lock and its holder
    """
    held = HeldLocks()
    deadline = time.monotonic() + wish.timeout
    try:
        for name in sorted(set(wish.names)):
            _take_one(folder, name, wish, deadline, held, waiting)
    except BaseException:
        held.__exit__(None, None, None)
        raise
    return held


def _take_one(
    folder: str, name: str, wish: LockWish, deadline: float, held: HeldLocks, waiting: Callable[[str], None]
) -> None:
    path = _path(folder, name)
    wait = _Wait(name, path, wish.timeout, deadline, waiting)
    turnstile = _open(path + ".turn")
    try:
        wait.until(lambda: _try(turnstile, fcntl.LOCK_EX))
        lock = _open(path)
        held.descriptors.append(lock)
        wait.until(lambda: _try(lock, fcntl.LOCK_SH if wish.concurrent else fcntl.LOCK_EX))
    finally:
        os.close(turnstile)
    if wish.concurrent and wish.limit is not None:
        slots = [_open(f"{path}.{number}") for number in range(wish.limit)]
        try:
            wait.until(lambda: any(_try(slot, fcntl.LOCK_EX) and _keep(slot, slots, held) for slot in list(slots)))
        finally:
            for slot in slots:
                os.close(slot)
    _write_holder(lock, wish.holder)


def _keep(slot: int, slots: list[int], held: HeldLocks) -> bool:
    slots.remove(slot)
    held.descriptors.append(slot)
    return True


class _Wait:
    """Polls for one lock; tells once that it waits, and for whom."""

    def __init__(self, name: str, path: str, timeout: float, deadline: float, waiting: Callable[[str], None]) -> None:
        self._name, self._path, self._timeout = name, path, timeout
        self._deadline, self._waiting = deadline, waiting
        self._told = False

    def until(self, taken: Callable[[], bool]) -> None:
        pause = _FIRST_PAUSE
        while not taken():
            if time.monotonic() >= self._deadline:
                raise LockTimeout(
                    f"the lock {self._name!r} was not free within {self._timeout:g} s; {_holder(self._path)}",
                    hint="wait for that run to end or stop it; the action's lock has a `timeout` for longer waits",
                )
            if not self._told:
                self._waiting(f"waiting for the lock {self._name!r}; {_holder(self._path)}")
                self._told = True
            time.sleep(min(pause, max(0.0, self._deadline - time.monotonic())))
            pause = min(pause * 2, _LONGEST_PAUSE)


def _path(folder: str, name: str) -> str:
    import hashlib

    # Names hold whatever a parameter held, so the file is called by their digest.
    return os.path.join(folder, hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:40])


def _open(path: str) -> int:
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SurroundingsError(
            f"the lock file cannot be opened: {error.strerror}", where=path, hint="check SOARKIT_HOME and its rights"
        ) from error


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return False
        raise SurroundingsError(
            f"the home folder cannot hold locks: {error.strerror}", hint="put SOARKIT_HOME on a local file system"
        ) from error
    return True


def _write_holder(descriptor: int, holder: dict[str, str]) -> None:
    text = json.dumps({**holder, "pid": os.getpid(), "since": time.strftime("%Y-%m-%d %H:%M:%S")})
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)
    except OSError:  # only whoever waits for it misses something
        pass


def _holder(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            holder = json.load(file)
        return f"held by {holder['app']}, {holder['action']!r}, process {holder['pid']}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "its holder has not said who it is"
