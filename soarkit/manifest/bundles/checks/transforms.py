"""Rules about the transforms: M2 and M3 for each, M6 to M11, M15, M16 and M19."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING

from soarkit.manifest.bundles import coercing, entity_types
from soarkit.manifest.bundles.checks.subject import lacking, told
from soarkit.manifest.bundles.entity_types import BY_CONSTANT
from soarkit.manifest.bundles.libraries import is_maltego
from soarkit.manifest.bundles.metadata import flags, is_script_name
from soarkit.manifest.keys import SOURCE
from soarkit.manifest.selection import suggestions

if TYPE_CHECKING:
    from soarkit.manifest.bundles.checks.subject import Json, Subject

MOST_TABS = 10  #: context transforms for one entity type (M7)
_TEXTS = {"display_name": "transform_name is shown", "description": "nothing is shown", "author": "nothing is shown"}
_KEYS = (
    *("transform_name", "pivoting", "enrichment", "activation", *_TEXTS, "parameters", "entity_type", "rank"),
    *("sample_entity_value", "output_entity_types"),
)


def check_transforms(subject: Subject) -> None:
    """What is wrong with the list of transforms, their scripts' code left out."""
    meaning = "a list of what the bundle can do, with at least one entry"
    if not subject.list_is_sound("transforms", meaning=meaning, needed=True):
        return
    if not subject.raw["transforms"]:
        subject.error("M2", "/transforms", '"transforms" is empty', "add what the bundle can do")
    groups: dict[tuple[str, str], list[tuple[str, Json]]] = defaultdict(list)
    first: dict[tuple[str, str], str] = {}
    for _, pointer, one in subject.entries("transforms"):
        surface = _check_flags(one, pointer, subject)
        entity_type = _check_entity_type(one, pointer, subject)
        name = subject.text(one, pointer, "transform_name", "what tells it from the others, and the label of its tab")
        _check_parameters(one, name, pointer, subject)
        _check_texts(one, pointer, subject)
        _check_activation(one, entity_type, pointer, subject)
        _check_outputs(one, surface, pointer, subject)
        subject.rank(one, pointer)
        subject.unknown_keys(one, pointer, _KEYS)
        if name and entity_type:
            _check_unique((name, entity_type), pointer, first, subject)
        if surface and entity_type:
            groups[surface, entity_type].append((pointer, one))
    for (surface, entity_type), group in groups.items():
        if surface == "activation":
            continue
        what = f"the {surface} transforms for {entity_type}"
        subject.ranks(group, what)
        if surface == "context" and len(group) > MOST_TABS:
            message = (
                f"{len(group)} context transforms are for {entity_type}: an observable has at most {MOST_TABS} tabs"
            )
            subject.error("M7", group[MOST_TABS][0], message, "join some of them, or move them to another bundle")


def script_of(raw: Json) -> str | None:
    """The script that a transform names, where that can be the name of one."""
    tokens = coercing.tokens(raw.get("parameters"))
    return tokens[0] if tokens and is_script_name(tokens[0]) else None


def _check_flags(one: Json, pointer: str, subject: Subject) -> str:
    """M6, M6a and M6b.

    :returns: the surface: context, pivot or activation; empty where there is none
    """
    said = {key: subject.flag(one, pointer, key) for key in ("pivoting", "enrichment")}
    activation = coercing.flag(one.get("activation")) is True
    script = script_of(one)
    path = (subject.script(script) or "") if script is not None else ""
    pivoting, enrichment = flags(one, path)
    if pivoting and enrichment:
        message = "pivoting and enrichment are both true, but a graph and a page need different output"
        subject.error("M6", f"{pointer}/pivoting", message, "set one of them to false, or make two transforms")
        return ""
    surface = "pivot" if pivoting else "context" if enrichment else "activation" if activation else ""
    missing = [key for key, value in said.items() if value is None and key not in one]
    if not surface and subject.folder is None and missing:
        return ""  # the script would say
    if not surface:
        message = "neither pivoting nor enrichment is true, so it could never be used"
        hint = 'set one of them to true, or "activation" where it only tries the credentials'
        rule = "M6b" if missing else "M6a"
        subject.error(rule, f"{pointer}/{missing[0] if missing else 'enrichment'}", message, hint)
    for key in missing if surface else ():
        taken = pivoting if key == "pivoting" else enrichment
        other = said["enrichment" if key == "pivoting" else "pivoting"]
        why = "" if other or not (pivoting or enrichment) else f", since {script} is written for that"
        message = f'"{key}" is missing: {str(taken).lower()} is taken{why}'
        subject.warning("M6b", f"{pointer}/{key}", message, f'add "{key}": {str(taken).lower()}')
    return surface


def _check_entity_type(one: Json, pointer: str, subject: Subject) -> str:
    constant = subject.text(one, pointer, "entity_type", 'the kind of observable, such as "anomali.Domain"')
    if not constant or constant in BY_CONSTANT:
        return constant
    close = suggestions(constant[:100], [*BY_CONSTANT, *(kind.name for kind in entity_types.ALL)], most=1)
    guess = next((kind.constant for kind in entity_types.ALL if close and close[0] in (kind.constant, kind.name)), None)
    hint = f'did you mean "{guess}"? ' if guess else ""
    message = f'"entity_type" cannot be {told(constant)}'
    subject.error("M3", f"{pointer}/entity_type", message, f"{hint}It is one of: {', '.join(BY_CONSTANT)}")
    return ""


def _check_parameters(one: Json, name: str, pointer: str, subject: Subject) -> None:
    """M10: the script and what it is told to do."""
    pointer = f"{pointer}/parameters"
    form = 'write the script and its function, such as "sample.py enrichDomain"'
    text = one.get("parameters")
    if not isinstance(text, str) or not text.strip():
        subject.error("M2", pointer, lacking(one, "parameters", "text"), form)
        return
    tokens = coercing.tokens(text)
    if not tokens:
        subject.error("M10", pointer, f"a quote is left open in {told(text)}", form)
        return
    script = tokens[0]
    if not is_script_name(script):
        problem = f"the first part, {told(script)}, is not the name of a .py file"
        base = os.path.basename(script.replace("\\", "/"))
        if is_script_name(base):
            problem, form = f"{told(script)} names a folder; scripts lie directly in {SOURCE}/", f"write {base}"
        subject.error("M10", pointer, problem, form)
        return
    path = subject.script(script)
    if path is None and subject.folder is not None:
        near = suggestions(script, _scripts(subject.folder), most=1)
        hint = f"did you mean {near[0]}?" if near else f"put the script into {SOURCE}/"
        subject.error("M10", pointer, f"there is no file {told(script)} in {SOURCE}/", hint)
    if len(tokens) != 2 and not (path is not None and is_maltego(path)):
        quoted = ", ".join(told(token) for token in tokens[:5])
        problem = f"it has {len(tokens)} part{'s' if len(tokens) > 1 else ''} ({quoted}), not two"
        hint = f"{form}; put a function's name with spaces into single quotes" if len(tokens) > 2 else form
        subject.error("M10", pointer, problem, hint)
    elif len(tokens) == 2 and name and tokens[1] != name:
        message = f"the script is told {told(tokens[1])}, which is not the transform_name, {told(name)}"
        subject.warning("M10", pointer, message, "nothing to do where the script expects that")


def _scripts(folder: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(os.path.join(folder, SOURCE)) if name.endswith(".py"))
    except OSError:
        return []


def _check_texts(one: Json, pointer: str, subject: Subject) -> None:
    for key, taken in _TEXTS.items():
        subject.optional_text(one, pointer, key)
        if key not in one:
            subject.warning("M2", f"{pointer}/{key}", f'"{key}" is missing: {taken}', f'add "{key}"')


def _check_activation(one: Json, entity_type: str, pointer: str, subject: Subject) -> None:
    """M19: what the credentials are tried with."""
    subject.optional_text(one, pointer, "sample_entity_value")
    if not subject.flag(one, pointer, "activation") or not entity_type:
        return
    pointer = f"{pointer}/sample_entity_value"
    kind = BY_CONSTANT[entity_type]
    sample = coercing.text(one.get("sample_entity_value"))
    if not sample:
        message = f"activation is true, but there is no sample_entity_value: {kind.sample} is taken"
        subject.warning("M19", pointer, message, f'add "sample_entity_value", which is a {kind.display}')
    elif kind not in entity_types.recognise(sample):
        found = entity_types.recognise(sample)[0].display
        message = f"{told(sample)} looks like a {found}, but the transform is for a {kind.display}"
        subject.warning("M19", pointer, message, f"write a {kind.display}, such as {kind.sample}")


def _check_outputs(one: Json, surface: str, pointer: str, subject: Subject) -> None:
    """M15: what a pivot says it gives."""
    if "output_entity_types" not in one:
        return
    pointer, value = f"{pointer}/output_entity_types", one["output_entity_types"]
    if not isinstance(value, list):
        message = f'"output_entity_types" must be a list, not {told(value)}; it is ignored'
        subject.warning("M15", pointer, message, 'write it as ["anomali.Domain"]')
        return
    if surface not in ("pivot", ""):
        message = '"output_entity_types" is for pivots; it is ignored'
        subject.warning("M15", pointer, message, "leave it out")
    for index, item in enumerate(value[:20]):
        if not isinstance(item, str) or item not in BY_CONSTANT:
            message = f"{told(item)} is no entity type; it is ignored"
            subject.warning("M15", f"{pointer}/{index}", message, f"use one of: {', '.join(BY_CONSTANT)}")


def _check_unique(key: tuple[str, str], pointer: str, first: dict[tuple[str, str], str], subject: Subject) -> None:
    if key in first:
        message = f"{first[key]} has the transform_name {told(key[0])} for {key[1]} too"
        subject.error("M11", f"{pointer}/transform_name", message, "give one of them another name")
    else:
        first[key] = pointer
