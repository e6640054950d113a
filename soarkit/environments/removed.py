"""What newer Pythons do not have any more, and the apps that still need it.

Modules of the standard library that apps import, and releases of the baseline's members that rely on the like.
"""

from __future__ import annotations

import os
import re

from packaging.version import InvalidVersion, Version

from soarkit import homefiles

# First version without them → names (What's New in Python 3.12 and 3.13, "Removed"). distutils is not among them: the
# baseline's setuptools still brings it.
_REMOVED = {
    (3, 12): "asynchat asyncore imp smtpd",
    (
        3,
        13,
    ): "aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd "
    "sunau telnetlib uu xdrlib",
}
# First release that can be imported on a Python version and later: setuptools' pkg_resources took ImpImporter from
# pkgutil, six was an importer without find_spec. What apps pin runs on the Python of their day, and lists are copied.
_OUTDATED = {"setuptools": ((3, 12), Version("66.1")), "six": ((3, 12), Version("1.16"))}
# Indented imports stand in functions or behind `try:`, and an app that has them may well do without.
_IMPORT = re.compile(rb"^(?:from[ \t]+(\w+)|import[ \t]+(\w+(?:[ \t]*,[ \t]*\w+)*))", re.MULTILINE)


def imported(app_dir: str) -> frozenset[str]:
    """Those of the modules that the Python files of an app's folder import when they are imported themselves."""
    files = [name for name in homefiles.names(app_dir) if name.endswith(".py")]
    known = {name for names in _REMOVED.values() for name in names.split()} - {name[:-3] for name in files}
    found: set[str] = set()
    for name in files:
        try:
            with open(os.path.join(app_dir, name), "rb") as file:
                source = file.read()
        except OSError:
            continue
        for origin, several in _IMPORT.findall(source):
            found.update(one.strip().decode() for one in (origin or several).split(b","))
    return frozenset(found & known)


def lacks(version: tuple[int, int], modules: frozenset[str]) -> bool:
    """Whether a Python version does not have one of the modules."""
    return any(version >= since and not modules.isdisjoint(names.split()) for since, names in _REMOVED.items())


def is_outdated(name: str, release: str | None, version: tuple[int, int]) -> bool:
    """Whether a release of a distribution is too old to be imported on a Python version, though its tags fit.

    :param name: normalised; only members of the baseline are known
    :param release: None when the file's name says none
    """
    if name not in _OUTDATED or release is None:
        return False
    since, first = _OUTDATED[name]
    try:
        return version >= since and Version(release) < first
    except InvalidVersion:
        return False
