"""Which files of an app's folder belong into its package.

In this order, the first that applies decides:

1. version control and secrets stay out, whatever else is said;
2. what the app cannot do without (:mod:`soarkit.packages.needs`) is in;
3. ``.soarkitignore`` (a pattern with ``!`` keeps what the rules below would leave out);
4. what never belongs into a package: byte code, caches, virtual environments, tests, leftovers, what the app wrote;
5. ``exclude_files.txt``.
"""

from __future__ import annotations

import fnmatch
import os
import stat
from dataclasses import dataclass, field

from soarkit.errors import ManifestError, RequestError, SurroundingsError
from soarkit.manifest.model import App
from soarkit.manifest.sdk_project import PYPROJECT, UV_LOCK
from soarkit.manifest.source import locate, read_json
from soarkit.packages import contents, ignores, secrets
from soarkit.packages.needs import needed_files

_VERSION_CONTROL = (".git*", ".hg*", ".svn", ".bzr", "CVS")
_MADE_MANIFEST = "manifest.json"  # what the SDK calls it
_PRIVATE = "looks like a secret"

#: Names of files and folders wherever they lie, and why they are left out.
_NEVER = {
    "byte code": ("__pycache__", "*.pyo"),
    "cache": tuple(
        ".mypy_cache .pytest_cache .ruff_cache .hypothesis .tox .nox .cache .eggs *.egg-info .coverage .coverage.* "
        "htmlcov .ipynb_checkpoints".split()
    ),
    "left by an editor": tuple(".idea .vscode *.swp *.swo *~ .#* #*# .project .pydevproject".split()),
    "left by the system": tuple(".DS_Store ._* Thumbs.db desktop.ini __MACOSX .Trash* .directory".split()),
    "tests": ("tests",),
    "written by the app": ("*_state.json", "*_oauth_task.out", "*.pid"),
}
#: The same for names directly in the app's folder.
_NEVER_AT_TOP = {
    "tests": ("test", "test_json", "conftest.py", "test_*.py", "*_test.py"),
    "a package": ("*.tgz", "*.tar.gz"),
    "for packing only": (ignores.EXCLUDES, ignores.IGNORES),
}
_VENV_AT_TOP = frozenset(("pyvenv.cfg", "bin", "lib", "lib64", "include"))


@dataclass(frozen=True)
class Chosen:
    """A file that goes into the package.

    :ivar path: its path in the app's folder, parts joined by ``/``
    :ivar source: the file to read; another one where the path is a symbolic link
    :ivar size: in bytes
    :ivar mode: 0o644 or 0o755
    """

    path: str
    source: str
    size: int
    mode: int


@dataclass(frozen=True)
class LeftOut:
    """A file or, with ``/`` at its end, a folder that does not, and the rule that says so."""

    path: str
    rule: str


@dataclass(frozen=True)
class Selection:
    """What of a folder makes up the app.

    :ivar folder: the app's folder
    :ivar manifest: the JSON file's name in it
    :ivar files: sorted by path, byte by byte
    :ivar warnings: what a person should know about the choice
    """

    folder: str
    manifest: str
    files: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes in all files."""
        return sum(one.size for one in self.files)


def select(path: str) -> Selection:
    """Choose the files of the app that lies at a path.

    :param path: the app's folder, or its JSON file
    :raises ManifestError: there is no app JSON, or it names a file that looks like a secret
    :raises RequestError: the folder holds something that cannot be packed: a device, a link that leaves it
    """
    source = locate(path)
    folder = os.path.realpath(source.folder)
    manifest = os.path.basename(source.manifest_path)
    walk = _Walk(folder, needed_files(read_json(source.manifest_path), folder, manifest))
    walk.visit("", folder, (), None)
    files = tuple(sorted(walk.files, key=lambda one: one.path.encode(errors="surrogateescape")))
    return Selection(folder, manifest, files, tuple(walk.left_out), tuple(walk.warnings))


def select_project(app: App) -> Selection:
    """Choose the files of an SDK app's source folder; its JSON, which lies elsewhere, comes with them.

    :param app: the app of the folder, opened
    :raises ManifestError: a file that the app needs looks like a secret
    :raises RequestError: the folder holds something that cannot be packed
    """
    folder = os.path.realpath(app.folder)
    needed = dict.fromkeys((PYPROJECT, UV_LOCK), "tells the app's dependencies")
    walk = _Walk(folder, {**needed_files(app.raw, folder, _MADE_MANIFEST), **needed})
    walk.visit("", folder, (), None)
    made = Chosen(_MADE_MANIFEST, app.manifest_path, os.path.getsize(app.manifest_path), 0o644)
    chosen = [made, *(one for one in walk.files if one.path != _MADE_MANIFEST)]
    files = tuple(sorted(chosen, key=lambda one: one.path.encode(errors="surrogateescape")))
    return Selection(folder, _MADE_MANIFEST, files, tuple(walk.left_out), tuple(walk.warnings))


@dataclass
class _Walk:
    folder: str
    needed: dict[str, str]
    files: list[Chosen] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._excludes = ignores.ExcludeFile.of(self.folder)
        self._ignores = ignores.IgnoreFile.of(self.folder)
        self._shipped = contents.read_list(self.folder)
        self._is_venv = os.path.isfile(os.path.join(self.folder, "pyvenv.cfg"))
        if self._excludes.for_byte_code:
            self.warnings.append(
                f"{ignores.EXCLUDES} leaves out *.py, as for a package of byte code: not obeyed, since the app needs it"
            )

    def visit(self, inner: str, place: str, above: tuple[str, ...], rule: str | None) -> None:
        """Choose among the entries of a folder.

        :param inner: the folder's path in the app
        :param place: the folder to read; another one where a symbolic link leads to it
        :param above: real paths of the folders it lies in
        :param rule: why only files that the app needs are taken of it
        """
        try:
            with os.scandir(place) as entries:
                names = sorted(entry.name for entry in entries)
        except OSError as error:
            raise SurroundingsError(f"the folder cannot be read: {error.strerror}", where=place) from None
        for name in names:
            self._entry(f"{inner}/{name}" if inner else name, os.path.join(place, name), (*above, place), rule)

    def _entry(self, path: str, place: str, above: tuple[str, ...], rule: str | None) -> None:
        is_folder = os.path.isdir(place)
        why = self._why_not(path, place, is_folder) or rule
        if is_folder:
            holds_needed = any(needed.startswith(f"{path}/") for needed in self.needed)
            if why is not None and (not holds_needed or _is_absolute(why)):
                self.left_out.append(LeftOut(f"{path}/", why))
                return
            real = self._inside(path, place)
            if real in above:
                raise RequestError("the link leads to a folder that it lies in", where=os.path.join(self.folder, path))
            self.visit(path, real, above, why)
            return
        reason = self.needed.get(path)
        if why is not None and reason is not None and _is_absolute(why):
            raise ManifestError(
                f"{path} {reason}, but {why}", where=self.folder, hint="keep secrets in the asset's configuration"
            )
        if why is not None and reason is None:
            self.left_out.append(LeftOut(path, why))
            return
        if why is not None:
            self.warnings.append(f"{path} {reason}: taken, though it would be left out ({why})")
        self._take(path, place)

    def _take(self, path: str, place: str) -> None:
        source = self._inside(path, place)
        try:
            status = os.stat(source)
            if not stat.S_ISREG(status.st_mode):
                raise RequestError(
                    "a named pipe, socket or device cannot be packed",
                    where=os.path.join(self.folder, path),
                    hint=f"remove it, or name it in {ignores.IGNORES}",
                )
            if secrets.holds_private_key(source):
                if path not in self.needed and not secrets.may_speak_of_keys(path):
                    self.left_out.append(LeftOut(path, _PRIVATE))
                    return
                self.warnings.append(f"{path} seems to hold a private key")
        except OSError as error:
            raise SurroundingsError(f"the file cannot be read: {error.strerror}", where=place) from None
        self.files.append(Chosen(path, source, status.st_size, 0o755 if status.st_mode & 0o111 else 0o644))

    def _inside(self, path: str, place: str) -> str:
        """Where the entry really is, symbolic links followed: inside the app's folder."""
        real = os.path.realpath(place)
        if os.path.commonpath([self.folder, real]) != self.folder or not os.path.exists(real):
            raise RequestError(
                "the link leads out of the app's folder, or nowhere",
                where=os.path.join(self.folder, path),
                hint=f"replace it by what it leads to, or name it in {ignores.IGNORES}",
            )
        return real

    def _why_not(self, path: str, place: str, is_folder: bool) -> str | None:
        """The rule that leaves an entry out; None when none does."""
        name = path.rpartition("/")[2]
        # Of a link, what it leads to counts: .git/config is no less a secret under another name.
        *folders, real_name = os.path.relpath(os.path.realpath(place), self.folder).split(os.sep)
        if folders[:1] == [".."]:  # refused later, unless a rule leaves it out
            folders = []
        if any(_fits(one, _VERSION_CONTROL) for one in (name, *folders, real_name)):
            return "version control"
        if any(secrets.is_secret_name(one, is_folder=True) for one in folders):
            return _PRIVATE
        if any(secrets.is_secret_name(one, is_folder=is_folder) for one in (name, real_name)):
            return _PRIVATE
        said = self._ignores.rule(path, is_folder=is_folder)
        if said is not None:
            return f"{ignores.IGNORES}: {said[1]}" if said[0] else None
        never = self._never(path, name, place, is_folder)
        if never is not None:
            return never
        pattern = self._excludes.rule(path)
        return None if pattern is None else f"{ignores.EXCLUDES}: {pattern}"

    def _never(self, path: str, name: str, place: str, is_folder: bool) -> str | None:
        at_top = path == name
        for rules in (_NEVER, _NEVER_AT_TOP if at_top else {}):
            for rule, patterns in rules.items():
                if _fits(name, patterns):
                    return rule
        if is_folder:
            if os.path.isfile(os.path.join(place, "pyvenv.cfg")):
                return "virtual environment"
        elif name.endswith(".pyc") and os.path.exists(place[:-1]):
            return "byte code"
        elif self._shipped is not None and path not in self._shipped:
            return "written by the app"
        return "virtual environment" if self._is_venv and at_top and name in _VENV_AT_TOP else None


def _is_absolute(rule: str) -> bool:
    """Whether a rule holds even for what the app needs."""
    return rule in ("version control", _PRIVATE)


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
