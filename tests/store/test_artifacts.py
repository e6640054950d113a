"""Artifacts: what apps give, what is kept of it, duplicates."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from soarkit.errors import RequestError

if TYPE_CHECKING:
    from soarkit.store.opened import Store
    from soarkit.store.saved import SavedArtifact


@pytest.fixture
def container(store: Store) -> int:
    return store.containers.save({"name": "x"}, asset_id=1, appid=None, label="x", run=None).id


def save(store: Store, *artifacts: Any, container_id: int | None = None, **others: Any) -> list[SavedArtifact]:
    return store.artifacts.save(list(artifacts), container_id=container_id, appid="an-app", run="r1", **others)


def kept(store: Store, container: int, artifact: dict[str, Any]) -> dict[str, Any]:
    return store.artifacts.get(save(store, artifact, container_id=container)[0].id)


def test_defaults(store: Store, container: int) -> None:
    found = kept(store, container, {})
    wanted = {
        "name": "",
        "label": "artifact",
        "type": "network",
        "severity": "medium",
        "container": container,
        "cef": {},
        "cef_types": {},
        "data": {},
        "tags": [],
        "extra": {},
        "owner": "",
        "ingest_app": "an-app",
        "run": "r1",
        "end_time": None,
        "in_case": False,
    }
    assert {key: found[key] for key in wanted} == wanted
    assert found["description"] and found["start_time"] == found["create_time"] == found["update_time"]
    assert found["hash"] and found["source_data_identifier"]


def test_all_that_can_be_given(store: Store, container: int) -> None:
    given = {
        "container_id": str(container),
        "name": "a",
        "label": "Bad URL",
        "type": "host",
        "severity": "High",
        "description": "d",
        "source_data_identifier": 5,
        "cef": {"b": None, "a": [1, {"c": "é"}], "x": 1.5},
        "cef_types": {"a": ["ip"]},
        "data": "raw",
        "tags": ["x", 5, "x", " "],
        "start_time": "2024-05-01T10:11:12Z",
        "end_time": "unknown",
        "owner_id": "me",
        "ingest_app_id": 12,
        "kill_chain": "delivery",
        "parent_artifact_id": 3,
        "run_automation": True,
    }
    found = kept(store, 10**9, given)
    wanted = {
        "name": "a",
        "label": "Bad URL",
        "type": "host",
        "severity": "high",
        "description": "d",
        "source_data_identifier": "5",
        "cef": given["cef"],
        "cef_types": {"a": ["ip"]},
        "data": "raw",
        "tags": ["x", "5"],
        "start_time": "2024-05-01T10:11:12.000000Z",
        "end_time": None,
        "owner": "me",
        "ingest_app": "12",
        "kill_chain": "delivery",
        "extra": {"parent_artifact_id": 3, "end_time": "unknown"},
    }
    assert {key: found[key] for key in wanted} == wanted
    assert list(found["cef"]) == ["b", "a", "x"]


@pytest.mark.parametrize("cef", ["text", ["a", 1], 5, {"a": None}])
def test_values_may_be_anything(store: Store, container: int, cef: object) -> None:
    assert kept(store, container, {"cef": cef, "cef_types": cef})["cef"] == cef


def test_duplicates(store: Store, container: int) -> None:
    first = save(store, {"name": "a", "source_data_identifier": "1"}, {"name": "b", "cef": {"x": 1, "y": 2}})
    assert [one.error for one in first] == [
        "the artifact names no container_id, and the run has no container"
    ] * 2 and first[0].id is None
    first = save(
        store,
        {"name": "a", "source_data_identifier": "1"},
        {"name": "b", "cef": {"x": 1, "y": 2}},
        container_id=container,
    )
    again = save(
        store,
        {"name": "other", "source_data_identifier": 1, "container_id": container},
        {"cef": {"y": 2, "x": 1}, "name": "b", "run_automation": False, "container_id": str(container)},
        {"name": "b", "cef": {"x": 1, "y": 3}},
        container_id=container,
    )
    assert [one.duplicate for one in again] == [True, True, False]
    assert [one.id for one in again[:2]] == [one.id for one in first]
    assert store.artifacts.get(first[0].id)["name"] == "a"
    other = store.containers.save({"name": "y"}, asset_id=1, appid=None, label="x", run=None).id
    assert not save(store, {"source_data_identifier": "1"}, container_id=other)[0].duplicate


def test_only_identifiers_make_duplicates_where_that_is_wanted(store: Store, container: int) -> None:
    saved = save(store, {"name": "a"}, {"name": "a"}, container_id=container, explicit_only=True)
    assert [one.duplicate for one in saved] == [False, False] and saved[0].id != saved[1].id
    given = {"name": "a", "source_data_identifier": "1"}
    saved = save(store, given, given, container_id=container, explicit_only=True)
    assert [one.duplicate for one in saved] == [False, True] and saved[0].id == saved[1].id


def test_all_in_order_some_of_them_wrong(store: Store, container: int) -> None:
    other = store.containers.save({"name": "y"}, asset_id=1, appid=None, label="x", run=None).id
    given = [{"container_id": (other, container)[number % 2], "name": str(number)} for number in range(1000)]
    given[500:500] = ["none", None, {"container_id": 10**20}, {"container_id": 99}, {"container_id": "x"}]
    saved = save(store, *given)
    assert [one.error is None for one in saved] == [*[True] * 500, *[False] * 5, *[True] * 500]
    for target in (container, other):
        ids = [
            one.id for one, artifact in zip(saved, given, strict=True) if one.id and artifact["container_id"] == target
        ]
        assert ids == sorted(ids)
        names = [one["name"] for one in store.artifacts.list(container=target, newest_first=False)]
        assert names == [str(number) for number in range(1000) if (other, container)[number % 2] == target]
    assert {saved[500].error, saved[502].error, saved[503].error, saved[504].error} == {
        "an artifact is an object, not str",
        "there is no container 100000000000000000000",
        "there is no container 99",
        "there is no container x",
    }
    assert save(store) == []


def test_odd_text(store: Store, container: int) -> None:
    odd, clean = "n\0ul \ud800 \\ \t \n é 𝄞", "n\ufffdul ? \\ \t \n é 𝄞"
    keys = ("name", "label", "type", "description", "source_data_identifier", "kill_chain")
    given = {**dict.fromkeys(keys, odd), "owner_id": odd, "cef": {odd: odd}, "tags": odd, "data": [odd], odd: odd}
    found = kept(store, container, given)
    assert {key: found[key] for key in (*keys, "owner")} == dict.fromkeys((*keys, "owner"), clean)
    assert found["tags"] == [clean] and found["cef"] == {odd: odd} and found["extra"] == {odd: odd}
    assert save(store, given, container_id=container)[0].duplicate


def test_more_artifacts_than_one_call_usually_has(store: Store, container: int) -> None:
    saved = save(store, *({"source_data_identifier": str(number)} for number in range(40_000)), container_id=container)
    assert [one.id for one in saved] == list(range(saved[0].id, saved[0].id + 40_000))
    again = save(
        store, *({"source_data_identifier": str(number)} for number in range(39_999, 41_000)), container_id=container
    )
    assert [one.duplicate for one in again] == [True, *[False] * 1000]
    store.containers.delete(container)
    assert store.artifacts.list() == []


def test_update_and_delete(store: Store, container: int) -> None:
    found = kept(store, container, {"name": "a", "label": "l", "cef": {"x": 1}, "source_data_identifier": "1"})
    kept(store, container, {"source_data_identifier": "2"})
    before = store.containers.get(container)["artifact_update_time"]
    store.artifacts.update(found["id"], {"id": found["id"], "cef": {"y": 2}, "tags": ["t"], "severity": "LOW", "no": 1})
    changed = store.artifacts.get(str(found["id"]))
    assert (changed["cef"], changed["tags"], changed["severity"], changed["label"]) == ({"y": 2}, ["t"], "low", "l")
    assert changed["update_time"] > found["update_time"]
    assert store.containers.get(container)["artifact_update_time"] > before
    with pytest.raises(RequestError, match="another artifact"):
        store.artifacts.update(found["id"], {"source_data_identifier": "2"})
    with pytest.raises(RequestError, match="end_time"):
        store.artifacts.update(found["id"], {"end_time": "soon"})
    store.artifacts.update(found["id"], {**changed, "source_data_identifier": "3"})
    assert save(store, {"source_data_identifier": "3"}, container_id=container)[0] == (found["id"], True, None)
    store.artifacts.delete(found["id"])
    for act in (store.artifacts.get, store.artifacts.delete, lambda one: store.artifacts.update(one, {})):
        with pytest.raises(RequestError, match="there is no artifact"):
            act(found["id"])


def test_list(store: Store, container: int) -> None:
    save(
        store, *({"name": str(number), "label": "L", "severity": "low"} for number in range(5)), container_id=container
    )
    assert [one["name"] for one in store.artifacts.list(limit=2)] == ["4", "3"]
    later = datetime.now(timezone.utc) + timedelta(hours=1)
    for wanted in ({"container": 99}, {"app": "b"}, {"label": "b"}, {"severity": "high"}, {"since": later}):
        assert store.artifacts.list(**wanted) == [], wanted
    found = store.artifacts.list(
        container=container, app="an-app", label="l", severity="LOW", since=later - timedelta(2)
    )
    assert len(found) == 5
