"""The sample bundle from its folder to the certification zip, against the passive DNS service."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Finished

from tests.services.passive_dns import PassiveDnsService

Soarkit = Callable[..., Finished]

SAMPLE = ROOT / "apps" / "sampleapp_enrichment"
SLUG = "contoso-passive-dns"
KEY = "pdns-pl4nted-key"
TRANSFORMS = {
    "enrichDomainOverview": "contoso.example",
    "enrichDomainHistory": "login-contoso.example",
    "enrichIP": "198.51.100.7",
    "domainToIP": "login-contoso.example",
    "domainToEmail": "contoso.example",
    "ipToDomain": "198.51.100.7",
}


@pytest.fixture
def service() -> Iterator[PassiveDnsService]:
    with PassiveDnsService(KEY) as running:
        yield running


@pytest.fixture
def active(soarkit: Soarkit, service: PassiveDnsService) -> Soarkit:
    """The command line, with the sample installed from its archive and activated."""
    assert soarkit("package", SAMPLE, "-o", "sample.tgz").code == 0
    installed = soarkit("install", "sample.tgz")
    assert installed.code == 0, installed.stderr
    assert "inactive" in installed.stdout
    made = soarkit("asset", "create", "pdns", "--app", SLUG, *credentials(service), KEY=KEY)
    assert made.code == 0, made.stderr
    assert service.requests[0] == "/v1/domains/contoso.example", "the sample value was tried"
    return soarkit


def credentials(service: PassiveDnsService) -> list[str]:
    return ["--config", "api_key=env:KEY", "--config", f"api_url={service.url}"]


def output(done: Finished) -> dict[str, Any]:
    assert done.code == 0, done.stderr + done.stdout
    assert KEY not in done.stdout + done.stderr
    (document,) = done.data
    assert isinstance(document, dict)
    return document


def test_the_sample_is_clean(soarkit: Soarkit) -> None:
    done = soarkit("validate", SAMPLE, "--strict")
    assert done.code == 0, done.stdout


def test_every_transform_answers(active: Soarkit) -> None:
    documents = {name: output(active("enrich", SLUG, name, value)) for name, value in TRANSFORMS.items()}
    for document in documents.values():
        assert document["exceptions"] == []
    shown = [one for document in documents.values() for one in document.get("widgets", [])]
    assert {one["widgetType"] for one in shown} == {"Text", "Table", "HorizontalRule", "Chart"}
    written = json.dumps(shown)
    for part in ('"lineBreakEnding": false', '"onSeparateLines": true', '"onSeparateLines": false', "columnWidths"):
        assert part in written, "the sample shows every kind of widget"
    charts = [json.loads(one["highchartsJson"]) for one in shown if one["widgetType"] == "Chart"]
    kinds = {chart["chart"].get("type") or one["type"] for chart in charts for one in chart["series"]}
    assert kinds == {"pie", "xrange", "column", "spline", "gauge"}
    found = {name: [one["entityValue"] for one in documents[name]["entities"]] for name in list(TRANSFORMS)[3:]}
    assert found == {
        "domainToIP": ["198.51.100.7", "203.0.113.99"],
        "domainToEmail": ["hostmaster@contoso.example", "legal@contoso.example"],
        "ipToDomain": ["contoso.example", "login-contoso.example"],
    }


def test_a_value_becomes_a_page_and_a_graph(active: Soarkit, tmp_path: Path) -> None:
    done = active("enrich", "contoso.example", "-o", tmp_path / "page.html")
    assert done.code == 0, done.stderr
    page = (tmp_path / "page.html").read_text()
    assert "Answers by network" in page
    assert KEY not in page
    done = active("pivot", "login-contoso.example", "--depth", "3", "-o", tmp_path / "graph.html")
    assert done.code == 0, done.stderr
    graph = (tmp_path / "graph.html").read_text()
    assert "legal@contoso.example" in graph, "three steps away"
    assert KEY not in graph


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ("rate_limit", "Too many requests for this API key. Try again in 30 seconds."),
        ("error_page", "Contoso Passive DNS answered with status 500."),
        ("not_json", "Contoso Passive DNS answered, but not in JSON."),
        ("hang_up", "Contoso Passive DNS cannot be reached at"),
    ],
)
def test_failures_are_sentences(active: Soarkit, service: PassiveDnsService, failure: str, told: str) -> None:
    service.fail_next(failure)
    done = active("enrich", SLUG, "domainToIP", "contoso.example")
    assert done.code == 1
    assert told in done.json()["message"]


@pytest.mark.acceptance("A35")
def test_a_wrong_key_leaves_it_inactive(soarkit: Soarkit, service: PassiveDnsService) -> None:
    assert soarkit("install", SAMPLE).code == 0
    made = soarkit("asset", "create", "pdns", "--app", SLUG, *credentials(service), KEY="wrong-key")
    assert "refuses this API key" in made.stdout + made.stderr
    assert "no enrichment" in soarkit("enrich", "contoso.example").stderr


@pytest.mark.acceptance("A29")
def test_it_is_updated_in_place(active: Soarkit, tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    shutil.copytree(SAMPLE, newer)
    metadata = json.loads((newer / "metadata.json").read_text())
    (newer / "metadata.json").write_text(json.dumps({**metadata, "version": "1.1.0"}))
    done = active("install", newer)
    assert done.code == 0, done.stderr
    # Still active, with the credentials that it had.
    assert output(active("enrich", SLUG, "domainToEmail", "contoso.example"))["entities"]
    refused = active("install", SAMPLE)
    assert refused.code == 2
    assert "higher version" in refused.stderr


@pytest.mark.acceptance("A47")
def test_it_goes_to_a_certification_and_to_support(active: Soarkit, tmp_path: Path) -> None:
    done = active("submission", SAMPLE, "-o", tmp_path / "certification.zip")
    assert done.code == 0, done.stderr
    assert done.stderr == ""
    done = active("support", SLUG, "enrichIP", "198.51.100.7", "-o", tmp_path / "support.zip")
    assert done.code == 0, done.stderr
    for name in ("certification.zip", "support.zip"):
        with zipfile.ZipFile(tmp_path / name) as packed:
            assert packed.testzip() is None
            assert KEY.encode() not in b"".join(map(packed.read, packed.namelist()))
    with zipfile.ZipFile(tmp_path / "support.zip") as packed:
        inner = json.loads(packed.read("service-reply.json"))["response"][0]["transform_result"][0]
    assert inner["status"] == 200
    assert inner["json_data"]["widgets"]


def test_the_scripts_run_by_hand(service: PassiveDnsService) -> None:
    given = json.dumps({"api_key": KEY, "api_url": service.url})
    for script, name in (("contoso_transform.py", "domainToIP"), ("contoso_enrichment.py", "enrichDomainOverview")):
        done = subprocess.run(
            [sys.executable, "-B", script, name, "contoso.example", "--credentials", given],
            cwd=SAMPLE / "source",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["exceptions"] == []
