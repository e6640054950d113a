"""benchmarks/examples.py: results made from what manifests document."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import ROOT
from soarkit_app.datapaths import collect

from soarkit.manifest.loader import load
from soarkit.manifest.model import Action

PROGRAM = ROOT / "benchmarks" / "examples.py"

OUTPUTS: list[tuple[Any, ...]] = [
    ("action_result.parameter.ip", "string", ["192.0.2.1", "192.0.2.2"]),
    ("action_result.data.*.name", "string", ["a", "b", "c"]),
    ("action_result.data.*.score", "numeric", [0.5]),
    ("action_result.data.*.odd", "numeric", ["n/a", {"x": 1}, True]),
    ("action_result.data.*.known", "boolean", []),
    ("action_result.data.*.port", "numeric", []),
    ("action_result.data.*.source ip", "string", [], ["ip"]),
    ("action_result.data.*.@odata.type", "string", ["#alert"]),
    ("action_result.data.*.extensions.1.3.6.1", "string", ["CA"]),
    ("action_result.data.*.pair.0.left", "string", ["l"]),
    ("action_result.data.*.pair.1.right", "string", ["r"]),
    ("action_result.data.*.statistics.984.calls", "numeric", [7]),
    ("action_result.data.*.tags.*", "string", ["x", "y"]),
    ("action_result.data.*.hosts.*.ports.*.number", "numeric", [22, 80]),
    ("action_result.data.*.grid.*.*", "numeric", [1, 2]),
    ("action_result.data.*.entry.*.sha1", "string", ["in a list"]),
    ("action_result.data.*.entry.sha1", "string", ["in a dictionary"]),
    ("action_result.data.*.ends_with_a_dot.", "string", ["z"]),
    ("action_result.summary.found", "numeric", [3]),
    ("action_result.status", "string", ["failed", "success"]),
    ("action_result.message", "string", ["Found: 3"]),
    ("summary.seen", "numeric", [4]),
    ("summary.total_objects", "numeric", [100]),
    ("nothing.known", "string", ["never"]),
]


@pytest.fixture
def examples(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(PROGRAM.parent))
    return importlib.import_module("examples")


def described(folder: Path, outputs: list[tuple[Any, ...]]) -> Action:
    output = []
    for path, data_type, values, *contains in outputs:
        output.append({"data_path": path, "data_type": data_type, "example_values": values})
        output[-1] |= {"contains": contains[0]} if contains else {}
    action = {
        "action": "look up",
        "identifier": "look_up",
        "description": "",
        "type": "investigate",
        "read_only": True,
        "parameters": {
            "ip": {"description": "", "data_type": "string", "required": True},
            "limit": {"description": "", "data_type": "numeric", "default": 10},
            "left_out": {"description": "", "data_type": "string"},
        },
        "output": output,
        "versions": "EQ(*)",
    }
    manifest = {"appid": "f2a4e1a0-0000-4000-8000-000000000000", "name": "Examples", "app_version": "1.0.0"}
    manifest |= {"main_module": "connector.py", "configuration": {}, "actions": [action]}  # type: ignore[dict-item]
    folder.mkdir(parents=True)
    (folder / "examples.json").write_text(json.dumps(manifest))
    return load(str(folder)).actions[0]


@pytest.fixture
def action(tmp_path: Path) -> Action:
    return described(tmp_path / "app", OUTPUTS)


def test_every_path_finds_its_examples(examples: ModuleType, action: Action) -> None:
    document = examples.make(action, "several").document
    for path, _, values, *_ in OUTPUTS:
        if values and path.partition(".")[0] == "action_result" and not path.endswith("status"):
            found = collect(document, path)
            assert [value for value in values if value not in found] == [], path


def test_item_i_takes_example_i_and_few_examples_begin_anew(examples: ModuleType, action: Action) -> None:
    (result,) = examples.make(action).document["result_data"]
    assert [item["name"] for item in result["data"]] == ["a", "b", "c"]
    assert [item["odd"] for item in result["data"]] == ["n/a", {"x": 1}, True]
    assert [item["score"] for item in result["data"]] == [0.5, 0.5, 0.5]
    assert result["data"][2]["hosts"] == [{"ports": [{"number": 22}, {"number": 80}]}]


def test_structure(examples: ModuleType, action: Action) -> None:
    first, second, _ = examples.make(action).document["result_data"][0]["data"]
    assert first["@odata.type"] == "#alert"
    assert first["extensions"] == {"1.3.6.1": "CA"}
    assert first["pair"] == [{"left": "l"}, {"right": "r"}]
    assert first["statistics"] == {"984": {"calls": 7}}
    assert first["grid"] == [[1, 2]]
    assert first["ends_with_a_dot"] == "z"
    assert first["entry"] == [{"sha1": "in a list"}]
    assert second["entry"] == {"sha1": "in a dictionary"}


def test_values_without_examples_are_of_their_type(examples: ModuleType, action: Action) -> None:
    example = examples.make(action)
    first, second, _ = example.document["result_data"][0]["data"]
    assert first["known"] is True and second["known"] is False
    assert isinstance(first["port"], int) and first["port"] >= 1000
    assert first["source ip"] == "203.0.113.7"
    assert str(first["port"]) in example.values
    assert example.document["result_data"][0]["parameter"] == {"ip": "192.0.2.1", "limit": 10}


def test_what_the_platform_says_itself(examples: ModuleType, action: Action) -> None:
    document = examples.make(action).document
    assert document["status"] == document["result_data"][0]["status"] == "success"
    assert document["message"] == "Found: 3"
    assert document["result_summary"] == {"seen": 4, "total_objects": 1, "total_objects_successful": 1}


def test_variants(examples: ModuleType, action: Action) -> None:
    def results(variant: str) -> list[dict[str, Any]]:
        return examples.make(action, variant).document["result_data"]  # type: ignore[no-any-return]

    assert [len(one["data"]) for one in results("one")] == [1]
    assert [one["parameter"]["ip"] for one in results("several")] == ["192.0.2.1", "192.0.2.2"]
    assert [(one["data"], one["summary"], one["status"]) for one in results("empty")] == [([], {}, "success")]
    assert [(one["data"], one["status"]) for one in results("failed")] == [([], "failed")]
    assert {item["name"] for item in results("masked")[0]["data"]} == {"********"}


def test_data_items_that_are_lists_or_not_described(examples: ModuleType, tmp_path: Path) -> None:
    lists = described(tmp_path / "lists", [("action_result.data.*.*.id", "numeric", [1, 2])])
    assert examples.make(lists).document["result_data"][0]["data"] == [[{"id": 1}, {"id": 2}]]
    texts = described(tmp_path / "texts", [("action_result.data.*", "string", ["one", "two"])])
    assert examples.make(texts).document["result_data"][0]["data"] == ["one", "two"]
    unknown = described(tmp_path / "unknown", [("action_result.data", "string", [])])
    (item,) = examples.make(unknown).document["result_data"][0]["data"]
    assert isinstance(item, dict) and item


def test_the_command_prints_the_same_each_time(action: Action, tmp_path: Path) -> None:
    command = [sys.executable, str(PROGRAM), str(tmp_path / "app")]
    one, again = (subprocess.run([*command, "look up"], capture_output=True, check=True).stdout for _ in range(2))
    assert one == again
    every = subprocess.run(command, capture_output=True, check=True).stdout
    assert json.loads(every) == [json.loads(one)]
    unknown = subprocess.run([*command, "nothing"], capture_output=True, text=True, check=False)
    assert (unknown.returncode, unknown.stderr) == (2, "there is no action nothing\n")
