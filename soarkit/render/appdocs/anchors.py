"""Ids of a page's parts: the same for the same app, each there once."""

from __future__ import annotations

import re

_OTHER = re.compile(r"[^\w]+")


def word(text: str) -> str:
    """A text as part of an id.

    >>> word("File Reputation")
    'file-reputation'
    """
    return _OTHER.sub("-", text.lower()).strip("-") or "x"


class Anchors:
    """Ids that a page has given away."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._numbers: dict[str, int] = {}  # the last one behind each wanted id

    def new(self, wanted: str) -> str:
        """The wanted id, with a number behind where it is taken."""
        anchor, number = wanted, self._numbers.get(wanted, 1)
        while anchor in self._used:
            number += 1
            anchor = f"{wanted}-{number}"
        self._numbers[wanted] = number
        self._used.add(anchor)
        return anchor
