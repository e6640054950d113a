"""The Traffic Light Protocol's labels, from the least to the most restrictive, as a threat library writes them."""

from typing import Any, Iterable, List, Mapping, Optional

NAMES = ("", "clear", "green", "amber", "amber+strict", "red")  # the index is the rank; "" is no label

_RANKS = {name: rank for rank, name in enumerate(NAMES)}
_RANKS.update({"white": 1, "amberstrict": 4, "none": 0})
_IDS = (0, 5, 3, 2, 1)  # tlp_id 1 is red and 4 is white: the highest id is the weakest label
_DROPPED = str.maketrans("", "", " :_-\t")


def tlp_rank(label: str) -> Optional[int]:
    """The rank of a label however it is written ("TLP:AMBER+STRICT", "white", ""), or None for one that is unknown."""
    rank = _RANKS.get(label)
    if rank is not None:
        return rank
    text = label.lower().translate(_DROPPED)
    if text.startswith("tlp"):
        text = text[3:]
    return _RANKS.get(text)


def record_rank(record: Mapping[str, Any]) -> Optional[int]:
    """The most restrictive label of an object: of its sources, its attributes and their sources.

    Returns None when one of them is unknown: whom the object may be shown to cannot be told then. Source: reference,
    section 7, TLP.
    """
    sources = record.get("sources")
    attributes = record.get("attributes")
    links: List[Any] = [record]
    if sources:
        links += _listed(sources)
    if attributes:
        for attribute in _listed(attributes):
            links.append(attribute)
            if isinstance(attribute, dict) and attribute.get("sources"):
                links += _listed(attribute["sources"])
    return _highest(links)


def link_rank(link: Any) -> Optional[int]:
    """The rank of the label that a source link or an attribute bears: 0 for none, None for one that is unknown."""
    if not isinstance(link, dict):
        return 0  # a source given as its name alone
    label = link.get("tlp_name") or link.get("tlp")
    number = link.get("tlp_id")
    if isinstance(label, dict):
        number = label.get("id") if number is None else number
        label = label.get("name")
    if label:
        return tlp_rank(label) if isinstance(label, str) else None
    if not number:
        return 0
    if isinstance(number, str) and number.strip() in ("0", "1", "2", "3", "4"):
        number = int(number)
    # True is 1 to Python, and no id.
    return _IDS[number] if isinstance(number, int) and number is not True and 0 < number < len(_IDS) else None


def _highest(links: Iterable[Any]) -> Optional[int]:
    highest = 0
    for link in links:
        rank = link_rank(link)
        if rank is None:
            return None
        highest = max(highest, rank)
    return highest


def _listed(value: Any) -> List[Any]:
    return value if isinstance(value, list) else [value]
