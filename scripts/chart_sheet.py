"""Make ``docs/images/charts.png``: every chart type of the enrichment guide, in Chromium.

    python scripts/chart_sheet.py

The charts are those of ``chart_sheet.json`` beside this script: options of Highcharts, as scripts of bundles write
them.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from soarkit.enrichments import charts
from soarkit.render.page import inlined
from soarkit.render.page.document import document
from soarkit.render.page.encode import script_json

ROOT = Path(__file__).parent.parent
CHARTS = Path(__file__).with_name("chart_sheet.json")
IMAGE = ROOT / "docs" / "images" / "charts.png"
WIDTH = 1280
STYLES = """
.sheet { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; padding: 20px 0; }
.sheet figure { margin: 0; padding: 12px 12px 4px; border-radius: 10px; background: var(--card); }
.sheet figure { border: 1px solid var(--line); }
.sheet figcaption { padding: 0 8px 4px; color: var(--dim); font: 600 12px/18px var(--mono); }
.sheet .chart { padding: 0; } .sheet .chart-tools { display: none; }
"""
SCRIPT = """
{
  const { element } = soarkit;
  const parts = soarkit.block("sheet");
  document.getElementById("page").append(
    element("div", { class: "sheet" }, parts.map((part) =>
      element("figure", {}, element("figcaption", {}, part.caption), soarkit.parts.chart(part)))),
  );
  document.documentElement.dataset.ready = "";
}
"""
PAGE_SCRIPTS = ("elements.js", "values.js", "theme.js")


def page(listed: dict[str, object]) -> bytes:
    """All charts on one page, each below the name of its type."""
    blocks: dict[str, bytes] = {}
    parts = []
    for number, (name, options) in enumerate(listed.items()):
        drawing = charts.translate(name, json.dumps(options))
        for warning in drawing.warnings:
            print(f"{name}: {warning}")
        blocks[f"chart-{number}"] = script_json(drawing.as_json())
        parts.append({"kind": "chart", "caption": name, "chart": f"chart-{number}", "height": 290})
    return document(
        {"sheet": script_json(parts), **blocks},
        title="soarkit charts",
        styles=f"{inlined.joined(('page.css',))}\n{charts.styles()}\n{STYLES}",
        scripts=f"{inlined.joined(PAGE_SCRIPTS)}\n{charts.scripts()}\n{SCRIPT}",
    )


def main() -> None:
    html = page(json.loads(CHARTS.read_text(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "charts.html"
        path.write_bytes(html)
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        shown = browser.new_page(viewport={"width": WIDTH, "height": 2800}, color_scheme="light")
        shown.on("console", lambda said: print(said.type, said.text))
        shown.on("pageerror", lambda error: print(error.stack))
        shown.goto(path.as_uri())
        shown.wait_for_selector("html[data-ready]", state="attached", timeout=10_000)
        shown.wait_for_timeout(1000)
        shown.locator(".sheet").screenshot(path=IMAGE)
        browser.close()


if __name__ == "__main__":
    main()
