"""The app's process is started ahead of time; a wrong guess must cost nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click
from conftest import APPS, Finished
from installing import install

from soarkit.cli.enrich import command as enrich
from soarkit.cli.headstart import OPTIONS_WITH_VALUE, begin, remember, subject
from soarkit.cli.run import command
from soarkit.store import open_store

Soarkit = Callable[..., Finished]


def test_it_knows_the_options_that_take_a_value() -> None:
    taking = {
        name
        for parameter in (*command.params, *enrich.params)
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


def test_of_enrichments_one_transform_is_started_ahead(home: Path) -> None:
    remember(str(home), "/some/bundle", sys.executable, "", "")
    started = begin(["/some/bundle", "enrichDomain", "example.com", "--credential", "key=k"], enriching=True)
    assert started is not None
    started.discard()
    assert begin(["example.com"], enriching=True) is None
    assert begin(["/some/bundle", "--all", "example.com"], enriching=True) is None


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


def _python(*arguments: str) -> str | None:
    """The interpreter that is started for ``soarkit run ARGUMENTS``."""
    started = begin(list(arguments))
    if started is None:
        return None
    started.discard()
    return started.python


def test_what_a_guess_is_kept_by(home: Path, app: Callable[[str], str]) -> None:
    install(home, "echo")
    assert subject(str(home), app("echo"), None) == app("echo")
    assert subject(str(home), "echo", None) == "app echo"
    assert subject(str(home), "echo@1.0.0", None) == "app echo@1.0.0"
    assert subject(str(home), "echo", "production") == "asset production echo"
    assert subject(str(home), "hangs", None) == str(Path("hangs").resolve())
    assert subject(str(home), "..", None) == str(Path("..").resolve())


def test_the_first_run_of_an_installed_app_has_its_environment(home: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    (environment / "bin").mkdir(parents=True)
    python = environment / "bin" / "python"
    python.symlink_to(sys.executable)
    install(home, "echo", environment=str(environment))
    with open_store(str(home)) as store:
        store.assets.create("production", app="echo", configuration={"server": "s"})
    assert _python("echo", "echo") == str(python)
    assert _python("echo@1.0.0", "echo") == str(python)
    assert _python("echo", "--asset", "production") == str(python)
    assert _python("echo@2.0.0", "echo") is None
    assert _python("echo", "--asset", "nothing") is None
    assert _python("ecko", "echo") is None


def test_what_was_typed_decides(home: Path) -> None:
    install(home, "echo")
    remember(str(home), subject(str(home), "echo", "production"), sys.executable, str(APPS / "echo"), "connector.py")
    assert _python("echo", "--asset", "production") == sys.executable
    assert _python("echo", "-a", "production", "-p", "text=x") == sys.executable
    assert _python("echo", "echo", "--asset", "production") is None
    assert _python("echo", "--asset=other") is None
    assert _python("echo", "--asset", "production", "--input", "x.json") is None


def test_a_guess_for_another_version_is_not_used(soarkit: Soarkit, home: Path) -> None:
    """Version 1 has nothing that stands in the way of importing ahead, version 2 brings a library of its own."""
    words = ["run", "changes", "do it", "--python", sys.executable]
    first = install(home, "echo", name="changes")
    folder = first.version("1.0.0").folder
    remember(str(home), "app changes", sys.executable, folder, "connector.py")
    (Path(folder) / "connector.py").write_text("import requests\n")
    appid = "9435c56a-e8c8-493d-950a-fcf410963454"
    install(home, "brings_its_own_library", name="changes", app_version="2.0.0", appid=appid)
    assert soarkit(*words).data[0]["whose"] == "the app's own"
