"""What is wrong with an app's dependencies."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from deps.conftest import HERE, listed
from environments.conftest import make_wheel

from soarkit.deps import checking, locking
from soarkit.deps.appfolder import AppFolder
from soarkit.deps.checking import CheckReport

MakeApp = Callable[..., AppFolder]
#: Version → why it was yanked.
RELEASES: dict[str, dict[str, str | None]] = {
    "alpha": {"1.0": None, "1.5": "lost its tail", "2.0": None, "3.0rc1": None},
    "beta": {"1.0": None},
}


class SimpleIndex(BaseHTTPRequestHandler):
    """Serves RELEASES in the form that is asked for first, or only as HTML."""

    html_only = False

    def do_GET(self) -> None:
        name = self.path.strip("/").rpartition("/")[2]
        if name not in RELEASES or self.headers.get("Authorization") != "Basic bWU6c2VjcmV0":
            self.send_error(404)
            return
        files = {f"{name}-{version}-py3-none-any.whl": reason for version, reason in RELEASES[name].items()}
        if self.html_only:
            links = [f'<a href="{file}"{_yanked(reason)}>{file}</a>' for file, reason in files.items()]
            kind, body = "text/html", "<!DOCTYPE html>" + "\n".join(links)
        else:
            entries = [
                {"filename": file, "url": file, "hashes": {}, "yanked": why or False} for file, why in files.items()
            ]
            kind = "application/vnd.pypi.simple.v1+json"
            body = json.dumps({"meta": {"api-version": "1.0"}, "name": name, "files": entries})
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments: Any) -> None:
        pass


def _yanked(reason: str | None) -> str:
    return "" if reason is None else f' data-yanked="{reason}"'


@pytest.fixture(params=["json", "html"])
def simple_index(request: pytest.FixtureRequest, index: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    handler = type("Handler", (SimpleIndex,), {"html_only": request.param == "html"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.delenv("PIP_NO_INDEX")
    url = f"http://me:secret@127.0.0.1:{server.server_port}/simple"
    monkeypatch.setenv("PIP_INDEX_URL", url)
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def check(index: Path, ready: str) -> Callable[..., CheckReport]:
    def run(app: AppFolder, **options: Any) -> CheckReport:
        return checking.check(app, [], ready, progress=lambda text: None, **{"index": False, **options})

    return run


def said(report: CheckReport) -> list[tuple[str, str, str]]:
    return [(one.kind, one.severity, one.subject) for one in report.findings]


def test_a_sound_app(make_app: MakeApp, check: Any, ship: Any) -> None:
    make_app()
    code = "import alpha, requests, yaml, json, phantom.app\nimport sibling\n"
    app = make_app(lists=listed([ship("alpha", "1.0", requires=["beta"]), ship("beta", "1.0")]), code=code)
    Path(app.folder, "sibling.py").write_text("")
    report = check(app)
    assert report.findings == ()
    assert report.ok
    assert report.pythons == (f"{HERE[0]}.{HERE[1:]}",)


def test_missing_and_unused(make_app: MakeApp, check: Any, ship: Any) -> None:
    make_app()
    code = "import jwt\ntry:\n    import faster\nexcept ImportError:\n    faster = None\n"
    report = check(make_app(lists=listed([ship("alpha", "1.0")]), code=code))
    assert said(report) == [
        ("missing", "error", "jwt"),
        ("missing", "warning", "faster"),
        ("unused", "warning", "alpha"),
    ]
    assert "pyjwt is neither declared nor in the baseline" in report.findings[0].message
    assert "sample.py:1" in report.findings[0].message
    assert not report.ok


def test_what_an_unknown_dependency_may_bring_is_no_error(make_app: MakeApp, check: Any) -> None:
    report = check(make_app(requirements="alpha\n", code="import alpha, beta\n"))
    assert said(report) == [("missing", "warning", "beta")]
    assert "lock the app to know" in report.findings[0].message


def test_what_a_missing_wheel_may_require_is_not_said_to_be_unused(make_app: MakeApp, check: Any, ship: Any) -> None:
    make_app()
    lost = ship("cryptography", "1.0", requires=["cffi"])
    app = make_app(lists=listed([ship("cffi", "1.0"), lost]), code="import cryptography\n")
    Path(app.folder, lost["input_file"]).unlink()
    (unused,) = [one for one in check(app).findings if one.kind == "unused"]
    assert unused.message == "cffi is declared, but nothing that can be read imports or requires it"


def test_a_lock_knows(make_app: MakeApp, check: Any, index: Path, ready: str, here: Any) -> None:
    make_wheel(index, "alpha", "1.0", requires=["beta"])
    make_wheel(index, "beta", "1.0")
    app = make_app(requirements="alpha\n", code="import alpha, beta, gamma\n")
    locking.lock(app, here, ready, progress=lambda text: None)
    assert said(check(app)) == [("missing", "error", "gamma")]
    app = make_app(requirements="alpha\ndelta\n", code="import alpha, delta\n")
    assert said(check(app)) == [("stale", "warning", f"soarkit-py{HERE}.lock")]


def test_what_does_not_fit(make_app: MakeApp, check: Any, ship: Any) -> None:
    make_app()
    entries = [
        ship("alpha", "1.0", requires=["beta>=2"]),
        ship("beta", "1.0"),
        ship("gamma", "1.0", tag="cp36-cp36m-any"),
    ]
    lists = listed([*entries, {"module": "delta", "input_file": "wheels/delta-1.0-py3-none-any.whl"}])
    report = check(make_app(lists=lists, code="import alpha, beta, gamma, delta\n"))
    assert said(report) == [("misfit", "error", "gamma"), ("missing", "error", "delta"), ("misfit", "error", "alpha")]
    assert "alpha 1.0 wants beta>=2, the app has beta 1.0" in report.findings[2].message


def test_lists_of_pythons_that_are_not_here_are_checked(make_app: MakeApp, check: Any) -> None:
    lists = {**listed([]), "pip399_dependencies": {"wheel": []}}
    report = check(make_app(lists=lists, code="import tabulate, nothere\n"))
    assert report.pythons == (f"{HERE[0]}.{HERE[1:]}", "3.99")
    assert said(report) == [("missing", "error", "nothere")] * 2


def test_newer_and_yanked_versions(make_app: MakeApp, check: Any, ship: Any, simple_index: str) -> None:
    make_app()
    lists = listed([ship("alpha", "1.5"), ship("beta", "1.0"), ship("own", "1.0")])
    report = check(make_app(lists=lists, code="import alpha, beta, own\n"), index=True)
    assert report.index_problem is None
    assert said(report) == [("yanked", "error", "alpha"), ("outdated", "warning", "alpha")]
    assert re.search(r"alpha 1\.5 was yanked: lost its tail", report.findings[0].message)
    assert "2.0 is there" in report.findings[1].message


def test_without_an_index_that_is_said(
    make_app: MakeApp, check: Any, ship: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    make_app()
    report = check(make_app(lists=listed([ship("alpha", "1.5")]), code="import alpha\n"), index=True)
    assert report.index_problem == "the package index cannot be reached"
    assert report.ok
