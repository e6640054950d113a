"""The wheel files that an app ships: do they exist, do they fit an interpreter, are they whole?"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field
from typing import Any

from packaging import tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion

from soarkit.environments import records
from soarkit.environments.interpreters import Interpreter
from soarkit.environments.known import fingerprint

_LFS_HEADER = b"version https://git-lfs"
_SOURCE = re.compile(r"(?P<name>.+?)-(?P<version>\d[^-]*?)\.(?:tar\.(?:gz|bz2|xz)|tgz|zip)", re.IGNORECASE)


@dataclass(frozen=True)
class Wheel:
    """One entry of an app's ``wheel`` list (a few apps list source archives there, which are built).

    :ivar module: the name the app gives it
    :ivar input_file: as the app writes it, relative to its folder
    :ivar path: the file on this machine
    :ivar problem: why the file cannot be used ("is missing", "does not fit Python 3.11"), None when it can
    :ivar sha256: digest of a file that can be used, in hex
    :ivar look: the file's fingerprint from before it was read
    """

    module: str
    input_file: str
    path: str
    problem: str | None
    sha256: str | None = None
    look: tuple[Any, ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        """The distribution's normalised name."""
        return name_and_version(os.path.basename(self.input_file))[0] or canonicalize_name(self.module)

    @property
    def version(self) -> str | None:
        """The version that the file's name says, None when it says none."""
        return name_and_version(os.path.basename(self.input_file))[1]

    @property
    def pin(self) -> str:
        """What an index is asked for in the file's stead: the same name and version."""
        return f"{self.name}=={self.version}" if self.version else self.name

    @property
    def digest(self) -> str:
        """What decides about an environment: the file's digest, or what is installed in its stead."""
        return self.sha256 or f"replaced: {self.pin}"


def examine(module: str, input_file: str, path: str, interpreter: Interpreter) -> Wheel:
    """Look at one wheel file of an app, for one interpreter; reads all of it when it fits."""
    look = tuple(fingerprint(path))
    problem = _absence(path) or (None if fits(path, interpreter) else f"does not fit Python {_short(interpreter)}")
    if problem is None and path.lower().endswith(".whl"):
        problem = records.damage(path)
    return Wheel(module, input_file, path, problem, _sha256(path) if problem is None else None, look)


def _sha256(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


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


def _absence(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            start = file.read(len(_LFS_HEADER))
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if start == _LFS_HEADER:
        return "is missing (only its Git LFS pointer is there)"
    return None


def name_and_version(file_name: str) -> tuple[str | None, str | None]:
    """Normalised name and version that the name of a wheel or source archive says; None for what it does not."""
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
