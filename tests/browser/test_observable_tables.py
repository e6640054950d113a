"""Tables of transforms in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from .conftest import Open
from .observing import composite, item, page_of, pivot, run, table

DASH = "\u2013"


def column(page: Page, number: int) -> list[str]:
    """The texts of a column, from 1."""
    return page.locator(f".item-grid tbody td:nth-child({number})").all_inner_texts()


def press_heading(page: Page, name: str) -> None:
    page.locator(".item-grid th .sort", has_text=name).click()


@pytest.mark.acceptance("A40")
def test_columns_sort_by_their_types(show: Open) -> None:
    rows = [
        [2, "2026-03-01 10:00:00", "1.9.0.0", "b"],
        ["", None, "", ""],
        ["10", "2025-12-31", "1.10.0.0", "A"],
        ["-1.5", "01 Feb 2026", "1.9.0.10", composite(item("c"), item("a"))],
        ["1,000", "1767225600", "not one", "B"],
    ]
    types = ["Float", "DateTime", "IPv4", "String"]
    page = show(page_of(run(table(["Number", "Moment", "Address", "Text"], rows, columnTypes=types)))).page
    press_heading(page, "Number")
    assert column(page, 1) == ["-1.5", "2", "10", "1,000", ""]
    press_heading(page, "Number")
    assert column(page, 1) == ["1,000", "10", "2", "-1.5", ""]
    assert page.locator("th[aria-sort=descending]").count() == 1
    press_heading(page, "Moment")
    assert column(page, 2) == ["2025-12-31", "1767225600", "01 Feb 2026", "2026-03-01 10:00:00", ""]
    press_heading(page, "Address")
    assert column(page, 3) == ["1.9.0.0", "1.9.0.10", "1.10.0.0", "not one", ""]
    press_heading(page, "Text")
    assert column(page, 4) == ["A", "b", "B", "c a", ""]  # b was before B: stable
    press_heading(page, "Text")
    assert column(page, 4) == ["c a", "b", "B", "A", ""]
    press_heading(page, "Text")
    assert column(page, 4) == ["b", "", "A", "c a", "B"]  # as it came


@pytest.mark.acceptance("A40")
def test_an_integer_that_only_its_item_calls_so(show: Open) -> None:
    rows = [[item("10", "Integer")], [item("2", "Integer")], [item(7, None)], [item(31, None)]]
    page = show(page_of(run(table(["Count"], rows)))).page
    press_heading(page, "Count")
    assert column(page, 1) == ["2", "7", "10", "31"]


@pytest.mark.acceptance("A41")
def test_widths_are_honoured(show: Open) -> None:
    rows = [["a", "b"]]
    made = page_of(
        run(
            table(["A", "B"], rows, columnWidths=["20%", "80%"]),
            table(["A", "B"], rows),
            table(["A", "B"], rows, columnWidths=["20%"]),
        )
    )
    for width in (1280, 320):
        page = show(made, width=width).page
        sizes = [
            [cell.bounding_box()["width"] for cell in grid.locator("th").all()]  # type: ignore[index]
            for grid in page.locator(".item-grid").all()
        ]
        ratios = [second / first for first, second in sizes]
        assert ratios == pytest.approx([4, 1, 1], rel=0.02)
        assert page.locator(".warnings li").count() == 1


@pytest.mark.acceptance("A19")
def test_fifty_are_shown_and_it_is_said_of_how_many(show: Open) -> None:
    rows = [[number] for number in range(60)]
    found = pivot([f"host{number}.example.org" for number in range(60)], transform="Related")
    page = show(page_of(run(table(["N"], rows)), found)).page
    assert page.locator(".panel:visible .limit").inner_text() == "50 of 60"
    assert page.locator(".panel:visible .range").inner_text() == f"1 {DASH} 25 of 50"
    page.get_by_role("button", name="Next page").click()
    assert column(page, 1)[-1] == "49"
    page.get_by_role("tab", name="Related").click()
    assert page.locator(".panel:visible .limit").inner_text() == "50 of 60"
    assert page.locator(".panel:visible .range").inner_text() == f"1 {DASH} 25 of 50"
    whole = show(page_of(run(table(["N"], rows)), limit=None)).page
    assert whole.locator(".limit").count() == 0
    assert whole.locator(".range").inner_text() == f"1 {DASH} 25 of 60"


@pytest.mark.acceptance("A37")
def test_composites_in_cells(show: Open) -> None:
    rows = [[composite(item("one"), item("two"), lines=True), composite(item("three"), item("four")), composite()]]
    page = show(page_of(run(table(["A", "B", "C"], rows)))).page
    cells = page.locator(".item-grid tbody td")
    tops = [box["y"] for one in cells.nth(0).locator(".item").all() if (box := one.bounding_box())]
    assert tops[1] > tops[0] + 10
    tops = [box["y"] for one in cells.nth(1).locator(".item").all() if (box := one.bounding_box())]
    assert tops[0] == tops[1]
    assert cells.nth(2).inner_text() == ""


def test_pages_of_rows_columns_filter_and_csv(show: Open, tmp_path: Path) -> None:
    rows = [[number, f"name {number}", "=1+1"] for number in range(120)]
    opened = show(page_of(run(table(["Number", "Name", "Formula"], rows)), limit=None), accept_downloads=True)
    page = opened.page
    assert page.locator(".range").inner_text() == f"1 {DASH} 25 of 120"
    page.locator(".size").select_option("100")
    assert len(column(page, 1)) == 100
    page.get_by_role("button", name="Next page").click()
    assert page.locator(".range").inner_text() == f"101 {DASH} 120 of 120"
    page.get_by_role("searchbox", name="Filter rows").fill("name 11")
    assert column(page, 1) == ["11", *(str(number) for number in range(110, 120))]
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("Number").uncheck()
    assert page.locator(".item-grid th").all_inner_texts() == ["Name", "Formula"]
    page.keyboard.press("Escape")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    target = tmp_path / "things.csv"
    waiting.value.save_as(target)
    assert waiting.value.suggested_filename == "Things.csv"
    assert target.read_text("utf-8-sig").split()[:2] == ["Name,Formula", "name"]
    assert "name 11,'=1+1\n" in target.read_text("utf-8-sig")


def test_what_is_cut_is_whole_on_hover_and_on_focus(show: Open) -> None:
    long = "a long text " * 60
    page = show(page_of(run(table(["A", "B"], [[long, "short"], ["x", long]])))).page
    first = page.locator(".item-grid tbody td").first
    assert page.evaluate("cell => getComputedStyle(cell).textOverflow", first.element_handle()) == "ellipsis"
    first.hover()
    assert page.locator(".tip").inner_text().strip() == long.strip()
    page.locator(".item-grid tbody td").nth(1).hover()
    assert not page.locator(".tip").is_visible()
    first.focus()
    assert page.locator(".tip").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".tip").is_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.locator(".tip").is_visible()
    assert page.locator("td:focus").get_attribute("aria-describedby") == "tip"


def test_no_rows(show: Open) -> None:
    page = show(page_of(run(table(["A", "B"], [])))).page
    assert page.locator(".item-grid th").all_inner_texts() == ["A", "B"]
    assert page.locator(".items .none").inner_text() == "No rows."


WIDE = [
    "Score",
    "Domain name",
    "First seen",
    "Last seen",
    "Organisation",
    "Classification",
    "Autonomous system",
    "Tags",
]


@pytest.mark.acceptance("A41")
@pytest.mark.parametrize(
    "widths", [["5%", "95%"], ["0%", "50%", "50%"], ["1%"] * 7 + ["93%"], None], ids=["5", "0", "1", "none"]
)
@pytest.mark.parametrize("size", [320, 768, 1280])
def test_no_heading_is_cut_for_the_sake_of_a_share(show: Open, widths: list[str] | None, size: int) -> None:
    names = WIDE[: len(widths)] if widths else WIDE
    rows = [[98, "login-contoso.example", "2026-01-02", "2026-02-03", "Contoso", "malicious", "AS64500", "phishing"]]
    more = {"columnWidths": widths} if widths else {}
    page = show(page_of(run(table(names, [rows[0][: len(names)]], **more))), width=size).page
    found = page.locator(".sort > span").evaluate_all(
        "spans => spans.filter((one) => one.scrollWidth > one.clientWidth || one.clientWidth === 0).length"
    )
    assert found == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= size


def test_a_table_that_is_wider_than_the_page_fades_where_it_goes_on(show: Open) -> None:
    page = show(page_of(run(table(WIDE, [[f"a value in column {at}" for at in range(8)]]))), width=375).page
    scroller = page.locator(".items .scroll")
    assert "more-after" in scroller.get_attribute("class").split()  # type: ignore[union-attr]
    scroller.evaluate("node => { node.scrollLeft = 1e6 }")
    page.wait_for_selector(".items .scroll.more-before:not(.more-after)")


def test_columns_keep_their_widths_from_page_to_page(show: Open) -> None:
    rows = [["x" * 30 if number < 25 else "y", number, "z"] for number in range(60)]
    page = show(page_of(run(table(["A", "B", "C"], rows)), limit=None), width=768).page

    def sizes() -> list[float]:
        return [cell.bounding_box()["width"] for cell in page.locator(".item-grid th").all()]  # type: ignore[index]

    before = sizes()
    page.get_by_role("button", name="Next page").click()
    assert sizes() == pytest.approx(before, abs=0.5)
