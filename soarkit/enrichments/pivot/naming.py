"""What entity types are called for people."""

from __future__ import annotations

from soarkit.manifest.bundles.entity_types import ALL

TYPE_NAMES = {one.constant: one.display[0].upper() + one.display[1:] for one in ALL}


def type_name(type: str) -> str:
    """The name of an entity type; of one that the SDK does not know, its own last part."""
    return TYPE_NAMES.get(type) or type.rpartition(".")[2] or type or "?"
