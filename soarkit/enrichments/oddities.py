"""Warnings about an output: each told once, with the place where it was first seen and how often it was."""

from __future__ import annotations

MOST = 100  #: different warnings of one output that are told


class Oddities:
    """Collects them; ten thousand rows with one mistake make one line."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, int]] = {}
        self._left_out = 0

    def add(self, where: str, what: str) -> None:
        """One more."""
        if what not in self._seen and len(self._seen) >= MOST:
            self._left_out += 1
            return
        first, count = self._seen.get(what, (where, 0))
        self._seen[what] = (first, count + 1)

    def lines(self) -> list[str]:
        """A line for each, in the order in which they were first seen."""
        told = [
            f"{where}: {what}" + (f" (and {count - 1} more times)" if count > 1 else "")
            for what, (where, count) in self._seen.items()
        ]
        return [*told, f"and {self._left_out} more warnings"] if self._left_out else told
