"""``soarkit deps check``: what is wrong with an app's dependencies, list by list."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from soarkit.deps import appfolder, imports, inputs, lockfile, provides, resolving, simpleindex, tools
from soarkit.deps.appfolder import AppFolder
from soarkit.deps.imports import Import, Imports
from soarkit.deps.inputs import AppInput
from soarkit.deps.lockfile import Lock
from soarkit.environments import baseline, dependencies, metadata
from soarkit.environments.dependencies import Choice
from soarkit.environments.interpreters import Interpreter
from soarkit.errors import SoarkitError

_OWN_LIST = re.compile(r"pip3(\d+)_dependencies")


@dataclass(frozen=True)
class DependencyFinding:
    """One thing that is wrong.

    :ivar kind: ``missing``, ``misfit``, ``yanked``, ``unused``, ``outdated`` or ``stale`` (a lock that is)
    :ivar severity: ``error`` or ``warning``
    :ivar python: the Python version it is about: ``3.13``
    :ivar list: the app JSON's list that applies there, None where it has none
    :ivar subject: the distribution, module or file concerned
    """

    kind: str
    severity: str
    python: str
    list: str | None
    subject: str
    message: str

    def to_dict(self) -> dict[str, Any]:
        """For JSON output."""
        return asdict(self)


@dataclass(frozen=True)
class CheckReport:
    """What a check found.

    :ivar pythons: the Python versions that were checked
    :ivar findings: errors before warnings, in the order of the versions
    :ivar unread: modules that could not be parsed: file → reason
    :ivar index_problem: why outdated and yanked versions were not looked for; None when they were
    """

    pythons: tuple[str, ...]
    findings: tuple[DependencyFinding, ...]
    unread: dict[str, str]
    index_problem: str | None

    @property
    def ok(self) -> bool:
        """Whether there are no errors."""
        return not any(one.severity == "error" for one in self.findings)


def check(
    app: AppFolder, pythons: Sequence[str], home: str, *, index: bool = True, progress: Callable[[str], None]
) -> CheckReport:
    """Check an app's dependencies; nothing of the app runs and nothing is installed for it.

    :param pythons: versions or programs to check for; without any, every version that the app has a list for, installed
        or not, else the one it would run on
    :param index: whether to ask the package index for newer and yanked versions
    :raises UsageError: there is no such Python
    :raises ManifestError: the lists or requirements.txt cannot be read
    """
    found = _interpreters(app, pythons, home)
    imported = imports.read(app.folder)
    subjects = [_Subject(app, one, imported) for one in found]
    findings = [finding for subject in subjects for finding in subject.findings()]
    problem = None if index else "not asked for"
    if index:
        progress("asking the package index for newer and yanked versions")
        for subject in subjects:
            known, problem = _ask(subject, home, progress)
            if problem is not None:
                break
            findings += subject.compared(known)
    ordered = tuple(sorted(findings, key=lambda one: (one.severity != "error", _number(one.python))))
    return CheckReport(tuple(one.python for one in subjects), ordered, imported.unread, problem)


def _interpreters(app: AppFolder, pythons: Sequence[str], home: str) -> list[Interpreter]:
    wanted = appfolder.wanted_interpreters(app, pythons, home)
    if pythons:
        return wanted
    listed = {(3, int(found[1])) for key in app.manifest if (found := _OWN_LIST.fullmatch(key))}
    absent = listed - {one.version for one in wanted}
    fitting = [one for one in wanted if not listed or one.version in listed]
    return sorted([*fitting, *(Interpreter((*version, 0), "") for version in absent)])


def _ask(
    subject: _Subject, home: str, progress: Callable[[str], None]
) -> tuple[dict[str, simpleindex.Known], str | None]:
    """What the index has of a subject's versions, or why it cannot say."""
    if not subject.versions:
        return {}, None
    try:
        interpreter = subject.interpreter if subject.interpreter.path else appfolder.tool_interpreter(home)
        python = tools.python_with_pip_tools(interpreter, home, progress)
    except SoarkitError:
        return {}, "pip-tools, which asks it, could not be fetched"
    known = simpleindex.look(subject.versions, python, home)
    return ({}, "the package index cannot be reached") if known is None else (known, None)


class _Subject:
    """An app's dependencies on one Python version."""

    def __init__(self, app: AppFolder, interpreter: Interpreter, imported: Imports) -> None:
        self.interpreter = interpreter
        self.python = ".".join(map(str, interpreter.version))
        self._choice: Choice = dependencies.choose(app.manifest, app.folder, [interpreter], forced=True)
        self._input: AppInput = inputs.read(app, self._choice)
        self._imported = imported
        self._lock_name = lockfile.lock_name(interpreter.version)
        self._lock: Lock | None = lockfile.read(os.path.join(app.folder, self._lock_name))
        usable = [one for one in self._choice.wheels if one.problem is None and one.path.endswith(".whl")]
        self._modules = {one.name: provides.names_in_wheel(one.path) for one in usable}
        self._demands = metadata.read(self._choice)
        self._declared = self._input.names | {one.name for one in self._choice.wheels}
        self.versions = self._versions()

    def findings(self) -> list[DependencyFinding]:
        """What can be said without an index."""
        used: set[str] = set()
        missing: dict[str, list[Import]] = {}
        for one in self._imported.found:
            if imports.platform_api(one.top):
                continue
            found = self._providers(one.module)
            used |= found
            if not found and not imports.standard(one.top, self.interpreter.version):
                missing.setdefault(one.top, []).append(one)
        # What stands in for a wheel, or comes with the baseline, may require it: a lock or the wheels would say.
        sure = (self._is_locked() or self._declared <= set(self._modules)) and not self._imported.unread
        seen = "nothing imports it" if sure else "nothing that can be read imports or requires it"
        return [
            *(self._missing(module, places) for module, places in missing.items()),
            *self._unfit(),
            *(self._finding("unused", name, f"{name} is declared, but {seen}") for name in self._unused(used)),
            *self._stale(),
        ]

    def compared(self, known: dict[str, simpleindex.Known]) -> list[DependencyFinding]:
        """What the index says about the versions in use."""
        found = []
        for name, version in self.versions.items():
            if name not in known:
                continue
            files = known[name]
            if version in files.yanked:
                reason = f": {files.yanked[version]}" if files.yanked[version] else ""
                found.append(self._finding("yanked", name, f"{name} {version} was yanked{reason}", severity="error"))
            sound = [Version(one) for one in files.versions if one not in files.yanked]
            newest = max((one for one in sound if not one.is_prerelease), default=None)
            if newest is not None and newest > Version(version) and name in self._declared:
                found.append(self._finding("outdated", name, f"{name} {version} is in use, {newest} is there"))
        return found

    def _providers(self, module: str) -> set[str]:
        top = module.partition(".")[0]
        shipped = {name for name, modules in self._modules.items() if top in modules}
        others = {*self._declared, *baseline.pins(self.interpreter.version), *self._demands.others}
        others |= set() if self._lock is None else set(self._lock.pins)
        others -= {name for name, modules in self._modules.items() if modules}  # these have said what they hold
        return shipped | provides.distributions(module, others)

    def _missing(self, module: str, places: list[Import]) -> DependencyFinding:
        needed = [one for one in places if not one.optional]
        first = (needed or places)[0]
        where = f"{first.file}:{first.line}"
        if imports.gone(module, self.interpreter.version):
            message = f"{module} is imported ({where}), which is no longer a part of Python {self.python}"
        else:
            name = provides.likely(first.module)
            message = f"{module} is imported ({where}), but {name} is neither declared nor in the baseline"
        if not needed:
            message += "; the app seems to do without"
        elif not self._all_known():
            message += ", unless something declared brings it: lock the app to know"
        severity = "error" if needed and self._all_known() else "warning"
        return self._finding("missing", module, message, severity=severity)

    def _all_known(self) -> bool:
        """Whether all that the app gets is known: from a lock, or since it ships everything it asks for."""
        return self._is_locked() or self._declared <= {*self._modules, *baseline.pins(self.interpreter.version)}

    def _is_locked(self) -> bool:
        """Whether there is a lock that was made for what the app asks for now."""
        return self._lock is not None and self._lock.input_digest == self._input.digest

    def _unfit(self) -> Iterable[DependencyFinding]:
        for wheel in self._choice.replaced:
            kind = "missing" if str(wheel.problem).startswith("is missing") else "misfit"
            yield self._finding(kind, wheel.name, f"{wheel.input_file} {wheel.problem}", severity="error")
        for unsound in self._demands.unsound:
            yield self._finding("misfit", unsound.wheel.name, unsound.reason, severity="error")

    def _unused(self, used: set[str]) -> list[str]:
        wanted = set()
        for raw in self._choice.wheels:
            wanted |= _required(raw.path) if raw.problem is None else set()
        pins = {} if self._lock is None else self._lock.pins
        by_others = {name for name, pin in pins.items() if set(pin.via) - {resolving.APP, resolving.BASELINE}}
        return sorted(self._declared - used - wanted - by_others)

    def _stale(self) -> Iterable[DependencyFinding]:
        if self._lock is not None and self._lock.input_digest != self._input.digest:
            message = f"{self._lock_name} was made for other dependencies: renew it with `soarkit deps lock`"
            yield self._finding("stale", self._lock_name, message)

    def _versions(self) -> dict[str, str]:
        """Normalised name → the version in use, of what is pinned."""
        found = {} if self._lock is None else {name: pin.version for name, pin in self._lock.pins.items()}
        for text in self._input.requirements:
            requirement = Requirement(text)
            exact = [one.version for one in requirement.specifier if one.operator == "==" and "*" not in one.version]
            found.update({canonicalize_name(requirement.name): one for one in exact})
        found.update({one.name: one.version for one in self._choice.wheels if one.version})
        return {name: version for name, version in found.items() if _is_version(version)}

    def _finding(self, kind: str, subject: str, message: str, *, severity: str = "warning") -> DependencyFinding:
        return DependencyFinding(kind, severity, self.python, self._choice.list_name, subject, message)


def _required(path: str) -> set[str]:
    """Normalised names of what a wheel requires, whatever the circumstances."""
    found = set()
    for line in provides.requires_dist(path):
        try:
            found.add(str(canonicalize_name(Requirement(line).name)))
        except InvalidRequirement:
            continue
    return found


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def _number(python: str) -> tuple[int, ...]:
    return tuple(map(int, python.split(".")))
