"""Making an app's package: a tarball whose bytes depend on the app's files alone.

Not on where they lie, in which order the system lists them, who owns them, when they were written, or on the umask or
language of whoever packs: entries are sorted by the bytes of their names, owned by nobody, dated alike, with mode 0755
or 0644. The compressed bytes also depend on zlib, whose releases and forks may pack the same differently;
:attr:`Package.digest` does not.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import posixpath
import re
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from soarkit.errors import ArchiveError, SurroundingsError, UsageError
from soarkit.manifest.bundles import metadata
from soarkit.manifest.loader import load
from soarkit.manifest.model import App
from soarkit.manifest.naming import slug_of
from soarkit.packages import archive, bundles, contents, ignores
from soarkit.packages.contents import ShippedFile
from soarkit.packages.selection import Chosen, Selection

#: When all entries were written, unless SOURCE_DATE_EPOCH says otherwise: 1980, the first year that zip files know.
_TIME = 315532800
_BLOCK = 256 * 1024
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_UNWANTED = re.compile(r"[^A-Za-z0-9._+-]+")


@dataclass(frozen=True)
class Package:
    """A package that was made.

    :ivar path: the file
    :ivar size: its bytes
    :ivar sha256: digest of the file in hex
    :ivar digest: digest of the app's files, which an installed version shows too
    """

    path: str
    size: int
    sha256: str
    digest: str


def file_name(app: App) -> str:
    """What an app's package is called: ``SLUG-VERSION.tgz``, of a bundle with the last part of its ``app_name``."""
    if app.kind == "enrichment":
        return f"{metadata.of(app).app_name.rpartition('.')[2]}-{plain_version(app.app_version)}.tgz"
    return f"{slug_of(app.name)}-{plain_version(app.app_version)}.tgz"


def plain_version(version: str) -> str:
    """An app's version as part of a file name; published ones are plain already."""
    return _UNWANTED.sub("_", version)[:60]


def top_folder(app: App) -> str:
    """The folder at the package's top, which the platform takes for the app's ``directory``.

    It comes from the app JSON (``directory``, else ``package_name``, else the slug) and not from the folder that is
    packed: the same app has the same package wherever it was checked out.
    """
    for key in ("directory", "package_name"):
        name = app.raw.get(key)
        if isinstance(name, str) and _PLAIN.fullmatch(name):
            return name
    return slug_of(app.name)


def build(selection: Selection, output: str) -> Package:
    """Write the package of an app.

    :param selection: what goes in
    :param output: the file to write; it appears complete or not at all
    :raises ArchiveError: nobody could unpack the result: names that are not UTF-8 or too long, two app JSON files ...
    :raises UsageError: there is something at the place to write to that must not be replaced
    :raises SurroundingsError: a file cannot be read, or the package not be written
    """
    app = load(os.path.join(selection.folder, selection.manifest))
    output = _place(output, selection)
    time = _time()
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".soarkit-", suffix=".tgz", dir=os.path.dirname(output))
    except OSError as error:
        raise SurroundingsError(f"the package cannot be written: {error.strerror}", where=output) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=file, mtime=0) as packed:
                # A bundle's archive is made inside its folder, without one around everything (guide, chapter 5).
                top = "" if app.kind == "enrichment" else top_folder(app)
                files = _write(packed, top, selection.files, time)
            file.flush()
            os.fsync(file.fileno())
        _check(temporary, selection, app)
        sha256 = contents.examine(temporary).sha256
        size = os.path.getsize(temporary)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, output)
    except BaseException as error:
        os.unlink(temporary)
        if isinstance(error, OSError):
            raise SurroundingsError(f"the package cannot be written: {error.strerror}", where=output) from None
        raise
    return Package(output, size, sha256, contents.digest(files))


def _place(output: str, selection: Selection) -> str:
    """The file that will be replaced: what a link leads to, never a device or a file of the app itself."""
    if os.path.exists(output) and not os.path.isfile(output):
        raise UsageError("a package cannot be written there: it is no ordinary file", where=output)
    real = os.path.realpath(output)
    if any(real == one.source for one in selection.files):
        raise UsageError(
            "it is a file of the app, which the package would replace",
            where=output,
            hint=f"write to another file; an older package that lies there can be named in {ignores.IGNORES}",
        )
    return real if os.path.islink(output) else os.path.abspath(output)


def _write(packed: gzip.GzipFile, top: str, chosen: Sequence[Chosen], time: int) -> dict[str, ShippedFile]:
    files = {}
    written = 0
    by_path = {one.path: one for one in chosen}
    folders = [path for path in _folders(by_path) if path or top]
    for path in sorted([*folders, *by_path], key=lambda path: path.encode(errors="surrogateescape")):
        info = tarfile.TarInfo(posixpath.join(top, path) if path else top)
        info.mtime = time
        one = by_path.get(path)
        if one is None:
            info.type, info.mode = tarfile.DIRTYPE, 0o755
        else:
            info.size, info.mode = one.size, one.mode
        header = info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
        packed.write(header)
        written += len(header)
        if one is not None:
            files[path] = ShippedFile(_copy(one, packed), one.mode)
            padding = -one.size % tarfile.BLOCKSIZE
            packed.write(bytes(padding))
            written += one.size + padding
    packed.write(bytes(2 * tarfile.BLOCKSIZE + (-written - 2 * tarfile.BLOCKSIZE) % tarfile.RECORDSIZE))
    return files


def _folders(paths: dict[str, Chosen]) -> Iterator[str]:
    """Every folder that the files lie in, the top included, each once."""
    found = {""}
    for path in paths:
        while path := posixpath.dirname(path):
            found.add(path)
    yield from found


def _copy(one: Chosen, packed: gzip.GzipFile) -> str:
    """Write a file's content. :returns: its digest"""
    digest = hashlib.sha256()
    rest = one.size
    try:
        with open(one.source, "rb") as file:
            while block := file.read(min(_BLOCK, rest + 1)):
                rest -= len(block)
                if rest < 0:
                    break
                digest.update(block)
                packed.write(block)
    except OSError as error:
        raise SurroundingsError(f"the file cannot be read: {error.strerror}", where=one.source) from None
    if rest:
        raise SurroundingsError("the file changed while it was packed", where=one.source, hint="try again")
    return digest.hexdigest()


def _check(path: str, selection: Selection, app: App) -> None:
    try:
        if app.kind == "enrichment":
            bundles.refuse(bundles.survey(path), path)
        else:
            archive.check(path)
    except ArchiveError as error:
        raise ArchiveError(
            error.message.replace("the archive is refused: ", ""),
            where=selection.folder,
            hint="Nothing was written: neither soarkit nor the platform would take such a package.",
        ) from None


def _time() -> int:
    """The time to put into all entries, in seconds since 1970."""
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not text:
        return _TIME
    if text.isascii() and text.isdigit() and int(text) < 8**11:  # what a tar header can hold
        return int(text)
    raise UsageError("it must be a number of seconds since 1970", where=f"SOURCE_DATE_EPOCH={text}")


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
