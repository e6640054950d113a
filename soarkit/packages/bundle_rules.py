"""What a bundle may hold: rules B1 to B11 (reference 5.1), judged name by name, for archives and folders alike.

==== ======= =======================================================================================================
B1   error   ``metadata.json`` and a folder ``source`` with scripts at the top (icons: rule M12 of the metadata)
B2   error   no folder around everything
B3   error   a tar, plain or gzipped; packed otherwise is a warning
B4   error   ``source`` is flat: no script in a folder below it; other files there, and byte code (skipped): warnings
B5   error   no virtual environment
B6   error   no resource forks of macOS; ``.DS_Store`` (skipped) is a warning
B7   error   no absolute paths, ``..``, links, devices, names twice; at most 50 MiB in 2,000 files
B8   warning the vendor's library, and other files at the top: skipped
B9   warning the archive is called ``.tgz``, ``.tar.gz`` or ``.tar``
B10  error   names are UTF-8, can be seen, and differ in more than case or accents
B11  warning no module of ``source`` has the name of one of the standard library or of the baseline
==== ======= =======================================================================================================

What is skipped is neither installed nor packed. The numbers B9 to B11 are soarkit's own.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from soarkit.errors import typed
from soarkit.manifest.findings import Finding
from soarkit.manifest.keys import SOURCE
from soarkit.manifest.source import METADATA
from soarkit.packages.survey import MAX_DEPTH, MAX_NAME, is_plain, quoted

#: What all files of a bundle may have together, in bytes, and how many there may be (B7).
MAX_SIZE = 50 * 1024**2
MAX_FILES = 2000
#: How an archive's name may end (B9).
ENDINGS = (".tgz", ".tar.gz", ".tar")

_VENV = frozenset(("venv", ".venv", "virtualenv", ".virtualenv", "site-packages"))
_VENV_FILES = ("pyvenv.cfg", "bin/activate", "Scripts/activate", "Scripts/activate.bat")
_BYTE_CODE = re.compile(r"(?:^|/)__pycache__(?:/|$)|\.py[co]$")
_LIBRARY = frozenset(("anomalienrichment", "anomalitransform"))
#: Modules that every environment of a bundle has, besides the standard library.
_BASELINE = frozenset(("certifi", "charset_normalizer", "dateutil", "idna", "requests", "six", "urllib3", "xmljson"))

#: What authors keep beside a bundle in its folder, and nobody takes for a part of it.
_COMPANION = re.compile(
    r"\.|(?:readme|license|licence|notice|changelog|changes|docs|documentation|tests?)(?:\.|$)", re.I
)

#: What to do where a problem does not say it more exactly.
_HINTS = {
    "B1": "pack it from inside its folder: metadata.json, both icons and source/ lie at the top",
    "B3": "pack its folder with `soarkit package`: a tar, plain or gzipped",
    "B4": "move what scripts need into source/ itself; `soarkit package` leaves byte code out",
    "B5": "remove it: scripts run with the libraries that the guide names",
    "B6": "remove it; `soarkit package` leaves it out",
    "B7": "remove it from the archive, or pack the folder with `soarkit package`",
    "B8": "nothing to do, or leave it out: `soarkit package` does",
    "B10": "rename it",
}

Severity = Literal["error", "warning"]


class Problem(NamedTuple):
    """A rule that a bundle breaks.

    Fields: ``rule``, such as ``B4``; ``severity``; ``path`` of the file in the bundle, empty for all of it;
    ``message``, what is wrong; ``hint``, what to do.
    """

    rule: str
    severity: Severity
    path: str
    message: str
    hint: str | None = None

    @property
    def step(self) -> str | None:
        """The next step: its own hint, or that of its rule."""
        return self.hint or _HINTS.get(self.rule)

    def finding(self, shown: str) -> Finding:
        """The same as ``soarkit validate`` tells it.

        :param shown: what findings call the archive (with ``!`` behind it) or the folder
        """
        path = self.path if is_plain(self.path) else quoted(self.path)
        place = f"{shown}/{path.lstrip('/')}" if path else shown.removesuffix("!")
        return Finding(self.severity, place, "", f"{self.rule}: {self.message}", self.step)


class Entry(NamedTuple):
    """A file or folder of a bundle as it was found.

    Fields: ``name`` as written; ``kind``, one of file, folder, and anything else in words (``a link``); ``size``, bytes
    """

    name: str
    kind: str
    size: int = 0


class Judge:
    """Collects a bundle's entries, and what is wrong with them.

    :param packed: an archive is judged. Of a folder, what ``soarkit package`` leaves out is no error
    :ivar files: path → size of the files that belong to the bundle
    :ivar skipped: path → rule of those that are left out
    """

    def __init__(self, *, packed: bool = True) -> None:
        self.files: dict[str, int] = {}
        self.skipped: dict[str, str] = {}
        self._packed = packed
        self._problems: list[Problem] = []
        self._paths: dict[str, str] = {}
        self._spellings: dict[str, str] = {}
        self._seen: set[str] = set()
        self._environments: set[str] = set()
        self._metadata_below: list[str] = []
        self._size = 0

    def add(self, entry: Entry) -> str:
        """Judge one entry.

        :returns: its path where it is a file that belongs to the bundle, else nothing
        """
        path = self._path(entry.name)
        if path is None or (not path and entry.kind == "folder"):
            return ""
        if not path or entry.kind not in ("file", "folder"):
            what = f"is {entry.kind}, and a bundle holds only files and folders" if path else "has no name of its own"
            self._say("B7", path, what)
            return ""
        if not self._is_new(path, entry.kind):
            return ""
        if entry.kind == "folder":
            self._environment(path)
            return ""
        self._size += entry.size
        rule = self._left_out(path)
        if rule:
            self.skipped[path] = rule
            return ""
        self.files[path] = entry.size
        return path

    def finish(self, metadata: dict[str, Any] | None = None) -> list[Problem]:
        """Judge what only the whole bundle shows. :returns: all problems, errors first

        :param metadata: what ``metadata.json`` holds, where it can be read: it names the icons, which stay
        """
        top = self._wrapping
        if self.is_full:
            self._problems = [one for one in self._problems if one.severity == "error"]
        elif top:
            name = top.rsplit("/", 1)[-1]
            inside = f"cd {typed(top)} && COPYFILE_DISABLE=1 tar cvf {typed(f'../{name}.tgz')} ."
            self._problems = [one for one in self._problems if one.rule not in ("B4", "B8")]
            self._say("B2", top, "is a folder around the whole bundle", f"pack its contents: {inside}")
        else:
            self._root(metadata)
        if len(self._paths) > MAX_FILES:
            self._say("B7", "", f"holds more than the {MAX_FILES} files and folders that are allowed")
        if self._size > MAX_SIZE:
            self._say("B7", "", f"has more than the {MAX_SIZE >> 20} MiB in its files that are allowed")
        return sorted(self._problems, key=lambda one: one.severity)

    @property
    def is_full(self) -> bool:
        """Whether it holds more than it may, so that nobody need read on."""
        return len(self._paths) > MAX_FILES or self._size > MAX_SIZE or len(self._problems) > MAX_FILES

    @property
    def _wrapping(self) -> str:
        """The folder that everything lies in, with the metadata."""
        own = [path for path in self._paths if not path.startswith(("._", "__MACOSX"))]
        return next(
            (
                top
                for top in self._metadata_below
                if all(path.startswith(f"{top}/") or f"{top}/".startswith(f"{path}/") for path in own)
            ),
            "",
        )

    def _root(self, metadata: dict[str, Any] | None) -> None:
        if METADATA not in self.files:
            self._say("B1", METADATA, "is missing: it describes the bundle, and lies at its top")
        if not any(path.startswith(f"{SOURCE}/") and path.endswith(".py") for path in self.files):
            self._say("B1", SOURCE, "is missing, or holds no script: scripts lie in this folder")
        named = icons(metadata)
        icons_unclear = not named or not named <= set(self.files)
        stays = {METADATA, *named}
        for path in sorted(self.files):
            if path.startswith(f"{SOURCE}/") or path in stays:
                continue
            if icons_unclear and "/" not in path and not path.endswith((".py", ".md", ".txt")):
                continue  # it may be meant as an icon: the rules about these tell
            del self.files[path]
            self.skipped[path] = "B8"
        others = sorted({path.split("/", 1)[0] for path, rule in self.skipped.items() if rule == "B8"} - {SOURCE})
        if not self._packed:
            others = [name for name in others if not _COMPANION.match(name)]
        if others:
            shown = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
            self._warn("B8", "", f"holds more than a bundle consists of, which is not installed: {shown}")

    def _path(self, name: str) -> str | None:
        if not is_plain(name) or any(unicodedata.category(character) == "Cf" for character in name):
            self._say("B10", name, "has a name that is not UTF-8, or holds characters that cannot be seen")
            return None
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if name.startswith("/"):
            self._say("B7", name, "has an absolute path")
        elif ".." in parts:
            self._say("B7", name, "has '..' in its path")
        elif len(name.encode()) > MAX_NAME or len(parts) > MAX_DEPTH:
            self._say("B7", name, "has a name that is too long")
        else:
            return "/".join(parts)
        return None

    def _is_new(self, path: str, kind: str) -> bool:
        """Whether the path, and the folders it lies in, are not taken by something else."""
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            part = "/".join(parts[:depth])
            is_last = depth == len(parts)
            spelling = unicodedata.normalize("NFC", unicodedata.normalize("NFC", part).casefold())
            other = self._spellings.setdefault(spelling, part)
            if other != part:
                self._say("B10", path, f"differs from {other!r} only in case or accents")
                return False
            wanted = kind if is_last else "folder"
            present = self._paths.setdefault(part, wanted)
            if present != wanted or (is_last and kind == "file" and path in self._seen):
                self._say("B7", path, "is there twice" if is_last else f"lies inside {part!r}, which is no folder")
                return False
        if kind == "file":
            self._seen.add(path)
        if len(parts) > 1 and parts[-1] == METADATA:
            self._metadata_below.append("/".join(parts[:-1]))
        return True

    def _environment(self, path: str) -> bool:
        """Whether an entry belongs to a virtual environment, which is told of once."""
        if any(path == known or path.startswith(f"{known}/") for known in self._environments):
            return True
        parts = path.split("/")
        for depth, part in enumerate(parts):
            if part in _VENV:
                return self._is_environment("/".join(parts[: depth + 1]))
        for file in _VENV_FILES:
            if path == file or path.endswith(f"/{file}"):
                return self._is_environment(path.removesuffix(file).rstrip("/") or path)
        return False

    def _is_environment(self, path: str) -> bool:
        self._environments.add(path)
        self._strippable("B5", path, "is part of a virtual environment")
        return True

    def _left_out(self, path: str) -> str:
        """The rule for which a file is no part of the bundle."""
        parts = path.split("/")
        name = parts[-1]
        if self._environment(path):
            return "B5"
        if "__MACOSX" in parts or name.startswith("._"):
            hint = "pack it with COPYFILE_DISABLE=1 tar ..., or with `soarkit package`"
            self._strippable("B6", path, "is a resource fork of macOS", hint)
            return "B6"
        if name == ".DS_Store":
            self._warn("B6", path, "was left by macOS; it is not installed")
            return "B6"
        if _BYTE_CODE.search(path):
            self._warn("B4", path, "is byte code; it is not installed")
            return "B4"
        return self._in_source(path, parts) if parts[0] == SOURCE else ""

    def _in_source(self, path: str, parts: list[str]) -> str:
        module = parts[1].partition(".")[0] if len(parts) > 1 else ""
        if module.casefold() in _LIBRARY and (len(parts) > 2 or path.endswith((".py", ".so"))):
            self._warn("B8", path, "is a copy of the vendor's library: neither run nor installed, soarkit has its own")
            return "B8"
        if len(parts) > 2 and path.endswith(".py"):
            self._say("B4", path, "lies in a folder of source, which has to be flat", f"move it into {SOURCE}/ itself")
        elif len(parts) > 2:
            self._warn("B4", path, "lies in a folder of source, which is meant to be flat")
        elif path.endswith((".py", ".so")) and (module in _BASELINE or module in sys.stdlib_module_names):
            whose = "the platform" if module in _BASELINE else "Python"
            self._warn("B11", path, f"hides the module {module} of {whose} from all scripts", "give it another name")
        return ""

    def _strippable(self, rule: str, path: str, message: str, hint: str | None = None) -> None:
        if self._packed:
            self._say(rule, path, message, hint)
        else:
            self._warn(rule, path, f"{message}: `soarkit package` leaves it out")

    def _say(self, rule: str, path: str, message: str, hint: str | None = None) -> None:
        self._problems.append(Problem(rule, "error", path, message, hint))

    def _warn(self, rule: str, path: str, message: str, hint: str | None = None) -> None:
        self._problems.append(Problem(rule, "warning", path, message, hint))


def icons(metadata: dict[str, Any] | None) -> set[str]:
    """The file names that a bundle's metadata gives as icons, nested or at its top (reference 4.1)."""
    if metadata is None:
        return set()
    places: Iterable[Any] = (metadata, metadata.get("icons"))
    found = (one.get(key) for one in places if isinstance(one, dict) for key in ("icon_display", "icon_thumbnail"))
    return {name.removeprefix("./") for name in found if isinstance(name, str)}
