"""What an attacker who has the file would look for: whole secrets and pieces of them; wherever they went."""

from __future__ import annotations

import base64
import gzip
import html
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tests.services.echo import EchoService

from .conftest import Opened
from .leaks import JSON, PHRASE, SECRETS, left

requests = pytest.importorskip("requests")


def header_value(secret: str) -> bytes:
    return " ".join(secret.split("\n")).strip().encode() if "\n" in secret else secret.encode()


def in_header(url: str, secret: str) -> None:
    for name, before in (("X-Auth", ""), ("Authorization", ""), ("Authorization", "Bearer "), ("X-Thing", "it is ")):
        value = before.encode() + header_value(secret)
        requests.get(f"{url}/header", headers={name: value.strip()}, timeout=10)


def in_query(url: str, secret: str) -> None:
    requests.get(f"{url}/query", params={"q": secret, "text": f"a {secret} z", "api_key": secret}, timeout=10)
    requests.get(f"{url}/query?again={quote(quote_plus(secret), safe='')}", timeout=10)
    requests.get(f"{url}/query?filter={quote(json.dumps({'pw': secret}), safe='')}", timeout=10)


def in_path(url: str, secret: str) -> None:
    requests.get(f"{url}/path/{quote(secret, safe='')}/tail", timeout=10)
    requests.get(f"{url}/path/bot{quote(secret, safe='')}:x/tail", timeout=10)


def in_form(url: str, secret: str) -> None:
    requests.post(f"{url}/form", data={"user": "u", "password": secret, "note": f"<{secret}>"}, timeout=10)


def in_json(url: str, secret: str) -> None:
    tree = {"password": secret, "deep": [{"text": f"a {secret} z"}], "token": f"pre {secret}", secret: 1}
    requests.post(f"{url}/json", json=tree, timeout=10)
    requests.post(f"{url}/json", json={"inner": json.dumps({"password": secret})}, timeout=10)
    requests.post(f"{url}/json", data=json.dumps({"x": secret}, ensure_ascii=False).encode(), timeout=10)
    requests.post(f"{url}/json", data=secret.encode(), headers={"Content-Type": "application/json"}, timeout=10)


def in_xml(url: str, secret: str) -> None:
    text = html.escape(secret)
    body = f"<r a='{text}'><password>{text}</password><t>x {text} y</t><c><![CDATA[{secret}]]></c></r>"
    requests.post(f"{url}/xml", data=body.encode(), headers={"Content-Type": "text/xml"}, timeout=10)


def in_multipart(url: str, secret: str) -> None:
    files = {"file": ("a.bin", b"\xff\x00" + secret.encode() + b"\xfe")}
    requests.post(f"{url}/multi", data={"password": secret, "note": f"n {secret}"}, files=files, timeout=10)
    requests.post(f"{url}/multi", data={"password": secret}, files={"file": ("a", "text")}, timeout=10)


def in_basic(url: str, secret: str) -> None:
    for user, password in (("user", secret), (secret, ""), (secret, "x"), ("a:b", secret), (secret, secret)):
        requests.get(f"{url}/basic", auth=(user.encode(), password.encode()), timeout=10)


def in_cookie(url: str, secret: str) -> None:
    from http.cookies import SimpleCookie

    jar: SimpleCookie = SimpleCookie()
    jar["sid"] = secret
    quoted = jar["sid"].coded_value.encode()
    for value in (quoted, quote(secret).encode(), header_value(secret)):
        requests.get(f"{url}/cookie", headers={"Cookie": b"lang=en; sid=" + value + b"; theme=dark"}, timeout=10)


def in_user_info(url: str, secret: str) -> None:
    target = f"https://bob:{quote(secret, safe='')}@contoso.example/x"
    requests.post(f"{url}/info", json={"repository": target, "text": f"clone {target} now"}, timeout=10)


def in_odd_forms(url: str, secret: str) -> None:
    raw = secret.encode()
    forms = [base64.b64encode(b"ab"[:skip] + raw + b" tail").decode() for skip in range(3)]
    forms += [base64.b64encode(base64.b64encode(b"u:" + raw)).decode(), raw.hex(), raw.hex().upper()]
    forms += [base64.b64encode(json.dumps({"auth": forms[0]}).encode()).decode()]
    forms += [base64.urlsafe_b64encode(b"?>?" + raw).decode().rstrip("="), html.escape(html.escape(secret))]
    requests.post(f"{url}/odd", json={"forms": forms, "upper": secret.upper(), "lower": secret.lower()}, timeout=10)
    requests.post(f"{url}/odd", data=" and ".join(forms), timeout=10)


CHANNELS: dict[str, Callable[[str, str], None]] = {
    "header": in_header,
    "query": in_query,
    "path": in_path,
    "form": in_form,
    "json": in_json,
    "xml": in_xml,
    "multipart": in_multipart,
    "basic": in_basic,
    "cookie": in_cookie,
    "user info": in_user_info,
    "odd forms": in_odd_forms,
}


def echoes(service: EchoService, secret: str) -> None:
    """Answers that say the secret back; the request that each belongs to is made by :func:`ask`."""
    body = json.dumps({"you sent": [secret, quote(secret), base64.b64encode(secret.encode()).decode()]}).encode()
    service.reply(200, gzip.compress(body), Content_Encoding="gzip", **JSON)
    service.reply(200, zlib.compress(secret.encode()), Content_Encoding="deflate")
    service.reply(
        302, b"", Location=f"/next?password={quote(secret, safe='')}&x={quote_plus(secret)}#a={quote(secret)}"
    )
    service.reply(200, html.escape(secret).encode(), X_Echo=quote(secret), Set_Cookie=f"pw={quote(secret)}; Path=/")
    service.reply(200, secret.encode("utf-16"), Content_Type="text/plain; charset=utf-16")
    service.reply(200, secret.replace("\n", "\r\n").encode())


def ask(url: str) -> None:
    for number in (1, 2, 3, 5, 6):  # the third is redirected to the fourth
        requests.get(f"{url}/ask/{number}", timeout=10)


@pytest.mark.parametrize("kind", SECRETS)
def test_no_piece_of_a_secret_stays(kind: str, echo: EchoService, path: Path, record: Opened, replay: Opened) -> None:
    secret = SECRETS[kind]
    others = {"other": SECRETS["prefix"]} if kind == "extended" else {}
    with record(password=secret, **others) as recording:
        for talk in CHANNELS.values():
            talk(echo.url, secret)
        echoes(echo, secret)
        ask(echo.url)
    assert recording.problems == []
    assert left(path, secret) == set()
    for now in ("dummy", "x", 'du"m &m\\y%2F;=', secret):
        with replay(password=now, **others) as recording:
            for talk in CHANNELS.values():
                talk(echo.url, now)
            ask(echo.url)
        assert recording.problems == []


def test_pieces_are_seen(path: Path) -> None:
    """The check above can fail."""
    for text in ("horse battery", quote("horse battery"), base64.b64encode(b"xx horse battery").decode()):
        path.write_text(json.dumps({"a": text}))
        assert left(path, PHRASE)


@pytest.mark.parametrize("header", ["X-Auth", "X-Api-Key", "Authorization", "X-Thing", "Cookie", "X-Auth-Token"])
def test_a_header_masks_all_words_of_a_secret(header: str, echo: EchoService, path: Path, record: Opened) -> None:
    with record(auth_token=PHRASE):
        requests.get(echo.url, headers={header: PHRASE}, timeout=10)
    assert [word for word in PHRASE.split() if word in path.read_text("utf-8")] == []


@pytest.mark.parametrize(
    ("header", "value", "stays"),
    [
        ("X-Auth", "correct horse battery", ""),
        ("Authorization", "correct horse battery", ""),
        ("Authorization", "Xyz 00abcdef-1234567", ""),
        ("Authorization", "Bearer 00abcdef-1234567", "Bearer "),
        ("Authorization", "token 00abcdef-1234567", "token "),
        ("Authorization", "AWS4-HMAC-SHA256 Credential=AK/x, Signature=0123abcdef", "AWS4-HMAC-SHA256 "),
        ("Proxy-Authorization", "Negotiate YIIabcdef1234567", "Negotiate "),
        ("X-Auth-Token", "Bearer 00abcdef-1234567", ""),
    ],
)
def test_only_known_schemes_stay(
    header: str, value: str, stays: str, echo: EchoService, path: Path, record: Opened
) -> None:
    with record():
        requests.get(f"{echo.url}/{quote(value.rsplit(maxsplit=1)[-1])}", headers={header: value}, timeout=10)
    text = path.read_text("utf-8")
    sent = json.loads(text)["exchanges"][0]["request"]["headers"][header]
    assert sent.startswith(f"{stays}SOARKIT-MASKED-")
    assert "00abcdef-1234567" not in text


def test_a_piece_that_a_service_shows_is_masked(echo: EchoService, path: Path, record: Opened, replay: Opened) -> None:
    def talk(key: str) -> None:
        requests.get(echo.url, headers={"X-Key": key}, timeout=10)
        requests.get(f"{echo.url}/keys/{key[3:15]}", timeout=10)

    secret = "sk_7fQ2mPx81LzRt5Vw"
    echo.reply(200, f'{{"key_starts": "{secret[:12]}", "last": "{secret[-8:]}"}}'.encode(), **JSON)
    with record(key=secret) as recording:
        talk(secret)
    assert recording.problems == []
    assert left(path, secret) == set()
    with replay(key="another-key-of-mine") as recording:
        talk("another-key-of-mine")
    assert recording.problems == []


@pytest.mark.parametrize(
    ("secret", "piece"),
    [
        (PHRASE, PHRASE[:15]),
        (SECRETS["unicode"], SECRETS["unicode"][:11]),
        (SECRETS["specials"], SECRETS["specials"][:8]),
        (SECRETS["specials"], quote(SECRETS["specials"][4:], safe="")),
        (SECRETS["long"], base64.b64encode(SECRETS["long"][40:90].encode()).decode()),
        (SECRETS["digits"], SECRETS["digits"][:10]),
        ("hT4mKq9wZx2bVn7c", "hT4mKq9w"),
    ],
)
def test_pieces_in_any_form_are_masked(secret: str, piece: str, echo: EchoService, path: Path, record: Opened) -> None:
    echo.reply(200, json.dumps({"hint": f"{piece}..."}).encode(), **JSON)
    with record(password=secret) as recording:
        requests.get(echo.url, timeout=10)
    assert recording.problems == []
    assert left(path, secret) == set()


def test_ordinary_words_that_a_secret_shares_stay(echo: EchoService, path: Path, record: Opened) -> None:
    body = {"environment": "production", "host": "contoso.example.com", "day": "2024-01-01", "path": "/contoso-v2/x"}
    echo.reply(200, json.dumps(body).encode(), **JSON)
    with record(key="production-2024-01-01", url="contoso.example.com:k9", third="contoso-v2-abc"):
        requests.get(f"{echo.url}/contoso-v2/things", timeout=10)
    only = json.loads(path.read_text("utf-8"))["exchanges"][0]
    assert only["response"]["body"]["json"] == body
    assert only["request"]["url"] == f"{echo.url}/contoso-v2/things"


def test_two_variables_of_one_value(echo: EchoService, record: Opened, replay: Opened) -> None:
    def talk(one: str, two: str) -> None:
        requests.get(f"{echo.url}/a", params={"one": one}, timeout=10)
        requests.get(f"{echo.url}/b", params={"two": two}, timeout=10)

    with record(one="same-Value-1", two="same-Value-1"):
        talk("same-Value-1", "same-Value-1")
    with replay(one="dummy-1", two="other-2") as recording:
        talk("dummy-1", "other-2")
    assert recording.problems == []


@pytest.mark.parametrize(
    "secret",
    [
        "https://bob:pW-9f8e7d@contoso.example/base/path",
        "https://contoso.example/hook?sp=run&sig=Q7w-8e9r0tYu1&v=1",
        "https://contoso.example/services/T0001/B0001/Zk9x8w7v6u",
    ],
)
def test_the_parts_of_a_url_as_secret(secret: str, echo: EchoService, path: Path, record: Opened) -> None:
    query = secret.partition("?")[2]
    with record(url=secret) as recording:
        requests.get(
            echo.url, params=list(reversed([pair.split("=") for pair in query.split("&") if pair])), timeout=10
        )
        requests.get(echo.url, auth=("bob", "pW-9f8e7d"), timeout=10)
        requests.post(echo.url, json={"text": "pW-9f8e7d Zk9x8w7v6u", "url": secret}, timeout=10)
    assert recording.problems == []
    text = path.read_text("utf-8")
    parts = [part for part in ("pW-9f8e7d", "Q7w-8e9r0tYu1", "T0001/B0001") if part in secret]
    assert [part for part in parts if left(path, part)] == []
    assert secret not in text


def test_a_short_secret_is_warned_about_once(echo: EchoService, path: Path, record: Opened) -> None:
    with record(pin="q7", code="z", password="long-enough-1") as recording:
        requests.post(f"{echo.url}/a?pin=q7", data="<a><pin>q7</pin><b c='q7'/></a>", timeout=10)
        requests.post(f"{echo.url}/a?pin=z", data="<a>x z y</a>", timeout=10)
    assert len(recording.problems) == 1
    assert "'code', 'pin'" in recording.problems[0]
    assert "shorter than 4 characters" in recording.problems[0]
    assert str(path) in recording.problems[0]
    assert "q7" not in path.read_text("utf-8")


def test_deep_json_is_no_reason_to_fail(echo: EchoService, path: Path, record: Opened) -> None:
    echo.reply(200, (b"[" * 5000) + b'"correct-horse-battery"' + (b"]" * 5000), **JSON)
    with record(password="correct-horse-battery") as recording:
        requests.get(echo.url, timeout=10)
    assert recording.problems == []
    assert left(path, "correct-horse-battery") == set()


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "part", ["\\", "%25", "25", "&amp;", "0", "\\u0", "<a=", "a://b", '"a":"', ";a=", "M\r\n", " ", "A1b2"]
)
def test_a_body_of_nothing_but_signs_takes_no_hours(part: str, echo: EchoService, record: Opened) -> None:
    for before in ("", "<"):
        echo.reply(200, (before + part * (200_000 // len(part))).encode())
    with record(password='"\\&% 0a-b', other="\\\\server\\share"):
        requests.get(echo.url, headers={"X-Token": part * 3000 + "x"} if part.isalnum() else {}, timeout=10)
        requests.get(echo.url, timeout=10)


def test_the_message_about_an_unknown_request_shows_no_part(echo: EchoService, record: Opened, replay: Opened) -> None:
    with record():
        requests.get(echo.url, timeout=10)
    with replay(password=PHRASE) as recording, pytest.raises(Exception, match="is not in the recording"):
        requests.get(f"{echo.url}/other?password=my+{quote_plus(PHRASE)}+9&q={quote(PHRASE)}", timeout=10)
    assert [word for word in PHRASE.split() if word in recording.problems[0]] == []
