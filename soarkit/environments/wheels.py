"""The wheel files that an app ships: do they exist, and do they fit an interpreter?"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from dataclasses import dataclass

from packaging import tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion

from soarkit.environments.interpreters import Interpreter

_LFS_HEADER = b"version https://git-lfs"
_SOURCE = re.compile(r"(?P<name>.+?)-(?P<version>\d[^-]*?)\.(?:tar\.(?:gz|bz2|xz)|tgz|zip)", re.IGNORECASE)


@dataclass(frozen=True)
class Wheel:
    """One entry of an app's ``wheel`` list (a few apps list source archives there, which are built).

    :ivar module: the name the app gives it
    :ivar input_file: as the app writes it, relative to its folder
    :ivar path: the file on this machine
    :ivar problem: why the file cannot be used ("is missing", "does not fit Python 3.11"), None when it can
    """

    module: str
    input_file: str
    path: str
    problem: str | None

    @property
    def name(self) -> str:
        """The distribution's normalised name."""
        return _name_and_version(os.path.basename(self.input_file))[0] or canonicalize_name(self.module)

    @property
    def version(self) -> str | None:
        """The version that the file's name says, None when it says none."""
        return _name_and_version(os.path.basename(self.input_file))[1]

    @property
    def pin(self) -> str:
        """What an index is asked for in the file's stead: the same name and version."""
        return f"{self.name}=={self.version}" if self.version else self.name

    @property
    def digest(self) -> str:
        """Digest of the file's content, or what is wrong with it, which decides as much about an environment."""
        if self.problem is not None:
            return f"replaced: {self.pin}"
        digest = hashlib.sha256()
        with open(self.path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()


def examine(module: str, input_file: str, path: str, interpreter: Interpreter) -> Wheel:
    """Look at one wheel file of an app, for one interpreter."""
    problem = _damage(path) or (None if fits(path, interpreter) else f"does not fit Python {_short(interpreter)}")
    return Wheel(module, input_file, path, problem)


def fits(path: str, interpreter: Interpreter) -> bool:
    """Whether the tags in a wheel's file name fit the interpreter, on this machine; True for source archives.

    :param path: only its last part counts
    """
    file_name = os.path.basename(path)
    if not file_name.lower().endswith(".whl"):
        return True
    try:
        wheel_tags = parse_wheel_filename(file_name)[3]
    except (InvalidWheelFilename, InvalidVersion):  # the installers refuse such names too
        return False
    return not wheel_tags.isdisjoint(_supported(interpreter.version))


_supported_tags: dict[tuple[int, int], frozenset[tags.Tag]] = {}


def _supported(version: tuple[int, int]) -> frozenset[tags.Tag]:
    if version not in _supported_tags:
        platforms = list(tags.platform_tags())  # every interpreter here is of the machine that this one is of
        interpreter = f"cp{version[0]}{version[1]}"
        _supported_tags[version] = frozenset(
            [
                *tags.cpython_tags(version, abis=[interpreter], platforms=platforms),
                *tags.compatible_tags(version, interpreter=interpreter, platforms=platforms),
            ]
        )
    return _supported_tags[version]


def _damage(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            start = file.read(len(_LFS_HEADER))
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if start == _LFS_HEADER:
        return "is missing (only its Git LFS pointer is there)"
    if path.lower().endswith(".whl") and not zipfile.is_zipfile(path):
        return "is damaged (no zip archive)"
    return None


def _name_and_version(file_name: str) -> tuple[str | None, str | None]:
    source = _SOURCE.fullmatch(file_name)
    if source:
        return canonicalize_name(source["name"]), source["version"]
    if not file_name.lower().endswith(".whl"):
        return None, None
    parts = file_name[:-4].split("-")
    # Not parse_wheel_filename: a name the standard refuses may still say which version to ask for.
    return (canonicalize_name(parts[0]), parts[1].replace("_", "+")) if len(parts) >= 5 and parts[0] else (None, None)


def _short(interpreter: Interpreter) -> str:
    return ".".join(map(str, interpreter.version))
