"""Enrichment bundles as files: their archives and folders judged by rules B1 to B11, unpacked, and chosen for packing.

Everything is judged before anything is written, as :mod:`soarkit.packages.archive` does for apps.
"""

from __future__ import annotations

import json
import os
import posixpath
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from soarkit.errors import ArchiveError, ManifestError, RequestError, SurroundingsError
from soarkit.manifest.bundles import metadata as described
from soarkit.manifest.bundles.validating import validate_bundle
from soarkit.manifest.findings import Finding
from soarkit.manifest.keys import SOURCE
from soarkit.manifest.source import METADATA, app_json_files
from soarkit.manifest.validation import count
from soarkit.packages import archive as tarballs
from soarkit.packages.bundle_rules import ENDINGS, Entry, Judge, Problem
from soarkit.packages.selection import Chosen, LeftOut, Selection
from soarkit.packages.streams import MAX_READ, Stream, StreamError
from soarkit.packages.survey import MAX_MANIFEST

_DEEPEST = 5  #: folders below which no metadata is looked for
_BZIP2, _XZ = b"BZh", b"\xfd7zXZ\x00"
#: What is never looked into when a folder is judged.
_VERSION_CONTROL = (".git", ".hg", ".svn")
_RULES = {
    "B4": "byte code",
    "B5": "virtual environment",
    "B6": "left by the system",
    "B8": "no part of a bundle",
}


@dataclass(frozen=True)
class Surveyed:
    """What an archive or a folder holds.

    :ivar files: path → size of the files that belong to the bundle
    :ivar skipped: path → rule of those that do not
    :ivar problems: rules that it breaks, errors first
    """

    files: dict[str, int]
    skipped: dict[str, str]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems for which it cannot be installed."""
        return tuple(one for one in self.problems if one.severity == "error")


def is_bundle_archive(path: str) -> bool:
    """Whether a file is the archive of a bundle, and not of a connector: decided by what it holds (B3).

    It is one that has a ``metadata.json`` of a bundle at its top or one folder below, or scripts in ``source`` at its
    top; or such metadata in folders around everything, and no app JSON. A damaged one is none.
    """
    scripts = deeper = False
    try:
        with tarballs.opened(path) as file, tarballs.explained(path):
            for member, stream in tarballs.members(file):
                name = posixpath.normpath(member.name)
                depth = name.count("/")
                if depth < _DEEPEST and name.endswith(".json") and member.isreg() and member.size <= MAX_MANIFEST:
                    found = _parsed(_content(stream, member.size))
                    if depth < 2 and "main_module" in found and "actions" in found:
                        return False
                    if posixpath.basename(name) == METADATA and ("transforms" in found or "sdk_type" in found):
                        if depth < 2:
                            return True
                        deeper = True
                    scripts = scripts or name == METADATA
                scripts = scripts or (name.startswith(f"{SOURCE}/") and name.endswith(".py"))
    except ArchiveError:
        return False
    return scripts or deeper


def is_bundle_folder(path: str) -> bool:
    """Whether a path is that of a bundle's folder, or of its ``metadata.json``, and not of a connector's."""
    if not described.is_bundle(path):
        return False
    return not (os.path.isdir(path) and app_json_files(path))


def survey(archive: str) -> Surveyed:
    """Judge an archive without writing anything.

    :raises ArchiveError: it is damaged, or no tar at all
    """
    judge = Judge()
    metadata = None
    with tarballs.opened(archive) as file:
        start = file.read(len(_XZ))
        file.seek(0)
        with tarballs.explained(archive):
            for member, stream in tarballs.members(file):
                path = judge.add(Entry(member.name, _kind(member), member.size))
                if judge.is_full:
                    break
                if path == METADATA and member.size <= MAX_MANIFEST:
                    metadata = _parsed(_content(stream, member.size)) or None
    problems = [*judge.finish(metadata), *_packing(archive, start)]
    return Surveyed(judge.files, judge.skipped, tuple(problems))


def survey_folder(folder: str) -> Surveyed:
    """Judge a bundle's folder as its author keeps it. What ``soarkit package`` leaves out is at most a warning.

    :raises SurroundingsError: it cannot be read
    """
    judge = Judge(packed=False)
    metadata = None
    for entry in _entries(folder, ""):
        if judge.add(entry) == METADATA:
            with open(os.path.join(folder, METADATA), "rb") as file:
                metadata = _parsed(file.read(MAX_MANIFEST)) or None
        if judge.is_full:
            break
    return Surveyed(judge.files, judge.skipped, tuple(judge.finish(metadata)))


def check(path: str, shown: str | None = None) -> list[Finding]:
    """The findings about a bundle's archive or folder by rules B1 to B11, errors first.

    :param shown: what findings call it, when that is not its path
    """
    shown = shown or path
    try:
        found = survey_folder(path) if os.path.isdir(path) else survey(path)
    except ArchiveError as error:
        return [Problem("B3", "error", "", error.message).finding(shown)]
    return [one.finding(shown if os.path.isdir(path) else f"{shown}!") for one in found.problems]


def unpack(archive: str, target: str) -> str:
    """Unpack a bundle's archive into a new folder, without what is no part of the bundle.

    :param target: the folder to make; it must not exist, or be empty; it appears complete or not at all
    :returns: the folder
    :raises ArchiveError: it breaks rules; the message has the first one and says how many more. Nothing was written
    :raises SurroundingsError: the folder cannot be written
    """
    target = os.path.abspath(target)
    tarballs.require_empty(target)
    found = survey(archive)
    refuse(found, archive)
    with tarballs.opened(archive) as file, tarballs.appearing(target) as temporary, tarballs.explained(archive):
        for member, stream in tarballs.members(file):
            path = "/".join(part for part in member.name.split("/") if part not in ("", "."))
            if path not in found.files:
                continue
            if not member.isreg() or found.files[path] != member.size:
                raise StreamError("it has changed while it was read")
            place = os.path.join(temporary, path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            tarballs.write_file(place, member, stream)
    return target


def refuse(found: Surveyed, where: str) -> None:
    """Refuse a bundle that breaks rules.

    :raises ArchiveError: with the first error, its rule and what to do
    """
    if not found.errors:
        return
    first, *others = found.errors
    shown = first.finding("").file
    more = f"; and {len(others)} more error{'s' if len(others) > 1 else ''}" if others else ""
    place = f"{shown.lstrip('/')} " if shown else "the bundle "
    hint = first.step or "`soarkit validate` lists everything that is wrong with it"
    message = f"{first.rule}: {place}{first.message}{more}"
    raise ArchiveError(message, where=where, hint=f"{hint}. Nothing was unpacked.")


def select_bundle(folder: str) -> Selection:
    """Choose the files of a bundle's folder that belong into its archive.

    :param folder: the folder, or the ``metadata.json`` in it

    :raises ArchiveError: the folder breaks rules
    :raises SurroundingsError: it cannot be read
    """
    folder = os.path.realpath(folder if os.path.isdir(folder) else os.path.dirname(os.path.abspath(folder)))
    found = survey_folder(folder)
    refuse(found, folder)
    chosen = []
    for path in sorted(found.files, key=lambda path: path.encode(errors="surrogateescape")):
        source = os.path.join(folder, path)
        try:
            status = os.stat(source, follow_symlinks=False)
        except OSError as error:
            raise SurroundingsError(f"the file cannot be read: {error.strerror}", where=source) from None
        if not stat.S_ISREG(status.st_mode):
            raise RequestError("the file has changed while it was looked at", where=source, hint="try again")
        chosen.append(Chosen(path, source, status.st_size, 0o644))
    left_out = tuple(LeftOut(path, _RULES.get(rule, rule)) for path, rule in sorted(found.skipped.items()))
    warnings = tuple(one.finding(".").file[2:] + " " + one.message for one in found.problems if one.rule == "B8")
    return Selection(folder, METADATA, tuple(chosen), left_out, tuple(one.strip() for one in warnings))


def require_valid(folder: str) -> int:
    """Refuse a bundle that breaks a rule of its metadata (M1 to M20).

    :returns: how many warnings there are
    :raises ManifestError: with the first error
    """
    path = os.path.join(folder, METADATA)
    findings = validate_bundle(folder, shown_as=path)
    errors = [one for one in findings if one.severity == "error"]
    if errors:
        first = errors[0]
        others = len(errors) - 1
        more = f"; and {others} more error{'s' if others > 1 else ''}" if others else ""
        pointer = f"{first.pointer}: " if first.pointer else ""
        hint = first.hint or "`soarkit validate` lists everything that is wrong with it"
        raise ManifestError(f"{pointer}{first.message}{more}", where=path, hint=hint)
    return count(findings, "warning")


def _packing(archive: str, start: bytes) -> Iterator[Problem]:
    if start.startswith((_BZIP2, _XZ)):
        how = "bzip2" if start.startswith(_BZIP2) else "xz"
        yield Problem("B3", "warning", "", f"is packed with {how}: the platform takes a plain tar, or gzip")
    if not archive.lower().endswith(ENDINGS):
        yield Problem("B9", "warning", "", f"is not called {', '.join(ENDINGS)}", "rename it")


def _entries(folder: str, inner: str) -> Iterator[Entry]:
    """What lies below a folder, in the order of names; links are not followed."""
    try:
        with os.scandir(os.path.join(folder, inner)) as found:
            entries = sorted(found, key=lambda one: one.name)
    except OSError as error:
        raise SurroundingsError(f"the folder cannot be read: {error.strerror}", where=folder) from None
    for one in entries:
        path = f"{inner}/{one.name}" if inner else one.name
        if one.is_symlink():
            yield Entry(path, "a link")
        elif one.is_dir():
            yield Entry(path, "folder")
            if one.name not in _VERSION_CONTROL:
                yield from _entries(folder, path)
        elif one.is_file():
            yield Entry(path, "file", one.stat().st_size)
        else:
            yield Entry(path, "a pipe, socket or device")


def _kind(member: tarfile.TarInfo) -> str:
    if member.isdir():
        return "folder"
    if member.isreg() and not member.issparse():
        return "file with setuid or setgid bits" if member.mode & 0o6000 else "file"
    if member.issym() or member.islnk():
        return "a link"
    return "a pipe, device or sparse file"


def _content(stream: Stream, size: int) -> bytes:
    blocks = []
    while size > 0 and (block := stream.read(min(size, MAX_READ))):
        blocks.append(block)
        size -= len(block)
    return b"".join(blocks)


def _parsed(content: bytes) -> dict[str, Any]:
    """The object that a JSON file holds; empty when it holds none."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
