"""From an app JSON to the model that a run works with."""

from __future__ import annotations

import dataclasses
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soarkit.errors import ManifestError
from soarkit.manifest.loader import build, load
from soarkit.manifest.source import AppSource, read_json

SOURCE = AppSource("folder", "folder/app.json")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a JSON document."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [place for key in keys for place in [(value, key), *places(value[key])]]


def test_an_app_as_its_json_describes_it(folder: Path) -> None:
    app = load(folder)
    assert (app.appid, app.name, app.app_version) == ("fd4dc1ce-b63c-4d0e-94e6-df0ae680d99c", "SampleApp", "1.0.0")
    assert (app.main_module, app.is_sdk_app, app.python_versions) == ("sampleapp_connector.py", False, ("3",))
    assert (app.folder, app.manifest_path) == (str(folder), str(folder / "app.json"))
    assert [action.identifier for action in app.actions] == ["test_connectivity", "file_reputation", "block_hash"]
    assert list(app.configuration) == ["server", "apikey", "mode"]
    assert app.configuration["server"].required
    assert app.configuration["mode"].value_list == ("fast", "full")


def test_an_action_as_its_json_describes_it(folder: Path) -> None:
    action = load(folder).actions[1]
    assert (action.name, action.type, action.read_only, action.index) == ("file reputation", "investigate", True, 1)
    assert action.parameters["hash"].contains == ("hash",)
    assert (action.parameters["depth"].default, action.parameters["depth"].required) == (1, False)
    assert action.lock is not None
    assert (action.lock.enabled, action.lock.data_path, action.lock.timeout) == (True, "parameters.hash", 600)
    assert action.lock.concurrency is False
    assert (action.render.type, action.render.view) == ("custom", "sampleapp_view.file_reputation")
    assert [field.column_order for field in action.outputs] == [0, 1, None]
    assert action.outputs is action.outputs


def test_what_an_app_leaves_out_has_the_guides_defaults(raw: dict[str, Any]) -> None:
    for key in ("versions", "lock", "render", "parameters", "output"):
        raw["actions"][1].pop(key)
    action = build(raw, SOURCE).actions[1]
    assert (action.versions, action.lock, action.render.type) == ("EQ(*)", None, "table")
    assert (action.parameters, action.outputs) == ({}, ())


def test_unknown_keys_are_kept(raw: dict[str, Any]) -> None:
    raw["my_note"] = raw["actions"][1]["parameters"]["hash"]["my_note"] = 1
    app = build(raw, SOURCE)
    assert app.raw["my_note"] == app.actions[1].parameters["hash"].raw["my_note"] == 1


def test_the_model_is_immutable(folder: Path) -> None:
    app = load(folder)
    action = app.actions[1]
    for part in (app, app.configuration["mode"], action, action.lock, action.render, *action.outputs):
        with pytest.raises(dataclasses.FrozenInstanceError):
            part.raw = {}  # type: ignore[union-attr,misc]


@pytest.mark.parametrize(
    ("written", "versions"),
    [("3.9, 3.13", ("3.9", "3.13")), ("3.", ("3",)), (["3.9", "3.13"], ("3.9", "3.13")), (3, ("3",)), (None, ())],
)
def test_python_versions(raw: dict[str, Any], written: object, versions: tuple[str, ...]) -> None:
    raw["python_version"] = written
    if written is None:
        del raw["python_version"]
    assert build(raw, SOURCE).python_versions == versions


def test_an_sdk_app(raw: dict[str, Any]) -> None:
    raw["main_module"] = "src.app:app"
    assert build(raw, SOURCE).is_sdk_app


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("appid",), None, r"/appid is missing: add it \(text\)"),
        (("name",), 3, "/name must be text, not a whole number"),
        (("main_module",), " ", "/main_module is empty"),
        (("configuration",), [], "/configuration must be an object, not a list"),
        (("configuration", "server"), "x", "/configuration/server must be an object, not text"),
        (("configuration", "server", "data_type"), None, "/configuration/server/data_type is missing"),
        (("configuration", "server", "required"), "yes", "/configuration/server/required must be true or false"),
        (("actions",), {}, "/actions must be a list, not an object"),
        (("actions", 1), "x", "/actions/1 must be an object"),
        (("actions", 1, "identifier"), None, "/actions/1/identifier is missing"),
        (("actions", 1, "action"), 1, "/actions/1/action must be text"),
        (("actions", 1, "versions"), 12, "/actions/1/versions must be text"),
        (("actions", 1, "parameters"), [], "/actions/1/parameters must be an object"),
        (("actions", 1, "parameters", "hash"), [], "/actions/1/parameters/hash must be an object"),
        (("actions", 1, "parameters", "hash", "data_type"), 1, "/actions/1/parameters/hash/data_type must be text"),
        (("actions", 1, "parameters", "hash", "contains"), "ip", "hash/contains must be a list, not text"),
        (("actions", 1, "lock"), True, "/actions/1/lock must be an object, not true"),
        (("actions", 1, "lock", "enabled"), None, "/actions/1/lock/enabled is missing"),
        (("actions", 1, "lock", "timeout"), -1, "/actions/1/lock/timeout must be a number of seconds"),
    ],
)
def test_what_a_run_needs_is_named_with_its_place(
    raw: dict[str, Any], path: tuple[Any, ...], value: object, problem: str
) -> None:
    part: Any = raw
    for key in path[:-1]:
        part = part[key]
    if value is None:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    with pytest.raises(ManifestError, match=problem) as caught:
        build(raw, SOURCE)
    assert caught.value.where == SOURCE.manifest_path
    assert caught.value.hint


def test_all_problems_stand_in_one_error(raw: dict[str, Any]) -> None:
    del raw["appid"]
    raw["name"] = []
    raw["actions"][0]["identifier"] = None
    with pytest.raises(ManifestError) as caught:
        build(raw, SOURCE)
    for pointer in ("/appid", "/name", "/actions/0/identifier"):
        assert pointer in caught.value.message


@pytest.mark.parametrize("key", ["description", "publisher", "license", "product_name", "type"])
def test_what_no_run_needs_may_be_anything(raw: dict[str, Any], key: str) -> None:
    raw[key] = ["odd"]
    raw["actions"][1][key] = ["odd"]
    raw["actions"][1]["render"] = raw["actions"][1]["output"] = 7
    assert build(raw, SOURCE).actions[1].outputs == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(data=st.data())
def test_a_changed_manifest_loads_or_is_refused_in_words(raw: dict[str, Any], data: st.DataObject) -> None:
    document = deepcopy(raw)
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(places(document)))
        container[key] = data.draw(json_values)
    try:
        app = build(document, SOURCE)
    except ManifestError as error:
        assert "/" in error.message
    else:
        for action in app.actions:
            assert set(action.parameters) == set(action.raw.get("parameters", {}))
            documented = action.raw.get("output")
            assert not action.outputs or len(action.outputs) <= len(documented)


def test_every_public_manifest_loads(public_manifests: list[Path]) -> None:
    assert len(public_manifests) == 200
    for path in public_manifests:
        app = load(path)
        assert all(action.identifier and action.name for action in app.actions)
        assert sum(len(action.outputs) for action in app.actions) == sum(
            len(action["output"]) for action in app.raw["actions"]
        )


def test_the_biggest_manifest_costs_a_fraction_of_reading_it(public_manifests: list[Path]) -> None:
    path = max(public_manifests, key=lambda file: file.stat().st_size)
    source = AppSource(str(path.parent), str(path))

    def measured(call: Any, *arguments: Any) -> float:
        start = time.perf_counter()
        call(*arguments)
        return time.perf_counter() - start

    raw = read_json(str(path))
    assert min(measured(build, raw, source) for _ in range(5)) < min(measured(read_json, str(path)) for _ in range(5))
