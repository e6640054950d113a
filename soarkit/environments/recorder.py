"""The recorder folder: vcrpy and what it needs, beside an app's environment, never inside it.

Recording must not change which versions an app gets (on Python 3.9 a resolver would push urllib3 back a major version
for vcrpy), so the packages are put into a folder of their own without their dependencies, which the runner appends to
``sys.path`` last: what the app has wins.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

from soarkit import homefiles
from soarkit.environments import installers, interpreters
from soarkit.environments.interpreters import Interpreter, release
from soarkit.errors import BuildError, UsageError

#: First Python version it is for → the pinned set. urllib3 is the app's own (its requests needs it); yarl comes with
#: aiohttp, the only library that vcrpy uses it for.
PINS: dict[tuple[int, int], tuple[str, ...]] = {
    (3, 11): ("vcrpy==9.4.2", "PyYAML==6.0.3", "wrapt==2.5.2"),
    (3, 10): ("vcrpy==8.5.0", "PyYAML==6.0.3", "wrapt==2.5.2"),
    (3, 9): ("vcrpy==7.0.0", "PyYAML==6.0.3", "wrapt==2.5.2"),
}


def recorder_folder(python: str, home: str, progress: Callable[[str], None]) -> str:
    """The folder to append to ``sys.path`` of an app's process that records or replays; filled once a version.

    :param python: the Python that the app runs on, an environment's or any other
    :param home: SOARKIT_HOME
    :param progress: told what happens when it has to be filled
    :raises BuildError: it cannot be filled
    :raises UsageError: ``python`` is none that apps can run on
    """
    facts = interpreters.ask(os.path.realpath(python), home)
    if facts is None or not facts.named:
        raise UsageError("recordings need CPython 3.9 or newer", where=python)
    interpreter = Interpreter(release(facts.version), os.path.realpath(facts.base))
    pins = next(pins for oldest, pins in PINS.items() if interpreter.version >= oldest)
    versions = "-".join(pin.partition("==")[2] for pin in pins)
    version = "".join(map(str, interpreter.version)) + ("t" if facts.threads == "free" else "")
    tag = f"py{version}-{facts.implementation.lower()}-{facts.platform}-{versions}"
    folder = os.path.join(home, "recorder", tag)
    if os.path.isdir(folder):
        return folder
    progress(f"fetching the HTTP recorder (once): Python {interpreter.full_version}, {', '.join(pins)}")
    with homefiles.locked(home, f"recorder-{tag}", waiting=lambda: None) as lock:
        if not os.path.isdir(folder):
            _fill(folder, pins, interpreter, home, lock)
    return folder


def _fill(folder: str, pins: tuple[str, ...], interpreter: Interpreter, home: str, lock: int) -> None:
    log_path = homefiles.log_path(home, "recorder")
    installer = installers.find(interpreter, home)
    temporary = folder + ".new"  # only the holder of the lock writes it
    shutil.rmtree(temporary, ignore_errors=True)
    os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
    try:
        outcome = installer.install(
            pins, python=interpreter.path, log_path=log_path, deps=False, target=temporary, pass_fds=[lock]
        )
        if outcome.ok:
            os.rename(temporary, folder)  # whole or not at all
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    if not outcome.ok:
        lines = outcome.tail.strip().splitlines()[-8:]
        raise BuildError(
            "\n  ".join([f"the HTTP recorder for {interpreter} could not be fetched ({installer.name}):", *lines]),
            hint=f"It needs the package index once a Python version (PIP_INDEX_URL, PIP_FIND_LINKS). Log: {log_path}",
        )
