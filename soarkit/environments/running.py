"""Which environments the processes of this machine use, so that none is removed under a run."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator


def in_use(folders: Iterable[str]) -> set[str]:
    """Those of the folders that a process was started from, or has a library of.

    Looked for in the command lines of all processes and, on Linux, among the files that they have in memory; those of
    other users cannot be looked into.
    """
    wanted = {os.fsencode(folder) + b"/": folder for folder in folders}
    if not wanted:
        return set()
    any_of = re.compile(b"|".join(map(re.escape, sorted(wanted, key=len, reverse=True))))
    return {wanted[found] for text in _texts() for found in any_of.findall(text)}


def _texts() -> Iterator[bytes]:
    """What names the files that each process works with."""
    try:
        numbers = [name for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        numbers = []
    if not numbers:  # macOS
        done = subprocess.run(["ps", "-axww", "-o", "command="], capture_output=True, check=False)
        yield done.stdout
        return
    for number in numbers:
        for name in ("cmdline", "maps"):
            try:
                with open(f"/proc/{number}/{name}", "rb") as file:
                    yield file.read()
            except OSError:  # it has ended, or is another user's
                continue
