"""Places on the world map."""

from __future__ import annotations

from soarkit.render.parts import Field, MapPart, Point

from .conftest import Open


def _point(latitude: float, longitude: float, name: str, address: str = "192.0.2.1") -> Point:
    return Point(latitude, longitude, [Field("city", name), Field("ip", address, ("ip",), "action_result.data.*.ip")])


LONDON = _point(51.5, -0.1, "London")
NEAR = _point(51.6, -0.2, "Near London", "192.0.2.2")
SYDNEY = _point(-33.9, 151.2, "Sydney", "192.0.2.3")


def test_places_that_overlap_are_one_with_a_count(show_parts: Open) -> None:
    page = show_parts(MapPart([LONDON, NEAR, SYDNEY], 2)).page

    assert page.locator(".map-dot").count() == 2
    assert page.locator(".map-dot.many").inner_text() == "2"
    assert "2 rows without a place" in page.inner_text("main")
    assert len(page.locator("path.land").get_attribute("d") or "") > 10000


def test_a_dot_tells_what_is_there(show_parts: Open) -> None:
    page = show_parts(MapPart([LONDON, NEAR, SYDNEY], 0)).page

    page.get_by_role("button", name="Sydney").click()

    panel = page.locator(".map-panel")
    assert "Sydney" in panel.inner_text()
    assert "33.90° S, 151.20° E" in panel.inner_text()
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert "Sydney" in (page.evaluate("document.activeElement.getAttribute('aria-label')") or "")


def test_it_can_be_used_with_the_keyboard_alone(show_parts: Open) -> None:
    page = show_parts(MapPart([LONDON, SYDNEY], 0)).page

    page.get_by_role("button", name="London").focus()
    page.keyboard.press("Enter")

    assert "London" in page.locator(".map-panel").inner_text()


def test_zooming_tells_places_apart(show_parts: Open) -> None:
    page = show_parts(MapPart([LONDON, _point(48.9, 2.3, "Paris")], 0)).page
    assert page.locator(".map-dot.many").count() == 1

    page.get_by_role("button", name="Zoom to the places").click()

    assert page.locator(".map-dot.many").count() == 0
    assert page.locator(".map-dot").count() == 2
    page.get_by_role("button", name="Show the whole world").click()
    assert page.locator(".map-dot.many").count() == 1


def test_all_places_are_listed_and_their_values_have_menus(show_parts: Open) -> None:
    contextual = {
        "types": {"ip": [0]},
        "commands": [
            {
                "app": "Lookup",
                "slug": "lookup",
                "action": "lookup ip",
                "parameter": "ip",
                "read_only": True,
                "asset": None,
                "missing": [],
            }
        ],
    }
    one = show_parts(MapPart([LONDON, SYDNEY], 0), contextual=contextual)

    one.page.get_by_text("List of 2 places").click()
    one.page.locator(".map-all .marked", has_text="192.0.2.3").click()

    one.menu.wait_for()
    assert "ip=192.0.2.3" in one.menu.inner_text()


def test_places_off_the_earth_are_none(show_parts: Open) -> None:
    page = show_parts(MapPart([Point(91, 0, []), Point(0, 181, []), LONDON], 0)).page

    assert page.locator(".map-dot").count() == 1
    assert "2 rows without a place" in page.inner_text("main")


def test_a_map_without_places_is_still_a_map(show_parts: Open) -> None:
    page = show_parts(MapPart([], 4)).page

    assert page.locator("path.land").count() == 1
    assert "4 rows without a place" in page.inner_text("main")


def test_many_places_are_drawn_at_once(show_parts: Open) -> None:
    points = [_point((n * 37 % 1700) / 10 - 85, (n * 101 % 3600) / 10 - 180, f"n{n}") for n in range(20000)]
    page = show_parts(MapPart(points, 0)).page

    assert page.evaluate("document.querySelectorAll('.map-dot').length") < 1500
    page.get_by_role("button", name="Zoom in").click()


def test_it_is_legible_when_dark_and_on_paper(show_parts: Open) -> None:
    page = show_parts(MapPart([LONDON, SYDNEY], 0), dark=True).page

    assert page.evaluate("getComputedStyle(document.querySelector('.land')).fill") == "rgb(42, 50, 61)"
    page.emulate_media(media="print")
    page.get_by_text("Sydney").first.wait_for()
    assert not page.locator(".map-tools").is_visible()
