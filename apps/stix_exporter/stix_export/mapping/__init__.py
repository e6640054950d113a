"""From records of a threat library to STIX 2.1 objects, as plain dictionaries.

`Mapper(library_id, options)` is made once for an export: `mapper.object(key, record)` gives a `Mapped` or a `Skip`,
`mapper.relationship(parent, child, link)` the edge between two mapped objects, and `mapper.companions()`, asked last,
the producer, marking and extension objects that those refer to.
"""

from .hiding import Withheld, hidden_names
from .mapper import End, Mapped, Mapper

__all__ = ["End", "Mapped", "Mapper", "Withheld", "hidden_names"]
