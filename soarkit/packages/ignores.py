"""The two files with which an app's author leaves things out of its package.

``exclude_files.txt`` is the platform's own: it goes to ``tar --exclude-from``. ``.soarkitignore`` is written like a
``.gitignore``.
"""

from __future__ import annotations

import fnmatch
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soarkit.errors import UsageError

if TYPE_CHECKING:
    import pathspec

EXCLUDES = "exclude_files.txt"
IGNORES = ".soarkitignore"


@dataclass(frozen=True)
class _Pattern:
    text: str  # as written
    expression: re.Pattern[str]
    anchored: bool


class ExcludeFile:
    """Patterns as tar reads them: shell wildcards, of which ``*`` matches ``/`` too.

    A pattern may begin to match behind any ``/`` of the path, and what lies in a folder that matches is left out with
    it. A leading ``/`` ties it to the app's folder, a trailing one is ignored, and a line that begins with ``#`` is a
    comment: tar knows neither, but that is what is meant.

    :ivar for_byte_code: ``*.py`` is among the patterns: the platform compiles an app before it packs it
    """

    def __init__(self, lines: list[str]) -> None:
        texts = [line.strip() for line in lines]
        texts = [text for text in texts if text and not text.startswith("#")]
        self.for_byte_code = "*.py" in texts
        # A package that soarkit makes holds sources, so this pattern would leave nothing of the app.
        self._patterns = [_pattern(text) for text in texts if text != "*.py" and text.strip("./")]

    @classmethod
    def of(cls, folder: str) -> ExcludeFile:
        """The one that lies in an app's folder; without patterns when there is none."""
        return cls(_lines(os.path.join(folder, EXCLUDES)))

    def rule(self, path: str) -> str | None:
        """The pattern that leaves a file or folder out, as it is written; None when none does."""
        parts = path.split("/")
        tails = ["/".join(parts[start:]) for start in range(len(parts))]
        for pattern in self._patterns:
            if any(pattern.expression.match(tail) for tail in (tails[:1] if pattern.anchored else tails)):
                return pattern.text
        return None


def _pattern(text: str) -> _Pattern:
    bare = re.sub(r"^(\./)+", "", text).rstrip("/")
    return _Pattern(text, re.compile(fnmatch.translate(bare.lstrip("/"))), bare.startswith("/"))


class IgnoreFile:
    """Patterns as git reads them."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._spec: pathspec.GitIgnoreSpec | None = None
        if lines:
            import pathspec  # late: few apps have the file

            self._spec = pathspec.GitIgnoreSpec.from_lines(lines)

    @classmethod
    def of(cls, folder: str) -> IgnoreFile:
        """The one that lies in an app's folder; without patterns when there is none.

        :raises UsageError: a line is no pattern
        """
        path = os.path.join(folder, IGNORES)
        try:
            return cls(_lines(path))
        except ValueError as error:
            raise UsageError(str(error), where=path, hint="write it as in a .gitignore file") from None

    def rule(self, path: str, *, is_folder: bool) -> tuple[bool, str] | None:
        """What the file says about a path.

        :returns: whether it is left out, or (a pattern with ``!``) kept, and the pattern; None when nothing is said
        """
        if self._spec is None:
            return None
        found = self._spec.check_file(f"{path}/" if is_folder else path)
        if found.include is None or found.index is None:
            return None
        return found.include, self._lines[found.index].strip()


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []
