"""What a drawing leaves out, counted where it is left out and said once at the end."""

from __future__ import annotations

from soarkit.render.text import display_width, printable, wrap

_MAX_PLACES = 5


class Cuts:
    """Everything that was left out of one drawing, so that its last lines can say how much, and how to see it."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: list[tuple[int, str, str | None]] = []

    def add(self, count: int, unit: str, path: str | None = None) -> None:
        """Something is left out.

        :param count: how many
        :param unit: of what, in the singular, such as ``item``
        :param path: the data path that selects it, or None where there is none
        """
        self._found.append((count, unit, path))

    def take(self, others: Cuts) -> None:
        """Add all that others hold."""
        self._found += others._found

    def __len__(self) -> int:
        return len(self._found)

    def forget(self, length: int) -> None:
        """Take back what was added since there were ``length`` entries: that part is not drawn after all."""
        del self._found[length:]

    def lines(self, columns: int) -> list[str]:
        """How much is not shown and which options show it; nothing where nothing was left out."""
        places: dict[tuple[str, str | None], int] = {}
        for count, unit, path in self._found:
            places[unit, path] = places.get((unit, path), 0) + count
        if not places:
            return []
        if len(places) == 1:
            [((unit, path), count)] = places.items()
            option = f", or --select {_quoted(path)}" if path else ""
            return wrap(f"… {counted(count, unit, 'more ')}: --format json{option}", columns)
        lines = wrap("… not shown (--format json shows all):", columns)
        listed = list(places.items())[:_MAX_PLACES]
        amounts = [counted(count, unit) for (unit, _), count in listed]
        wide = max(map(display_width, amounts))
        for amount, ((_, path), _) in zip(amounts, listed, strict=True):
            option = f"{amount.ljust(wide)}  --select {_quoted(path)}" if path else amount
            lines += ["  " + part for part in wrap(option, columns - 2)]
        if len(places) > _MAX_PLACES:
            lines.append(f"  and {counted(len(places) - _MAX_PLACES, 'place', 'more ')}")
        return lines


def counted(count: int, unit: str, more: str = "") -> str:
    """Such as ``1 item`` and ``2 more items``."""
    return f"{count} {more}{unit}{'' if count == 1 else 's'}"


def _quoted(path: str) -> str:
    """A path as a shell takes it: its stars would be file name patterns."""
    return "'" + printable(path).replace("'", "'\\''") + "'"
