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
    wanted: dict[bytes, set[str]] = {}
    for folder in folders:
        wanted.setdefault(os.fsencode(os.path.basename(folder)), set()).add(folder)
    if not wanted:
        return set()
    any_of = re.compile(rb"(/[^\0\n]*?)/(" + b"|".join(map(re.escape, sorted(wanted, key=len, reverse=True))) + rb")/")
    named = {match for text in _texts() for match in any_of.findall(text)}
    return {folder for before, name in named for folder in wanted[name] if _leads_to(before, os.path.dirname(folder))}


def _leads_to(text: bytes, folder: str) -> bool:
    """Whether a text ends in a folder's path, or is another name of it: a home may have several, through links."""
    return text.endswith(os.fsencode(folder)) or os.path.realpath(text) == os.fsencode(os.path.realpath(folder))


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
