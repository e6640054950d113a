"""The export from a ThreatQ server: the file also goes there; what the server does wrong is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from services.threatq import CLIENT_SECRET, PASSWORD, ThreatQService

from .judging import judge
from .running import App, Soarkit
from .threatq_libraries import APPLICATION, PERSON, ROOT, library

INCIDENT = {"object_type": "Incident", "object_id": ROOT[1]}


@pytest.fixture
def service() -> Iterator[ThreatQService]:
    with ThreatQService(library()) as running:
        yield running


@pytest.fixture
def exporter(soarkit: Soarkit, service: ThreatQService) -> App:
    """The app with the server, for an OAuth client of its own."""
    return App(soarkit, {"base_url": service.url, **APPLICATION, "timeout": 5})


@pytest.mark.parametrize("person", [False, True])
def test_the_file_is_in_the_vault_and_in_threatq(
    exporter: App, service: ThreatQService, tmp_path: Path, person: bool
) -> None:
    if person:
        exporter = exporter.with_config(client_secret=None, **PERSON)
    result = exporter.done("create bundle", **INCIDENT)

    summary = result["summary"]
    content = exporter.bundle(summary["vault_id"], tmp_path / "bundle.json")
    judge(json.loads(content))
    [uploaded] = service.uploaded
    assert uploaded.content == content
    assert uploaded.related_to == [ROOT]
    assert uploaded.fields["name"] == summary["file_name"] == "stix21-create_bundle-incident-12.json"
    assert summary["threatq_file_id"] == uploaded.id
    assert summary["threatq_file_url"].startswith(service.url)
    for secret in (CLIENT_SECRET, PASSWORD, *service.tokens):
        assert secret.encode() not in content
        assert secret not in json.dumps(result)


def test_a_failed_upload_is_no_success(exporter: App, service: ThreatQService) -> None:
    service.fail_on("attachments", "forbidden", "forever")

    finished = exporter.run("create bundle", **INCIDENT)

    assert finished.code == 1
    [result] = finished.json()["result_data"]
    assert result["status"] == "failed"
    assert "not complete in ThreatQ" in result["message"]
    assert result["summary"]["vault_id"] in result["message"]
    assert [file["vault_id"] for file in exporter.vault()] == [result["summary"]["vault_id"]]


@pytest.mark.parametrize("failure", ["forbidden", "error_page", "html", "not_json", "cut"])
def test_a_server_that_fails_leaves_nothing(exporter: App, service: ThreatQService, failure: str) -> None:
    service.fail_on(f"/api/incident/{ROOT[1]}$", failure, "forever")

    message = exporter.refused("create bundle", **INCIDENT)

    assert service.url in message
    assert CLIENT_SECRET not in message
    assert exporter.vault() == []
    assert service.uploaded == []


def test_an_unknown_object(exporter: App, service: ThreatQService) -> None:
    assert "Incident 99 is not in the library" in exporter.refused(
        "create bundle", object_type="Incident", object_id=99
    )
    assert service.uploaded == []


def test_connectivity(exporter: App) -> None:
    finished = exporter.run("test connectivity")

    assert finished.code == 0, finished.stdout
    assert "accepts the credentials" in finished.stderr


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"client_secret": "wrong"}, "401"),
        ({"client_secret": None}, "credentials"),
        ({"client_id": None}, "client_id"),
        ({"base_url": "https://127.0.0.1:9"}, "127.0.0.1:9"),
    ],
)
def test_connectivity_fails(exporter: App, config: dict[str, Any], said: str) -> None:
    assert said in exporter.with_config(**config).refused("test connectivity")
