"""Whatever an app or its data brings: none of it runs in the page, and nothing leaves."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserType, Error, Frame, Page

from soarkit.render.frames import frame_blocks, prepare
from soarkit.render.logos import Logos
from soarkit.render.page.contents import page as report_page
from soarkit.render.page.inlined import scripts
from soarkit.render.parts import (
    ErrorPart,
    Field,
    FieldsPart,
    JsonPart,
    MapPart,
    NotePart,
    Part,
    Point,
    TablePart,
    ViewPart,
)
from soarkit.render.table import Column

from .attempts import CONNECTING, MARKUP, SCRIPTS
from .conftest import _ARGUMENTS, _NAMES, Open
from .made import made_run, made_widget

HOSTILE = (
    "\"'`><script>top.ran = 1</script><img src=x onerror='top.ran = 1'></script><!--<script>]]>"
    "<svg onload='top.ran = 1'>${top.ran = 1}{{top.ran}}\u2028\u0000</main></style>javascript:top.ran=1"
)
SVG = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='top.ran=1'><script>top.ran = 1</script></svg>"


#: What every object of JavaScript has, under a name of its own here.
NAMES = dict.fromkeys(["__proto__", "constructor", "hasOwnProperty", "toString", "valueOf"], "x")


def _hostile_parts() -> list[Part]:
    x = HOSTILE
    column = Column(x, x, contains=(x, "ip"))
    details = [Field(x, x, (x, "ip"), x), Field("n", {x: [x]}, (), None)]
    return [
        TablePart([column, Column("b", "b")], [[x, {x: [x]}], [x, [x]], ["192.0.2.1", {"$": x}]], 3, x, caption=x),
        JsonPart(
            {x: [x, {x: x}], "__proto__": x, "constructor": {"prototype": x}}, x, {x: [x], f"{x}.*": [x]}, caption=x
        ),
        MapPart([Point(1.0, 2.0, details), Point(1.0, 2.0, details)], 1, caption=x),
        ErrorPart(x, x, x),
        NotePart(x),
        FieldsPart(details, caption=x),
        ViewPart("<p>fine</p>", (), x, caption=x),
    ]


def test_no_field_of_an_app_or_its_data_becomes_markup(show: Open) -> None:
    x = HOSTILE
    run = made_run(
        app_name=x,
        app_version=x,
        action_name=x,
        status="failed",
        message=x,
        id=x,
        asset=x,
        started=x,
        parameters=[{x: x, "n": {x: [x]}, **NAMES}],
        document={"result_summary": {x: x, **NAMES}, "result_data": [{"summary": {x: x}, "data": [], "parameter": {}}]},
    )
    colours = {"title": "red;background:url(http://127.0.0.1:9/)", "text": x, "body": "url(http://127.0.0.1:9/)"}
    widget = made_widget(
        _hostile_parts(), title=x, subtitle=x, menu_name=x, logos=Logos(SVG, SVG), colours=colours, status="failed"
    )
    contextual = {
        "types": {x: [0], "ip": [0]},
        "commands": [
            {"app": x, "slug": x, "action": x, "parameter": x, "read_only": False, "asset": x, "missing": [x]},
        ],
    }
    html = report_page(
        [run],
        [widget],
        title=x,
        made=x,
        soarkit=x,
        contextual=contextual,
        frame_blocks=frame_blocks,
    )

    one = show(html)
    _use_everything(one.page)

    assert one.page.evaluate("window.ran") is None
    assert one.page.evaluate("document.querySelectorAll('main script, main [onerror], main [onload]').length") == 0
    assert one.page.evaluate("document.querySelectorAll('main img').length") <= 2  # logos, which run nothing
    assert "<script>top.ran = 1</script>" in one.page.inner_text("main")


def _use_everything(page: Page) -> None:
    """Open what can be opened, and look at what says something."""
    for summary in page.locator("main summary").all():
        summary.click()
    for mark in page.locator("main .marked:visible").all()[:8]:
        mark.click()
        page.keyboard.press("Escape")
    for dot in page.locator(".map-dot").all():
        dot.click()
        page.keyboard.press("Escape")


def test_the_page_holds_only_its_own_scripts() -> None:
    html = report_page(
        [made_run(message=HOSTILE)],
        [made_widget(_hostile_parts(), title=HOSTILE)],
        title=HOSTILE,
        made="",
        soarkit="",
        contextual={"types": {}, "commands": []},
        frame_blocks=frame_blocks,
    ).decode()

    without_blocks = re.sub(r'<script type="application/json" id="[a-z0-9-]+">[^<]*</script>\n', "", html)

    assert re.findall(r"<script[^>]*>", without_blocks, re.IGNORECASE) == ["<script>"]
    assert "top.ran" not in without_blocks


def test_no_script_ends_inside_itself() -> None:
    every = [scripts(), *frame_blocks(["jquery", "datatables"]).values()]

    assert [found for text in every for found in re.findall(r"</script|</style|<!--", text, re.IGNORECASE)] == []


@dataclass
class Listening:
    """Everything that came to a port of this machine."""

    port: int
    udp: int
    received: list[bytes] = field(default_factory=list)


@pytest.fixture
def listening() -> Iterator[Listening]:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        datagrams.bind(("127.0.0.1", 0))
        got = Listening(server.getsockname()[1], datagrams.getsockname()[1])
        server.settimeout(0.1)
        datagrams.settimeout(0.1)
        done = threading.Event()

        def accept() -> None:
            while not done.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(1)
                    try:
                        got.received.append(connection.recv(1000))
                    except OSError:
                        got.received.append(b"")  # a connection that says nothing

        def receive() -> None:
            while not done.is_set():
                try:
                    got.received.append(b"datagram " + datagrams.recv(1000))
                except TimeoutError:
                    continue

        threads = [threading.Thread(target=accept), threading.Thread(target=receive)]
        for thread in threads:
            thread.start()
        yield got
        done.set()
        for thread in threads:
            thread.join()


@pytest.fixture
def launcher(chromium: Browser) -> BrowserType:
    """What the browser of the tests was launched by."""
    return chromium.browser_type


def _view(name: str, attempt: str, listening: Listening) -> str:
    attempt = attempt.replace("NAME", f"{name}.leak.test").replace("UDP", str(listening.udp))
    if name in MARKUP:
        return f"<p>text</p>{attempt}"
    attempt = attempt.replace("</script>", "<\\/script>")
    quiet = "<script>onerror = () => true; onunhandledrejection = (e) => e.preventDefault()</script>"
    return f"<p>text</p>{quiet}<script>{{{attempt}}}</script>"


def _asking_elements(frame: Frame) -> int:
    """How many elements a frame holds that could have a name looked up; none where the page has just removed it."""
    try:
        return frame.locator("link, meta, base, iframe, frame, object, embed").count()
    except Error:
        if frame.is_detached():
            return 0
        raise


class _Watched:
    """A browser that leads every name to one port, and writes down which names it looked up."""

    def __init__(self, launcher: BrowserType, listening: Listening, folder: Path) -> None:
        self.log = folder / "net-log.json"
        self.folder = folder
        self.listening = listening
        self.browser = launcher.launch(
            executable_path=next(filter(None, map(shutil.which, _NAMES)), None),
            args=[
                *_ARGUMENTS,
                f"--host-resolver-rules=MAP *.leak.test 127.0.0.1:{listening.port},EXCLUDE dns-*",
                f"--log-net-log={self.log}",
            ],
        )

    def show(self, views: list[str], *, prepared: bool) -> None:
        """Show views beside each other for a second; the page must stay what it is."""
        parts = [ViewPart(prepare(one).html if prepared else one, ("jquery",), "A view") for one in views]
        html = report_page(
            [made_run()],
            [made_widget([one]) for one in parts],
            title="Report",
            made="",
            soarkit="",
            contextual={"types": {}, "commands": []},
            frame_blocks=frame_blocks,
        )
        path = self.folder / "report.html"
        path.write_bytes(html)
        page = self.browser.new_page(viewport={"width": 1200, "height": 3000})
        page.goto(path.as_uri())
        page.wait_for_timeout(1000)
        # Looked at all at once: after it the page takes its person for present, and would open what a view asks for.
        seen = "[location.href, document.title, document.querySelectorAll('dialog, .menu:popover-open').length]"
        assert page.evaluate(seen) == [path.as_uri(), "Report", 0]
        # Hints to look a name up, or to connect, come to nothing in a driven browser: there must be no element for one.
        for frame in page.frames[1:]:
            if frame.url == "about:srcdoc":
                assert not _asking_elements(frame)
        assert len(page.context.pages) == 1
        page.close()

    def names(self) -> set[str]:
        """Closes the browser; which of the attempts' names its network was asked for."""
        self.browser.close()
        return set(re.findall(r"([\w-]+)\.leak\.test", self.log.read_text(errors="replace")))


@pytest.mark.slow
@pytest.mark.parametrize("prepared", [False, True])
def test_nothing_leaves_a_view(launcher: BrowserType, listening: Listening, tmp_path: Path, prepared: bool) -> None:
    attempts = [(name, text) for name, text in {**SCRIPTS, **MARKUP}.items() if name not in CONNECTING]
    watched = _Watched(launcher, listening, tmp_path)

    for start in range(0, len(attempts), 10):
        watched.show([_view(*one, listening) for one in attempts[start : start + 10]], prepared=prepared)

    assert watched.names() == set()
    assert listening.received == []


@pytest.mark.slow
def test_a_script_that_exhausts_its_stack_can_make_a_connection_but_no_request(
    launcher: BrowserType, listening: Listening, tmp_path: Path
) -> None:
    watched = _Watched(launcher, listening, tmp_path)

    for name in sorted(CONNECTING):
        watched.show([_view(name, SCRIPTS[name], listening)], prepared=False)

    assert watched.names() <= CONNECTING
    assert set(listening.received) <= {b""}


def test_what_leaves_would_be_seen(launcher: BrowserType, listening: Listening, tmp_path: Path) -> None:
    watched = _Watched(launcher, listening, tmp_path)
    (tmp_path / "open.html").write_text(
        f'<script>fetch("http://asked.leak.test/"); {SCRIPTS["stun"].replace("UDP", str(listening.udp))}</script>'
    )
    page = watched.browser.new_page()
    page.goto((tmp_path / "open.html").as_uri())
    page.wait_for_timeout(500)

    assert {"asked"} <= watched.names()
    assert any(b"asked.leak.test" in one for one in listening.received)
    assert any(one.startswith(b"datagram ") for one in listening.received)
