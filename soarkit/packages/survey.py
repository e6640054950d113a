"""What an app tarball holds, judged entry by entry before anything of it is written."""

from __future__ import annotations

import json
import tarfile
import unicodedata

from soarkit.packages.streams import MAX_READ, Stream, StreamError

#: Entries, and folders that they imply. The largest public app has about 9,000, its unpacked wheels included.
MAX_ENTRIES = 50_000
MAX_NAME = 512  #: bytes of an entry's whole name; public apps stay below 200
MAX_DEPTH = 40  #: folders an entry may lie in
MAX_PART = 255  #: bytes of one part of it: what file systems allow
#: Bytes of a JSON file that is looked into for being an app's manifest; the largest public one has 1.2 MB.
MAX_MANIFEST = 8 * 1024**2
_MAX_LINKS = 40  # links followed for one path, as Linux does


class Refusal(Exception):
    """An entry that no app needs and an attacker might.

    :param name: the entry's name as the archive has it
    :param why: what is wrong with it, to follow the name in a sentence
    """

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"entry {quoted(name)} {why}")


def quoted(name: str) -> str:
    """An entry's name for people: bytes that are not UTF-8 and what cannot be seen escaped, cut where it is endless."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
    return f"'{text[:200]}...'" if len(text) > 200 else f"'{text}'"


class Survey:
    """Collects entries; refuses those that must not be unpacked.

    :ivar folders: path of every folder, those included that only their contents imply
    :ivar files: path of every file → its size in bytes
    :ivar links: path of every symbolic link → its target as written
    :ivar hard_links: path of every hard link → path of the file it shares

    All paths are relative to the folder to unpack into, without ``.`` and ``..``.
    """

    def __init__(self) -> None:
        self.folders: set[str] = set()
        self.files: dict[str, int] = {}
        self.links: dict[str, str] = {}
        self.hard_links: dict[str, str] = {}
        self._manifests: list[str] = []
        self._spellings: dict[str, str] = {}
        self._entries = 0

    @property
    def top(self) -> str:
        """The one folder at the top that holds everything; empty when there is none."""
        tops = {name.split("/", 1)[0] for name in (*self.folders, *self.files, *self.links, *self.hard_links)}
        only = next(iter(tops)) if len(tops) == 1 else ""
        return only if only in self.folders else ""

    @staticmethod
    def path_of(member: tarfile.TarInfo) -> str:
        """The entry's path; empty for the folder unpacked into itself.

        :raises Refusal: the name would lead elsewhere, or is none that people can see
        """
        return _path(member.name, member.name)

    def add(self, member: tarfile.TarInfo, stream: Stream) -> None:
        """Judge one entry.

        :param stream: at the start of the entry's content; read only where it may be a manifest
        :raises Refusal: it must not be unpacked
        """
        self._entries += 1
        if self._entries > MAX_ENTRIES:
            raise Refusal(member.name, f"is one too many: an app has at most {MAX_ENTRIES} entries")
        name = self.path_of(member)
        if not name:
            if not member.isdir():
                raise Refusal(member.name, "has no name of its own")
            return
        self._place(name, member)
        if member.isdir():
            self.folders.add(name)
        elif member.issym():
            self.links[name] = member.linkname
        elif member.islnk():
            source = _path(member.linkname, member.name)
            if source not in self.files:
                raise Refusal(member.name, f"is a hard link to {source!r}, which is no earlier file of the archive")
            self.hard_links[name] = source
        elif member.isreg() and not member.issparse():
            if member.mode & 0o6000:
                raise Refusal(member.name, "has setuid or setgid bits")
            self.files[name] = member.size
            if name.lower().endswith(".json") and name.count("/") < 2 and _is_manifest(stream, member.size):
                self._manifests.append(name)
        else:
            raise Refusal(member.name, f"is {_kind(member)}")

    def finish(self, *, one_app: bool) -> None:
        """Judge what only the whole archive shows: where links lead, and how many apps it holds.

        :raises Refusal:
        :raises StreamError: it holds nothing
        """
        if not self.files:
            raise StreamError("it holds no files")
        top = self.top
        # Without a folder around everything, one of an app beside another would do.
        manifests = [name for name in self._manifests if not top or name.rpartition("/")[0] == top]
        manifests.sort(key=lambda name: name.count("/"))
        if one_app and len(manifests) > 1:
            raise Refusal(manifests[1], f"is a second app manifest, after {manifests[0]!r}")
        for name in self.links:
            self._follow(name, top)

    def _place(self, name: str, member: tarfile.TarInfo) -> None:
        """Take note of the path and of the folders it implies; refuse one that is taken."""
        parts = name.split("/")
        if len(parts) > MAX_DEPTH:
            raise Refusal(member.name, "lies too deep")
        for depth in range(1, len(parts) + 1):
            path = "/".join(parts[:depth])
            # On some file systems names that differ in case or accents are one file: the second replaces the first.
            spelling = unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
            if self._spellings.setdefault(spelling, path) != path:
                raise Refusal(member.name, f"differs from {self._spellings[spelling]!r} only in case or accents")
            if len(self._spellings) > MAX_ENTRIES:
                raise Refusal(member.name, f"is one too many: an app has at most {MAX_ENTRIES} entries")
            last = depth == len(parts)
            if path in self.files or path in self.links or path in self.hard_links:
                raise Refusal(member.name, "is there twice" if last else f"lies inside {path!r}, which is no folder")
            if last and path in self.folders and not member.isdir():
                raise Refusal(member.name, "is there twice")
            if not last:
                self.folders.add(path)

    def _follow(self, name: str, top: str) -> None:
        """Follow a symbolic link as the system would, other links on the way included; it must stay in the app."""
        target = self.links[name]
        if target.startswith("/") or not is_plain(target) or not target:
            raise Refusal(name, "is a link that leaves the folder")
        here = name.split("/")[:-1]
        todo = target.split("/")[::-1]
        followed = 0
        while todo:
            part = todo.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if len(here) <= (1 if top else 0):
                    raise Refusal(name, "is a link that leaves the folder")
                here.pop()
                continue
            here.append(part)
            onward = self.links.get("/".join(here))
            if onward is not None:
                followed += 1
                if followed > _MAX_LINKS or onward.startswith("/"):
                    raise Refusal(name, "is a link that leads nowhere, or leaves the folder")
                here.pop()
                todo.extend(onward.split("/")[::-1])


def _path(name: str, shown: str) -> str:
    if not is_plain(name):
        raise Refusal(shown, "has a name that is not UTF-8, or holds control characters")
    if name.startswith("/"):
        raise Refusal(shown, "has an absolute path")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise Refusal(shown, "has '..' in its path")
    if len(name.encode()) > MAX_NAME or any(len(part.encode()) > MAX_PART for part in parts):
        raise Refusal(shown, "has a name that is too long")
    return "/".join(parts)


def is_plain(name: str) -> bool:
    """Whether a name is UTF-8 and can be shown: no control characters, none that reverse or hide text."""
    return not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in _HIDING for char in name)


_HIDING = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def _kind(member: tarfile.TarInfo) -> str:
    if member.ischr() or member.isblk():
        return "a device file"
    if member.isfifo():
        return "a named pipe"
    return "a sparse file" if member.issparse() else f"of an unknown kind ({member.type!r})"


def _is_manifest(stream: Stream, size: int) -> bool:
    if size > MAX_MANIFEST:
        return False
    blocks = []
    while size > 0 and (block := stream.read(min(size, MAX_READ))):
        blocks.append(block)
        size -= len(block)
    try:
        content = json.loads(b"".join(blocks))
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and "main_module" in content and "actions" in content
