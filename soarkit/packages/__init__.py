"""App packages: tarballs, checked before anything of them is written."""

from __future__ import annotations

import os

_SUFFIXES = (".tgz", ".tar.gz", ".tar", ".tar.bz2", ".tar.xz")


def is_tarball(path: str) -> bool:
    """Whether a path names a file that is to be treated as a tarball, by its name."""
    return path.endswith(_SUFFIXES) and os.path.isfile(path)
