"""The files of the vault: each under the SHA-1 of its contents, whole or not there.

What is being added lies in a folder of its own, locked by whoever writes it, until it is whole. A file and the row that
tells of it are made and removed together, by one process at a time: whatever is killed on the way leaves at most a file
that no row knows.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO

from soarkit import homefiles

_INCOMING = ".incoming"
_PIECE = 4 << 20  # bytes in memory at a time
_SHA1 = re.compile(r"[0-9a-f]{40}")
_HEAD = 4096  # bytes that tell what kind of file it is
_ABANDONED = 7 * 86400  # seconds after which nobody comes back for what apps have left in their temporary folder


class Altered(Exception):
    """A file's contents are not those that its name says."""


@dataclass(frozen=True)
class Received:
    """The contents of a file, copied and not yet in its place.

    :param path: where they are
    :param head: how they begin
    """

    path: str
    size: int
    sha1: str
    sha256: str
    md5: str
    head: bytes


class VaultFiles:
    """The files of one home folder's vault.

    :param home: soarkit's home folder
    :ivar folder: what apps know as PHANTOM_VAULT
    """

    def __init__(self, home: str) -> None:
        self.folder = os.path.join(home, "phantom", "vault")
        self._incoming = os.path.join(self.folder, _INCOMING)
        self._lock = os.path.join(home, "locks", "vault.lock")

    def path(self, vault_id: str) -> str:
        """Where the file with that SHA-1 is, or would be."""
        return os.path.join(self.folder, vault_id[:2], vault_id[2:4], vault_id)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """While nobody else puts files into their places, or removes them."""
        os.makedirs(os.path.dirname(self._lock), mode=0o700, exist_ok=True)
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def receive(self, source: IO[bytes], watch: Callable[[int], None]) -> Iterator[Received]:
        """Copy contents, for :meth:`place`; what has not been placed in the end is gone.

        A copy, whatever the file system could share: who gives a file may go on writing into it.

        :param watch: told now and then how many bytes there are
        """
        with self.alone():
            os.makedirs(self._incoming, mode=0o700, exist_ok=True)
            for path in self.leftovers():
                os.unlink(path)
            self.clear_temporary()
            descriptor, path = tempfile.mkstemp(dir=self._incoming)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        try:
            yield _copy(source, descriptor, path, watch)
        finally:
            os.close(descriptor)
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)

    def place(self, received: Received) -> None:
        """Put a file where it belongs, also in the place of one that was altered. Only within :meth:`alone`."""
        path = self.path(received.sha1)
        folder = os.path.dirname(path)
        made = not os.path.isdir(folder)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        os.replace(received.path, path)
        for one in (folder, os.path.dirname(folder), self.folder)[: 3 if made else 1]:
            _sync(one)

    def remove(self, vault_id: str) -> None:
        """Remove a file, if it is there. Only within :meth:`alone`."""
        path = self.path(vault_id)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        with contextlib.suppress(OSError):  # others are in there
            os.rmdir(os.path.dirname(path))
            os.rmdir(os.path.dirname(os.path.dirname(path)))

    def ids(self) -> Iterator[str]:
        """The SHA-1 of each file, by its name."""
        for first in homefiles.names(self.folder):
            if len(first) == 2:
                for second in homefiles.names(os.path.join(self.folder, first)):
                    for name in homefiles.names(os.path.join(self.folder, first, second)):
                        if _SHA1.fullmatch(name) and name.startswith(first + second):
                            yield name

    def leftovers(self) -> list[str]:
        """Paths of half-copied files whose process is gone. Only within :meth:`alone` are they surely nobody's."""
        paths = [os.path.join(self._incoming, name) for name in homefiles.names(self._incoming)]
        return [path for path in paths if not homefiles.is_held(path)]

    def clear_temporary(self) -> None:
        """Remove what apps put into their temporary folder long ago: few of them take it away again."""
        folder = os.path.join(self.folder, "tmp")
        limit = time.time() - _ABANDONED
        for name in homefiles.names(folder):
            path = os.path.join(folder, name)
            with contextlib.suppress(OSError):  # an app removes it just now, or it belongs to somebody else
                about = os.lstat(path)
                if about.st_mtime < limit:
                    shutil.rmtree(path) if stat.S_ISDIR(about.st_mode) else os.unlink(path)

    def pieces(self, vault_id: str) -> Iterator[bytes]:
        """The contents of a file.

        :raises Altered: at their end, where they are not what they were
        :raises OSError: they cannot be read
        """
        digest = hashlib.sha1(usedforsecurity=False)
        with open(self.path(vault_id), "rb", buffering=0) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                yield piece
        if digest.hexdigest() != vault_id:
            raise Altered


def _copy(source: IO[bytes], descriptor: int, path: str, watch: Callable[[int], None]) -> Received:
    """Copy and digest in one pass, so that the digests are those of what is kept."""
    sha1, md5 = hashlib.sha1(usedforsecurity=False), hashlib.md5(usedforsecurity=False)
    sha256 = hashlib.sha256()
    size, head = 0, b""
    # The three together would take twice as long as reading and writing; digesting leaves other threads alone.
    with open(descriptor, "wb", buffering=0, closefd=False) as target, ThreadPoolExecutor(2) as beside:
        while piece := _read(source):
            others = [beside.submit(digest.update, piece) for digest in (sha256, md5)]
            sha1.update(piece)
            view = memoryview(piece)
            while view:
                view = view[target.write(view) :]
            for other in others:
                other.result()
            head = head or piece[:_HEAD]
            size += len(piece)
            watch(size)
    os.fchmod(descriptor, 0o400)
    os.fsync(descriptor)
    return Received(path, size, sha1.hexdigest(), sha256.hexdigest(), md5.hexdigest(), head)


def _read(source: IO[bytes]) -> bytes:
    piece: bytes | None = source.read(_PIECE)
    if piece is None:  # and not the end: what comes later would be missing
        raise BlockingIOError(errno.EAGAIN, "nothing can be read yet, and the source does not wait")
    return piece


def _sync(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
