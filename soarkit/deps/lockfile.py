"""The form of a lock file: ``soarkit-py313.lock`` in an app's folder.

A requirements file that pip and uv install with ``--require-hashes``: every distribution the app gets on that Python,
the baseline's included, with its version, the hashes of its files and who wants it. It names no index and no place of
the machine it was made on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from packaging.utils import canonicalize_name

from soarkit.environments import lockfiles
from soarkit.errors import InputError

_PIN = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)==(?P<version>[^\s;\\]+)\s*"
    r"(?:;\s*(?P<marker>[^\\#]*?))?\s*(?:\\|# via (?P<via>.+))?"
)
_HASH = re.compile(r"--hash=sha256:(?P<hash>[0-9a-f]{64})\s*\\?")
_VIA = re.compile(r"# via (?P<via>.+)")
_FACT = re.compile(r"# (?P<key>python|platform|input|baseline|resolver): (?P<value>.+)")


@dataclass(frozen=True)
class Pin:
    """One distribution of a lock.

    :ivar name: normalised
    :ivar marker: when it counts, in the resolver's words; empty when it always does
    :ivar hashes: SHA-256 of the files it may come from, in hex, sorted
    :ivar via: who wants it: ``the app``, ``the baseline``, or names of distributions
    """

    name: str
    version: str
    marker: str = ""
    hashes: tuple[str, ...] = ()
    via: tuple[str, ...] = ()

    @property
    def requirement(self) -> str:
        """``name==version``, without marker and hashes."""
        return f"{self.name}=={self.version}"


@dataclass(frozen=True)
class Lock:
    """What a lock file holds.

    :ivar pins: normalised name → pin, sorted by name
    :ivar facts: what it was made for and from: ``python``, ``platform``, ``input``, ``baseline``, ``resolver``
    """

    pins: dict[str, Pin]
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def input_digest(self) -> str | None:
        """Digest of the app's input that it was made from; see :attr:`soarkit.deps.inputs.AppInput.digest`."""
        return self.facts.get("input", "").rpartition(" ")[2] or None

    def text(self) -> str:
        """The file's content; equal locks give equal bytes."""
        version = self.facts.get("python", "")
        lines = [
            f"# Dependencies of this app and the platform's baseline for Python {version}, by `soarkit deps lock`.",
            "# Do not edit; `soarkit deps lock --upgrade` renews it.",
            *(f"# {key}: {value}" for key, value in self.facts.items()),
        ]
        for name in sorted(self.pins):
            pin = self.pins[name]
            head = f"{pin.name}=={pin.version}" + (f" ; {pin.marker}" if pin.marker else "")
            lines.append(" \\\n".join([head, *(f"    --hash=sha256:{one}" for one in sorted(pin.hashes))]))
            if pin.via:
                lines.append(f"    # via {', '.join(pin.via)}")
        return "\n".join(lines) + "\n"


def lock_name(version: tuple[int, int]) -> str:
    """The name of the lock file for a Python version: ``soarkit-py313.lock``."""
    return os.path.basename(lockfiles.path_for("", version))


def read(path: str) -> Lock | None:
    """The lock in a file, None when there is no such file.

    :raises InputError: it cannot be read, or holds something else
    """
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("the lock file cannot be read", where=path, hint=_renew(path)) from error
    return parse(text, path)


def parse(text: str, where: str = "lock") -> Lock:
    """The lock in a text: this module's own form, or what pip-compile writes.

    :raises InputError: a line is neither a pin, a hash nor a comment
    """
    pins: dict[str, Pin] = {}
    facts: dict[str, str] = {}
    name = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if pin := _PIN.fullmatch(line):
            name = canonicalize_name(pin["name"])
            via = (
                tuple(pin["via"].split(", ")) if pin["via"] else ()
            )  # where there are no hashes it is on the same line
            pins[name] = Pin(name, pin["version"], (pin["marker"] or "").strip(), (), via)
        elif (digest := _HASH.fullmatch(line)) and name:
            pins[name] = _with(pins[name], hashes=[digest["hash"]])
        elif (wanted := _VIA.fullmatch(line)) and name and raw.startswith(" "):
            pins[name] = _with(pins[name], via=wanted["via"].split(", "))
        elif fact := _FACT.fullmatch(line):
            facts[fact["key"]] = fact["value"]
        elif line and not line.startswith("#"):
            raise InputError(f"the lock file is damaged in line {number}", where=where, hint=_renew(where))
    return Lock(dict(sorted(pins.items())), facts)


def with_hashes(pins: Mapping[str, Pin], hashes: Mapping[str, Iterable[str]]) -> dict[str, Pin]:
    """The pins with further hashes.

    :param hashes: normalised name → SHA-256 in hex of further files of the pinned version
    """
    return {name: _with(pin, hashes=hashes.get(name, ())) for name, pin in pins.items()}


def _with(pin: Pin, *, hashes: Iterable[str] = (), via: Iterable[str] = ()) -> Pin:
    merged = tuple(sorted({*pin.hashes, *hashes}))
    return Pin(pin.name, pin.version, pin.marker, merged, (*pin.via, *via))


def _renew(path: str) -> str:
    return f"Delete it, then: soarkit deps lock {os.path.dirname(path) or '.'}"
