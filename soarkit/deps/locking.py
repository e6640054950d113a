"""``soarkit deps lock``: what an app gets on an interpreter, pinned and hashed, in a file that travels with it."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from soarkit import homefiles
from soarkit.deps import inputs, lockfile, resolving, tools
from soarkit.deps.appfolder import AppFolder
from soarkit.deps.inputs import AppInput
from soarkit.deps.lockfile import Lock, Pin
from soarkit.environments import baseline
from soarkit.environments.dependencies import Choice
from soarkit.environments.interpreters import Interpreter
from soarkit.errors import BuildError


@dataclass(frozen=True)
class LockReport:
    """What locking for one interpreter came to.

    :ivar path: the lock file
    :ivar source: where the app says what it asks for
    :ivar pins: how many distributions are locked
    :ivar brought: normalised names of those that the app itself needs beyond the baseline
    :ivar changes: normalised name → (version before, version now), None where it was or is not in the lock
    :ivar is_new: there was no lock before
    :ivar written: whether the file's content changed
    :ivar stepped_back: members of the baseline that have another version than usual: name → (usual, now)
    """

    interpreter: Interpreter
    path: str
    source: str
    pins: int
    brought: tuple[str, ...]
    changes: dict[str, tuple[str | None, str | None]]
    is_new: bool
    written: bool
    stepped_back: dict[str, tuple[str, str]]
    warnings: tuple[str, ...]


def lock(
    app: AppFolder, interpreter: Interpreter, home: str, *, upgrade: bool = False, progress: Callable[[str], None]
) -> LockReport:
    """Write the lock file of an app for one interpreter.

    Pins of an earlier lock stay as long as they go with what the app asks for.

    :param upgrade: forget the earlier lock; the baseline keeps its pinned versions all the same
    :raises ManifestError: what the app asks for cannot be read
    :raises BuildError: it cannot be resolved
    """
    choice = app.choice(interpreter)
    app_input = inputs.read(app, choice)
    path = os.path.join(app.folder, lockfile.lock_name(interpreter.version))
    before = lockfile.read(path)
    progress(f"locking {app_input.source} for Python {interpreter.full_version}")
    earlier = {} if upgrade else resolving.earlier(choice, before)
    resolution = resolving.resolve(app_input, choice, home, progress=progress, earlier=earlier)
    pins = lockfile.with_hashes(resolution.pins, wheel_hashes(choice, resolution.pins))
    unhashed = [pin.requirement for pin in pins.values() if not pin.hashes]
    if unhashed:
        raise BuildError(f"there are no hashes for {', '.join(unhashed)}", where=path)
    text = Lock(pins, facts(interpreter, app_input)).text()
    written = write(path, text)
    return LockReport(
        interpreter,
        path,
        app_input.source,
        len(pins),
        tuple(sorted(resolution.brought(app_input, choice))),
        changes({} if before is None else before.pins, pins),
        before is None,
        written,
        resolution.stepped_back,
        (*app_input.warnings, *_left_out(choice, app_input, pins)),
    )


def _left_out(choice: Choice, app_input: AppInput, pins: Mapping[str, Pin]) -> list[str]:
    """What to say of wheels that the app ships and nothing in the lock asks for."""
    names = sorted({one.name for one in choice.wheels if one.name not in pins})
    what = f"nothing in {app_input.source} requires it"
    return [f"{name} is in {choice.list_name}, but {what}: it is not in the lock" for name in names]


def facts(interpreter: Interpreter, app_input: AppInput) -> dict[str, str]:
    """What a lock says it was made for and from."""
    return {
        "python": ".".join(map(str, interpreter.version)),
        "platform": sysconfig.get_platform(),
        "input": f"{app_input.source}, {app_input.digest}",
        "baseline": baseline.revision(interpreter.version),
        "resolver": f"pip-tools {tools.PIP_TOOLS}",
    }


def wheel_hashes(choice: Choice, pins: Mapping[str, Pin]) -> dict[str, list[str]]:
    """Normalised name → digests of the app's own wheels that hold the pinned versions: an index may not have those."""
    found: dict[str, list[str]] = {}
    for wheel in choice.wheels:
        pin = pins.get(wheel.name)
        if pin is not None and wheel.problem is None and wheel.version == pin.version:
            found.setdefault(wheel.name, []).append(wheel.digest)
    return found


def changes(before: Mapping[str, Pin], after: Mapping[str, Pin]) -> dict[str, tuple[str | None, str | None]]:
    """What is added, removed or has another version: normalised name → (version before, version after)."""
    found = {}
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old is None or new is None or old.version != new.version:
            found[name] = (None if old is None else old.version, None if new is None else new.version)
    return found


def write(path: str, text: str) -> bool:
    """Write a file of an app, readable as its neighbours are; whether that changed it."""
    content = text.encode()
    try:
        with open(path, "rb") as file:
            if file.read() == content:
                return False
        mode = os.stat(path).st_mode & 0o777
    except FileNotFoundError:
        mode = 0o644
    homefiles.write_bytes(path, content)
    os.chmod(path, mode)
    return True
