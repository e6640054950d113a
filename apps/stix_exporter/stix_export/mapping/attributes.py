"""The attributes of a library's object: free names and values, several of one name, each with sources of its own."""

from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from ..tlp import NAMES, link_rank
from .texts import clean, listed, named, texts

UNREADABLE = "an attribute without name and value"


class Attributes:
    """Attributes by name; names are told apart by their words, not by case, blanks or underscores."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        self._all = [each for each in listed(record.get("attributes")) if isinstance(each, dict)]
        self._values: Optional[Dict[str, List[str]]] = None

    def __bool__(self) -> bool:
        return bool(self._all)

    def values(self, *names: str) -> List[str]:
        """The values of all attributes with one of the names (lower case, words parted by one blank), once each."""
        if not self._all:
            return []
        if self._values is None:
            self._values = {}
            for name, value in self.pairs():
                self._values.setdefault(name, []).append(value)
        return texts(value for name in names for value in self._values.get(name, ()))

    def first(self, *names: str) -> str:
        """The first value of the names, "" when there is none."""
        values = self.values(*names)
        return values[0] if values else ""

    def switch(self, *names: str) -> Optional[bool]:
        """The value as yes or no; None when it is neither."""
        word = self.first(*names).lower()
        return True if word in ("true", "yes", "1") else False if word in ("false", "no", "0") else None

    def pairs(self) -> Iterator[Tuple[str, str]]:
        """Every attribute as (name in lower case, value)."""
        for each in self._all:
            yield " ".join(clean(each.get("name")).lower().replace("_", " ").split()), _value(each)


def exported(record: Mapping[str, Any], remarks: List[str]) -> List[Dict[str, Any]]:
    """The attributes as the extension holds them, in the library's order: name, value, sources, tlp.

    One without name and value is left out, with a remark.
    """
    result = []
    for each in listed(record.get("attributes")):
        if not isinstance(each, dict):
            remarks.append(UNREADABLE)
            continue
        entry: Dict[str, Any] = {"name": clean(each.get("name")), "value": _value(each)}
        entry["sources"] = texts(named(source) for source in listed(each.get("sources")))
        entry["tlp"] = NAMES[link_rank(each) or 0]
        entry = {name: value for name, value in entry.items() if value}
        if "name" in entry or "value" in entry:
            result.append(entry)
        else:
            remarks.append(UNREADABLE)
    return result


def _value(attribute: Mapping[str, Any]) -> str:
    """An attribute's value as text; a list of values is one text with commas."""
    value = attribute.get("value")
    return ", ".join(texts(map(clean, value))) if isinstance(value, list) else clean(value)
