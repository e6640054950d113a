"""Reports in a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from soarkit.render import frames
from soarkit.render.page.contents import page as report_page
from soarkit.render.parts import Part
from soarkit.render.reported import ReportedRun

from .made import made_run, made_widget

#: Nothing that Chromium does by itself, so that a request means that the page made it.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for the tests of a file.

    Not for all: while it is open an event loop counts as running in this thread, and Django refuses to work in other
    tests that the same process runs.
    """
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, _NAMES)), None)
        if found is None and not os.path.exists(playwright.chromium.executable_path) and "CI" not in os.environ:
            pytest.skip("no Chromium here: install chromium, or run `playwright install chromium`")
        browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page that is shown.

    :param complaints: errors and warnings of its console, and exceptions; there must be none at the end of a test
    :param requests: addresses that it asked for, but for itself
    """

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def column(self, number: int) -> list[str]:
        """The texts of a table's column that are in the page, from 1."""
        return self.page.locator(f"[role=grid] tbody tr:not(.space) td:nth-child({number})").all_inner_texts()

    def wait_copied(self, text: str) -> None:
        """Wait until the clipboard holds just this. The page's policy leaves no way to wait inside it."""
        for _ in range(100):
            held = self.page.evaluate("navigator.clipboard.readText()")
            if held == text:
                return
            self.page.wait_for_timeout(20)
        assert held == text

    @property
    def menu(self) -> Locator:
        """The contextual menu."""
        return self.page.locator(".menu:popover-open")


Open = Callable[..., Opened]


@pytest.fixture
def show(chromium: Browser, tmp_path: Path) -> Iterator[Open]:
    """Show HTML of a report: ``show(html, width=1280, height=900, dark=False)``. At the end nothing may have gone wrong
    in any page, and nothing may have been asked for.
    """
    opened: list[Opened] = []
    contexts = []

    def show_one(
        html: bytes,
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        ready: bool = True,
        **options: Any,
    ) -> Opened:
        path = tmp_path / f"report-{len(opened)}.html"
        path.write_bytes(html)
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", **options
        )
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        one = Opened(context.new_page())
        one.page.on("console", lambda said: _heard(one, said.type, said.text))
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        context.on("request", lambda request: _asked(one, request.url, path.as_uri()))
        opened.append(one)
        one.page.goto(path.as_uri())
        if ready:  # a page without a script never says so
            one.page.wait_for_selector("html[data-ready]", state="attached")
        return one

    yield show_one
    for context in contexts:
        context.close()
    assert [one.complaints for one in opened] == [[] for _ in opened]
    assert [one.requests for one in opened] == [[] for _ in opened]


def _heard(opened: Opened, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        opened.complaints.append(text)


def _asked(opened: Opened, address: str, own: str) -> None:
    if address.partition("#")[0] != own and not address.startswith(("data:", "blob:", "about:")):
        opened.requests.append(address)


@pytest.fixture
def show_parts(show: Open) -> Open:
    """Show parts of widgets: ``show_parts(part, ..., contextual={...}, widget={...}, **of the browser)``. A list of
    parts is a widget; parts beside each other are one.
    """

    def show_them(
        *parts: Part | list[Part],
        contextual: Mapping[str, Any] | None = None,
        widget: Mapping[str, Any] | None = None,
        runs: Sequence[ReportedRun] = (),
        title: str = "A report",
        **options: Any,
    ) -> Opened:
        groups = [one if isinstance(one, list) else [one] for one in parts]
        shown = list(runs) or [made_run()]
        made = [
            made_widget(group, title=f"Widget {number}", runs=(min(number, len(shown)) - 1,), **(widget or {}))
            for number, group in enumerate(groups, 1)
        ]
        html = report_page(
            shown,
            made,
            title=title,
            made="2026-01-02T03:04:05Z",
            soarkit="0.0.0",
            contextual=contextual or {"types": {}, "commands": []},
            frame_blocks=frames.frame_blocks,
        )
        return show(html, **options)

    return show_them
