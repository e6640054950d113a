"""Typed looks into an app JSON that may be wrong everywhere: what has the wrong type is the schema's to
report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from soarkit.manifest.loader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    Json = dict[str, Any]


def actions_of(raw: Json) -> Iterator[tuple[str, Json]]:
    """The entries of ``actions`` that are objects, each with its pointer."""
    yield from entries_of(raw.get("actions"), "/actions")


def entries_of(value: object, pointer: str) -> Iterator[tuple[str, Json]]:
    """The objects in a list, each with its pointer."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield f"{pointer}/{index}", item


def named_of(value: object, pointer: str) -> Iterator[tuple[str, str, Json]]:
    """The objects in an object, each with its pointer and its key."""
    if isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, dict):
                yield f"{pointer}/{escape(name)}", name, item


def dependencies_of(raw: Json) -> Iterator[tuple[str, Json]]:
    """The app's dependencies (``pip_dependencies``, ``pip39_dependencies`` ...), each with its pointer."""
    for key, value in raw.items():
        if key.startswith("pip") and key.endswith("_dependencies") and isinstance(value, dict):
            yield f"/{escape(key)}", value


def text_at(raw: Json, key: str) -> str | None:
    """The text at a key; None when there is none, or something else."""
    value = raw.get(key)
    return value if isinstance(value, str) else None
