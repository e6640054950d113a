"""The compiled app schema: accepts a sound app JSON quickly, says in words what it refuses."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from soarkit.manifest.findings import Findings, shown
from soarkit.manifest.loader import escape
from soarkit.manifest.model import is_whole
from soarkit.manifest.schema_files import read_schema, schema_text
from soarkit.manifest.source import kind_of

if TYPE_CHECKING:
    import jsonschema_rs

_IN_WORDS = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
_EXAMPLES = {"array": '["..."]', "boolean": "true", "integer": "0", "number": "60", "object": "{}"}


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    import jsonschema_rs  # late: only checking needs it

    return jsonschema_rs.Draft202012Validator(schema_text("app"))


@cache
def _schema() -> dict[str, Any]:
    return read_schema("app")


@cache
def known_keys(definition: str) -> frozenset[str]:
    """Keys that the schema knows in one of its definitions; ``app`` is the top level."""
    part = _schema() if definition == "app" else _schema()["$defs"][definition]
    return frozenset(part["properties"])


def check_schema(raw: dict[str, Any], findings: Findings) -> None:
    """Add one error for each place where an app JSON breaks its schema."""
    validator = _validator()
    if validator.is_valid(raw):
        return
    for error in validator.iter_errors(raw):
        _explain(error, findings)


def _explain(error: jsonschema_rs.ValidationError, findings: Findings) -> None:
    path = list(error.instance_path)
    pointer = "".join(f"/{escape(str(key))}" for key in path)
    rule = error.kind.name
    node = _definition(path)
    value = error.instance
    if rule == "required":
        key = str(error.kind.as_dict()["property"])
        findings.error(f"{pointer}/{escape(key)}", f'"{key}" is missing', _what_to_add(node, key))
    elif rule == "type":
        findings.error(pointer, *_mistyped(_subject(path), value, node))
    elif rule == "enum":
        allowed = ", ".join(node.get("enum", []))
        findings.error(pointer, f"{_subject(path)} cannot be {shown(value)}", f"use one of: {allowed}")
    elif rule == "pattern":
        problem = "is empty" if not str(value).strip() else f"cannot be {shown(value)}"
        findings.error(pointer, f"{_subject(path)} {problem}", _expected(node))
    elif rule == "minimum":
        least = node.get("minimum", 0)
        findings.error(pointer, f"{_subject(path)} cannot be {shown(value)}: the least is {least}", _expected(node))
    else:  # a rule that the schema has but this function has no words for
        findings.error(pointer, f"{_subject(path)}: {shown(error.message)}", _expected(node))


def _definition(path: list[str | int]) -> dict[str, Any]:
    """The part of the schema that is about the place ``path`` points to; empty where it says nothing."""
    node = _schema()
    for key in path:
        node = node.get("items", {}) if isinstance(key, int) else _property(node, key)
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            node = {**_schema()["$defs"][name], **node}
    return node


def _property(node: dict[str, Any], key: str) -> dict[str, Any]:
    parts: dict[str, dict[str, Any]] = node.get("properties", {})
    if key in parts:
        return parts[key]
    for pattern, part in node.get("patternProperties", {}).items():
        if re.search(pattern, key):
            return dict(part)
    return dict(node.get("additionalProperties", {}))


def _subject(path: list[str | int]) -> str:
    if not path:
        return "the file"
    last = path[-1]
    return shown(last) if isinstance(last, str) else f"entry {last}"


def _types(node: dict[str, Any]) -> list[str]:
    types = node.get("type", [])
    return types if isinstance(types, list) else [types]


def _mistyped(subject: str, value: object, node: dict[str, Any]) -> tuple[str, str | None]:
    types = _types(node)
    found = kind_of(value)
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        found += f" ({shown(value)})"
    message = f"{subject} must be {' or '.join(_IN_WORDS[name] for name in types)}, not {found}"
    literal = _unquoted(value, types)
    if literal:
        return message, f"write {literal} without quotes"
    if types == ["array"] and isinstance(value, str):
        return message, f"put it in a list: [{shown(value)}]"
    if types == ["string"] and isinstance(value, (int, float)):
        return message, f'put it in quotes: "{shown(value)}"'
    return message, _expected(node) or f"write {' or '.join(_EXAMPLES.get(name, 'text') for name in types)}"


def _unquoted(value: object, types: list[str]) -> str | None:
    """What a text would be as a value of the wanted type."""
    if not isinstance(value, str):
        return None
    text = value.strip().lower()
    if "boolean" in types:
        words = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false"}
        return words.get(text)
    if is_whole(text) and ("integer" in types or "number" in types):
        return str(int(text))
    return None


def _what_to_add(node: dict[str, Any], key: str) -> str:
    meaning = _meaning(node.get("properties", {}).get(key, {}))
    return f'add "{key}": {meaning}' if meaning else f'add "{key}"'


def _expected(node: dict[str, Any]) -> str | None:
    meaning = _meaning(node)
    return f"expected: {meaning}" if meaning else None


def _meaning(node: dict[str, Any]) -> str | None:
    """What the schema says about a place, as part of a sentence."""
    if "$ref" in node:
        node = {**_schema()["$defs"][node["$ref"].rpartition("/")[2]], **node}
    text = str(node.get("description", "")).rstrip(".").replace("`", '"')
    return text[:1].lower() + text[1:] if text else None
