"""``--record`` and ``--replay``: a run's HTTP traffic in a file, without its secrets; and nothing else let out."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import APPS, Finished
from services.echo import EchoService

Run = Callable[..., Finished]
TOKEN = "a-token-of-4711"


@pytest.fixture(scope="session")
def recorder_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that keeps the recording library, which is fetched once."""
    return tmp_path_factory.mktemp("recorder")


@pytest.fixture
def talk(soarkit: Run, recorder_home: Path) -> Run:
    def run(action: str, *arguments: str) -> Finished:
        return soarkit(
            "run", str(APPS / "talks_http"), action, *arguments, "-c", f"token={TOKEN}",
            *("--home", str(recorder_home), "--python", sys.executable, "--format", "json"),
        )  # fmt: skip

    return run


def test_a_recorded_run_is_replayed_without_the_service(talk: Run, tmp_path: Path) -> None:
    recording = tmp_path / "recording.json"
    with EchoService() as service:
        url = f"{service.url}/things?a=1"
        recorded = talk("get", "-p", f"url={url}", "--record", str(recording))
        assert recorded.code == 0, recorded
        assert service.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in recording.read_text()
    assert recording.stat().st_mode & 0o777 == 0o600
    replayed = talk("get", "-p", f"url={url}", "--replay", str(recording))
    assert replayed.code == 0, replayed
    assert replayed.data[0]["status"] == recorded.data[0]["status"] == 200
    assert json.loads(replayed.data[0]["body"])["path"] == "/things"


def test_an_unknown_request_fails_the_run_even_when_the_app_swallows_it(talk: Run, tmp_path: Path) -> None:
    recording = tmp_path / "recording.json"
    with EchoService() as service:
        assert talk("get", "-p", f"url={service.url}/known", "--record", str(recording)).code == 0
        finished = talk("get", "-p", f"url={service.url}/unknown", "--replay", str(recording))
        assert [request.path for request in service.requests] == ["/known"]
    assert finished.code == 3
    assert "/unknown" in finished.stderr
    assert finished.json()["error"]["code"] == "replay"


def test_a_raw_socket_is_refused_in_replay(talk: Run, tmp_path: Path) -> None:
    recording = tmp_path / "recording.json"
    with EchoService() as service:
        assert talk("get", "-p", f"url={service.url}/", "--record", str(recording)).code == 0
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        port = server.getsockname()[1]
        finished = talk("connect", "-p", "host=127.0.0.1", "-p", f"port={port}", "--replay", str(recording))
        with pytest.raises(TimeoutError):
            server.accept()
    assert finished.code == 3
    assert f"127.0.0.1 (port {port})" in finished.stderr


def test_a_recording_stands_for_itself(soarkit: Run, recorder_home: Path, tmp_path: Path) -> None:
    """The app's state is neither read nor written by runs that record or replay."""
    words = ["run", str(APPS / "keeps_state"), "count", "--home", str(recorder_home), "--python", sys.executable]
    assert soarkit(*words).data == [{"runs": 1}]
    assert soarkit(*words, "--record", str(tmp_path / "recording")).data == [{"runs": 1}]
    assert soarkit(*words).data == [{"runs": 2}]


def test_a_damaged_recording_is_a_wrong_request(talk: Run, tmp_path: Path) -> None:
    recording = tmp_path / "recording.json"
    recording.write_text('{"format": "soarkit-recording", "exchanges": [')
    finished = talk("get", "-p", "url=http://contoso.example/", "--replay", str(recording))
    assert finished.code == 2
    assert str(recording) in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_recording_that_cannot_be_written_is_said(talk: Run, tmp_path: Path) -> None:
    with EchoService() as service:
        finished = talk("get", "-p", f"url={service.url}/", "--record", str(tmp_path / "absent" / "recording.json"))
    assert finished.code in (2, 3), finished
    assert "absent" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_cassette_that_vcrpy_wrote_can_be_replayed(talk: Run, tmp_path: Path) -> None:
    cassette = tmp_path / "cassette.yaml"
    cassette.write_text(
        """\
interactions:
- request:
    body: null
    headers:
      Accept: ['*/*']
    method: GET
    uri: https://api.contoso.example/things?b=2&a=1
  response:
    body: {string: '{"found": true}'}
    headers:
      Content-Type: [application/json]
    status: {code: 200, message: OK}
version: 1
"""
    )
    finished = talk("get", "-p", "url=https://api.contoso.example/things?a=1&b=2", "--replay", str(cassette))
    assert finished.code == 0, finished
    assert finished.data == [{"status": 200, "body": '{"found": true}'}]
