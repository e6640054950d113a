"""`import bundle` as people run it: into the store, again without doubles, and what apps can do with the artifacts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Finished
from stix_exporter.running import LIBRARY, App

SAMPLE = Path(__file__).parent / "sample" / "bundle.json"


@pytest.fixture
def app(soarkit: Callable[..., Finished]) -> App:
    return App(soarkit, {"library_file": str(LIBRARY)})


def artifacts(app: App, container: int) -> list[dict[str, Any]]:
    listed = app.soarkit("artifacts", "list", "--container", str(container), "-f", "json")
    assert listed.code == 0, listed.stderr
    return listed.json()["artifacts"]  # type: ignore[no-any-return]


def test_the_guides_sample_from_the_vault(app: App) -> None:
    added = app.soarkit("vault", "add", SAMPLE, "-f", "json")
    assert added.code == 0, added.stderr
    (file,) = app.vault()
    result = app.done("import bundle", vault_id=file["vault_id"], container_label="intel")
    summary = result["summary"]
    assert (summary["object_count"], summary["artifact_count"], summary["actionable_count"]) == (9, 5, 2)
    assert summary["not_understood_count"] == 0
    assert summary["container_is_new"] is True
    shown = app.soarkit("containers", "show", str(summary["container_id"]), "-f", "json").json()["container"]
    assert shown["label"] == "intel"
    assert shown["name"].startswith("High Severity Detection")
    found = {each["cef"].get("fileHashMd5") or each["cef"].get("fileHashSha256") for each in result["data"]}
    assert "3b35d89b10e561e05006e0a101154348" in found

    again = app.done("import bundle", bundle=SAMPLE.read_text("utf-8"))
    assert again["summary"]["container_id"] == summary["container_id"]
    assert again["summary"]["container_is_new"] is False
    assert len(artifacts(app, summary["container_id"])) == 5


def test_what_was_exported_comes_back_actionable(app: App, tmp_path: Path) -> None:
    made = app.done("create bundle", object_type="Incident", object_id=12, relationship_depth=3)
    result = app.done("import bundle", vault_id=made["summary"]["vault_id"])
    assert result["summary"]["bundle_id"] == made["summary"]["bundle_id"]
    assert result["summary"]["not_understood_count"] == 0
    stored = artifacts(app, result["summary"]["container_id"])
    assert len(stored) == result["summary"]["artifact_count"]
    assert any(each["cef_types"] for each in stored)


def test_hostile_texts_reach_the_store(app: App) -> None:
    names = ["nul \x00", "rtl \u202e", "half \ud800", "\x1b[31m", "{0} %s", "x" * 20_000]
    objects = [
        {"type": "tool", "id": f"tool--00000000-0000-4000-8000-00000000000{number}", "name": name, "labels": [name]}
        for number, name in enumerate(names)
    ]
    text = json.dumps({"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000", "objects": objects})
    result = app.done("import bundle", bundle=text)
    assert result["summary"]["artifact_count"] == len(names) == len(artifacts(app, result["summary"]["container_id"]))


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({}, "either vault_id"),
        ({"vault_id": "0" * 40}, "vault has no file"),
        ({"vault_id": "0" * 40, "bundle": "{}"}, "either vault_id"),
        ({"bundle": "{}"}, "not a STIX bundle"),
        ({"bundle": SAMPLE.read_text("utf-8")[:700]}, "not whole JSON"),
        ({"bundle": '{"type": "bundle", "objects": ' + "[" * 100_000}, "nested too deep"),
    ],
    ids=["nothing", "no such file", "both", "no bundle", "cut in half", "deep"],
)
def test_what_cannot_be_imported_leaves_nothing(app: App, parameters: dict[str, Any], said: str) -> None:
    assert said in app.refused("import bundle", **parameters)
    assert app.soarkit("containers", "list", "-f", "json").json()["containers"] == []
