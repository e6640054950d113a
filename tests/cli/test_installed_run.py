"""``soarkit run`` of installed apps, on stored assets, and with the app left to soarkit to choose."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import APPS, Finished
from installing import install

from soarkit.rest import certificate
from soarkit.store import open_store

Run = Callable[..., Finished]
SECRET = "secret-of-4711"


@pytest.fixture
def run_on(soarkit: Run) -> Run:
    """Run with the interpreter of the tests."""

    def run(*words: str, **options: Any) -> Finished:
        return soarkit("run", *words, "--python", sys.executable, **options)

    return run


@pytest.fixture
def echo(home: Path) -> Path:
    """The echo app installed, and an asset of it."""
    install(home, "echo")
    configuration = {"server": "one.example", "token": SECRET, "retries": 5}
    with open_store(str(home)) as store:
        store.assets.create(
            "production", app="echo", product_version="12.4", concurrency_limit=3, configuration=configuration
        )
    return home


@pytest.mark.parametrize("name", ["echo", "echo@1.0.0", "9435c56a-e8c8-493d-950a-fcf410963454"])
def test_an_installed_app_by_each_of_its_names(run_on: Run, echo: Path, name: str) -> None:
    finished = run_on(name, "echo", "-p", "text=x", "-c", "server=s")
    assert finished.code == 0, finished
    assert finished.data[0]["config"]["directory"].startswith("echo_")


def test_a_path_stays_a_path(run_on: Run, echo: Path, tmp_path: Path) -> None:
    (tmp_path / "echo").symlink_to(APPS / "hangs")
    assert run_on("echo", "echo", "-p", "text=x", "-c", "server=s").code == 0  # the installed one wins
    assert "'hang'" in run_on("./echo", "hung").stderr
    (tmp_path / "other").symlink_to(APPS / "echo")
    assert run_on("other", "echo", "-p", "text=x", "-c", "server=s").code == 0


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ecko", ["did you mean 'echo'?"]),
        ("nothing-like-it", ["no app of this name is installed", "soarkit install"]),
        ("echo@2.0.0", ["2.0.0", "installed: 1.0.0"]),
        ("./ecko", ["no such file or folder"]),
    ],
)
def test_names_of_nothing(run_on: Run, echo: Path, name: str, words: list[str]) -> None:
    finished = run_on(name, "echo")
    assert finished.code == 2
    assert all(word in finished.stderr for word in words), finished.stderr


def test_an_asset_with_its_secrets_and_all_else(run_on: Run, echo: Path) -> None:
    finished = run_on("echo", "echo", "--asset", "production", "-p", "text=x", "-s", "action_result.data.*.config")
    (config,) = json.loads("[" + finished.stdout + "]")
    assert (config["server"], config["retries"], config["token"]) == ("one.example", 5, "********")
    assert SECRET not in finished.stdout + finished.stderr
    assert run_on("echo", "echo", "-a", "PRODUCTION", "-p", "text=x").data[0]["asset_id"] == "1"
    written = b"".join(path.read_bytes() for path in echo.rglob("*") if path.is_file())
    assert SECRET.encode() not in written


def test_the_app_gets_the_real_password(run_on: Run, echo: Path) -> None:
    finished = run_on("echo", "echo", "--asset", "production", "-p", f"text={SECRET}")
    assert finished.data[0]["parameters"]["text"] == "********"  # so it was known, and known to be a secret


def test_a_secret_stays_one_where_an_app_declares_it_as_text(run_on: Run, echo: Path) -> None:
    def plain(fields: dict[str, Any]) -> dict[str, Any]:
        return {**fields, "token": {**fields["token"], "data_type": "string"}}

    install(echo, "echo", name="other echo", appid="0000", configuration=plain)
    finished = run_on("other-echo", "echo", "--asset", "production", "-p", "text=x")
    assert finished.data[0]["config"]["token"] == "********"
    assert SECRET not in finished.stdout + finished.stderr


def test_single_values_can_be_changed_for_a_run(run_on: Run, echo: Path) -> None:
    finished = run_on("echo", "--asset", "production", "-p", "text=x", "-c", "server=two.example")
    config = finished.data[0]["config"]
    assert (config["server"], config["retries"]) == ("two.example", 5)


def test_what_the_app_does_not_declare_is_not_handed_over(run_on: Run, echo: Path) -> None:
    def without(fields: dict[str, Any]) -> dict[str, Any]:
        return {name: one for name, one in fields.items() if name not in ("retries", "token")}

    install(echo, "echo", name="other echo", appid="0000", configuration=without)
    finished = run_on("other-echo", "echo", "--asset", "production", "-p", "text=x")
    config = finished.data[0]["config"]
    assert config["server"] == "one.example"
    assert "token" not in config
    assert "retries" not in config


def test_an_asset_of_another_product_is_refused(run_on: Run, echo: Path) -> None:
    install(echo, "echo", name="firewall", appid="0000", product_name="Firewall")
    finished = run_on("firewall", "echo", "--asset", "production", "-p", "text=x")
    assert finished.code == 2
    assert "'production' is for Contoso Contoso Test" in finished.stderr


def test_the_action_alone(run_on: Run, echo: Path) -> None:
    finished = run_on("echo", "--asset", "production", "-p", "text=x")
    assert finished.code == 0, finished
    assert "taking" not in finished.stderr  # there was no choice


def _only_for(versions: str) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    return lambda actions: [{**one, "versions": versions} for one in actions]


def test_the_best_app_is_taken_and_named(run_on: Run, echo: Path) -> None:
    install(echo, "echo", name="newer echo", appid="0000", app_version="9.0.0")
    install(echo, "echo", name="echo for 12", appid="0001", app_version="0.1.0", actions=_only_for("EQ(12.*)"))
    finished = run_on("echo", "--asset", "production", "-p", "text=x")
    assert finished.code == 0, finished
    assert "soarkit: taking echo of echo-for-12 0.1.0 (EQ(12.*) fits 12.4)" in finished.stderr
    finished = run_on("echo", "--asset", "production", "-p", "text=x", "--product-version", "11")
    assert "taking echo of newer-echo 9.0.0 (EQ(*) fits 11)" in finished.stderr


def test_an_app_that_the_asset_cannot_serve_is_passed_over(run_on: Run, echo: Path) -> None:
    def more(fields: dict[str, Any]) -> dict[str, Any]:
        return {**fields, "tenant": {"data_type": "string", "required": True}}

    install(echo, "echo", name="tenants", appid="0000", app_version="9.0.0", configuration=more)
    finished = run_on("echo", "--asset", "production", "-p", "text=x")
    assert finished.code == 0, finished
    assert "passing over tenants 9.0.0: it needs configuration that the asset does not have: tenant" in finished.stderr
    assert "taking echo of echo 1.0.0" in finished.stderr
    finished = run_on("tenants", "echo", "--asset", "production", "-p", "text=x")
    assert finished.code == 2
    assert "soarkit asset edit production --config tenant=..." in finished.stderr
    assert run_on("tenants", "echo", "-a", "production", "-p", "text=x", "-c", "tenant=t").code == 0


def test_a_new_version_is_the_one_that_runs(run_on: Run, echo: Path) -> None:
    for version in ("1.0.0", "1.1.0", "1.0.0"):
        install(echo, "echo", app_version=version)
        for _ in range(2):  # the second one with a head start
            data = run_on("echo", "--asset", "production", "-p", "text=x").data
            assert data[0]["config"]["app_version"] == version


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["echo", "--asset", "prodction"], "did you mean 'production'?"),
        (["echo", "--asset", "nothing"], "soarkit asset create nothing"),
        (["eco", "--asset", "production"], "did you mean 'echo'?"),
        (["other-app", "--asset", "production"], "no app for this asset has an action 'other-app'"),
        (["./echo", "--asset", "production"], "name the action too"),
        (["echo", "echo", "--asset", "production", "--asset-file", "x.json"], "a run has one asset"),
        (["echo", "--asset", "production", "-p", "txt=x"], "did you mean 'text'"),
        (["echo", "--asset", "production", "-p", "text=x", "-c", "sever=x"], "did you mean 'server'"),
    ],
)
def test_wrong_requests(run_on: Run, echo: Path, words: list[str], said: str) -> None:
    finished = run_on(*words)
    assert finished.code == 2, finished
    assert said in finished.stderr
    assert finished.json()["error"]["message"]


def test_without_any_store(run_on: Run) -> None:
    finished = run_on("echo", "--asset", "production")
    assert finished.code == 2
    assert "there is no asset 'production'" in finished.stderr


def test_an_app_whose_files_are_gone(run_on: Run, echo: Path) -> None:
    for path in (echo / "apps").rglob("app.json"):
        path.unlink()
    finished = run_on("echo", "echo", "-p", "text=x", "-c", "server=s")
    assert finished.code == 2
    assert "are gone" in finished.stderr
    assert "soarkit install" in finished.stderr


@pytest.mark.parametrize("damage", ["another", "none"])
def test_a_key_that_does_not_fit(run_on: Run, echo: Path, damage: str) -> None:
    (echo / "key").unlink()
    if damage == "another":
        (echo / "key").write_text("x" * 64)
    finished = run_on("echo", "--asset", "production", "-p", "text=x")
    assert finished.code == 3, finished
    assert "'token'" in finished.stderr
    assert "soarkit asset edit production" in finished.stderr


def test_a_snapshot_that_is_gone_is_made_again(run_on: Run, echo: Path) -> None:
    (echo / "store" / "snapshot.json").unlink()
    assert run_on("echo", "--asset", "production", "-p", "text=x").code == 0
    assert (echo / "store" / "snapshot.json").exists()


@pytest.mark.parametrize(("asset", "needed"), [("production", ["cryptography"]), ("open", [])])
def test_what_is_slow_stays_out_of_a_run(echo: Path, asset: str, needed: list[str]) -> None:
    with open_store(str(echo)) as store:
        store.assets.create("open", app="echo", configuration={"server": "s"})
    certificate.ensure(str(echo))  # made by the first run of a home
    words = ["run", "echo", "--asset", asset, "-p", "text=x", "--python", sys.executable]
    code = (
        "import sys, click\n"
        "there = set(sys.modules)\n"  # click brings subprocess on Python 3.10, as measuring coverage does
        "from soarkit.cli import output\n"
        "def leave(code):\n"
        "    slow = ('cryptography', 'django', 'rich', 'asyncio', 'subprocess', 'shutil')\n"
        "    print(code, [name for name in slow if name in sys.modules and name not in there])\n"
        "output.leave = leave\n"
        f"sys.argv = {['soarkit', *words]!r}\n"
        "from soarkit.cli.main import main\n"
        "main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.splitlines()[-1] == f"0 {needed}"


def test_actions_of_an_installed_app(soarkit: Run, echo: Path) -> None:
    assert "--param text=" in soarkit("actions", "echo").stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["run", "ec"], "echo"),
        (["run", "--asset", "pro"], "production"),
        (["run", "--asset", "production", "refu"], "refuse"),
        (["run", "echo", "refu"], "refuse"),
        (["run", "--asset", "production", "echo", "--param", "te"], "text="),
        (["run", "echo", "echo", "--param", "te"], "text="),
        (["actions", "ec"], "echo"),
        (["asset", "show", "pro"], "production"),
        (["asset", "create", "new", "--app", "ec"], "echo"),
        (["asset", "create", "new", "--app", "echo", "--config", "ser"], "server="),
        (["asset", "edit", "production", "--config", "ser"], "server="),
    ],
)
def test_completion_knows_what_is_installed(soarkit: Run, echo: Path, words: list[str], expected: str) -> None:
    line = " ".join(["soarkit", *words])
    finished = soarkit(_SOARKIT_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=str(len(words)))
    assert f"plain,{expected}" in finished.stdout.splitlines()


def test_completion_of_paths_where_no_app_begins_like_it(soarkit: Run, echo: Path) -> None:
    finished = soarkit(_SOARKIT_COMPLETE="bash_complete", COMP_WORDS="soarkit run ./ap", COMP_CWORD="2")
    assert finished.stdout.splitlines() == ["file,./ap"]


def test_nothing_but_an_asset(run_on: Run, echo: Path) -> None:
    finished = run_on("--asset", "production")
    assert finished.code == 2
    assert "name an action" in finished.stderr
    assert "name an app and an action" in run_on().stderr


def test_an_asset_for_a_product_lacks_what_no_app_can_do_without(soarkit: Run, echo: Path) -> None:
    tenant = {"tenant": {"data_type": "string", "required": True}}
    install(echo, "echo", name="tenants", appid="0000", configuration=lambda fields: {**fields, **tenant})
    product = json.loads((APPS / "echo" / "app.json").read_text())
    words = ["--vendor", product["product_vendor"], "--product", product["product_name"], "-c", "server=s"]
    made = soarkit("asset", "create", "shared", *words, "-f", "json").json()["asset"]
    assert made["needs"] == []
