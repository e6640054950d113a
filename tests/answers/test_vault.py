"""What apps get of the vault, lists and notes: real apps' processes, a real store."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS, Finished

from soarkit.store import open_store

HELLO = "f572d396fae9206628714fb2ce00f72e94f2258f"


@pytest.fixture
def call(soarkit: Callable[..., Finished]) -> Callable[..., list[Any]]:
    """Have an app call functions; what they returned, or the text of what they raised."""

    def call_functions(*calls: tuple[str, dict[str, Any]], arguments: tuple[str, ...] = ()) -> list[Any]:
        finished = soarkit(
            "run",
            str(APPS / "uses_the_vault"),
            "call",
            "--param",
            f"calls={json.dumps(calls)}",
            "--python",
            sys.executable,
            *arguments,
        )
        assert finished.code == 0, finished.stderr
        return [one.get("returned", one.get("raised")) for one in finished.data]

    return call_functions


@pytest.fixture
def hello(tmp_path: Path) -> str:
    path = tmp_path / "hello.txt"
    path.write_text("hello\n")
    return str(path)


def container(home: Path) -> int:
    with open_store(str(home)) as store:
        return store.containers.save({"name": "Mail"}, asset_id=1, appid=None, label="incident", run=None).id


def test_files_of_a_run_without_a_container(call: Callable[..., list[Any]], hello: str, home: Path) -> None:
    added, given, info, read, path, wrong, nothing, found = call(
        ("vault_add", {"file_location": hello, "metadata": {"contains": ["txt"]}}),
        ("Vault.add_attachment", {"file_location": hello, "container_id": 0, "file_name": "other"}),
        # Most apps give the container of the run, which is 0 here.
        ("vault_info", {"vault_id": HELLO.upper(), "container_id": 0}),
        ("read", {"vault_id": HELLO}),
        ("Vault.get_file_path", {"vault_id": HELLO}),
        ("Vault.get_file_path", {"vault_id": "ff" * 20}),
        ("vault_info", {}),
        ("Vault.get_file_info", {"container_id": "0"}),
    )
    assert added == [True, "hello.txt added to the vault", HELLO]
    message = given.pop("message")
    assert message == "other added to the vault"
    assert given == {
        "succeeded": True,
        "failed": False,
        "hash": HELLO,
        "vault_id": HELLO,
        "size": 6,
        "container": 0,
        "file_name": "other",
        "id": given["id"],
    }
    assert info[:2] == [True, "2 files found"] and [one["name"] for one in info[2]] == ["hello.txt", "other"]
    assert info[2][0]["user"] == "uses the vault" and info[2][0]["contains"] == ["vault id", "txt"]
    assert read == "hello\n"
    assert path == str(home / "phantom" / "vault" / "f5" / "72" / HELLO) == info[2][0]["path"]
    assert wrong == f"ValueError: the vault has no file with id {'ff' * 20}"
    assert nothing[0] is False and nothing[2] == []
    assert found == info[2]


def test_failures_are_answers(call: Callable[..., list[Any]], hello: str, tmp_path: Path) -> None:
    absent = str(tmp_path / "absent")
    *failed, deleted = call(
        ("vault_add", {"file_location": absent}),
        ("vault_add", {"container": 99, "file_location": hello}),
        ("vault_add", {"container": "x", "file_location": hello}),
        ("vault_add", {"container": 10**30, "file_location": hello}),
        ("vault_add", {"file_location": hello, "metadata": ["x"]}),
        ("vault_add", {"file_location": str(tmp_path)}),
        ("vault_add", {}),
        ("vault_delete", {"vault_id": HELLO}),
    )
    assert all(one[0] is False and one[1] and one[2] is None for one in failed)
    assert absent in failed[0][1]
    assert "there is no container 99" in failed[1][1]
    assert "'x' is no container's id" in failed[2][1]
    assert deleted == [False, f"the vault has no file with id {HELLO}", []]
    [attached] = call(("Vault.add_attachment", {"file_location": absent, "container_id": 0}))
    assert attached["failed"] is True and attached["succeeded"] is False
    assert attached["message"] == attached["error"] and absent in attached["message"]


def test_files_of_a_container(call: Callable[..., list[Any]], hello: str, home: Path) -> None:
    number = container(home)
    added, _, again, own, same, other, refused, deleted, gone = call(
        ("vault_add", {"file_location": hello}),  # into the container of the run
        ("vault_add", {"container": {"id": number}, "file_location": hello, "file_name": "b"}),
        ("vault_add", {"container": str(number), "file_location": hello}),
        ("vault_info", {"container_id": number}),
        ("vault_info", {"container_id": {"id": number}}),
        ("vault_info", {"container_id": {"id": number + 1}, "vault_id": HELLO}),
        ("vault_delete", {"vault_id": HELLO, "container_id": number}),
        ("vault_delete", {"vault_id": HELLO, "remove_all": True}),
        ("vault_info", {"container_id": 0}),
        arguments=("--container", str(number)),
    )
    assert again == [True, "hello.txt is in the vault already", added[2]]
    assert [(one["container"], one["container_id"], one["name"]) for one in own[2]] == [
        ("Mail", number, "hello.txt"),
        ("Mail", number, "b"),
    ]
    assert same == own
    assert other == [False, f"the vault has no file with id {HELLO}, container {number + 1}", []]
    assert refused == [False, "2 files fit and remove_all is not set: nothing was deleted", []]
    assert deleted == [True, "2 files deleted", ["hello.txt", "b"]]
    assert gone == [False, "the vault has no file with container 0", []]


def test_a_replay_reads_the_vault_and_leaves_it_alone(
    call: Callable[..., list[Any]], hello: str, home: Path, tmp_path: Path
) -> None:
    call(("vault_add", {"file_location": hello}))
    other = tmp_path / "other"
    other.write_text("other")
    cassette = tmp_path / "recording.yaml"
    calls = (
        ("read", {"vault_id": HELLO}),
        ("vault_info", {"vault_id": HELLO, "container_id": 0}),
        ("vault_add", {"container": 0, "file_location": str(other)}),
        ("vault_info", {"file_name": "other"}),
        ("add_list", {"list_name": "l", "values": ["a"]}),
        ("vault_delete", {"vault_id": HELLO}),
    )
    cassette.write_text("interactions: []\nversion: 1\n")
    read, info, added, found, *_ = call(*calls, arguments=("--replay", str(cassette)))
    assert read == "hello\n" and info[0] is True
    assert added[0] is True and found[2][0]["path"].startswith(str(home)) is False
    with open_store(str(home)) as store:
        assert [one["vault_id"] for one in store.vault.find()] == [HELLO]
        assert store.lists.list() == []


def test_a_replay_without_a_store_makes_none(call: Callable[..., list[Any]], home: Path, tmp_path: Path) -> None:
    cassette = tmp_path / "recording.yaml"
    cassette.write_text("interactions: []\nversion: 1\n")
    [info, added] = call(
        ("vault_info", {"vault_id": HELLO}),
        # The recording was made with a container that is not here.
        ("vault_add", {"container": 12, "file_location": __file__}),
        arguments=("--replay", str(cassette)),
    )
    assert info[0] is False and added[0] is True
    assert not (home / "store" / "soarkit.sqlite3").exists()
    assert not (home / "phantom" / "vault").exists()


def test_an_app_cannot_spoil_what_is_kept(call: Callable[..., list[Any]], hello: str, home: Path) -> None:
    call(("vault_add", {"file_location": hello}))
    path = home / "phantom" / "vault" / "f5" / "72" / HELLO
    if os.getuid() != 0:  # to whom rights mean nothing
        with pytest.raises(AssertionError, match="Permission denied"):
            call(("write into", {"path": str(path)}))
    assert path.read_text() == "hello\n"


def test_lists(call: Callable[..., list[Any]]) -> None:
    answers = call(
        ("get_list", {"list_name": "l"}),
        ("add_list", {"list_name": "l", "values": ["a", 1]}),
        ("add_list", {"list_name": "l", "values": "B"}),
        ("get_list", {"list_name": "l"}),
        ("get_list", {"list_name": "l", "values": ["1", "B"]}),
        ("get_list", {"list_name": "l", "values": ["1", "B"], "column_index": 0}),
        ("check_list", {"list_name": "l", "value": "b"}),
        ("check_list", {"list_name": "l", "value": "b", "case_sensitive": True}),
        ("check_list", {"list_name": "l", "value": "", "substring": True}),
        ("delete_from_list", {"list_name": "l", "value": "b"}),
        ("delete_from_list", {"list_name": "l", "value": "B", "remove_row": True}),
        ("set_list", {"list_name": "l", "values": ["x", "y"]}),
        ("get_list", {"list_name": "l"}),
        ("set_list", {"list_name": "l", "values": [[]]}),
        ("get_list", {"list_name": "l"}),
        ("get_list", {}),
    )
    assert answers == [
        [False, "there is no list 'l'", []],
        [True, "1 row added to the list l"],
        [True, "1 row added to the list l"],
        [True, "2 rows found", [["a", "1"], ["B"]]],
        [True, "2 rows found", [["a", "1"], ["B"]]],
        [True, "1 row found", [["B"]]],
        [True, "1 row found", 1],
        [True, "0 rows found", 0],
        [True, "2 rows found", 2],
        [False, "the list 'l' does not have the value 'b'"],
        [True, "1 row removed from the list l"],
        [True, "the list l has been set"],
        [True, "1 row found", [["x", "y"]]],
        [True, "the list l has been set"],
        [True, "1 row found", [[]]],
        [False, "list_name is needed", []],
    ]


def test_notes_containers_and_artifacts(call: Callable[..., list[Any]], home: Path) -> None:
    number = container(home)
    with open_store(str(home)) as store:
        [artifact] = store.artifacts.save([{"name": "a"}], container_id=number, appid=None, run=None)
    noted, nowhere, found, absent, deleted, again = call(
        ("add_note", {"container": number, "note_type": "general", "title": "t", "content": "c", "name": "n"}),
        ("add_note", {"title": "t"}),
        ("get_container", {"container_id": str(number)}),
        ("get_container", {"container_id": 99}),
        ("delete_artifact", {"artifact_id": artifact.id}),
        ("delete_artifact", {"artifact_id": artifact.id}),
    )
    assert noted[0] is True
    assert nowhere == [False, "a note belongs to a container, and this run has none", None]
    assert (found["id"], found["name"], absent) == (number, "Mail", None)
    assert (deleted, again) == (True, False)
    with open_store(str(home)) as store:
        assert store.notes.get(noted[2])["author"] == "uses the vault"


def test_much_in_little_memory(soarkit: Callable[..., Finished]) -> None:
    for by, limit in (("file", 60 << 10), ("contents", 200 << 10)):
        finished = soarkit(
            "run",
            str(APPS / "uses_the_vault"),
            "add much",
            "--param",
            "megabytes=100",
            "--param",
            f"by={by}",
            "--python",
            sys.executable,
        )
        [data] = finished.data
        assert data["size"] == 100 << 20 and data["succeeded"] is True
        assert data["peak_kib"] < limit  # contents are there once
