"""Tokens that a service hands out, in bodies and headers: masked wherever they stand, then and later."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tests.services.echo import EchoService

from .conftest import Opened
from .leaks import JSON, TOKEN, left

requests = pytest.importorskip("requests")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        *((json.dumps({name: TOKEN}), "application/json") for name in (
            "access_token", "refresh_token", "id_token", "token", "session_token", "sessionId", "csrf", "jwt",
            "csrfToken", "X-Auth-Token", "client_secret", "apiKey", "sas_token", "secretAccessKey", "api_secret",
        )),
        (json.dumps({"a": [{"b": {"refreshToken": TOKEN}}]}), "application/json"),
        (json.dumps({"token": [TOKEN]}), "application/json"),
        (json.dumps({"tokens": [TOKEN]}), "application/json"),
        (json.dumps({"headers": [{"name": "X-Auth-Token", "value": TOKEN}]}), "application/json"),
        (json.dumps({"inner": json.dumps({"access_token": TOKEN})}), "application/json"),
        (json.dumps({"next": f"https://contoso.example/x?access_token={TOKEN}&sig=aB3dEf9012345678"}), "text/plain"),
        (")]}',\n" + json.dumps({"access_token": TOKEN}), "application/json"),
        (json.dumps({"access_token": TOKEN}) + "\n" + json.dumps({"b": 1}), "application/x-ndjson"),
        (f"event: x\ndata: {json.dumps({'access_token': TOKEN})}\n\n", "text/event-stream"),
        (f"<r><access_token>{TOKEN}</access_token></r>", "application/xml"),
        (f"<r><token><![CDATA[{TOKEN}]]></token></r>", "application/xml"),
        (f"<r><session token='{TOKEN}' id='1'/></r>", "application/xml"),
        (f"<r><param name='token'>{TOKEN}</param></r>", "application/xml"),
        (f"<html><input type='hidden' name='csrf_token' value='{TOKEN}'></html>", "text/html"),
        (f'<html><meta content="{TOKEN}" name="csrf-token"></html>', "text/html"),
        (f'<html><script>var x = {{"csrfToken": "{TOKEN}"}}</script></html>', "text/html"),
        (f"access_token={TOKEN}&scope=a", "application/x-www-form-urlencoded"),
        (f"access_token={TOKEN}&scope=a", "text/plain"),
        (f"user=a\ntoken={TOKEN}\n", "text/plain"),
        (f'"{TOKEN}"', "application/json"),
        (TOKEN, "text/plain"),
    ],
)  # fmt: skip
def test_what_bodies_hand_out(
    body: str, kind: str, echo: EchoService, path: Path, record: Opened, replay: Opened
) -> None:
    def talk() -> None:
        requests.post(f"{echo.url}/login", timeout=10)
        requests.get(f"{echo.url}/path/x", timeout=10)

    echo.reply(200, body.encode(), Content_Type=kind)
    echo.reply(200, f"again {TOKEN} {base64.b64encode(TOKEN.encode()).decode()}".encode())
    with record():
        talk()
    assert left(path, TOKEN) == set()
    with replay() as recording:
        talk()
    assert recording.problems == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Auth-Token", TOKEN),
        ("X-Subject-Token", TOKEN),
        ("Authorization", f"Bearer {TOKEN}"),
        ("X-Session-Id", TOKEN),
        ("X-chkp-sid", TOKEN),
        ("Set-Cookie", f"sid={TOKEN}; Path=/; HttpOnly"),
        ("Set-Cookie", f'sid="{TOKEN}"; Path=/'),
        ("Location", f"/cb?code={TOKEN}&state=1"),
        ("Location", f"/cb#access_token={TOKEN}&token_type=bearer"),
        ("Location", f"/a;jsessionid={TOKEN}?b=1"),
        ("Link", f'<https://contoso.example/x?page=2&access_token={TOKEN}>; rel="next"'),
    ],
)
def test_what_headers_hand_out(name: str, value: str, echo: EchoService, path: Path, record: Opened) -> None:
    echo.reply(200, b"", **{name.replace("-", "_"): value})
    echo.reply(200, TOKEN.encode())
    with record():
        requests.get(f"{echo.url}/login", timeout=10, allow_redirects=False)
        requests.get(f"{echo.url}/path/{TOKEN}", timeout=10)
    assert left(path, TOKEN) == set()


def test_rate_limits_are_no_tokens(echo: EchoService, path: Path, record: Opened) -> None:
    echo.reply(200, b"", X_RateLimit_Remaining_Tokens="1500", X_Total_Tokens="17")
    with record():
        requests.get(echo.url, timeout=10)
    headers = json.loads(path.read_text("utf-8"))["exchanges"][0]["response"]["headers"]
    assert headers["X-RateLimit-Remaining-Tokens"] == "1500"
    assert headers["X-Total-Tokens"] == "17"


def test_multipart_and_form_tokens_in_requests(echo: EchoService, path: Path, record: Opened, replay: Opened) -> None:
    def talk(token: str) -> None:
        requests.post(echo.url, data={"access_token": token}, files={"file": ("a", b"\xff\x00")}, timeout=10)
        requests.post(echo.url, data={"pass": token, "user": "u"}, timeout=10)

    with record():
        talk(TOKEN)
    assert left(path, TOKEN) == set()
    with replay() as recording:
        talk("another")
    assert recording.problems == []


@pytest.mark.parametrize("body", [{"password": "password"}, {"token": "request"}, {"token": "SOARKIT"}])
def test_a_token_that_is_a_word_of_the_file(
    body: dict[str, str], echo: EchoService, path: Path, record: Opened
) -> None:
    echo.reply(200, json.dumps(body).encode(), **JSON)
    with record(apikey="k3y-0123456789") as recording:
        requests.get(f"{echo.url}/k3y-0123456789", timeout=10)
    assert recording.problems == []
    only = json.loads(path.read_text("utf-8"))["exchanges"][0]
    assert only["request"]["url"] == f"{echo.url}/SOARKIT-MASKED-apikey"
