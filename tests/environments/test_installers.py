"""Which installer builds an environment."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from soarkit.environments.installers import Pip, Uv
from soarkit.environments.interpreters import Interpreter, own
from soarkit.errors import BuildError


def test_a_pip_is_found_for_every_interpreter(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The host's pip where it serves the version, else the interpreter's own, else one made for it."""
    from soarkit.environments import installers

    monkeypatch.setenv("SOARKIT_INSTALLER", "pip")
    monkeypatch.setattr(installers, "_host_pip_serves", lambda version: False)
    without = tmp_path / "without-pip"
    subprocess.run([own().path, "-m", "venv", "--without-pip", str(without)], check=True)
    python = str(without / "bin" / "python")
    made = installers.find(Interpreter(own().release, python), str(home))
    assert isinstance(made, Pip)
    assert made.python.startswith(str(home))
    assert installers.find(Interpreter(own().release, python), str(home)) == made
    assert installers.find(Interpreter(own().release, made.python), str(home)) == Pip(made.python)


def test_the_installer_can_be_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from soarkit.environments import installers

    monkeypatch.setenv("SOARKIT_INSTALLER", "conda")
    with pytest.raises(BuildError, match="conda"):
        installers.find(own(), str(home))
    monkeypatch.setattr(installers, "_uv", lambda: None)
    monkeypatch.setenv("SOARKIT_INSTALLER", "uv")
    with pytest.raises(BuildError, match="uv is not installed"):
        installers.find(own(), str(home))
    monkeypatch.delenv("SOARKIT_INSTALLER")
    assert installers.find(own(), str(home)).name == "pip"
    monkeypatch.setattr(installers, "_uv", lambda: "/bin/uv")
    assert installers.find(own(), str(home)) == Uv("/bin/uv")
