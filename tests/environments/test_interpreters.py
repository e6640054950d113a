"""Interpreters are found without starting more of them than needed."""

from __future__ import annotations

import os
import sys
import venv
from pathlib import Path

import pytest

from soarkit.environments import external
from soarkit.environments.interpreters import ask, find, own
from soarkit.errors import UsageError

VERSION = ".".join(map(str, sys.version_info[:3]))


def program(path: Path, script: str = "#!/bin/sh\nexit 1\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)
    return path


def found(home: Path, tmp_path: Path, **variables: str) -> list[tuple[str, str]]:
    environ = {"HOME": str(tmp_path / "user"), "PATH": "", **variables}
    return [(one.full_version, one.path) for one in find(str(home), environ=environ)]


def test_the_hosts_own_comes_first_and_is_no_virtual_environment(home: Path, tmp_path: Path) -> None:
    mine = found(home, tmp_path)
    assert mine == [(VERSION, own().path)]
    assert not os.path.exists(os.path.join(os.path.dirname(os.path.dirname(mine[0][1])), "pyvenv.cfg"))


def test_pyenv_and_uv_tell_versions_by_their_folders(home: Path, tmp_path: Path) -> None:
    versions = tmp_path / "pyenv" / "versions"
    for name in ("3.9.1", "3.10.2", "3.8.9", "2.7.18", "pypy3.10-7.3.12", "3.13.0t", "3.14-dev", "my-virtualenv"):
        program(versions / name / "bin" / "python3")  # none of them can be asked
    (versions / "3.12.4").mkdir()  # a broken installation
    installs = tmp_path / "uv"
    for name in (
        "cpython-3.13.1-linux-x86_64-gnu",
        "cpython-3.13.2+freethreaded-linux-x86_64-gnu",
        "pypy-3.10.1-linux",
    ):
        program(installs / name / "bin" / "python3")
    others = found(home, tmp_path, PYENV_ROOT=str(tmp_path / "pyenv"), UV_PYTHON_INSTALL_DIR=str(installs))[1:]
    assert [version for version, _ in others] == ["3.13.1", "3.10.2", "3.9.1"]


def test_their_usual_places(home: Path, tmp_path: Path) -> None:
    program(tmp_path / "user" / ".pyenv" / "versions" / "3.9.1" / "bin" / "python3")
    program(tmp_path / "user/.local/share/uv/python/cpython-3.10.9-macos-aarch64-none/bin/python3")
    assert [version for version, _ in found(home, tmp_path)[1:]] == ["3.10.9", "3.9.1"]


def test_path_is_searched_but_shims_are_no_interpreters(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    program(folder / "python3", f'#!/bin/sh\nexec {sys.executable} "$@"\n')  # what a shim looks like
    (folder / "python3.11").write_bytes(b"\x7fELF broken")
    (folder / "python3.11").chmod(0o755)
    (folder / "python3.12").symlink_to(sys.executable)  # as an activated virtual environment has it
    (folder / "python3-config").write_bytes(b"\x7fELF")
    assert found(home, tmp_path, PATH=f"{folder}:relative:/nowhere") == [(VERSION, own().path)]


def test_a_copied_virtual_environment_leads_to_its_base(home: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "copied", symlinks=False)
    assert found(home, tmp_path, PATH=str(tmp_path / "copied" / "bin")) == [(VERSION, own().path)]


def test_a_program_is_asked_once_until_it_changes(home: Path, tmp_path: Path) -> None:
    counter = tmp_path / "asked"
    script = f'#!/bin/sh\necho x >> {counter}\nexec {sys.executable} "$@"\n'
    path = program(tmp_path / "mine", script)
    for _ in range(3):
        facts = ask(str(path), str(home))
        assert facts is not None
        assert facts.version == sys.version.split()[0]
    assert counter.read_text().count("x") == 1
    program(path, script + "# changed\n")
    ask(str(path), str(home))
    assert counter.read_text().count("x") == 2
    (home / "interpreters.json").write_text("{ damaged")
    assert ask(str(path), str(home)) is not None


def test_what_starts_but_is_no_python(home: Path, tmp_path: Path) -> None:
    for number, script in enumerate(["exit 0", "echo '{}'", "echo hello; exit 0", "kill -9 $$"]):
        assert ask(str(program(tmp_path / f"p{number}", f"#!/bin/sh\n{script}\n")), str(home)) is None
    assert ask(str(tmp_path / "absent"), str(home)) is None


def test_an_interpreter_named_by_hand_is_used_as_it_is(home: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "mine", symlinks=True)
    python = str(tmp_path / "mine" / "bin" / "python")
    for _ in range(2):  # the second time from what was kept
        environment = external(python, str(home))
        assert (environment.python, environment.path) == (python, None)
    assert external(sys.executable, str(home)).python == sys.executable


def test_a_bad_interpreter_named_by_hand_is_refused(home: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such Python"):
        external(str(tmp_path / "absent"), str(home))
    with pytest.raises(UsageError, match="does not answer"):
        external(str(program(tmp_path / "other")), str(home))
    facts = '{"implementation": "CPython", "version": "3.8.1", "base": "x", "threads": "gil", "platform": "p"}'
    for _ in range(2):
        with pytest.raises(UsageError, match=r"CPython 3\.8\.1"):
            external(str(program(tmp_path / "old", f"#!/bin/sh\necho '{facts}'\n")), str(home))
