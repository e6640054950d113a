"""Which request gets which answer, and what a replay refuses."""

from __future__ import annotations

import json
import logging
import os
import stat
from pathlib import Path

import pytest
from soarkit_recordings import Recording

from tests.services.echo import EchoService

from .conftest import Opened

requests = pytest.importorskip("requests")

JSON = {"Content_Type": "application/json"}


_DAMAGED_BODY = {
    "format": "soarkit-recording",
    "version": 1,
    "exchanges": [
        {
            "request": {"method": "GET", "url": "http://a", "headers": {}, "body": {"base64": "?"}},
            "response": {"status": 200, "headers": {}},
        }
    ],
}


def get(url: str, **options: object) -> requests.Response:
    return requests.get(url, timeout=10, **options)


def test_query_in_any_order(echo: EchoService, record: Opened, replay: Opened) -> None:
    with record():
        get(echo.url, params=[("a", "1"), ("b", "2"), ("b", "3")])
    with replay() as recording:
        assert get(echo.url, params=[("b", "2"), ("a", "1"), ("b", "3")]).status_code == 200
        with pytest.raises(Exception, match="is not in the recording with this query"):
            get(echo.url, params=[("a", "1"), ("b", "2"), ("b", "4")])
    assert len(recording.problems) == 1


def test_json_body_by_value(echo: EchoService, record: Opened, replay: Opened) -> None:
    with record():
        requests.post(echo.url, json={"a": 1, "b": [True, None, 1.5]}, timeout=10)
    with replay() as recording:
        headers = {"Content-Type": "application/json"}
        requests.post(echo.url, data=b'{ "b": [true, null, 1.5],\n"a": 1 }', headers=headers, timeout=10)
        assert not recording.problems
        with pytest.raises(Exception, match="with this body"):
            requests.post(echo.url, json={"a": True, "b": [True, None, 1.5]}, timeout=10)


def test_form_in_any_order(echo: EchoService, record: Opened, replay: Opened) -> None:
    with record():
        requests.post(echo.url, data={"a": "1", "b": ""}, timeout=10)
    with replay() as recording:
        requests.post(echo.url, data={"b": "", "a": "1"}, timeout=10)
        assert not recording.problems
        with pytest.raises(Exception, match="with this body"):
            requests.post(echo.url, data={"a": "1"}, timeout=10)


def test_multipart_with_another_boundary(echo: EchoService, record: Opened, replay: Opened) -> None:
    with record():
        requests.post(echo.url, files={"file": ("a.bin", b"\x00\xff\x01")}, timeout=10)
    with replay() as recording:
        requests.post(echo.url, files={"file": ("a.bin", b"\x00\xff\x01")}, timeout=10)
        assert not recording.problems
        with pytest.raises(Exception, match="with this body"):
            requests.post(echo.url, files={"file": ("a.bin", b"\x00\xff\x02")}, timeout=10)


def test_answers_come_in_their_order_and_run_out(echo: EchoService, record: Opened, replay: Opened) -> None:
    echo.reply(202, b"waiting")
    echo.reply(202, b"waiting")
    echo.reply(200, b"done")
    with record():
        for _ in range(3):
            get(f"{echo.url}/job")
    with replay() as recording:
        assert [get(f"{echo.url}/job").text for _ in range(3)] == ["waiting", "waiting", "done"]
        assert not recording.problems
        with pytest.raises(Exception, match="is not in the recording a 4th time"):
            get(f"{echo.url}/job")
    assert recording.problems == [f"GET {echo.url}/job is not in the recording a 4th time"]


def test_one_answer_serves_any_number_of_times(echo: EchoService, record: Opened, replay: Opened) -> None:
    with record():
        get(f"{echo.url}/version")
    with replay() as recording:
        assert [get(f"{echo.url}/version").json()["path"] for _ in range(3)] == ["/version"] * 3
    assert not recording.problems


def test_redirects_and_cookies(echo: EchoService, record: Opened, replay: Opened) -> None:
    echo.reply(302, b"", Location="/there", Set_Cookie="session=abcdef0123456789; Path=/")
    with record(), requests.Session() as session:
        assert session.get(f"{echo.url}/here", timeout=10).json()["headers"]["Cookie"] == "session=abcdef0123456789"
    with replay() as recording, requests.Session() as session:
        answer = session.get(f"{echo.url}/here", timeout=10)
        assert answer.json()["path"] == "/there"
        assert answer.json()["headers"]["Cookie"] == f"session={session.cookies['session']}"
    assert not recording.problems


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"line 1\nline 2\r\n\nlast",
        "grüße \u2028".encode(),
        b"\x00\x01\xfe\xff",
        b'{"a": 1.10, "a": 2}',
        b"[1e5]",
        b'  {"b":  [ ]}\n',
        b'"text"',
        b"nul",
        b'{"u": "\\ud800"}',
    ],
)
def test_bodies_come_back_as_they_were(body: bytes, echo: EchoService, record: Opened, replay: Opened) -> None:
    echo.reply(200, body)
    with record():
        get(echo.url)
    with replay():
        replayed = get(echo.url).content
    # White space between the parts of JSON is all that may be lost.
    assert replayed == (b'{"b":[]}' if b'"b"' in body else body)


def test_the_answer_to_head_keeps_its_length(echo: EchoService, record: Opened, replay: Opened) -> None:
    echo.reply(200, b"12345")
    with record():
        requests.head(echo.url, timeout=10)
    with replay():
        assert requests.head(echo.url, timeout=10).headers["Content-Length"] == "5"


def test_an_unknown_request_the_app_swallows_is_a_problem(echo: EchoService, record: Opened, replay: Opened) -> None:
    with record():
        get(echo.url)
    with replay(apikey="k3y-0123456789") as recording:
        for _ in range(2):
            with pytest.raises(Exception, match="is not in the recording"):
                get(f"{echo.url}/other?apikey=k3y-0123456789&x=k3y-0123456789&token=not-configured")
    masked = "apikey=SOARKIT-MASKED-apikey&x=SOARKIT-MASKED-apikey&token=SOARKIT-MASKED"
    assert recording.problems == [f"GET {echo.url}/other?{masked} is not in the recording"]


def test_no_request_leaves_a_replay(echo: EchoService, record: Opened, replay: Opened) -> None:
    with record():
        get(echo.url)
    with replay(), pytest.raises(Exception, match="is not in the recording"):
        requests.post(f"{echo.url}/things", timeout=10)
    assert [item.method for item in echo.requests] == ["GET"]


def test_a_crash_of_the_app_keeps_the_recording(echo: EchoService, path: Path, record: Opened) -> None:
    with pytest.raises(ZeroDivisionError), record():
        get(echo.url)
        raise ZeroDivisionError
    assert len(json.loads(path.read_text("utf-8"))["exchanges"]) == 1


def test_the_file_is_for_its_owner_and_replaces_the_old_one(echo: EchoService, path: Path, record: Opened) -> None:
    path.write_text("old")
    path.chmod(0o644)
    with record():
        get(echo.url)
        assert path.read_text() == "old"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["recording.json"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file"),
        (b"", "is damaged"),
        (b"\xff\xfe", "is damaged"),
        (b"{", "is damaged: Expecting property name"),
        (b"[]", "is not a soarkit recording"),
        (b'{"log": {"entries": []}}', "is not a soarkit recording"),
        (b'{"format": "soarkit-recording", "version": 2}', "has format version 2; this soarkit reads version 1"),
        (b'{"format": "soarkit-recording", "version": 1}', "is damaged: 'exchanges' is missing"),
        (b'{"format": "soarkit-recording", "version": 1, "exchanges": [1]}', "is damaged"),
        (b'{"format": "soarkit-recording", "version": 1, "exchanges": [{"request": {}}]}', "is damaged"),
        (json.dumps(_DAMAGED_BODY).encode(), "is damaged"),
    ],
)
def test_a_file_that_cannot_be_replayed(path: Path, content: bytes | None, message: str) -> None:
    if content is not None:
        path.write_bytes(content)
    recording = Recording(str(path), "replay", {})
    with pytest.raises(ValueError, match=message) as caught:
        recording.start()
    assert "--record" in str(caught.value)  # the next step
    recording.stop()


def test_a_place_that_cannot_be_written_is_refused_before_the_run(tmp_path: Path) -> None:
    recording = Recording(str(tmp_path / "absent" / "recording.json"), "record", {})
    with pytest.raises(ValueError, match="cannot be written"):
        recording.start()


def test_unknown_mode(path: Path) -> None:
    with pytest.raises(ValueError, match="'once'"):
        Recording(str(path), "once", {})


def test_stop_undoes_start(echo: EchoService, record: Opened, replay: Opened) -> None:
    import http.client
    import socket

    before = (http.client.HTTPConnection, socket.getaddrinfo, socket.gethostbyname)
    with record() as recording:
        get(echo.url)
    recording.stop()
    with replay():
        pass
    assert (http.client.HTTPConnection, socket.getaddrinfo, socket.gethostbyname) == before
    assert get(echo.url).status_code == 200


def test_nothing_of_the_requests_is_logged(echo: EchoService, record: Opened, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with record(apikey="k3y-0123456789"):
        requests.post(echo.url, data="k3y-0123456789", timeout=10)
    assert "k3y-0123456789" not in caplog.text
