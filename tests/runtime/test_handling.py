"""Requests that an app's REST handler answers in a process of its own."""

from __future__ import annotations

import json
import sys
import venv
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS

from soarkit.errors import AppCrashed, AppImportError, AppTimeout, ManifestError
from soarkit.host import Host
from soarkit.manifest.loader import load
from soarkit.runtime.asset import Asset
from soarkit.runtime.handling import HandlerCall, HttpRequest, HttpResponse, rest_handler, segments
from soarkit.runtime.run import Observer
from soarkit.runtime.webhooks import Webhook

PLATFORM_PATH = "/rest/handler/answersrequests_5d1c52bd-9f0e-4b25-8b56-3f0e0a5f2c11/"


class _Log(Observer):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def log(self, level: str, text: str) -> None:
        self.lines.append(text)


def ask(home: Path, path: str, *, python: str = sys.executable, log: _Log | None = None, **about: Any) -> HttpResponse:
    """One request to the test app's handler, about an asset called "my asset"."""
    app = load(str(APPS / "answers_requests"))
    timeout, asset = about.pop("timeout", 60), about.pop("asset", None)
    request = HttpRequest(**{"method": "GET", "path": f"{PLATFORM_PATH}my%20asset/{path}", **about})
    call = HandlerCall(app, rest_handler(app), request, segments(f"my%20asset/{path}"), asset=asset, timeout=timeout)
    host = Host(str(home), python=python)
    return call.execute(host, host.executor, log or _Log())


def test_the_members_that_handlers_use(home: Path) -> None:
    headers = [("Authorization", "Basic x"), ("ph-auth-token", "t"), ("X-Extra", "e"), ("Cookie", "session=s; b=c")]
    headers += [("X_Extra", "forged")]
    seen = json.loads(ask(home, "members/a%2Fb/ü", query="a=1&b=&a=2", headers=headers).body)
    assert seen == {
        "asset": "my asset",
        "parts": ["members", "a/b", "ü"],
        "method": "GET",
        "path": f"{PLATFORM_PATH}my asset/members/a/b/ü",
        "full": f"{PLATFORM_PATH}my%20asset/members/a/b/%C3%BC?a=1&b=&a=2",
        "GET": {"a": "2", "b": ""},
        "is_dict": True,
        "POST": None,
        "authorization": "Basic x",
        "token": "t",
        "header": "e",
        "cookie": "s",
        "files": {},
        "remote": "127.0.0.1",
    }


def test_forms_and_files(home: Path) -> None:
    urlencoded = [("Content-Type", "application/x-www-form-urlencoded")]
    form = ask(home, "members", method="POST", headers=urlencoded, body=b"payload=%7B%22a%22%3A1%7D")
    assert json.loads(form.body)["POST"] == '{"a":1}'
    parts = b'--X\r\nContent-Disposition: form-data; name="f"; filename="f.txt"\r\n\r\nhello\r\n--X--\r\n'
    multipart = [("Content-Type", "multipart/form-data; boundary=X")]
    assert json.loads(ask(home, "members", method="POST", headers=multipart, body=parts).body)["files"] == {
        "f": "hello"
    }


def test_bodies_are_bytes(home: Path) -> None:
    content = bytes(range(256)) * 20_000  # more than Django takes unless told otherwise
    response = ask(home, "body", method="POST", body=content)
    assert (response.status, response.body) == (200, content)


def test_what_an_app_asks_its_platform(home: Path) -> None:
    seen = json.loads(ask(home, "platform").body)
    assert seen["decrypted"] == "tök{en}"
    assert seen["base_url"].startswith("https://")
    assert seen["home"] == str(home / "phantom")
    assert seen["states"] == str(home / "phantom" / "local_data" / "app_states")
    assert seen["state"] == {"app_version": "1.0.0"}
    assert seen["folder"] == str(APPS / "answers_requests")
    assert seen["python"] == sys.executable


def test_environment_variables(home: Path) -> None:
    app = load(str(APPS / "answers_requests"))
    own = {
        "MINE": {"type": "password", "value": "secret-of-4711"},
        "BOTH": {"value": "asset"},
        "NO_PROXY": {"value": "x"},
    }
    asset = Asset(configuration={"_reserved_environment_variables": own}, id="7")
    shared = {"BOTH": {"type": "string", "value": "all"}, "ALL": {"type": "password", "value": "secret-of-4712"}}
    parts = ["my asset", "variables", "MINE", "BOTH", "ALL", "no_proxy"]
    log = _Log()
    host = Host(str(home), python=sys.executable)
    call = HandlerCall(app, rest_handler(app), HttpRequest("GET", "/"), parts, asset=asset, shared=shared)
    seen = json.loads(call.execute(host, host.executor, log).body)
    values = {"MINE": "secret-of-4711", "BOTH": "asset", "ALL": "secret-of-4712", "no_proxy": "x,127.0.0.1,localhost"}
    assert seen == {name: [value, value] for name, value in values.items()}  # set before the app is imported
    assert any("variables ******** asset ********" in line for line in log.lines)


def test_a_variable_that_cannot_be_set(home: Path) -> None:
    app = load(str(APPS / "answers_requests"))
    host = Host(str(home), python=sys.executable)
    call = HandlerCall(app, rest_handler(app), HttpRequest("GET", "/"), [], shared={"A=B": {"value": "x"}})
    with pytest.raises(AppImportError, match="'A=B' cannot be set"):
        call.execute(host, host.executor, _Log())


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("redirect", 302, b""),
        ("redirected", 302, b""),
        ("bad", 400, b"bad"),
        ("missing", 404, b"missing"),
        ("absent", 404, b"there is no such thing"),
        ("cookie", 202, b"set"),
        ("stream", 200, b"one two three"),
    ],
)
def test_the_responses_that_handlers_give(home: Path, path: str, status: int, body: bytes) -> None:
    response = ask(home, path)
    assert (response.status, response.body, response.problem) == (status, body, None)
    headers = dict(response.headers)
    if path == "redirect":
        assert headers["Location"] == "https://contoso.example/authorize?a=b&c=d"
    if path == "cookie":
        assert headers["Set-Cookie"] == "a=b; Path=/"
        assert headers["Content-Type"] == "text/plain"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("tuple", "returned tuple, which is no response"),
        ("raise", "raised ValueError"),
        ("exit", "raised SystemExit"),
        ("unheard_of", "raised KeyError"),
    ],
)
def test_a_handler_that_fails(home: Path, path: str, problem: str) -> None:
    log = _Log()
    asset = Asset(configuration={"password": "secret-of-4711"})
    response = ask(home, path, query="password=secret-of-4711", log=log, asset=asset)
    assert response.status == 500
    assert response.problem == f"the app's REST handler {problem}"
    assert b"Traceback" not in response.body
    assert b"4711" not in response.body
    assert "Traceback" in "".join(log.lines)
    assert "4711" not in "".join(log.lines)
    assert response.log_path is not None
    assert "4711" not in Path(response.log_path).read_text()


def test_processes_that_end_or_hang(home: Path) -> None:
    with pytest.raises(AppCrashed, match="before it answered"):
        ask(home, "die")
    with pytest.raises(AppTimeout, match=r"did not answer within 0\.5 s"):
        ask(home, "hang", timeout=0.5)


def test_an_app_without_a_handler() -> None:
    with pytest.raises(ManifestError, match="has no REST handler"):
        rest_handler(load(str(APPS / "echo")))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("request_handler.nothing", "names no function"),
        ("absent.handle", "no such module"),
        ("os.getcwd", "no such module"),
        ("../echo.handle", "no such module"),
        ("raises.handle", "ZeroDivisionError"),
        ("imports.handle", "imports 'not_there'"),
    ],
)
def test_handlers_that_cannot_be_loaded(home: Path, tmp_path: Path, name: str, message: str) -> None:
    manifest = json.loads((APPS / "answers_requests" / "app.json").read_text())
    (tmp_path / "app.json").write_text(json.dumps({**manifest, "rest_handler": name}))
    (tmp_path / "connector.py").write_text("")
    (tmp_path / "request_handler.py").write_text("")
    (tmp_path / "raises.py").write_text("1 / 0\n")
    (tmp_path / "imports.py").write_text("import not_there\n")
    app = load(str(tmp_path))
    host = Host(str(home), python=sys.executable)
    with pytest.raises(AppImportError, match=message):
        HandlerCall(app, rest_handler(app), HttpRequest("GET", "/"), []).execute(host, host.executor, _Log())


def test_an_environment_without_django(home: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False, symlinks=True)
    with pytest.raises(AppImportError, match="the app's environment has no Django"):
        ask(home, "members", python=str(tmp_path / "bare" / "bin" / "python"))


def test_methods_of_objects_in_packages(home: Path, tmp_path: Path) -> None:
    manifest = json.loads((APPS / "answers_requests" / "app.json").read_text())
    hook = {"handler": "src.app.app.handle_webhook"}
    (tmp_path / "app.json").write_text(json.dumps({**manifest, "webhook": hook}))
    (tmp_path / "connector.py").write_text("")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "other.py").write_text("NAME = 'other'\n")
    (tmp_path / "src" / "app.py").write_text(
        "from .other import NAME\n"
        "class App:\n"
        "    def handle_webhook(self, **given):\n"
        "        return {'status_code': 200, 'content': NAME}\n"
        "app = App()\n"
    )
    app = load(str(tmp_path))
    host = Host(str(home), python=sys.executable)
    call = HandlerCall(app, Webhook(app).function, HttpRequest("GET", "/"), [], webhook=True)
    assert call.execute(host, host.executor, _Log()).body == b"other"


def test_parts_of_django_in_an_action(run: Any) -> None:
    finished = run("answers_requests", "use django")
    assert finished.code == 0, finished
    assert finished.data == [
        {
            "status": 201,
            "refused": "['Enter a valid URL.']",
            "parsed": "2024-01-05T13:02:00+00:00",
            "local": True,
            "same_zone": True,
        }
    ]
