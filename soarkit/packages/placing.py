"""The folder of an installed version: made of what was fetched, and made to hold it again."""

from __future__ import annotations

import os
import shutil

from soarkit import homefiles
from soarkit.errors import SurroundingsError
from soarkit.packages import contents, places
from soarkit.packages.contents import ShippedFile


def put(folder: str, source: str, area: str, appid: str, files: dict[str, ShippedFile]) -> str:
    """Move an app that was fetched to where it stays.

    :param area: a folder on the same file system that nobody else uses
    :returns: the app's folder there
    :raises SurroundingsError: it cannot be written
    """
    new = os.path.join(area, "version")
    top = _top(source)
    try:
        os.mkdir(new, 0o700)
        contents.write_list(new, appid=appid, digest=contents.digest(files), files=files)
        places.mark_unused(new)
        os.rename(source, os.path.join(new, top))
        os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
        os.rename(new, folder)
    except OSError as error:
        raise SurroundingsError(f"the app cannot be put in place: {error.strerror}", where=folder) from None
    return os.path.join(folder, top)


def repair(folder: str, source: str, appid: str, files: dict[str, ShippedFile]) -> tuple[str, list[str]]:
    """Make a version's folder hold what it came with, and leave the app's data alone.

    :returns: the app's folder in it, and the paths of what was repaired
    :raises SurroundingsError: it cannot be written
    """
    tops = [name for name in homefiles.names(folder) if os.path.isdir(os.path.join(folder, name))]
    place = os.path.join(folder, tops[0] if tops else _top(source))
    try:
        for path in files:
            while contents.leaves(place, path) and _cut_link(place, path):
                pass
        damaged = contents.changed(place, files)
        for path in damaged:
            target = os.path.join(place, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if os.path.isdir(target) and not os.path.islink(target):
                shutil.rmtree(target)
            contents.replace_file(os.path.join(source, path), target)
        contents.write_list(folder, appid=appid, digest=contents.digest(files), files=files)
    except OSError as error:
        raise SurroundingsError(f"the installed app cannot be repaired: {error.strerror}", where=place) from None
    return place, damaged


def _cut_link(place: str, path: str) -> bool:
    """Remove the first link on the way to a shipped file: what it leads to is not ours to change."""
    here = place
    for part in path.split("/")[:-1]:
        here = os.path.join(here, part)
        if os.path.islink(here):
            os.unlink(here)
            return True
    return False


def _top(source: str) -> str:
    """The name of the app's folder inside that of its version."""
    name = os.path.basename(source)
    return "app" if name in (contents.SHIPPED, contents.UNUSED) else name
