"""The app's process is started ahead of time; a wrong guess must cost nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
from conftest import Finished

from soarkit.cli.headstart import OPTIONS_WITH_VALUE, begin
from soarkit.cli.run import command


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


def test_it_does_nothing_when_it_cannot_know(app: Callable[[str], str]) -> None:
    assert begin([]) is None
    assert begin(["--help"]) is None
    assert begin([app("echo"), "echo", "--help"]) is None
    assert begin(["nowhere", "echo"]) is None
    assert begin([app("broken_json"), "x"]) is None
    assert begin([app("echo"), "echo"]) is None  # its environment is not built yet
    assert begin([app("echo"), "echo", "--python", "/nowhere/python"]) is None


def test_a_guess_that_was_wrong_is_not_left_behind(soarkit: Callable[..., Finished], app: Callable[[str], str]) -> None:
    finished = soarkit("run", app("echo"), "echo", "--python", sys.executable, "--nonsense")
    assert finished.code == 2
    assert "--nonsense" in finished.stderr
