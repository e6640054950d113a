"""App packages: tarballs, checked before anything of them is written."""

from __future__ import annotations

import os

from soarkit.paths import TARBALLS


def is_tarball(path: str) -> bool:
    """Whether a path names a file that is to be treated as a tarball, by its name."""
    return path.endswith(TARBALLS) and os.path.isfile(path)
