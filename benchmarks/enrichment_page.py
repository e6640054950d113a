"""The page of an observable with a table of 10 000 rows and ten charts, against the same page with an empty table.

    python benchmarks/enrichment_page.py [ROUNDS]

The limit of 50 rows is lifted. In interleaved rounds Chromium opens each page in a window so high that all charts are
in sight. A page is interactive at the end of the last task of 50 ms or more that it begins by itself; then a heading is
pressed, and it is measured when the sorted rows have been painted. The difference of the medians is what counts.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from soarkit.enrichments.observed import ObservedRun
from soarkit.enrichments.outputs import read_output
from soarkit.enrichments.page import observable_page

ROWS = 10_000
CHARTS = 10
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update"
HEIGHT = 8000  # pixels: all charts are in sight
LIMIT = 2.0  # seconds
_WATCH = """
window.lastTask = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.lastTask = Math.max(window.lastTask, entry.startTime + entry.duration);
}).observe({ type: "longtask", buffered: true });
new MutationObserver((_, observer) => {
  if (!document.documentElement || !("ready" in document.documentElement.dataset)) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.readyAt = performance.now(); }));
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
_SORT = """
() => new Promise((done) => {
  const began = performance.now();
  document.querySelector(".item-grid .sort").click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
})
"""


def document(rows: int) -> dict[str, Any]:
    """What a script prints: a table, and charts of several types."""

    def item(value: Any, kind: str, **more: Any) -> dict[str, Any]:
        return {"itemType": kind, "itemValue": value, "itemLabel": value, **more}

    table = {
        "widgetType": "Table",
        "tableName": "Sightings",
        "columnHeadings": ["Hits", "Address", "Seen", "Report", "Verdict"],
        "columnTypes": ["Integer", "IPv4", "DateTime", "Link", "String"],
        "rows": [
            [
                item(number * 7919 % ROWS, "Integer"),
                item(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", "IPv4"),
                item(f"2026-01-{number % 28 + 1:02} 12:00:00", "DateTime"),
                item(f"https://example.com/{number}", "Link"),
                item("malicious", "String", backgroundColor="Crimson", textColor="White"),
            ]
            for number in range(rows)
        ],
    }
    kinds = ("line", "column", "pie", "area", "spline")
    charts = [
        {
            "widgetType": "Chart",
            "chartName": f"Chart {number}",
            "highchartsJson": json.dumps(
                {
                    "chart": {"type": kinds[number % len(kinds)]},
                    "series": [{"name": "Hits", "data": [[at, at * 37 % 50] for at in range(60)]}],
                }
            ),
        }
        for number in range(CHARTS)
    ]
    return {"widgets": [table, *charts], "exceptions": [], "messages": []}


def page(rows: int) -> bytes:
    """The page, with its limit lifted."""
    run = ObservedRun(
        bundle="Contoso Enrichment",
        set_name="Contoso",
        transform="Overview",
        display_name="Overview",
        surface="context",
        entity_type="anomali.IPv4Address",
        value="198.51.100.7",
        status="success",
        output=read_output(document(rows)),
    )
    return observable_page(
        [run],
        value=run.value,
        entity_type=run.entity_type,
        title=run.value,
        made="2026-01-02T03:04:05Z",
        soarkit="0",
        limit=None,
    )


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    began = time.perf_counter()
    pages = {"large": page(ROWS), "empty": page(0)}
    print(f"{ROWS} rows, {CHARTS} charts; both pages made in {time.perf_counter() - began:.2f} s")
    figures: dict[str, list[dict[str, float]]] = {name: [] for name in pages}
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS.split())
        for number in range(rounds + 1):
            for name, content in pages.items():
                path = Path(folder, f"{name}.html")
                path.write_bytes(content)
                measured = open_page(browser, path)
                if number:  # the first round warms up
                    figures[name].append(measured)
        browser.close()
    medians = {
        name: {key: statistics.median(one[key] for one in found) for key in found[0]} for name, found in figures.items()
    }
    for name, content in pages.items():
        told = "  ".join(f"{key} {value:7.0f} ms" for key, value in medians[name].items())
        print(f"  {name}  {len(content) / 1e6:4.1f} MB  {told}")
    more = (medians["large"]["interactive"] - medians["empty"]["interactive"]) / 1000
    print(f"  interactive {more:+.2f} s after the page with an empty table (limit {LIMIT:g} s)")


def open_page(browser: Any, path: Path) -> dict[str, float]:
    """Milliseconds from the beginning of the navigation, and what sorting takes."""
    tab = browser.new_page(viewport={"width": 1280, "height": HEIGHT})
    tab.add_init_script(_WATCH)
    tab.goto(path.as_uri(), wait_until="commit")
    while not (ready := tab.evaluate("() => window.readyAt ?? 0")):
        time.sleep(0.02)
    while tab.evaluate("() => document.querySelectorAll('.chart-stage[data-drawn]').length") < CHARTS:
        time.sleep(0.02)
    tab.wait_for_timeout(300)
    last = tab.evaluate("() => window.lastTask")
    found = {"ready": ready, "interactive": max(ready, last), "sorted": tab.evaluate(_SORT)}
    tab.close()
    return found


if __name__ == "__main__":
    main()
