"""The way through the graph: breadth first from the root (reference 5, "Traversal")."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from typing import Callable, Deque, Dict, Final, Iterator, List, Literal, Optional, Tuple, Union

from .library import Key, Library, Link, Record

OBJECT: Final = "object"
EDGE: Final = "edge"

#: ``("object", key, record, distance)`` or ``("edge", parent, child, link)``.
Step = Union[Tuple[Literal["object"], Key, Record, int], Tuple[Literal["edge"], Key, Key, Link]]

_REFUSED = -1
_FIRST = Link(("indicators", 0), "", "")  # ids begin at 1
_AFTER = Link(("indicators\0", 0), "", "")


def _ordered(links: List[Link]) -> List[Link]:
    """Indicators come first, as in the guide's sample; they stand together, since links are sorted by collection."""
    start, end = bisect_left(links, _FIRST), bisect_left(links, _AFTER)
    return links[start:end] + links[:start] + links[end:]


def walk(
    library: Library, root: Key, record: Record, depth: int, accept: Callable[[Key], Optional[Record]]
) -> Iterator[Step]:
    """What to export, in the order of the bundle: the root, then objects and relations as they are reached.

    An object comes just before the first relation that reached it. Objects nearer than ``depth`` are expanded, so there
    are no relations between two outermost ones. A pair has one relation, from the nearer end to the farther, ties by
    the order of discovery; cycles end, since nothing is expanded twice.

    :param record: the root's; the root is always walked through.
    :param depth: how many levels of relations to follow, 1 or more.
    :param accept: asked once for each object that is reached; its record, or None for one that is neither exported nor
        walked through.
    """
    # When an object was found; objects are expanded in the same order.
    found: Dict[Key, int] = {root: 0}
    queue: Deque[Tuple[Key, int]] = deque([(root, 0)])
    yield OBJECT, root, record, 0
    while queue:
        parent, distance = queue.popleft()
        if distance == depth:
            return  # so are all that still wait
        position = found[parent]
        for link in _ordered(library.neighbours(parent)):
            child = link.other
            number = found.get(child)
            if number is None:
                reached = accept(child)
                if reached is None:
                    found[child] = _REFUSED
                    continue
                found[child] = len(found)
                queue.append((child, distance + 1))
                yield OBJECT, child, reached, distance + 1
            elif number <= position:
                continue  # refused, or itself, or expanded before: then the pair has its relation
            yield EDGE, parent, child, link
