"""Views of SDK apps: their HTML without the SDK's title bar, and failures that the SDK draws itself."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from soarkit_app import sdk_views

#: The shape of the SDK's base template.
PAGE = """<div class="no-padding fill-space ">
  <script>document.getElementById("widget-tool-menu")</script>
  <div class="grid fill-space">
    <div class="grid-title widget-title">
      <span id="widget_1" class="widget-title-text"
            style="color: ;">
        A title
        <span class="semi-bold">of two</span>
      </span>
      <span id="widget-tools-menu-wrapper" class="tools"><ul><li>Collapse</li></ul></span>
    </div>
    <div class="grid-body widget-body no-border fill-space">
      <div class="scoller"><p>content</p></div>
    </div>
  </div>
</div>
"""


def test_the_title_bar_is_taken_off() -> None:
    taken = sdk_views.taken_apart(PAGE)
    assert taken["html"].split() == [
        "<div",
        'class="grid-body',
        "widget-body",
        "no-border",
        'fill-space">',
        "<div",
        'class="scoller"><p>content</p></div>',
        "</div>",
    ]
    assert taken["titles"]["title"].strip() == "A title"
    assert taken["titles"]["subtitle"].startswith("of two</span>")


@pytest.mark.parametrize(
    "html", ["", "<p>x</p>", '<div class="grid-title widget-title">', PAGE.replace("grid-body", "b")]
)
def test_other_html_stays_as_it_is(html: str) -> None:
    assert sdk_views.taken_apart(html) == {"html": html, "titles": {}, "colors": {}}


def test_a_title_bar_without_a_title() -> None:
    assert sdk_views.taken_apart(PAGE.replace("widget-title-text", "x"))["titles"] == {}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("src.app.view", "src.app.view"),
        ("2.src.actions.one.view", "src.actions.one.view"),  # the app's folder is called app-1.2
        ("actions.one.view", "src.actions.one.view"),  # the app's modules were imported without the folder's name
        ("src.absent.view", "src.absent.view"),
    ],
)
def test_the_name_of_a_view(tmp_path: Path, name: str, found: str) -> None:
    (tmp_path / "src" / "actions").mkdir(parents=True)
    for module in ("app", "actions/one"):
        (tmp_path / "src" / f"{module}.py").write_text("")
    assert sdk_views.function_name(str(tmp_path), "src.app", name) == found


def test_escapejs() -> None:
    assert sdk_views.escapejs("it's \\ \"</script>\n\u2028 ä") == (
        "it\\u0027s \\u005C \\u0022\\u003C/script\\u003E\\u000A\\u2028 ä"
    )


def test_without_the_sdk() -> None:
    assert sdk_views.failures() == []


def test_what_the_sdk_draws_as_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class JinjaTemplateRenderer:
        def render_error_template(self, *about: str) -> str:
            return f"<p>{about[1]}</p>"

    renderers: Any = ModuleType("soar_sdk.views.template_renderer")
    renderers.JinjaTemplateRenderer = JinjaTemplateRenderer
    filters: Any = ModuleType("soar_sdk.views.template_filters")
    filters.JINJA2_FILTERS = {}
    monkeypatch.setitem(sys.modules, renderers.__name__, renderers)
    monkeypatch.setitem(sys.modules, filters.__name__, filters)
    found = sdk_views.failures()
    assert filters.JINJA2_FILTERS["escapejs"] is sdk_views.escapejs
    error = KeyError("ip")
    try:
        raise error
    except KeyError:
        drawn = JinjaTemplateRenderer().render_error_template("View Function Error", "it broke", "view", "x.html")
    assert drawn == "<p>it broke</p>"
    assert found == [("View Function Error: it broke", error)]
