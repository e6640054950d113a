"""Credentials that the exchanges themselves contain are masked, what only looks like one is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.services.contoso import CLIENT_ID, ContosoService
from tests.services.echo import EchoService

from .conftest import Opened

requests = pytest.importorskip("requests")


def exchanges(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))["exchanges"]


def test_client_credentials(path: Path, record: Opened, replay: Opened) -> None:
    def talk(secret: str) -> list[Any]:
        form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": secret}
        with requests.Session() as session:
            token = session.post(f"{url}/token", data=form, timeout=10).json()
            cookie = session.cookies["contoso_session"]
            session.headers["Authorization"] = f"Bearer {token['access_token']}"
            answer = session.get(f"{url}/api/v1/status", timeout=10).json()
            # Echoes: in a query, in a form, in a path.
            session.get(f"{url}/api/v1/{token['access_token']}?t={token['access_token']}", timeout=10)
            session.post(f"{url}/token", data={"refresh_token": token["refresh_token"]}, timeout=10)
        return [token["access_token"], token["refresh_token"], cookie, answer]

    with ContosoService(client_secret="correct-horse-battery") as service:
        url = service.url
        with record(client_secret="correct-horse-battery"):
            *handed_out, recorded = talk("correct-horse-battery")
    text = path.read_text("utf-8")
    assert [value for value in [*handed_out, "correct-horse-battery"] if value in text] == []
    with replay(client_secret="another one") as recording:
        *placeholders, replayed = talk("another one")
    assert not recording.problems
    assert replayed == recorded
    assert all(placeholder in json.loads(text)["tokens"] for placeholder in placeholders)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"access_token": "%s"}', "application/json"),
        ('{"data": {"accessToken": "%s"}}', "application/json"),
        ('{"token": {"value": "%s", "kind": "x"}}', "application/json"),
        ('{"session-id": "%s"}', "application/json"),
        ('{"API_KEY": "%s"}', "text/plain"),
        ("<response><sessionKey>%s</sessionKey></response>", "text/xml"),
        ("<r:response><r:Token type='x'> %s </r:Token></r:response>", "text/xml"),
        ("access_token=%s&expires=1", "application/x-www-form-urlencoded"),
    ],
)
def test_what_a_response_hands_out(body: str, kind: str, echo: EchoService, path: Path, record: Opened) -> None:
    echo.reply(200, (body % "tok-abc").encode(), Content_Type=kind)
    echo.reply(200, (body % "eyJhbGciOi.J9abcdefgh.ijkl").encode(), Content_Type=kind)
    with record():
        requests.get(f"{echo.url}/login", timeout=10)
        requests.get(f"{echo.url}/login", timeout=10)
        requests.get(f"{echo.url}/path/eyJhbGciOi.J9abcdefgh.ijkl", timeout=10)
    text = path.read_text("utf-8")
    assert "eyJhbGciOi.J9abcdefgh.ijkl" not in text
    # Too short to be looked for everywhere, still masked where it stands; inside a branch it has to look like one.
    assert "tok-abc" not in text or '"value"' in body


def test_headers_that_show_a_credential(echo: EchoService, path: Path, record: Opened) -> None:
    echo.reply(200, b"", X_Auth_Token="handed-out-0123456789", X_RateLimit_Remaining="17")
    shown = {
        "Authorization": "Bearer saved-in-a-state-file-01",
        "X-Api-Key": "from-a-plain-config-02",
        "Key": "abuse-like-03",
        "Cookie": "sid=saved-cookie-04; lang=en",
        "X-MBX-APIKEY": "unusual-05",
        "Proxy-Authorization": "Digest username=x, response=digest-06",
    }
    with record():
        requests.get(f"{echo.url}/x?sig=signature-07&api_key=query-08", headers=shown, timeout=10)
    text = path.read_text("utf-8")
    assert "handed-out-0123456789" not in text
    assert [number for number in range(1, 9) if f"-0{number}" in text] == []
    assert '"17"' in text


def test_a_saved_session_may_be_another_one_in_a_replay(echo: EchoService, record: Opened, replay: Opened) -> None:
    with record():
        requests.get(echo.url, params={"access_token": "saved-yesterday-1", "page": "1"}, timeout=10)
    with replay() as recording:
        requests.get(echo.url, params={"access_token": "saved-today", "page": "1"}, timeout=10)
        assert not recording.problems
        with pytest.raises(Exception, match="with this query"):
            requests.get(echo.url, params={"access_token": "saved-today", "page": "2"}, timeout=10)


def test_data_stays_data(echo: EchoService, path: Path, record: Opened) -> None:
    data = {
        "nextPageToken": "page-2-of-9-abcdef",
        "next_token": "0123456789abcdef",
        "signature": "Win.Trojan.Agent-6417",
        "key": "PROJ-12345",
        "total_tokens": "12345678",
        "author": "somebody1234",
        "has_token": True,
        "token": None,
        "session": "2024-01-01 morning",
    }
    echo.reply(200, json.dumps(data).encode(), Content_Type="application/json")
    with record():
        requests.get(f"{echo.url}/items", timeout=10)
        requests.get(f"{echo.url}/items?key=PROJ-12345&pageToken=page-2-of-9-abcdef", timeout=10)
    first, second = exchanges(path)
    assert first["response"]["body"]["json"] == data
    assert second["request"]["url"].endswith("?key=PROJ-12345&pageToken=page-2-of-9-abcdef")


def test_a_key_that_is_handed_out_and_sent_back(echo: EchoService, path: Path, record: Opened) -> None:
    key = "LUFRPT1abcdefghijklmnop"
    echo.reply(200, f"<response status='success'><result><key>{key}</key></result></response>".encode())
    with record():
        requests.get(f"{echo.url}/api?type=keygen", timeout=10)
        requests.get(f"{echo.url}/api?type=op&key={key}", timeout=10)
    assert key not in path.read_text("utf-8")


def test_words_in_cookies_are_masked_only_there(echo: EchoService, path: Path, record: Opened) -> None:
    echo.reply(200, b"a necessary evil", Set_Cookie="consent=necessary; Path=/")
    with record():
        requests.get(echo.url, timeout=10)
    response = exchanges(path)[0]["response"]
    assert response["body"]["text"] == ["a necessary evil"]
    assert response["headers"]["Set-Cookie"] == "consent=SOARKIT-MASKED-consent-1; Path=/"
