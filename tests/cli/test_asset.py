"""``soarkit asset``: make, show, change, list, delete and test assets."""

from __future__ import annotations

import gc
import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Finished
from installing import install
from jsonschema import Draft202012Validator

import soarkit as library
from soarkit.errors import InputError, RequestError, UsageError
from soarkit.store import open_store, spool

Soarkit = Callable[..., Finished]
SECRET = "secret-of-4711"
MASK = "********"
ENVELOPE = Path(__file__).parents[2] / "schemas" / "envelope.schema.json"


@pytest.fixture
def echo(home: Path) -> Path:
    """The echo app, installed."""
    install(home, "echo")
    return home


@pytest.fixture
def asset(soarkit: Soarkit, echo: Path) -> Soarkit:
    """``soarkit asset ARGUMENTS``, with an asset there."""
    words = ["asset", "create", "production", "--app", "echo", "-c", "server=one.example", "-c", "token=env:TOKEN"]
    assert soarkit(*words, TOKEN=SECRET).code == 0
    return lambda *arguments, **variables: soarkit("asset", *arguments, **variables)


def shown(soarkit: Soarkit, name: str) -> Any:
    return soarkit("asset", "show", name, "-f", "json").json()["asset"]


def nowhere(folder: Path, text: str) -> bool:
    return not any(text.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_values_are_typed_and_defaults_filled(soarkit: Soarkit, echo: Path, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{SECRET}\n")
    made = soarkit(
        *("asset", "create", "staging", "--app", "echo", "--product-version", "12.4", "--concurrency", "2"),
        *("--description", "Our second one", "-c", "server:=\"two.example\"", "-c", "retries=7", "-c", "verify=no"),
        *("-c", "token=@token", "-f", "json"),
    )  # fmt: skip
    assert made.code == 0, made
    assert made.json()["asset"] == {
        "id": 1,
        "name": "staging",
        "app": "echo",
        "product_vendor": "Contoso",
        "product_name": "Contoso Test",
        "product_version": "12.4",
        "concurrency_limit": 2,
        "description": "Our second one",
        "configuration": {"server": "two.example", "retries": 7, "verify": False, "mode": "fast", "token": MASK},
        "variables": {},
        "needs": [],
        "state": "configured",
    }
    assert shown(soarkit, "1") == made.json()["asset"]
    text = soarkit("asset", "show", "staging").stdout
    assert "two.example" in text
    assert text.index("server") < text.index("token") < text.index("retries")  # in the form's order
    assert SECRET not in made.stdout + text
    assert nowhere(echo, SECRET)


def test_what_is_required_must_be_given_where_nobody_can_be_asked(soarkit: Soarkit, echo: Path) -> None:
    finished = soarkit("asset", "create", "staging", "--app", "echo")
    assert finished.code == 2
    assert "server (Server address)" in finished.stderr
    assert "--config server=..." in finished.stderr
    assert "no assets" in soarkit("asset", "list").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["create", "x"], "what the asset is for"),
        (["create", "x", "--app", "echo", "--vendor", "Contoso"], "what the asset is for"),
        (["create", "x", "--vendor", "Contoso"], "what the asset is for"),
        (["create", "x", "--app", "ecko"], "did you mean 'echo'?"),
        (["create", "x", "--vendor", "Nobody", "--product", "Nothing"], "no app for Nobody Nothing is installed"),
        (["create", "x", "--app", "echo", "-c", "server=s", "-c", "sever=s"], "did you mean 'server'"),
        (["create", "x", "--app", "echo", "-c", "server=s", "-c", "retries=few"], "takes a number"),
        (["create", "x", "--app", "echo", "-c", "server=s", "-c", "verify=maybe"], "true or false"),
        (["create", "x", "--app", "echo", "-c", "server=s", "-c", "mode=slow"], "list of values: fast, full"),
        (["create", "x", "--app", "echo", "-c", "server=s", "--concurrency", "0"], "whole number above 0"),
        (["create", "7", "--app", "echo", "-c", "server=s"], "numbers are ids"),
        (["create", "Production", "--app", "echo", "-c", "server=s"], "there is an asset"),
        (["show", "prodction"], "did you mean 'production'?"),
        (["edit", "production"], "say what to change"),
        (["edit", "production", "-c", "sever=s"], "did you mean 'server'"),
        (["edit", "production", "--unset", "sever"], "did you mean 'server'"),
        (["edit", "nothing", "-c", "server=s"], "there is no asset 'nothing'"),
        (["delete", "production"], "--yes"),
        (["delete", "nothing", "--yes"], "there is no asset 'nothing'"),
        (["test", "nothing"], "there is no asset 'nothing'"),
        (["list", "--app", "ecko"], "did you mean 'echo'?"),
    ],
)
def test_wrong_requests(asset: Soarkit, soarkit: Soarkit, words: list[str], said: str) -> None:
    before = shown(soarkit, "production")
    finished = asset(*words, "-f", "json")
    assert finished.code == 2, finished
    assert said in finished.stderr
    assert finished.json()["error"]["message"]
    assert shown(soarkit, "production") == before
    assert len(asset("list", "-f", "json").json()["assets"]) == 1


def test_editing(asset: Soarkit, soarkit: Soarkit) -> None:
    words = ["-c", "retries=9", "--unset", "mode", "--rename", "main", "--product-version", "13", "--concurrency", "4"]
    assert asset("edit", "production", *words).code == 0
    edited = shown(soarkit, "main")
    assert edited["configuration"] == {"server": "one.example", "retries": 9, "verify": True, "token": MASK}
    assert (edited["id"], edited["product_version"], edited["concurrency_limit"]) == (1, "13", 4)
    assert asset("edit", "main", "--product-version", "none", "--concurrency", "none").code == 0
    edited = shown(soarkit, "main")
    assert (edited["product_version"], edited["concurrency_limit"]) == (None, None)


def test_an_asset_that_needs_configuration(asset: Soarkit, soarkit: Soarkit) -> None:
    finished = asset("edit", "production", "--unset", "server")
    assert finished.code == 0
    assert "needs configuration: server" in finished.stdout
    assert "needs configuration: server" in asset("list").stdout
    finished = soarkit("run", "echo", "--asset", "production", "-p", "text=x", "--python", sys.executable)
    assert finished.code == 2
    assert "needs configuration: server" in finished.stderr
    assert "soarkit asset edit production --config server=..." in finished.stderr


def test_an_asset_for_a_product(soarkit: Soarkit, echo: Path) -> None:
    def other(fields: dict[str, Any]) -> dict[str, Any]:
        return {"tenant": {"data_type": "string", "required": True}, "token": {"data_type": "string"}}

    install(echo, "echo", name="second", appid="0000", configuration=other)
    words = ["--vendor", "contoso", "--product", "Contoso Test", "-c", "tenant=t", "-c", f"token={SECRET}"]
    refused = soarkit("asset", "create", "both", *words[:4])
    assert refused.code == 2  # neither app could use it
    assert "required configuration is missing" in refused.stderr
    made = soarkit("asset", "create", "both", *words, "-f", "json")
    assert made.code == 0, made
    assert made.json()["asset"]["app"] is None
    assert made.json()["asset"]["configuration"]["token"] == MASK  # a password in one app is one in all
    finished = soarkit("run", "echo", "--asset", "both", "-p", "text=x", "--python", sys.executable)
    assert finished.code == 0, finished
    assert "passing over echo 1.0.0" in finished.stderr
    assert finished.data[0]["config"]["tenant"] == "t"
    assert "both" in soarkit("asset", "list", "--app", "echo").stdout


def test_deleting_takes_the_state_with_it(asset: Soarkit, echo: Path) -> None:
    states = echo / "phantom" / "local_data" / "app_states" / "9435c56a-e8c8-493d-950a-fcf410963454"
    states.mkdir(parents=True)
    for asset_id in (1, 11):
        (states / f"{asset_id}_state.json").write_text("{}")
    finished = asset("delete", "production", "--yes")
    assert finished.code == 0
    assert [path.name for path in states.iterdir()] == ["11_state.json"]
    assert not asset("list", "-f", "json").json()["assets"]


def _with_test(outcome: str) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """The echo app's actions, one of which tests connectivity."""
    identifier = {"success": "surroundings", "failed": "refuse"}[outcome]

    def change(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        (one,) = (action for action in actions if action["identifier"] == identifier)
        others = [action for action in actions if action is not one]
        return [*others, {**one, "action": "test connectivity", "type": "test", "parameters": {}}]

    return change


@pytest.mark.parametrize(("outcome", "code"), [("success", 0), ("failed", 1)])
def test_testing_connectivity(soarkit: Soarkit, home: Path, outcome: str, code: int) -> None:
    app = install(home, "echo", actions=_with_test(outcome))
    assert app.slug == "echo"
    soarkit("asset", "create", "production", "--app", "echo", "-c", "server=s")
    soarkit("asset", "create", "both", "--vendor", "Contoso", "--product", "Contoso Test", "-c", "server=s")
    for name in ("production", "both"):
        finished = soarkit("asset", "test", name, "-f", "json", "--python", sys.executable)
        assert finished.code == code, finished
        assert finished.json()["action"] == "test connectivity"


def test_an_app_without_a_connectivity_test(asset: Soarkit) -> None:
    finished = asset("test", "production")
    assert finished.code == 2
    assert "no action that tests connectivity" in finished.stderr


def test_from_python(asset: Soarkit, echo: Path) -> None:
    result = library.run(None, "echo", {"text": "x"}, asset="production", python=sys.executable)
    assert result.data[0]["asset_id"] == "1"
    assert result.data[0]["config"]["token"] == SECRET
    result = library.run(
        "echo", "echo", {"text": "x"}, asset="production", config={"server": "two"}, python=sys.executable
    )
    assert result.data[0]["config"]["server"] == "two"
    with open_store(str(echo)) as store:
        store.assets.edit("production", unset=["server"])
        assert {one.asset for one in store.runs.list()} == {"production"}
    with pytest.raises(InputError, match="needs configuration: server"):
        library.run(None, "echo", {"text": "x"}, asset="production", python=sys.executable)
    with pytest.raises(RequestError, match="no such file or folder"):
        library.run(Path("echo"), "echo", {"text": "x"}, asset="production")
    with pytest.raises(RequestError, match="no asset 'nothing'"):
        library.run(None, "echo", asset="nothing")
    with pytest.raises(UsageError, match="name an app"):
        library.run(None, "echo")


def test_the_list_names_what_there_is(asset: Soarkit) -> None:
    text = asset("list").stdout
    assert [line.split()[:3] for line in text.splitlines()[1:]] == [["1", "production", "echo"]]
    assert json.loads(asset("list", "-f", "json").stdout)["assets"][0]["name"] == "production"


def test_names_in_hints_can_be_typed_as_they_stand(soarkit: Soarkit, echo: Path) -> None:
    name = 'two words\' "quoted"'
    assert soarkit("asset", "create", name, "--app", "echo", "-c", "server=s").code == 0
    hint = soarkit("asset", "create", name, "--app", "echo").stderr.splitlines()[1]
    assert shlex.split(hint)[:4] == ["soarkit", "asset", "edit", name]
    hint = soarkit("asset", "delete", name).stderr.splitlines()[1]
    assert soarkit(*shlex.split(hint)[1:]).code == 0


@pytest.mark.parametrize(("name", "why"), [("17", "numbers are ids"), ("-x", "begins with a dash"), ("a/b", "slash")])
def test_what_cannot_be_a_name(soarkit: Soarkit, echo: Path, name: str, why: str) -> None:
    refused = soarkit("asset", "create", "--app", "echo", "-c", "server=s", "--", name)
    assert refused.code == 2
    assert why in refused.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("asset", "list"),
        ("asset", "show", "production"),
        ("asset", "edit", "production", "--description", "d"),
        ("asset", "show", "nothing"),
        ("asset", "delete", "production", "--yes"),
        ("runs",),
        ("runs", "show", "last"),
        ("runs", "prune", "--keep", "1", "--dry-run"),
        ("store", "check"),
        ("store", "backup"),
        ("doctor",),
        ("apps",),
        ("apps", "show", "echo"),
        ("uninstall", "echo"),
    ],
)
def test_every_json_is_as_the_schema_says(asset: Soarkit, soarkit: Soarkit, home: Path, words: tuple[str, ...]) -> None:
    spool.begin(
        str(home), {"app": "a", "action": "b", "started": spool.now(), "app_path": "/"}
    )  # its host dies at once
    (home / "store" / "spool" / "broken.run").write_text("no run")
    gc.collect()
    document = soarkit(*words, "--format", "json").json()
    Draft202012Validator(json.loads(ENVELOPE.read_text())).validate(document)
    assert document["command"].split()[0] == words[0]
