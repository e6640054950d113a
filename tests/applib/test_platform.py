"""What needs a host: without one each function gives its own failure value, with one its answer."""

from __future__ import annotations

import os
from pathlib import Path

import phantom.rules
import pytest
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector
from phantom.connector_result import ConnectorResult
from phantom.vault import Vault
from soarkit_app import session

NEEDS = "soarkit does not offer"
BY_HAND = "works only where soarkit runs the app, as with: soarkit run APP ACTION"


@pytest.mark.parametrize(
    ("call", "rest"),
    [
        (lambda: phantom.rules.vault_add(container=1, file_location="x", file_name="n", metadata={}), (None,)),
        (lambda: phantom.rules.vault_add(1, "x", "n"), (None,)),
        (lambda: phantom.rules.vault_info(vault_id="v", container_id=1, trace=True), ([],)),
        (lambda: phantom.rules.vault_delete("v", remove_all=True), ([],)),
        (lambda: phantom.rules.get_list("l"), ([],)),
        (lambda: phantom.rules.set_list("l", [[1]]), ()),
        (lambda: phantom.rules.add_list("l", [1]), ()),
        (lambda: phantom.rules.delete_from_list("l", 1), ()),
        (lambda: phantom.rules.check_list("l", 1), (0,)),
        (lambda: phantom.rules.add_note(container=1, note_type="general", title="t", content="c", name="n"), (None,)),
        (lambda: BaseConnector().save_container(container={"name": "c", "odd": {1}}), (None,)),
        (lambda: BaseConnector().save_container_ingest({}), (None,)),
        (lambda: BaseConnector().save_artifacts(artifacts=[{}]), (None,)),
        (lambda: BaseConnector().save_artifact({}), (None,)),
        (lambda: BaseConnector().save_artifact_ingest({}), (None,)),
    ],
)
def test_without_a_store(call, rest, surroundings):
    status, message, *others = call()
    assert status is False and NEEDS in message and tuple(others) == rest


def test_by_hand_it_says_how_to_run_the_app(monkeypatch):
    monkeypatch.setattr(session, "current", session.Session())
    status, message, entries = phantom.rules.vault_info("x")
    assert (status, message, entries) == (False, f"vault_info {BY_HAND}", [])


def test_other_failure_values(surroundings):
    status, reason, http_status = BaseConnector().get_container_info()
    assert status is False and NEEDS in reason and http_status == 503
    assert phantom.rules.get_container(1) is None
    assert phantom.rules.delete_artifact(1) is False
    assert BaseConnector().save_artifacts([]) == (True, "There are no artifacts to save", [])
    status, message, entries = BaseConnector().save_containers([{}, {}])
    assert status is False and "0 of 2" in message and [entry["success"] for entry in entries] == [False, False]
    assert BaseConnector().suspend_run("key") == ""
    assert surroundings.errors()[-1].startswith("the run cannot be suspended: ") and NEEDS in surroundings.errors()[-1]


def test_attachments_without_a_vault(home):
    for answer in (
        Vault.create_attachment("text", 1, file_name="n", metadata={"contains": ["x"]}),
        Vault.create_attachment(b"bytes", container_id=1),
        Vault.add_attachment(file_location="/nowhere", container_id=1, file_name="n"),
        phantom.rules.add_attachment("/nowhere", 1),
    ):
        assert answer["succeeded"] is False and answer["failed"] is True
        assert answer["message"] == answer["error"] and BY_HAND in answer["message"]
    assert os.listdir(home / "vault" / "tmp") == []
    assert Vault.get_file_info(vault_id="x") == [] and Vault.get_meta_by_hash(1, "x") == []
    for function in (Vault.get_file_path, phantom.rules.get_vault_file):
        with pytest.raises(ValueError, match=BY_HAND):
            function("x")


def test_the_temporary_folder_works(home):
    from phantom.vault import get_vault_tmp_dir
    from phantom_common.paths import PHANTOM_VAULT

    folder = Vault.get_vault_tmp_dir()
    assert folder == get_vault_tmp_dir() == phantom.rules.get_vault_tmp_dir() == PHANTOM_VAULT + "/tmp"
    assert folder == str(home / "vault" / "tmp")
    Path(folder, "x").write_text("writable")


def test_answers_of_a_host(surroundings):
    entry = {"path": "/p", "metadata": {"sha1": "v"}}
    surroundings.answers.update(
        vault_add=[True, "added", "v"],
        vault_info=[True, "found", [entry]],
        vault_delete=[1, "deleted", ["n"]],
        add_attachment={"succeeded": True, "vault_id": "v"},
        get_list=[True, "ok", [["a"]]],
        get_container=[True, "ok", {"id": 1}],
        delete_artifact=[True, "ok"],
        save_container=[True, "Duplicate container found", 4],
        save_artifacts=[True, "saved", [5]],
        get_container_info=[True, {"id": 4}, 200],
        suspend_run="token",
    )
    assert phantom.rules.vault_add(container={"id": 1}, file_location=Path("x")) == (True, "added", "v")
    assert phantom.rules.vault_info(vault_id="v") == (True, "found", [entry])
    assert phantom.rules.vault_delete("v") == (True, "deleted", ["n"])
    assert Vault.get_file_path("v") == "/p" and Vault.get_meta_by_hash(1, "v") == [{"sha1": "v"}]
    assert Vault.create_attachment("text", 1)["vault_id"] == "v"
    assert phantom.rules.get_list(list_name="l") == (True, "ok", [["a"]])
    assert phantom.rules.get_container(1) == {"id": 1} and phantom.rules.delete_artifact(5) is True
    connector = BaseConnector()
    assert connector.save_container({"name": "c"}, fail_on_duplicate=True) == (True, "Duplicate container found", 4)
    assert connector.save_artifact({"cef": {"a": {1}}}) == (True, "saved", 5)
    assert connector.get_container_info(4) == (True, {"id": 4}, 200)
    assert connector.suspend_run("key") == "token"
    asked = dict(surroundings.asked)
    assert asked["save_container"] == {"container": {"name": "c"}, "fail_on_duplicate": True}
    assert asked["save_artifacts"]["artifacts"] == [{"cef": {"a": [1]}}]
    assert asked["vault_add"]["file_location"] == os.path.abspath("x")  # the host is in another folder


@pytest.mark.parametrize("answer", [None, "text", [], [True], {}])
def test_a_host_that_answers_nonsense(surroundings, answer):
    surroundings.answers.update(dict.fromkeys(["vault_info", "save_container"], answer))
    assert phantom.rules.vault_info("v")[0] is False
    assert BaseConnector().save_container({})[0] is False


@pytest.mark.parametrize("answer", [None, "text", [], [True, "ok"], [True, "ok", None], [True, "ok", [1], 2]])
@pytest.mark.parametrize(
    "call",
    [
        lambda: phantom.rules.vault_add(1, "x"),
        lambda: phantom.rules.vault_info("v"),
        lambda: phantom.rules.vault_delete("v"),
        lambda: phantom.rules.get_list("l"),
        lambda: phantom.rules.set_list("l", []),
        lambda: phantom.rules.check_list("l", 1),
        lambda: phantom.rules.get_container(1),
        lambda: Vault.create_attachment("x", 1),
        lambda: BaseConnector().save_container({}),
        lambda: BaseConnector().save_containers([{}]),
        lambda: BaseConnector().save_artifacts([{}]),
        lambda: BaseConnector().get_container_info(1),
    ],
)
def test_no_answer_raises(surroundings, call, answer):
    names = ["vault_add", "vault_info", "vault_delete", "get_list", "set_list", "check_list", "get_container"]
    names += ["add_attachment", "save_container", "save_artifacts", "get_container_info"]
    surroundings.answers.update(dict.fromkeys(names, answer))
    call()


@pytest.mark.parametrize("contents", [5, None, ["text"], {"a": 1}, object()])
def test_contents_that_are_no_file(home, surroundings, contents):
    answer = Vault.create_attachment(contents, 1)
    assert answer["succeeded"] is False and f"not {type(contents).__name__}" in answer["message"]
    assert surroundings.asked == [] and not (home / "vault").exists()


@pytest.mark.parametrize("contents", ["tëxt", "tëxt".encode(), bytearray("tëxt".encode()), memoryview("tëxt".encode())])
def test_contents_of_an_attachment(surroundings, monkeypatch, contents):
    def call(name, file_location, **_):
        with open(file_location, "rb") as file:
            return {"succeeded": True, "read": file.read()}

    monkeypatch.setattr(surroundings, "call", call)
    assert Vault.create_attachment(contents, 1)["read"] == "tëxt".encode()


def test_text_that_has_no_bytes(home):
    assert Vault.create_attachment("\ud800", 1)["failed"] is True


@pytest.mark.parametrize("location", [None, 5, "", ["x"]])
def test_locations_that_are_no_path(surroundings, location):
    status, message, vault_id = phantom.rules.vault_add(container=1, file_location=location)
    assert status is False and message and vault_id is None
    assert Vault.add_attachment(location, 1)["succeeded"] is False
    assert surroundings.asked == []


def test_paths_of_every_kind(surroundings):
    for location in ("/x", Path("/x"), b"/x"):
        phantom.rules.vault_add(1, location)
    assert [arguments["file_location"] for _, arguments in surroundings.asked] == ["/x", "/x", "/x"]


def broken():
    yield {}
    raise RuntimeError("the source is gone")


@pytest.mark.parametrize("items", [None, 5, "text", {"name": "c"}, broken()])
def test_what_is_no_list_of_containers(surroundings, items):
    status, message, entries = BaseConnector().save_containers(items)
    assert status is False and message.startswith("the containers cannot be saved: ") and entries == []
    assert surroundings.asked == []


@pytest.mark.parametrize("items", [5, "text", {"name": "c"}, broken()])
def test_what_is_no_list_of_artifacts(surroundings, items):
    status, message, ids = BaseConnector().save_artifacts(items)
    assert status is False and message and ids is None
    assert surroundings.asked == []


def test_iterables_of_containers_and_artifacts(surroundings):
    surroundings.answers.update(save_container=[True, "saved", 4], save_artifacts=[True, "saved", [5, 6]])
    connector = BaseConnector()
    assert connector.save_containers({"name": name} for name in "ab")[:2] == (True, "2 of 2 containers saved")
    assert connector.save_artifacts({"name": name} for name in "ab") == (True, "saved", [5, 6])
    assert surroundings.asked[-1][1]["artifacts"] == [{"name": "a"}, {"name": "b"}]
    for nothing in (None, [], iter(())):
        assert connector.save_artifacts(nothing) == (True, "There are no artifacts to save", [])
    assert connector.save_containers([]) == (False, "0 of 0 containers saved", [])


def test_rest_urls():
    assert phantom.rules.build_phantom_rest_url("container", 1) == "https://localhost:9999/rest/container/1"
    assert phantom.rules.build_phantom_rest_url() == "https://localhost:9999/rest/"
    assert phantom.rules.build_phantom_rest_url("decided_list", "my list?", "7/").endswith(
        "/rest/decided_list/my%20list%3F/7"
    )


def test_contents_of_any_kind(home, surroundings, monkeypatch):
    kept = []

    def keep(name, file_location, **about):
        kept.append((Path(file_location).read_bytes(), about["file_name"]))
        return {"succeeded": True}

    monkeypatch.setattr(surroundings, "call", keep)
    long = "ä" * 3_000_000
    for contents in ("ä\udcff", long, b"bytes", bytearray(b"array"), memoryview(b"view"), b""):
        assert Vault.create_attachment(contents, "1", file_name=Path("n"))["succeeded"] is True
    expected = ["ä".encode() + b"\xff", long.encode(), b"bytes", b"array", b"view", b""]
    assert kept == [(one, "n") for one in expected]
    for contents in (5, None, "\ud800", memoryview(b"abcd")[::2], ["x"]):
        assert Vault.create_attachment(contents, 1)["failed"] is True
    assert os.listdir(home / "vault" / "tmp") == []


def test_what_is_asked_of_the_vault_is_text(surroundings):
    surroundings.answers.update(vault_info=[False, "none", []], vault_delete=[False, "none", []])
    phantom.rules.vault_info(vault_id=b"ff", file_name=Path("n"), container_id={"odd": {1}})
    assert surroundings.asked[-1][1] == {"vault_id": "ff", "file_name": "n", "container_id": {"odd": [1]}}
    phantom.rules.vault_delete(vault_id="", file_name=None, container_id="4", remove_all=1)
    assert surroundings.asked[-1][1] == {
        "vault_id": None,
        "file_name": None,
        "container_id": "4",
        "remove_all": True,
    }


@pytest.mark.parametrize("name", ["act", "collect", "debug", "format", "datastore_get", "prompt2"])
def test_functions_of_playbooks_say_what_they_are(name, surroundings):
    assert hasattr(phantom.rules, name) and name not in vars(phantom.rules)
    with pytest.raises(NotImplementedError, match=f"phantom.rules.{name} belongs to playbooks"):
        getattr(phantom.rules, name)(1, two=2)
    assert name in surroundings.errors()[-1]


def test_unknown_names_of_the_playbook_api_stay_unknown():
    assert not hasattr(phantom.rules, "no_such_function")
    names = {}
    exec("from phantom.rules import *; from phantom.rules import act", names)
    assert {"Vault", "vault_info", "get_list", "is_ip", "APP_SUCCESS", "act"} <= names.keys()
    assert "format" not in names


def test_the_rest_client_of_webhooks(monkeypatch, surroundings, tmp_path):
    (tmp_path / "requests.py").write_text("class Session:\n    def __init__(self): self.headers = {}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(__import__("sys").modules, "requests", raising=False)
    from phantom_common.app_interface.app_interface import SoarRestClient

    client = SoarRestClient("token", 5)
    assert client.base_url == "https://localhost:9999/rest" and client.asset_id == 5
    assert client.session.headers["Cookie"] == "sessionid=token"
    assert client.get_related_connector_run("key") == {}
    assert client.finish_related_connector_run("key", result={}) is False


def test_a_connector_result_of_a_webhook():
    stored = {"status": "success", "message": "asked", "parameter": {"a": 1}, "data": []}
    result = ConnectorResult.from_dict(stored)
    added = ActionResult({"a": 1})
    added.set_status(True, "answered")
    result.add_item(added)
    result.postprocess_action_results()
    values = result.get_dict()
    assert values["status"] == "success" and values["message"] == "answered"
    assert [one["message"] for one in values["result_data"]] == ["answered"]


def test_a_connector_result_of_a_stored_run(bench):
    class Contoso(BaseConnector):
        def handle_action(self, param):
            self.update_summary({"extra": 1})
            return self.add_action_result(ActionResult(param)).set_status(True, "one")

    run = bench.run(Contoso, connector_run_id=9)
    result = ConnectorResult.from_dict(run)
    assert result.get_dict() == run
    result.add_exception(ValueError("later"))
    result.postprocess_action_results()
    assert result.get_dict()["status"] == "failed" and result.get_dict()["exception_occured"] is True
    assert ConnectorResult.from_dict({}).get_dict()["result_data"] == []
