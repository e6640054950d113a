"""Assets made and changed on a terminal, where fields are asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from installing import install
from terminal_session import Terminal

from soarkit.store import open_store
from soarkit.store.records import StoredAsset

Start = Callable[..., Terminal]


def _fields(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "gap": {"data_type": "ph", "description": "Advanced", "order": 2},
        **fields,
        "token": {**fields["token"], "required": True},
        "note": {"data_type": "string", "description": "Note", "order": 9},
    }


@pytest.fixture
def start(home: Path, tmp_path: Path) -> Start:
    """``soarkit asset ARGUMENTS`` on a terminal."""
    install(home, "echo", configuration=_fields)
    return lambda *arguments: Terminal("asset", *arguments, folder=tmp_path)


def stored(home: Path) -> list[StoredAsset]:
    with open_store(str(home)) as store:
        return store.assets.list()


def answer(session: Terminal, *pairs: tuple[str, str]) -> None:
    """Wait for each prompt in turn, and answer it."""
    for prompt, text in pairs:
        session.wait_for(prompt)
        session.text = session.text.split(prompt, 1)[1]
        time.sleep(0.05)  # a password's prompt is printed before the echo is turned off
        session.type(f"{text}\n")


def test_every_kind_of_field(start: Start, home: Path) -> None:
    session = start("create", "production", "--app", "echo")
    answer(
        session,
        ("Server address (server): ", ""),
        ("a value is required", "one.example"),
        ("Token (token): ", "secret-of-4711"),
        ("Retries (retries) [3]: ", "many"),
        ("takes a number", "7"),
        ("Verify (verify) [Y/n]: ", "perhaps"),
        ("takes true or false", "n"),
        ("number or value [fast]: ", "3"),
        ("is not in its list of values", "2"),
        ("Note (note): ", ""),
    )
    assert session.finish() == 0
    assert "secret-of-4711" not in session.text
    (asset,) = stored(home)
    assert asset.configuration == {"server": "one.example", "retries": 7, "verify": False, "mode": "full"}
    assert list(asset.secrets) == ["token"]


def test_what_is_given_is_not_asked_for_and_an_empty_line_takes_the_default(start: Start, home: Path) -> None:
    session = start("create", "production", "--app", "echo", "-c", "server=one.example", "-c", "token=abcd")
    answer(session, ("(retries) [3]: ", ""), ("[Y/n]: ", ""), ("[fast]: ", ""), ("(note): ", ""))
    assert session.finish() == 0
    (asset,) = stored(home)
    assert asset.configuration == {"server": "one.example", "retries": 3, "verify": True, "mode": "fast"}


def test_the_order_and_the_headings_of_the_form(start: Start) -> None:
    session = start("create", "production", "--app", "echo")
    session.wait_for("Server address (server): ")
    session.type("one.example\n")
    session.wait_for("Token (token): ")
    time.sleep(0.05)
    session.type("abcd\n")
    session.wait_for("Retries (retries) [3]: ")
    assert session.text.index("Token") < session.text.index("Advanced") < session.text.index("Retries")
    assert session.finish(typing="\x03") == 130


@pytest.mark.parametrize("prompts", [1, 2, 3])
def test_ctrl_c_makes_nothing(start: Start, home: Path, prompts: int) -> None:
    session = start("create", "production", "--app", "echo")
    expected = [("(server): ", "one.example"), ("(token): ", "abcd"), ("(retries) [3]: ", "")]
    answer(session, *expected[: prompts - 1])
    session.wait_for(expected[prompts - 1][0])
    session.type("\x03")
    assert session.finish(typing="\x03") == 130
    assert "Traceback" not in session.text
    assert not stored(home)


def test_a_name_that_cannot_be_is_refused_before_anything_is_asked(start: Start) -> None:
    session = start("create", "17", "--app", "echo")
    assert session.finish() == 2
    assert "numbers are ids" in session.text
    assert "Server address" not in session.text


@pytest.mark.parametrize("given", ["retires=3", "retries=many"])
def test_what_cannot_be_given_is_refused_before_anything_is_asked(start: Start, given: str) -> None:
    session = start("create", "production", "--app", "echo", "-c", given)
    assert session.finish() == 2
    assert "(server)" not in session.text
    assert "'ret" in session.text


def test_editing_offers_what_is_there(start: Start, home: Path) -> None:
    with open_store(str(home)) as store:
        values = {"server": "one.example", "token": "first-secret", "retries": 5}
        before = store.assets.create("production", app="echo", configuration=values)
    session = start("edit", "production")
    answer(
        session,
        ("(server) [one.example]: ", "two.example"),
        ("(token) [unchanged]: ", ""),
        ("(retries) [5]: ", ""),
        ("[Y/n]: ", ""),
        ("[fast]: ", "full"),
        ("(note): ", "mended"),
    )
    assert session.finish() == 0
    (asset,) = stored(home)
    wanted = {"server": "two.example", "retries": 5, "verify": True, "mode": "full", "note": "mended"}
    assert asset.configuration == wanted
    assert asset.secrets == before.secrets
    session = start("edit", "production")
    answer(session, ("(server) [two.example]: ", ""), ("(token) [unchanged]: ", "second-secret"))
    answer(session, ("(retries) [5]: ", ""), ("[Y/n]: ", ""), ("[full]: ", ""), ("(note) [mended]: ", ""))
    assert session.finish() == 0
    (asset,) = stored(home)
    assert asset.configuration == wanted
    assert asset.secrets != before.secrets


def test_deleting_asks(start: Start, home: Path) -> None:
    with open_store(str(home)) as store:
        store.assets.create("production", app="echo", configuration={"server": "s", "token": "abcd"})
    session = start("delete", "production")
    answer(session, ("Delete the asset production? [y/N]: ", "n"))
    assert session.finish() == 130
    assert len(stored(home)) == 1
    session = start("delete", "production")
    answer(session, ("Delete the asset production? [y/N]: ", "y"))
    assert session.finish() == 0
    assert not stored(home)
