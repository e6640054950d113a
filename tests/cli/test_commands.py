"""The command line as a whole: help, unknown commands, completion, the list of actions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Finished
from installing import install

from soarkit.store import open_store

Soarkit = Callable[..., Finished]


def test_help_lists_every_command(soarkit: Soarkit) -> None:
    finished = soarkit("--help")
    assert finished.code == 0
    assert all(name in finished.stdout for name in ("run", "actions", "validate", "completion"))


def test_without_arguments_it_shows_its_help(soarkit: Soarkit) -> None:
    finished = soarkit()
    assert "Usage: soarkit" in finished.stdout + finished.stderr


def test_the_version(soarkit: Soarkit) -> None:
    finished = soarkit("--version")
    assert finished.stdout.startswith("soarkit ")
    assert finished.code == 0


def test_an_unknown_command_is_suggested(soarkit: Soarkit) -> None:
    finished = soarkit("rum")
    assert finished.code == 2
    assert "'run'" in finished.stderr


def test_a_group_without_a_command_shows_its_help(soarkit: Soarkit) -> None:
    finished = soarkit("asset")
    assert finished.code == 2
    assert finished.stderr.startswith("Usage: soarkit asset")


def test_a_secret_that_lacks_its_option_is_not_repeated(soarkit: Soarkit) -> None:
    finished = soarkit("asset", "create", "name", "password=a secret of words")
    assert finished.code == 2
    assert "password=****" in finished.stderr
    assert "secret of" not in finished.stderr


@pytest.mark.parametrize("name", ["run", "actions", "validate", "completion"])
def test_every_command_has_help(soarkit: Soarkit, name: str) -> None:
    finished = soarkit(name, "--help")
    assert finished.code == 0
    assert f"Usage: soarkit {name}" in finished.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(soarkit: Soarkit, shell: str) -> None:
    finished = soarkit("completion", shell)
    assert finished.code == 0
    assert "_SOARKIT_COMPLETE" in finished.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["run", "{app}", "e"], "echo"),
        (["run", "{app}", "echo", "--param", "t"], "text="),
        (["run", "{app}", "echo", "--param", "kind=t"], "kind=two"),
        (["run", "{app}", "echo", "--config", "s"], "server="),
        (["actions", "{app}", "r"], "rows"),
    ],
)
def test_completion_knows_the_app(soarkit: Soarkit, app: Callable[[str], str], words: list[str], expected: str) -> None:
    line = " ".join(["soarkit", *words]).replace("{app}", app("echo"))
    finished = soarkit(_SOARKIT_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD=str(len(words)))
    assert f"plain,{expected}" in finished.stdout.splitlines()


@pytest.mark.parametrize(("shell", "offered"), [("bash", "hang_stubbornly"), ("zsh", "hang stubbornly")])
def test_names_with_spaces_are_offered_where_the_shell_quotes_them(
    soarkit: Soarkit, app: Callable[[str], str], shell: str, offered: str
) -> None:
    line = f"soarkit run {app('hangs')} hang"
    finished = soarkit(_SOARKIT_COMPLETE=f"{shell}_complete", COMP_WORDS=line, COMP_CWORD="3")
    assert offered in finished.stdout.replace(",", "\n").splitlines()


def test_bash_is_offered_the_id_of_an_asset_with_a_name_of_several_words(soarkit: Soarkit, home: Path) -> None:
    install(home, "echo")
    with open_store(str(home)) as store:
        made = store.assets.create("two words", app="echo", configuration={"server": "s"})
    line = "soarkit asset show two"
    finished = soarkit(_SOARKIT_COMPLETE="bash_complete", COMP_WORDS=line, COMP_CWORD="3")
    assert finished.stdout.splitlines() == [f"plain,{made.id}"]


def test_actions_lists_what_an_app_can_do(soarkit: Soarkit, app: Callable[[str], str]) -> None:
    finished = soarkit("actions", app("echo"))
    assert finished.code == 0
    for words in ("echo 1.0.0", "--config server=", "--param text=", "required", "comma list", "one of fast, full"):
        assert words in finished.stdout
    assert "\x1b" not in finished.stdout


def test_actions_as_json(soarkit: Soarkit, app: Callable[[str], str]) -> None:
    envelope = json.loads(soarkit("actions", app("echo"), "echo", "--format", "json").stdout)
    assert envelope["ok"] is True
    assert envelope["error"] is None
    (action,) = envelope["actions"]
    assert action["identifier"] == "echo"
    assert action["parameters"]["text"]["required"] is True


def test_actions_of_an_action_that_is_not_there(soarkit: Soarkit, app: Callable[[str], str]) -> None:
    finished = soarkit("actions", app("echo"), "eco", "--format", "json")
    assert finished.code == 2
    assert "'echo'" in json.loads(finished.stdout)["error"]["hint"]
