"""What the rules look at and write to: one metadata document, its folder, and the findings about it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from soarkit.manifest.bundles import coercing
from soarkit.manifest.findings import shown
from soarkit.manifest.keys import SOURCE
from soarkit.manifest.loader import escape
from soarkit.manifest.selection import suggestions
from soarkit.manifest.source import kind_of

if TYPE_CHECKING:
    from soarkit.manifest.findings import Findings

    Json = dict[str, Any]

MOST = {"transforms": 1000, "credentials": 200}  #: entries of a list; more of them are not looked at
_MOST_ALIKE = 20  # findings of one kind about one place
_LISTED = 5


@dataclass(frozen=True)
class Subject:
    """One bundle that is checked.

    :ivar raw: its metadata, which may be wrong everywhere
    :ivar folder: where it lies; None where only the metadata is there
    :ivar certification: whether it has to be fit for certification
    """

    raw: Json
    folder: str | None
    certification: bool
    findings: Findings

    def error(self, rule: str, pointer: str, message: str, hint: str | None = None) -> None:
        """The bundle breaks a rule, and cannot be installed."""
        self.findings.error(pointer, f"{rule}: {message}", hint)

    def warning(self, rule: str, pointer: str, message: str, hint: str | None = None) -> None:
        """The bundle breaks a rule, and works all the same."""
        self.findings.warning(pointer, f"{rule}: {message}", hint)

    def judged(self, rule: str, pointer: str, message: str, hint: str | None = None) -> None:
        """The bundle breaks a rule that only certification insists on."""
        (self.error if self.certification else self.warning)(rule, pointer, message, hint)

    def entries(self, key: str) -> Iterator[tuple[int, str, Json]]:
        """The objects in a list of the metadata, each with its place and its pointer."""
        value = self.raw.get(key)
        for index, one in enumerate(value[: MOST[key]] if isinstance(value, list) else ()):
            if isinstance(one, dict):
                yield index, f"/{key}/{index}", one

    def script(self, name: str) -> str | None:
        """The path of a script; None where there is no folder, or no such file directly in ``source/``."""
        if self.folder is None:
            return None
        path = os.path.join(self.folder, SOURCE, name)
        return path if os.path.isfile(path) else None

    def list_is_sound(self, key: str, *, meaning: str, needed: bool) -> bool:
        """Report what is wrong with a list as such (M2), and with entries that are no objects.

        :returns: whether there is a list
        """
        if key not in self.raw:
            report = self.error if needed else self.warning
            report("M2", f"/{key}", f'"{key}" is missing{"" if needed else ": an empty list is taken"}', meaning)
            return False
        value = self.raw[key]
        if not isinstance(value, list):
            self.error("M2", f"/{key}", f'"{key}" must be a list, not {told(value)}', meaning)
            return False
        if len(value) > MOST[key]:
            self.error("M2", f"/{key}", f'"{key}" has {len(value)} entries; the most is {MOST[key]}', "remove some")
        wrong = [index for index, one in enumerate(value) if not isinstance(one, dict)]
        for index in wrong[:_MOST_ALIKE]:
            pointer = f"/{key}/{index}"
            self.error("M2", pointer, f"entry {index} must be an object, not {told(value[index])}", meaning)
        return True

    def text(self, place: Json, pointer: str, key: str, meaning: str) -> str:
        """A required text, reported where it is missing or none (M2).

        :returns: the text; empty where it is none
        """
        text = coercing.text(place.get(key))
        if not text:
            self.error("M2", f"{pointer}/{key}", lacking(place, key, "text"), f'add "{key}": {meaning}')
        return text

    def flag(self, place: Json, pointer: str, key: str) -> bool | None:
        """True or false, reported where it is written as something else (M15); None where it is missing."""
        if key not in place:
            return None
        value = place[key]
        if isinstance(value, bool):
            return value
        meant = coercing.flag(value)
        if meant is None:
            message = f'"{key}" must be true or false, not {told(value)}; it is taken as missing'
            self.warning("M15", f"{pointer}/{key}", message, "write true or false")
        else:
            message = f'"{key}" must be true or false, not {told(value)}; it is taken as {str(meant).lower()}'
            self.warning("M15", f"{pointer}/{key}", message, f"write {str(meant).lower()} without quotes")
        return meant

    def rank(self, place: Json, pointer: str) -> None:
        """Report a rank that is no whole number from 1 on (M15)."""
        if "rank" not in place or (type(place["rank"]) is int and coercing.rank(place["rank"])):
            return
        meant = coercing.rank(place["rank"])
        taken = "it is ignored" if meant is None else f"it is taken as {meant}"
        hint = "write a whole number, 1 or above" if meant is None else f"write {meant}"
        message = f'"rank" must be a whole number from 1 on, not {told(place["rank"])}; {taken}'
        self.warning("M15", f"{pointer}/rank", message, hint)

    def optional_text(self, place: Json, pointer: str, key: str, taken: str = "ignored") -> None:
        """Report a text that is none, where a bundle can do without (M15)."""
        if key in place and not isinstance(place[key], str):
            message = f'"{key}" must be text, not {told(place[key])}; it is {taken}'
            self.warning("M15", f"{pointer}/{key}", message, "put it in quotes, or leave it out")

    def unknown_keys(self, place: Json, pointer: str, known: Iterable[str]) -> None:
        """Report keys that no release of the SDK that is known has (M16)."""
        names = list(known)
        unknown = [key for key in place if key not in names]
        for key in unknown[:_LISTED]:
            close = suggestions(key[:100], names, most=1)
            hint = f'did you mean "{close[0]}"?' if close else "leave it out, unless a newer SDK has it"
            self.warning("M16", f"{pointer}/{escape(key)}", f"the key {told(key)} is not known; it is ignored", hint)
        if len(unknown) > _LISTED:
            more = len(unknown) - _LISTED
            self.warning("M16", pointer, f"{more} more keys here are not known; they are ignored", "leave them out")

    def ranks(self, group: list[tuple[str, Json]], what: str) -> None:
        """Report ranks that some of a group have and others have not (M8), and equal ones (M9).

        :param group: pointer and object of each, in the order of the file
        :param what: says which group it is
        """
        ranked = [(pointer, coercing.rank(one.get("rank"))) for pointer, one in group]
        if any(rank is not None for _, rank in ranked):
            for pointer, one in group:
                if "rank" not in one:
                    message = f"{what} have ranks, but not this one: all of them keep the order of the file"
                    self.warning("M8", f"{pointer}/rank", message, "give each of them a rank, or none")
        first: dict[int, str] = {}
        for pointer, rank in ranked:
            if rank in first:
                message = f"of {what}, this one has the same rank as {first[rank]}; the order of the file decides"
                self.warning("M9", f"{pointer}/rank", message, "give each of them a rank of its own")
            elif rank is not None:
                first[rank] = pointer


def lacking(place: Json, key: str, kind: str) -> str:
    """Why a place does not have what it needs."""
    if key not in place:
        return f'"{key}" is missing'
    if isinstance(place[key], str):
        return f'"{key}" is empty'
    return f'"{key}" must be {kind}, not {told(place[key])}'


def told(value: object) -> str:
    """A value in a message: short, and safe where it is nested deeply."""
    return shown(value) if isinstance(value, (str, int, float)) or value is None else kind_of(value)
