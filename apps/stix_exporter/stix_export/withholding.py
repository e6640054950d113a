"""Which source names an export must not say: those of all that it reaches, since records mention each other's."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, Optional

from .errors import Skip
from .library import Key, Library, Record
from .mapping import Mapper, Withheld, hidden_names
from .options import Options
from .walk import walk


def names_to_withhold(library: Library, root: Key, record: Record, options: Options) -> Withheld:
    """The names of all sources of the objects that an export with these options asks for, exported or not.

    The names must be known before the first object is written, so this goes the export's way once before it.
    """
    names: Dict[str, None] = dict.fromkeys(hidden_names(record))
    mapper = Mapper(library.library_id, replace(options, hide_sources=False, check=False))

    def accept(key: Key) -> Optional[Record]:
        reached = library.record(key)
        if reached is None:
            return None
        names.update(dict.fromkeys(hidden_names(reached)))
        return None if isinstance(mapper.object(key, reached), Skip) else reached

    for _ in walk(library, root, record, options.depth, accept):
        pass
    return Withheld(names)
