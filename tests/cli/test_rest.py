"""``soarkit rest``: one request to an app's REST handler or web hook."""

from __future__ import annotations

import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Finished
from installing import install
from jsonschema import validate
from waiting import Waiting

from soarkit.store import open_store

APP = "answers_requests"
SECRET = "secret-of-4711"
SCHEMA = Path(__file__).parents[2] / "schemas" / "envelope.schema.json"


@pytest.fixture
def rest(soarkit: Any, app: Any) -> Callable[..., Finished]:
    """Call with the interpreter of the tests."""

    def call(*words: str, **options: Any) -> Finished:
        return soarkit("rest", app(APP), *words, "--python", sys.executable, **options)

    return call


@pytest.fixture
def asset(home: Path) -> str:
    slug = install(home, APP).slug
    with open_store(str(home)) as store:
        store.assets.create("my asset", app=slug, configuration={"server": "s", "password": SECRET})
    return "my asset"


def test_a_request_in_all_its_parts(rest: Any, tmp_path: Path) -> None:
    (tmp_path / "body").write_text("payload=x%20y")
    words = ["mine/members/a", "b?c=1", "-q", "d=2", "-q", "d=3", "-H", "Authorization: env:TOKEN", "-d", "@body"]
    finished = rest(*words, "-H", "Content-Type: application/x-www-form-urlencoded", TOKEN="Bearer x")
    assert finished.code == 0, finished
    seen = finished.json()
    assert (seen["asset"], seen["parts"], seen["method"]) == ("mine", ["members", "a", "b"], "POST")
    assert (seen["GET"], seen["authorization"], seen["POST"]) == ({"c": "1", "d": "3"}, "Bearer x", "x y")
    assert re.fullmatch(r"/rest/handler/answersrequests_[0-9a-f-]+/mine/members/a/b", seen["path"])


def test_status_and_headers(rest: Any) -> None:
    finished = rest("mine", "redirect", "-i")
    assert (finished.code, finished.stdout) == (0, "")
    assert finished.stderr.startswith("HTTP 302\n")
    assert "Location: https://contoso.example/authorize?a=b&c=d\n" in finished.stderr
    missing = rest("mine", "missing")
    assert (missing.code, missing.stdout, missing.stderr) == (1, "missing\n", "HTTP 404\n")
    broken = rest("mine", "raise", "-q", f"password={SECRET}")
    assert broken.code == 1
    assert "the app's REST handler raised ValueError; the log: " in broken.stderr
    crashed = rest("mine", "die")
    assert (crashed.code, "before it answered" in crashed.stderr) == (3, True)


def test_json(rest: Any) -> None:
    schema = json.loads(SCHEMA.read_text())
    for words, code in ((("x", "bad"), 1), (("x", "body", "-d", "\udcff"), 0)):
        finished = rest(*words, "-f", "json")
        validate(finished.json(), schema)
        assert finished.code == code
    assert finished.json()["response"]["body"] == {"base64": "/w=="}


def test_secrets_of_the_asset_are_masked(rest: Any, asset: str) -> None:
    for words in (("--asset", asset, "raise"), (f"{asset}/raise",)):
        finished = rest(*words, "-q", f"password={SECRET}", "-v")
        assert (finished.code, "the password is ********" in finished.stderr) == (1, True)
        assert SECRET not in finished.stdout + finished.stderr
    shown = rest("--asset", asset, "--webhook", "echo/ada", "-X", "POST")
    assert shown.json()["asset"]["password"] == "********"


def test_an_app_by_the_directory_of_its_addresses(soarkit: Any, asset: str) -> None:
    appid = "5d1c52bd-9f0e-4b25-8b56-3f0e0a5f2c11"
    python = ("--python", sys.executable)
    assert soarkit("rest", f"answersrequests_{appid}", asset, "cookie", *python).stdout == "set\n"
    assert soarkit("rest", f"another_{appid}", asset, "cookie", *python).code == 2


def test_web_hooks(rest: Any, asset: str) -> None:
    hook = ("--asset", asset, "--webhook")
    assert rest(*hook, "echo/ada", "-d", "text").json()["body"] == "text"
    assert rest(*hook, "echo/ada").code == 1
    assert rest(*hook, "nothing").stderr == "HTTP 404\n"
    finished = rest("--webhook", "bytes")
    assert (finished.code, "--asset NAME" in finished.stderr) == (2, True)


def test_what_cannot_be_called(soarkit: Any, app: Any, rest: Any) -> None:
    finished = soarkit("rest", app("echo"), "x")
    assert (finished.code, "has no REST handler" in finished.stderr) == (2, True)
    assert rest("x", "-H", "no value").code == 2
    assert rest("x", "-d", "@absent").code == 2
    assert rest("--asset", "absent", "x").code == 2


def test_a_web_hook_finishes_a_run(asset: str) -> None:
    run = Waiting("run", "ask somebody", "--asset", asset, "--listen", "127.0.0.1:0")
    base = run.until(re.compile(r"http://127\.0\.0\.1:\d+/webhook/\S+"))
    run.until(re.compile("Waiting for a web hook"))
    assert _post(base + "answer/another") == (404, "nobody asked")
    assert _post(base + "answer/question-1") == (200, "thank you")
    ended = run.end()
    assert (ended.code, "Asked, and waiting" in ended.stderr) == (0, True)
    assert {"answer": "yes"} in ended.data
    assert ended.json()["identifier"] == "ask_somebody"


def test_without_a_listener_nothing_is_suspended(run: Any) -> None:
    finished = run(APP, "ask somebody", "-v")
    assert (finished.code, "Asked, for nothing" in finished.stderr) == (0, True)
    assert "start it with --listen HOST:PORT" in finished.stderr


def _post(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, data=b"yes", timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
