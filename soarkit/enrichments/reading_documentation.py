"""The documentation of a bundle as the checks read it: files of a folder, their text, links and pictures.

Markdown, HTML and plain text are read. Of other files, such as PDF, only the presence is known.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from soarkit.errors import ArchiveError, UsageError

_MARKDOWN, _HTML, _TEXT = (".md", ".markdown"), (".html", ".htm"), (".txt", ".text", ".rst")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
_DOCUMENTS = (".pdf", ".docx", ".doc", ".odt", ".rtf", ".pages")
#: Left by systems and editors; nobody means them.
_LEFT_BEHIND = {".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", "__pycache__"}
_MOST_FILES, _MOST_BYTES = 2_000, 100 * 1024 * 1024
#: A text of more bytes is none that people wrote, and reading it would take minutes.
_LONGEST_TEXT = 4 * 1024 * 1024
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]")
_UNSEEN = frozenset(["script", "style", "template", "head"])
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main nav ol p pre section table tbody td tfoot th thead title tr ul".split()
)


@dataclass(frozen=True)
class Picture:
    """A picture that the documentation shows.

    :param target: as it is written; of a file that no text shows, its path
    :param path: the file inside the documentation's folder; None: it is part of the text (``data:``) or elsewhere
    :param about: words near it: its alternative text and its headings
    :param there: whether the zip will have it
    """

    target: str
    path: str | None
    about: str
    there: bool


@dataclass(frozen=True)
class Line:
    """A line of readable text. :param heading: 1 to 6 for headings, 0 for others"""

    file: str
    text: str
    heading: int = 0


@dataclass
class Documentation:
    """What was found.

    :ivar files: path with ``/`` inside the documentation → the file
    :ivar unread: documents whose contents nobody read, such as PDF
    :ivar left_out: files that nobody means
    """

    files: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything that can be read."""
        return "\n".join(line.text for line in self.lines)


def read_documentation(path: str) -> Documentation:
    """Read a documentation: a folder, or one file.

    :raises UsageError: there is no such file or folder
    :raises ArchiveError: it cannot travel: links that lead out of it, too many or too large files
    """
    found = Documentation()
    if os.path.isdir(path):
        for inner, real in _walk(path, found):
            found.files[inner] = real
    elif os.path.isfile(path):
        found.files[os.path.basename(path)] = path
    else:
        raise UsageError("there is no such documentation", where=path, hint="soarkit docs BUNDLE -o FOLDER writes one")
    if len(found.files) > _MOST_FILES or sum(map(os.path.getsize, found.files.values())) > _MOST_BYTES:
        raise ArchiveError(f"this is no documentation: more than {_MOST_FILES} files or 100 MiB", where=path)
    for inner in sorted(found.files):
        _read(inner, found)
    shown = {one.path for one in found.pictures}
    found.pictures += [
        Picture(inner, inner, os.path.splitext(inner)[0], there=True)
        for inner in sorted(found.files)
        if inner.lower().endswith(_PICTURES) and inner not in shown
    ]
    return found


def _walk(folder: str, found: Documentation) -> Iterator[tuple[str, str]]:
    real = os.path.realpath(folder)
    for place, folders, names in os.walk(folder):
        inner = os.path.relpath(place, folder).replace(os.sep, "/")
        for name in [*folders, *names]:
            path = name if inner == "." else f"{inner}/{name}"
            if name in _LEFT_BEHIND or name.startswith("."):
                found.left_out.append(path)
            elif not os.path.realpath(os.path.join(place, name)).startswith(real + os.sep):
                raise ArchiveError("this link leads out of the documentation", where=os.path.join(place, name))
        folders[:] = sorted(name for name in folders if name not in _LEFT_BEHIND and not name.startswith("."))
        for name in sorted(names):
            if name not in _LEFT_BEHIND and not name.startswith("."):
                path = name if inner == "." else f"{inner}/{name}"
                if os.path.isfile(os.path.join(place, name)):
                    yield path, os.path.join(place, name)


def _read(inner: str, found: Documentation) -> None:
    lower = inner.lower()
    if lower.endswith(_DOCUMENTS):
        found.unread.append(inner)
    if not lower.endswith((*_MARKDOWN, *_HTML, *_TEXT)):
        return
    if os.path.getsize(found.files[inner]) > _LONGEST_TEXT:
        found.unread.append(inner)
        return
    with open(found.files[inner], encoding="utf-8", errors="replace") as file:
        text = file.read()
    if lower.endswith(_TEXT):
        found.lines += [Line(inner, line) for line in text.splitlines()]
        found.links += _ADDRESS.findall(text)
        return
    if lower.endswith(_MARKDOWN):
        from markdown_it import MarkdownIt

        text = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    _Reader(inner, found).read(text)


class _Reader(HTMLParser):
    """Takes lines, links and pictures out of HTML."""

    def __init__(self, file: str, found: Documentation) -> None:
        super().__init__(convert_charrefs=True)
        self._file, self._found = file, found
        self._parts: list[str] = []
        self._heading = 0
        self._unseen = 0
        self._headings: dict[int, str] = {}

    def read(self, text: str) -> None:
        self.feed(text)
        self.close()
        self._end_line()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN:
            self._unseen += 1
        if tag in _BLOCKS:
            self._end_line()
        if re.fullmatch("h[1-6]", tag):
            self._heading = int(tag[1])
        if tag == "a" and re.match(r"https?://[^/\s]", given.get("href", ""), re.IGNORECASE):
            self._found.links.append(given["href"])
        if tag == "img" and given.get("src"):
            self._picture(given["src"], given.get("alt", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN and self._unseen:
            self._unseen -= 1
        if tag in _BLOCKS:
            self._end_line()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._parts.append(data)

    def _end_line(self) -> None:
        text = " ".join("".join(self._parts).split())
        self._parts = []
        level, self._heading = self._heading, 0
        if not text:
            return
        if level:
            self._headings = {other: title for other, title in self._headings.items() if other < level}
            self._headings[level] = text
        self._found.lines.append(Line(self._file, text, level))
        self._found.links += _ADDRESS.findall(text)

    def _picture(self, target: str, alt: str) -> None:
        # The title of the whole document says what the bundle is, not what a picture shows.
        about = " ".join([alt, *(title for level, title in self._headings.items() if level > 1)])
        if target.startswith("data:image/"):
            self._found.pictures.append(Picture(target[:30], None, about, there=True))
            return
        parts = urlsplit(target)
        folder = os.path.dirname(self._file)
        path = os.path.normpath(os.path.join(folder, unquote(parts.path))).replace(os.sep, "/")
        local = not parts.scheme and not parts.netloc
        there = local and path in self._found.files
        about = f"{about} {os.path.splitext(path)[0] if local else ''}"
        self._found.pictures.append(Picture(target, path if local else None, about, there))
