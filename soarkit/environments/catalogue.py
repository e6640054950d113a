"""All environments of a home folder, and the apps that use them.

An environment does not know its apps; the memos do: each says which app's folder asked for what, and which environment
answered. A memo's time is that of its last use. When an app's dependencies change it gets another memo, so of those for
one folder and one interpreter the last used one counts.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from soarkit import homefiles
from soarkit.environments import stamps
from soarkit.environments.known import FORMAT, MEMOS
from soarkit.errors import RequestError

_SHORT = 10  # characters of a key that people see


@dataclass(frozen=True)
class Use:
    """An app that uses an environment.

    :ivar memo: the file that says so
    :ivar folder: the app's folder
    :ivar name: the app's name
    :ivar environment: the environment's folder
    :ivar declared: the parts of the app JSON that were asked with
    :ivar python: the interpreter that was wanted for it; None: the one that fits best
    :ivar index_fallback: whether the package index might replace wheels
    :ivar last: when it was last used, in seconds since the epoch
    """

    memo: str
    folder: str
    name: str
    environment: str
    declared: dict[str, Any]
    python: str | None
    index_fallback: bool
    last: float


@dataclass(frozen=True)
class Entry:
    """One environment's folder.

    :ivar state: ``ready``, ``broken``, ``unfinished`` or ``building``
    :ivar about: what :func:`stamps.describe` says
    :ivar uses: the apps that use it, the last one first
    """

    folder: str
    state: str
    about: dict[str, Any]
    uses: tuple[Use, ...]

    @property
    def key(self) -> str:
        """SHA-256 over what it was built from; the same for one that was built anew."""
        return stamps.key_of(os.path.basename(self.folder)) or ""

    @property
    def short(self) -> str:
        """The key as people name it, with its number when it was built anew."""
        number = stamps.generation(self.folder)
        return self.key[:_SHORT] + (f".{number}" if number > 1 else "")

    @property
    def last_used(self) -> float | None:
        """Seconds since the epoch; of one that no app uses, when it was built; None where that is not known."""
        times = [one.last for one in self.uses]
        try:
            return max(times) if times else os.stat(self.folder).st_mtime
        except OSError:
            return None


def uses(home: str) -> tuple[list[Use], list[str]]:
    """The uses that count, and the memos that do not: of apps that are gone, or from before their lists changed."""
    found: dict[tuple[Any, ...], Use] = {}
    stale = []
    folder = os.path.join(home, MEMOS)
    for name in homefiles.names(folder):
        use = _use(os.path.join(folder, name), home) if name.endswith(".json") else None
        if use is None or not os.path.isdir(use.folder):
            stale.append(os.path.join(folder, name))
            continue
        asked = (use.folder, use.declared.get("main_module"), use.python, use.index_fallback)
        other = found.get(asked)
        if other is not None:
            stale.append(min(use, other, key=lambda one: one.last).memo)
            use = max(other, use, key=lambda one: one.last)
        found[asked] = use
    return list(found.values()), stale


def _use(memo: str, home: str) -> Use | None:
    noted = homefiles.read_json(memo)
    try:
        written, _, _, _, folder, python, index_fallback, declared = json.loads(noted["question"])
        name, environment = noted["app"]["name"], str(noted["environment"])
        last = os.stat(memo).st_mtime
    except (OSError, ValueError, LookupError, TypeError):
        return None
    if written != FORMAT or not isinstance(declared, dict):
        return None
    place = stamps.root(home)
    if os.path.realpath(os.path.dirname(environment)) == os.path.realpath(place):
        environment = os.path.join(
            place, os.path.basename(environment)
        )  # the home may have had another name, by a link
    return Use(memo, folder, str(name or os.path.basename(folder)), environment, declared, python, index_fallback, last)


def entries(home: str) -> list[Entry]:
    """All environments, the last used one first."""
    by_folder: dict[str, list[Use]] = {}
    for use in sorted(uses(home)[0], key=lambda one: -one.last):
        by_folder.setdefault(use.environment, []).append(use)
    found = []
    for name in homefiles.names(stamps.root(home)):
        key = stamps.key_of(name)
        if key is None:
            continue
        folder = os.path.join(stamps.root(home), name)
        about = stamps.describe(folder)
        state = about["state"]
        if state == "unfinished" and homefiles.is_held(_lock_path(home, f"environment-{key}")):
            state = "building"
        found.append(Entry(folder, state, {**about, "state": state}, tuple(by_folder.get(folder, ()))))
    return sorted(found, key=lambda one: -(one.last_used or 0))


def find(home: str, key: str) -> Entry:
    """The environment whose key begins like that, as ``soarkit env list`` shows it.

    :raises RequestError: there is none, or several
    """
    start, dot, number = key.strip().partition(".")
    fitting = [
        one
        for one in entries(home)
        if start and one.key.startswith(start) and (not dot or str(stamps.generation(one.folder)) == number)
    ]
    if len({one.key for one in fitting}) == 1:
        return max(fitting, key=lambda one: stamps.generation(one.folder))
    problem = "several environments begin like that" if fitting else "there is no such environment"
    raise RequestError(problem, where=key, hint="soarkit env list shows them all.")


def _lock_path(home: str, name: str) -> str:
    return os.path.join(home, "locks", f"{name}.lock")


@contextmanager
def held(home: str, name: str) -> Iterator[int | None]:
    """Hold a lock of :func:`homefiles.locked` if nobody else does: gives its descriptor, or None at once."""
    path = _lock_path(home, name)
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield descriptor
    except BlockingIOError:
        yield None
    finally:
        os.close(descriptor)
