"""An app whose every text is hostile, from the command line to the browser."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Finished

from .conftest import Open
from .test_injection import _use_everything

Run = Callable[..., Finished]
APP = "brings_hostile_text"
SECRETS = ("hidden-parameter", "hidden-token", "hidden-default")


@pytest.fixture(autouse=True)
def sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOARKIT_DATABASE_URL", raising=False)


def _forms(secret: str) -> list[bytes]:
    """A text as it is, and as base64 has it wherever it begins."""
    shifted = [base64.b64encode(b" " * shift + secret.encode())[4:-4] for shift in range(3)]
    return [secret.encode(), *shifted, secret.encode().hex().encode()]


def _assert_secret(*texts: bytes) -> None:
    for text in texts:
        assert [form for secret in SECRETS for form in _forms(secret) if form in text] == []


def _assert_no_controls(*texts: str) -> None:
    for text in texts:
        assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028]", text)


@pytest.mark.parametrize("action", ["table", "map", "view", "fail"])
def test_results_of_a_hostile_app(
    run: Run, soarkit: Run, app: Callable[[str], str], show: Open, tmp_path: Path, action: str
) -> None:
    name = f"-{action}" if action == "map" else action
    options = ["-p", "ip=192.0.2.1", "-p", "secret=hidden-parameter", "--python", sys.executable, "-o", "fresh.html"]
    done = soarkit("run", *options, "--", app(APP), name)
    assert done.code == 0, done.stderr
    kept = soarkit("report", "last", "-o", "kept.html", "--python", sys.executable)
    assert kept.code == 0, kept.stderr
    shown = [soarkit("runs", "show", "last", "--format", form) for form in ("table", "csv")]
    _assert_no_controls(done.stderr, kept.stderr, shown[0].stdout)
    pages = [(tmp_path / name).read_bytes() for name in ("fresh.html", "kept.html")]
    _assert_secret(*pages, *(one.stdout.encode() for one in shown), done.stderr.encode(), kept.stderr.encode())
    assert (tmp_path / "kept.html").stat().st_mode & 0o777 == 0o600

    for page in pages:
        one = show(page)
        _use_everything(one.page)
        assert one.page.evaluate("[window.ran, Object.prototype.polluted]") == [None, None]
        assert one.page.locator("main script, main style, main [onload], main [onerror]").count() == 0
        if action == "view":
            refused = 'Blocked a frame with origin "null" from accessing a cross-origin frame'
            one.complaints[:] = [text for text in one.complaints if refused not in text]
            assert one.page.frame_locator("iframe.view").locator("#seen").inner_text() == "drawn []"


def test_the_documentation_of_a_hostile_app(
    soarkit: Run, app: Callable[[str], str], show: Open, tmp_path: Path
) -> None:
    for form in ("html", "md"):
        done = soarkit("docs", app(APP), "-o", "docs", "--format", form)
        assert done.code == 0, done.stderr
        _assert_no_controls(done.stderr)
    names = [path.relative_to(tmp_path / "docs").as_posix() for path in (tmp_path / "docs").rglob("*")]
    assert all(re.fullmatch(r"hostile-[a-z0-9/-]+(\.html|\.md|\.svg)?", name) for name in names), names
    [page] = (tmp_path / "docs").glob("*.html")
    [marked] = (tmp_path / "docs").glob("*.md")
    _assert_secret(page.read_bytes(), marked.read_bytes())
    _assert_no_controls(page.read_text(), marked.read_text())

    one = show(page.read_bytes(), ready=False)

    assert one.page.evaluate("window.ran") is None
    active = "script, style:not(head *), form, iframe, base, link, meta:not(head *), [onload], [onerror], main [style]"
    assert one.page.locator(active).count() == 0
    assert "own page" in one.page.inner_text("main")


def test_what_is_offered_of_a_hostile_app(soarkit: Run, app: Callable[[str], str]) -> None:
    done = soarkit("docs", app(APP), "--format", "md")
    _assert_no_controls(done.stdout)

    done = soarkit("actions", app(APP))

    assert done.code == 0, done.stderr
    _assert_no_controls(done.stdout)
