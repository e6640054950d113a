"""The export from a library file, from the command line to the vault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .judging import judge
from .running import APP, LIBRARY, App, Soarkit

NAME = "stix21-create_bundle-incident-12.json"
INCIDENT = {"object_type": "Incident", "object_id": 12}


@pytest.fixture
def exporter(soarkit: Soarkit) -> App:
    """The app with the example library."""
    return App(soarkit, {"library_file": str(LIBRARY)})


def by_type(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["type"]: item for item in result["data"]}


def test_the_bundle_is_in_the_vault(exporter: App, tmp_path: Path) -> None:
    result = exporter.done("create bundle", **INCIDENT, relationship_depth=3, check=True)

    summary = result["summary"]
    content = exporter.bundle(summary["vault_id"], tmp_path / "bundle.json")
    bundle = json.loads(content)
    judge(bundle)
    assert summary["file_name"] == NAME
    assert summary["file_size"] == len(content)
    assert summary["bundle_id"] == bundle["id"]
    types = [each["type"] for each in bundle["objects"]]
    assert types[0] == "incident"
    assert summary["relationships"] == types.count("relationship") == 7
    assert summary["objects"] == len(types) - 7
    assert summary["objects_by_type"] == {kind: types.count(kind) for kind in types if kind != "relationship"}


def test_the_data_are_the_objects_by_type(exporter: App, tmp_path: Path) -> None:
    result = exporter.done("create bundle", **INCIDENT)

    content = json.loads(exporter.bundle(result["summary"]["vault_id"], tmp_path / "bundle.json"))
    items = by_type(result)
    assert next(iter(items)) == "incident"
    for kind in ("incident", "indicator", "attack-pattern"):
        exported = [each for each in content["objects"] if each["type"] == kind]
        assert items[kind]["count"] == len(exported)
        assert items[kind]["objects"] == [{"id": each["id"], "name": each["name"]} for each in exported]
    assert items["relationship"]["count"] == 4
    assert {link["relationship_type"] for link in items["relationship"]["relationships"]} == {"related-to"}


def test_values_are_found_by_their_data_path(exporter: App) -> None:
    finished = exporter.run("create bundle", "--select", "action_result.data.*.objects.*.name", **INCIDENT)

    assert finished.code == 0, finished.stderr
    assert "High severity detection on CONTOSO-WS-17" in finished.stdout
    assert "T1204.002 - User Execution: Malicious File" in finished.stdout


def test_what_is_left_out_is_named_with_the_reason(exporter: App) -> None:
    result = exporter.done("create bundle", **INCIDENT)

    left_out = by_type(result)["skipped"]
    assert left_out["count"] == result["summary"]["skipped"] == 2
    assert {(each["collection"], each["id"]) for each in left_out["skipped"]} == {("indicators", 340), ("events", 90)}
    for each in left_out["skipped"]:
        assert each["name"]
        assert each["reason"] in result["message"]
    assert sum(each["count"] for each in result["summary"]["skipped_by_reason"]) == 2


def test_a_run_without_a_container_gets_its_own(exporter: App) -> None:
    first = exporter.done("create bundle", **INCIDENT)["summary"]
    second = exporter.done("create bundle", **INCIDENT)["summary"]

    assert first["vault_id"] == second["vault_id"], "the same bytes"
    assert first["container_id"] != second["container_id"]
    files = exporter.vault()
    assert {file["container_id"] for file in files} == {first["container_id"], second["container_id"]}
    assert {file["name"] for file in files} == {NAME}


def test_the_file_goes_to_the_runs_container(exporter: App) -> None:
    own = exporter.done("create bundle", **INCIDENT)["summary"]["container_id"]

    result = exporter.done("create bundle", "--container", str(own), **INCIDENT, hide_original_sources=True)

    assert result["summary"]["container_id"] == own
    assert {file["container_id"] for file in exporter.vault()} == {own}


def test_a_run_with_several_objects_opens_one_container(exporter: App, tmp_path: Path) -> None:
    sets = tmp_path / "sets.json"
    sets.write_text(json.dumps([INCIDENT, {"object_type": "Malware", "object_id": "7"}]), "utf-8")

    finished = exporter.run("create bundle", "--params", str(sets))

    assert finished.code == 0, finished.stderr
    summaries = [result["summary"] for result in finished.json()["result_data"]]
    assert [each["file_name"] for each in summaries] == [NAME, "stix21-create_bundle-malware-7.json"]
    assert summaries[0]["container_id"] == summaries[1]["container_id"]


def test_the_library_may_be_in_the_vault(exporter: App) -> None:
    added = exporter.soarkit("vault", "add", LIBRARY, "-f", "json")
    vault_id = added.json()["files"][0]["vault_id"]

    expected = exporter.done("create bundle", **INCIDENT)
    result = exporter.with_config(library_file=vault_id.upper()).done("create bundle", **INCIDENT)

    assert result["summary"]["vault_id"] == expected["summary"]["vault_id"]


@pytest.mark.acceptance("S12")
@pytest.mark.parametrize("convert", [True, False])
def test_a_related_event_is_an_incident_or_absent(soarkit: Soarkit, tmp_path: Path, convert: bool) -> None:
    library = json.loads(LIBRARY.read_text("utf-8"))
    # Reached through the event alone.
    tool = {"id": 8, "value": "Contoso Downloader", "created_at": "2026-02-01 00:00:00"}
    library["objects"]["tool"] = [tool]
    library["relationships"].append({"id": 950, "a": ["events", 90], "b": ["tool", 8]})
    path = tmp_path / "library.json"
    path.write_text(json.dumps(library), "utf-8")
    app = App(soarkit, {"library_file": str(path), "convert_events_to_incidents": convert})

    result = app.done("create bundle", **INCIDENT, relationship_depth=2)

    bundle = json.loads(app.bundle(result["summary"]["vault_id"], tmp_path / "bundle.json"))
    judge(bundle)
    names = [(each["type"], each.get("name")) for each in bundle["objects"]]
    assert (("incident", "Download blocked at the proxy") in names) is convert
    assert (("tool", "Contoso Downloader") in names) is convert
    skipped = {(each["collection"], each["id"]) for each in by_type(result)["skipped"]["skipped"]}
    assert (("events", 90) in skipped) is not convert
    assert "tool" not in {collection for collection, _ in skipped}


@pytest.mark.acceptance("S5")
@pytest.mark.parametrize("depth", [0, 4, "x", True, "2.5", -1, 1.5])
def test_a_wrong_depth_is_refused(exporter: App, depth: Any) -> None:
    message = exporter.refused("create bundle", **INCIDENT, relationship_depth=depth)

    assert "relationship_depth" in message
    assert exporter.vault() == []


@pytest.mark.acceptance("S11")
@pytest.mark.parametrize(
    ("action", "object_type", "object_id"),
    [("create bundle", "Event", 90), ("create sighting", "Malware", 7), ("create bundle", "Task", 1)],
)
def test_a_wrong_type_is_refused(exporter: App, action: str, object_type: str, object_id: int) -> None:
    message = exporter.refused(action, object_type=object_type, object_id=object_id)

    assert object_type in message
    assert "Indicator" in message, "what it may be is said"
    assert exporter.vault() == []


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"object_type": "Incident", "object_id": 13}, "Incident 13 is not in the library"),
        ({"object_type": "Incident", "object_id": 0}, "object_id is 0"),
        ({"object_type": "Incident", "object_id": 1.5}, "object_id"),
        ({"object_type": "Indicator", "object_id": 340}, "GOST Hash"),
        ({**INCIDENT, "profile": "wide"}, "profile"),
        ({**INCIDENT, "relationship_style": "any"}, "relationship_style"),
    ],
)
def test_what_cannot_be_exported_is_said(exporter: App, parameters: dict[str, Any], said: str) -> None:
    assert said in exporter.refused("create bundle", **parameters)
    assert exporter.vault() == []


def test_a_cut_library_leaves_nothing(exporter: App, tmp_path: Path, home: Path) -> None:
    half = tmp_path / "half.json"
    content = LIBRARY.read_bytes()
    half.write_bytes(content[: len(content) // 2])

    message = exporter.with_config(library_file=str(half)).refused("create bundle", **INCIDENT)

    assert "half.json" in message
    assert exporter.vault() == []
    assert not [path for path in (home / "phantom" / "vault" / "tmp").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"library_file": "no-such-file.json"}, "neither a file nor in the vault"),
        ({"library_file": None}, "names no source"),
        ({"base_url": "https://threatq.example.com"}, "both library_file and a ThreatQ server"),
        ({"hostname": "tq example"}, "hostname"),
        ({"max_tlp": "purple"}, "max_tlp"),
    ],
)
def test_a_wrong_configuration_is_said_by_every_action(exporter: App, config: dict[str, Any], said: str) -> None:
    wrong = exporter.with_config(**config)

    assert said in wrong.refused("test connectivity")
    assert said in wrong.refused("create bundle", **INCIDENT)


def test_connectivity_of_a_library(exporter: App) -> None:
    finished = exporter.run("test connectivity")

    assert finished.code == 0, finished.stdout
    assert "contoso-example" in finished.stderr


def test_a_sighting(exporter: App, tmp_path: Path) -> None:
    result = exporter.done("create sighting", object_type="indicator", object_id="337")

    assert result["summary"]["file_name"] == "stix21-create_sighting-indicators-337.json"
    bundle = json.loads(exporter.bundle(result["summary"]["vault_id"], tmp_path / "bundle.json"))
    judge(bundle)
    [sighting] = [each for each in bundle["objects"] if each["type"] == "sighting"]
    assert sighting["count"] == 3
    assert by_type(result)["sighting"]["objects"][0]["id"] == sighting["id"]
    verbs = {link["relationship_type"] for link in by_type(result)["relationship"]["relationships"]}
    assert {"sighting of", "observed in", "holds", "based-on"} <= verbs


def test_a_bundle_comes_back_in(exporter: App) -> None:
    exported = exporter.done("create bundle", **INCIDENT, relationship_depth=3)["summary"]

    importer = exporter.with_config(library_file=None)  # it needs no source
    result = importer.done("import bundle", vault_id=exported["vault_id"])
    again = importer.done("import bundle", vault_id=exported["vault_id"])

    summary = result["summary"]
    assert summary["container_is_new"] is True
    assert again["summary"]["container_is_new"] is False
    assert again["summary"]["container_id"] == summary["container_id"]
    assert summary["bundle_id"] == exported["bundle_id"]
    fields = {name: value for item in result["data"] for name, value in item["cef"].items()}
    assert fields["fileHashMd5"] == "44d88612fea8a8f36de82e1278abb02f"
    assert fields["destinationDnsDomain"] == "updates.contoso-cdn.example"


@pytest.mark.slow
def test_the_app_installs_and_runs_in_its_own_environment(soarkit: Soarkit, tmp_path: Path) -> None:
    packed = soarkit("package", APP, "-o", "stix.tgz")
    assert packed.code == 0, packed.stderr
    installed = soarkit("install", "stix.tgz", timeout=280)
    assert installed.code == 0, installed.stderr

    made = soarkit("asset", "create", "lib", "--app", "stix-2-1-exporter", "--config", f"library_file={LIBRARY}")
    assert made.code == 0, made.stderr
    tested = soarkit("asset", "test", "lib")
    assert tested.code == 0, tested.stdout + tested.stderr
    wanted = ("-p", "object_type=Incident", "-p", "object_id=12", "-p", "check=true")
    for name in ("page.html", "result.json"):
        ran = soarkit("run", "stix-2-1-exporter", "create bundle", "--asset", "lib", *wanted, "-o", name)
        assert ran.code == 0, ran.stderr

    assert "echarts.init" in (tmp_path / "page.html").read_text("utf-8")
    [result] = json.loads((tmp_path / "result.json").read_text("utf-8"))["result_data"]
    assert result["summary"]["relationships"] == 4


def test_the_app_is_clean(soarkit: Soarkit) -> None:
    done = soarkit("validate", APP, "--strict")
    assert done.code == 0, done.stdout
