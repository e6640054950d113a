"""No written form of a secret is in the file, and replays work with any other value in its place."""

from __future__ import annotations

import base64
import gzip
import html
import http.client
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from soarkit_recordings import Recording

from tests.services.echo import EchoService

from .conftest import Opened

requests = pytest.importorskip("requests")

SECRETS = [
    "correct-horse-battery",
    "p@ss w/rd+&=%?#",
    'quo"te\\back\\\\slash',
    "umlaut-ä-€-\U0001f512",
    "<tag>&amp;'x'",
    "line\nbreak\tand\ttab",
    "ends in =",
    "%41%42%43",
    "12345678",
    "1234",
    "-_-_-_-_",
]


def forms(secret: str) -> Iterator[str]:
    """The written forms of a secret, as clients and servers make them."""
    yield secret
    yield from (quote(secret), quote(secret, safe=""), quote_plus(secret), quote(quote(secret)))
    yield re.sub("%..", lambda match: match.group().lower(), quote(secret, safe=""))
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    yield json.dumps(json.dumps(secret))[1:-1]
    yield from (html.escape(secret), "".join(f"&#{ord(char)};" for char in secret))
    for prefix in ("", "u", "user:", ":", "ab"):
        for text in (secret, quote_plus(secret)):
            for encoding in ("utf-8", "latin-1", "utf-16-le"):
                try:
                    raw = f"{prefix}{text}:tail".encode(encoding)
                except UnicodeEncodeError:
                    continue
                yield base64.b64encode(raw).decode()
                yield base64.urlsafe_b64encode(raw).decode().rstrip("=")
                yield base64.encodebytes(raw * 3).decode()
                yield quote(base64.b64encode(raw), safe="")


def traces(text: str, secret: str) -> list[str]:
    """Written forms of the secret in a text: those above, and what any base64 in it decodes to at any alignment."""
    encodings = [
        secret.encode(name) for name in ("utf-8", "utf-16-le", "latin-1") if name != "latin-1" or max(secret) < "\u0100"
    ]
    simple = [secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]]
    found = [form for form in [*simple, html.escape(secret)] if form in text]
    joined = re.sub(r"\\r|\\n", "", text)
    joined = joined.replace("%2B", "+").replace("%2F", "/")
    for run in re.findall("[A-Za-z0-9+/_-]{4,}", joined):
        plain = run.replace("-", "+").replace("_", "/")
        for start in range(4):
            part = plain[start:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            decoded = base64.b64decode(part + "=" * (-len(part) % 4))
            found += [run for raw in encodings if raw in decoded]
    return found


def test_traces_are_seen() -> None:
    """The checks below can fail."""
    assert traces('{"a": "x correct-horse-battery"}', "correct-horse-battery")
    for form in (base64.b64encode(b"u:correct-horse"), b"zz" + base64.urlsafe_b64encode(b"xy:correct-horse")):
        assert traces(form.decode(), "correct-horse")


@pytest.mark.parametrize("secret", SECRETS)
def test_every_form_everywhere(secret: str, echo: EchoService, path: Path, record: Opened) -> None:
    written = list(forms(secret))
    echo.reply(200, json.dumps({"forms": written, secret: written[0]}).encode(), Content_Type="application/json")
    echo.reply(200, "\n\n".join(written).encode())
    echo.reply(200, f"<a href='{quote(secret)}'>{html.escape(secret)}</a>".encode(), Content_Type="text/html")
    echo.reply(200, json.dumps({"n": int(secret) if secret.isdigit() else 0}).encode(), X_Echo=quote(secret))
    with record(password=secret) as recording, requests.Session() as session:
        session.post(echo.url, json={"deep": [{"er": written}]}, timeout=10)
        session.post(echo.url, data={"form": secret}, auth=("user", secret.encode()), timeout=10)
        session.get(f"{echo.url}/a/{quote(secret, safe='')}/b", params={"q": secret}, timeout=10)
        session.put(echo.url, data=" ".join(written).encode(), headers={"X-Thing": quote_plus(secret)}, timeout=10)
    assert not recording.problems
    assert traces(path.read_text("utf-8"), secret) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=4, max_size=30),
    other=st.text("abcXYZ019+/=-_", min_size=4, max_size=12),
    before=st.text("abcXYZ019+/ :", max_size=5),
    after=st.text("abcXYZ019+/ :", max_size=5),
)
def test_random_secrets(secret: str, other: str, before: str, after: str, tmp_path: Path, path: Path) -> None:
    text = before + secret + other + after
    raw = [text.encode(), text.encode("utf-16-le")]
    encoded = [encode(item).decode() for item in raw for encode in (base64.b64encode, base64.urlsafe_b64encode)]
    written = [text, quote(text), quote_plus(text), json.dumps(text), *encoded, before.strip() + encoded[0]]
    path.unlink(missing_ok=True)
    with EchoService() as echo:
        recording = Recording(str(path), "record", {"one": secret, "two": other})
        recording.start()
        try:
            connection = http.client.HTTPConnection(urlsplit(echo.url).netloc, timeout=10)
            connection.request("POST", f"/{quote(text, safe='')}", json.dumps(written), {"X-Thing": encoded[0]})
            connection.getresponse().read()
            connection.close()
        finally:
            recording.stop()
    if recording.problems:  # a secret like "body" is part of every recording: refused, not written
        assert not path.exists()
        return
    content = path.read_text("utf-8")
    assert traces(content, secret) == []
    assert traces(content, other) == []


@pytest.mark.parametrize("now", ["x", "correct-horse", "a much longer secret than before / with & signs"])
def test_a_replay_with_another_value(now: str, echo: EchoService, record: Opened, replay: Opened) -> None:
    def talk(secret: str) -> None:
        requests.get(f"{echo.url}/v1/{quote(secret, safe='')}/example", params={"q": "x y", "s": secret}, timeout=10)
        requests.post(echo.url, data={"text": f"my {secret} here", "user": "example"}, timeout=10)
        requests.post(echo.url, json={"blob": base64.b64encode(f"u:{secret}:example".encode()).decode()}, timeout=10)
        requests.post(echo.url, data=f"<x>{html.escape(secret)}</x>", auth=("me", secret), timeout=10)

    with record(password="correct-horse-battery"):
        talk("correct-horse-battery")
    with replay(password=now) as recording:
        talk(now)
    assert not recording.problems


def test_another_request_is_unknown_whatever_the_secret(echo: EchoService, record: Opened, replay: Opened) -> None:
    with record(password="correct-horse-battery"):
        requests.get(f"{echo.url}/v1/correct-horse-battery/a", timeout=10)
    with replay(password="x") as recording, pytest.raises(Exception, match="is not in the recording"):
        requests.get(f"{echo.url}/v1/x/b", timeout=10)
    assert recording.problems


def test_a_secret_that_is_a_url(echo: EchoService, path: Path, record: Opened, replay: Opened) -> None:
    hook = f"{echo.url}/services/T0001/B0001/veryverysecret"
    with record(webhook=hook):
        requests.post(hook, json={"text": "hello"}, timeout=10)
    assert "veryverysecret" not in path.read_text("utf-8")
    with replay(webhook=hook.replace("veryverysecret", "other")) as recording:
        requests.post(hook.replace("veryverysecret", "other"), json={"text": "hello"}, timeout=10)
    assert not recording.problems


def test_short_secrets_are_masked_where_they_stand_alone(echo: EchoService, path: Path, record: Opened) -> None:
    with record(pin="123"):
        requests.get(f"{echo.url}/pin/123/x123", params={"pin": "123", "n": "1234"}, timeout=10)
        requests.post(echo.url, json={"pin": 123, "text": "123", "n": 1234}, auth=("u", "123"), timeout=10)
    first, second = json.loads(path.read_text("utf-8"))["exchanges"]
    masked = "SOARKIT-MASKED-pin"
    assert first["request"]["url"] == f"{echo.url}/pin/{masked}/x123?pin={masked}&n=1234"
    assert second["request"]["body"]["json"] == {"pin": masked, "text": masked, "n": 1234}
    assert second["request"]["headers"]["Authorization"] == f"Basic {masked}"


@pytest.mark.parametrize("secret", ["exchanges", "format", "SOARKIT-MASKED", "true"])
def test_a_word_of_the_format_as_secret_is_refused(secret: str, echo: EchoService, path: Path, record: Opened) -> None:
    echo.reply(200, b'{"a": true}', Content_Type="application/json")
    with record(password=secret) as recording:
        requests.post(echo.url, data=secret, timeout=10)
    written = path.exists()
    assert written != bool(recording.problems)
    if written:
        assert secret not in path.read_text("utf-8")
    else:
        assert "the value of 'password' is still in it" in recording.problems[0]


def _raw_deflate(raw: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(raw) + compressor.flush()


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", _raw_deflate)],
    ids=["gzip", "zlib", "raw deflate"],
)
def test_compressed_bodies(
    encoding: str, compress: object, echo: EchoService, path: Path, record: Opened, replay: Opened
) -> None:
    assert callable(compress)
    body = json.dumps({"you sent": "correct-horse-battery"}).encode()
    echo.reply(200, compress(body), Content_Encoding=encoding, Content_Type="application/json")
    with record(password="correct-horse-battery"):
        data = compress(b"sending correct-horse-battery")
        sent = requests.post(echo.url, data=data, headers={"Content-Encoding": encoding}, timeout=10)
        assert sent.json() == {"you sent": "correct-horse-battery"}
    assert traces(path.read_text("utf-8"), "correct-horse-battery") == []
    with replay(password="another") as recording:
        data = compress(b"sending another")
        answer = requests.post(echo.url, data=data, headers={"Content-Encoding": encoding}, timeout=10)
        assert answer.json() == {"you sent": "SOARKIT-MASKED-password"}
    assert not recording.problems


def test_a_body_that_cannot_be_read_is_not_written(echo: EchoService, path: Path, record: Opened) -> None:
    echo.reply(200, b"\x00\xff\xfe", Content_Encoding="x-own")
    with record() as recording:
        requests.get(echo.url, timeout=10)
    assert not path.exists()
    assert "content encoding 'x-own' cannot be read" in recording.problems[0]


def test_binary_bodies(echo: EchoService, path: Path, record: Opened, replay: Opened) -> None:
    echo.reply(200, b"\xff\x00correct-horse-battery\xfe", Content_Type="application/octet-stream")
    with record(password="correct-horse-battery"):
        requests.post(echo.url, files={"f": b"\xff\x00correct-horse-battery\xfe"}, timeout=10)
    assert traces(path.read_text("utf-8"), "correct-horse-battery") == []
    with replay(password="short") as recording:
        answer = requests.post(echo.url, files={"f": b"\xff\x00short\xfe"}, timeout=10)
        assert answer.content == b"\xff\x00SOARKIT-MASKED-password\xfe"
    assert not recording.problems


def test_a_key_given_twice_hides_nothing(echo: EchoService, path: Path, record: Opened) -> None:
    echo.reply(200, b'{"a": "correct-horse-battery", "a": "x"}', Content_Type="application/json")
    with record(password="correct-horse-battery"):
        requests.get(echo.url, timeout=10)
    assert "correct-horse" not in path.read_text("utf-8")


def test_empty_secrets_do_not_count(echo: EchoService, path: Path, record: Opened) -> None:
    with record(password="", other=None):
        requests.get(f"{echo.url}/a", timeout=10)
    assert "MASKED" not in path.read_text("utf-8")
