"""Which library a script of a bundle is written for, seen without running it."""

from __future__ import annotations

import re

_LARGEST = 5_000_000  # bytes of a script that is looked at
_IMPORT = re.compile(rb"^[ \t]*(?:from[ \t]+(\w+)|import[ \t]+([\w., \t]+))", re.MULTILINE)
_MALTEGO = frozenset((b"maltego_trx", b"maltegotransform"))


def surface_of(path: str) -> str | None:
    """What a script gives: ``context`` (widgets), ``pivot`` (entities); None where that cannot be told.

    A script that imports both libraries, or neither, does not say. Maltego transforms give entities.
    """
    found = imported(path)
    context, pivot = b"anomalienrichment" in found, b"anomalitransform" in found
    if context != pivot:
        return "context" if context else "pivot"
    return "pivot" if not context and found & _MALTEGO else None


def imported(path: str) -> frozenset[bytes]:
    """The modules that a script names in its import statements, in lower case; none where it cannot be read."""
    try:
        with open(path, "rb") as file:
            content = file.read(_LARGEST)
    except (OSError, ValueError):
        return frozenset()
    named = (one or name for one, several in _IMPORT.findall(content) for name in (several or one).split(b","))
    return frozenset(name.split()[0].lower() for name in named if name.strip())


def is_maltego(path: str) -> bool:
    """Whether a script is a Maltego transform: it imports neither library, and speaks of Maltego."""
    if imported(path) & {b"anomalienrichment", b"anomalitransform"}:
        return False
    try:
        with open(path, "rb") as file:
            return b"maltego" in file.read(_LARGEST).lower()
    except OSError:
        return False
