"""What a person sees on a terminal: a table, a prompt for passwords, nothing that acts on the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal_session import Terminal


@pytest.fixture
def terminal(app: Callable[[str], str], tmp_path: Path) -> Callable[..., Terminal]:
    def start(name: str, *arguments: str) -> Terminal:
        return Terminal("run", app(name), *arguments, "--python", sys.executable, folder=tmp_path)

    return start


def test_the_default_is_a_table_with_colour(terminal: Callable[..., Terminal]) -> None:
    session = terminal("echo", "rows", "-p", "count=2", "-c", "server=s")
    assert session.finish() == 0
    assert "\x1b[" in session.text
    assert "row 1" in session.text
    assert '{"status"' not in session.text


def test_a_required_password_is_asked_for_and_not_shown(terminal: Callable[..., Terminal]) -> None:
    session = terminal("tells_its_secret", "tell", "--format", "json")
    session.wait_for("Password (password): ")
    session.type("typed-secret\n")
    assert session.finish() == 0
    assert "typed-secret" not in session.text
    assert "********" in session.text


def test_ctrl_c_at_the_prompt(terminal: Callable[..., Terminal]) -> None:
    session = terminal("tells_its_secret", "tell")
    session.wait_for("Password (password): ")
    session.type("\x03")
    # Between printing the prompt and reading from it Python takes note of a signal, but reads on: people press again.
    assert session.finish(typing="\x03") == 130
    assert "Traceback" not in session.text


def test_ctrl_c_while_the_app_runs(terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    session = terminal("hangs", "hang", "-p", f"marker={tmp_path / 'marker'}")
    while not (tmp_path / "marker").exists():
        time.sleep(0.02)
    session.type("\x03")
    assert session.finish() == 130
    assert "cleaning up" in session.text
    assert "Traceback" not in session.text


def test_text_from_an_app_cannot_act_on_the_terminal(terminal: Callable[..., Terminal]) -> None:
    hostile = "\x1b]0;title\x07\x1b[2J"
    session = terminal("echo", "echo", "-p", f"text={hostile}", "-c", "server=s")
    assert session.finish() == 0
    assert "\x1b]0" not in session.text
    assert "\x1b[2J" not in session.text
    assert "\\x1b" in session.text
