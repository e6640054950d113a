"""Lock files: an app's whole set of packages for one Python version, pinned and hashed.

``soarkit deps lock`` writes ``soarkit-py311.lock`` into the app's folder, in the form of pip-compile. The baseline is
in it. An environment built from one resolves nothing and takes no file that the lock does not name by its hash.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from soarkit.errors import ManifestError

_RENEW = "Renew it: soarkit deps lock APP"
_CONTINUED = re.compile(r"\\\r?\n")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_HASH = re.compile(r"--hash=(?:sha256|sha384|sha512):[0-9a-f]+")


@dataclass(frozen=True)
class LockFile:
    """A lock file that has been read.

    :ivar path: the file
    :ivar digest: SHA-256 of its content, in hex
    :ivar lines: one ``name==version --hash=sha256:...`` each
    """

    path: str
    digest: str
    lines: tuple[str, ...]

    @property
    def name(self) -> str:
        """The file's name, such as ``soarkit-py311.lock``."""
        return os.path.basename(self.path)

    def has(self, name: str, version: str | None) -> bool:
        """Whether it pins a distribution to that version.

        :param name: normalised
        """
        pins = (Requirement(line.partition(" --hash")[0]) for line in self.lines)
        return any(canonicalize_name(one.name) == name and one.specifier.contains(version or "") for one in pins)


def path_for(app_dir: str, version: tuple[int, int]) -> str:
    """Where an app's lock for a Python version is, if it has one."""
    return os.path.join(app_dir, f"soarkit-py{version[0]}{version[1]}.lock")


def exists(app_dir: str, version: tuple[int, int]) -> bool:
    """Whether an app has a lock for a Python version."""
    return os.path.isfile(path_for(app_dir, version))


def read(app_dir: str, version: tuple[int, int]) -> LockFile | None:
    """The app's lock for a Python version, None when it has none.

    Only pinned and hashed requirements: no line of a lock can be an option of the installer.

    :raises ManifestError: it cannot be read, or holds something else
    """
    path = path_for(app_dir, version)
    try:
        with open(path, "rb") as file:
            content = file.read()
        text = content.decode()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError("the lock file cannot be read", where=path, hint=_RENEW) from error
    logical = (_COMMENT.sub("", line).strip() for line in _CONTINUED.sub(" ", text).splitlines())
    lines = tuple(_locked(line, path) for line in logical if line)
    return LockFile(path, hashlib.sha256(content).hexdigest(), lines)


def _locked(line: str, path: str) -> str:
    text, *options = re.split(r"\s+(?=--)", line)
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        requirement = None
    exact = requirement is not None and [one.operator for one in requirement.specifier] in (["=="], ["==="])
    if requirement is None or requirement.url or not exact:
        problem = f"{line[:80]!r} is no pinned requirement"
    elif not options or not all(map(_HASH.fullmatch, options)):
        problem = f"{text} has no hash" if not options else f"{text} has something else than hashes"
    else:
        return " ".join([str(requirement), *options])
    raise ManifestError(f"the lock file is damaged: {problem}", where=path, hint=_RENEW)
