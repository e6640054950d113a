"""The documentation page of an app in a real browser: nothing runs, nothing is asked for, it fits and it prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request
from render.documented import PNG, action, make_app
from render.test_appdocs_hostile import HOSTILE, hostile_everywhere

from soarkit.manifest.model import App
from soarkit.render.appdocs.html import page as make_page


class Opened:
    """A page that is shown, and what it asked for."""

    def __init__(self, chromium: Browser, path: Path, **options: object) -> None:
        self.context = chromium.new_context(**options)
        self.requests: list[str] = []
        self.said: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("request", self._asked)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append("dialog"))
        self._own = path.as_uri()
        self.page.goto(self._own)
        self.page.wait_for_load_state("load")

    def _asked(self, request: Request) -> None:
        if request.url != self._own and not request.url.startswith("data:image/"):
            self.requests.append(request.url)


def written(folder: Path, app: App) -> Path:
    path = folder / "page.html"
    path.write_text(make_page(app), encoding="utf-8")
    return path


@pytest.mark.parametrize("readme", ["readme.html", "README.md"])
def test_nothing_runs_and_nothing_is_asked_for(chromium: Browser, tmp_path: Path, readme: str) -> None:
    path = written(tmp_path, make_app(tmp_path / "app"))
    opened = Opened(chromium, path)
    for number, text in enumerate(HOSTILE):
        written(tmp_path, hostile_everywhere(tmp_path / str(number), text, readme))
        opened.page.reload()
        active = opened.page.evaluate(_ACTIVE)
        assert (active, opened.requests, opened.said) == ([], [], []), text
        assert opened.page.url == path.as_uri()
    opened.context.close()


#: Elements and attributes of a page that could run something or load something.
_ACTIVE = """() => [...document.querySelectorAll("*")].filter(one =>
  ["script", "iframe", "object", "embed", "form", "input", "link", "base", "svg", "math"].includes(one.localName) ||
  [...one.attributes].some(it => it.name.startsWith("on") || /^\\s*(javascript|data:text)/i.test(it.value))
).map(one => one.outerHTML)"""


def test_its_policy_forbids_what_a_sanitiser_might_overlook(chromium: Browser, tmp_path: Path) -> None:
    path = written(tmp_path, make_app(tmp_path / "app"))
    shown = path.read_text(encoding="utf-8")
    bad = "<script>document.title = 'ran'</script><img src=x onerror=\"document.title = 'ran'\"><iframe src='https://x.invalid'></iframe>"
    path.write_text(shown.replace('<main id="top">', f'<main id="top">{bad}'), encoding="utf-8")
    opened = Opened(chromium, path)
    opened.page.wait_for_timeout(200)
    assert "ran" not in opened.page.title()
    assert [one for one in opened.requests if one.startswith("http")] == []
    opened.context.close()


def long_app(folder: Path) -> App:
    outputs = [
        {
            "data_path": f"action_result.data.*.a_rather_long_name_of_a_field.{number}",
            "data_type": "string",
            "contains": ["sha256"],
            "example_values": ["a" * 90],
        }
        for number in range(40)
    ]
    parameters = {"hash": {"data_type": "string", "description": "W" * 200, "contains": ["sha256"], "required": True}}
    readme = (
        "# Set-up\n\n| "
        + " | ".join("abcdefghijk" * 3)
        + " |\n"
        + "|-" * 33
        + "|\n\n```\n"
        + "x" * 400
        + "\n```\n![P](p.png)"
    )
    logos = {"logo": "p.png", "logo_dark": "p.png"}
    actions = [
        action(parameters=parameters, output=outputs, verbose="<pre>" + "y" * 500 + "</pre>"),
        action("get file"),
    ]
    return make_app(folder, {"p.png": PNG, "README.md": readme}, actions=actions, **logos)


@pytest.mark.parametrize("width", [320, 390, 800, 1400])
def test_it_fits_any_width(chromium: Browser, tmp_path: Path, width: int) -> None:
    opened = Opened(chromium, written(tmp_path, long_app(tmp_path / "app")), viewport={"width": width, "height": 800})
    opened.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.page.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0)")
    opened.context.close()


def test_links_lead_into_the_page(chromium: Browser, tmp_path: Path) -> None:
    opened = Opened(chromium, written(tmp_path, long_app(tmp_path / "app")))
    opened.page.locator("nav").get_by_text("get file").click()
    assert opened.page.url.endswith("#action-get-file")
    opened.page.locator("a.type").first.click()
    assert opened.page.url.endswith("#type-sha256")
    opened.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_both_colour_schemes(chromium: Browser, tmp_path: Path, scheme: str) -> None:
    opened = Opened(chromium, written(tmp_path, long_app(tmp_path / "app")), color_scheme=scheme)
    contrasts = opened.page.evaluate(_CONTRASTS)
    assert len(contrasts) > 8
    assert min(contrasts) >= 4.5, contrasts
    opened.context.close()


#: The contrast (WCAG 2) of each colour of text with what is behind it.
_CONTRASTS = """() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[0-9.]+/g).slice(0, 3).map(Number).map(v => v / 255)
      .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(color)) return color;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("h1, h2, p, td, dt, dd, a, code, th, .required, summary, .notes")].map(one => {
    const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
    return (a + .05) / (b + .05);
  });
}"""


def test_printed_it_holds_what_is_folded(chromium: Browser, tmp_path: Path) -> None:
    opened = Opened(chromium, written(tmp_path, long_app(tmp_path / "app")))
    field = opened.page.locator(".outputs td").last
    assert not field.is_visible()
    opened.page.emulate_media(media="print")
    assert opened.page.evaluate("document.querySelector('.outputs').getBoundingClientRect().height") > 200
    assert not opened.page.locator("nav").is_visible()
    assert len(opened.page.pdf()) > 10_000
    opened.context.close()
