"""Hostile texts in every field of what a bundle says, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Open
from .observing import composite, item, page_of, run, table, text

HOSTILE = (
    "<img src=x onerror=\"document.body.dataset.ran='1'\">",
    "</script><script>document.body.dataset.ran='1'</script>",
    "<!--<script>",
    "{{7*7}} ${7*7} javascript:alert(1)",
    "a\u202eb\u200bc\x00d\u2028e",
    "__proto__",
)


def widgets(evil: str) -> list[dict[str, Any]]:
    """A widget of each kind but charts, with this in each of its texts."""
    look = {"backgroundColor": evil, "textColor": evil, "fontSize": evil, "fontStyleWeight": evil}
    return [
        text(item(evil, evil, evil, **look), line_break=False),
        text(item(evil, "Link", evil)),
        text(item("https://example.com/" + evil, "Link", evil)),
        text(item("detail/v2/domain?value=" + evil, "Link", evil)),
        text(composite(item(evil), item(evil), lines=True)),
        table(
            [evil, "constructor"],
            [[item(evil), composite(item(evil), item(evil))], [item({"x": evil}), item(evil, "IPv4")]] * 6,
            name=evil,
            columnTypes=["String", evil],
            columnWidths=[evil, evil],
        ),
        {"widgetType": evil},
        {"widgetType": "Chart", "chartName": evil, "highchartsJson": evil},
    ]


@pytest.mark.acceptance("A42")
@pytest.mark.parametrize("evil", HOSTILE)
def test_nothing_that_a_bundle_says_becomes_markup(show: Open, evil: str) -> None:
    entity = {
        "entityType": evil,
        "entityValue": evil,
        "additionalFields": [{"fieldName": evil, "displayName": evil, "fieldValue": evil}],
    }
    document = {
        "widgets": widgets(evil),
        "entities": [entity],
        "exceptions": [evil, {evil: evil}],
        "messages": [{"messageType": evil, "messageText": evil}],
    }
    given = dict.fromkeys(("bundle", "set_name", "transform", "display_name", "entity_type", "value"), evil)
    given |= dict.fromkeys(("message", "run_id", "started", "error", "hint", "log"), evil)
    html = page_of(
        run(document=document, status="failed", **given),
        run(document=None, status=evil, **{**given, "transform": "Other"}),
        value=evil,
        entity_type=evil,
        title=evil,
    )
    page = show(html).page
    for details in page.locator("details:visible").all():
        details.locator("summary").click()
    for heading in page.locator(".sort:visible").all():
        heading.click()
    page.locator(".observable:visible").first.click()
    page.keyboard.press("Escape")
    page.locator("td:visible").first.hover()
    page.get_by_role("tab").last.click()
    page.emulate_media(media="print")
    assert page.evaluate("document.body.dataset.ran ?? null") is None
    assert page.locator("main img, main script, main iframe, main style, main [onerror]").count() == 0
    assert not [one for one in page.locator("a").all() if not str(one.get_attribute("href")).startswith("http")]
    if evil.isprintable():
        for place in ("h1", ".items-name", ".text-run .item", "td .item", ".tab bdi", ".error-what"):
            assert evil in page.locator(place).first.text_content()  # type: ignore[operator]


def test_a_page_loads_nothing_and_its_policy_lets_it(show: Open) -> None:
    html = page_of(run(text("x")))
    assert b"default-src 'none'" in html
    assert b"require-trusted-types-for 'script'" in html
    opened = show(html)
    made = "() => { try { document.body.innerHTML = '<b>x</b>'; return 'made' } catch { return 'refused' } }"
    assert opened.page.evaluate(made) == "refused"
    assert "TrustedHTML" in opened.complaints.pop()
