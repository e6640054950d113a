"""When a bundle may take the place of another version of itself (guide chapter 9; reference 5.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from soarkit.errors import RequestError, typed
from soarkit.manifest.bundles import metadata
from soarkit.manifest.bundles.metadata import Credential, Metadata
from soarkit.manifest.model import App

if TYPE_CHECKING:
    from soarkit.store.records import InstalledApp

_FLAGS = ("label", "description", "required", "sensitive", "rank")


def require_update(new: App, current: App, slug: str) -> None:
    """Refuse a bundle that may not update the installed one in place.

    :param current: the version that is current now
    :param slug: what it is installed as
    :raises RequestError: its version is not higher, or its credentials changed without ``update_creds``
    """
    if not is_newer(new.app_version, current.app_version):
        raise RequestError(
            f"{new.name} {current.app_version} is installed, and an update in place needs a higher version "
            f"than that: this is {new.app_version}",
            where="/version",
            hint=f"raise its version, or install it afresh: {_afresh(slug)}",
        )
    described = metadata.of(new)
    changes = credential_changes(metadata.of(current), described)
    if changes and not described.update_creds:
        raise RequestError(
            f"{new.name} {new.app_version} changes the credentials of {current.app_version}, "
            f"which an update in place cannot do: {'; '.join(changes)}",
            where="/credentials",
            hint=f"install it afresh: {_afresh(slug)}\n"
            "  An author who wants the values kept by name sets update_creds to true.",
        )


def near_names(new: App, installed: Iterable[InstalledApp]) -> list[str]:
    """Warnings about installed bundles whose names differ from that of a new one only in case."""
    name = str(new.raw["product_name"])
    return [
        f"{name} is not {one.product_name}, which is installed: names of bundles that differ in case are different ones"
        for one in installed
        if one.is_bundle and one.product_name != name and one.product_name.casefold() == name.casefold()
    ]


def is_newer(version: str, than: str) -> bool:
    """Whether a version is higher than another: numbers by number, a suffix before the plain version."""
    return _order(version) > _order(than)


def credential_changes(old: Metadata, new: Metadata) -> list[str]:
    """What a version changes in the credentials of another, for people; nothing where they are the same."""
    before = {one.name: one for one in old.credentials}
    after = {one.name: one for one in new.credentials}
    changes = [f"{name} is new" for name in after if name not in before]
    changes += [f"{name} is gone" for name in before if name not in after]
    for name, one in after.items():
        if name in before:
            changes += [f"{name}: {difference}" for difference in _differences(before[name], one)]
    common = [name for name in before if name in after]
    if common != [name for name in after if name in before]:
        changes.append("their order")
    return changes


def _differences(old: Credential, new: Credential) -> list[str]:
    return [
        f"{flag} was {getattr(old, flag)!r} and is {getattr(new, flag)!r}"
        for flag in _FLAGS
        if getattr(old, flag) != getattr(new, flag)
    ]


def _afresh(slug: str) -> str:
    return f"soarkit uninstall {typed(slug)}, then soarkit install; its credentials have to be entered anew"


def _order(version: str) -> tuple[tuple[int, ...], int, tuple[tuple[int, int, str], ...]]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    numbers = tuple(int(part) for part in found[0].split(".")) if found else ()
    suffix = version[found.end() :] if found else version
    parts = tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part.lower()) for part in re.findall(r"\d+|[A-Za-z]+", suffix)
    )
    return numbers, 0 if suffix else 1, parts
