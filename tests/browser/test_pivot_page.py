"""The page of a graph: drawn, folded, dragged, searched, filtered, exported, printed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator
from playwright.sync_api import Locator, Page, expect

from soarkit.enrichments.pivot.graph import CANCELLED, Found, Graph
from soarkit.enrichments.pivot.page import graph_page
from soarkit.manifest.schema_files import read_schema

from .conftest import Open, Opened
from .graphs import ask, hostile, large, small

HOSTILE = (
    "\"'`><script>top.ran = 1</script><img src=x onerror='top.ran = 1'></script><!--<script>]]>"
    "<svg onload='top.ran = 1'>${top.ran = 1}{{top.ran}}\u2028\u202e\u0007</main></style>javascript:top.ran=1"
)

Show = Callable[..., Opened]


@pytest.fixture
def show_graph(show: Open) -> Show:
    """Show the page of a graph, and wait until its picture is at rest."""

    def show_it(graph: Graph, **options: object) -> Opened:
        opened = show(graph_page(graph, made="2026-01-02T03:04:05Z", soarkit="0.0.0"), **options)
        rest(opened.page)
        return opened

    return show_it


def rest(page: Page) -> None:
    page.wait_for_selector("svg.picture[data-resting]", timeout=20_000)


def node(page: Page, number: int) -> Locator:
    return page.locator(f'.node[data-id="{number}"]')


def entry(page: Page, name: str) -> Locator:
    return page.get_by_role("treeitem", name=name, exact=True)


def center(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def download(page: Page, label: str, tmp_path: Path) -> Path:
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as waited:
        page.get_by_role("menuitem", name=label, exact=True).click()
    path = tmp_path / waited.value.suggested_filename
    waited.value.save_as(path)
    return path


def test_nodes_and_edges_are_drawn(show_graph: Show) -> None:
    page = show_graph(small()).page
    assert page.title() == "example.org · graph"
    assert page.locator(".node").count() == 6
    assert page.locator(".edge").count() == 6
    assert page.locator(".edge.back").count() == 1
    assert page.locator(".name:not(.unwritten)").all_inner_texts() != []
    canvas = page.locator(".canvas").bounding_box()
    assert canvas is not None
    for number in range(1, 7):
        x, y = center(node(page, number).locator(".disc"))
        assert canvas["x"] < x < canvas["x"] + canvas["width"]
        assert canvas["y"] < y < canvas["y"] + canvas["height"]
    # Each edge ends at the rim of its nodes.
    places = [center(node(page, number).locator(".disc")) for number in (1, 2)]
    line = page.locator('.edge[data-id="1"] .line').bounding_box()
    assert line is not None
    left, right = sorted(x for x, _ in places)
    assert left - 2 <= line["x"] and line["x"] + line["width"] <= right + 2
    assert node(page, 3).locator(".failure").count() == 1
    assert page.locator(".chip").all_inner_texts() == ["Domain\n3", "IPv4 address\n2", "Hash\n1"]


def test_a_selected_node_tells_all_of_itself(show_graph: Show) -> None:
    opened = show_graph(small())
    page = opened.page
    node(page, 2).locator(".disc").click()
    panel = page.locator(".panel")
    expect(panel.locator("h2")).to_have_text("192.0.2.1")
    expect(panel).to_contain_text("1 step out, found 2 times")
    assert panel.locator(".panel-fields dt").all_inner_texts() == ["First seen", "Score"]
    assert panel.locator(".panel-fields dd").all_inner_texts() == ["2024-01-02", "71"]
    expect(panel.locator(".ran")).to_contain_text("3 entities")
    assert panel.locator("code").all_inner_texts() == [
        "soarkit pivot --type ipv4 192.0.2.1",
        "soarkit enrich --type ipv4 192.0.2.1",
    ]
    panel.get_by_role("button", name="Copy", exact=True).first.click()
    opened.wait_copied("soarkit pivot --type ipv4 192.0.2.1")
    assert page.locator(".edge.near").count() == 4
    panel.get_by_role("button", name="example.org").first.click()
    expect(panel.locator("h2")).to_have_text("example.org")
    expect(panel.locator(".ran").first).to_contain_text("INFO from the cache")
    expect(panel.locator(".ran").first).to_contain_text("2 entities · 250 ms · run key1")
    node(page, 3).locator(".disc").click()
    expect(panel.locator(".ran.failed")).to_contain_text("HTTP 401: the key is not valid")
    panel.get_by_role("button", name="Close").click()
    expect(panel.locator("h2")).to_have_text("The graph")


def test_folding_hides_what_is_reached_through_a_node_alone(show_graph: Show) -> None:
    page = show_graph(small()).page
    node(page, 2).locator(".disc").dblclick()
    expect(page.locator(".node")).to_have_count(3)
    expect(node(page, 2).locator(".behind")).to_have_text("+3")
    expect(page.locator(".shown")).to_have_text("3 of 6 entities")
    rest(page)
    node(page, 2).locator(".more").click()
    expect(page.locator(".node")).to_have_count(6)
    rest(page)
    page.get_by_role("button", name="Fold all", exact=True).click()
    expect(page.locator(".node")).to_have_count(1)
    page.get_by_role("button", name="Unfold all").click()
    expect(page.locator(".node")).to_have_count(6)


def test_a_node_is_dragged_and_stays(show_graph: Show) -> None:
    page = show_graph(small()).page
    disc = node(page, 3).locator(".disc")
    x, y = center(disc)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=4)
    page.mouse.move(x + 80, y + 60, steps=4)
    page.mouse.up()
    page.wait_for_timeout(400)
    now = center(disc)
    assert now == (pytest.approx(x + 80, abs=4), pytest.approx(y + 60, abs=4))
    assert page.locator(".panel h2").inner_text() == "The graph"  # a drag is no click


def test_the_picture_is_moved_and_zoomed(show_graph: Show) -> None:
    page = show_graph(small()).page
    disc = node(page, 1).locator(".disc")
    before = center(disc)
    canvas = page.locator(".canvas").bounding_box()
    assert canvas is not None
    x, y = canvas["x"] + 20, canvas["y"] + 20
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 25, steps=3)
    page.mouse.up()
    after = center(disc)
    assert after == (pytest.approx(before[0] + 60, abs=1), pytest.approx(before[1] + 25, abs=1))
    size = disc.bounding_box()
    page.mouse.move(*after)
    page.mouse.wheel(0, -240)
    page.wait_for_timeout(100)
    larger = disc.bounding_box()
    assert size is not None and larger is not None and larger["width"] > size["width"] * 1.2
    assert center(disc) == (pytest.approx(after[0], abs=2), pytest.approx(after[1], abs=2))
    page.get_by_role("button", name="Show all").click()
    assert center(disc) == (pytest.approx(before[0], abs=2), pytest.approx(before[1], abs=2))


def test_search_goes_from_match_to_match_and_unfolds(show_graph: Show) -> None:
    page = show_graph(small()).page
    page.get_by_role("button", name="Fold all", exact=True).click()
    page.keyboard.press("/")
    page.keyboard.type("HOST")
    expect(page.locator(".found")).to_have_text("2")
    page.keyboard.press("Enter")
    expect(page.locator(".found")).to_have_text("1 of 2")
    expect(page.locator(".panel h2")).to_have_text("host1.example.net")
    expect(page.locator(".node.match")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_have_text("host2.example.net")
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".panel h2")).to_have_text("host1.example.net")
    page.locator("input[type=search]").fill("2024-01")  # a field
    expect(page.locator(".node.match")).to_have_attribute("data-id", "2")
    page.locator("input[type=search]").fill("passive dns")  # a transform
    expect(page.locator(".node.match")).to_have_attribute("data-id", "3")
    page.locator("input[type=search]").fill("nothing like it")
    expect(page.locator(".found")).to_have_text("none")
    page.keyboard.press("Escape")
    expect(page.locator(".searching")).to_have_count(0)


def test_types_are_filtered(show_graph: Show) -> None:
    page = show_graph(small()).page
    chip = page.get_by_role("button", name="IPv4 address, 2", exact=True)
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".node")).to_have_count(4)
    expect(page.locator(".edge")).to_have_count(1)
    expect(page.locator(".shown")).to_have_text("4 of 6 entities")
    chip.click()
    expect(page.locator(".node")).to_have_count(6)


def test_the_list_is_used_by_keys(show_graph: Show) -> None:
    page = show_graph(small()).page
    entry(page, "Domain example.org").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".panel h2")).to_have_text("192.0.2.1")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".node")).to_have_count(3)
    expect(entry(page, "IPv4 address 192.0.2.1")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".node")).to_have_count(6)
    page.keyboard.press("End")
    expect(page.locator(".panel h2")).to_have_text("192.0.2.2")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".panel h2")).to_have_text("example.org")
    assert entry(page, "Domain example.org, met before").count() == 1
    assert entry(page, "Domain example.org, met before").get_attribute("aria-expanded") is None


def test_the_picture_is_used_by_keys(show_graph: Show) -> None:
    page = show_graph(small()).page
    page.locator("svg.picture").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".panel h2")).to_have_text("example.org")
    seen = set()
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
        seen.add(page.locator(".panel h2").inner_text())
    assert len(seen) > 1
    page.keyboard.press("Escape")
    expect(page.locator(".panel h2")).to_have_text("The graph")
    before = node(page, 1).locator(".disc").bounding_box()
    page.keyboard.press("+")
    after = node(page, 1).locator(".disc").bounding_box()
    assert before is not None and after is not None and after["width"] > before["width"]


def test_layers_go_from_left_to_right(show_graph: Show) -> None:
    page = show_graph(small()).page
    page.get_by_role("button", name="Layers").click()
    rest(page)
    x = {number: center(node(page, number).locator(".disc"))[0] for number in range(1, 7)}
    assert x[1] < x[2] == pytest.approx(x[3], abs=1)
    assert x[2] < x[4] == pytest.approx(x[5], abs=1)
    assert x[4] < x[6]


def test_all_is_exported_as_data(show_graph: Show, tmp_path: Path) -> None:
    page = show_graph(small()).page
    graph = json.loads(download(page, "JSON", tmp_path).read_text())
    Draft202012Validator(read_schema("pivot")).validate(graph)
    assert len(graph["nodes"]) == 6
    nodes = list(csv.DictReader(io.StringIO(download(page, "CSV, entities", tmp_path).read_text("utf-8-sig"))))
    assert [one["value"] for one in nodes][:2] == ["example.org", "192.0.2.1"]
    assert (nodes[1]["seen"], nodes[1]["score"], nodes[2]["seen"]) == ("2024-01-02", "71", "")
    edges = list(csv.DictReader(io.StringIO(download(page, "CSV, edges", tmp_path).read_text("utf-8-sig"))))
    assert (edges[0]["source_value"], edges[0]["target_value"]) == ("example.org", "192.0.2.1")
    assert (edges[0]["transform"], edges[0]["times"]) == ("Domain to IP", "2")
    root = ElementTree.parse(download(page, "GraphML", tmp_path)).getroot()
    names = {"g": "http://graphml.graphdrawing.org/xmlns"}
    assert len(root.findall(".//g:node", names)) == 6
    assert [(one.get("source"), one.get("target")) for one in root.findall(".//g:edge", names)][:2] == [
        ("n1", "n2"),
        ("n1", "n3"),
    ]


def test_what_is_seen_is_exported_as_a_picture(show_graph: Show, tmp_path: Path) -> None:
    page = show_graph(small()).page
    svg = download(page, "SVG picture", tmp_path)
    root = ElementTree.parse(svg).getroot()
    space = {"s": "http://www.w3.org/2000/svg"}
    texts = [one.text for one in root.findall(".//s:text", space)]
    assert "example.org" in texts and "192.0.2.1" in texts
    assert len(root.findall(".//s:path[@marker-end]", space)) == 6
    assert root.find(".//s:script", space) is None and "class=" not in svg.read_text()
    png = download(page, "PNG picture", tmp_path).read_bytes()
    assert png.startswith(b"\x89PNG") and len(png) > 5000


def test_it_is_printed_whole_with_a_table(show_graph: Show) -> None:
    page = show_graph(small()).page
    page.emulate_media(media="print")
    expect(page.locator(".paper tbody tr")).to_have_count(6)
    assert page.locator("svg.picture").get_attribute("viewBox")
    expect(page.locator(".toolbar")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(page.locator(".paper tbody tr")).to_have_count(0)
    assert page.locator("svg.picture").get_attribute("viewBox") is None


def test_a_narrow_screen_shows_one_thing_below_the_other(show_graph: Show) -> None:
    page = show_graph(small(), width=390, height=800).page
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    tops = [page.locator(name).bounding_box() for name in (".canvas", ".panel", ".side")]
    assert [one["y"] for one in tops if one] == sorted(one["y"] for one in tops if one)
    node(page, 2).locator(".disc").click()
    assert page.evaluate("scrollY") < 200  # the list does not pull the page down


def test_dark_and_light_differ(show_graph: Show) -> None:
    colours = []
    for dark in (False, True):
        page = show_graph(small(), dark=dark).page
        colours.append(page.locator("svg.picture").evaluate("one => getComputedStyle(one).backgroundColor"))
    assert colours[0] != colours[1]


def test_a_thousand_entities_can_be_handled(show_graph: Show) -> None:
    graph = large(1000)
    page = show_graph(graph).page
    first = page.locator(".node").count()
    assert 50 < first < 300
    expect(page.locator(".shown")).to_have_text(f"{first} of 1,000 entities")
    expect(page.locator(".notice")).to_contain_text("The graph is full (1,000 entities)")
    page.get_by_role("button", name="Unfold all").click()
    rest(page)
    assert page.locator(".node").count() == 1000
    page.locator("input[type=search]").fill(graph.nodes[-1].value)
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_have_text(graph.nodes[-1].value)


def test_limits_are_said(show_graph: Show) -> None:
    graph = small()
    graph.asks[0].entities, graph.asks[0].shown = 60, 50
    graph.stopped = CANCELLED
    page = show_graph(graph).page
    assert page.locator(".notice").all_inner_texts() == [
        "Cancelled before its end: what had been found so far is shown.",
        "Domain to IP: 50 of 60 entities are shown.",
    ]
    node(page, 1).locator(".disc").click()
    expect(page.locator(".panel")).to_contain_text("50 of 60 entities")


@pytest.mark.acceptance("A42")
def test_nothing_of_what_transforms_say_runs(show_graph: Show, tmp_path: Path) -> None:
    page = show_graph(hostile(HOSTILE)).page
    for number in range(1, page.locator(".node").count() + 1):
        node(page, number).locator(".disc").hover(force=True)
        page.evaluate("() => 0")
        page.locator(f'[role=treeitem][data-id="{number}"] > .entry-row').first.click()
        assert "<img src=x" in page.locator(".panel").inner_text() or number > 3
    page.locator("input[type=search]").fill("<script>")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Layers").click()
    rest(page)
    for label in ("SVG picture", "GraphML"):
        text = download(page, label, tmp_path).read_text()
        root = ElementTree.fromstring(text)
        assert not [one for one in root.iter() if one.tag.endswith(("script", "img"))]
    page.emulate_media(media="print")
    assert page.evaluate("window.ran") is None
    assert page.locator("main script, main img, main style, main iframe").count() == 0


def test_the_page_has_the_policy_of_reports_and_no_markup_of_others() -> None:
    html = graph_page(hostile(HOSTILE), made="x", soarkit="0").decode()
    assert "trusted-types" in html and "default-src 'none'" in html
    assert "<img src=x" not in html and html.count("<script>") == 1


LONG = [
    "hostmaster@contoso.example",
    "W" * 26,
    "\u0645\u0631\u062d\u0628\u0627 " * 5,
    "https://contoso.example/" + "w" * 2000,
]


@pytest.mark.parametrize("width", [320, 375, 768, 1280, 1920])
@pytest.mark.parametrize("count", [1, 4, 12])
def test_all_names_are_inside_the_picture(show_graph: Show, width: int, count: int) -> None:
    made = Graph("anomali.Domain", "login-contoso.example", depth=1, breadth=50, max_nodes=50)
    made.add(ask(1, "Related"), [Found("anomali.Phrase", LONG[at % 4] + str(at) * (at > 3)) for at in range(count)])
    page = show_graph(made, width=width).page
    outside = """() => {
      const frame = document.querySelector("svg.picture").getBoundingClientRect();
      const names = Array.from(document.querySelectorAll(".name:not(.unwritten), .disc"));
      return names.filter((one) => {
        const { left, top, right, bottom } = one.getBoundingClientRect();
        return left < frame.left || right > frame.right || top < frame.top || bottom > frame.bottom;
      }).map((one) => one.textContent);
    }"""
    assert page.evaluate(outside) == []
    # And for their sake the nodes are not made too small to be seen.
    disc = page.locator(".disc").first.bounding_box()
    assert disc is not None
    assert disc["width"] > 8
