"""Writing zip files whose bytes depend on their contents alone."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from soarkit import homefiles
from soarkit.errors import SurroundingsError, UsageError

#: When all entries were written: the first year that zip files know.
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Zip:
    """A zip file that was made.

    :ivar size: its bytes
    :ivar sha256: digest of the file in hex
    :ivar files: its entries' names, sorted
    """

    path: str
    size: int
    sha256: str
    files: tuple[str, ...]


def write_zip(output: str, contents: Mapping[str, bytes]) -> Zip:
    """Write a zip file, whole or not at all.

    :param output: the file to write; one that is there is replaced
    :param contents: name with ``/`` → content
    :raises UsageError: there is something at the place that must not be replaced
    :raises SurroundingsError: it cannot be written
    """
    path = os.path.realpath(output)
    if os.path.lexists(path) and not os.path.isfile(path):
        raise UsageError("a zip file cannot be written there: it is no ordinary file", where=output)
    if not os.path.isdir(os.path.dirname(path)):
        raise UsageError("the folder to write to does not exist", where=output)
    mask = os.umask(0o077)
    os.umask(mask)
    names = tuple(sorted(contents))
    try:
        with homefiles.writing(path) as file:
            _write(file, names, contents)
        os.chmod(path, 0o666 & ~mask)  # it is made to be sent, unlike what lies in the home
        with open(path, "rb") as written:
            digest = hashlib.sha256(written.read()).hexdigest()
    except OSError as error:
        raise SurroundingsError(f"the zip file cannot be written: {error.strerror}", where=output) from None
    return Zip(os.path.abspath(output), os.path.getsize(path), digest, names)


def _write(file: IO[bytes], names: tuple[str, ...], contents: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(file, "w") as packed:
        for name in names:
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 3  # Unix, wherever it is made: the mode counts then
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, contents[name], compresslevel=9)
