"""Custom views in their frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Frame, FrameLocator

from soarkit.render.frames import prepare
from soarkit.render.parts import ViewPart

from .conftest import Open, Opened

MENU = """<a href="javascript:;" id="ip"
  onclick="context_menu(this, [{'contains': ['ip'], 'value': '192.0.2.1' }], 0, 7, null, false);">
192.0.2.1 <span class="fa fa-caret-down"></span></a>"""
CONTEXTUAL = {
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
ROWS = "".join(f"<tr><td>row {number}</td><td>{number * 7 % 13}</td></tr>" for number in range(23))
TABLE = f'<table class="datatable"><thead><tr><th>A</th><th>B</th></tr></thead><tbody>{ROWS}</tbody></table>'

Show = Callable[..., tuple[Opened, FrameLocator]]


@pytest.fixture
def show_view(show_parts: Open) -> Show:
    """Show one view, prepared."""

    def show_it(html: str, **options: Any) -> tuple[Opened, FrameLocator]:
        ready = prepare(html)
        part = ViewPart(ready.html, ready.libraries, "Lookup: lookup ip")
        one = show_parts(part, contextual=CONTEXTUAL, **options)
        frame = one.page.frame_locator("iframe.view")
        frame.locator("body").wait_for(state="attached")
        return one, frame

    return show_it


def _frame(one: Opened) -> Frame:
    (frame,) = one.page.frames[1:]
    frame.wait_for_load_state()
    return frame


def test_a_view_lives_in_a_frame_without_an_origin(show_view: Show) -> None:
    one, _ = show_view("<p>text</p>")

    assert one.page.get_attribute("iframe", "sandbox") == "allow-scripts"
    assert one.page.get_attribute("iframe", "title") == "Lookup: lookup ip"
    assert _frame(one).evaluate("origin") == "null"
    assert _frame(one).evaluate("(() => { try { return parent.document } catch { return 'refused' } })()") == "refused"


def test_the_menu_of_a_value_is_the_pages(show_view: Show) -> None:
    one, view = show_view(f"<div style='height: 90px'></div>{MENU}")

    view.locator("#ip").click()

    one.menu.wait_for()
    assert "soarkit run lookup 'lookup ip' --param ip=192.0.2.1" in one.menu.inner_text()
    box, place = one.menu.bounding_box(), one.page.locator("iframe").bounding_box()
    assert box is not None and place is not None
    assert box["y"] > place["y"] + 90


def test_jquery_and_datatables_are_there_when_asked_for(show_view: Show) -> None:
    _, view = show_view(f"{TABLE}<script>$('.datatable').DataTable({{order: [], iDisplayLength: 5}});</script>")

    assert view.locator("tbody tr").count() == 5
    view.locator("th", has_text="B").click()
    assert view.locator("tbody tr td").nth(1).inner_text() == "0"
    view.locator(".paginate_button", has_text="Next").click()
    view.locator(".dataTables_info", has_text="6 to 10").wait_for()


@pytest.mark.parametrize("renderer", ["canvas", "svg"])
@pytest.mark.parametrize("dark", [False, True])
def test_echarts_draws_graphs_when_asked_for(show_view: Show, renderer: str, dark: bool) -> None:
    html = """<div id="graph" style="height: 300px"></div><script>
      const chart = echarts.init(document.getElementById("graph"), null, { renderer: "%s" });
      chart.setOption({ animation: false, legend: {}, tooltip: {}, series: [{ type: "graph", layout: "force",
        categories: [{ name: "one" }, { name: "two" }], data: [{ name: "a", category: 0 }, { name: "b", category: 1 }],
        links: [{ source: "a", target: "b" }] }] });
      window.drawn = chart.getModel().getSeriesByIndex(0).getGraph().edges.length;
    </script>"""

    one, view = show_view(html % renderer, dark=dark)

    view.locator("#graph canvas, #graph svg").first.wait_for()
    assert _frame(one).evaluate("window.drawn") == 1
    view.locator("#graph").hover()


def test_libraries_come_only_when_asked_for(show_view: Show) -> None:
    one, _ = show_view("<p>text</p>")

    assert _frame(one).evaluate("[typeof jQuery, typeof echarts]") == ["undefined", "undefined"]
    assert one.page.locator("#frame-jquery, #frame-echarts").count() == 0


def test_a_table_that_datatables_refuses_stays_as_it_is(show_view: Show) -> None:
    broken = "<table><thead><tr><th>A<th>B</tr></thead><tbody><tr><td colspan=2>No data</td></tr></tbody></table>"

    _, view = show_view(f"{broken}<script>$('table').DataTable(); $('body').append('<p id=after>after</p>')</script>")

    assert view.locator("#after").inner_text() == "after"
    assert "No data" in view.locator("table").inner_text()


def test_panels_fold_and_tabs_change(show_view: Show) -> None:
    html = """
      <div class="panel-group" id="all">
        <div class="panel"><a data-toggle="collapse" data-parent="#all" href="#one">First</a>
          <div id="one" class="panel-collapse collapse in">inside one</div></div>
        <div class="panel"><a data-toggle="collapse" data-parent="#all" href="#two">Second</a>
          <div id="two" class="panel-collapse collapse">inside two</div></div>
      </div>
      <ul class="nav nav-tabs"><li class="active"><a data-toggle="tab" href="#t1">T1</a></li>
        <li><a data-toggle="tab" href="#t2">T2</a></li></ul>
      <div class="tab-content"><div class="tab-pane active" id="t1">pane one</div>
        <div class="tab-pane" id="t2">pane two</div></div>
    """
    _, view = show_view(html)

    view.get_by_text("Second").click()
    assert view.locator("#two").is_visible()
    assert not view.locator("#one").is_visible()
    view.get_by_text("T2").click()
    assert view.locator("#t2").is_visible()
    assert not view.locator("#t1").is_visible()


def test_where_a_link_leads_is_shown_before_anything_is_asked_for(show_view: Show) -> None:
    one, view = show_view('<a href="https://example.org/a?b=c#d" target="_blank">more</a>')

    view.get_by_text("more").click()

    dialog = one.page.locator("dialog.link")
    dialog.wait_for()
    assert "https://example.org/a?b=c#d" in dialog.inner_text()
    link = dialog.locator("a")
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("target") == "_blank"
    dialog.get_by_role("button", name="Copy").click()
    one.wait_copied("https://example.org/a?b=c#d")
    one.page.keyboard.press("Escape")
    dialog.wait_for(state="detached")


@pytest.mark.parametrize("address", ["ftp://example.org/", "/download?id=1", "data:text/html,x", "file:///etc/passwd"])
def test_only_web_addresses_can_be_opened(show_view: Show, address: str) -> None:
    one, view = show_view(f'<a href="{address}">more</a>')

    view.get_by_text("more").click()

    dialog = one.page.locator("dialog.link")
    dialog.wait_for()
    assert address in dialog.inner_text()
    assert dialog.locator("a").count() == 0


def test_a_link_to_a_place_in_the_view_stays_there(show_view: Show) -> None:
    one, view = show_view('<a href="#there">go</a><div style="height: 3000px"></div><p id="there">here</p>')

    view.get_by_text("go").click()

    one.page.wait_for_timeout(100)
    assert one.page.locator("dialog").count() == 0
    assert view.locator("#there").inner_text() == "here"


def test_a_frame_is_as_high_as_its_view(show_view: Show) -> None:
    one, _ = show_view('<div id="box" style="height: 300px"></div>')
    frame = one.page.locator("iframe")

    def height() -> float:
        one.page.wait_for_timeout(150)
        box = frame.bounding_box()
        assert box is not None
        return box["height"]

    assert 300 <= height() < 360
    _frame(one).evaluate("box.style.height = '500px'")
    assert 500 <= height() < 560
    _frame(one).evaluate("box.style.height = '100px'")
    assert 100 <= height() < 160


def test_a_view_cannot_grow_for_ever(show_view: Show) -> None:
    one, _ = show_view('<div style="height: calc(100vh + 50px)"></div>')

    one.page.wait_for_timeout(1500)

    box = one.page.locator("iframe").bounding_box()
    assert box is not None and box["height"] < 5000


def test_a_view_is_light_and_dark_with_the_page(show_view: Show) -> None:
    one, _ = show_view("<p>text</p>")
    colour = "getComputedStyle(document.body).color"
    light = _frame(one).evaluate(colour)

    one.page.emulate_media(color_scheme="dark")
    one.page.wait_for_timeout(100)

    assert light == "rgb(31, 42, 51)"
    assert _frame(one).evaluate(colour) == "rgb(228, 232, 236)"
    assert _frame(one).evaluate("PHANTOM_THEME") == "dark"


def test_what_the_platforms_pages_offer_is_there(show_view: Show) -> None:
    calls = "reload_widget(this); on_tool_menu(this); collapse_widget(this); remove_widget(this, true);"
    html = f"""<button onclick="{calls} this.textContent = 'done'">press</button>
      <p onwidgetload="$(this).text('loaded')">x</p>
      <script>eval("window.made = 1"); document.write("<i>written</i>")</script>"""

    one, view = show_view(html)

    view.get_by_text("press").click()
    assert view.locator("button").inner_text() == "done"
    assert view.locator("p").inner_text() == "loaded"
    assert view.locator("i").inner_text() == "written"
    assert _frame(one).evaluate("window.made") == 1


def test_a_message_without_a_person_opens_nothing(show_view: Show) -> None:
    script = """<script>setTimeout(() => {
      for (const url of ['https://example.org/', 1, null, {}]) {
        parent.postMessage({soarkit: 'link', url}, '*');
        parent.postMessage({soarkit: 'menu', items: [{contains: ['ip'], value: '1'}], x: 1, y: 1, url}, '*');
      }
      for (const message of [null, 1, 'x', [], {soarkit: null}, {soarkit: '__proto__'}, {soarkit: 'toString'},
          {soarkit: 'height', height: 'x'}, {soarkit: 'height', height: -1}, {soarkit: 'height', height: NaN},
          {soarkit: 'height', height: Infinity}, {soarkit: 'menu', items: 'x', x: 1, y: 1}]) {
        parent.postMessage(message, '*');
      }
    }, 6000)</script>"""  # what drives the browser counts as a person, for five seconds
    one, _ = show_view(f"<p>text</p>{script}")

    one.page.wait_for_timeout(6500)

    assert one.page.locator("dialog, .menu:popover-open").count() == 0


def test_a_flood_of_messages_leaves_the_page_alone(show_view: Show) -> None:
    script = """<script>
      const items = Array.from({length: 1000}, () => ({contains: ['ip'], value: 'x'.repeat(1000)}));
      for (let i = 0; i < 20000; i++) parent.postMessage({soarkit: 'height', height: i % 2 ? 1e300 : 0}, '*');
      for (let i = 0; i < 500; i++) parent.postMessage({soarkit: 'menu', items, x: 1e308, y: -1e308}, '*');
      parent.postMessage({soarkit: 'menu', items: [{contains: ['ip'], value: 'x'.repeat(5000000)}], x: 1, y: 1}, '*');
    </script>"""
    one, _ = show_view(f"<p>text</p>{script}")

    one.page.locator(".theme").first.click(timeout=10_000)

    assert one.page.locator("iframe.view").bounding_box()["height"] <= 20000  # type: ignore[index]


def test_a_second_press_at_the_same_place_opens_no_link(show_view: Show) -> None:
    one, view = show_view('<a href="https://example.org/">more</a>')

    view.get_by_text("more").click()
    link = one.page.locator("dialog.link a")
    link.click(timeout=5000)  # at once
    assert link.is_visible()

    one.page.wait_for_timeout(800)
    link.evaluate("(node) => node.removeAttribute('href')")  # nothing is to be asked for here
    link.click()
    one.page.locator("dialog.link").wait_for(state="detached")


def test_a_message_from_elsewhere_is_none(show_view: Show) -> None:
    one, _ = show_view("<p>text</p>")

    one.page.mouse.click(5, 5)
    one.page.evaluate("postMessage({soarkit: 'link', url: 'https://example.org/'}, '*')")

    one.page.wait_for_timeout(200)
    assert one.page.locator("dialog").count() == 0


def test_a_view_that_leaves_is_stopped(show_parts: Open) -> None:
    view = ViewPart(
        "<p>text</p><script>setTimeout(() => { location = 'http://127.0.0.1:9/' }, 100)</script>", (), "View"
    )

    one = show_parts(view)

    one.page.get_by_text("This view was stopped").wait_for()
    assert one.page.locator("iframe").count() == 0


def test_a_view_that_never_ends_leaves_the_page_alone(show_parts: Open) -> None:
    view = ViewPart("<p>text</p><script>setTimeout(() => { while (true); }, 100)</script>", (), "Busy")

    one = show_parts(view)
    one.page.wait_for_timeout(300)

    assert one.page.evaluate("1 + 1") == 2
    one.page.evaluate("document.querySelector('iframe').remove()")


def test_a_handler_that_a_view_evaluates_has_its_element(show_view: Show) -> None:
    one, _ = show_view(
        """<div id="outer" onwidgetresize="resized(this);"><p onwidgetload="loaded(this);">text</p></div>
        <script>
        function loaded(node) { $(node).parent().each(function () { eval($(this).attr('onwidgetresize')); }); }
        function resized(node) { node.dataset.resized = Number(node.dataset.resized || 0) + 1; }
        </script>"""
    )

    assert _frame(one).evaluate("document.getElementById('outer').dataset.resized") == "2"  # by the view, by us
