"""JSON that folds."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from .made import tree

DATA = {"name": "a", "n": 1.5, "yes": True, "none": None, "big": 2**64, "deep": {"er": {"x": ["y"]}}, "empty": {}}


def test_a_small_tree_is_open_and_folds(show_parts):
    opened = show_parts(tree(DATA))
    items = opened.page.get_by_role("treeitem")
    texts = [one.split("\n")[0] for one in items.all_inner_texts()]
    assert len(texts) == 11
    opened.page.get_by_role("button", name="Fold all", exact=True).click()
    deep = opened.page.locator("[role=treeitem][aria-level='2'][aria-expanded=false]")
    expect(deep).to_have_count(1)
    assert deep.inner_text().startswith("deep:{er: {…}}")
    deep.click()
    expect(opened.page.get_by_text("er", exact=True)).to_be_visible()
    opened.page.get_by_role("button", name="Unfold all").click()
    expect(opened.page.locator(".value.text", has_text="y")).to_be_visible()


def test_values_are_typed_and_exact(show_parts):
    opened = show_parts(tree(DATA))
    texts = {
        kind: opened.page.locator(f".tree .value.{kind}").all_inner_texts()
        for kind in ("text", "number", "boolean", "null")
    }
    assert texts == {"text": ["a", "y"], "number": ["1.5", str(2**64)], "boolean": ["true"], "null": ["\u2013"]}
    opened.page.get_by_role("button", name="Copy JSON").click()
    opened.wait_copied(json.dumps(DATA, indent=2))


def test_a_value_and_its_path_are_copied(show_parts):
    opened = show_parts(tree({"hosts": [{"ip": "192.0.2.1"}]}))
    opened.page.get_by_role("treeitem", name="ip: 192.0.2.1").hover()
    opened.page.get_by_role("button", name="Copy data path").click()
    opened.wait_copied("action_result.data.*.hosts.*.ip")
    opened.page.get_by_role("button", name="Copy value").click()
    opened.wait_copied("192.0.2.1")


def test_the_keys_walk_fold_and_unfold(show_parts):
    opened = show_parts(tree(DATA))
    page = opened.page
    page.locator("[role=treeitem]").first.focus()
    page.keyboard.press("End")
    focused = "document.activeElement.querySelector('.key').textContent"
    assert page.evaluate(focused) == "empty"
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == "0"
    page.keyboard.press("Control+c")
    opened.wait_copied("y")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    assert page.evaluate(focused) == "er"
    assert page.evaluate("document.activeElement.ariaExpanded") == "true"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.ariaExpanded") == "false"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "x"
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.ariaLevel") == "1"


def test_paper_has_no_folds_and_says_what_is_left_out(show_parts):
    opened = show_parts(tree({"a": {"b": {"c": ["the end"] * 40}}, "many": list(range(300))}))
    page = opened.page
    open_before = page.locator("[aria-expanded=true]").count()
    page.emulate_media(media="print")
    expect(page.get_by_text("the end").last).to_be_visible()
    assert page.get_by_text(re.compile(r"… \d+ more")).is_visible()
    page.emulate_media(media="screen")
    expect(page.locator("[aria-expanded=true]")).to_have_count(open_before)


def test_many_items_come_in_pieces(show_parts):
    opened = show_parts(tree({"list": [{"n": n, "more": [n]} for n in range(100_000)]}))
    page = opened.page
    assert page.evaluate("document.querySelectorAll('*').length") < 5000
    page.locator("[role=treeitem][aria-level='2']").click()
    items = page.locator("[role=treeitem][aria-level='3']")
    expect(items).to_have_count(100)
    page.get_by_role("button", name="Show more of 99,900").click()
    expect(items).to_have_count(600)
    assert page.evaluate("document.activeElement.querySelector('.key').textContent") == "100"
    page.get_by_role("button", name="Unfold all").click()
    assert page.evaluate("document.querySelectorAll('[role=treeitem]').length") < 5000


def test_deep_data_and_odd_keys(show_parts):
    deep: object = "bottom"
    for _ in range(150):
        deep = {"k": deep}
    odd = {"__proto__": "p", "constructor": 1, "": 2, "$": "text", "a.b": 3, "toString": None, "evil\u202ekey": 4}
    opened = show_parts(tree({"deep": deep, "odd": odd, "long": "x" * 10_000}))
    keys = opened.page.locator("[role=treeitem][aria-level='3'] > .tree-row > .key").all_inner_texts()
    assert keys == ["k", "__proto__", "constructor", "\u201c\u201d", "$", "a.b", "toString", "evil\\u202ekey"]
    opened.page.get_by_role("button", name="9,500 more characters").click()
    assert opened.menu.locator(".menu-value").inner_text() == "x" * 10_000
    opened.page.keyboard.press("Escape")
    opened.page.get_by_role("button", name="Unfold all").click()
    expect(opened.page.locator("[role=treeitem][aria-level='152']")).to_have_attribute("aria-label", "k: bottom")
