"""How many custom views of published apps can be looked at: each in a report, in a real browser.

    python benchmarks/views.py [OPTIONS] FOLDER...

Each FOLDER is the folder of an app. For every action that has a custom view, a result is made from the manifest
(benchmarks/examples.py), the view is called in the app's own environment, and the report is opened in Chromium. The
view passes when

* the report shows it and no error,
* at least one value of the result can be seen on the page (a text that the browser has drawn), and
* the console has no error, neither of the page nor of the view's frame, and nothing was asked of the network.

The page tells the parameters itself, so it is also counted where a value can be seen in what the view itself has drawn.

The variants other than ``full``, ``one`` and ``several`` have little to show: there, no value need be seen.

Pages and results are kept in OUT as they come, so that a second call goes on where the first was stopped; ``--again``
does what is there once more. OUT/VARIANT.md has the outcome. Exit status 1 where less than 95 % pass.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import os
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import examples
from compatibility_values import SAMPLE, SAMPLE_NAME
from playwright.async_api import Browser, Error, Page, async_playwright

from soarkit.errors import SoarkitError
from soarkit.host import Host
from soarkit.manifest.model import Action, App
from soarkit.render.reported import ReportedRun
from soarkit.reports import make_report
from soarkit.runtime.run import Observer

PASS = 0.95  #: the share that should
_PAGE_LIMIT = 60.0  # seconds for one page in the browser
_SETTLE = 0.4  # seconds in which scripts may still fail after everything is there
_PATIENCE = 5.0  # seconds until a value must be seen
_SHOWING = ("full", "one", "several")
_CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
#: The text that is drawn in a frame, and what its fields hold.
_DRAWN = """() => {
  const fields = [...document.querySelectorAll('input, textarea')].filter(field => field.checkVisibility());
  return [document.body ? document.body.innerText : '', ...fields.map(field => field.value)].join('\\n');
}"""


class Results:
    """What is known already, a line of JSON each; a later line replaces an earlier one of the same view."""

    def __init__(self, path: Path) -> None:
        self.known: dict[tuple[str, int, str], dict[str, Any]] = {}
        if path.exists():
            for line in path.read_text().splitlines():
                try:
                    self._take(json.loads(line))
                except ValueError:  # cut short when the program was killed
                    continue
        self._file = path.open("a")

    def add(self, record: dict[str, Any]) -> None:
        self._take(record)
        print(json.dumps(record), file=self._file, flush=True)

    def _take(self, record: dict[str, Any]) -> None:
        self.known[record["app"], record["index"], record["variant"]] = record


def views(app: App) -> list[Action]:
    return [action for action in app.actions if action.render.type == "custom"]


def report(host: Host, app: App, action: Action, example: examples.Example) -> bytes:
    document = example.document
    run = ReportedRun(
        app_name=app.name,
        app_version=app.app_version,
        action_name=action.name,
        status=document["status"],
        message=document["message"],
        document=document,
        started="2026-01-02T03:04:05Z",
        elapsed=1.0,
        container=1,
        parameters=[one["parameter"] for one in document["result_data"]],
        app=app,
        action=action,
    )
    return make_report(host, [run], observer=Observer())


# --- in the browser ---


async def judge(browser: Browser, path: Path, wanted: list[str], variant: str) -> dict[str, Any]:
    """What is wrong with a page, as ``reason`` and ``message``, or which value is ``seen``."""
    context = await browser.new_context(viewport={"width": 1400, "height": 1000})
    try:
        page = await context.new_page()
        said: list[str] = []
        page.on("console", lambda one: said.append(f"console: {one.text}") if one.type == "error" else None)
        page.on("pageerror", lambda error: said.append(f"uncaught: {error}"))
        page.on("request", lambda one: said.append(f"request: {one.url}") if _leaves(one.url) else None)
        await page.goto(path.as_uri())
        parts = _parts(path)
        for part in parts:
            # A failed action's own message is shown in the same way.
            if part["kind"] == "error" and part.get("what") not in (wanted if variant == "failed" else ()):
                return {"reason": "error card", "message": f"{part.get('what')} ({part.get('where')})"}
        count = sum(part["kind"] == "view" for part in parts)
        if not count:
            return {"reason": "no view", "message": ", ".join(part["kind"] for part in parts)}
        text, seen = await _look(page, count, wanted, variant)
        await asyncio.sleep(_SETTLE)
        if said:
            return {"reason": "console", "message": " | ".join(dict.fromkeys(said))[:1000], "seen": seen}
        if seen is None:
            shown = " ".join(text.split())[:300]
            around = find(await page.evaluate(_DRAWN), wanted)
            message = f"shown: {shown!r}; wanted: {wanted[:8]!r}"
            return {"reason": None if around else "nothing seen", "message": message, "around": around}
        return {"reason": None, "message": "", "seen": seen}
    finally:
        await context.close()


def _parts(path: Path) -> list[dict[str, Any]]:
    """What the page's widgets hold, as the page's own data says it."""
    block = re.search(r'<script type="application/json" id="report">(.*?)</script>', path.read_text(), re.DOTALL)
    widgets = json.loads(block[1])["widgets"] if block else []
    return [part for widget in widgets for part in widget["parts"]]


def _leaves(url: str) -> bool:
    return not url.startswith(("file:", "data:", "blob:", "about:"))


async def _look(page: Page, count: int, wanted: list[str], variant: str) -> tuple[str, str | None]:
    """The texts of the views' frames as soon as a value is seen in one, or in the end."""
    end = time.monotonic() + _PATIENCE
    while True:
        texts = []
        for element in await page.query_selector_all("iframe"):
            with contextlib.suppress(Error):  # its document is just being replaced: the next time
                await element.scroll_into_view_if_needed()
                frame, box = await element.content_frame(), await element.bounding_box()
                if frame and box and box["width"] >= 20 and box["height"] >= 10:
                    texts.append(await frame.evaluate(_DRAWN))
        text = "\n".join(texts)
        seen = find(text, wanted)
        ready = len(texts) == count and (seen is not None or variant not in _SHOWING)
        if ready or time.monotonic() > end:
            return text, "" if ready and seen is None else seen
        await asyncio.sleep(0.1)


def find(text: str, wanted: list[str]) -> str | None:
    """The longest wanted value that stands in a text as words of its own; long ones may be cut short."""
    text = " ".join(text.split()).casefold()
    for value in sorted(wanted, key=len, reverse=True):
        words = " ".join(value.split()).casefold()
        if re.search(rf"(?<!\w){re.escape(words[:60])}" + ("" if len(words) > 60 else r"(?!\w)"), text):
            return value[:80]
    return None


# --- putting it together ---


class Campaign:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.host = Host(options.home)
        self.results = Results(options.out / "results.jsonl")
        self.names = {Path(folder).resolve().name: str(Path(folder).resolve()) for folder in options.folders}
        self.no_app: dict[str, str] = {}
        self.all: dict[tuple[str, int], Action] = {}

    def steps(self) -> Iterator[tuple[str, App, Action]]:
        for name, folder in self.names.items():
            try:
                app = self.host.open_app(folder)
            except SoarkitError as error:
                self.no_app[name] = str(error)
                continue
            if app.is_sdk_app != self.options.sdk:
                continue
            for action in views(app):
                if not self.options.action or self.options.action in (action.name, action.identifier):
                    self.all[name, action.index] = action
                    yield name, app, action

    def fill_vault(self) -> None:
        """What generated vault ids stand for."""
        with self.host.open_store() as store:
            store.vault.add(io.BytesIO(SAMPLE), name=SAMPLE_NAME, container_id=None)

    async def run(self) -> None:
        waiting: list[tuple[str, App, Action]] = []
        for step in self.steps():
            known = self.results.known.get((step[0], step[2].index, self.options.variant))
            if self.options.again or known is None or (self.options.failed and known["reason"]):
                waiting.append(step)
        total = len(waiting)
        waiting.reverse()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=self.options.chromium, args=_CHROMIUM)

            async def work() -> None:
                while waiting:
                    name, app, action = waiting.pop()
                    record = await self.one(browser, name, app, action)
                    self.results.add(record)
                    done = total - len(waiting)
                    print(f"{done}/{total} {name} {action.name}: {record['reason'] or 'passes'}", file=sys.stderr)

            await asyncio.gather(*(work() for _ in range(self.options.jobs)))
            await browser.close()

    async def one(self, browser: Browser, name: str, app: App, action: Action) -> dict[str, Any]:
        variant, started = self.options.variant, time.monotonic()
        about = {"app": name, "index": action.index, "action": action.name, "variant": variant}
        about |= {"view": action.render.view}
        path = self.options.out / "pages" / f"{name}-{action.index}-{variant}.html"
        example = examples.make(action, variant)
        try:
            path.write_bytes(await asyncio.to_thread(report, self.host, app, action, example))
        except Exception as error:
            return {**about, "reason": "report", "message": "".join(traceback.format_exception_only(error)).strip()}
        made = time.monotonic()
        try:
            verdict = await asyncio.wait_for(judge(browser, path, example.values, variant), _PAGE_LIMIT)
        except (Error, TimeoutError, asyncio.TimeoutError) as error:
            verdict = {"reason": "browser", "message": f"{type(error).__name__}: {error}"[:1000]}
        times = {"made": round(made - started, 2), "looked": round(time.monotonic() - made, 2)}
        return {**about, **verdict, **times, "bytes": path.stat().st_size}

    def outcome(self) -> tuple[str, float]:
        """The summary as Markdown, and the share that passes."""
        records = [self.results.known.get((*key, self.options.variant)) for key in self.all]
        judged = [record for record in records if record is not None]
        failed = [record for record in judged if record["reason"]]
        beside = [record for record in judged if not record["reason"] and record.get("seen") is None]
        total = max(len(self.all), 1)
        share = (len(judged) - len(failed)) / total
        drawn = len(judged) - len(failed) - len(beside)
        apps = {name for name, _ in self.all}
        kind = "SDK" if self.options.sdk else "classic"
        lines = [
            f"# Custom views, variant {self.options.variant}",
            "",
            (
                f"{len(self.all)} actions of {len(apps)} {kind} apps have a custom view ({len(self.names)} folders). "
                f"{len(judged)} judged, {len(judged) - len(failed)} pass ({share:.1%}); in {drawn} of them "
                f"({drawn / total:.1%} of all) a value can be seen in the view's own frame."
            ),
            "",
        ]
        counts = Counter(record["reason"] for record in failed)
        counts["passes, with a value beside the view only"] = len(beside)
        lines += [f"- {reason}: {count}" for reason, count in counts.most_common()]
        lines += ["", "| App | Action | View | Reason | Message |", "|---|---|---|---|---|"]
        for one in failed + beside:
            reason = one["reason"] or "passes, beside"
            cells = [one["app"], one["action"], one["view"], reason, one["message"][:300]]
            lines.append("| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
        if self.no_app:
            lines += ["", "Folders that hold no app that can be opened:", ""]
            lines += [f"- {name}: {problem}" for name, problem in self.no_app.items()]
        return "\n".join([*lines, ""]), share


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--out", type=Path, default=Path("views"), help="folder for results (./views)")
    parser.add_argument("--home", help="SOARKIT_HOME with the apps' environments (OUT/home)")
    parser.add_argument("--variant", choices=examples.VARIANTS, default="full", help="of the results (full)")
    parser.add_argument("--action", help="only this one, by name or identifier")
    parser.add_argument("--sdk", action="store_true", help="apps made with the SDK instead of classic ones")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser (/usr/bin/chromium)")
    parser.add_argument("-j", "--jobs", type=int, choices=(1, 2), default=2, help="views at once (2)")
    parser.add_argument("--again", action="store_true", help="also what there are results of")
    parser.add_argument("--failed", action="store_true", help="also what failed before")
    parser.add_argument("--table-only", action="store_true", help="only print what is there")
    options = parser.parse_args()
    options.out = options.out.resolve()
    (options.out / "pages").mkdir(parents=True, exist_ok=True)
    options.home = os.path.abspath(options.home or options.out / "home")
    campaign = Campaign(options)
    if options.table_only:
        list(campaign.steps())
    else:
        campaign.fill_vault()
        asyncio.run(campaign.run())
    text, share = campaign.outcome()
    (options.out / f"{'sdk-' if options.sdk else ''}{options.variant}.md").write_text(text)
    print(text)
    return int(share < PASS)


if __name__ == "__main__":
    sys.exit(main())
