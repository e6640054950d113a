"""Taking the names of the original sources out of everything that an export says (reference, section 2)."""

import re
from functools import lru_cache
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Pattern, Tuple

from .references import source_names
from .texts import listed, slug, texts

WITHHELD = "[source withheld]"

# Identifiers, times and words of the standard; a pattern is the indicator's value itself.
_KEPT = frozenset(
    "type spec_version id created modified created_by_ref object_marking_refs external_references pattern pattern_type"
    " pattern_version valid_from valid_until first_seen last_seen extension_type threatq_collection threatq_id"
    " indicator_types identity_class malware_types resource_level primary_motivation secondary_motivations"
    " personal_motivations sectors sophistication threat_actor_types tool_types".split()
)
_WORDS = re.compile(r"\w+")


def hidden_names(record: Mapping[str, Any]) -> Tuple[str, ...]:
    """The names of all sources that a record mentions: its own, and those of its attributes."""
    names = list(source_names(record, []))
    for attribute in listed(record.get("attributes")):
        if isinstance(attribute, dict):
            names += source_names(attribute, [])
    return tuple(texts(names))


class Withheld:
    """Names that nothing may say: those of one record, or of all that an export reaches, which mention each other's.

    Names of one or two letters are in every text and stay. Upper and lower case are the same.
    """

    def __init__(self, names: Iterable[str]) -> None:
        # By their first word: there may be ten thousands of names, and a text has few of their words.
        self._names: Dict[str, List[str]] = {}
        self._slugs: Dict[str, List[str]] = {}
        for name in texts(names):
            if len(name) > 2:
                self._names.setdefault(next(_words(name), ""), []).append(name)
            words = slug(name).replace("-", " ")
            if len(words) > 2:
                self._slugs.setdefault(next(_words(words)), []).append(words)

    def object(self, properties: Dict[str, Any], keep_name: bool) -> Dict[str, Any]:
        """A STIX object with the names withheld from its texts; labels and kill chains that hold one are dropped.

        :param keep_name: for indicators, whose name is their value.
        """
        result = {}
        for name, value in properties.items():
            told: Any = value
            if name == "labels":
                told = [label for label in value if self.text(label) == label]
            elif name == "kill_chain_phases":
                told = [phase for phase in value if not any(map(self._in_slug, phase.values()))]
            elif name not in _KEPT and not (keep_name and name == "name"):
                told = self._value(value)
            if told not in ("", []):
                result[name] = told
        return result

    def text(self, text: str) -> str:
        """The text with the names withheld."""
        found = _found(self._names, text)
        return _any_of(found).sub(WITHHELD, text) if found else text

    def _in_slug(self, written: str) -> bool:
        words = written.replace("-", " ")
        found = _found(self._slugs, words)
        return bool(found and _any_of(found).search(words))

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return texts(map(self.text, value))
        if isinstance(value, dict):
            return {name: each if name in _KEPT else self._value(each) for name, each in value.items()}
        return value


def _words(text: str) -> Iterator[str]:
    return (found.group().casefold() for found in _WORDS.finditer(text))


def _found(names: Mapping[str, List[str]], text: str) -> Tuple[str, ...]:
    """The names that may be in a text; names without any word always may."""
    words = {"", *_words(text)}
    # Sorted, so that the expression for the same names is the same, and is made once.
    return tuple(sorted(name for word in words & names.keys() for name in names[word]))


@lru_cache(maxsize=1024)
def _any_of(names: Tuple[str, ...]) -> "Pattern[str]":
    # A description may break a name over lines.
    ordered = sorted(names, key=len, reverse=True)
    written = "|".join(r"\s+".join(map(re.escape, name.split())) for name in ordered)
    return re.compile(rf"(?<!\w)(?:{written})(?!\w)", re.IGNORECASE)
