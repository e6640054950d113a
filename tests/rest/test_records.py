"""Files, lists, choices, and what the platform says of itself."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rest.conftest import Ask

if TYPE_CHECKING:
    from soarkit.store.opened import Store

HELLO = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"  # SHA-1 of "hello"


def test_files(ask: Ask) -> None:
    ask("POST", "container", body={"name": "Box"})
    content = base64.b64encode(b"hello").decode()
    for path in ("/etc/passwd", "../../etc/passwd", "a\0b", ""):
        assert "local_path" in ask("POST", "container_attachment", body={"container_id": 1, "local_path": path}).refusal
    added = ask("POST", "container_attachment", body={"container_id": 1, "file_name": "h.txt", "file_content": content})
    assert added.status == 200
    assert (
        added.json.items() >= {"succeeded": True, "success": True, "vault_id": HELLO, "hash": HELLO, "size": 5}.items()
    )
    ask("POST", "container_attachment", body={"container_id": 1, "file_name": "t.txt", "file_content": "plain text"})
    found = ask("GET", "container_attachment", _filter_vault_document__hash=f'"{HELLO}"', pretty="")
    assert found.ids == [1]
    (row,) = found.json["data"]
    assert (row["name"], row["container"], row["vault_id"], row["size"]) == ("h.txt", 1, HELLO, 5)
    assert row["metadata"]["sha1"] == row["_pretty_metadata"]["sha1"] == HELLO
    assert Path(row["path"]).read_bytes() == b"hello"
    for name, value in (("name", '"t.txt"'), ("container_id", "1"), ("container__name", '"Box"'), ("size__gt", "6")):
        assert 2 in ask("GET", "container_attachment", **{f"_filter_{name}": value}).ids
    assert ask("GET", "container/1/attachments", sort="create_time", order="desc", page_size=1).ids == [2]
    document = ask("GET", f"vault_document/{row['vault_document']}").json
    assert (document["hash"], document["names"], document["meta"]["size"]) == (HELLO, ["h.txt"], 5)
    assert ask("DELETE", "vault_document/1").status == 405
    got = ask("GET", "download_attachment", vault_id=HELLO.upper())
    assert (got.content, got.kind) == (b"hello", "application/octet-stream")
    assert ask("GET", "download_attachment", vault_id="0" * 40).status == 404
    assert ask("DELETE", f"container_attachment/{HELLO.upper()}").status == 200
    assert ask("DELETE", f"container_attachment/{HELLO}").status == 404
    assert ask("DELETE", "container_attachment/2").status == 200
    assert ask("GET", "container_attachment").ids == []


def test_files_from_a_path(store: Store, ask: Ask, tmp_path: Path) -> None:
    home = tmp_path / "app_home"
    allowed = home / "vault" / "tmp" / "made"
    allowed.parent.mkdir(parents=True)
    allowed.write_bytes(b"hello")
    elsewhere = tmp_path / "secret"
    elsewhere.write_bytes(b"secret")
    os.symlink(elsewhere, allowed.parent / "link")
    caller = {"app_home": str(home)}
    added = ask("POST", "container_attachment", body={"local_path": str(allowed)}, caller=caller)
    assert added.json["vault_id"] == HELLO
    for path in (elsewhere, allowed.parent / "link", allowed.parent / ".." / ".." / ".." / "secret"):
        answer = ask("POST", "container_attachment", body={"local_path": str(path)}, caller=caller)
        assert (answer.status, "temporary folder" in answer.refusal) == (400, True)
    gone = ask("POST", "container_attachment", body={"local_path": str(allowed) + "x"}, caller=caller)
    assert gone.status == 400
    assert ask("POST", "container_attachment", body={"container_id": 5, "file_content": "x"}).status == 400
    assert ask("POST", "container_attachment", body={}).status == 400


def test_lists(ask: Ask) -> None:
    name = "a/b c"
    assert ask("POST", "decided_list", body={"name": name, "content": [["x", "y,z"], ["n", None]]}).json["id"] == 1
    assert ask("POST", "decided_list", body={"name": name, "content": []}).status == 400
    assert ask("POST", "decided_list", body={"content": []}).refusal == "name is required"
    assert ask("GET", "decided_list").json["data"][0]["name"] == name
    assert ask("GET", "decided_list/1").json["content"] == [["x", "y,z"], ["n", None]]
    ask("POST", "decided_list/1", body={"append_rows": ["q"], "update_rows": {"1": ["m"]}, "delete_rows": [0]})
    assert ask("GET", "decided_list/1").json["content"] == [["m"], ["q"]]
    assert ask("POST", "decided_list/1", body={"update_rows": {"7": ["m"]}}).status == 400
    assert ask("POST", "decided_list/1", body={"content": [["new"]]}).json["success"] is True
    assert ask("POST", "decided_list/1", body={"content": "x"}).status == 400
    for missing in ("None", "absent", "2"):
        assert ask("POST", f"decided_list/{missing}", body={"append_rows": [["q"]]}).status == 404
    assert ask("GET", "decided_list", _filter_name='"a/b c"').ids == [1]
    assert ask("DELETE", "decided_list/1").status == 200
    assert ask("GET", "decided_list/1").status == 404


def test_lists_as_csv(ask: Ask) -> None:
    ask("POST", "decided_list", body={"name": "names", "content": [["x", "y,z"], ["ü", None], [1]]})
    answer = ask("GET", "decided_list/names/formatted_content", _output_format="csv", _fs=",", _rs="\n")
    assert answer.kind.startswith("text/csv")
    assert answer.content.decode("utf-8-sig") == 'x,"y,z"\nü,\n1\n'
    assert ask("GET", "decided_list/names/formatted_content", _fs="long").status == 400


def test_choices(store: Store, ask: Ask) -> None:
    severities = ask("GET", "severity", page_size=100, sort="order", order="asc").json["data"]
    assert [one["name"] for one in severities] == ["high", "medium", "low"]
    assert [one["name"] for one in severities if one["is_default"]] == ["medium"]
    assert [one["order"] for one in severities] == [0, 1, 2]
    options = ask("GET", "container_options").json
    assert [one["name"] for one in options["severity"]] == ["high", "medium", "low"]
    assert [one["status_type"] for one in options["status"]] == ["new", "open", "resolved"]
    assert ask("POST", "system_settings/events", body={"add_label": True, "label_name": "Mails"}).json == {
        "success": True
    }
    assert "mails" in ask("GET", "container_options").json["label"]
    ask("POST", "system_settings/events", body={"remove_label": True, "label_name": "mails"})
    assert "mails" not in ask("GET", "container_options").json["label"]
    assert ask("POST", "system_settings/events", body={"label_name": "x"}).status == 400
    assert options["sensitivity"] == ["white", "green", "amber", "red"]
    assert options["tags"] == []


def test_a_severity_of_ones_own(ask: Ask) -> None:
    number = ask("POST", "severity", body={"name": "Critical", "color": "purple"}).json["id"]
    (added,) = ask("GET", "severity", _filter_id=number).json["data"]
    assert (added["name"], added["color"], added["disabled"]) == ("critical", "purple", False)
    for name in ("critical", "high", ""):
        assert ask("POST", "severity", body={"name": name}).status == 400
    made = ask("POST", "container", body={"name": "Box", "severity": "CRITICAL"}).json["id"]
    assert ask("GET", f"container/{made}").json["severity"] == "critical"


def test_the_platform(ask: Ask) -> None:
    assert ask("GET", "version").json == {"version": "8.6.0.0"}
    info = ask("GET", "system_info").json
    assert (info["base_url"], info["time_zone"]) == ("https://soar.example/", "UTC")
    assert ask("GET", "feature_flag/webhooks").json["config"] == {"webhooks_port": 443}
    assert ask("GET", "audit").json == []
    assert ask("GET", "search").status == 400
    assert ask("GET", "search", query="x").json == {"results": [], "count": 0}
    assert ask("GET", "cef", _filter_name='"sourceAddress"').json["data"][0]["data_type"] == ["ip"]
    assert [one["username"] for one in ask("GET", "ph_user").json["data"]] == ["admin"]
    assert ask("GET", "ph_user", _filter_type='"automation"').ids == [2]
    assert ask("GET", "user_info").json["username"] == "admin"
    assert ask("GET", "role").ids == [1, 2]


@pytest.mark.parametrize(
    "name", "scm playbook playbook_run custom_function app_status ingestion_status indicator".split()
)
def test_what_is_not_there(ask: Ask, name: str) -> None:
    nothing = {"count": 0, "num_pages": 1, "data": []}
    assert (
        ask("GET", name, page_size=0, _filter_name='"local"', _filter_scm="1", sort="name", pretty="").json == nothing
    )
    assert ask("GET", f"{name}/1").status == 404


def test_what_is_refused(ask: Ask) -> None:
    assert "playbooks" in ask("POST", "playbook_run", body={"run": True}).refusal
    assert ask("POST", "action_run", body={"action": "x"}).status == 400
    for path in ("", "case", "status", "label", "tag", "container/x", "container/1/2/3", "handler/x_1/asset"):
        answer = ask("GET", path)
        assert (answer.status, "json" in answer.kind, bool(answer.refusal)) == (404, True, True)
    for method, path in (("POST", "version"), ("PUT", "container"), ("PATCH", "container/1"), ("DELETE", "severity/1")):
        answer = ask(method, path)
        assert (answer.status, bool(answer.refusal)) == (405, True)
