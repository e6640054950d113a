"""Keys that are nearly a known one. Other unknown keys are nobody's business: apps keep notes of their
own."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from soarkit.manifest.checks.shapes import actions_of, dependencies_of, entries_of, named_of
from soarkit.manifest.findings import shown
from soarkit.manifest.gate import known_keys
from soarkit.manifest.loader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soarkit.manifest.checks.shapes import Json
    from soarkit.manifest.findings import Findings

_ALIKE = 0.86  # difflib ratio from which on two keys are taken for the same word
_SHORTEST = 4  # letters that a key must have for one slip to make it a misspelling
_LONG = 8  # letters from which on two slips are as likely


def check_keys(raw: Json, findings: Findings) -> None:
    """One warning for each misspelt key of each kind of object: at its first place, saying how many more."""
    misspelt: dict[tuple[str, str], list[str]] = {}
    for definition, pointer, part in _parts(raw):
        known = known_keys(definition)
        if not part.keys() <= known:
            for key in part.keys() - known:
                if suggestion(definition, key):
                    misspelt.setdefault((definition, key), []).append(f"{pointer}/{escape(key)}")
    for (definition, key), places in sorted(misspelt.items(), key=lambda item: item[1][0]):
        more = f", here and in {len(places) - 1} more place{'s' * (len(places) > 2)}" if len(places) > 1 else ""
        findings.warning(places[0], f"unknown key {shown(key)}{more}", f'did you mean "{suggestion(definition, key)}"?')


@cache
def suggestion(definition: str, key: str) -> str | None:
    """The known key that an unknown one is a misspelling of.

    :param definition: the part of the schema, such as ``parameter``; ``app`` is the top level
    """
    if definition == "app" and key.startswith("pip") and key.endswith("_dependencies"):
        return None
    import difflib  # late: few manifests have a key to look up

    word = key.lower()
    close = difflib.get_close_matches(word, known_keys(definition), n=1, cutoff=_ALIKE)
    if close or len(word) < _SHORTEST:
        return close[0] if close else None
    slips = {known: _slips(word, known) for known in sorted(known_keys(definition)) if len(known) >= _SHORTEST}
    nearest = min(slips, key=lambda known: slips[known], default=word)
    return nearest if slips.get(nearest, 9) <= (2 if len(word) >= _LONG else 1) else None


def _slips(word: str, known: str) -> int:
    """Letters left out, put in, exchanged or swapped with their neighbour (optimal string alignment distance)."""
    before: list[int] = []
    above = list(range(len(known) + 1))
    for row, letter in enumerate(word, 1):
        line = [row]
        for column, other in enumerate(known, 1):
            cost = min(above[column] + 1, line[column - 1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == known[column - 2] and word[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, above = above, line
    return above[-1]


def _parts(raw: Json) -> Iterator[tuple[str, str, Json]]:
    """Every object of an app JSON whose keys are defined: its definition, its pointer, itself."""
    yield "app", "", raw
    for pointer, _, variable in named_of(raw.get("configuration"), "/configuration"):
        yield "configuration_variable", pointer, variable
    for pointer, action in actions_of(raw):
        yield "action", pointer, action
        for key in ("lock", "render"):
            if isinstance(action.get(key), dict):
                yield key, f"{pointer}/{key}", action[key]
        for place, _, parameter in named_of(action.get("parameters"), f"{pointer}/parameters"):
            yield "parameter", place, parameter
        for place, field in entries_of(action.get("output"), f"{pointer}/output"):
            yield "output_field", place, field
    for pointer, lists in dependencies_of(raw):
        yield "dependencies", pointer, lists
        for key in ("pypi", "wheel"):
            for place, requirement in entries_of(lists.get(key), f"{pointer}/{key}"):
                yield f"{key}_requirement", place, requirement
