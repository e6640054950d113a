"""What the output of an installer that failed means, and what to tell the user."""

from __future__ import annotations

import os
import re

from soarkit.environments import baseline, indexes, variables, wheels
from soarkit.environments.dependencies import Choice
from soarkit.environments.installers import Installer
from soarkit.environments.lockfiles import LockFile
from soarkit.environments.metadata import Demands
from soarkit.errors import BuildError
from soarkit.execute.command import TAIL_BYTES, CommandOutcome

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
_UV_CONFLICT = re.compile(r"Because (.{1,400}?)(?:, we can conclude|, it follows|\. |\.?$)")
_PIP_CONFLICT = re.compile(r"The conflict is caused by:\n((?: +\S.*\n?){1,6})")
_FROM = re.compile(r" \(from [^()]*\)")
_UNBUILT = re.compile(
    r"(?:Failed to build [`']|Failed building wheel for |while generating package metadata\.\s+\S*> )(?P<what>[^`'\s]+)"
)
# Before pip 24 the error names nothing; what was being looked at stands above it.
_NAMELESS = re.compile(
    r"while generating package metadata\.\s+\S*> See above|^error: metadata-generation-failed", re.MULTILINE
)
_LOOKED_AT = re.compile(r"^ *(?:Collecting (?P<what>[A-Za-z0-9._-]+)|Processing (?P<path>\S+))", re.MULTILINE)
_OTHER_FILE = re.compile(
    r"Hash mismatch for `(?P<uv>[^`]+)`|DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE\..*\n +(?P<pip>\S+) from "
)
_NOISE = re.compile(
    r"\s*(?:WARNING: (?:Retrying|Location|Skipping page)|Looking in |Collecting |Processing |"
    r"Requirement already|Downloading |Using (?:Python|cached) |\[notice\])"
)
_LINES = 12  # lines of the installer's output that an error shows


def hopeless(outcome: CommandOutcome) -> bool:
    """Whether other sets of packages need not be tried, since the set is not what failed."""
    elsewhere = _UNREACHABLE.search(outcome.tail) or _DISK.search(outcome.tail)
    return outcome.timed_out or outcome.returncode < 0 or elsewhere is not None


def unbuilt(outcome: CommandOutcome, log_path: str) -> str:
    """Normalised name of what the index has only as source, which could not be built; empty when that is not it."""
    text = outcome.tail
    if len(text) > TAIL_BYTES // 2:
        # uv says it first, and compilers may write more than the tail holds.
        with open(log_path, encoding="utf-8", errors="replace") as log:
            text = log.read()
    nameless = list(_NAMELESS.finditer(text))
    if nameless:
        looked_at = list(_LOOKED_AT.finditer(text, 0, nameless[-1].start()))
        return _looked_at(looked_at[-1]) if looked_at else ""
    attempts = list(_UNBUILT.finditer(text))
    return baseline.normalised(attempts[-1]["what"]) if attempts else ""


def _looked_at(found: re.Match[str]) -> str:
    if found["what"]:
        return baseline.normalised(found["what"])
    return wheels.name_and_version(os.path.basename(found["path"]))[0] or ""


def refused(choice: Choice) -> BuildError:
    """The error where wheels cannot be used and the package index must not replace them."""
    listed = "; ".join(f"{one.input_file} {one.problem}" for one in choice.replaced)
    return BuildError(
        f"the app's environment for {choice.interpreter} is not built without the package index: {listed}",
        hint="Either allow the package index, which may have the same versions (no --no-index-fallback), or choose "
        "another interpreter, one that the app's wheels fit, with --python.",
    )


def explained(
    outcome: CommandOutcome, choice: Choice, installer: Installer, log_path: str, lock: LockFile | None = None
) -> BuildError:
    """What went wrong, for a person: the cause where it is known, the installer's last lines where it is not."""
    what = f"the app's environment for {choice.interpreter} could not be built"
    log = f"The whole output: {log_path}"
    if outcome.timed_out or outcome.returncode < 0:
        late = f"did not finish within {outcome.seconds:.0f} s"
        ended = late if outcome.timed_out else f"was ended by signal {-outcome.returncode}"
        return BuildError(f"{what}: {installer.name} {ended}", hint=log)
    if _DISK.search(outcome.tail):
        return BuildError(f"{what}: the disk is full", hint=f"Free some space, then try again. {log}")
    switched_off = indexes.switched_off(variables.clean_environment())
    offline = switched_off or _UNREACHABLE.search(outcome.tail) is not None
    index = "the package index is switched off" if switched_off else "the package index cannot be reached"
    absent = missing(outcome)
    other = _OTHER_FILE.search(outcome.tail)
    if lock is not None and other is not None:
        return BuildError(
            f"{what}: {other['uv'] or other['pip']} is another file than {lock.name} names\n{_excerpt(outcome)}",
            where=lock.path,
            hint=f"Find out who changed it; if the change is wanted, renew the lock: soarkit deps lock APP. {log}",
        )
    source = unbuilt(outcome, log_path)
    blamed = [one for one in choice.replaced if one.name in absent or (offline and not absent) or one.name == source]
    reach = "make the package index reachable (PIP_INDEX_URL, a proxy, or a folder of wheels in PIP_FIND_LINKS)"
    if blamed:
        listed = "; ".join(f"{one.input_file} {one.problem}, so {one.pin} is needed" for one in blamed)
        without = "has only its source, which cannot be built" if source else "does not have it"
        why = index if offline else f"the package index {without}"
        hint = (
            f"Either {reach}, or run the app on an interpreter that its wheels fit: install that one, or name it with "
            f"--python. {log}"
        )
        return BuildError(f"{what}: {listed}, and {why}\n{_excerpt(outcome)}", hint=hint)
    if offline:
        hint = f"Either {reach}, or name an interpreter that already has what the app needs with --python. {log}"
        return BuildError(f"{what}: {index}\n{_excerpt(outcome)}", hint=hint)
    hint = f"{log}\n  Another interpreter may do: name it with --python."
    return BuildError(f"{what} ({installer.name}):\n{_excerpt(outcome)}", hint=hint)


def missing(outcome: CommandOutcome) -> set[str]:
    """Normalised names of what the installer found nowhere."""
    return {
        baseline.normalised(group) for found in _MISSING.finditer(outcome.tail) for group in found.groups() if group
    }


def _excerpt(outcome: CommandOutcome) -> str:
    """The last lines of the output that say something."""
    lines = [line.rstrip() for line in outcome.tail.splitlines() if line.strip() and not _NOISE.match(line)]
    return "\n".join("  " + line[:300] for line in lines[-_LINES:])


def reason(outcome: CommandOutcome, demands: Demands) -> str:
    """Why the resolver refused, as one clause: which wheel wants what."""
    wanted = [text for name in sorted(missing(outcome)) if (text := demands.wanted(name))]
    if wanted:
        return "; ".join(f"{one}, which the package index does not have" for one in wanted)
    uv = _UV_CONFLICT.search(" ".join(outcome.tail.split()))
    if uv:
        return uv[1]
    pip = _PIP_CONFLICT.search(outcome.tail)
    if pip:
        lines = [_FROM.sub("", line).replace("The user requested", "the app has") for line in pip[1].splitlines()]
        return ", ".join(line.strip() for line in sorted(lines, key=lambda line: "depends on" not in line))
    lines = [line.strip() for line in outcome.tail.splitlines()]
    telling = [line for line in lines if line.startswith(("ERROR:", "error:"))]
    return (telling or lines or ["the resolver refused"])[0][:300]
