"""What a version of an app consists of: its files with their digests, and one digest over all of them.

The list is written when the version is installed. Whatever else lies in its folder later is the app's own data
(:mod:`soarkit.packages.appdata`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from soarkit import homefiles
from soarkit.errors import SurroundingsError

#: The list's name, beside the app's folder.
SHIPPED = "shipped.json"
#: Beside it while the folder is no installed version: not yet, or not any more.
UNUSED = "unused"
_FORMAT = 1
_BLOCK = 256 * 1024


@dataclass(frozen=True)
class ShippedFile:
    """One file of an app.

    :ivar sha256: digest of its content in hex; of a symbolic link the link's target
    :ivar mode: 0o644 or 0o755; 0 for a symbolic link
    """

    sha256: str
    mode: int

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return self.mode == 0


def digest(files: Mapping[str, ShippedFile]) -> str:
    """SHA-256 in hex over names, modes and contents; the same wherever and in which order the files lie."""
    listed = [[path, file.mode, file.sha256] for path, file in sorted(files.items(), key=lambda item: item[0].encode())]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


def take_stock(folder: str) -> dict[str, ShippedFile]:
    """Every file below a folder by its path in it, parts joined by ``/``.

    :raises SurroundingsError: one cannot be read
    """
    return {path: examine(os.path.join(folder, path)) for path in paths_below(folder)}


def examine(path: str) -> ShippedFile:
    """What a file is at present.

    :raises SurroundingsError: it cannot be read
    """
    try:
        if os.path.islink(path):
            return ShippedFile(os.readlink(path), 0)
        found = hashlib.sha256()
        with open(path, "rb") as file:
            mode = 0o755 if os.fstat(file.fileno()).st_mode & 0o111 else 0o644
            while block := file.read(_BLOCK):
                found.update(block)
    except OSError as error:
        raise SurroundingsError(f"the file cannot be read: {error.strerror}", where=path) from None
    return ShippedFile(found.hexdigest(), mode)


def paths_below(folder: str) -> Iterator[str]:
    """Paths of the files and symbolic links below a folder, relative to it, in no particular order."""
    for here, folders, names in os.walk(folder):
        inner = os.path.relpath(here, folder)
        links = [name for name in folders if os.path.islink(os.path.join(here, name))]
        for name in (*names, *links):
            yield name if inner == "." else f"{inner}/{name}"


def replace_file(source: str, target: str) -> None:
    """Copy a file or link over another, whole or not at all; what a killed process left half done does not matter."""
    temporary = f"{target}.soarkit-copy"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(temporary)  # it may be a link, which would be written through
    shutil.copy2(source, temporary, follow_symlinks=False)
    os.replace(temporary, target)


def leaves(folder: str, path: str) -> bool:
    """Whether a path in a folder leads through a link."""
    inner = os.path.dirname(path)
    plain = os.path.normpath(os.path.join(os.path.realpath(folder), inner))
    return os.path.realpath(os.path.join(folder, inner)) != plain


def write_list(version_folder: str, *, appid: str, digest: str, files: Mapping[str, ShippedFile]) -> None:
    """Record what a version ships.

    :param version_folder: the folder that the app's own folder lies in
    """
    listed = {path: [file.sha256, file.mode] for path, file in files.items()}
    homefiles.write_json(
        os.path.join(version_folder, SHIPPED), {"format": _FORMAT, "appid": appid, "digest": digest, "files": listed}
    )


def read_list(app_folder: str) -> dict[str, ShippedFile] | None:
    """What was recorded for the version whose app lies in a folder; None when that is no installed version."""
    document = homefiles.read_json(os.path.join(os.path.dirname(app_folder), SHIPPED))
    try:
        return {path: ShippedFile(str(sha256), int(mode)) for path, (sha256, mode) in document["files"].items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def read_appid(version_folder: str) -> str | None:
    """Whose version a folder holds."""
    appid: Any = homefiles.read_json(os.path.join(version_folder, SHIPPED)).get("appid")
    return appid if isinstance(appid, str) else None


def changed(app_folder: str, files: Mapping[str, ShippedFile]) -> list[str]:
    """Paths of shipped files that are gone, or are not what was shipped; sorted."""
    found = []
    for path, shipped in files.items():
        place = os.path.join(app_folder, path)
        gone = not os.path.lexists(place) or (os.path.isdir(place) and not os.path.islink(place))
        if gone or examine(place) != shipped:
            found.append(path)
    return sorted(found)
