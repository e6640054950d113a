"""Containers: what apps give, what is kept of it, duplicates."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import ROOT

from soarkit.errors import InputError, RequestError, SurroundingsError

if TYPE_CHECKING:
    from soarkit.store.opened import Store
    from soarkit.store.saved import SavedContainer

NOBODY = 2**63 - 1


def save(store: Store, container: dict[str, Any], **others: Any) -> SavedContainer:
    given: dict[str, Any] = {"asset_id": 7, "appid": "an-app", "label": "Alerts", "run": "r1", **others}
    return store.containers.save(container, **given)


def kept(store: Store, container: dict[str, Any], **others: Any) -> dict[str, Any]:
    return store.containers.get(save(store, container, **others).id)


def test_defaults(store: Store) -> None:
    before = datetime.now(timezone.utc)
    found = kept(store, {"name": "an alert"})
    assert len(found["source_data_identifier"]) == 32
    for key in ("create_time", "start_time", "container_update_time", "artifact_update_time"):
        time = datetime.strptime(found[key], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
        assert before <= time <= datetime.now(timezone.utc), key
    wanted = {
        "name": "an alert",
        "label": "alerts",
        "severity": "medium",
        "status": "new",
        "sensitivity": "amber",
        "asset": 7,
        "ingest_app": "an-app",
        "tags": [],
        "data": {},
        "custom_fields": {},
        "extra": {},
        "artifact_count": 0,
        "run": "r1",
        "end_time": None,
        "close_time": None,
        "tenant": 0,
    }
    assert {key: found[key] for key in wanted} == wanted
    assert found["description"]
    assert kept(store, {"name": "x"}, label="")["label"] == "incident"


def test_falsy_values_are_left_to_their_defaults(store: Store) -> None:
    keys = ("severity", "status", "label", "data", "description", "tags", "source_data_identifier", "artifacts")
    plain = kept(store, {"name": "x"})
    found = kept(store, {"name": "x", **dict.fromkeys(keys, ""), "start_time": None, "custom_fields": []})
    same = ("severity", "status", "label", "data", "description", "tags", "custom_fields")
    assert {key: found[key] for key in same} == {key: plain[key] for key in same}


@pytest.mark.parametrize("name", [None, "", 0])
def test_a_container_without_a_name(store: Store, name: object) -> None:
    with pytest.raises(InputError, match="needs a name"):
        save(store, {"name": name})
    assert store.containers.list() == []


def test_all_that_can_be_given(store: Store) -> None:
    given = {
        "name": 5,
        "source_data_identifier": 17,
        "label": " Phishing ",
        "severity": "HIGH",
        "status": "Open",
        "sensitivity": "RED",
        "tags": "one, two,,one",
        "data": [1, {"b": 2, "a": None}],
        "custom_fields": {"k": 1},
        "owner_id": 3,
        "ingest_app_id": "another",
        "asset_id": "12",
        "kill_chain": "delivery",
        "tenant_id": 4,
        "start_time": "2024-05-01 10:11:12.1234567+02:00",
        "due_time": "whenever",
        "close_time": 1714558272,
        "run_automation": False,
        "id": 99,
        "dummy": ["x"],
    }
    found = kept(store, given)
    wanted = {
        "name": "5",
        "source_data_identifier": "17",
        "label": "phishing",
        "severity": "high",
        "status": "open",
        "sensitivity": "red",
        "tags": ["one", "two"],
        "data": [1, {"b": 2, "a": None}],
        "custom_fields": {"k": 1},
        "owner": "3",
        "ingest_app": "another",
        "asset": 12,
        "kill_chain": "delivery",
        "tenant": 4,
        "start_time": "2024-05-01T08:11:12.123456Z",
        "close_time": "2024-05-01T10:11:12.000000Z",
        "due_time": None,
    }
    assert {key: found[key] for key in wanted} == wanted
    assert list(found["data"][1]) == ["b", "a"]
    assert found["extra"] == {"tenant_id": 4, "due_time": "whenever", "run_automation": False, "id": 99, "dummy": ["x"]}
    assert found["id"] != 99


@pytest.mark.parametrize("asset", ["production", "-1", 10**30, "9" * 25, True, [1], 1.5])
def test_assets_that_are_none(store: Store, asset: object) -> None:
    found = kept(store, {"name": "x", "asset_id": asset})
    assert found["asset"] == 7 and found["extra"] == {"asset_id": asset}


def test_a_duplicate_is_the_same_identifier_in_the_same_asset(store: Store) -> None:
    first = save(store, {"name": "first", "source_data_identifier": 5})
    again = save(store, {"name": "again", "source_data_identifier": "5"})
    assert (again.id, again.duplicate, first.duplicate) == (first.id, True, False)
    assert store.containers.get(first.id)["name"] == "first"
    other = save(store, {"name": "other", "source_data_identifier": "5"}, asset_id=8)
    assert not other.duplicate and other.id != first.id
    assert not save(store, {"name": "none"}).duplicate and not save(store, {"name": "none"}).duplicate


def test_artifacts_come_with_it_and_to_one_that_is_there(store: Store) -> None:
    given = [{"name": "a", "source_data_identifier": "1", "container_id": 99}, {"name": "b"}, "none", {"name": "b"}]
    first = save(store, {"name": "x", "source_data_identifier": "x", "artifacts": given})
    assert [one.duplicate for one in first.artifacts] == [False, False, False, True]
    assert first.artifacts[2].id is None and "object" in str(first.artifacts[2].error)
    assert first.artifacts[3].id == first.artifacts[1].id
    again = save(store, {"name": "x", "source_data_identifier": "x", "artifacts": [given[0], {"name": "c"}]})
    assert again.duplicate and again.artifacts[0] == (first.artifacts[0].id, True, None)
    assert not again.artifacts[1].duplicate
    assert store.containers.get(first.id)["artifact_count"] == 3
    assert [one["run_automation"] for one in rows(store)] == [False, False, True]


def rows(store: Store) -> list[dict[str, Any]]:
    from soarkit.store import models

    return list(models.Artifact.objects.using(store.database.alias).order_by("id").values())


def test_the_last_artifact_of_a_list_starts_automation_unless_told_otherwise(store: Store) -> None:
    save(store, {"name": "x", "artifacts": [{"name": "a", "run_automation": True}, {"name": "b"}]})
    save(store, {"name": "x", "artifacts": [{"name": "a"}, {"name": "b", "run_automation": "False"}]})
    save(store, {"name": "x", "artifacts": {"name": "alone"}})
    assert [one["run_automation"] for one in rows(store)] == [True, True, False, False, True]


def test_odd_text(store: Store) -> None:
    odd = "n\0ul \ud800 \udfff ende é 𝄞"
    clean = "n\ufffdul ? ? ende é 𝄞"
    given = {"name": odd, "source_data_identifier": odd, "label": odd, "tags": [odd, odd], "kill_chain": odd}
    found = kept(store, {**given, "data": {odd: odd}, odd: odd, "severity": odd, "description": odd})
    assert found["name"] == found["description"] == found["source_data_identifier"] == clean
    assert found["label"] == found["severity"] == clean.lower() and found["tags"] == [clean]
    assert found["data"] == {odd: odd} and found["extra"] == {odd: odd}
    assert save(store, given).duplicate
    assert store.containers.list(label=odd)[0]["id"] == found["id"]


def test_identifiers_of_any_length(store: Store) -> None:
    long = "".join(chr(33 + (7 * number * number) % 90) for number in range(10_000))
    first = save(store, {"name": "x", "source_data_identifier": long, "artifacts": [{"source_data_identifier": long}]})
    again = save(store, {"name": "x", "source_data_identifier": long, "artifacts": [{"source_data_identifier": long}]})
    assert again.id == first.id and again.artifacts[0] == (first.artifacts[0].id, True, None)
    assert not save(store, {"name": "x", "source_data_identifier": long + "!"}).duplicate
    assert store.containers.get(first.id)["source_data_identifier"] == long


def test_severities_that_somebody_added(store: Store) -> None:
    from soarkit.store import models

    assert kept(store, {"name": "x", "severity": "Very High"})["severity"] == "very high"
    models.Choice(kind="severity", name="Very High", about={}).save(using=store.database.alias)
    found = kept(store, {"name": "x", "severity": "VERY high", "artifacts": [{"severity": "very high"}]})
    assert found["severity"] == "Very High"
    assert store.artifacts.list()[0]["severity"] == "Very High"
    assert store.containers.severities() == ["high", "medium", "low", "Very High"]


def test_update(store: Store) -> None:
    found = kept(store, {"name": "x", "source_data_identifier": "a"})
    save(store, {"name": "y", "source_data_identifier": "b"})
    store.containers.update(found["id"], {"severity": "LOW", "status": "Closed", "tags": "t", "nothing": 1, "name": ""})
    changed = store.containers.get(str(found["id"]))
    assert (changed["severity"], changed["status"], changed["tags"], changed["name"]) == ("low", "closed", ["t"], "x")
    assert changed["close_time"] == changed["container_update_time"] > found["container_update_time"]
    store.containers.update(found["id"], {**changed, "status": "open", "data": {"a": 1}})  # a whole record posted back
    again = store.containers.get(found["id"])
    assert (again["status"], again["close_time"], again["data"]) == ("open", None, {"a": 1})
    assert {key for key in again if again[key] != changed[key]} <= {
        *("status", "close_time", "data", "container_update_time")
    }
    with pytest.raises(RequestError, match="another container"):
        store.containers.update(found["id"], {"source_data_identifier": "b"})
    with pytest.raises(RequestError, match="due_time: 'soon' is no time"):
        store.containers.update(found["id"], {"due_time": "soon"})
    store.containers.update(found["id"], {"source_data_identifier": "c", "due_time": "2024-05-01"})
    assert save(store, {"name": "z", "source_data_identifier": "c"}).id == found["id"]
    assert not save(store, {"name": "z", "source_data_identifier": "a"}).duplicate


@pytest.mark.parametrize("missing", [0, -1, 77, "77", "x", "", None, 10**40, NOBODY, True, 1.5, [1]])
def test_containers_that_are_not_there(store: Store, missing: object) -> None:
    for act in (store.containers.get, store.containers.delete, lambda one: store.containers.update(one, {"name": "x"})):
        with pytest.raises(RequestError, match="there is no container"):
            act(missing)


def test_list_and_each(store: Store) -> None:
    for number in range(5):
        save(
            store, {"name": str(number), "severity": "high" if number else "low", "artifacts": [{"n": number}] * number}
        )
    save(store, {"name": "other", "label": "mail", "status": "open"}, asset_id=8, appid="b")
    assert [one["name"] for one in store.containers.list(limit=3)] == ["other", "4", "3"]
    assert [one["name"] for one in store.containers.list(severity="HIGH", asset=7)] == ["4", "3", "2", "1"]
    for wanted in ({"label": "MAIL"}, {"app": "b"}, {"status": "Open"}, {"asset": 8}, {"ids": [6]}):
        assert [one["name"] for one in store.containers.list(**wanted)] == ["other"], wanted
    later = datetime.now(timezone.utc) + timedelta(hours=1)
    assert store.containers.list(since=later) == [] and len(store.containers.list(since=later - timedelta(days=1))) == 6
    assert store.containers.labels() == ["alerts", "mail"] and store.artifacts.labels() == ["artifact"]
    with store.database.one_moment():
        pairs = [
            (one["name"], len(list(store.artifacts.each(container=one["id"]))))
            for one in store.containers.each(asset=7)
        ]
    assert pairs == [("0", 0), *((str(number), 1) for number in range(1, 5))]


def test_delete(store: Store, tmp_path: Path) -> None:
    first = save(store, {"name": "x", "artifacts": [{"name": "a"}, {"name": "b"}]})
    second = save(store, {"name": "y", "artifacts": [{"name": "a"}]})
    store.notes.add(first.id, title="t", content="c")
    (tmp_path / "own").write_text("own")
    (tmp_path / "shared").write_text("shared")
    own = store.vault.add(str(tmp_path / "own"), container_id=first.id)
    for one in (first, second):
        store.vault.add(str(tmp_path / "shared"), container_id=one.id)
    store.containers.delete(first.id)
    assert [one["id"] for one in store.containers.list()] == [second.id]
    assert [one["container"] for one in store.artifacts.list()] == [second.id]
    assert store.vault.find(vault_id=own.vault_id) == [] and len(store.vault.find()) == 1
    assert (
        len([path for path in Path(store.vault.files.path(own.vault_id)).parents[2].rglob("*") if path.is_file()]) == 1
    )
    assert store.check() == []
    assert save(store, {"name": "z"}).id > second.id  # ids are not given out twice


def test_a_transaction_that_fails_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import DatabaseError

    from soarkit.store import bulk

    def fail(*_: Any) -> None:
        raise DatabaseError("no room")

    monkeypatch.setattr(bulk, "insert", fail)
    with pytest.raises(SurroundingsError, match="no room"):
        save(store, {"name": "x", "artifacts": [{"name": "a"}]})
    monkeypatch.undo()
    assert store.containers.list() == [] and store.artifacts.list() == []
    assert not save(store, {"name": "x", "artifacts": [{"name": "a"}]}).duplicate


_HOST = """
    import sys
    from soarkit.store import open_store
    with open_store(sys.argv[1]) as store:
        sys.stdin.readline()
        new = 0
        for number in range(60):
            artifacts = [{"source_data_identifier": str(one)} for one in range(20)]
            if int(sys.argv[2]) % 2:
                artifacts.reverse()
            container = {"name": "x", "source_data_identifier": str(number // 2), "artifacts": artifacts[number % 2 :]}
            saved = store.containers.save(container, asset_id=1, appid=None, label="x", run=None)
            new += not saved.duplicate
            more = [{"container_id": saved.id, "name": str(one)} for one in (1, 2, 3)]
            assert all(one.id for one in store.artifacts.save(more, container_id=None, appid=None, run=None))
        print(new)
"""


def test_hosts_that_save_the_same_at_once(opened: Callable[[], Store], home: Path) -> None:
    store = opened()
    words = [sys.executable, "-c", textwrap.dedent(_HOST), str(home)]
    hosts = [
        subprocess.Popen(
            [*words, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
        )
        for number in range(3)
    ]
    for host in hosts:
        host.stdin.write(b"\n")
        host.stdin.flush()
    ended = [host.communicate(timeout=120) for host in hosts]
    assert [host.returncode for host in hosts] == [0, 0, 0], ended
    assert sum(int(output) for output, _ in ended) == 30
    found = store.containers.list()
    assert len(found) == 30 and {one["artifact_count"] for one in found} == {23}
    assert store.check() == []


def test_a_lost_connection_is_made_anew(store: Store, engine: str) -> None:
    if engine == "sqlite":
        pytest.skip("there is none")
    first = save(store, {"name": "x"}).id
    with store.database.connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    from psycopg import connect

    with connect(os.environ["SOARKIT_DATABASE_URL"], autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
    with pytest.raises(SurroundingsError, match=r"cannot be reached|refused"):
        save(store, {"name": "y"})
    assert save(store, {"name": "z"}).id > first
