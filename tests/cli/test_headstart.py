"""The app's process is started ahead of time; a wrong guess must cost nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click
from conftest import APPS, Finished

from soarkit.cli.headstart import OPTIONS_WITH_VALUE, begin, remember
from soarkit.cli.run import command

Soarkit = Callable[..., Finished]


def test_it_knows_the_options_that_take_a_value() -> None:
    taking = {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.is_flag
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    assert taking == OPTIONS_WITH_VALUE


def test_it_starts_the_interpreter_that_is_asked_for(app: Callable[[str], str]) -> None:
    started = begin(["--param", "not-the-app", app("echo"), "echo", f"--python={sys.executable}"])
    assert started is not None
    assert started.python == sys.executable
    started.discard()


def test_it_starts_what_the_last_run_of_the_app_used(app: Callable[[str], str], home: Path) -> None:
    assert begin([app("echo"), "echo"]) is None
    remember(str(home), app("echo"), sys.executable, app("echo"), "connector.py")
    remember(str(home), app("echo"), "", app("echo"), "connector.py")  # a run with --python knows no better
    started = begin([app("echo"), "echo"])
    assert started is not None
    assert started.python == sys.executable
    started.discard()
    assert begin([app("hangs"), "hang"]) is None


def test_it_does_nothing_when_it_cannot_know(app: Callable[[str], str], home: Path) -> None:
    remember(str(home), app("echo"), "/nowhere/python", app("echo"), "connector.py")
    assert begin([]) is None
    assert begin(["--help"]) is None
    assert begin([app("echo"), "echo", "--help"]) is None
    assert begin(["nowhere", "echo"]) is None
    assert begin([app("echo"), "echo"]) is None
    assert begin([app("echo"), "echo", "--python", "/nowhere/python"]) is None


def test_a_guess_that_was_wrong_is_not_left_behind(soarkit: Soarkit, app: Callable[[str], str]) -> None:
    finished = soarkit("run", app("echo"), "echo", "--python", sys.executable, "--nonsense")
    assert finished.code == 2
    assert "--nonsense" in finished.stderr


def test_imports_ahead_do_not_hide_a_library_that_the_app_brings(run: Soarkit) -> None:
    for _ in range(2):  # the second run has a head start
        assert run("brings_its_own_library", "do it").data[0]["whose"] == "the app's own"


def test_no_code_of_the_app_runs_before_its_input_is_checked(run: Soarkit, soarkit: Soarkit, home: Path) -> None:
    assert run("echo", "echo", "-p", "text=x", "-c", "server=s").code == 0
    remember(str(home), str(APPS / "echo"), "", str(APPS / "raises_at_import"), "connector.py")
    finished = run("echo", "echo")
    assert finished.code == 2
    assert not list((home / "logs").glob("*raises*"))
