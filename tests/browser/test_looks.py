"""How a report looks and answers: light and dark, narrow screens, paper, the keyboard, and what everybody can read."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from soarkit.render.logos import Logos
from soarkit.render.parts import ErrorPart, Field, FieldsPart, NotePart, ViewPart
from soarkit.render.table import Column

from .made import made_run, table, tree

LIGHT, DARK = (f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' id='{one}'/>" for one in ("a", "b"))
IP = Column("ip", "action_result.data.*.ip", "string", ("ip",))
EVERYTHING = [
    table(
        ["name", IP, "n", "long", "nested"], [[f"n{n}", f"192.0.2.{n}", n, "words " * 9, {"a": [n]}] for n in range(30)]
    ),
    tree({"text": "a", "n": 1, "yes": True, "none": None, "list": [1, 2, {"a": "b"}]}),
    [ErrorPart("It failed", "view.py, line 3", "soarkit doctor"), NotePart("A note")],
    FieldsPart([Field("ip", "192.0.2.1", ("ip",)), Field("none", None), Field("list", ["a", "b"])], "Summary"),
]

# The contrast of every text that is seen, by the formula of WCAG 2; grounds with alpha are laid over each other.
CONTRASTS = """() => {
    const numbers = (text) => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
        return [red, green, blue, alpha / 255];
    };
    const over = (top, under) => [0, 1, 2].map((at) => top[at] * top[3] + under[at] * (1 - top[3])).concat(1);
    const light = (colour) => {
        const linear = (part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        const parts = colour.slice(0, 3).map((part) => linear(part / 255));
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const ground = (node) => {
        if (!node) return [255, 255, 255, 1];
        const own = numbers(getComputedStyle(node).backgroundColor);
        return own[3] === 1 ? own : over(own, ground(node.parentElement));
    };
    const bad = [];
    for (const node of document.querySelectorAll("body *")) {
        const text = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
        if (!text || !node.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
        if (node.closest(".unseen, script, noscript")) continue;
        const below = ground(node);
        const style = getComputedStyle(node);
        const colour = over(numbers(style.color).map((part, at) => (at === 3 ? part * style.opacity : part)), below);
        const [high, low] = [light(colour), light(below)].sort((a, b) => b - a);
        const ratio = (high + 0.05) / (low + 0.05);
        if (ratio < 4.5) bad.push(`${node.className} ${node.textContent.slice(0, 20)} ${ratio.toFixed(2)}`);
    }
    return bad;
}"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everything_can_be_read(show_parts, dark):
    runs = [made_run(), made_run(status="failed", message="No way"), made_run(status="cancelled", message="Stopped")]
    contextual = {
        "types": {"ip": [0]},
        "commands": [
            {
                "app": "Wall",
                "slug": "wall",
                "action": "block ip",
                "parameter": "ip",
                "read_only": False,
                "asset": None,
                "needs_asset": True,
                "missing": ["zone"],
            }
        ],
    }
    for shown in (runs, runs[:1]):
        opened = show_parts(*EVERYTHING, runs=shown, contextual=contextual, dark=dark)
        opened.page.locator(".marked").first.click()
        expect(opened.menu).to_be_visible()
        assert opened.page.evaluate(CONTRASTS) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("colours", [{"title": "white", "text": "#fff"}, {"title": "#fff"}, {"title": "#000"}])
def test_a_title_is_not_lost_on_the_ground_that_a_view_gives_it(show_parts, dark, colours):
    opened = show_parts(NotePart("A note"), widget={"colours": colours}, dark=dark)
    assert opened.page.evaluate(CONTRASTS) == []


def test_dark_follows_the_system_until_somebody_chooses(show_parts):
    opened = show_parts(*EVERYTHING, dark=True, widget={"logos": Logos(LIGHT, DARK)})
    page = opened.page
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(ground)
    assert max(map(int, re.findall(r"\d+", dark)[:3])) < 40
    logo = page.locator("#w1 .logo:visible")
    assert logo.get_attribute("src") == DARK
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    light = page.evaluate(ground)
    assert min(map(int, re.findall(r"\d+", light)[:3])) > 220
    assert logo.get_attribute("src") == LIGHT
    page.get_by_role("button", name="Theme: as the system").click()
    page.get_by_role("button", name="Theme: light").click()
    assert page.evaluate(ground) == dark
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.evaluate(ground) == dark
    page.emulate_media(media="print")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("width", [320, 360, 768])
def test_narrow_pages_do_not_scroll_sideways(show_parts, width):
    message = "https://example.org/" + "x" * 300
    runs = [made_run(message=message, action_name="a" * 80), made_run()]
    for shown in (runs, runs[:1]):
        opened = show_parts(*EVERYTHING, runs=shown, width=width, height=800, title="T" * 120)
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
        boxes = [opened.page.locator(f"#w{n}").bounding_box() for n in (1, 2)]
        if width < 760:
            assert boxes[1]["y"] > boxes[0]["y"] + boxes[0]["height"]
            assert all(box["width"] > width * 0.8 for box in boxes)


def test_widgets_lie_on_twelve_columns(show_parts):
    opened = show_parts(*EVERYTHING[1:3], widget={"width": 6, "height": 4})
    first, second = (opened.page.locator(f"#w{n}").bounding_box() for n in (1, 2))
    assert first["y"] == second["y"] and abs(first["width"] - second["width"]) < 1
    assert first["x"] + first["width"] < second["x"]
    assert opened.page.locator("#w1-body").bounding_box()["height"] <= 4 * 64


def test_a_widget_folds_and_is_maximised(show_parts):
    opened = show_parts(*EVERYTHING)
    page, widget = opened.page, opened.page.locator("#w1")
    fold = widget.get_by_role("button", name="Collapse")
    assert fold.get_attribute("aria-expanded") == "true"
    fold.click()
    expect(widget.get_by_role("grid")).to_be_hidden()
    widget.get_by_role("button", name="Expand").click()
    expect(widget.get_by_role("grid")).to_be_visible()
    widget.get_by_role("button", name="Maximise").click()
    box = widget.bounding_box()
    assert box["width"] > 1200 and box["height"] > 800
    assert page.evaluate("document.querySelector('#w2').inert")
    page.keyboard.press("Escape")
    assert widget.bounding_box()["height"] < 800
    assert not page.evaluate("document.querySelector('#w2').inert")
    assert page.evaluate("document.activeElement.ariaLabel") == "Maximise"


def test_the_head_tells_of_the_run(show_parts):
    document = {"result_data": [], "result_summary": {"found": 3}}
    run = made_run(
        message="Found\n3 things", elapsed=75.2, parameters=[{"ip": "192.0.2.1", "n": 2**60}], document=document
    )
    text = show_parts(EVERYTHING[1], runs=[run], title="Lookup: ip").page.locator(".report").inner_text()
    for part in ("Lookup: ip", "Success", "Found\n3 things", "1.0.0", "lab", "1 min 15 s", "4711", str(2**60)):
        assert part in text
    assert "Summary\nfound\n3" in text


def test_runs_and_the_menu_of_widgets_lead_to_widgets(show_parts):
    runs = [made_run(id=str(n), action_name=f"action {n}") for n in range(4)]
    opened = show_parts(*EVERYTHING, runs=runs)
    page = opened.page
    links = page.get_by_role("link", name="Result")
    assert links.count() == 4
    links.nth(2).click()
    assert page.evaluate("document.activeElement.id") == "w3"
    assert page.url.endswith("#w3")
    page.get_by_role("button", name="4 widgets").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "w2"
    assert page.locator(".widget-menu:popover-open").count() == 0
    page.go_back()
    assert page.url.endswith("#w3")


def test_paper_shows_all_of_it_and_no_controls(show_parts):
    rows = [[f"row {n}", "x" * 200] for n in range(1500)]
    opened = show_parts(table(["name", "text"], rows), *EVERYTHING[1:], widget={"height": 3})
    page = opened.page
    page.locator("#w2").get_by_role("button", name="Collapse").click()
    page.emulate_media(media="print")
    expect(page.locator("#w1 .paper tbody tr")).to_have_count(1000)
    assert page.get_by_text("The first 1,000 of 1,500 rows.").is_visible()
    assert page.locator("#w2 .tree").is_visible()
    assert page.locator("button:visible:not(.sort), input:visible, .bar:visible").count() == 0
    assert page.locator("#w1 .scroll").is_hidden()
    assert page.locator("#w1 .widget-body").evaluate("(node) => node.scrollHeight <= node.clientHeight")
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="screen")
    assert page.locator("#w1 tbody tr").count() < 200
    assert page.locator("#w2 .tree").is_hidden()


def test_paper_loses_no_columns_and_no_part_of_a_value(show_parts):
    names = [f"column {n}" for n in range(60)]
    rows = [
        [f"cell {n} of {row}" for n in range(58)] + ["y" * 900, {"deep": [1, {"er": "the end"}]}] for row in range(3)
    ]
    opened = show_parts(table(names, rows), dark=True)
    page = opened.page
    page.set_viewport_size({"width": 700, "height": 900})  # upright paper without its margins
    page.emulate_media(media="print")
    expect(page.locator(".paper caption").first).to_have_text(re.compile(r"Columns 1 to \d+ of 60"))
    headings = page.locator(".paper th").all_inner_texts()
    assert list(dict.fromkeys(headings)) == names
    assert headings.count("column 0") == page.locator(".paper table").count()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    cells = page.locator(".paper tbody tr").last.locator("td").all_inner_texts()
    assert cells[-2:] == ["y" * 900, '{"deep":[1,{"er":"the end"}]}']
    page.emulate_media(media="screen")
    expect(page.locator(".paper table")).to_have_count(0)


def test_a_view_is_light_on_paper(show_parts):
    opened = show_parts(ViewPart("<p id='text'>Some text</p>", (), "A view"), dark=True)
    page = opened.page
    text = page.frame_locator("iframe").locator("#text")
    assert text.evaluate("(node) => getComputedStyle(node).color") == "rgb(228, 232, 236)"
    page.emulate_media(media="print")
    assert text.evaluate("(node) => getComputedStyle(node).color") == "rgb(31, 42, 51)"


def test_a_part_that_cannot_be_drawn_leaves_the_others_alone(show_parts):
    opened = show_parts([tree(1), tree({"a": 1})])
    assert opened.page.locator("#w1 .tree").count() == 2
    opened.page.evaluate("() => { soarkit.parts.note = () => { throw new Error('broken') } }")
    drawn = """() => {
        const parts = ["note", "nothing of ours", "toString"].map((kind) => ({kind}));
        const widget = new soarkit.Widget({id: "x", parts});
        document.body.append(widget.node);
        widget.draw();
        return widget.node.innerText;
    }"""
    text = opened.page.evaluate(drawn)
    assert text.count("This part could not be drawn") == 3 and "broken" in text
    opened.complaints.clear()


def test_the_focus_is_always_seen(show_parts):
    opened = show_parts(*EVERYTHING)
    seen = 0
    for _ in range(40):
        opened.page.keyboard.press("Tab")
        shown = opened.page.evaluate("""() => {
            const node = document.activeElement;
            if (node === document.body) return null;
            const inner = {grid: ".current", treeitem: ".tree-row"}[node.role];
            const style = getComputedStyle(inner ? node.querySelector(inner) : node);
            return style.outlineStyle !== "none" || style.boxShadow !== "none";
        }""")
        assert shown in (True, None)
        seen += shown is True
    assert seen > 15
