"""Text from apps and servers, made safe and measured for a terminal.

Whatever an app returns was often written by an attacker: control sequences that recolour or overwrite the screen,
bidirectional overrides that make a file name read differently, invisible characters. :func:`printable` shows them as
escapes instead of obeying them, and every text that meets a terminal goes through it.
"""

from __future__ import annotations

from unicodedata import category, east_asian_width

# Format characters that belong to ordinary writing: joiners (emoji, Indic and Persian text) and the visible
# signs that Unicode files under the same category.
_KEPT_FORMATS = frozenset([0x200C, 0x200D, *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD])
_ESCAPED_CATEGORIES = frozenset(["Cc", "Cf", "Cs", "Zl", "Zp"])


class _Replacements(dict[int, "int | str"]):
    """A table for :meth:`str.translate` that fills itself as characters are met."""

    def __init__(self, kept: str) -> None:
        super().__init__({ord(character): ord(character) for character in kept})

    def __missing__(self, code: int) -> int | str:
        escaped = category(chr(code)) in _ESCAPED_CATEGORIES and code not in _KEPT_FORMATS
        self[code] = replacement = _escape(code) if escaped else code
        return replacement


def _escape(code: int) -> str:
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


_ONE_LINE = _Replacements(" ")
_LINES = _Replacements(" \n\t")


def printable(text: str, *, lines: bool = False) -> str:
    """The text with everything that could act on a terminal, or hide, replaced by a visible escape such as ``\\x1b``.

    Replaced are C0 and C1 controls, bidirectional marks, overrides and isolates, invisible format characters, line and
    paragraph separators and lone surrogates. Joiners stay, and so does everything that is written and read.

    :param lines: whether newlines and tabs stay (CR LF becomes a newline); else they are escaped like any control
    """
    if text.isprintable():
        return text
    if lines:
        return text.replace("\r\n", "\n").translate(_LINES)
    return text.translate(_ONE_LINE)


class _Widths(dict[str, int]):
    def __missing__(self, character: str) -> int:
        self[character] = columns = _character_width(character)
        return columns


def _character_width(character: str) -> int:
    if category(character) in ("Mn", "Me", "Cf", "Cc") or "\u1160" <= character <= "\u11ff":
        return 0  # combining marks, joiners, the vowels and finals of decomposed Hangul
    return 2 if east_asian_width(character) in "WF" else 1


_WIDTHS = _Widths()


def display_width(text: str) -> int:
    """How many terminal columns a printable line takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(map(_WIDTHS.__getitem__, text))


def wrap(text: str, columns: int) -> list[str]:
    """The text in lines of at most ``columns``: broken at spaces, a longer word at any character.

    Newlines begin a line, tabs become spaces, spaces at a line's beginning stay, those where it was broken go. No
    character is ever separated from its combining marks. Always at least one line.

    :param text: as from ``printable(..., lines=True)``
    :param columns: at least 2, for a wide character to fit
    """
    lines = []
    for line in text.expandtabs(4).split("\n"):
        start = 0
        while (end := _fit(line, start, columns)) < len(line):
            if line[end] != " ":
                space = line.rfind(" ", start, end)
                if space > start and not line[start:space].isspace():
                    end = space
            lines.append(line[start:end].rstrip())
            start = end
            while line[start : start + 1] == " ":
                start += 1
        if start < len(line) or start == 0:
            lines.append(line[start:].rstrip())
    return lines


def _fit(text: str, start: int, columns: int) -> int:
    """Where the part of the text ends that begins at ``start`` and fits: one character at least, with all its marks."""
    if text.isascii():
        return min(start + max(columns, 1), len(text))
    used = 0
    for index in range(start, len(text)):
        used += _WIDTHS[text[index]]
        if used > columns and index > start:
            return index
    return len(text)
