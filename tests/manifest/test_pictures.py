"""Pictures of apps: what is told by content, and what would be too much to draw."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest

from soarkit.manifest.pictures import addressed, picture
from soarkit.runtime.app_resources import with_resources
from soarkit.runtime.viewing import _plain

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">%s</svg>'


def _uses(levels: int, each: int, attribute: str) -> str:
    """Groups that each use the one before several times."""
    groups = [f'<g id="a{at}">' + f'<use {attribute}="#a{at - 1}"/>' * each + "</g>" for at in range(1, levels)]
    return _SVG % f'<rect id="a0" width="1" height="1"/>{"".join(groups)}'


@pytest.mark.parametrize(
    "svg",
    [
        _SVG % "<rect/>",
        _uses(3, 10, "href"),
        _uses(3, 10, "x:href"),
        _SVG % '<g id="a"><use href="#a"/></g>',  # itself: browsers draw nothing
        _SVG % '<linearGradient id="g"/><rect fill="url(#g)"/>',
        '<!DOCTYPE svg [<!ENTITY n "http://www.w3.org/2000/svg">]><svg xmlns="&n;"/>',  # as drawing programs write it
    ],
)
def test_svg_is_shown(tmp_path: Path, svg: str) -> None:
    (tmp_path / "logo.svg").write_text(svg)

    found = picture(str(tmp_path), "logo.svg")

    assert found is not None
    assert found.kind == "svg+xml"


@pytest.mark.parametrize(
    "svg",
    [
        _uses(9, 10, "href"),
        _uses(9, 10, "x:href"),
        _uses(30, 2, "href"),
        _SVG % ('<pattern id="a"><rect fill="url(#b)"/></pattern>' + "<rect/>" * 60_000),
        _SVG % ("<g>" * 50_000 + "</g>" * 50_000),
        _SVG % "<g>",
        '<!DOCTYPE svg [<!ENTITY a "'
        + "<g/>" * 50
        + '">'
        + "".join(f'<!ENTITY {b} "{f"&{a};" * 50}">' for a, b in ("ab", "bc", "cd"))
        + "]>"
        + _SVG % "&d;",
    ],
    ids=["uses", "older uses", "many levels", "many elements", "too deep", "not ended", "entities"],
)
def test_svg_that_takes_long_to_draw_is_no_picture(tmp_path: Path, svg: str) -> None:
    (tmp_path / "logo.svg").write_text(svg)
    begun = time.monotonic()

    assert picture(str(tmp_path), "logo.svg") is None
    assert time.monotonic() - begun < 30  # drawing it would take hours


@pytest.mark.parametrize(("side", "shown"), [(2000, True), (20_000, False)])
def test_pictures_of_very_many_pixels_are_none(tmp_path: Path, side: int, shown: bool) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", side, side))
    (tmp_path / "a.gif").write_bytes(b"GIF89a" + struct.pack("<HH", side, side))

    assert [picture(str(tmp_path), name) is not None for name in ("a.png", "a.gif")] == [shown, shown]


def test_endless_addresses_take_no_time(tmp_path: Path) -> None:
    begun = time.monotonic()

    assert addressed(str(tmp_path), "a/" * 1_000_000) is None
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("text", ["/app_resource/" * 100_000, "<" * 300_000, "<!--" * 100_000])
def test_marks_without_end_take_no_time(tmp_path: Path, text: str) -> None:
    begun = time.monotonic()

    with_resources(text, str(tmp_path))
    assert _plain(f"<b>a</b> {text}").startswith("a ")
    assert time.monotonic() - begun < 10
