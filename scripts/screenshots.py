"""Take the pictures in ``docs/images``: pages of our own apps, in Chromium.

    python scripts/screenshots.py

Uses the sample app, the sample bundle with its service, and ``scripts/demo_app``, in a home of its own. The pictures of
the sample bundle's own documentation are made too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.services.passive_dns import PassiveDnsService  # noqa: E402

IMAGES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
SAMPLE = ROOT / "apps" / "sampleapp"
BUNDLE = ROOT / "apps" / "sampleapp_enrichment"
EICAR = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"


def soarkit(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "soarkit", *arguments], check=True)


def make_pages(folder: Path) -> None:
    for app in (ROOT / "scripts" / "demo_app", SAMPLE):
        soarkit("install", str(app))
    asset = json.loads((SAMPLE / "examples" / "asset.json").read_text())["configuration"]
    values = [word for name, value in asset.items() for word in ("-c", f"{name}:={json.dumps(value)}")]
    soarkit("asset", "create", "contoso", "--app", "sampleapp", *values)
    for action, *parameters in (("list detections",), ("geolocate ip",), ("get report", "-p", "id=D-4117")):
        soarkit("run", "contoso-sensor", action, *parameters, "-o", str(folder / f"{action}.json"))
    sample = ["-p", f"hash={EICAR}", "--asset", "contoso", "--replay", str(SAMPLE / "recordings/file_reputation.json")]
    soarkit("run", "sampleapp", "file reputation", *sample, "-o", str(folder / "view.html"))
    keys = subprocess.run(
        [sys.executable, "-m", "soarkit", "runs", "--format", "json"], check=True, capture_output=True, text=True
    ).stdout
    newest = [run["key"] for run in json.loads(keys)["runs"]]
    soarkit("report", *reversed(newest), "-o", str(folder / "report.html"))
    soarkit("docs", "sampleapp", "-o", str(folder))


def make_enrichments(folder: Path) -> None:
    soarkit("install", str(BUNDLE))
    with PassiveDnsService("demo-key") as service:
        credentials = ["--config", "api_key=demo-key", "--config", f"api_url={service.url}"]
        soarkit("asset", "create", "passivedns", "--app", "contoso-passive-dns", *credentials)
        soarkit("enrich", "login-contoso.example", "-o", str(folder / "observable.html"))
        soarkit("pivot", "login-contoso.example", "--depth", "3", "-o", str(folder / "pivot.html"))


def opened(browser: Browser, path: Path, *, dark: bool = False, width: int = 1280, height: int = 900) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", device_scale_factor=1
    )
    page.goto(path.as_uri())
    if path.name != "sampleapp.html":
        page.wait_for_selector("html[data-ready]")
    page.wait_for_timeout(500)
    return page


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        os.environ["SOARKIT_HOME"] = str(folder / "home")
        make_pages(folder)
        make_enrichments(folder)
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        opened(browser, folder / "report.html", height=1000).screenshot(path=IMAGES / "report-light.png")
        page = opened(browser, folder / "report.html", dark=True, height=1000)
        page.get_by_text("203.0.113.99").first.click()
        page.wait_for_timeout(300)
        page.screenshot(path=IMAGES / "menu.png")
        opened(browser, folder / "view.html", dark=True, height=640).screenshot(path=IMAGES / "custom-view-dark.png")
        page = opened(browser, folder / "report.html", width=390, height=844)
        page.screenshot(path=IMAGES / "report-narrow.png")
        opened(browser, folder / "sampleapp.html", height=1000).screenshot(path=IMAGES / "app-documentation.png")
        own = BUNDLE / "documentation" / "images"
        page = opened(browser, folder / "observable.html", height=1460)
        page.screenshot(path=IMAGES / "observable.png")
        page.screenshot(path=own / "observable-page.png")
        page = opened(browser, folder / "pivot.html", height=800)
        page.wait_for_timeout(2500)  # until the graph is at rest
        page.screenshot(path=IMAGES / "pivot.png")
        page.screenshot(path=own / "graph.png")
        browser.close()


if __name__ == "__main__":
    main()
