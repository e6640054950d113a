"""Files that are there whole or not at all, whoever else writes them at the same time."""

from __future__ import annotations

import os

#: Seconds after which a temporary file belongs to nobody: its run was killed while it wrote.
_STALE = 3600


def write(path: str, data: bytes) -> None:
    """Put a file in place, readable by its owner only; the last of several writers wins.

    Temporary files that killed runs left beside it are removed.

    :raises OSError: it cannot be written; what was there before is still there
    """
    # Random, because a process id is only unique inside one container, and several may share this folder.
    temporary = f"{path}.{os.urandom(8).hex()}.tmp"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    _remove_stale(path)


def _remove_stale(path: str) -> None:
    import re
    import time

    folder, name = os.path.split(path)
    ours = re.compile(re.escape(name) + r"\.[0-9a-f]{16}\.tmp")
    deadline = time.time() - _STALE
    try:
        for entry in os.listdir(folder):
            if ours.fullmatch(entry):
                temporary = os.path.join(folder, entry)
                if os.stat(temporary).st_mtime < deadline:
                    os.unlink(temporary)
    except OSError:  # another run was quicker, or may remove more than this one: the next write tries again
        pass
