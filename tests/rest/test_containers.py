"""Containers and artifacts are made, changed and deleted."""

from __future__ import annotations

import pytest
from rest.conftest import Ask

APP = {"own_session": True, "appid": "an-app", "run": "0123", "label": "mails"}
CONTAINER = {"name": "One", "label": "Events", "source_data_identifier": "x1", "asset_id": "7"}


def test_a_container_with_artifacts(ask: Ask) -> None:
    given = {**CONTAINER, "artifacts": [{"name": "a", "source_data_identifier": "1"}, "odd", {"name": "b"}]}
    answer = ask("POST", "container", body=given)
    assert answer.status == 200
    body = answer.json
    assert (body["success"], body["id"], body["new_artifact_ids"]) == (True, 1, [1, 2])
    first, odd, last = body["artifacts"]
    assert (first, last) == ({"id": 1}, {"id": 2})
    assert odd["failed"] is True
    record = ask("GET", "container/1").json
    assert (record["label"], record["asset"], record["severity"], record["status"]) == ("events", 7, "medium", "new")


@pytest.mark.parametrize(("caller", "status"), [(APP, 200), ({}, 400)])
def test_a_container_that_is_there(ask: Ask, caller: dict[str, object], status: int) -> None:
    artifacts = [{"name": "a", "source_data_identifier": "1"}]
    ask("POST", "container", body={**CONTAINER, "artifacts": artifacts})
    again = {**CONTAINER, "artifacts": [*artifacts, {"name": "b"}]}
    answer = ask("POST", "container", body=again, caller=caller)
    assert answer.status == status
    assert answer.refusal.startswith("duplicate")
    assert answer.json["existing_container_id"] == 1
    assert answer.json["artifacts"] == [{"existing_artifact_id": 1}, {"id": 2}]
    other = ask("POST", "container", body={**CONTAINER, "asset_id": 8})
    assert other.json["id"] == 2


def test_what_is_no_container(ask: Ask) -> None:
    assert ask("POST", "container", body={"label": "x"}).refusal == "name is required"
    assert ask("POST", "container", body=b"{").status == 400
    assert ask("POST", "container", body="text").status == 400
    answer = ask("POST", "container", body=[CONTAINER, {}, CONTAINER]).json
    assert [one.get("id") for one in answer] == [1, None, None]
    assert answer[1]["message"] == "name is required"
    assert answer[2]["existing_container_id"] == 1


def test_an_app_need_not_say_the_label(ask: Ask) -> None:
    ask("POST", "container", body={"name": "One"}, caller=APP)
    record = ask("GET", "container/1").json
    assert (record["label"], record["asset"], record["ingest_app"]) == ("mails", None, None)


def test_a_container_is_changed(ask: Ask) -> None:
    ask("POST", "container", body={**CONTAINER, "owner_id": 1})
    changes = {"status": "Open", "severity": "HIGH", "unknown": 1, "data": {"a": [1]}}
    answer = ask("POST", "container/1", body=changes)
    assert (answer.status, answer.json) == (200, {"success": True, "id": 1})
    before = ask("GET", "container/1").json
    assert (before["status"], before["severity"], before["data"]) == ("open", "high", {"a": [1]})
    assert (before["owner"], before["owner_name"], before["label"]) == (1, "admin", "events")
    # A whole record comes back as it was.
    assert ask("POST", "container/1", body=before).status == 200
    after = ask("GET", "container/1").json
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"container_update_time"}
    assert ask("POST", "container/9", body=changes).status == 404
    assert ask("POST", "container/1", body=[1]).status == 400


def test_a_copy_of_a_record(ask: Ask) -> None:
    ask("POST", "container", body={**CONTAINER, "tags": ["t"], "data": {"k": 1}})
    record = ask("GET", "container/1").json
    for name in ("asset", "artifact_count", "source_data_identifier", "ingest_app", "tenant", "id", "owner"):
        record.pop(name)
    assert ask("POST", "container", body=record).json["id"] == 2
    copy = ask("GET", "container/2").json
    assert (copy["tags"], copy["data"], copy["name"]) == (["t"], {"k": 1}, "One")


def test_containers_are_deleted(ask: Ask) -> None:
    for number in range(4):
        ask("POST", "container", body={"name": f"{number}", "artifacts": [{"name": "a"}]})
    assert ask("DELETE", "container/1").json["success"] is True
    assert ask("DELETE", "container/1").status == 404
    assert ask("DELETE", "container").status == 400
    assert ask("DELETE", "container", ids="1").status == 404
    assert ask("DELETE", "container", ids="2,3").json["success"] is True
    assert ask("DELETE", "container", body={"ids": [4]}).status == 200
    assert ask("GET", "artifact").ids == []


def test_artifacts(ask: Ask) -> None:
    ask("POST", "container", body=CONTAINER)
    given = {"container_id": "1", "name": "a", "cef": {"x": "1"}, "source_data_identifier": "s"}
    assert ask("POST", "artifact", body=given).json == {"success": True, "id": 1}
    for caller, status in ((APP, 200), ({}, 400)):
        answer = ask("POST", "artifact", body=given, caller=caller)
        assert (answer.status, answer.json["existing_artifact_id"]) == (status, 1)
        assert answer.refusal.endswith("already exists")
    without = {"container_id": 1, "name": "a", "cef": {"x": "1"}}
    assert [ask("POST", "artifact", body=without).json["id"] for _ in range(2)] == [2, 3]
    answer = ask("POST", "artifact", body=[without, {"container_id": 99}, given, 5])
    assert answer.status == 200
    first, gone, there, odd = answer.json
    assert first == {"success": True, "id": 4}
    assert gone["failed"]
    assert gone["message"]
    assert there["existing_artifact_id"] == 1
    assert odd["failed"]
    assert ask("POST", "artifact", body={"name": "a"}).status == 400


def test_an_artifact_is_changed(ask: Ask) -> None:
    ask(
        "POST",
        "container",
        body={**CONTAINER, "artifacts": [{"name": "a", "label": "pending", "cef": {"x": 1, "y": 2}}]},
    )
    change = {"id": 1, "cef": {"x": 5}, "tags": ["t"]}
    assert ask("POST", "artifact/1", body=change).json == {"success": True, "id": 1}
    record = ask("GET", "artifact/1").json
    assert (record["cef"], record["tags"], record["label"]) == ({"x": 5}, ["t"], "pending")
    assert ask("POST", "artifact/2", body=change).status == 404
    assert ask("DELETE", "artifact/1").status == 200
    assert ask("GET", "artifact/1").status == 404


def test_notes_and_comments(ask: Ask) -> None:
    ask("POST", "container", body=CONTAINER)
    assert ask("POST", "note", body={"container_id": 1, "title": "t", "content": "c", "phase": None}).json["id"] == 1
    note = ask("GET", "note/1").json
    assert (note["container"], note["title"], note["note_type"]) == (1, "t", "general")
    assert ask("POST", "note", body={"container_id": 9, "title": "t"}).status == 400
    assert ask("POST", "note", body={"title": "t"}).refusal == "container_id is required"
    assert ask("POST", "container_comment", body={"container_id": "1", "comment": "hm"}).json["success"] is True
    assert ask("POST", "container_comment", body={"container_id": 9, "comment": "hm"}).status == 404
    assert ask("POST", "container_comment", body={"container_id": 1}).status == 400
    assert ask("GET", "container/1/comments", pretty="").json["data"][0]["_pretty_user"] == "admin"
    assert ask("GET", "container/1/notes").ids == [1]
