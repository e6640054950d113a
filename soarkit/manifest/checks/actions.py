"""Rules about the entries of ``actions``: identifiers, undo, versions, locks, how results are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soarkit_app.loader import is_sdk_module

from soarkit.manifest.checks.shapes import actions_of, text_at
from soarkit.manifest.findings import shown
from soarkit.manifest.locks import CONFIGURATION, PARAMETERS
from soarkit.manifest.selection import suggestions
from soarkit.manifest.versions import ANY, VersionExpression, VersionExpressionError, equal_claims, parse

if TYPE_CHECKING:
    from soarkit.manifest.checks.shapes import Json
    from soarkit.manifest.findings import Findings

_RENDER_TYPES = ("table", "json", "custom", "map")
_SIZES = {"width": (1, 6), "height": (0, 10)}
_WITHOUT_WIDGET = ("test", "ingest")  # nobody looks at their results in the investigation


def check_actions(raw: Json, findings: Findings) -> None:
    """Everything about actions but their parameters and outputs."""
    _check_identifiers(raw, findings)
    _check_versions(raw, findings)
    names = [name for _, action in actions_of(raw) if (name := text_at(action, "action"))]
    by_sdk = is_sdk_module(text_at(raw, "main_module") or "")
    for pointer, action in actions_of(raw):
        _check_undo(action, names, pointer, findings)
        _check_lock(raw, action, f"{pointer}/lock", findings)
        _check_render(action, f"{pointer}/render", findings, by_sdk=by_sdk)


def _check_identifiers(raw: Json, findings: Findings) -> None:
    first: dict[str, str] = {}
    for pointer, action in actions_of(raw):
        identifier = text_at(action, "identifier")
        if not identifier:
            continue
        if identifier in first:
            findings.error(
                f"{pointer}/identifier",
                f"{shown(identifier)} is the identifier of {first[identifier]} too",
                "give each action an identifier of its own",
            )
        first.setdefault(identifier, pointer)


def _check_versions(raw: Json, findings: Findings) -> None:
    entries: dict[str, list[tuple[str, VersionExpression]]] = {}
    for pointer, action in actions_of(raw):
        text = action.get("versions", ANY)
        if not isinstance(text, str):
            continue
        try:
            expression = parse(text)
        except VersionExpressionError as error:
            findings.error(
                f"{pointer}/versions",
                f"{shown(text)} is no version expression: {error}",
                "write EQ(*) for every version, or EQ, NEQ, IN or NIN over patterns such as 12.*",
            )
            continue
        name = text_at(action, "action")
        if name:
            entries.setdefault(name, []).append((pointer, expression))
    for name, claims in entries.items():
        if len(claims) > 1:
            _check_claims(name, claims, findings)


def _check_claims(name: str, claims: list[tuple[str, VersionExpression]], findings: Findings) -> None:
    """Two entries of one action name must not fit one version equally well."""
    for earlier, later, version in equal_claims([expression for _, expression in claims]):
        what = "an unknown version" if version is None else f"version {version}"
        findings.error(
            f"{claims[later][0]}/versions",
            f"this entry of {shown(name)} and {claims[earlier][0]} fit {what} equally: "
            f"{claims[later][1]} and {claims[earlier][1]}",
            "give the two different names, or version expressions that do not overlap",
        )


def _check_undo(action: Json, names: list[str], pointer: str, findings: Findings) -> None:
    undo = text_at(action, "undo")
    if undo is None or undo in names:
        return
    close = suggestions(undo, names, most=1)
    findings.warning(
        f"{pointer}/undo",
        f"the app has no action {shown(undo)}",
        f"did you mean {shown(close[0])}?" if close else "name the action that reverts this one, or leave it out",
    )


def _check_lock(raw: Json, action: Json, pointer: str, findings: Findings) -> None:
    lock = action.get("lock")
    path = text_at(lock, "data_path") if isinstance(lock, dict) else None
    if path is None:
        return
    if path.startswith(PARAMETERS):
        root, declared, what = PARAMETERS, action.get("parameters", {}), "parameter of this action"
    elif path.startswith(CONFIGURATION):
        root, declared, what = CONFIGURATION, raw.get("configuration", {}), "configuration variable"
    else:
        return
    if not isinstance(declared, dict):
        return
    key = path[len(root) :]
    if key not in declared:
        close = suggestions(key, list(declared), most=1)
        findings.error(
            f"{pointer}/data_path",
            f"{shown(path)} names no {what}",
            f"did you mean {shown(root + close[0])}?" if close else f"name a {what}",
        )
    elif isinstance(declared[key], dict) and declared[key].get("data_type") == "password":
        findings.warning(
            f"{pointer}/data_path", "a password would be the lock's name", "lock on something that is no secret"
        )


def _check_render(action: Json, pointer: str, findings: Findings, *, by_sdk: bool) -> None:
    """:param by_sdk: the SDK made the JSON, which writes no more than the type, and no author can change that"""
    if "render" not in action:
        if action.get("type") not in _WITHOUT_WIDGET and not by_sdk:
            findings.warning(pointer, '"render" is missing', 'add "render": {"type": "table", "title": "..."}')
        return
    render = action["render"]
    if not isinstance(render, dict):
        return
    kind = render.get("type")
    if "type" not in render:
        findings.warning(f"{pointer}/type", '"type" is missing, table is assumed', 'add "type": "table"')
    elif isinstance(kind, str) and kind not in _RENDER_TYPES:
        findings.warning(f"{pointer}/type", f"unknown type {shown(kind)}", f"use one of: {', '.join(_RENDER_TYPES)}")
    if kind == "custom" and "view" not in render:
        findings.warning(
            f"{pointer}/view", '"view" is missing, which draws custom results', 'add "view": "module.function"'
        )
    if "title" not in render and not by_sdk:
        findings.warning(f"{pointer}/title", '"title" is missing', 'add "title": the heading above the results')
    for key, (least, most) in _SIZES.items():
        size = render.get(key, least)
        if key not in render:
            if by_sdk:
                continue
            findings.warning(f"{pointer}/{key}", f'"{key}" is missing', f'add "{key}": {least} to {most}')
        elif isinstance(size, int) and not least <= size <= most:
            findings.warning(f"{pointer}/{key}", f"{size} is outside {least} to {most}", f"use {least} to {most}")
