"""Options of Highcharts, read so that what nobody read can be told."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from soarkit.enrichments.charts.refusing import Path, written

Layer = tuple[Path, Mapping[str, Any]]
_NUMBER = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?\s*", re.ASCII)
#: More are not listed one by one.
MAX_WARNINGS = 100


def number_of(value: Any) -> float | int | None:
    """A number, or a text that is one; None for all else, and for what no drawing can show."""
    if isinstance(value, str) and len(value) < 400 and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if not math.isfinite(value) or abs(value) > 1e300:
        return None
    if abs(value) >= 2**53:  # no whole number there is sure to be kept
        return float(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Ledger:
    """What was read, and what is to be said about a chart."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self._read: set[Path] = set()
        self._opened: set[Path] = set()

    def warn(self, path: Path, what: str) -> None:
        text = f"{written(path)}: {what}" if path else what
        if text not in self.warnings and len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(text)

    def read(self, path: Path) -> None:
        self._read.add(path)

    def opened(self, path: Path) -> None:
        self._opened.add(path)

    def tell_unread(self, value: Mapping[str, Any], path: Path = ()) -> None:
        """One warning for each option that nobody asked for."""
        for name, part in value.items():
            place = (*path, name)
            if place not in self._read:
                if part not in (None, {}, []):  # says nothing, so nothing is lost
                    self.warn(place, "this option has no effect here")
                continue
            if place not in self._opened:
                continue
            if isinstance(part, dict):
                self.tell_unread(part, place)
            elif isinstance(part, list):
                for at, one in enumerate(part):
                    if isinstance(one, dict) and (*place, at) in self._opened:
                        self.tell_unread(one, (*place, at))


class Options:
    """Options under one name, from several places: those that are more exact come first."""

    def __init__(self, ledger: Ledger, layers: Iterable[Layer]) -> None:
        self.ledger = ledger
        self.layers = tuple(layers)
        for path, _ in self.layers:
            ledger.opened(path)

    @property
    def path(self) -> Path:
        return self.layers[0][0] if self.layers else ()

    def has(self, name: str) -> bool:
        return any(name in mapping for _, mapping in self.layers)

    def value(self, name: str, default: Any = None) -> Any:
        """What stands under a name, untested; null counts as not given."""
        found, searching = default, True
        for path, mapping in self.layers:
            if name not in mapping:
                continue
            self.ledger.read((*path, name))
            if searching:
                searching = False
                found = default if mapping[name] is None else mapping[name]
        return found

    def sub(self, name: str) -> Options:
        """Options below a name."""
        found: list[Layer] = []
        for path, mapping in self.layers:
            if name not in mapping:
                continue
            place = (*path, name)
            self.ledger.read(place)
            if isinstance(mapping[name], dict):
                found.append((place, mapping[name]))
            elif mapping[name] is not None:
                self.ledger.warn(place, "this is no object of options")
        return Options(self.ledger, found)

    def many(self, name: str) -> list[Options]:
        """A list of options, or one alone."""
        for path, mapping in self.layers:
            if name not in mapping:
                continue
            place = (*path, name)
            self.ledger.read(place)
            self.ledger.opened(place)
            given = mapping[name]
            if isinstance(given, list):
                return [
                    Options(self.ledger, [((*place, at), one)]) for at, one in enumerate(given) if isinstance(one, dict)
                ]
            return [Options(self.ledger, [(place, given)])] if isinstance(given, dict) else []
        return []

    def ignore(self, *names: str) -> None:
        """Options that are right to have no effect."""
        for name in names:
            self.value(name)

    def number(self, name: str, default: Any = None, low: float = -math.inf, high: float = math.inf) -> Any:
        """A number within bounds, or the default."""
        given = self.value(name)
        if given is None:
            return default
        found = number_of(given)
        if found is None:
            self._wrong(name, "a number")
            return default
        return min(max(found, low), high)

    def text(self, name: str, default: str | None = None) -> str | None:
        given = self.value(name)
        if isinstance(given, (int, float)) and not isinstance(given, bool):
            return str(given)
        if given is not None and not isinstance(given, str):
            self._wrong(name, "a text")
            return default
        return default if given is None else given

    def flag(self, name: str, default: bool = False) -> bool:
        given = self.value(name)
        return default if given is None else bool(given)

    def word(self, name: str, known: Iterable[str], default: str | None = None) -> str | None:
        """One of the words that are known."""
        given = self.value(name)
        if given is None:
            return default
        known = tuple(known)
        if given not in known:
            self._wrong(name, f"one of {', '.join(known)}")
            return default
        return str(given)

    def list(self, name: str) -> list[Any]:
        given = self.value(name)
        if given is not None and not isinstance(given, list):
            self._wrong(name, "a list")
        return given if isinstance(given, list) else []

    def size(self, name: str, default: Any = None) -> Any:
        """Pixels as a number, or a share as ``"65%"``."""
        given = self.value(name)
        if given is None:
            return default
        found, unit = share(given)
        if found is None:
            self._wrong(name, "a number of pixels or a percentage")
            return default
        return f"{found:g}%" if unit else found

    def _wrong(self, name: str, expected: str) -> None:
        for path, mapping in self.layers:
            if name in mapping:
                self.ledger.warn((*path, name), f"this is not {expected}")
                return


def share(value: Any) -> tuple[Any, bool]:
    """A number and whether it is a percentage: ``"65%"`` is (65, True), ``"10px"`` (10, False)."""
    if isinstance(value, str):
        text = value.strip()
        percent = text.endswith("%")
        found = number_of(text[:-1] if percent else text.removesuffix("px"))
        return (None, False) if found is None or abs(found) > 1e5 else (found, percent)
    found = number_of(value)
    return (None, False) if found is None or abs(found) > 1e5 else (found, False)
