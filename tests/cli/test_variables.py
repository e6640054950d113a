"""Environment variables for apps: global ones, an asset's, and those of a run; secrets stay out of sight."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS, Finished
from installing import install
from jsonschema import Draft202012Validator

Soarkit = Callable[..., Finished]
SECRET = "secret-of-4711"
MASK = "********"
ENVELOPE = Path(__file__).parents[2] / "schemas" / "envelope.schema.json"


@pytest.fixture
def describe(soarkit: Soarkit, home: Path) -> Callable[..., dict[str, Any]]:
    """What an app finds, run on the asset `production`."""
    install(home, "fetches_a_page")
    assert soarkit("asset", "create", "production", "--app", "fetches-a-page", "-c", "url=u").code == 0

    def run(*words: str, **options: str) -> dict[str, Any]:
        finished = soarkit(
            "run", "fetches-a-page", "describe", "--asset", "production", "--python", sys.executable, *words, **options
        )
        assert finished.code == 0, finished
        data: dict[str, Any] = finished.data[0]
        return data

    return run


def nowhere(folder: Path, text: str) -> bool:
    return not any(text.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_global_ones_reach_every_app(soarkit: Soarkit, describe: Callable[..., Any]) -> None:
    assert soarkit("variables", "set", "HTTPS_PROXY=http://one:1", "CONTOSO=a b").code == 0
    assert describe(https_proxy="http://shell:1")["variables"] == {
        "HTTPS_PROXY": "http://one:1",
        "https_proxy": "http://one:1",
        "CONTOSO": "a b",
        "TOKEN": None,
    }
    assert soarkit("variables", "unset", "HTTPS_PROXY").code == 0
    assert describe(https_proxy="http://shell:1")["variables"]["https_proxy"] == "http://shell:1"


def test_an_asset_s_win_over_them_and_the_run_s_options_over_both(
    soarkit: Soarkit, describe: Callable[..., Any]
) -> None:
    soarkit("variables", "set", "HTTPS_PROXY=http://one:1", "CONTOSO=global")
    edited = soarkit("asset", "edit", "production", "--env", "https_proxy=http://two:2", "--env", "CONTOSO=own")
    assert edited.code == 0, edited
    found = describe()
    assert found["variables"]["HTTPS_PROXY"] == found["variables"]["https_proxy"] == "http://two:2"
    assert found["variables"]["CONTOSO"] == "own"
    assert found["config"]["_reserved_environment_variables"]["https_proxy"] == {
        "type": "string",
        "value": "http://two:2",
    }
    found = describe("--proxy", "http://three:3")
    assert found["variables"]["HTTPS_PROXY"] == found["variables"]["https_proxy"] == "http://three:3"
    assert found["config"]["_reserved_environment_variables"]["https_proxy"]["value"] == "http://three:3"
    assert soarkit("asset", "edit", "production", "--unset-env", "https_proxy", "--unset-env", "CONTOSO").code == 0
    assert describe()["variables"]["CONTOSO"] == "global"
    assert "_reserved_environment_variables" not in describe()["config"]


def test_secrets_stay_out_of_sight(soarkit: Soarkit, describe: Callable[..., Any], home: Path) -> None:
    other = "other-secret-12"
    soarkit("variables", "set", "--secret", "TOKEN=env:SECRET", SECRET=SECRET)
    words = ["--secret-env", "CONTOSO=env:SECRET", "--env", "HTTPS_PROXY=http://user:proxy-pass@one:1"]
    assert soarkit("asset", "edit", "production", *words, SECRET=other).code == 0
    ran = soarkit("run", "describe", "--asset", "production", "--python", sys.executable, "-v")
    assert ran.code == 0, ran
    assert ran.data[0]["variables"] == {
        "HTTPS_PROXY": f"http://user:{MASK}@one:1",
        "https_proxy": f"http://user:{MASK}@one:1",
        "CONTOSO": MASK,
        "TOKEN": MASK,
    }
    texts = [
        ran,
        soarkit("runs", "show", "last", "-f", "json"),
        soarkit("variables", "list"),
        soarkit("variables", "list", "-f", "json"),
        soarkit("asset", "show", "production"),
        soarkit("asset", "show", "production", "-f", "json"),
        soarkit("asset", "list", "-f", "json"),
    ]
    for secret in (SECRET, other, "proxy-pass"):
        assert not [one for one in texts if secret in one.stdout + one.stderr]
        assert nowhere(home, secret)
    assert texts[3].json()["variables"] == [{"name": "TOKEN", "value": MASK, "secret": True}]
    assert texts[5].json()["asset"]["variables"] == {
        "CONTOSO": MASK,
        "HTTPS_PROXY": f"http://user:{MASK}@one:1",
    }
    Draft202012Validator(json.loads(ENVELOPE.read_text())).validate(texts[3].json())
    assert f"HTTPS_PROXY=http://user:{MASK}@one:1" in texts[4].stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["set"], "name a variable"),
        (["set", "A"], "has no value"),
        (["set", "A B=1"], "cannot be the name"),
        (["set", "PHANTOM_HOME=/x"], "set by soarkit itself"),
        (["set", "SOARKIT_KEY=x"], "set by soarkit itself"),
        (["set", "A=env:NOT_THERE"], "NOT_THERE is not set"),
        (["unset"], "name a variable"),
        (["unset", "A"], "there is no variable A"),
    ],
)
def test_wrong_requests(soarkit: Soarkit, words: list[str], said: str) -> None:
    finished = soarkit("variables", *words, "-f", "json")
    assert finished.code == 2, finished
    assert said in finished.json()["error"]["message"] + finished.stderr


def test_a_damaged_file_is_no_traceback(soarkit: Soarkit, describe: Callable[..., Any], home: Path) -> None:
    (home / "variables.json").write_text("{")
    finished = soarkit("run", "describe", "--asset", "production", "--python", sys.executable)
    assert finished.code == 3 and "the file of variables is damaged" in finished.stderr
    soarkit("variables", "set", "A=1")
    assert (home / "variables.json").read_text() == "{"


def test_a_credential_manager_is_refused_by_name(soarkit: Soarkit, describe: Callable[..., Any]) -> None:
    name = "_reserved_credential_management"
    management = {"fields": [{"name": "url"}], "settings": {"manager": "hashicorp", "config": {}}}
    assert soarkit("asset", "edit", "production", "-c", f"{name}:={json.dumps(management)}").code == 0
    refused = soarkit("run", "describe", "--asset", "production", "--python", sys.executable)
    assert refused.code == 2
    assert "url: the asset leaves this to the credential manager 'hashicorp'" in refused.stderr
    assert f"--unset {name} --config url=env:VARIABLE" in refused.stderr
    idle = {"fields": [], "settings": {"manager": "hashicorp"}}  # nothing asks for it
    assert soarkit("asset", "edit", "production", "-c", f"{name}:={json.dumps(idle)}").code == 0
    assert describe()["config"]["url"] == "u"


def test_what_apps_ask_about_the_installation(describe: Callable[..., Any], soarkit: Soarkit, tmp_path: Path) -> None:
    first, second = describe(), describe(SOARKIT_FIPS="1")
    assert first["installation"] == second["installation"] and len(first["installation"]) == 64
    assert (first["fips"], second["fips"]) == (False, True)
    recorded = describe("--record", str(tmp_path / "recording.json"))
    words = ["--record", str(tmp_path / "another.json"), "--home", str(tmp_path / "other"), "--python", sys.executable]
    elsewhere = soarkit("run", str(APPS / "fetches_a_page"), "describe", "-c", "url=u", *words).data[0]
    assert recorded["installation"] == elsewhere["installation"] != first["installation"]


def test_a_secret_stays_one_until_it_is_taken_away(soarkit: Soarkit, describe: Callable[..., Any], home: Path) -> None:
    soarkit("variables", "set", "--secret", "TOKEN=env:SECRET", SECRET="first-secret")
    changed = soarkit("variables", "set", "TOKEN=env:SECRET", "CONTOSO=x", "-f", "json", SECRET=SECRET)
    assert {one["name"]: one["secret"] for one in changed.json()["variables"]} == {"TOKEN": True, "CONTOSO": False}
    soarkit("asset", "edit", "production", "--secret-env", "CONTOSO=env:SECRET", SECRET="first-secret")
    assert soarkit("asset", "edit", "production", "--env", "CONTOSO=env:SECRET", SECRET=SECRET).code == 0
    found = describe()["variables"]
    assert found["TOKEN"] == found["CONTOSO"] == MASK
    assert nowhere(home, SECRET)
    assert soarkit("variables", "unset", "TOKEN", "TOKEN").code == 0
    soarkit("variables", "set", "TOKEN=plain")
    assert describe()["variables"]["TOKEN"] == "plain"


def test_completion_offers_names(soarkit: Soarkit, describe: Callable[..., Any]) -> None:
    def offered(words: str) -> list[str]:
        count = str(len(words.split(" ")) - 1)
        return soarkit(_SOARKIT_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=count).stdout.split()

    soarkit("variables", "set", "HTTPS_PROXY=http://one:1", "CONTOSO=x")
    soarkit("asset", "edit", "production", "--env", "REGION=eu", "--secret-env", "RETRIES=3")
    assert offered("soarkit variables unset C") == ["plain,CONTOSO"]
    assert offered("soarkit asset edit production --unset-env RE") == ["plain,REGION", "plain,RETRIES"]
