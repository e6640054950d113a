"""What an app's wheels say they require, and where they contradict each other.

The platform installs an app's wheels with ``--no-deps`` (the guide says so) and never notices when one of them wants
another version of its neighbour; a resolver refuses such a set. So those requirements are found here, by reading, and
left out; everything else the wheels require still counts.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.metadata import RawMetadata, parse_email
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from soarkit.environments.dependencies import Choice
from soarkit.environments.interpreters import Interpreter
from soarkit.environments.wheels import Wheel

_LONGEST = 1 << 20  # bytes of a METADATA that are read: what a wheel requires comes before its description


@dataclass(frozen=True)
class Unsound:
    """A wheel whose requirements cannot all be met beside what else the app declares.

    :ivar reason: what cannot be met and why, for a person
    :ivar requires: its ``Requires-Dist`` lines without those
    :ivar extras: the extras that it provides
    """

    wheel: Wheel
    reason: str
    requires: tuple[str, ...]
    extras: tuple[str, ...]

    def relaxed_copy(self, folder: str) -> str:
        """Write a wheel that holds nothing but the requirements that can be met, for a resolver; gives its path."""
        name, version = os.path.basename(self.wheel.input_file).split("-")[:2]
        stem = f"{name}-{version}"
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version.replace('_', '+')}"]
        lines += [f"Requires-Dist: {one}" for one in self.requires]
        lines += [f"Provides-Extra: {one}" for one in self.extras]
        files = {
            f"{stem}.dist-info/METADATA": "\n".join([*lines, ""]),
            f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = [f"{file},sha256={_record_digest(content)},{len(content.encode())}" for file, content in files.items()]
        files[f"{stem}.dist-info/RECORD"] = "\n".join([*record, f"{stem}.dist-info/RECORD,,", ""])
        path = os.path.join(folder, f"{stem}-py3-none-any.whl")
        with zipfile.ZipFile(path, "w") as archive:
            for file, content in files.items():
                archive.writestr(file, content)
        return path


@dataclass(frozen=True)
class Demand:
    """One requirement that counts on the chosen interpreter, and who makes it: ``boto3 1.17.30 wants``."""

    who: str
    requirement: Requirement

    def __str__(self) -> str:
        return f"{self.who} {_text(self.requirement)}"


@dataclass(frozen=True)
class Demands:
    """What the wheels of an app require of what the app does not ship or pin itself.

    :ivar unsound: the wheels that contradict others, in the app's order
    :ivar others: normalised name → the requirements on it, which some version may meet all together
    """

    unsound: tuple[Unsound, ...]
    others: dict[str, tuple[Demand, ...]]

    def combined(self) -> dict[str, Requirement]:
        """Normalised name → all requirements on it in one, of names that the app does not list itself."""
        return {name: _merged(name, demands) for name, demands in self.others.items()}

    def wanted(self, name: str) -> str | None:
        """Who wants a distribution, for a person; None when no wheel does."""
        return str(self.others[name][0]) if name in self.others else None


def read(choice: Choice) -> Demands:
    """Read the metadata of the wheel files that can be used.

    A wheel that is taken from the index instead, a source archive and a wheel without readable metadata require
    nothing here; the resolver knows more. Where two wheels want what no version can be, the first one wins.
    """
    metadata = {one: _metadata(one) for one in choice.wheels if one.problem is None}
    listed = [one for one in map(Requirement, choice.pypi) if _applies(one, choice.interpreter, set())]
    declared = _versions(choice, listed)
    demands: dict[str, list[Demand]] = {}
    for requirement in listed:
        demands.setdefault(canonicalize_name(requirement.name), []).append(Demand("the app lists", requirement))
    own = {*demands, *(one.name for one in choice.wheels)}
    extras = _requested_extras(choice, listed, metadata)
    unsound = []
    for wheel, raw in metadata.items():
        who = f"{wheel.name} {wheel.version}"
        reasons, kept = [], []
        for line, requirement in _requirements(raw):
            name = canonicalize_name(requirement.name)
            counts = _applies(requirement, choice.interpreter, extras.get(wheel.name, set()))
            demand = Demand(f"{who} wants", requirement)
            against = _against(demand, name, declared, demands.get(name, ()) if counts else ())
            if against is None:
                kept.append(line)
            if against is not None and counts:
                reasons.append(f"{demand}, {against}")
            elif counts and name not in declared:
                demands.setdefault(name, []).append(demand)
        versions = raw.get("requires_python", "")
        if not _allows(versions, choice.interpreter):
            needed = SpecifierSet(versions)
            reasons.append(f"{who} is for Python {needed}, the app runs on Python {choice.interpreter.full_version}")
        if reasons:
            unsound.append(Unsound(wheel, "; ".join(reasons), tuple(kept), tuple(raw.get("provides_extra", ()))))
    others = {name: tuple(found) for name, found in demands.items() if name not in own}
    return Demands(tuple(unsound), others)


def _against(
    demand: Demand, name: str, declared: dict[str, Version], earlier: tuple[Demand, ...] | list[Demand]
) -> str | None:
    """What speaks against a requirement; None when it can be met."""
    specifier = demand.requirement.specifier
    if name in declared:
        met = specifier.contains(declared[name], prereleases=True)
        return None if met else f"the app has {name} {declared[name]}"
    if not earlier or not (specifier & _merged(name, earlier).specifier).is_unsatisfiable():
        return None
    alone = [one for one in earlier if (specifier & one.requirement.specifier).is_unsatisfiable()]
    return str((alone or earlier)[0])


def _versions(choice: Choice, listed: list[Requirement]) -> dict[str, Version]:
    """Normalised name → version of what the app ships or pins."""
    found: dict[str, Version] = {}
    for requirement in listed:
        exact = [one.version for one in requirement.specifier if one.operator == "==" and "*" not in one.version]
        if exact:
            found[canonicalize_name(requirement.name)] = Version(exact[0])
    for wheel in choice.wheels:
        try:
            found[wheel.name] = Version(wheel.version or "")
        except InvalidVersion:
            continue
    return found


def _requested_extras(
    choice: Choice, listed: list[Requirement], metadata: dict[Wheel, RawMetadata]
) -> dict[str, set[str]]:
    extras: dict[str, set[str]] = {}
    required = [one for raw in metadata.values() for _, one in _requirements(raw)]
    for requirement in [*listed, *required]:
        if _applies(requirement, choice.interpreter, set()):
            extras.setdefault(canonicalize_name(requirement.name), set()).update(requirement.extras)
    return extras


def _metadata(wheel: Wheel) -> RawMetadata:
    if not wheel.path.lower().endswith(".whl"):
        return {}
    try:
        with zipfile.ZipFile(wheel.path) as archive:
            names = [one for one in archive.namelist() if one.endswith(".dist-info/METADATA") and one.count("/") == 1]
            if not names:
                return {}
            with archive.open(names[0]) as file:
                return parse_email(file.read(_LONGEST))[0]
    except (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error):  # the installers will say what is wrong
        return {}


def _requirements(raw: RawMetadata) -> Iterator[tuple[str, Requirement]]:
    for line in raw.get("requires_dist", ()):
        try:
            yield " ".join(line.split()), Requirement(line)
        except InvalidRequirement:
            continue


def _applies(requirement: Requirement, interpreter: Interpreter, extras: set[str]) -> bool:
    """Whether a requirement counts on an interpreter (of this machine) with some extras."""
    if requirement.marker is None:
        return True
    target = {
        "python_version": ".".join(map(str, interpreter.version)),
        "python_full_version": interpreter.full_version,
        "implementation_version": interpreter.full_version,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    return any(requirement.marker.evaluate({**target, "extra": extra}) for extra in ("", *extras))


def _allows(versions: str, interpreter: Interpreter) -> bool:
    try:
        return SpecifierSet(versions).contains(interpreter.full_version)
    except InvalidSpecifier:
        return True


def _merged(name: str, demands: tuple[Demand, ...] | list[Demand]) -> Requirement:
    extras = sorted({extra for one in demands for extra in one.requirement.extras})
    specifier = SpecifierSet()
    for one in demands:
        specifier &= one.requirement.specifier
    return Requirement(f"{name}{'[' + ','.join(extras) + ']' if extras else ''}{specifier}")


def _text(requirement: Requirement) -> str:
    return str(_merged(canonicalize_name(requirement.name), [Demand("", requirement)]))


def _record_digest(content: str) -> str:
    """A digest as wheels' RECORD has it."""
    return urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()
