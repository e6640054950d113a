"""What goes into an app's environment: its own dependencies and the baseline, resolved together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from soarkit.environments import baseline, files, indexes
from soarkit.environments.dependencies import Choice
from soarkit.environments.installers import Installer
from soarkit.errors import BuildError
from soarkit.execute.command import CommandOutcome

_UNREACHABLE = re.compile(
    r"Failed to establish a new connection|NewConnectionError|NameResolutionError|Temporary failure in name resolution|"
    r"Name or service not known|Cannot connect to proxy|ProxyError|error sending request|dns error|tcp connect error|"
    r"Connection refused|Network is unreachable|Could not fetch URL|Failed to fetch:|"
    r"ConnectTimeoutError|ReadTimeoutError"
)
_DISK = re.compile(r"No space left on device|Disk quota exceeded|os error 28\b")
_MISSING = re.compile(
    r"No matching distribution found for (?P<pip>[^\s;(]+)|(?:Because|and) (?P<uv>\S+) was not found in the |"
    r"there is no version of (?P<version>[^\s,]+)"
)
_NOISE = re.compile(
    r"\s*(?:WARNING: (?:Retrying|Location|Skipping page)|Looking in |Collecting |Processing |"
    r"Requirement already|Downloading |Using (?:Python|cached) |\[notice\])"
)
_LINES = 12  # lines of the installer's output that an error shows


def fill(
    choice: Choice,
    installer: Installer,
    *,
    python: str,
    log_path: str,
    pass_fds: Sequence[int] = (),
    progress: Callable[[str], None],
) -> list[str]:
    """Install an app's dependencies and the baseline into a new environment.

    First everything in one resolution: the app's wheels and requirements as they are, and the pinned baseline without
    what the app brings itself. Where the resolver refuses, the baseline steps back: its members lose their pins. Where
    it still refuses, the app's wheels contradict each other or require what is nowhere to be had, which the platform
    never notices, since it installs them with ``--no-deps`` (the guide says so): then so do we, over the rest.

    :returns: warnings
    :raises BuildError: nothing of that worked; says why, and what to do
    """
    version = choice.interpreter.version
    shipped = [one.path if one.problem is None else one.pin for one in choice.wheels]
    brought = {one.name for one in choice.wheels}
    own = brought | {baseline.normalised(one) for one in choice.pypi}
    pinned = [pin for name, pin in baseline.pins(version).items() if name not in own]
    loose = [member for name, member in baseline.members().items() if name not in own]

    def install(requirements: Sequence[str], *, deps: bool = True) -> CommandOutcome:
        return installer.install(requirements, python=python, log_path=log_path, deps=deps, pass_fds=pass_fds)

    def refused(outcome: CommandOutcome) -> bool:
        """Whether another set of packages may do; what the app asks for and does not exist stays missing."""
        missing = _missing(outcome)
        return not outcome.ok and not (missing and missing <= own)

    outcome = first = install([*shipped, *choice.pypi, *pinned])
    if outcome.ok:
        return []
    _stop_if_hopeless(outcome, choice, installer, log_path)
    if refused(outcome):
        progress("the baseline does not go with the app's dependencies: trying again with its versions left open")
        outcome = install([*shipped, *choice.pypi, *loose])
        if outcome.ok:
            return ["parts of the baseline have other versions than usual, to go with the app's dependencies"]
    if not shipped:
        raise _failure(outcome, choice, installer, log_path)
    progress("trying again without what the app's wheels say they require")
    unbrought = [one for one in choice.pypi if baseline.normalised(one) not in brought]
    outcome = install([*unbrought, *pinned])
    if refused(outcome):
        outcome = install([*unbrought, *loose])
    if outcome.ok:
        outcome = install(shipped, deps=False)
    if not outcome.ok:
        raise _failure(outcome, choice, installer, log_path)
    return [f"the app's wheels were installed without what they say they require: {_headline(first)}"]


def _stop_if_hopeless(outcome: CommandOutcome, choice: Choice, installer: Installer, log_path: str) -> None:
    """Do not try other sets of packages when the set is not what failed."""
    if outcome.timed_out or outcome.returncode < 0 or _UNREACHABLE.search(outcome.tail) or _DISK.search(outcome.tail):
        raise _failure(outcome, choice, installer, log_path)


def _failure(outcome: CommandOutcome, choice: Choice, installer: Installer, log_path: str) -> BuildError:
    """What went wrong, for a person: the cause where it is known, the installer's last lines where it is not."""
    what = f"the app's environment for {choice.interpreter} could not be built"
    log = f"The whole output: {log_path}"
    if outcome.timed_out:
        return BuildError(f"{what}: {installer.name} did not finish within {outcome.seconds:.0f} s", hint=log)
    if _DISK.search(outcome.tail):
        return BuildError(f"{what}: the disk is full", hint=f"Free some space, then try again. {log}")
    switched_off = indexes.switched_off(files.clean_environment())
    offline = switched_off or _UNREACHABLE.search(outcome.tail) is not None
    index = "the package index is switched off" if switched_off else "the package index cannot be reached"
    missing = _missing(outcome)
    replaced = [one for one in choice.wheels if one.problem is not None]
    blamed = [one for one in replaced if one.name in missing or (offline and not missing)]
    reach = "make the package index reachable (PIP_INDEX_URL, a proxy, or a folder of wheels in PIP_FIND_LINKS)"
    if blamed:
        listed = "; ".join(f"{one.input_file} {one.problem}, so {one.pin} is needed" for one in blamed)
        why = index if offline else "the package index does not have it"
        hint = (
            f"Either {reach}, or run the app on an interpreter that its wheels fit: install that one, or name it with "
            f"--python. {log}"
        )
        return BuildError(f"{what}: {listed}, and {why}\n{_excerpt(outcome)}", hint=hint)
    if offline:
        hint = f"Either {reach}, or name an interpreter that already has what the app needs with --python. {log}"
        return BuildError(f"{what}: {index}\n{_excerpt(outcome)}", hint=hint)
    hint = f"{log}\n  --python uses an interpreter as it is, with what is installed there."
    return BuildError(f"{what} ({installer.name}):\n{_excerpt(outcome)}", hint=hint)


def _missing(outcome: CommandOutcome) -> set[str]:
    """Normalised names of what the installer found nowhere."""
    return {
        baseline.normalised(group) for found in _MISSING.finditer(outcome.tail) for group in found.groups() if group
    }


def _excerpt(outcome: CommandOutcome) -> str:
    """The last lines of the output that say something."""
    lines = [line.rstrip() for line in outcome.tail.splitlines() if line.strip() and not _NOISE.match(line)]
    return "\n".join("  " + line[:300] for line in lines[-_LINES:])


def _headline(outcome: CommandOutcome) -> str:
    """The installer's own sentence about what is wrong."""
    lines = [line.strip() for line in outcome.tail.splitlines()]
    telling = [line for line in lines if line.startswith(("ERROR:", "error:", "Because"))]
    return (telling or lines or ["the resolver refused"])[0][:300]
