"""Environments built anew, and removed when nothing needs them any more.

Nothing is ever taken from a run: one that was built anew stands beside the old one, and an environment that a process
uses, or that a run has asked for within the last minute and may be about to start from, stays.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from soarkit import homefiles
from soarkit.environments import build, catalogue, disk, running, stamps
from soarkit.environments.catalogue import Entry, Use
from soarkit.environments.known import STAMP, Environment
from soarkit.errors import RequestError, SoarkitError

_JUST_NOW = 60.0  # seconds between asking for an environment and having started from it, generously
_DAY = 86400.0


@dataclass(frozen=True)
class Leftover:
    """Something that may be removed.

    :ivar path: the folder
    :ivar reason: why nothing needs it
    :ivar entry: what it is, when it is an environment
    """

    path: str
    reason: str
    entry: Entry | None = None


@dataclass(frozen=True)
class Pruned:
    """What :func:`prune` has removed, or would remove.

    :ivar removed: what went
    :ivar kept: what stayed since a process uses it
    :ivar freed: bytes of the disk that are free without it
    """

    removed: tuple[Leftover, ...]
    kept: tuple[Leftover, ...]
    freed: int


def refresh(home: str, wanted: Iterable[Use], progress: Callable[[str], None]) -> list[Environment]:
    """Build environments anew from the index and the baseline as they are now.

    The old ones can be used until the new ones are complete; what runs from them goes on. Other apps that share one get
    the new one too. :func:`prune` removes the old ones when nothing runs from them any more.

    :param wanted: the uses whose environments are meant
    :returns: the new ones
    :raises RequestError: no app uses them, so nobody knows what belongs into them
    :raises BuildError: one cannot be built; the old one stays in use
    """
    first = list(wanted)
    if not first:
        raise RequestError("no app uses this environment", hint="soarkit env prune removes it.")
    old = {one.environment for one in first}
    sharing = [one for one in catalogue.uses(home)[0] if one.environment in old and one not in first]
    renewed: set[str] = set()
    made = [_again(home, one, renewed, progress) for one in first]
    for one in sharing:
        try:
            _again(home, one, renewed, progress)
        except SoarkitError as error:
            progress(f"warning: {one.name} keeps its old environment: {error.message}")
    return list(dict.fromkeys(made))


def _again(home: str, use: Use, renewed: set[str], progress: Callable[[str], None]) -> Environment:
    manifest = {**use.declared, "name": use.name}
    return build.ensure(
        manifest,
        use.folder,
        home,
        progress=progress,
        python=use.python,
        index_fallback=use.index_fallback,
        renewed=renewed,
    )


def prune(home: str, *, older_than: float | None = None, dry_run: bool = False) -> Pruned:
    """Remove environments that no app refers to or whose build never ended, and what is left of other work that died.

    :param older_than: also those that were not used for so many seconds, whoever refers to them
    :param dry_run: say only what would be removed
    """
    removable = list(_leftovers(home, older_than))
    busy = running.in_use(one.path for one in removable)
    kept = [one for one in removable if one.path in busy or _just_used(one, home)]
    removable = [one for one in removable if one not in kept]
    freed = disk.usage(one.path for one in removable).freed
    if not dry_run:
        stayed = _remove(home, removable)
        kept += stayed
        removable = [one for one in removable if one not in stayed]
        gone = {one.path for one in removable}
        uses, stale = catalogue.uses(home)
        for memo in (*stale, *(one.memo for one in uses if one.environment in gone)):
            _unlink(memo)
    return Pruned(tuple(removable), tuple(kept), freed)


def _leftovers(home: str, older_than: float | None) -> Iterable[Leftover]:
    for entry in catalogue.entries(home):
        age = time.time() - (entry.last_used or 0)
        if entry.state == "building":
            continue
        if entry.state == "unfinished":
            yield Leftover(entry.folder, "its build never ended", entry)
        elif not entry.uses:
            yield Leftover(entry.folder, "no app uses it", entry)
        elif older_than is not None and age > older_than:
            yield Leftover(entry.folder, f"not used for {age / _DAY:.0f} days", entry)
    for folder in (home, os.path.join(home, "recorder")):
        for name in homefiles.names(folder):
            path = os.path.join(folder, name)
            left = name.startswith(".scratch-") if folder == home else name.endswith(".new")
            if left and time.time() - os.lstat(path).st_mtime > _DAY:  # nothing that still writes there takes so long
                yield Leftover(path, "left by something that was killed")


def _just_used(one: Leftover, home: str) -> bool:
    """Whether a run may have asked for the environment, and not have started from it yet."""
    if one.entry is None or one.entry.state == "unfinished":
        return False
    times = [use.last for use in catalogue.uses(home)[0] if use.environment == one.path]
    # One that was built anew: until then it was this one that runs were given.
    times += [os.stat(path).st_mtime for path in stamps.generations(home, one.entry.key) if path != one.path]
    return time.time() - max(times, default=0.0) < _JUST_NOW


def _remove(home: str, removable: Iterable[Leftover]) -> list[Leftover]:
    """Remove them; gives those that have to stay, since something has begun to use them."""
    stayed = []
    for one in removable:
        if one.entry is None:
            shutil.rmtree(one.path, ignore_errors=True)
            continue
        with catalogue.held(home, f"environment-{one.entry.key}") as ours:
            hidden = os.path.join(one.path, f".{STAMP}")
            if ours is None or not _rename(os.path.join(one.path, STAMP), hidden):
                stayed.append(one)  # it is being built
                continue
            # From here on nobody finds it; who found it before this has started, or has left a fresh memo.
            if running.in_use([one.path]) or _just_used(one, home):
                _rename(hidden, os.path.join(one.path, STAMP))
                stayed.append(one)
                continue
            shutil.rmtree(one.path, ignore_errors=True)
    return stayed


def _rename(path: str, other: str) -> bool:
    """Whether the file now has the other name; True, too, where there is none, as in what was never finished."""
    try:
        os.replace(path, other)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass
