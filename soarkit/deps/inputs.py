"""What an app asks for: the requirements that a resolver starts from."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from soarkit.deps.appfolder import AppFolder
from soarkit.environments import wheels
from soarkit.environments.dependencies import Choice
from soarkit.errors import ManifestError

REQUIREMENTS = "requirements.txt"

_OPTION = re.compile(r"(?P<option>-{1,2}[A-Za-z-]+)(?:[\s=]+|(?<=^-[rce]))(?P<value>.*)")
_COMMENT = re.compile(r"(^|\s+)#.*$")
_PER_REQUIREMENT = re.compile(r"\s--(?:hash|global-option|config-settings?|install-option)[=\s].*$")
_INCLUDES = ("-r", "--requirement")
_CONSTRAINTS = ("-c", "--constraint")
_EGG = re.compile(r"(?:^|&)egg=([A-Za-z0-9._-]+)")
_REPOSITORY = re.compile(r"([A-Za-z0-9._-]+?)(?:\.git)?(?:@.*)?")
_VERSION_CONTROL = ("git+", "hg+", "svn+", "bzr+")
_NESTED = 20  # files that include files, before it must be a circle


@dataclass(frozen=True)
class AppInput:
    """What an app asks for on one interpreter.

    :ivar source: where that is written, for a person: ``pip313_dependencies``, ``requirements.txt`` ...
    :ivar requirements: requirements, normalised and sorted
    :ivar constraints: requirements that hold only for what is wanted anyway (``-c`` of a requirements file)
    :ivar warnings: what was passed over
    """

    source: str
    requirements: tuple[str, ...]
    constraints: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Normalised names of what the app asks for."""
        return frozenset(canonicalize_name(Requirement(one).name) for one in self.requirements)

    @property
    def digest(self) -> str:
        """What changes when the app asks for something else: 16 hex digits."""
        text = "\n".join([*self.requirements, "", *self.constraints])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def read(app: AppFolder, choice: Choice) -> AppInput:
    """The app's input: its ``pypi`` list (and the wheels beside it), else its requirements.txt, else its wheel list.

    A line of requirements.txt may name an address, which no index has and no lock can hold: where the app ships a wheel
    of that distribution, the wheel stands for it.

    :param choice: the list that applies on the interpreter
    :raises ManifestError: requirements.txt cannot be read, or a line of it names no distribution
    """
    pins = _sorted(one.pin for one in choice.wheels)
    if choice.pypi:
        named = {canonicalize_name(Requirement(one).name) for one in choice.pypi}
        beside = [one for one in pins if canonicalize_name(Requirement(one).name) not in named]
        return AppInput(f"{choice.list_name} of the app JSON", _sorted([*choice.pypi, *beside]))
    path = os.path.join(app.folder, REQUIREMENTS)
    if os.path.isfile(path):
        reader = _Reader(app.folder, {one.name: one.pin for one in choice.wheels})
        reader.read(path)
        if reader.requirements or not pins:
            return AppInput(
                REQUIREMENTS, _sorted(reader.requirements), _sorted(reader.constraints), tuple(reader.warnings)
            )
    source = f"the wheels of {choice.list_name}" if pins else "no list and no requirements.txt"
    return AppInput(source, pins)


def _sorted(requirements: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(sorted({_written(one) for one in requirements}))


def _written(text: str) -> str:
    requirement = Requirement(text)
    requirement.name = canonicalize_name(requirement.name)
    return str(requirement)


class _Reader:
    """Reads requirements files: names with versions count, index settings do not (they are the user's own)."""

    def __init__(self, folder: str, shipped: Mapping[str, str]) -> None:
        self._folder = folder
        self._shipped = shipped
        self.requirements: list[str] = []
        self.constraints: list[str] = []
        self.warnings: list[str] = []

    def read(self, path: str, *, constraints: bool = False, depth: int = 0) -> None:
        for number, line in _lines(path):
            where = f"{os.path.relpath(path, self._folder)}:{number}"
            option = _OPTION.fullmatch(line) if line.startswith("-") else None
            if option is None:
                (self.constraints if constraints else self.requirements).append(self._requirement(line, where))
            elif option["option"] in (*_INCLUDES, *_CONSTRAINTS):
                self._include(option, path, where, depth, constraints=constraints)
            elif option["option"] in ("-e", "--editable"):
                raise _unusable(line, where)
            else:
                self.warnings.append(f"{where}: {option['option']} is passed over; index settings are pip's own ones")

    def _requirement(self, line: str, where: str) -> str:
        text = _PER_REQUIREMENT.sub("", line)
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            requirement = None
        if requirement is not None and not requirement.url:
            return str(requirement)
        name = _name_at(text) if requirement is None else canonicalize_name(requirement.name)
        if name is None or name not in self._shipped:
            raise _unusable(line, where)
        self.warnings.append(f"{where}: {name} is at an address; the app's wheel of it counts: {self._shipped[name]}")
        return self._shipped[name]

    def _include(self, option: re.Match[str], path: str, where: str, depth: int, *, constraints: bool) -> None:
        inner = os.path.join(os.path.dirname(path), option["value"].strip())
        outside = os.path.relpath(os.path.realpath(inner), os.path.realpath(self._folder)).startswith("..")
        if depth > _NESTED or outside or not os.path.isfile(inner):
            problem = "is outside the app's folder" if outside else "cannot be included: it is missing, or in a circle"
            raise ManifestError(
                f"{option['value'].strip()} {problem}", where=where, hint="Write its lines here instead."
            )
        self.read(inner, constraints=constraints or option["option"] in _CONSTRAINTS, depth=depth + 1)


def _lines(path: str) -> Iterator[tuple[int, str]]:
    """Number and text of the lines that say something, continued ones joined."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ManifestError(f"the requirements cannot be read: {problem}", where=path) from error
    start, joined = 0, ""
    for number, raw in enumerate([*lines, ""], 1):
        start = start if joined else number
        if raw.endswith("\\"):
            joined += raw[:-1] + " "
            continue
        text = _COMMENT.sub("", joined + raw).strip()
        joined = ""
        if text:
            yield start, text


def _name_at(address: str) -> str | None:
    """The normalised name of the distribution at an address or path: said behind ``#egg=``, else what it is called."""
    path, _, fragment = address.partition("#")
    egg = _EGG.search(fragment)
    if egg:
        return canonicalize_name(egg[1])
    last = path.rstrip("/").rpartition("/")[2]
    repository = _REPOSITORY.fullmatch(last) if path.startswith(_VERSION_CONTROL) else None
    return canonicalize_name(repository[1]) if repository else wheels.name_and_version(last)[0]


def _unusable(line: str, where: str) -> ManifestError:
    shown = re.sub(r"(?<=://)[^/\s]+@", "", line)
    return ManifestError(
        f"{shown!r} names no distribution of an index", where=where, hint="Write NAME or NAME==VERSION."
    )
