"""What apps have written into their own folders: carried along when another version becomes current.

Everything in the folder that was not shipped, and is no byte code, is the app's data. Some apps keep tokens there, or
databases they download.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
from collections.abc import Mapping

from soarkit_app.paths import safe_name

from soarkit.errors import SurroundingsError
from soarkit.packages import contents
from soarkit.packages.contents import ShippedFile
from soarkit.runtime import polling


def data_files(app_folder: str, shipped: Mapping[str, ShippedFile]) -> list[str]:
    """Paths of the app's data in its folder, sorted.

    :param app_folder: the installed app's folder
    :param shipped: what the version came with
    """
    return sorted(
        path
        for path in contents.paths_below(app_folder)
        if path not in shipped and not path.endswith(".pyc") and "__pycache__" not in path.split("/")
    )


def carry_over(source: str, target: str, shipped_here: Mapping[str, ShippedFile] | None = None) -> list[str]:
    """Copy the app's data from the folder of one version to that of another.

    What the other version ships is its own. Where both hold data of one name, the younger file stays: a version that
    becomes current again gets what the app wrote since, and keeps what it alone has.

    :param source: the app's folder to copy from; unchanged
    :param target: the app's folder to copy to
    :param shipped_here: what the version in ``source`` came with, where no list beside it says so
    :returns: paths of what was copied
    :raises SurroundingsError: a file cannot be copied
    """
    shipped = contents.read_list(source) if shipped_here is None else shipped_here
    if shipped is None or not os.path.isdir(source):  # somebody removed it by hand
        return []
    theirs = contents.read_list(target) or {}
    copied = []
    for path in data_files(source, shipped):
        if path in theirs or contents.leaves(target, path):  # a link there may lead anywhere
            continue
        if _copy(os.path.join(source, path), os.path.join(target, path)):
            copied.append(path)
    return copied


def keep(app_folder: str, home: str, appid: str) -> list[str]:
    """Keep the data of an app that is about to be uninstalled.

    :returns: paths of what is kept
    """
    return carry_over(app_folder, kept_folder(home, appid))


def restore(app_folder: str, home: str, appid: str) -> list[str]:
    """Give an app that is installed again the data that was kept for it; it is still kept until :func:`forget`.

    :returns: paths of what was copied
    """
    return carry_over(kept_folder(home, appid), app_folder, {})


def forget(home: str, appid: str) -> None:
    """Remove what was kept for an app."""
    shutil.rmtree(kept_folder(home, appid), ignore_errors=True)


def kept_folder(home: str, appid: str) -> str:
    """Where the data of an uninstalled app is kept: by its id, since its slug may be another app's by then."""
    return os.path.join(home, "apps", ".kept", hashlib.sha256(appid.encode()).hexdigest()[:32])


def forget_state(home: str, appid: str) -> None:
    """Remove an app's state files, those of runs without an asset among them: they may hold tokens."""
    shutil.rmtree(os.path.join(_states(home), safe_name(appid)), ignore_errors=True)


def forget_asset(home: str, asset_id: int) -> int:
    """Remove what any app has kept in state files for an asset, and until when it was polled.

    :returns: how many state files there were
    :raises SurroundingsError: one cannot be removed
    """
    found = glob.glob(os.path.join(glob.escape(_states(home)), "*", f"{asset_id}_state.json"))
    for path in found:
        try:
            os.unlink(path)
        except OSError as error:
            raise SurroundingsError(f"the state file cannot be removed: {error.strerror}", where=path) from None
    polling.forget(home, asset_id)
    return len(found)


def _states(home: str) -> str:
    """Where apps' state files are, as the app side places them below PHANTOM_HOME (``soarkit_app.paths``)."""
    return os.path.join(home, "phantom", "local_data", "app_states")


def _copy(source: str, target: str) -> bool:
    """Copy one file with its times, whole or not at all; False when the target is as young, or no file."""
    if os.path.isdir(target) or (os.path.lexists(target) and _written(target) >= _written(source)):
        return False
    try:
        os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
        if os.path.islink(source) or os.path.isfile(source):
            contents.replace_file(source, target)
            return True
    except FileNotFoundError:  # a run has just removed it
        return False
    except (NotADirectoryError, FileExistsError):  # the new version has a file where the old one had a folder
        return False
    except OSError as error:
        raise SurroundingsError(f"the app's data cannot be copied: {error.strerror}", where=source) from None
    return False  # a socket, a pipe


def _written(path: str) -> int:
    return os.lstat(path).st_mtime_ns
