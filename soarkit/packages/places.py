"""Where installed apps lie in the home folder, and what is left there by installations that died.

``apps/<slug>/<version>-<digest>/`` holds one version: the list of what it came with, and the app's own folder. Which
version is current, and which are installed at all, is the store's to say: a folder that it does not know is not
installed. So a version is complete before the store learns of it, and forgotten by the store before it is removed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from soarkit import homefiles
from soarkit.errors import SurroundingsError
from soarkit.packages import contents
from soarkit.packages.building import plain_version
from soarkit.store import spool

if TYPE_CHECKING:
    from soarkit.store.opened import Store

_STAGING = ".staging-"


def version_folder(home: str, slug: str, version: str, digest: str) -> str:
    """The folder of one version of an app."""
    return os.path.join(home, "apps", slug, f"{plain_version(version)}-{digest[:12]}")


@contextlib.contextmanager
def changing(home: str, appid: str, progress: Callable[[str], None]) -> Iterator[None]:
    """Be the only process that installs, switches or removes versions of an app."""

    def waiting() -> None:
        progress("waiting for another process that changes the same app")

    with homefiles.locked(home, _lock_name(appid), waiting=waiting):
        yield


@contextlib.contextmanager
def staging(home: str) -> Iterator[str]:
    """A folder beside the installed versions, gone afterwards; those of dead processes are removed on the way."""
    apps = os.path.join(home, "apps")
    try:
        os.makedirs(apps, mode=0o700, exist_ok=True)
        # A folder that is made and not locked yet must not be taken for a dead one.
        with homefiles.locked(home, "apps-staging", waiting=lambda: None):
            for name in homefiles.names(apps):
                if name.startswith(_STAGING):
                    _remove_if_dead(os.path.join(apps, name))
            folder = tempfile.mkdtemp(prefix=_STAGING, dir=apps)
            lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
            fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError as error:
        raise SurroundingsError(f"the folder cannot be written: {error.strerror}", where=apps) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def mark_unused(folder: str) -> None:
    """Say that the folder of a version is not installed yet, or not any more: it may be removed."""
    with open(os.path.join(folder, contents.UNUSED), "w", encoding="utf-8"):
        pass


def mark_used(folder: str) -> None:
    """Say that the folder of a version is installed."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(folder, contents.UNUSED))


def sweep(home: str, store: Store, appid: str) -> list[str]:
    """Remove versions of an app that are not installed, of which nothing runs; the caller is changing the app.

    Of other apps too, where nobody is changing them.

    :returns: folders that still have to wait, because an action runs in them
    """
    waiting = []
    for folder in _version_folders(home):
        if not os.path.exists(os.path.join(folder, contents.UNUSED)):
            continue
        owner = contents.read_appid(folder)
        with contextlib.ExitStack() as stack:
            if owner is not None and owner != appid and not stack.enter_context(_at_once(home, owner)):
                continue
            if not os.path.exists(os.path.join(folder, contents.UNUSED)):  # installed while we came to the lock
                continue
            # Asked under the lock: what was true before may not be any more.
            installed = {os.path.dirname(one.folder) for app in store.apps.list() for one in app.versions}
            if folder in installed:  # its process died in the last moment of the installation
                mark_used(folder)
            elif is_in_use(home, folder):
                waiting.append(folder)
            else:
                remove(folder)
    return waiting


def remove(folder: str) -> None:
    """Remove the folder of a version, and that of its app when it was the last."""
    for name in homefiles.names(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
    # The mark goes last: without it the rest would be taken for something that is needed.
    with contextlib.suppress(OSError):
        os.unlink(os.path.join(folder, contents.SHIPPED))
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        os.rmdir(os.path.dirname(folder))


def is_in_use(home: str, folder: str) -> bool:
    """Whether an action runs in the folder, as far as can be told: its record says so, or (Linux) its process."""
    inside = os.path.realpath(folder) + os.sep
    if any(os.path.realpath(str(run.get("app_path"))).startswith(inside) for run in spool.running(home)):
        return True
    for name in homefiles.names("/proc"):
        if name.isdigit():
            try:
                place = os.readlink(f"/proc/{name}/cwd")
            except OSError:  # gone meanwhile, or another user's
                continue
            if (place + os.sep).startswith(inside):
                return True
    return False


def _version_folders(home: str) -> Iterator[str]:
    apps = os.path.join(home, "apps")
    for slug in homefiles.names(apps):
        if not slug.startswith("."):
            yield from (os.path.join(apps, slug, name) for name in homefiles.names(os.path.join(apps, slug)))


@contextlib.contextmanager
def _at_once(home: str, appid: str) -> Iterator[bool]:
    """Whether nobody is changing that app; if so, nobody can until the end."""
    path = os.path.join(home, "locks", f"{_lock_name(appid)}.lock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _remove_if_dead(folder: str) -> None:
    """Remove the staging folder of a process that is gone."""
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def _lock_name(appid: str) -> str:
    return f"app-{hashlib.sha256(appid.encode()).hexdigest()[:16]}"
