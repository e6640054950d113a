"""Web hooks: what reaches the app's function, and what it answers."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS

from soarkit.errors import ManifestError
from soarkit.execute.executor import ProcessExecutor
from soarkit.host import Host
from soarkit.manifest.loader import load
from soarkit.manifest.model import App
from soarkit.runtime.asset import Asset
from soarkit.runtime.handling import HttpRequest, HttpResponse
from soarkit.runtime.run import Observer
from soarkit.runtime.site import AppSite
from soarkit.runtime.webhooks import Webhook

DIRECTORY = "answersrequests_5d1c52bd-9f0e-4b25-8b56-3f0e0a5f2c11"
ASSET = Asset(configuration={"server": "s", "password": "p"}, id="7", name="my asset")


class _Notes(Observer):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture
def app() -> App:
    return load(str(APPS / "answers_requests"))


def site(home: Path, app: App, token: str | None = None, observer: Observer | None = None) -> AppSite:
    host = Host(str(home), python=sys.executable)
    return AppSite(
        app, ASSET, surroundings=host, executor=ProcessExecutor(), observer=observer or _Notes(), token=token
    )


def changed(app: App, **changes: Any) -> App:
    return replace(app, raw={**app.raw, **changes})


def hook(home: Path, app: App, path: str, method: str = "GET", **about: Any) -> HttpResponse:
    return site(home, app).answer(HttpRequest(method, f"/webhook/{DIRECTORY}/7/{path}", **about))


def test_what_the_function_gets(home: Path, app: App) -> None:
    headers = [("authorization", "Bearer x"), ("x-signature", "y"), ("Cookie", "z")]
    about = {"query": "a=1&a=2&b=", "headers": headers, "body": "grüße\xff".encode("latin-1")}
    response = hook(home, app, "echo/ada%2Fb", "POST", **about)
    assert response.status == 201
    seen = json.loads(response.body)
    configuration = seen.pop("asset")
    assert seen.pop("base_url").endswith("/rest")
    assert seen.pop("cookie").startswith("sessionid=")
    assert seen == {
        "method": "POST",
        "headers": {"Authorization": "Bearer x", "X-Signature": "y"},
        "parts": ["echo", "ada/b"],
        "query": {"a": ["1", "2"], "b": [""]},
        "body": "gr\ufffd\ufffde\ufffd",
        "asset_id": "7",
        "verify": False,
        "run": {},
    }
    assert configuration["password"] == "p"
    assert configuration["ingest"]["container_label"]
    assert configuration["directory"] == DIRECTORY


def test_bytes_and_base64(home: Path, app: App) -> None:
    response = hook(home, app, "bytes")
    assert (response.body, dict(response.headers)) == (b"PK\x00\xff", {"Content-Type": "application/zip"})
    response = hook(home, app, "base64")
    assert (response.body, dict(response.headers)) == (b"\x00\xff", {"X-A": "b"})


def test_an_answer_that_is_none(home: Path, app: App) -> None:
    response = hook(home, app, "broken")
    assert response.status == 500
    assert response.problem == "the app's web hook returned str, which is no response"


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("nothing", "GET", 404), ("echo/a/b", "POST", 404), ("echo/a", "GET", 405), ("bytes", "DELETE", 405)],
)
def test_routes_and_methods(home: Path, app: App, path: str, method: str, status: int) -> None:
    response = hook(home, app, path, method)
    assert response.status == status
    assert "Allow" in dict(response.headers) or status == 404


def test_addresses(home: Path, app: App) -> None:
    assert hook(home, app, "bytes", remote="10.0.0.1").status == 403
    assert hook(home, app, "bytes", remote="::1").status == 403
    assert hook(home, app, "bytes", remote="::ffff:127.0.0.1").status == 200
    opened = changed(app, webhook={**app.raw["webhook"], "ip_allowlist": ["::/0"]})
    assert hook(home, opened, "bytes", remote="fe80::1%eth0").status == 200


def test_without_routes_the_function_decides(home: Path, app: App) -> None:
    about = {key: value for key, value in app.raw["webhook"].items() if key != "routes"}
    response = hook(home, changed(app, webhook=about), "any/thing", "DELETE")
    assert json.loads(response.body)["parts"] == ["any", "thing"]


def test_tokens(home: Path, app: App) -> None:
    closed = changed(app, require_auth_token=True, webhook={**app.raw["webhook"], "requires_auth": True})
    for path in (f"/webhook/{DIRECTORY}/7/bytes", f"/rest/handler/{DIRECTORY}/my%20asset/bad"):
        notes = _Notes()
        request = HttpRequest("GET", path)
        shown = replace(request, headers=[("Ph-Auth-Token", "right")])
        assert site(home, closed, None, notes).answer(shown).status == 401
        assert "SOARKIT_REST_TOKEN" in notes.notes[0]
        assert site(home, closed, "right").answer(request).status == 401
        assert site(home, closed, "other").answer(shown).status == 401
        assert site(home, closed, "right").answer(shown).status in (200, 400)
    assert site(home, closed).needs_token == ["REST handler", "web hook"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/rest/system_info",
        "/rest/handler/another_5d1c52bd-9f0e-4b25-8b56-3f0e0a5f2c11/x/bad",
        f"/webhook/{DIRECTORY}/8/bytes",
        f"/rest/{DIRECTORY}",
    ],
)
def test_nothing_else_is_served(home: Path, app: App, path: str) -> None:
    assert site(home, app).answer(HttpRequest("GET", path)).status == 404


def test_handlers_take_get_and_post(home: Path, app: App) -> None:
    path = f"//rest//handler/{DIRECTORY}/my%20asset/bad"
    assert site(home, app).answer(HttpRequest("POST", path)).status == 400
    assert site(home, app).answer(HttpRequest("DELETE", path)).status == 405


def test_what_breaks_is_told_to_the_person_alone(home: Path, app: App) -> None:
    notes = _Notes()
    path = f"/rest/handler/{DIRECTORY}/my%20asset/die"
    response = site(home, app, observer=notes).answer(HttpRequest("GET", path, query="code=x"))
    assert response.status == 500
    assert b"process" not in response.body
    assert "before it answered" in notes.notes[0]
    assert "code=x" not in notes.notes[0]


def test_where_the_app_answers(home: Path, app: App) -> None:
    assert [place.path for place in site(home, app).places] == [
        f"/rest/handler/{DIRECTORY}/my%20asset",
        f"/webhook/{DIRECTORY}/7/",
    ]
    with pytest.raises(ManifestError, match="nothing to listen for"):
        site(home, load(str(APPS / "echo")))


@pytest.mark.parametrize(
    "declared",
    ["web_hook.handle", {}, {"handler": "a.b", "ip_allowlist": ["here"]}, {"handler": "a.b", "routes": [{"url": ""}]}],
)
def test_declarations_that_make_no_sense(app: App, declared: Any) -> None:
    with pytest.raises(ManifestError):
        Webhook(changed(app, webhook=declared))
