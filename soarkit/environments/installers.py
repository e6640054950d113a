"""The programs that fill an environment: uv where it is installed, else pip. Both give the same result.

The environment itself is always made by its own interpreter (``-m venv --without-pip``); the installer works on it
from outside, so that nothing but the app's packages is in it.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from soarkit import homefiles
from soarkit.environments import indexes, variables
from soarkit.environments.interpreters import Interpreter
from soarkit.errors import BuildError
from soarkit.execute.command import CommandOutcome, run_command

TIMEOUT = 1800.0  #: seconds one installer call may take; packages that are built from source need minutes
_OLDEST_PIP = (22, 3)  # --python came with it


class Installer(Protocol):
    """What can install requirements into an environment or a folder."""

    @property
    def name(self) -> str:
        """For people: ``uv`` or ``pip``."""

    def install(
        self,
        requirements: Sequence[str],
        *,
        python: str,
        log_path: str,
        deps: bool = True,
        target: str | None = None,
        pass_fds: Sequence[int] = (),
    ) -> CommandOutcome:
        """Install, byte code compiled.

        :param requirements: requirements, and paths of wheel files and source archives
        :param python: the environment's Python; with ``target`` any Python of the version that it is for
        :param deps: whether what the requirements require is resolved and installed too; without, they are installed
            whatever they say they require, the Python version included, and in place of what is there
        :param target: a folder that gets the packages in the environment's stead
        """


@dataclass(frozen=True)
class Uv:
    """uv, told about the index settings of pip, whose configuration it does not read."""

    program: str
    name: str = "uv"

    def install(
        self,
        requirements: Sequence[str],
        *,
        python: str,
        log_path: str,
        deps: bool = True,
        target: str | None = None,
        pass_fds: Sequence[int] = (),
    ) -> CommandOutcome:
        """See :class:`Installer`."""
        argv = [self.program, "pip", "install", "--python", python, "--compile-bytecode", "--no-progress"]
        argv += [] if deps else ["--no-deps", "--reinstall"]
        argv += ["--target", target] if target else []
        environment = variables.clean_environment()
        argv += ["--no-index"] if indexes.switched_off(environment) else []
        return run_command(
            [*argv, "--", *requirements],
            env=indexes.for_uv(environment),
            log_path=log_path,
            timeout=TIMEOUT,
            cwd="/",  # uv obeys the settings of a project that it is started in; the user's own ones stay
            pass_fds=pass_fds,
        )


@dataclass(frozen=True)
class Pip:
    """A pip outside the environment.

    :ivar python: an interpreter that has pip
    """

    python: str
    name: str = "pip"

    def install(
        self,
        requirements: Sequence[str],
        *,
        python: str,
        log_path: str,
        deps: bool = True,
        target: str | None = None,
        pass_fds: Sequence[int] = (),
    ) -> CommandOutcome:
        """See :class:`Installer`."""
        argv = [self.python, "-I", "-m", "pip", "--python", python, "--disable-pip-version-check", "--no-input"]
        argv += ["install", "--compile", "--progress-bar", "off", "--no-warn-script-location"]
        argv += [] if deps else ["--no-deps", "--force-reinstall", "--ignore-requires-python"]
        argv += ["--target", target] if target else []
        return run_command(
            [*argv, "--", *requirements],
            env=variables.clean_environment(),
            log_path=log_path,
            timeout=TIMEOUT,
            pass_fds=pass_fds,
        )


def find(interpreter: Interpreter, home: str) -> Installer:
    """The installer to use for environments of an interpreter.

    ``SOARKIT_INSTALLER`` (``uv`` or ``pip``) overrides the preference for uv.

    :raises BuildError: there is none, and none can be made
    """
    wanted = os.environ.get("SOARKIT_INSTALLER", "")
    if wanted not in ("", "uv", "pip"):
        raise BuildError(f"SOARKIT_INSTALLER is {wanted!r}", hint="Use uv or pip, or unset it.")
    if wanted != "pip":
        program = _uv()
        if program:
            return Uv(program)
        if wanted == "uv":
            raise BuildError("uv is not installed", hint="pip install uv, or unset SOARKIT_INSTALLER.")
    return Pip(_pip(interpreter, home))


def _uv() -> str | None:
    beside = os.path.join(os.path.dirname(sys.executable), "uv")  # soarkit's own environment need not be activated
    return beside if os.access(beside, os.X_OK) else shutil.which("uv")


def _pip(interpreter: Interpreter, home: str) -> str:
    """An interpreter with a pip that can serve ``interpreter``: each pip supports only some Python versions."""
    if _host_pip_serves(interpreter.version):
        return sys.executable
    environment = variables.clean_environment()
    with homefiles.scratch(home) as folder:
        outcome = run_command(
            [interpreter.path, "-I", "-m", "pip", "--version"],
            env=environment,
            log_path=os.path.join(folder, "log"),
            timeout=60,
        )
    found = re.search(r"^pip (\d+)\.(\d+)", outcome.tail, re.MULTILINE)
    if outcome.ok and found and (int(found[1]), int(found[2])) >= _OLDEST_PIP:
        return interpreter.path
    return _tool_pip(interpreter, home)


def _host_pip_serves(version: tuple[int, int]) -> bool:
    try:
        pip = importlib.metadata.metadata("pip")
    except importlib.metadata.PackageNotFoundError:
        return False
    own = re.match(r"(\d+)\.(\d+)", pip["Version"])
    needs = re.search(r">=\s*3\.(\d+)", pip["Requires-Python"] or "")
    return bool(own and (int(own[1]), int(own[2])) >= _OLDEST_PIP and (needs is None or version >= (3, int(needs[1]))))


def _tool_pip(interpreter: Interpreter, home: str) -> str:
    """Python of an environment that holds nothing but pip, kept in the home folder."""
    tag = f"pip-{interpreter.full_version}"
    folder = os.path.join(home, "installer", tag)
    python = os.path.join(folder, "bin", "python")
    done = os.path.join(folder, "complete")
    log_path = homefiles.log_path(home, tag)
    with homefiles.locked(home, tag, waiting=lambda: None) as lock:
        if not os.path.exists(done):
            shutil.rmtree(folder, ignore_errors=True)
            outcome = run_command(
                [interpreter.path, "-I", "-m", "venv", folder],
                env=variables.clean_environment(),
                log_path=log_path,
                timeout=300,
                pass_fds=[lock],
            )
            if not outcome.ok:
                raise BuildError(
                    f"{interpreter} has neither pip nor a way to get it:\n{outcome.tail.strip()}",
                    where=log_path,
                    hint="Install uv (pip install uv), or the interpreter's own pip (Debian: python3-venv).",
                )
            homefiles.write_json(done, {})
    return python
