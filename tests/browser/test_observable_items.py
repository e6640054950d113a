"""Texts, looks and links of items in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator

from .conftest import Open
from .observing import ADDRESS, composite, item, page_of, pivot, run, table, text


def box(node: Locator) -> dict[str, float]:
    found = node.bounding_box()
    assert found is not None
    return dict(found)


def look(node: Locator, name: str) -> str:
    return str(node.evaluate("(node, name) => getComputedStyle(node).getPropertyValue(name)", name))


@pytest.mark.acceptance("A36")
def test_a_run_of_texts_is_one_line_on_one_ground(show: Open) -> None:
    link = item("https://example.com/a", "Link", "full report")
    made = page_of(
        run(text("See the", False), text(link, False), text(", or ask."), text("Next"), text("last", False)),
    )
    page = show(made).page
    runs = page.locator(".text-run")
    assert runs.all_inner_texts() == ["See the full report, or ask.", "Next", "last"]
    assert len({box(one)["y"] for one in runs.nth(0).locator(".item").all()}) == 1
    assert look(runs.nth(0), "border-radius") != "0px"
    assert look(runs.nth(0), "background-color") != "rgba(0, 0, 0, 0)"
    assert box(runs.nth(1))["y"] >= box(runs.nth(0))["y"] + box(runs.nth(0))["height"]
    page.locator(".warnings summary").click()
    assert "lineBreakEnding" in page.locator(".warnings li").inner_text()


@pytest.mark.acceptance("A37")
def test_composites_in_texts(show: Open) -> None:
    page = show(
        page_of(
            run(
                text(composite(item("one"), item("two"), lines=True)),
                text(composite(item("three"), item("four"))),
                text(composite()),
            )
        )
    ).page
    runs = page.locator(".text-run")
    stacked, flowing = ([box(one)["y"] for one in runs.nth(at).locator(".item").all()] for at in (0, 1))
    assert stacked[1] > stacked[0] + 10
    assert flowing[0] == flowing[1]
    assert runs.nth(2).inner_text() == ""


@pytest.mark.acceptance("A38")
def test_looks_of_items(show: Open) -> None:
    made = page_of(
        run(
            text(item("a", backgroundColor="SteelBlue", textColor="White")),
            text(item("b", textColor="grey")),
            text(item("c", textColor="#4682B4", fontSize="16px")),
            text(item("d", fontStyleWeight="italic-bold", fontSize="xx-large")),
            text(item("e", textColor="red;position:fixed", backgroundColor="red;position:fixed")),
            table(["A"], [[item("f", backgroundColor="Gold")]]),
        )
    )
    page = show(made).page
    items = page.locator(".text-run .item")
    assert look(items.nth(0), "background-color") == "rgb(70, 130, 180)"
    assert look(items.nth(0), "color") == "rgb(255, 255, 255)"
    assert look(items.nth(1), "color") == "rgb(128, 128, 128)"
    assert look(items.nth(2), "color") == "rgb(70, 130, 180)"
    assert look(items.nth(2), "font-size") == "16px"
    assert (look(items.nth(3), "font-style"), look(items.nth(3), "font-weight")) == ("italic", "700")
    assert float(look(items.nth(3), "font-size").removesuffix("px")) > 24
    assert look(items.nth(4), "color") == look(page.locator(".text-run").first, "color")
    assert look(items.nth(4), "position") == "static"
    assert look(items.nth(4), "background-color") == "rgba(0, 0, 0, 0)"
    assert page.locator(".warnings li").count() == 2
    badge = page.locator(".item-grid td .item")
    assert look(badge, "background-color") == "rgb(255, 215, 0)"
    assert look(badge, "color") == "rgb(0, 0, 0)"  # nobody chose one: what can be read on gold
    assert box(badge)["width"] < box(page.locator(".item-grid td"))["width"] / 4  # round the text, not all of the cell


def contrast(one: str, other: str) -> float:
    """The contrast of two computed colours."""

    def light(colour: str) -> float:
        parts = [int(part) / 255 for part in colour[4:-1].split(",")]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_every_colour_can_be_read(show: Open, dark: bool) -> None:
    names = ["Navy", "Black", "White", "Yellow", "MidnightBlue", "Ivory", "Red", "#0000ff"]
    grounds: list[dict[str, Any]] = [{"backgroundColor": one} for one in names]
    both = [{"backgroundColor": one, "textColor": one} for one in names]
    widgets = [text(item("words", textColor=name)) for name in names]
    widgets += [text(item("words", **one)) for one in [*grounds, *both]]
    page = show(page_of(run(*widgets)), dark=dark).page
    ground = look(page.locator(".text-run").first, "background-color")
    for at in range(len(widgets)):
        node = page.locator(".text-run .item").nth(at)
        below = ground if at < len(names) else look(node, "background-color")
        assert contrast(look(node, "color"), below) >= 2.99, at
    assert (
        contrast(look(page.locator(".panel-name h3"), "color"), look(page.locator(".bundle"), "background-color")) > 7
    )
    assert (
        contrast(look(page.locator(".fact dt").first, "color"), look(page.locator(".bundle"), "background-color")) > 4.5
    )


@pytest.mark.acceptance("A39")
def test_only_safe_links_can_be_followed(show: Open) -> None:
    bad = ["javascript:alert(1)", "data:text/html,x", "//example.com", "file:///etc/passwd", "https://"]
    made = page_of(
        run(
            text(item("https://example.com/a?b=1", "Link", "Click here")),
            text(item("https://example.com/url", "URL")),
            *(text(item(one, "Link", "Press me")) for one in bad),
            table(["A"], [[item("http://example.org/", "Link")]]),
        )
    )
    page = show(made).page
    links = page.locator(".panel a")
    assert [one.get_attribute("href") for one in links.all()] == ["https://example.com/a?b=1", "http://example.org/"]
    for one in links.all():
        assert one.get_attribute("target") == "_blank"
        assert "noopener" in str(one.get_attribute("rel"))
    assert page.locator(".text-run").nth(1).inner_text() == "https://example.com/url"
    assert page.locator(".text-run a, .text-run button").count() == 1


@pytest.mark.acceptance("A39")
def test_links_to_observables_lead_into_the_page_or_to_a_command(show: Open) -> None:
    widgets = [
        text(item(f"detail/v2/hash?value={'a' * 32}", "Link", "the hash")),
        text(item("/detail/v2/ip?value=192.0.2.9", "Link", "the other")),
        text(item("detail/v2/domain?value=a%20b%27%3B", "Link", "odd")),
    ]
    other = run(text("Here"), value="192.0.2.9")
    opened = show(page_of(run(*widgets), other), height=300)
    page = opened.page
    page.get_by_role("button", name="the hash").click()
    assert page.locator(".ask code").inner_text() == f"soarkit enrich {'a' * 32}"
    page.get_by_role("button", name="Copy command").click()
    opened.wait_copied(f"soarkit enrich {'a' * 32}")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="odd").click()
    assert page.locator(".ask code").inner_text() == """soarkit enrich 'a b'"'"';'"""
    page.keyboard.press("Escape")
    page.get_by_role("button", name="the other").click()
    assert page.locator(".ask:popover-open").count() == 0
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "192.0.2.9"
    assert box(page.locator(".observable-section").nth(1))["y"] < 300


def test_entities_are_a_table_that_leads_on(show: Open) -> None:
    page = show(page_of(pivot(["one.example.org", "two.example.org"]), run(text("x"), value="two.example.org"))).page
    rows = page.locator(".item-grid tbody tr")
    assert rows.first.locator("td").all_inner_texts() == ["domain", "one.example.org"]
    page.locator(".item-grid .observable").first.click()
    assert page.locator(".ask code").inner_text() == "soarkit enrich one.example.org"
    assert page.locator("h1").inner_text() == ADDRESS
