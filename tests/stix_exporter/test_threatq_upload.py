"""The finished file in ThreatQ: uploaded in parts, made an attachment, related to the object."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from services.threatq import ThreatQService
from stix_export.errors import ExportError
from stix_export.threatq import Client, Settings, ThreatQLibrary, Uploaded, upload, uploading

from .threatq_libraries import APPLICATION, ROOT, Pauses, library

TESTS = Path(__file__).resolve().parents[1]
NAME = "stix21-create_bundle-incident-12.json"


@pytest.fixture
def service() -> Iterator[ThreatQService]:
    with ThreatQService(library()) as running:
        yield running


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    path = tmp_path / "bundle.json"
    path.write_bytes(b'{\r\n  "id": "bundle--x\xc3\xa4"\n}\n')
    return str(path)


def test_the_file_is_related_to_the_object(service: ThreatQService, bundle: str) -> None:
    with Pauses().client(service) as client:
        assert upload(client, bundle, NAME, ROOT) == Uploaded(501, f"{service.url}/files/501/details")
        assert ("attachments", 501) in [link.other for link in ThreatQLibrary(client).neighbours(ROOT)]
    [uploaded] = service.uploaded
    assert uploaded.content == Path(bundle).read_bytes()
    assert uploaded.related_to == [ROOT]
    assert uploaded.fields == {"name": NAME, "title": NAME, "type": "STIX", "malware_locked": 0, "sources": []}
    assert not service.asked("import")


@pytest.mark.parametrize("size", [0, 1, 1000, 1001, 2000])
def test_large_files_go_in_parts(
    service: ThreatQService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(uploading, "_CHUNK", 1000)
    path = tmp_path / "bundle.json"
    path.write_bytes(bytes(number % 251 for number in range(size)))
    with Pauses().client(service) as client:
        upload(client, str(path), NAME, ROOT, title="A bundle")
    assert service.uploaded[0].content == path.read_bytes()
    assert len(service.asked("/attachments/upload")) == max(1, -(-size // 1000))


def test_the_parts_of_an_upload_survive_an_expired_token(
    service: ThreatQService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "_CHUNK", 10)
    path = tmp_path / "bundle.json"
    path.write_bytes(b"0123456789" * 3)
    service.fail_on("/attachments/upload", "pass", "unauthorized", "rate_limit")
    with Pauses().client(service) as client:
        upload(client, str(path), NAME, ROOT)
    assert service.uploaded[0].content == path.read_bytes()


@pytest.mark.parametrize(
    ("pattern", "kind", "said"),
    [
        ("/attachments/upload", "forbidden", "does not permit this (HTTP 403)"),
        ("/attachments/upload", "html", "answers with a web page titled"),
        ("/attachments$", "data_errors", "reports an error: id: The id is not valid"),
        ("/api/attachments$", "error_page", "fails (HTTP 500)"),
        (
            "/incident/12/attachments",
            "not_found",
            "is in ThreatQ as file 501, but is not related to the",
        ),
    ],
)
def test_failures(service: ThreatQService, bundle: str, pattern: str, kind: str, said: str) -> None:
    service.fail_on(pattern, kind)
    with Pauses().client(service) as client, pytest.raises(ExportError) as error:
        upload(client, bundle, NAME, ROOT)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert [each.related_to for each in service.uploaded] in ([], [[]])


def test_the_server_runs_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "library.json"
    path.write_text('{"objects": {"incident": [{"id": 12, "value": "x"}]}, "relationships": []}')
    command = [sys.executable, "-m", "services.threatq", "--library", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TESTS) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert APPLICATION["client_secret"] in process.stdout.readline()
            with Client(Settings.from_config({"base_url": url, **APPLICATION})) as client:
                assert client.get("incident/12").body
        finally:
            process.terminate()
