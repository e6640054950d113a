"""How much of the disk folders take, and how much would be free without them.

uv makes hard links from its cache into environments: such a file takes its place once, however many environments have
it, and removing an environment frees nothing of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_BLOCK = 512  # what st_blocks counts in, on every system


class Usage(NamedTuple):
    """Bytes on the disk.

    :ivar size: what the folders take, each file once
    :ivar freed: what would be free if all of them were removed: files without a name elsewhere
    """

    size: int
    freed: int


def usage(folders: Iterable[str]) -> Usage:
    """Measure folders together."""
    seen: dict[tuple[int, int], list[int]] = {}  # file → bytes, its names on the whole disk, its names seen here
    size = freed = 0
    for folder in folders:
        for state in _states(folder):
            taken = state.st_blocks * _BLOCK
            if state.st_nlink == 1:
                size += taken
                freed += taken
            else:
                seen.setdefault((state.st_dev, state.st_ino), [taken, state.st_nlink, 0])[2] += 1
    size += sum(taken for taken, _, _ in seen.values())
    freed += sum(taken for taken, names, here in seen.values() if here >= names)
    return Usage(size, freed)


def _states(folder: str) -> Iterator[os.stat_result]:
    """Of every file in a folder and below; links are not followed, folders themselves count for nothing."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    if entry.is_dir(follow_symlinks=False):
                        yield from _states(entry.path)
                    else:
                        yield entry.stat(follow_symlinks=False)
                except OSError:  # removed meanwhile
                    continue
    except OSError:
        return


def shown(size: int) -> str:
    """A size for people: ``950 B``, ``12.3 MiB``."""
    value, unit = float(size), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if value < 1000:
            break
        value, unit = value / 1024, larger
    return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
