"""What processes that died have left behind: locks that are still held, half-done folders."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator

from soarkit import homefiles
from soarkit.doctor.findings import Finding
from soarkit.errors import typed
from soarkit.host import Host

_DEAD_AFTER = 3600.0  # seconds after which a half-done folder is nobody's work


def locks(host: Host) -> Iterator[Finding]:
    """Locks that are held although the host that took them is gone: its app runs on."""
    held = stale = 0
    for name in homefiles.names(host.lock_folder):
        path = os.path.join(host.lock_folder, name)
        if not homefiles.is_held(path):
            continue
        held += 1
        owner = homefiles.read_json(path)
        pid = owner.get("pid")
        if isinstance(pid, int) and not _is_alive(pid):
            stale += 1
            holders = _holders(path)
            by = f"process {', '.join(map(str, holders))}" if holders else "a process that cannot be found"
            yield Finding(
                "locks",
                "warning",
                f"a lock of {json.dumps(owner.get('app'))}, {json.dumps(owner.get('action'))}, is held by {by}, "
                f"whose host {pid} is gone",
                f"kill {' '.join(map(str, holders))}" if holders else f"look for it: fuser {typed(path)}",
            )
    if not stale:
        yield Finding("locks", "ok", f"{held} held")


def files(host: Host) -> Iterator[Finding]:
    """Folders of installations and builds that died."""
    found = [os.path.join(host.home, name) for name in homefiles.names(host.home) if name.startswith(".scratch-")]
    apps = os.path.join(host.home, "apps")
    staged = [os.path.join(apps, name) for name in homefiles.names(apps) if name.startswith(".staging-")]
    found += [path for path in staged if not homefiles.is_held(path)]
    old = [path for path in found if _age(path) > _DEAD_AFTER]
    if old:
        message = f"{len(old)} folders that processes which died have left"
        yield Finding("leftovers", "warning", message, f"rm -r {' '.join(map(typed, old))}")
    else:
        yield Finding("leftovers", "ok", "none")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True


def _holders(path: str) -> list[int]:
    """Processes that have a file open (Linux; elsewhere none is found)."""
    wanted = os.path.realpath(path)
    found = []
    for name in homefiles.names("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        try:
            folder = f"/proc/{name}/fd"
            if any(os.readlink(os.path.join(folder, one)) == wanted for one in os.listdir(folder)):
                found.append(int(name))
        except OSError:  # gone meanwhile, or another user's
            continue
    return found


def _age(path: str) -> float:
    try:
        return time.time() - os.stat(path).st_mtime
    except OSError:
        return 0.0
