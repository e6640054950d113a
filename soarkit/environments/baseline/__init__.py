"""The baseline: what the platform gives to every app besides its own dependencies, pinned per Python version.

``members.in`` names the members and why they are there; ``pyXY.txt`` are the pinned sets, their dependencies included.
Nothing here is imported by apps: the sets are installed into their environments, where an app's own pins come first.

Enrichment bundles have a baseline of their own in the folder ``enrichment``, made in the same way. They declare
nothing, so their environments hold that and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import re

#: Which baseline: that of connectors, and that of enrichment bundles.
CONNECTOR, ENRICHMENT = "connector", "enrichment"

_FOLDER = os.path.dirname(os.path.abspath(__file__))
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def path_for(version: tuple[int, int], kind: str = CONNECTOR) -> str:
    """The pinned set for a Python version; for one that is newer than all sets, the newest set."""
    path = os.path.join(_folder(kind), f"py{version[0]}{version[1]}.txt")
    return path if os.path.exists(path) else os.path.join(_folder(kind), "py314.txt")


def revision(version: tuple[int, int], kind: str = CONNECTOR) -> str:
    """What changes whenever the set for this Python version does."""
    with open(path_for(version, kind), "rb") as pins:
        return hashlib.sha256(pins.read()).hexdigest()[:16]


def pins(version: tuple[int, int], kind: str = CONNECTOR) -> dict[str, str]:
    """Normalised name → requirement (``name==version``), dependencies of the members included."""
    return _requirements(path_for(version, kind))


def members(kind: str = CONNECTOR) -> dict[str, str]:
    """Normalised name → requirement with the member's bounds (``requests<3``), without their dependencies."""
    return _requirements(os.path.join(_folder(kind), "members.in"))


def _folder(kind: str) -> str:
    return _FOLDER if kind == CONNECTOR else os.path.join(_FOLDER, kind)


def _requirements(path: str) -> dict[str, str]:
    with open(path, encoding="utf-8") as file:
        lines = [line.split("#")[0].strip() for line in file]
    return {normalised(line): line for line in lines if line}


def normalised(requirement: str) -> str:
    """The name of a requirement as indexes compare it (PEP 503): ``Python_Dateutil<3`` → ``python-dateutil``."""
    found = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""
