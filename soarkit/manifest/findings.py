"""What a check found, and the list it is written to."""

from __future__ import annotations

import json
from typing import Any, Literal, NamedTuple

Severity = Literal["error", "warning", "info"]

_LONGEST = 80  # characters of a value that a message shows


class Finding(NamedTuple):
    """One thing that is wrong with an app, or (``info``) that could not be checked.

    Fields: ``severity``; ``file`` as the user named it; ``pointer``, a JSON pointer (RFC 6901) to the
    place, for a missing key where it would stand; ``message``, what is wrong; ``hint``, what to do,
    when that is known.
    """

    severity: Severity
    file: str
    pointer: str
    message: str
    hint: str | None

    def to_dict(self) -> dict[str, str | None]:
        """The finding as the envelope's list ``findings`` has it."""
        return self._asdict()


class Findings:
    """The findings about one app JSON, in the order they were made."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.items: list[Finding] = []

    def error(self, pointer: str, message: str, hint: str | None = None) -> None:
        """The app is wrong."""
        self.items.append(Finding("error", self.file, pointer, message, hint))

    def warning(self, pointer: str, message: str, hint: str | None = None) -> None:
        """The app works, and should be mended."""
        self.items.append(Finding("warning", self.file, pointer, message, hint))

    def info(self, pointer: str, message: str, hint: str | None = None) -> None:
        """Something was not checked; never a reason to fail."""
        self.items.append(Finding("info", self.file, pointer, message, hint))


def shown(value: Any) -> str:
    """A value from the app's JSON as a message shows it: as JSON, shortened.

    Not yet fit for a terminal: who prints a finding escapes what could steer one.
    """
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]} ..."
