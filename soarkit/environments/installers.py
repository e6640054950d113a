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
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from soarkit import homefiles
from soarkit.environments import indexes, origins, variables
from soarkit.environments.interpreters import Interpreter
from soarkit.environments.origins import IndexFile
from soarkit.errors import BuildError
from soarkit.execute.command import CommandOutcome, run_command

TIMEOUT = 1800.0  #: seconds one installer call may take; packages that are built from source need minutes
_OLDEST_PIP = (22, 3)  # --python came with it
_CHECK_TIMEOUT = 120.0


class Installer(ABC):
    """What can install requirements into an environment or a folder."""

    name: ClassVar[str]  #: for people: ``uv`` or ``pip``
    _install: ClassVar[tuple[str, ...]]  # options of every installation: byte code compiled
    _as_they_are: ClassVar[tuple[str, ...]]  # whatever they say they require, and in place of what is there

    def install(
        self,
        requirements: Sequence[str],
        *,
        python: str,
        log_path: str,
        deps: bool = True,
        target: str | None = None,
        report: str | None = None,
        wheels_only: bool = False,
        pass_fds: Sequence[int] = (),
    ) -> CommandOutcome:
        """Install, byte code compiled.

        :param requirements: requirements, and paths of wheel files and source archives
        :param python: the environment's Python; with ``target`` any Python of the version that it is for
        :param deps: whether what the requirements require is resolved and installed too; without, they are installed
            whatever they say they require, the Python version included, and in place of what is there
        :param target: a folder that gets the packages in the environment's stead
        :param report: a file for :meth:`from_index`
        :param wheels_only: nothing is built from source, so that no code runs
        """
        options = [*([] if deps else self._as_they_are), *(["--target", target] if target else [])]
        options += [*self._reporting(report), *(["--only-binary", ":all:"] if wheels_only else [])]
        arguments = [*self._install, *options, "--", *requirements]
        return self._run("install", arguments, python, log_path, TIMEOUT, pass_fds)

    def install_locked(
        self, lock: str, *, python: str, log_path: str, report: str, pass_fds: Sequence[int] = ()
    ) -> CommandOutcome:
        """Install all that a requirements file with hashes lists and nothing else, byte code compiled."""
        options = ["--no-deps", "--require-hashes", "-r", lock, *self._reporting(report)]
        return self._run("install", [*self._install, *options], python, log_path, TIMEOUT, pass_fds)

    def check(self, *, python: str, log_path: str, pass_fds: Sequence[int] = ()) -> CommandOutcome:
        """Compare what is installed with what it requires (``pip check``)."""
        return self._run("check", [], python, log_path, _CHECK_TIMEOUT, pass_fds)

    @abstractmethod
    def from_index(
        self, pins: Sequence[str], *, python: str, log_path: str, reports: Sequence[str], pass_fds: Sequence[int] = ()
    ) -> dict[str, list[IndexFile]]:
        """Normalised name → the files of the index that may be what was installed for it.

        :param pins: requirements with exact versions
        :param reports: the reports of all successful installations into the environment
        """

    @abstractmethod
    def _reporting(self, report: str | None) -> list[str]:
        """The options that have an installation write a report."""

    @abstractmethod
    def _run(
        self,
        command: str,
        arguments: Sequence[str],
        python: str,
        log_path: str,
        timeout: float,
        pass_fds: Sequence[int],
    ) -> CommandOutcome:
        """Run one of the installer's commands on the environment of ``python``."""


@dataclass(frozen=True)
class Uv(Installer):
    """uv, told about the index settings of pip, whose configuration it does not read.

    :ivar program: uv itself
    :ivar refresh: ask the index again for what is cached
    """

    program: str
    refresh: bool = False
    name = "uv"
    _install = ("--compile-bytecode",)
    _as_they_are = ("--no-deps", "--reinstall")

    def from_index(
        self, pins: Sequence[str], *, python: str, log_path: str, reports: Sequence[str], pass_fds: Sequence[int] = ()
    ) -> dict[str, list[IndexFile]]:
        """See :meth:`Installer.from_index`; uv reports nothing, but can name all files of a version that fit."""
        wanted, found = f"{reports[-1]}.in", f"{os.path.dirname(reports[-1])}/pylock.toml"
        with open(wanted, "w", encoding="utf-8") as file:
            file.write("\n".join(pins))
        arguments = ["--no-deps", "--no-header", "--format", "pylock.toml", "--output-file", found, wanted]
        outcome = self._run("compile", arguments, python, log_path, TIMEOUT, pass_fds)
        return origins.from_pylock(found) if outcome.ok else {}

    def _reporting(self, report: str | None) -> list[str]:
        return []

    def _run(
        self,
        command: str,
        arguments: Sequence[str],
        python: str,
        log_path: str,
        timeout: float,
        pass_fds: Sequence[int],
    ) -> CommandOutcome:
        environment = variables.clean_environment()
        options = ["--python", python, "--no-progress"]
        if command != "check":
            options += ["--no-index"] if indexes.switched_off(environment) else []
            options += ["--refresh"] if self.refresh else []
        return run_command(
            [self.program, "pip", command, *options, *arguments],
            env=indexes.for_uv(environment),
            log_path=log_path,
            timeout=timeout,
            cwd="/",  # uv obeys the settings of a project that it is started in; the user's own ones stay
            pass_fds=pass_fds,
        )


@dataclass(frozen=True)
class Pip(Installer):
    """A pip outside the environment.

    :ivar python: an interpreter that has pip
    """

    python: str
    name = "pip"
    _install = ("--compile", "--progress-bar", "off", "--no-warn-script-location")
    _as_they_are = ("--no-deps", "--force-reinstall", "--ignore-requires-python")

    def from_index(
        self, pins: Sequence[str], *, python: str, log_path: str, reports: Sequence[str], pass_fds: Sequence[int] = ()
    ) -> dict[str, list[IndexFile]]:
        """See :meth:`Installer.from_index`; pip has reported what it installed."""
        return {name: [file] for report in reports for name, file in origins.from_report(report).items()}

    def _reporting(self, report: str | None) -> list[str]:
        return ["--report", report] if report else []

    def _run(
        self,
        command: str,
        arguments: Sequence[str],
        python: str,
        log_path: str,
        timeout: float,
        pass_fds: Sequence[int],
    ) -> CommandOutcome:
        argv = [self.python, "-I", "-m", "pip", "--python", python, "--disable-pip-version-check", "--no-input"]
        return run_command(
            [*argv, command, *arguments],
            env=variables.clean_environment(),
            log_path=log_path,
            timeout=timeout,
            pass_fds=pass_fds,
        )


def find(interpreter: Interpreter, home: str, *, refresh: bool = False) -> Installer:
    """The installer to use for environments of an interpreter.

    ``SOARKIT_INSTALLER`` (``uv`` or ``pip``) overrides the preference for uv.

    :param refresh: ask the index again for what is cached (pip always does)
    :raises BuildError: there is none, and none can be made
    """
    wanted = os.environ.get("SOARKIT_INSTALLER", "")
    if wanted not in ("", "uv", "pip"):
        raise BuildError(f"SOARKIT_INSTALLER is {wanted!r}", hint="Use uv or pip, or unset it.")
    if wanted != "pip":
        program = _uv()
        if program:
            return Uv(program, refresh)
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
