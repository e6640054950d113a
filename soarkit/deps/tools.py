"""pip-tools and pip in an environment of their own, one for each interpreter they are used for.

Markers, wheel tags and what a source archive's set-up says depend on the interpreter, so the resolver has to run on the
one it resolves for. It is fetched once and kept in the home folder.
"""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Callable

from soarkit import homefiles
from soarkit.environments import installers, variables
from soarkit.environments.interpreters import Interpreter
from soarkit.errors import BuildError
from soarkit.execute.command import run_command

PIP_TOOLS = "7.6.2"

#: First Python version it is for → pip-tools with all that it needs there.
PINS: dict[tuple[int, int], tuple[str, ...]] = {
    (3, 11): (
        f"pip-tools=={PIP_TOOLS}", "pip==26.0.1", "build==1.4.4", "click==8.3.1", "packaging==26.3",
        "pyproject-hooks==1.3.0", "setuptools==80.10.2", "wheel==0.48.0",
    ),
    (3, 10): (
        f"pip-tools=={PIP_TOOLS}", "pip==26.0.1", "build==1.4.4", "click==8.3.1", "packaging==26.3",
        "pyproject-hooks==1.3.0", "setuptools==80.10.2", "wheel==0.48.0", "tomli==2.5.0", "importlib-metadata==8.7.1",
        "zipp==3.23.1", "typing-extensions==4.16.0",
    ),
    (3, 9): (
        f"pip-tools=={PIP_TOOLS}", "pip==26.0.1", "build==1.4.4", "click==8.1.8", "packaging==26.3",
        "pyproject-hooks==1.3.0", "setuptools==80.10.2", "wheel==0.48.0", "tomli==2.5.0", "importlib-metadata==8.7.1",
        "zipp==3.23.1", "typing-extensions==4.16.0",
    ),
}  # fmt: skip


def python_with_pip_tools(interpreter: Interpreter, home: str, progress: Callable[[str], None]) -> str:
    """The Python of an environment that holds pip-tools, pip, setuptools and wheel; made once an interpreter.

    :param home: SOARKIT_HOME
    :param progress: told what happens when it has to be made
    :raises BuildError: it cannot be made
    """
    place = zlib.crc32(interpreter.path.encode())
    tag = f"pip-tools-{PIP_TOOLS}-py{interpreter.full_version}-{place:08x}"
    folder = os.path.join(home, "tools", tag)
    python = os.path.join(folder, "bin", "python")
    done = os.path.join(folder, "complete")
    if os.path.exists(done) and os.path.exists(python):
        return python

    def waiting() -> None:
        progress("waiting for another process that fetches pip-tools")

    with homefiles.locked(home, tag, waiting=waiting) as lock:
        if not (os.path.exists(done) and os.path.exists(python)):
            progress(f"fetching pip-tools (once): Python {interpreter.full_version}")
            try:
                _make(folder, python, interpreter, home, lock)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            homefiles.write_json(done, {})
    return python


def _make(folder: str, python: str, interpreter: Interpreter, home: str, lock: int) -> None:
    log_path = homefiles.log_path(home, "pip-tools")
    shutil.rmtree(folder, ignore_errors=True)  # what a process that died has left
    os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
    made = run_command(
        [interpreter.path, "-I", "-m", "venv", "--without-pip", folder],
        env=variables.clean_environment(),
        log_path=log_path,
        timeout=120,
        pass_fds=[lock],
    )
    installer = installers.find(interpreter, home)
    pins = next(pins for oldest, pins in PINS.items() if interpreter.version >= oldest)
    outcome = made
    if made.ok:
        outcome = installer.install(pins, python=python, log_path=log_path, deps=False, pass_fds=[lock])
    if not outcome.ok:
        lines = outcome.tail.strip().splitlines()[-8:]
        raise BuildError(
            "\n  ".join([f"pip-tools for {interpreter} could not be fetched ({installer.name}):", *lines]),
            hint=f"It needs the package index once a Python version (PIP_INDEX_URL, PIP_FIND_LINKS). Log: {log_path}",
        )
