"""The menu of a value: what it offers, the exact commands, and how it is reached."""

from __future__ import annotations

import json
import shlex

import pytest
from playwright.sync_api import expect

from soarkit.cli.commandline import run_command
from soarkit.offers import Offer
from soarkit.render.parts import Field, FieldsPart
from soarkit.render.table import Column

from .made import table, tree

IP = Column("ip", "action_result.data.*.ip", "string", ("ip",))


def offer(**given):
    about = {
        "app": "Lookup",
        "word": "lookup",
        "action": "lookup ip",
        "parameter": "ip",
        "read_only": True,
        "asset": "lab",
        "assets": (),
        "needs_asset": False,
        "missing": (),
        "types": frozenset(["ip"]),
    }
    return Offer(**{**about, **given})


OFFERS = [
    offer(),
    offer(app="Wall", word="wall", action="get rule", asset=None),
    offer(app="Wall", word="wall", action="block ip", read_only=False, asset=None, needs_asset=True, missing=("zone",)),
    offer(app="Any", word="any", action="search", parameter="text", types=frozenset(["*"])),
]
CONTEXTUAL = {
    "types": {"ip": [0, 1, 2, 3], "host name": [0, 3], "*": [3]},
    "commands": [one.to_json() for one in OFFERS],
}


def _fields(*values, contains=("ip",)):
    return FieldsPart([Field(f"field {number}", value, contains) for number, value in enumerate(values)])


def test_a_click_opens_the_menu_with_the_commands_by_app(show_parts):
    opened = show_parts(table([IP, "other"], [["192.0.2.1", "x"]]), contextual=CONTEXTUAL)
    opened.page.get_by_text("192.0.2.1").last.click()
    menu = opened.menu
    assert menu.get_attribute("role") == "dialog"
    assert menu.get_attribute("aria-label") == "Actions for 192.0.2.1"
    assert menu.locator(".menu-value").inner_text().strip() == "192.0.2.1"
    assert menu.locator(".menu-facts .badge").all_inner_texts() == ["ip"]
    assert menu.locator("h3").all_inner_texts() == ["Lookup", "Wall", "Any"]
    assert menu.locator("code").all_inner_texts() == [run_command(one, "192.0.2.1") for one in OFFERS]
    assert menu.locator(".changes").count() == 1
    assert menu.locator("mark").all_inner_texts() == ["'<asset>'", "'zone=<zone>'"]
    menu.get_by_role("button", name="Copy: soarkit run wall 'block ip'").click()
    opened.wait_copied("soarkit run wall 'block ip' --asset '<asset>' --param ip=192.0.2.1 --param 'zone=<zone>'")
    menu.get_by_role("button", name="Copy value").click()
    opened.wait_copied("192.0.2.1")
    menu.get_by_role("button", name="Copy data path").click()
    opened.wait_copied("action_result.data.*.ip")


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "two words",
        "it's",
        "a'b'\"c\"`id`$(id)\\",
        "-rf",
        "=begins",
        "@file",
        "env:HOME",
        "run:1:path",
        "<ip>",
        "ünïcode",
        "line\nbreak",
        "tab\tand \x1b[31m and \x7f\x9b",
        "bidi \u202e and \u200b and \U000e0001",
        "\U0001f600 smile",
        "!history",
        "%41",
        " spaced ",
        5,
        2.5,
        True,
        2**70,
        "a" * 3000,
    ],
    ids=repr,
)
def test_commands_are_exact(show_parts, value):
    offers = [
        *OFFERS,
        offer(app="Odd", action="-odd", word="my app", asset="it's"),
        offer(app="Other", action="x\x1by", parameter="a b", missing=("c'd",)),
    ]
    contextual = {"types": {"ip": list(range(len(offers)))}, "commands": [one.to_json() for one in offers]}
    opened = show_parts(_fields(value), contextual=contextual)
    opened.page.locator(".marked").click()
    shown = opened.menu.locator("code").all_inner_texts()
    assert shown == [run_command(one, value) for one in offers]
    words = shlex.split(shown[0])
    assert words[:-1] == ["soarkit", "run", "lookup", "lookup ip", "--asset", "lab", "--param"]
    name, _, text = words[-1].partition("=")
    said = json.loads(text) if name == "ip:" else text.removeprefix("=") if text != value else text
    assert said == (value if isinstance(value, str) else json.dumps(value)) or text == value


def test_the_keys_reach_everything(show_parts):
    opened = show_parts(_fields("192.0.2.1", "192.0.2.2"), contextual=CONTEXTUAL)
    page = opened.page
    mark = page.get_by_text("192.0.2.2", exact=True)
    mark.focus()
    page.keyboard.press("Enter")
    expect(opened.menu).to_be_visible()
    focused = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    first = page.evaluate(focused)
    assert first.startswith("Copy: soarkit run lookup")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused).startswith("Copy: soarkit run wall 'get rule'")
    page.keyboard.press("Enter")
    opened.wait_copied("soarkit run wall 'get rule' --param ip=192.0.2.2")
    page.keyboard.press("End")
    assert page.evaluate(focused).startswith("Copy: soarkit run any")
    page.keyboard.press("Home")
    page.keyboard.press("Escape")
    expect(opened.menu).to_have_count(0)
    assert page.evaluate("document.activeElement.textContent") == "192.0.2.2"


def test_enter_on_a_cell_opens_its_menu(show_parts):
    opened = show_parts(table(["name", IP], [["a", "192.0.2.1"]]), contextual=CONTEXTUAL)
    opened.page.get_by_role("grid").focus()
    opened.page.keyboard.press("ArrowRight")
    opened.page.keyboard.press("Enter")
    assert opened.menu.locator(".menu-value").inner_text() == "192.0.2.1"
    opened.page.keyboard.press("Escape")
    assert opened.page.evaluate("document.activeElement.getAttribute('role')") == "grid"


def test_a_list_offers_its_items(show_parts):
    items = [f"192.0.2.{n}" for n in range(30)]
    opened = show_parts(table([IP], [[items]] * 300), contextual=CONTEXTUAL)
    opened.page.locator(".marked").first.click()
    assert opened.menu.get_by_role("heading").inner_text() == "30 values"
    opened.menu.get_by_role("button", name="192.0.2.7", exact=True).click()
    assert opened.menu.locator("code").first.inner_text() == run_command(OFFERS[0], "192.0.2.7")
    opened.menu.get_by_role("button", name="Back").click()
    assert opened.menu.get_by_role("heading").inner_text() == "30 values"


def test_types_without_an_action_say_so(show_parts):
    opened = show_parts(
        _fields("abc", contains=("okta user id", "toString")), contextual={"types": {"ip": [0]}, "commands": [{}]}
    )
    opened.page.locator(".marked").click()
    assert "No installed app has an action for okta user id, toString." in opened.menu.inner_text()


def test_types_are_found_in_any_spelling(show_parts):
    opened = show_parts(_fields("web1", contains=("Host_Name ",)), contextual=CONTEXTUAL)
    opened.page.locator(".marked").click()
    assert opened.menu.locator("code").count() == 2


def test_types_nobody_knows_have_what_takes_anything(show_parts):
    opened = show_parts(_fields("abc", contains=("okta user id",)), contextual=CONTEXTUAL)
    opened.page.locator(".marked").click()
    assert opened.menu.locator("code").all_inner_texts() == [run_command(OFFERS[3], "abc")]


def test_many_actions_are_filtered(show_parts):
    offers = [offer(app=f"App {n // 4:03}", word=f"app{n // 4}", action=f"action {n}") for n in range(400)]
    contextual = {"types": {"ip": list(range(400))}, "commands": [one.to_json() for one in offers]}
    opened = show_parts(_fields("192.0.2.1"), contextual=contextual)
    opened.page.locator(".marked").click()
    assert opened.menu.locator("code").count() == 60
    opened.menu.get_by_role("button", name="Show 340 more").click()
    assert opened.menu.locator("code").count() == 400
    opened.menu.get_by_role("searchbox").fill("app99 action 39")
    expect(opened.menu.locator("code")).to_have_count(4)
    opened.menu.get_by_role("searchbox").fill("no such")
    expect(opened.menu.get_by_text("No action matches.")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 640), (320, 480)])
def test_the_menu_stays_in_view(show_parts, width, height):
    opened = show_parts(
        table(["n", IP], [[n, f"192.0.2.{n}"] for n in range(40)]), contextual=CONTEXTUAL, width=width, height=height
    )
    for number in (0, 8, 39):
        opened.page.locator(".marked").nth(number).click()
        box = opened.menu.bounding_box()
        assert box["x"] >= 0 and box["y"] >= 0
        assert box["x"] + box["width"] <= width and box["y"] + box["height"] <= height
        opened.page.keyboard.press("Escape")


def test_values_in_trees_have_menus(show_parts):
    contains = {"action_result.data.*.hosts.*.ip": ["ip"], "action_result.data.*.ips.*": ["ip"]}
    data = {"hosts": [{"ip": "192.0.2.1"}], "ips": ["192.0.2.2"], "ip": "192.0.2.3"}
    opened = show_parts(tree(data, contains), contextual=CONTEXTUAL)
    assert opened.page.locator(".marked").all_inner_texts() == ["192.0.2.1", "192.0.2.2"]
    opened.page.locator(".marked").last.click()
    assert opened.menu.locator("code").first.inner_text() == run_command(OFFERS[0], "192.0.2.2")


def test_a_selection_of_text_opens_nothing(show_parts):
    opened = show_parts(_fields("192.0.2.1 and more"), contextual=CONTEXTUAL)
    box = opened.page.locator(".marked").bounding_box()
    middle = box["y"] + box["height"] / 2
    opened.page.mouse.move(box["x"] + 2, middle)
    opened.page.mouse.down()
    opened.page.mouse.move(box["x"] + 60, middle, steps=4)
    opened.page.mouse.up()
    assert opened.page.evaluate("getSelection().toString()")
    assert opened.menu.count() == 0


def test_a_huge_value_does_not_stop_the_page(show_parts):
    opened = show_parts(table([IP], [["x" * 5_000_000], ["y" * 50_000]]), contextual=CONTEXTUAL)

    opened.page.get_by_text("xxx").last.click(timeout=5000)
    assert "too long for a command line" in opened.menu.inner_text()
    assert len(opened.menu.inner_text()) < 110_000
    opened.menu.get_by_role("button", name="Copy value").click()
    opened.wait_copied("x" * 5_000_000)
    opened.page.keyboard.press("Escape")

    opened.page.get_by_text("yyy").last.click(timeout=5000)
    opened.menu.locator(".command button").first.click()
    opened.page.wait_for_timeout(100)
    assert "y" * 50_000 in opened.page.evaluate("navigator.clipboard.readText()")
