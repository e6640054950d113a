"""Unpacking app tarballs, which come from strangers.

Everything is checked before anything is written: the first pass reads all headers (and, to get from one to the next,
decompresses all contents), the second pass writes. The archive is read as a stream and never held in memory.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from typing import IO

from soarkit.errors import ArchiveError, SurroundingsError
from soarkit.packages.streams import MAX_READ, Stream, StreamError
from soarkit.packages.survey import Refusal, Survey, quoted

#: Unpacked size in bytes. The largest public apps are 200 MiB of wheels; whoever ships more has made a mistake.
MAX_SIZE = 2 * 1024**3
#: Unpacked against packed size. Source text packs 10:1 at best, tables 50:1; bombs start at 1000:1.
MAX_RATIO = 200
#: Below this unpacked size the ratio says nothing: a few empty files pack better than any bomb.
RATIO_APPLIES_FROM = 16 * 1024**2
#: Bytes of global extended headers, which are kept for the whole archive; git writes 52.
MAX_GLOBAL_HEADERS = 64 * 1024
_BLOCK = 512  # tar's unit
_UNPACKED = "app"  # the folder inside a cache entry


def unpack(archive: str, target: str, *, one_app: bool = True) -> str:
    """Unpack an app's tarball (``.tgz``, ``.tar.gz``, ``.tar``, ``.tar.bz2``, ``.tar.xz``) into a new folder.

    :param archive: the tarball; one folder at its top is expected, none is accepted
    :param target: the folder to make; it must not exist, or be empty; it appears complete or not at all
    :param one_app: refuse a second manifest beside the first
    :returns: the app's folder: ``target``, or the one folder inside it
    :raises SurroundingsError: the folder cannot be written
    :raises ArchiveError: the archive is damaged, or has an entry that no app needs and an attacker might: an absolute
        path, ``..``, a link that leaves the folder, a device, a name twice or in two spellings, setuid bits, a name
        that is not UTF-8 or holds control characters, too many or too large contents, two manifests. The message has
        the entry's name, and nothing was written.
    """
    target = os.path.abspath(target)
    require_empty(target)
    with opened(archive) as file:
        survey = _survey(archive, file, one_app=one_app)
        with appearing(target) as temporary, explained(archive):
            file.seek(0)
            _write(file, survey, temporary)
    top = survey.top
    return os.path.join(target, top) if top else target


def require_empty(target: str) -> None:
    """Refuse to unpack over something.

    :raises ArchiveError: the folder exists and is not empty
    """
    if os.path.lexists(target) and (not os.path.isdir(target) or os.listdir(target)):
        raise ArchiveError("the folder to unpack into is not empty", where=target)


@contextlib.contextmanager
def appearing(target: str) -> Iterator[str]:
    """A folder to unpack into that becomes ``target`` when all went well, and is gone otherwise.

    :raises SurroundingsError: it cannot be written
    """
    temporary = ""
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        temporary = tempfile.mkdtemp(prefix=".unpacking-", dir=os.path.dirname(target))
        yield temporary
        os.rename(temporary, target)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise SurroundingsError(f"the archive cannot be unpacked: {error.strerror}", where=target) from None
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def check(archive: str) -> None:
    """Read an app's tarball to its end without writing anything.

    :raises ArchiveError: as :func:`unpack`
    """
    with opened(archive) as file:
        _survey(archive, file, one_app=True)


def cached_unpack(archive: str, home: str, unpack: Callable[[str, str], str] = unpack) -> str:
    """Unpack a tarball once into the home folder, under the digest of its content.

    :param home: SOARKIT_HOME
    :param unpack: unpacks a tarball into a new folder; gives the app's folder
    :returns: the app's folder, the same for the same content
    :raises ArchiveError: as :func:`unpack`
    """
    digest = hashlib.sha256()
    with opened(archive) as file:
        while block := file.read(MAX_READ):
            digest.update(block)
    entry = os.path.join(home, "unpacked", digest.hexdigest())
    target = os.path.join(entry, _UNPACKED)
    os.makedirs(entry, mode=0o700, exist_ok=True)
    lock = os.open(os.path.join(entry, "lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs of one tarball at once: the second finds it done
        if not os.path.isdir(target):
            return unpack(archive, target)
    finally:
        os.close(lock)
    inside = os.listdir(target)
    only = os.path.join(target, inside[0]) if len(inside) == 1 else ""
    return only if os.path.isdir(only) and not os.path.islink(only) else target


def _survey(archive: str, file: IO[bytes], *, one_app: bool) -> Survey:
    """The first pass: everything it holds, judged."""
    survey = Survey()
    name = ""
    with explained(archive):
        try:
            for member, stream in members(file):
                name = member.name
                survey.add(member, stream)
        except StreamError as error:
            raise StreamError(f"{error}, at entry {quoted(name)}" if name else str(error)) from None
        survey.finish(one_app=one_app)
    return survey


@contextlib.contextmanager
def opened(archive: str) -> Iterator[IO[bytes]]:
    """The archive's file.

    :raises ArchiveError: it cannot be read
    """
    try:
        file = open(archive, "rb")  # noqa: SIM115 - only the opening may fail here
    except OSError as error:
        raise ArchiveError(f"cannot be read: {error.strerror}", where=archive) from None
    with file:
        yield file


@contextlib.contextmanager
def explained(archive: str) -> Iterator[None]:
    """Everything that a hostile or damaged archive can cause, as an :class:`ArchiveError`."""
    hint = "Nothing was unpacked."
    try:
        yield
    except Refusal as refusal:
        raise ArchiveError(str(refusal), where=archive, hint=hint) from None
    except StreamError as error:
        raise ArchiveError(f"the archive is refused: {error}", where=archive, hint=hint) from None
    except RecursionError:
        raise ArchiveError("the archive is refused: endless extended headers", where=archive, hint=hint) from None
    except (tarfile.TarError, EOFError, ValueError, OverflowError, LookupError) as error:
        raise ArchiveError(f"the archive is damaged, or no tarball ({error})", where=archive, hint=hint) from None


def members(file: IO[bytes]) -> Iterator[tuple[tarfile.TarInfo, Stream]]:
    """Every member with the stream at the start of its content; whoever iterates may read that much of it.

    :raises StreamError, tarfile.TarError: the archive is damaged, or goes beyond a limit
    """
    stream = Stream(file, limit=MAX_SIZE, ratio=MAX_RATIO, ratio_from=RATIO_APPLIES_FROM)
    with tarfile.open(fileobj=stream, mode="r:", encoding="utf-8", errors="surrogateescape") as tar:  # type: ignore[call-overload]
        while (member := tar.next()) is not None:
            tar.members = []  # it would keep every header
            if sum(map(len, tar.pax_headers.values())) > MAX_GLOBAL_HEADERS:
                raise StreamError("its global headers are too large")
            yield member, stream
    # tarfile takes anything that is no header for the end; an archive ends with a block of zeros.
    if stream.last != bytes(_BLOCK):
        raise StreamError("it ends in the middle, or holds something that is no tar entry")
    while stream.read(MAX_READ):  # the checksum of compressed data comes last
        pass


def _write(file: IO[bytes], survey: Survey, root: str) -> None:
    """The second pass: write what the first has seen, and nothing else."""
    for folder in sorted(survey.folders):  # parents come first
        os.mkdir(os.path.join(root, folder), 0o755)
    for member, stream in members(file):
        name = survey.path_of(member)
        if member.isreg() and survey.files.get(name) == member.size:
            write_file(os.path.join(root, name), member, stream)
        elif not member.isdir() and name not in survey.links and name not in survey.hard_links:
            raise StreamError("it has changed while it was read")
    for name, source in survey.hard_links.items():
        os.link(os.path.join(root, source), os.path.join(root, name))
    for name, goal in survey.links.items():  # last, so that nothing is ever written through one
        os.symlink(goal, os.path.join(root, name))


def write_file(path: str, member: tarfile.TarInfo, stream: Stream) -> None:
    """Write a member's content to a new file.

    :param stream: at the start of the content
    :raises StreamError: it ends too early
    """
    mode = 0o755 if member.mode & 0o111 else 0o644
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as output:
        rest = member.size
        while rest > 0:
            block = stream.read(min(rest, MAX_READ))
            if not block:
                raise StreamError("it ends in the middle")
            output.write(block)
            rest -= len(block)
