"""What a person sees on a terminal: a table, a prompt for passwords, nothing that acts on the terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

#: Makes standard input the session's own terminal, so that what is typed there can interrupt, and goes on as Python.
_TAKE_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


class Terminal:
    """A command running on a terminal of its own, 100 columns wide."""

    def __init__(self, *arguments: str, folder: Path) -> None:
        self._master, slave = pty.openpty()
        os.set_blocking(self._master, False)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _TAKE_TERMINAL, "-m", "soarkit", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=folder,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100", "LINES": "40"},
        )
        os.close(slave)
        self.text = ""

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + 60
        while words not in self.text:
            assert time.monotonic() < deadline, self.text
            if not self._read():
                assert words in self.text, self.text

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def finish(self, *, typing: str = "") -> int:
        """Read to the end; ``typing`` is typed again whenever nothing happens for a second."""
        while self._read():
            if typing and not select.select([self._master], [], [], 1)[0] and self._process.poll() is None:
                self.type(typing)
        os.close(self._master)
        return self._process.wait(60)

    def _read(self) -> bool:
        select.select([self._master], [], [], 1)
        try:
            data = os.read(self._master, 1 << 16)
        except BlockingIOError:
            return self._process.poll() is None
        except OSError:  # Linux: the other side is closed
            return False
        self.text += data.decode()
        return bool(data)


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
