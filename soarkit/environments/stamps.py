"""Environments' folders and stamps: where they are, what they say."""

from __future__ import annotations

import os
import re
from datetime import datetime, timezone
from typing import Any

from soarkit import homefiles
from soarkit.environments.known import FORMAT, STAMP

_FOLDER = re.compile(r"([0-9a-f]{64})(?:\.(\d+))?")


def root(home: str) -> str:
    """Where environments are."""
    return os.path.join(home, "environments")


def folder(home: str, key: str, number: int = 1) -> str:
    """The folder of an environment; built anew it gets the next number."""
    return os.path.join(root(home), key if number == 1 else f"{key}.{number}")


def key_of(name: str) -> str | None:
    """The key that the name of an environment's folder holds; None for any other name."""
    found = _FOLDER.fullmatch(name)
    return found[1] if found else None


def generation(path: str) -> int:
    """The number of an environment's folder: 1, or more when it was built anew."""
    found = _FOLDER.fullmatch(os.path.basename(path))
    return int(found[2] or 1) if found else 1


def generations(home: str, key: str) -> list[str]:
    """The folders of a key, the newest last, unfinished ones among them."""
    names = [name for name in homefiles.names(root(home)) if key_of(name) == key]
    return sorted((os.path.join(root(home), name) for name in names), key=generation)


def program(path: str) -> str:
    """The Python of an environment."""
    return os.path.join(path, "bin", "python")


def read(path: str) -> dict[str, Any] | None:
    """The stamp of a complete environment, None when there is none in the folder."""
    stamp = homefiles.read_json(os.path.join(path, STAMP))
    return stamp if stamp.get("format") == FORMAT and os.path.exists(program(path)) else None


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts that a file recorded."""
    return tuple(map(str, value)) if isinstance(value, list) else ()


def describe(path: str) -> dict[str, Any]:
    """What is known of an environment, for people and programs.

    Keys: ``key`` (the name of its folder), ``folder``, ``state`` (``ready``, ``broken``: its interpreter is gone or it
    was built by another version of soarkit, ``unfinished``, ``missing``), and of one that is ready or broken what its
    stamp says: ``python`` (version), ``interpreter`` (path), ``list``, ``pypi``, ``wheels`` (``file`` as the app names
    it, ``requirement``, ``origin`` app or index, ``problem``, ``installed`` (file name), ``sha256``), ``baseline``,
    ``lock``, ``installed`` (name → version), ``installer``, ``check`` (lines of ``pip check``), ``warnings``,
    ``seconds``, ``size`` (bytes), ``built`` (ISO 8601, UTC).

    :param path: the environment's folder
    """
    about: dict[str, Any] = {"key": os.path.basename(path), "folder": path}
    stamp_path = os.path.join(path, STAMP)
    stamp = homefiles.read_json(stamp_path)
    if not stamp:
        return {**about, "state": "unfinished" if os.path.isdir(path) else "missing"}
    interpreter = stamp.get("interpreter")
    interpreter = interpreter if isinstance(interpreter, dict) else {}
    kept = ("list", "pypi", "wheels", "baseline", "lock", "installed", "installer", "check", "warnings", "seconds")
    return {
        **about,
        "state": "broken" if read(path) is None else "ready",
        "python": interpreter.get("version"),
        "interpreter": interpreter.get("path"),
        **{name: stamp.get(name) for name in (*kept, "size")},
        "built": iso(os.stat(stamp_path).st_mtime),
    }


def iso(seconds: float) -> str:
    """A time as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(seconds, timezone.utc).replace(microsecond=0).isoformat()
