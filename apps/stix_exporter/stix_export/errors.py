"""What stops an export, and what an export leaves out."""

from __future__ import annotations

from typing import Callable, Dict, List, NamedTuple

KEPT = 10_000  # how many skipped things are named one by one; the others are only counted


class ExportError(Exception):
    """The export cannot be done. Its text is one clear sentence for the action's message: what, where, what to do."""


class Skip(NamedTuple):
    """One thing that the export leaves out.

    :ivar collection: the API collection of the object, or ``"relationship"``.
    :ivar id: its id in that collection; 0 when it has none.
    :ivar name: its name, "" when it has none.
    :ivar reason: why. The same words for the same cause, since reasons are counted; particulars go elsewhere.
    :ivar place: where it stands (``"line 7"``, ``"relationships[3]"``), "" when it came from an API.
    """

    collection: str
    id: int
    name: str
    reason: str
    place: str = ""


class Skips:
    """What was left out: every one counted by its reason, the first :data:`KEPT` also kept."""

    def __init__(self) -> None:
        self.kept: List[Skip] = []
        self.counts: Dict[str, int] = {}

    def add(self, skip: Skip) -> None:
        """Count one, and keep it while there is room."""
        self.counts[skip.reason] = self.counts.get(skip.reason, 0) + 1
        if len(self.kept) < KEPT:
            self.kept.append(skip)

    def extend(self, other: Skips) -> None:
        """Take over everything that another one counted."""
        for reason, count in other.counts.items():
            self.counts[reason] = self.counts.get(reason, 0) + count
        self.kept.extend(other.kept[: max(0, KEPT - len(self.kept))])

    def told(self, text: Callable[[str], str]) -> Skips:
        """The same with the names and reasons as ``text`` gives them, for what may not be said as it is."""
        result = Skips()
        result.kept = [skip._replace(name=text(skip.name), reason=text(skip.reason)) for skip in self.kept]
        for reason, count in self.counts.items():
            result.counts[text(reason)] = result.counts.get(text(reason), 0) + count
        return result

    @property
    def total(self) -> int:
        """How many things were left out."""
        return sum(self.counts.values())
