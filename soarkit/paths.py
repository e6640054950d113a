"""Where things are: soarkit's own parts, and what must last."""

from __future__ import annotations

import os

from soarkit.errors import SurroundingsError

#: The import root of the app side.
APPLIB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "applib")
#: Parts of the app side that need a library; found by path, on demand.
APPLIB_EXTRAS = os.path.join(os.path.dirname(APPLIB), "applib_extras")

#: What the names of tarballs end in.
TARBALLS = (".tgz", ".tar.gz", ".tar", ".tar.bz2", ".tar.xz")


def is_path(name: str) -> bool:
    """Whether what was given for an app can only be a path; anything else may be the name of an installed app."""
    return os.sep in name or name in (".", "..") or name.endswith((".json", *TARBALLS))


def default_home() -> str:
    """SOARKIT_HOME, else ``~/.soarkit``."""
    return os.environ.get("SOARKIT_HOME") or os.path.join(os.path.expanduser("~"), ".soarkit")


def app_home(home: str) -> str:
    """What apps know as PHANTOM_HOME.

    :param home: soarkit's home folder
    """
    return os.path.join(home, "phantom")


def polls_folder(home: str) -> str:
    """Where it is kept until when assets have been polled."""
    return os.path.join(home, "polls")


def private_folder(path: str) -> None:
    """Make a folder that only its owner can look into, if it is not there yet.

    :raises SurroundingsError: it cannot be made
    """
    try:
        if not os.path.isdir(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            os.mkdir(path, 0o700)
    except OSError as error:
        if os.path.isdir(path):  # somebody else has just made it
            return
        raise SurroundingsError(
            f"the folder cannot be made: {error.strerror}",
            where=path,
            hint="SOARKIT_HOME or --home names another place",
        ) from error
