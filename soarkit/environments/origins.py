"""Where the package index's files come from: name and SHA-256 of what was installed in place of an app's wheels."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging import tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import InvalidVersion

from soarkit import homefiles
from soarkit.environments import baseline

# What uv writes is regular, and Python 3.10 has no parser for TOML.
_NAME = re.compile(r'^name = "([^"]+)"', re.MULTILINE)
_FILE = re.compile(r'\{ (?:url|path) = "([^"]+)"(?:[^{}]*?hashes = \{ sha256 = "([0-9a-f]{64})")?')
_TAG = re.compile(r"^Tag:\s*(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class IndexFile:
    """One file of a package index.

    :ivar file: its name
    :ivar sha256: its digest, in hex; None where nobody says
    """

    file: str
    sha256: str | None


def from_pylock(path: str) -> dict[str, list[IndexFile]]:
    """Normalised name → the files that a ``pylock.toml`` lists for it, wheels as well as sources."""
    with open(path, encoding="utf-8") as file:
        blocks = file.read().split("[[packages]]")[1:]
    found = {}
    for block in blocks:
        name = _NAME.search(block)
        if name is not None:
            found[baseline.normalised(name[1])] = [_file(url, digest or None) for url, digest in _FILE.findall(block)]
    return found


def from_report(path: str) -> dict[str, IndexFile]:
    """Normalised name → the file that pip's installation report says was installed for it."""
    found: dict[str, IndexFile] = {}
    for item in homefiles.read_json(path).get("install") or []:
        try:
            source: dict[str, Any] = item["download_info"]
            digest = (source.get("archive_info") or {}).get("hashes", {}).get("sha256")
            found[baseline.normalised(item["metadata"]["name"])] = _file(source["url"], digest)
        except (KeyError, TypeError, AttributeError):
            continue  # a report of another version of pip
    return found


def _file(url: str, digest: str | None) -> IndexFile:
    """A file by its address; one on this machine is hashed where the installer has not."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if digest is None and parts.scheme in ("", "file") and os.path.isfile(path):
        with open(path, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
    return IndexFile(os.path.basename(path), digest)


def installed_one(candidates: Sequence[IndexFile], packages: str, name: str) -> IndexFile | None:
    """Which of several files of one version was installed: a wheel keeps the tags of its name in its ``WHEEL``.

    :param packages: the environment's ``site-packages``
    :param name: normalised name of the distribution
    :returns: None when that cannot be told
    """
    if len(candidates) == 1:
        return candidates[0]
    said = _tags(packages, name)
    fitting = [one for one in candidates if one.file.endswith(".whl") and said and _of_name(one.file) == said]
    if not any(one.file.endswith(".whl") for one in candidates):
        fitting = list(candidates)
    return fitting[0] if len(fitting) == 1 else None


def _tags(packages: str, name: str) -> frozenset[tags.Tag]:
    for entry in homefiles.names(packages):
        if entry.endswith(".dist-info") and baseline.normalised(entry.partition("-")[0]) == name:
            try:
                with open(os.path.join(packages, entry, "WHEEL"), encoding="utf-8", errors="replace") as file:
                    lines = _TAG.findall(file.read())
            except OSError:
                continue
            return frozenset(tag for line in lines for tag in tags.parse_tag(line))
    return frozenset()


def _of_name(file: str) -> frozenset[tags.Tag]:
    try:
        return parse_wheel_filename(file)[3]
    except (InvalidWheelFilename, InvalidVersion):
        return frozenset()
