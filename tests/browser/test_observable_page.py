"""The page of an observable in a real browser: bundles, tabs, failures, paper."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from .conftest import Open
from .observing import ADDRESS, item, page_of, pivot, run, table, text


def chart(name: str, options: Any) -> dict[str, Any]:
    """A chart widget."""
    given = options if isinstance(options, str) else json.dumps(options)
    return {"widgetType": "Chart", "chartName": name, "highchartsJson": given}


#: A chart for each rule of the reference, section 3.3.
REFUSED = {
    "H1": "[1, 2]",
    "H2": {"series": [{"type": "map", "data": [1]}]},
    "H3": {"chart": {"options3d": {"enabled": True}}, "series": [{"data": [1]}]},
    "H4": {"chart": {"events": {"load": "x"}}, "series": [{"data": [1]}]},
    "H5": {"title": {"text": "function () { return 1 }"}, "series": [{"data": [1]}]},
    "H6": {"tooltip": {"useHTML": True}, "series": [{"data": [1]}]},
    "H7": {"series": [{"data": [0] * 20_001}]},
}


def several() -> bytes:
    """Two bundles, the first with four tabs of which two failed."""
    failed = {"widgets": [text("Partly there")], "exceptions": ["HTTP 500"], "messages": []}
    told = [{"messageType": "WARNING", "messageText": "quota"}, {"messageType": "DEBUG", "messageText": "secret-ish"}]
    return page_of(
        run(document={"widgets": [text("All of it")], "messages": told}),
        run(transform="Passive DNS", document=failed, status="failed", message="The source answered with an error"),
        run(
            transform="Sandbox",
            document=None,
            status="failed",
            error="it did not finish within 30 s",
            log="run-1.log",
            timed_out=True,
        ),
        run(transform="Nothing"),
        pivot(["one.example.org"], transform="Related", bundle="Northwind", set_name="Northwind"),
    )


def tabs(page: Page, name: str) -> list[str]:
    return page.get_by_role("tablist", name=name).get_by_role("tab").locator("bdi").all_inner_texts()


def told(node: Locator) -> list[str]:
    """The lines of it that say something."""
    return [line for line in node.inner_text().splitlines() if line]


def panel(page: Page) -> str:
    return page.locator(".panel:visible").inner_text()


def test_the_head_says_what_it_is_about(show: Open) -> None:
    opened = show(several())
    page = opened.page
    assert page.title() == ADDRESS
    assert page.locator("h1").inner_text() == ADDRESS
    assert page.locator(".kind").inner_text() == "IPv4 address"
    assert "2 failed" in page.locator(".observable-facts").inner_text()
    page.get_by_role("button", name="Copy value").click()
    opened.wait_copied(ADDRESS)


def test_tabs_by_pointer_keys_and_address(show: Open) -> None:
    page = show(several()).page
    assert tabs(page, "Bundles") == ["Contoso", "Northwind"]
    assert tabs(page, "Contoso") == ["Overview", "Passive DNS", "Sandbox", "Nothing"]
    assert page.locator("[role=tabpanel]:visible").count() == 2  # the bundle's, and the transform's in it
    assert "All of it" in panel(page)
    first = page.get_by_role("tab", name="Overview")
    first.focus()
    page.keyboard.press("ArrowRight")
    assert "Partly there" in panel(page)
    assert page.url.endswith("#contoso/passive-dns")
    assert page.evaluate("document.activeElement.getAttribute('aria-selected')") == "true"
    assert first.get_attribute("tabindex") == "-1"
    page.keyboard.press("End")
    assert "found nothing" in panel(page)
    page.keyboard.press("ArrowRight")
    assert "All of it" in panel(page)
    page.get_by_role("tab", name="Northwind").click()
    assert "one.example.org" in panel(page)
    assert page.url.endswith("#northwind/related")
    page.evaluate("location.hash = '#contoso/sandbox'")
    page.wait_for_selector(".panel:visible >> text=it did not finish within 30 s")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert "it did not finish within 30 s" in panel(page)
    page.evaluate("location.hash = '#%E0%A4%A'")  # nobody's


def test_what_failed_is_said_beside_what_was_produced(show: Open) -> None:
    page = show(several()).page
    badges = page.locator(".transforms .tab-badge:visible")
    assert [one.get_attribute("title") for one in badges.all()] == ["failed", "timed out"]
    page.get_by_role("tab", name="Passive DNS").click()
    error = page.locator(".panel:visible .error")
    assert told(error) == ["The source answered with an error", "HTTP 500"]
    assert "Partly there" in panel(page)
    page.get_by_role("tab", name="Sandbox").click()
    assert told(page.locator(".panel:visible .error")) == [
        "it did not finish within 30 s",
        "the log: run-1.log",
    ]


def test_messages_but_those_for_debugging(show: Open) -> None:
    html = several()
    page = show(html).page
    page.locator(".panel:visible .messages summary").click()
    assert page.locator(".messages li").inner_text().split() == ["WARNING", "quota"]
    assert b"secret-ish" not in html


def test_bad_widgets_are_panels_in_their_places(show: Open) -> None:
    page = show(page_of(run(text("a"), {"widgetType": "Map"}, text("b"), {"widgetType": "HorizontalRule"}))).page
    kinds = [one.get_attribute("class") for one in page.locator(".panel > .part").all()]
    assert kinds == ["part part-text", "part part-error", "part part-text", "part part-rule"]
    assert "no widgetType 'Map'" in page.locator(".error").inner_text()
    line = page.locator("hr").bounding_box()
    assert line is not None
    assert line["width"] > 1000


@pytest.mark.acceptance("A44")
def test_refused_charts_are_panels_and_the_rest_is_shown(show: Open) -> None:
    made = run(text("before"), *(chart(rule, options) for rule, options in REFUSED.items()), text("after"))
    page = show(page_of(made)).page
    panels = page.locator(".error").all()
    assert [told(one)[1].partition(":")[0] for one in panels] == list(REFUSED)
    assert page.locator(".text-run").all_inner_texts() == ["before", "after"]


@pytest.mark.acceptance("A44")
def test_strictly_one_refused_chart_blanks_its_tab(show: Open) -> None:
    bad = run(text("before"), chart("Bad", REFUSED["H6"]), table(["A"], [["cell"]]))
    page = show(page_of(bad, run(text("fine"), transform="Other"), strict=True)).page
    assert page.locator(".panel:visible > .part").count() == 1
    said = page.locator(".panel:visible .error").inner_text()
    assert "cannot be rendered" in said
    assert "H6: tooltip.useHTML" in said
    assert "cell" not in panel(page)
    page.get_by_role("tab", name="Other").click()
    assert "fine" in panel(page)


def test_several_observables_have_a_section_each(show: Open) -> None:
    page = show(
        page_of(
            run(text("a")),
            run(text("b"), value="192.0.2.9"),
            run(text("c"), transform="More"),
            title="2 observables",
        )
    ).page
    assert page.locator("h1").inner_text() == "2 observables"
    assert page.locator(".observable-value").all_inner_texts() == [ADDRESS, "192.0.2.9"]
    assert page.locator(".observable-list a").all_inner_texts() == [ADDRESS, "192.0.2.9"]
    sections = page.locator(".observable-section")
    assert sections.nth(0).get_by_role("tab").all_inner_texts() == ["Overview", "More"]
    page.evaluate("location.hash = '#contoso/overview-2'")  # of the second observable


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_width_makes_the_page_wider_than_the_screen(show: Open, width: int) -> None:
    wide = table(
        [f"Column {number}" for number in range(12)],
        [[f"value {number}" * 4 for number in range(12)]] * 3,
        name="A table with a name that is rather long, as names of tables are",
    )
    long = text(item("x" * 300, fontSize="xx-large", backgroundColor="Gold"))
    html = page_of(
        run(long, wide, transform="A transform with a very long name indeed"),
        *(run(text("x"), transform=f"Transform number {number}") for number in range(9)),
        run(text("x"), set_name="A set of transforms with a long name", bundle="Other"),
        run(text("x"), set_name="Third", bundle="Third", value=ADDRESS),
        value=ADDRESS,
    )
    page = show(html, width=width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("tab", name="Transform number 8").click()
    shown = page.get_by_role("tab", name="Transform number 8").bounding_box()
    assert shown is not None
    assert 0 <= shown["x"] <= width


def test_on_paper_all_tabs_stand_below_each_other(show: Open) -> None:
    rows = [[number] for number in range(40)]
    page = show(page_of(run(table(["N"], rows)), run(text("second"), transform="Second"))).page
    page.emulate_media(media="print")
    page.wait_for_selector(".item-grid tbody tr:nth-child(40)")
    assert page.locator(".panel").nth(1).is_visible()
    assert "second" in page.locator(".panel").nth(1).inner_text()
    assert not page.get_by_role("tablist").first.is_visible()
    assert page.locator(".paper-name").all_inner_texts() == ["Overview", "Second"]
    assert len(page.pdf()) > 1000
    page.emulate_media(media="screen")
    assert page.locator(".item-grid tbody tr").count() == 25


def test_everything_is_reached_with_the_keyboard(show: Open) -> None:
    page = show(
        page_of(
            run(text(item("https://example.com/", "Link", "a link")), table(["A", "B"], [["x", "y"], ["z", "w"]])),
            run(text("other"), transform="Other"),
        )
    ).page
    seen = []
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.innerText || document.activeElement.ariaLabel"))
    for name in ("Copy value", "Overview", "a link", "Columns", "CSV", "A", "x"):
        assert name in seen, seen
    assert "Other" not in seen  # tabs are one stop
    page.locator("td", has_text="x").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.innerText") == "w"


def test_charts_in_all_tabs_fit_the_paper(show: Open) -> None:
    drawn = chart("Hits", {"chart": {"type": "column"}, "series": [{"name": "Hits", "data": [3, 1, 2]}]})
    page = show(page_of(run(drawn), run(drawn, transform="Second"))).page
    page.emulate_media(media="print")
    page.wait_for_selector(".panel >> nth=1 >> .chart-stage svg", state="visible")
    widths = page.evaluate("Array.from(document.querySelectorAll('.chart-stage svg'), (one) => one.clientWidth)")
    assert len(widths) == 2
    assert all(200 < width <= 700 for width in widths)


def test_a_chart_is_named_once(show: Open) -> None:
    titled = {"title": {"text": "Hits"}, "series": [{"data": [1]}]}
    page = show(page_of(run(chart("Hits", titled), chart("Other", titled)))).page
    assert page.locator(".chart-card > .items-name").all_inner_texts() == ["Other"]


def test_tabs_by_their_display_names(show: Open) -> None:
    page = show(page_of(run(text("x"), transform="enrichIP", display_name="Overview"), display_names=True)).page
    assert tabs(page, "Contoso") == ["Overview"]
    assert page.get_by_role("tab").count() == 1


def test_the_heading_of_a_bundle_is_there_for_who_listens(show: Open) -> None:
    page = show(page_of(run(text("one")), run(text("two"), bundle="Other", set_name="Other"))).page
    assert page.get_by_role("heading", level=2).all_inner_texts() == ["Contoso"]
    assert page.get_by_role("heading", level=3).all_inner_texts() == ["Overview of an address"]
