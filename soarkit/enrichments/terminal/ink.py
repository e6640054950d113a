"""How the look of an item is told to a terminal: as much colour as it says it has, or none at all."""

from __future__ import annotations

from collections.abc import Mapping

from soarkit.enrichments.attributes import PLAIN, Style

#: What the first sixteen colours usually are (xterm).
_SIXTEEN = (
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
)  # fmt: skip
_STEPS = (0, 95, 135, 175, 215, 255)  # of the cube of 216 colours
_LARGE = ("large", "x-large", "xx-large")
_LARGE_PIXELS = 18.0
_GREY = 40  # a colour whose parts differ by less is nearly grey

_Rgb = tuple[int, int, int]


class Ink:
    """Paints text by ANSI codes.

    :param colours: how many the terminal has: 0 (nothing is painted), 16, 256 or 16777216
    """

    def __init__(self, colours: int) -> None:
        self.colours = colours

    def paint(self, text: str, style: Style = PLAIN, *, underlined: bool = False) -> str:
        """The text as the style wants it. What stands on a background of its own is always told from it."""
        codes = self._codes(style)
        if underlined:
            codes.append("4")
        return self.by_code(text, ";".join(codes))

    def bold(self, text: str) -> str:
        return self.by_code(text, "1")

    def dim(self, text: str) -> str:
        return self.by_code(text, "2")

    def good(self, text: str) -> str:
        return self.by_code(text, "1;32")

    def bad(self, text: str) -> str:
        return self.by_code(text, "1;31")

    def by_code(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours and code and text else text

    def _codes(self, style: Style) -> list[str]:
        codes = ["1"] if style.bold or _is_large(style.size) else []
        if style.italic:
            codes.append("3")
        colour, background = _rgb(style.colour), _rgb(style.background)
        if background is not None:
            colour = colour or ((0, 0, 0) if _lightness(background) > 140 else (255, 255, 255))
            codes.append(self._colour(background, 40))
        elif colour is not None and max(colour) - min(colour) < _GREY:
            colour = None  # chosen for a white page; here it may be that of the terminal's background
        if colour is not None:
            codes.append(self._colour(colour, 30))
        return codes

    def _colour(self, colour: _Rgb, base: int) -> str:
        if self.colours > 256:
            return f"{base + 8};2;{colour[0]};{colour[1]};{colour[2]}"
        if self.colours == 256:
            return f"{base + 8};5;{_of_256(colour)}"
        nearest = min(range(16), key=lambda at: _distance(_SIXTEEN[at], colour))
        return str(base + nearest if nearest < 8 else base + 60 + nearest - 8)


def colours_of(terminal: bool, environment: Mapping[str, str]) -> int:
    """How many colours may be used.

    :param terminal: whether a terminal reads the text
    :param environment: ``NO_COLOR``, ``COLORTERM`` and ``TERM`` count
    """
    if not terminal or "NO_COLOR" in environment or environment.get("TERM") == "dumb":
        return 0
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return 1 << 24
    return 256 if "256" in environment.get("TERM", "") else 16


def _is_large(size: str | None) -> bool:
    if size is None:
        return False
    return size in _LARGE or (size.endswith("px") and float(size[:-2]) >= _LARGE_PIXELS)


def _rgb(text: str | None) -> _Rgb | None:
    return None if text is None else (int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))


def _lightness(colour: _Rgb) -> float:
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def _distance(one: _Rgb, other: _Rgb) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _of_256(colour: _Rgb) -> int:
    at = [min(range(6), key=lambda step: abs(_STEPS[step] - part)) for part in colour]
    cube: _Rgb = (_STEPS[at[0]], _STEPS[at[1]], _STEPS[at[2]])
    grey = min(max(round((sum(colour) / 3 - 8) / 10), 0), 23)
    level = 8 + 10 * grey
    if _distance((level, level, level), colour) < _distance(cube, colour):
        return 232 + grey
    return 16 + 36 * at[0] + 6 * at[1] + at[2]
