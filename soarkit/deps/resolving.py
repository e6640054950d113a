"""The app's input and the baseline in one resolution, by pip-compile on the interpreter that it is for.

The app's pins win. The baseline takes part with its bounds, and its pinned versions as pip-compile's earlier result:
what is pinned there stays as long as nothing speaks against it, so that only the members that clash step back. An
earlier lock takes part the same way and comes first.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from soarkit import homefiles
from soarkit.deps import lockfile, tools
from soarkit.deps.inputs import AppInput
from soarkit.deps.lockfile import Lock, Pin
from soarkit.environments import baseline, failures, indexes, metadata, variables
from soarkit.environments.dependencies import Choice
from soarkit.errors import BuildError
from soarkit.execute.command import CommandOutcome, run_command

TIMEOUT = 1800.0  #: seconds a resolution may take: source archives may have to be built to know what they require
APP = "the app"  #: in the ``via`` of what the app itself asks for
BASELINE = "the baseline"  #: in the ``via`` of the members of the baseline

_APP_FILE, _BASELINE_FILE = "app.in", "baseline.in"
_FILES = {_APP_FILE: APP, _BASELINE_FILE: BASELINE}


@dataclass(frozen=True)
class Resolution:
    """What an app gets on one interpreter.

    :ivar pins: normalised name → pin; with hashes where they were asked for
    :ivar stepped_back: members of the baseline that are there in another version than usual: name → (usual, now)
    """

    pins: dict[str, Pin]
    stepped_back: dict[str, tuple[str, str]]

    def brought(self, app_input: AppInput, choice: Choice) -> dict[str, Pin]:
        """What the app has to bring: what it names or ships already, and what that needs that the baseline has not."""
        given = baseline.pins(choice.interpreter.version)
        own = {*app_input.names, *(one.name for one in choice.wheels)}
        return {
            name: pin
            for name, pin in self.pins.items()
            if name in own or (pin.requirement != given.get(name) and self._is_for_app(name, set()))
        }

    def _is_for_app(self, name: str, seen: set[str]) -> bool:
        """Whether the app wants it, by itself or through others."""
        if name in seen or name not in self.pins:
            return False
        seen.add(name)
        return any(one == APP or self._is_for_app(one, seen) for one in self.pins[name].via)


def resolve(
    app_input: AppInput,
    choice: Choice,
    home: str,
    *,
    progress: Callable[[str], None],
    earlier: Mapping[str, Pin],
    hashes: bool = True,
) -> Resolution:
    """Resolve for the interpreter of a choice.

    :param choice: interpreter and list; wheels of the list that can be used are candidates like those of an index
    :param earlier: pins that stay where nothing speaks against them
    :param hashes: whether the pins get the hashes of their files
    :raises BuildError: there is no such set, or the index cannot be asked
    """
    interpreter = choice.interpreter
    python = tools.python_with_pip_tools(interpreter, home, progress)
    log_path = homefiles.log_path(home, f"resolve-py{interpreter.version[0]}{interpreter.version[1]}")
    with homefiles.scratch(home) as folder:
        files = prepare(folder, app_input, choice, earlier)
        argv = [python, "-I", "-m", "piptools", "compile", "--no-config", "--no-header", "--no-emit-options"]
        argv += ["--annotate", "--annotation-style", "line", "--strip-extras", "--allow-unsafe", "--newline", "LF"]
        argv += ["--resolver", "backtracking", "--cache-dir", os.path.join(folder, "cache")]
        argv += ["--generate-hashes"] if hashes else []
        argv += [*files.options, "--output-file", files.output, *files.sources]

        def compile_once() -> CommandOutcome:
            return run_command(argv, env=variables.clean_environment(), log_path=log_path, timeout=TIMEOUT)

        outcome = compile_once()
        if not outcome.ok and not failures.hopeless(outcome) and not failures.missing(outcome):
            # pip-compile gives up where a pin that it keeps clashes in more than its own name.
            _write(files.output, ())
            outcome = compile_once()
        if not outcome.ok:
            # pip-compile hides what pip has to say about it: the conflict, or that there is no connection.
            sources = [option for source in files.sources for option in ("-r", source)]
            argv = [python, "-I", "-m", "pip", "install", "--dry-run", "--ignore-installed", "--retries", "1"]
            argv += ["--no-input", *files.options, *sources]
            asked = run_command(argv, env=variables.clean_environment(), log_path=log_path, timeout=TIMEOUT)
            raise explained(outcome if asked.ok else asked, app_input, choice, log_path, str(interpreter))
        with open(files.output, encoding="utf-8") as file:
            compiled = lockfile.parse(file.read(), files.output)
    return resolution(compiled.pins, app_input, interpreter.version)


def earlier(choice: Choice, lock: Lock | None) -> dict[str, Pin]:
    """The pins that an app has already: those of its lock, and for what is not in that those of its wheels."""
    shipped = {one.name: Pin(one.name, one.version) for one in choice.wheels if one.version}
    return {**shipped, **({} if lock is None else lock.pins)}


class Files(NamedTuple):
    """What a resolver is given: sources, the file it writes (and takes preferences from), further options."""

    sources: tuple[str, ...]
    output: str
    options: tuple[str, ...]


def prepare(
    folder: str,
    app_input: AppInput,
    choice: Choice,
    earlier: Mapping[str, Pin],
    *,
    fits: Callable[[str], bool] = lambda path: True,
) -> Files:
    """Write a resolver's files: the app's input, the baseline, and the pins to keep.

    :param folder: where they are written
    :param earlier: pins that stay where nothing speaks against them; the baseline's own ones when absent
    :param fits: which of the app's usable wheels may be candidates
    """
    pins = baseline.pins(choice.interpreter.version)
    before = {**{name: Pin(name, one.partition("==")[2]) for name, one in pins.items()}, **earlier}
    sources = os.path.join(folder, _APP_FILE), os.path.join(folder, _BASELINE_FILE)
    output = os.path.join(folder, "compiled.txt")
    _write(sources[0], app_input.requirements)
    _write(sources[1], (one for name, one in baseline.members().items() if name not in app_input.names))
    _write(output, (_with_hashes(pin) for pin in before.values()))
    options: list[str] = []
    links = [one.path for one in choice.wheels if one.problem is None and fits(one.path)]
    if links:
        place = os.path.join(folder, "links")
        os.mkdir(place)
        for path in links:
            shutil.copy(path, os.path.join(place, os.path.basename(path)))
        options += ["--find-links", place]
    if app_input.constraints:
        constraints = os.path.join(folder, "constraints.txt")
        _write(constraints, app_input.constraints)
        options += ["--constraint", constraints]
    return Files(sources, output, tuple(options))


def resolution(compiled: Mapping[str, Pin], app_input: AppInput, version: tuple[int, int]) -> Resolution:
    """What a resolver's output says."""
    pins = {name: replace(pin, via=_via(pin.via)) for name, pin in compiled.items()}
    usual = {name: one.partition("==")[2] for name, one in baseline.pins(version).items()}
    stepped_back = {
        name: (usual[name], pin.version)
        for name, pin in pins.items()
        if name in usual and pin.version != usual[name] and name not in app_input.names
    }
    return Resolution(pins, stepped_back)


def _write(path: str, lines: Iterable[str]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def _with_hashes(pin: Pin) -> str:
    return " \\\n".join([pin.requirement, *(f"    --hash=sha256:{one}" for one in pin.hashes)])


def _via(written: tuple[str, ...]) -> tuple[str, ...]:
    """Who wants it, without the names of the files of one resolution."""
    found = []
    for one in written:
        file = os.path.basename(one.removeprefix("-r ").removeprefix("-c "))
        if one.startswith("-r "):
            found.append(_FILES.get(file, APP))
        elif not one.startswith("-c "):
            found.append(one)
    first = [one for one in (APP, BASELINE) if one in found]
    return (*first, *sorted(set(found) - set(first)))


def explained(outcome: CommandOutcome, app_input: AppInput, choice: Choice, log_path: str, shown: str) -> BuildError:
    """Why a resolver failed, for a person.

    :param shown: what it resolved for: ``Python 3.13.0 (...)``
    """
    what = f"{app_input.source} cannot be resolved for {shown}"
    log = f"The whole output: {log_path}"
    absent = sorted(failures.missing(outcome))
    switched_off = indexes.switched_off(variables.clean_environment())
    if switched_off and absent:
        where = "is in none of the folders of wheels, and the package index is switched off"
        return BuildError(f"{what}: {', '.join(absent)} {where}", hint=f"{_reach()} {log}")
    if failures.hopeless(outcome):
        return BuildError(f"{what}: {_last(outcome)}", hint=f"{_reach()} {log}")
    if absent:
        wanted = [one for one in app_input.requirements if baseline.normalised(one) in absent]
        listed = ", ".join(wanted or absent)
        hint = f"Correct the version or the name, or name an index that has it (PIP_EXTRA_INDEX_URL). {log}"
        return BuildError(f"{what}: the package index does not have {listed}", hint=hint)
    reason = failures.reason(outcome, metadata.read(choice))
    without = " Without a lock, the app's wheels are installed as they are." if choice.wheels else ""
    return BuildError(f"{what}: {reason}", hint=f"Change one of the versions in {app_input.source}.{without} {log}")


def _reach() -> str:
    return "Make the package index reachable (PIP_INDEX_URL, a proxy, or a folder of wheels in PIP_FIND_LINKS)."


def _last(outcome: CommandOutcome) -> str:
    lines = [line.strip() for line in outcome.tail.splitlines() if line.strip()]
    return (lines or ["pip-compile did not finish"])[-1][:300]
