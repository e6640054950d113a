"""Runs of bundles as pages: of one observable, of several, and beside runs of connectors."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bundles.making import credential, make_bundle, transform
from conftest import APPS, Finished

Soarkit = Callable[..., Finished]

SECRET = "s3cr3t-key-of-the-source"

SCRIPT = """\
from AnomaliEnrichment import *

ae = AnomaliEnrichment()
ae.parseArguments()
table = TableWidget("Rows", ["Number"])
for number in range(60):
    table.addRowOfItems([ItemInWidget(ItemTypes.Integer, number)])
ae.addWidget(table)
ae.addWidget(TextWidget(ItemInWidget(itemValue="key " + str(ae.getCredentialValue("api_key")))))
ae.addMessage("INFO", "asked with " + str(ae.getCredentialValue("api_key")))
if ae.getTransformName() == "fails":
    ae.addException("refused " + str(ae.getCredentialValue("api_key")))
ae.returnOutput()
"""


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    """A bundle with one transform that succeeds and one that fails, both telling their key."""
    transforms = [transform("looks", script="script.py"), transform("fails", script="script.py")]
    return str(make_bundle(tmp_path, transforms=transforms, scripts={"script.py": SCRIPT}, credentials=[credential()]))


def observed(page: bytes) -> dict[str, Any]:
    """What the page is about."""
    found = re.search(rb'<script type="application/json" id="observed">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    document: dict[str, Any] = json.loads(found[1])
    return document


def ran(soarkit: Soarkit, bundle: str, name: str, value: str, *more: str) -> Finished:
    given = ("--param", f"value={value}", "--config", "api_key=env:KEY", "--python", sys.executable)
    return soarkit("run", bundle, name, *given, *more)


@pytest.mark.acceptance("A34", "A19")
def test_the_page_of_a_run_has_no_secrets(
    soarkit: Soarkit, bundle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", SECRET)
    file = tmp_path / "page.html"
    finished = ran(soarkit, bundle, "fails", "example.org", "-o", str(file))
    assert finished.code == 1, finished.stderr
    page = file.read_bytes()
    assert SECRET.encode() not in page
    [observable] = observed(page)["observables"]
    assert (observable["value"], observable["type"]) == ("example.org", "domain")
    [tab] = observable["bundles"][0]["tabs"]
    assert (tab["name"], tab["status"]) == ("fails", "failed")
    assert tab["parts"][0] == {"kind": "error", "what": "refused ********", "where": None, "hint": None}
    assert tab["parts"][1]["total"] == 60
    assert tab["messages"] == [["INFO", "asked with ********"]]
    rows = re.search(rb'id="block-1">(.*?)</script>', page)
    assert rows is not None
    assert len(json.loads(rows[1])) == 50
    assert observable["bundles"][0]["icon"].startswith("data:image/png;base64,")


def test_stored_runs_make_one_page(
    soarkit: Soarkit, bundle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", SECRET)
    keys = []
    for name, value in (("looks", "example.org"), ("fails", "example.org"), ("looks", "example.net")):
        ran(soarkit, bundle, name, value)
        listed = soarkit("runs", "--format", "json", "--limit", "1")
        keys.append(listed.json()["runs"][0]["key"])
    file = tmp_path / "page.html"
    monkeypatch.setenv("SOARKIT_MAX_OBSERVABLES", "7")
    assert soarkit("report", *keys[:2], "-o", str(file)).code == 0
    document = observed(file.read_bytes())
    [observable] = document["observables"]
    assert document["title"] == "example.org"
    assert [one["name"] for one in observable["bundles"][0]["tabs"]] == ["looks", "fails"]
    rows = re.search(rb'id="block-1">(.*?)</script>', file.read_bytes())
    assert rows is not None
    assert len(json.loads(rows[1])) == 7
    assert soarkit("report", *keys, "-o", str(file)).code == 0
    document = observed(file.read_bytes())
    assert document["title"] == "2 observables"
    assert [one["value"] for one in document["observables"]] == ["example.org", "example.net"]
    assert SECRET.encode() not in file.read_bytes()
    # Beside a connector's run it is a widget like any other.
    app = str(APPS / "echo")
    given = ("--config", "server=example.org", "--param", "text=x")
    monkeypatch.delenv("SOARKIT_MAX_OBSERVABLES")
    other = soarkit("run", app, "echo", *given, "--python", sys.executable)
    assert other.code in (0, 1), other.stderr
    assert soarkit("report", keys[0], "last", "-o", str(file)).code == 0
    page = file.read_bytes()
    assert b'id="report"' in page
    assert b"Example Source" in page
    assert SECRET.encode() not in page


def test_a_number_of_observables_that_is_none(
    soarkit: Soarkit, bundle: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", SECRET)
    monkeypatch.setenv("SOARKIT_MAX_OBSERVABLES", "many")
    finished = ran(soarkit, bundle, "looks", "example.org", "-o", str(tmp_path / "page.html"))
    assert finished.code == 2
    assert "SOARKIT_MAX_OBSERVABLES" in finished.stderr
    monkeypatch.delenv("SOARKIT_MAX_OBSERVABLES")
    assert json.loads(soarkit("runs", "--format", "json").stdout)["runs"] == []  # nothing ran in vain
