"""What goes into an app's environment: its own dependencies and the baseline, resolved together, or what is locked."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement

from soarkit.environments import baseline, failures, metadata, origins, unmet
from soarkit.environments.dependencies import Choice
from soarkit.environments.installers import Installer
from soarkit.environments.lockfiles import LockFile
from soarkit.environments.metadata import Demands
from soarkit.environments.origins import IndexFile
from soarkit.execute.command import CommandOutcome

_STEPPED_BACK = "parts of the baseline have other versions than usual, to go with the app's dependencies"


@dataclass(frozen=True)
class Filled:
    """What came of filling an environment.

    :ivar warnings: what a person should know
    :ivar fetched: normalised name → the index's file that was installed in place of a wheel of the app, where known
    :ivar check: what ``pip check`` found, a line each
    """

    warnings: tuple[str, ...] = ()
    fetched: dict[str, IndexFile] = field(default_factory=dict)
    check: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filler:
    """Fills one environment.

    :ivar python: the environment's Python
    :ivar packages: its ``site-packages``
    :ivar log_path: where the installer's output goes
    :ivar pass_fds: descriptors that the installer inherits
    :ivar progress: told what happens
    """

    choice: Choice
    installer: Installer
    python: str
    packages: str
    log_path: str
    pass_fds: Sequence[int]
    progress: Callable[[str], None]

    def fill(self, lock: LockFile | None) -> Filled:
        """Install what the app needs, and look at the result.

        :param lock: the app's lock for this interpreter: then what it lists, nothing else
        :raises BuildError: says why it cannot be done, and what to do
        """
        with tempfile.TemporaryDirectory(prefix="soarkit-") as scratch:
            reports: list[str] = []
            warnings = self._locked(lock, scratch, reports) if lock else self._resolved(scratch, reports)
            fetched = self._fetched(reports) if self.choice.replaced else {}
        check = unmet.lines(self.installer.check(python=self.python, log_path=self.log_path, pass_fds=self.pass_fds))
        return Filled((*warnings, *unmet.warnings(check, warnings)), fetched, check)

    def _locked(self, lock: LockFile, scratch: str, reports: list[str]) -> list[str]:
        clean = os.path.join(scratch, "requirements.txt")
        with open(clean, "w", encoding="utf-8") as file:
            file.write("\n".join(self._of_the_app(line) for line in lock.lines))
        reports.append(os.path.join(scratch, "report.json"))
        outcome = self.installer.install_locked(
            clean,
            python=self.python,
            log_path=self.log_path,
            report=reports[0],
            pass_fds=self.pass_fds,
        )
        if not outcome.ok:
            raise failures.explained(outcome, self.choice, self.installer, self.log_path, lock)
        return []

    def _of_the_app(self, line: str) -> str:
        """A line of the lock; the path of the app's wheel in it where the lock names that.

        The index may have another file of the same version, which the lock names as well: it stands in for the app's
        where that cannot be used, but does not take its place.
        """
        requirement = Requirement(line.partition(" --hash=")[0])
        for one in self.choice.wheels:
            named = f"--hash=sha256:{one.sha256}"
            if one.problem is None and one.name == baseline.normalised(requirement.name) and named in line.split():
                marker = f" ; {requirement.marker}" if requirement.marker else ""
                return f"{requirement.name} @ {Path(one.path).as_uri()}{marker} {named}"
        return line

    def _fetched(self, reports: list[str]) -> dict[str, IndexFile]:
        pins = [one.pin for one in self.choice.replaced]
        found = self.installer.from_index(
            pins, python=self.python, log_path=self.log_path, reports=reports, pass_fds=self.pass_fds
        )
        chosen = {
            one.name: origins.installed_one(found.get(one.name, ()), self.packages, one.name)
            for one in self.choice.replaced
        }
        return {name: file for name, file in chosen.items() if file is not None}

    def _resolved(self, scratch: str, reports: list[str]) -> list[str]:
        """Resolve and install what the app declares together with the baseline.

        First everything in one resolution: the app's wheels and requirements as they are, and the pinned baseline
        without what the app brings itself or what its wheels speak against. A wheel that contradicts another one takes
        part as a copy of those of its requirements that can be met, and replaces the copy afterwards. Where the
        resolver refuses, the baseline steps back: its members lose their pins. Where it still refuses, a wheel requires
        what is nowhere to be had, or one that comes from the index contradicts the others. The platform never notices,
        since it installs wheels with ``--no-deps`` (the guide says so): then so do we, over a set that heeds what they
        require as far as it goes.

        :returns: warnings
        """
        choice, installer, log_path = self.choice, self.installer, self.log_path
        demands = metadata.read(choice)
        shipped = {one.name: one.path if one.problem is None else one.pin for one in choice.wheels}
        own = {*shipped, *map(baseline.normalised, choice.pypi)}
        pinned, loose = _baseline(choice, demands, own)
        warnings = [f"{one.reason}: installed all the same" for one in demands.unsound]

        def install(requirements: Iterable[str], *, deps: bool = True) -> CommandOutcome:
            report = os.path.join(scratch, f"report-{len(reports)}.json")
            outcome = installer.install(
                list(requirements),
                python=self.python,
                log_path=log_path,
                deps=deps,
                report=report,
                wheels_only=choice.kind == baseline.ENRICHMENT,
                pass_fds=self.pass_fds,
            )
            reports.extend([report] if outcome.ok else [])
            return outcome

        def refused(outcome: CommandOutcome) -> bool:
            """Whether another set of packages may do; what the app asks for and does not exist stays missing."""
            missing = failures.missing(outcome)
            return not outcome.ok and not (missing and missing <= own)

        copies = {one.wheel.name: one.relaxed_copy(scratch) for one in demands.unsound}
        wanted = [*{**shipped, **copies}.values(), *choice.pypi]
        outcome = install([*wanted, *pinned])
        if not outcome.ok and (failures.hopeless(outcome) or failures.unbuilt(outcome, log_path) in shipped):
            raise failures.explained(outcome, choice, installer, log_path)
        if set(pinned) - set(baseline.pins(choice.interpreter.version, choice.kind).values()):
            warnings.insert(0, _STEPPED_BACK)
        if refused(outcome):
            self.progress(
                "the baseline does not go with the app's dependencies: trying again with its versions left open"
            )
            outcome = install([*wanted, *loose])
            warnings = list(dict.fromkeys([_STEPPED_BACK, *warnings]))
        if outcome.ok and copies:
            outcome = install([shipped[name] for name in copies], deps=False)
        if outcome.ok:
            return warnings
        if not shipped:
            raise failures.explained(outcome, choice, installer, log_path)

        self.progress("trying again without what the app's wheels say they require")
        reason = failures.reason(outcome, demands)
        missing = failures.missing(outcome)
        unbrought = [one for one in choice.pypi if baseline.normalised(one) not in shipped]
        members = baseline.members(choice.kind)
        others = {name: str(one) for name, one in demands.combined().items() if name not in members}
        for basis, heeded in ((pinned, others), (loose, others), (loose, {})):
            outcome = install([*unbrought, *basis, *(one for name, one in heeded.items() if name not in missing)])
            missing |= failures.missing(outcome)
            if not refused(outcome):
                break
        if outcome.ok:
            outcome = install(shipped.values(), deps=False)
        if not outcome.ok:
            raise failures.explained(outcome, choice, installer, log_path)
        return [*warnings, f"the app's wheels were installed without all that they require: {reason}"]


def _baseline(choice: Choice, demands: Demands, own: set[str]) -> tuple[list[str], list[str]]:
    """The baseline without what the app brings: pinned as far as the app's wheels agree, and with its versions open."""
    wanted = demands.combined()
    members = {name: Requirement(one) for name, one in baseline.members(choice.kind).items() if name not in own}
    for name, member in members.items():
        if name in wanted and not (member.specifier & wanted[name].specifier).is_unsatisfiable():
            member.specifier &= wanted[name].specifier
        elif name in wanted:
            member.specifier = wanted[name].specifier
    pinned = []
    for name, pin in baseline.pins(choice.interpreter.version, choice.kind).items():
        agrees = name not in wanted or wanted[name].specifier.contains(pin.partition("==")[2], prereleases=True)
        if name not in own:
            pinned.append(pin if agrees else str(members.get(name, wanted[name])))
    return pinned, [str(one) for one in members.values()]
