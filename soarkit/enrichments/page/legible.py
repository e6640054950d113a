"""Colours of items made readable: scripts choose them for a white page, and ours may be dark."""

from __future__ import annotations

from typing import NamedTuple

from soarkit.enrichments.attributes import Style

#: What items without a background stand on, as the page's styles have it.
LIGHT, DARK = "#f7f8fa", "#1b212a"

# Contrast that a text has at least, once its colour has to be changed (WCAG, level AA).
_LEAST = 4.5
# Scripts choose colours for a white page: there they are kept as far as WCAG lets a large text be, on a dark one they
# have to be changed anyway.
_KEPT = 3.0
# Where a script chooses both text and background, it means the pair, and it stays if it can be read at all: published
# ones write white on #3CB371 and #A9A9A9.
_KEPT_OF_PAIR = 2.0
_STEPS = 20


class Ink(NamedTuple):
    """Colours of an item's text; None: the page's own.

    :ivar light: on a light page
    :ivar dark: on a dark page
    """

    light: str | None
    dark: str | None


def ink(style: Style) -> Ink:
    """The colour of a text on its background, or on a light and a dark page.

    A colour that can be read stays as it is; one that is lost is moved towards black or white until it can.
    """
    if style.background is not None:
        colour = _on_ground(style.colour, style.background) if style.colour else _opposite(style.background)
        return Ink(colour, colour)
    if style.colour is None:
        return Ink(None, None)
    return Ink(legible(style.colour, LIGHT), legible(style.colour, DARK, _LEAST))


def _on_ground(colour: str, ground: str) -> str:
    return colour if contrast(colour, ground) >= _KEPT_OF_PAIR else legible(colour, ground)


def legible(colour: str, ground: str, kept: float = _KEPT) -> str:
    """The colour, or the nearest one to it that can be read on this ground.

    :param kept: the contrast with which a colour stays as it is
    """
    if contrast(colour, ground) >= kept:
        return colour
    aim = _opposite(ground)
    for step in range(_STEPS + 1):
        mixed = _mixed(colour, aim, step / _STEPS)
        if contrast(mixed, ground) >= _LEAST:
            return mixed
    return aim


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21, as WCAG 2 defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _opposite(ground: str) -> str:
    return max("#000000", "#ffffff", key=lambda colour: contrast(colour, ground))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mixed(colour: str, aim: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(aim), strict=True)
    return "#" + "".join(f"{round(own + (other - own) * share):02x}" for own, other in pairs)
