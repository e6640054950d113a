"""A table of 100 000 rows and 8 columns as a page: what making it takes, and how Chromium does with it.

    python benchmarks/results_page.py [ROUNDS]

The page is made from the result's JSON document, up to its last byte; that is compared with json.dumps of the same
document, in interleaved rounds; the ratio is that of the medians. Then a browser opens the file: until the first rows
are seen, until they are seen sorted after a click on a heading, and how many DOM nodes there are.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from soarkit.host import Host
from soarkit.manifest.model import Action, Render
from soarkit.render.reported import ReportedRun
from soarkit.reports import make_report
from soarkit.runtime.run import Observer

ROWS = 100_000
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update"
_COLUMNS = {
    "number": "numeric",
    "name": "string",
    "address": "string",
    "sha256": "string",
    "score": "numeric",
    "malicious": "boolean",
    "seen": "string",
    "comment": "string",
}


def result() -> dict[str, Any]:
    """The result of an action with so many data items."""
    data = [
        {
            "number": number,
            "name": f"host-{number:06}.example.org",
            "address": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
            "sha256": f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}" * 4,
            "score": number % 1000 / 10,
            "malicious": number % 3 == 0,
            "seen": f"2026-01-{number % 28 + 1:02}T00:00:00Z",
            "comment": None if number % 5 else "seen <before> & again",
        }
        for number in range(ROWS)
    ]
    one = {"status": "success", "message": "", "parameter": {}, "summary": {}, "data": data, "extra_data": []}
    return {"status": "success", "message": "", "result_data": [one], "result_summary": {}}


def reported(document: dict[str, Any]) -> ReportedRun:
    """A run with it, of an action that declares the columns."""
    output = [
        {
            "data_path": f"action_result.data.*.{name}",
            "data_type": kind,
            "column_name": name.capitalize(),
            "column_order": order,
            "contains": [name] if name == "sha256" else ["ip"] if name == "address" else [],
        }
        for order, (name, kind) in enumerate(_COLUMNS.items())
    ]
    render = Render("table", 12, None, None, "A large table", None, {"type": "table"})
    raw = {"output": output, "parameters": {}}
    action = Action("list things", "list_things", 0, "", "investigate", True, None, "EQ(*)", None, render, raw)
    return ReportedRun("Contoso", "1.0.0", "list things", "success", "", document, action=action)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    document = result()
    run = reported(document)
    times: dict[str, list[float]] = {"json.dumps": [], "page": []}
    with tempfile.TemporaryDirectory() as folder:
        host = Host(folder)
        page = b""
        for number in range(rounds + 1):
            began = time.perf_counter()
            text = json.dumps(document)
            dumped = time.perf_counter()
            page = make_report(host, [run], observer=Observer())
            made = time.perf_counter()
            if number:
                times["json.dumps"].append(dumped - began)
                times["page"].append(made - dumped)
        base, mine = (statistics.median(times[name]) for name in ("json.dumps", "page"))
        print(f"Python {sys.version.split()[0]}, {ROWS} rows, {rounds} interleaved rounds, medians")
        print(f"  json.dumps  {base * 1000:7.1f} ms  {len(text) / 1e6:5.1f} MB")
        print(f"  page        {mine * 1000:7.1f} ms  {len(page) / 1e6:5.1f} MB  ratio {mine / base:.2f} (limit 3)")
        path = Path(folder, "page.html")
        path.write_bytes(page)
        in_browser(path, rounds)


def in_browser(path: Path, rounds: int) -> None:
    """Print what the browser takes, in medians and at most."""
    from playwright.sync_api import sync_playwright

    opened, sorted_after, nodes = [], [], 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS.split())
        for _ in range(rounds):
            tab = browser.new_page(viewport={"width": 1280, "height": 900})
            tab.add_init_script(_WATCH)
            tab.goto(path.as_uri(), wait_until="commit")
            tab.wait_for_load_state("load")
            while not (seen := tab.evaluate("() => window.firstRows ?? 0")):
                time.sleep(0.02)
            opened.append(seen)
            sorted_after.append(tab.evaluate(_SORT))
            nodes = max(nodes, tab.evaluate("() => document.getElementsByTagName('*').length"))
            tab.close()
        print(f"Chromium {browser.version}, {rounds} rounds")
        browser.close()
    print(f"  first rows  {statistics.median(opened):7.0f} ms, at most {max(opened):.0f} ms (limit 1000)")
    print(f"  a sort      {statistics.median(sorted_after):7.0f} ms, at most {max(sorted_after):.0f} ms (limit 500)")
    print(f"  DOM nodes   {nodes:7} (limit 5000)")


# Seen is what has been painted: the second frame after it is there.
_WATCH = """
const look = () => {
  const cell = document.querySelector('tbody tr:not([aria-hidden]) td');
  if (!cell || !cell.textContent) return requestAnimationFrame(look);
  requestAnimationFrame(() => requestAnimationFrame(() => { window.firstRows = performance.now(); }));
};
requestAnimationFrame(look);
"""
_SORT = """
async () => {
  const rows = () => [...document.querySelectorAll('tbody tr:not([aria-hidden])')].slice(0, 5);
  const shown = () => rows().map((row) => row.textContent).join();
  const heading = [...document.querySelectorAll('thead button')].find((one) => one.textContent.includes('Sha256'));
  const before = shown();
  const began = performance.now();
  heading.click();
  for (;;) {
    await new Promise(requestAnimationFrame);
    if (shown() !== before) break;
    if (performance.now() - began > 20000) throw new Error('nothing was sorted');
  }
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}
"""


if __name__ == "__main__":
    main()
