"""Opening a tarball, whatever is in it: a connector's package or an enrichment bundle."""

from __future__ import annotations

import os

from soarkit.packages import archive, bundles, is_tarball


def is_archive(path: str) -> bool:
    """Whether a file is to be treated as a tarball: by its name, or because it holds a bundle (rule B9)."""
    return is_tarball(path) or (os.path.isfile(path) and not path.endswith(".json") and bundles.is_bundle_archive(path))


def unpack(path: str, target: str) -> str:
    """Unpack a tarball into a new folder.

    :returns: the app's or the bundle's folder
    :raises ArchiveError: as :func:`soarkit.packages.archive.unpack` and :func:`soarkit.packages.bundles.unpack`
    """
    return bundles.unpack(path, target) if bundles.is_bundle_archive(path) else archive.unpack(path, target)


def cached_unpack(path: str, home: str) -> str:
    """The same once into the home folder, under the digest of the tarball's content."""
    return archive.cached_unpack(path, home, unpack)
