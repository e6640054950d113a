"""Is a wheel whole? Every file in it against what its RECORD says, in one pass and in bounded memory.

The wheel specification has installers refuse a wheel with a file that is "not both mentioned and correctly hashed in
RECORD"; none of them does so for a whole wheel. What was cut off, changed by a line-ending filter or put in afterwards
is found here, before anything of it is installed.

Published wheels are not all as the specification wants them. These count as whole too: a RECORD that lists folders or
files without a hash, with other line endings or separators; a hash of another kind than is known here; a signature
beside RECORD, listed or not.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import struct
import zipfile
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import IO

#: A wheel that unpacks to more than this many bytes must not be smaller than a hundredth of it.
_SUSPICIOUS = 64 << 20
_HIGHEST_RATIO = 100
_LARGEST = 16 << 30  #: bytes that a wheel may unpack to
_LARGEST_RECORD = 8 << 20  #: bytes, some 80 000 files; also for the archive's own list
_BLOCK = 1 << 18
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_HASHES: dict[str, Callable[[], hashlib._Hash]] = {
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
_END = struct.Struct("<4s4H2LH")  # the record at the end of a zip archive, without its comment
_END_MARK = b"PK\x05\x06"
_LARGE_MARK = b"PK\x06\x07"  # 20 bytes before it in archives of more than 4 GiB or 65535 files, with a list of any size


class _Damage(Exception):
    """What is wrong with a wheel, as the end of a sentence that begins with ``is damaged``."""


def damage(path: str) -> str | None:
    """What is wrong with a wheel, such as ``is damaged (six.py is not as its RECORD says)``; None when it is whole.

    :param path: a wheel file that can be read
    """
    try:
        with open(path, "rb") as file:
            _refuse_huge_list(file)
            with zipfile.ZipFile(file) as archive:
                _check(archive, os.fstat(file.fileno()).st_size)
    except _Damage as problem:
        return f"is damaged ({problem})"
    except (OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return "is damaged (its zip archive cannot be read)"
    return None


def _refuse_huge_list(file: IO[bytes]) -> None:
    """The archive's list of files is read into memory as a whole: look at its size first."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _END.size - 0xFFFF)
    file.seek(start)
    tail = file.read()
    place = tail.rfind(_END_MARK)
    if place < 0 or len(tail) - place < _END.size:
        raise _Damage("no zip archive")
    large = tail[max(0, place - 20) :].startswith(_LARGE_MARK)
    if large or _END.unpack_from(tail, place)[5] > _LARGEST_RECORD:
        raise _Damage("too many files")


def _check(archive: zipfile.ZipFile, size: int) -> None:
    files: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        if info.is_dir():
            continue
        if info.filename in files:
            raise _Damage(f"{info.filename} is in it twice")
        if _leaves(info.filename):
            raise _Damage(f"{info.filename!r} would be written outside the environment")
        if info.compress_type not in _METHODS or info.flag_bits & 1:
            raise _Damage(f"{info.filename} is packed in a way that installers do not know")
        files[info.filename] = info
    unpacked = sum(info.file_size for info in files.values())
    if unpacked > _LARGEST or (unpacked > _SUSPICIOUS and unpacked > size * _HIGHEST_RATIO):
        raise _Damage(f"{size} bytes would unpack to {unpacked}")
    records = [name for name in files if name.endswith(".dist-info/RECORD") and name.count("/") == 1]
    if len(records) != 1:
        raise _Damage("no RECORD" if not records else "more than one RECORD")
    exempt = {records[0], f"{records[0]}.jws", f"{records[0]}.p7s"}
    listed = _listed(archive, files[records[0]])
    for name, info in files.items():
        if name in exempt:
            continue
        if name not in listed:
            raise _Damage(f"{name} is not in its RECORD")
        _compare(archive, info, *listed[name])
    absent = next((name for name in listed if name not in files and name not in exempt and name[-1:] != "/"), None)
    if absent is not None:
        raise _Damage(f"{absent} is in its RECORD, but not there")


def _leaves(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/")


def _listed(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> dict[str, tuple[str, str]]:
    """Name → hash and size as RECORD has them."""
    if info.file_size > _LARGEST_RECORD:
        raise _Damage("its RECORD is too large")
    text = archive.read(info).decode("utf-8", "surrogateescape")
    found = {}
    try:
        for row in csv.reader(io.StringIO(text, newline="")):
            if row and row[0]:
                found[row[0].replace("\\", "/").removeprefix("./")] = ((row[1:2] or [""])[0], (row[2:3] or [""])[0])
    except csv.Error:
        raise _Damage("its RECORD cannot be read") from None
    return found


def _compare(archive: zipfile.ZipFile, info: zipfile.ZipInfo, wanted: str, size: str) -> None:
    """Read one file to its end, which also compares it with the archive's own checksum."""
    kind, _, value = wanted.strip().partition("=")
    make = _HASHES.get(kind)
    digest = None if make is None else make()
    if size.strip().isdigit() and int(size) != info.file_size:
        raise _Damage(f"{info.filename} is not as its RECORD says")
    with archive.open(info) as file:
        while block := file.read(_BLOCK):
            if digest is not None:
                digest.update(block)
    if digest is not None and urlsafe_b64encode(digest.digest()).rstrip(b"=").decode() != value.rstrip("="):
        raise _Damage(f"{info.filename} is not as its RECORD says")
