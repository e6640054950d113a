"""Finding and reading an app's JSON file. On the start-up path of every run: imports next to nothing."""

from __future__ import annotations

import json
import os
import re
from typing import Any, NamedTuple, NoReturn

from soarkit.errors import ManifestError

METADATA = "metadata.json"  #: what describes an enrichment bundle, in its folder

_EXCERPT = 60  # characters of a broken line that an error shows
_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(NaN|-?Infinity)')

_ANY_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# An escaped backslash, a character written as a pair of surrogates, or (the group) half of one.
_SURROGATE = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


class AppSource(NamedTuple):
    """Where an app lies: its folder and its JSON file, as absolute paths."""

    folder: str
    manifest_path: str


def locate(path: str | os.PathLike[str]) -> AppSource:
    """Find an app's JSON file.

    :param path: the JSON file itself, or the app's folder; for an enrichment bundle its ``metadata.json`` or its folder
    :raises ManifestError: there is no such path, the folder holds no app JSON, or it holds several
    """
    absolute = os.path.abspath(path)
    if os.path.isfile(absolute):
        return AppSource(os.path.dirname(absolute), absolute)
    if not os.path.isdir(absolute):
        raise ManifestError(
            "no such file or folder",
            where=os.fspath(path),
            hint="name the app's JSON file or the folder it lies in",
        )
    found = app_json_files(absolute)
    if len(found) == 1:
        return AppSource(absolute, os.path.join(absolute, found[0]))
    if found:
        raise ManifestError(
            f"the folder holds several app JSON files: {', '.join(found)}",
            where=os.fspath(path),
            hint="name the one you mean",
        )
    metadata = os.path.join(absolute, METADATA)
    if is_metadata_file(metadata):
        return AppSource(absolute, metadata)
    raise _no_app_json(absolute, os.fspath(path))


def app_json_files(folder: str) -> list[str]:
    """Names of the app JSON files directly inside a folder, sorted.

    An app JSON has ``appid`` and ``actions`` or ``main_module``; where no file has these, one with ``actions`` and
    ``main_module`` is taken for an app JSON that lacks its id. Files that cannot be read are passed over.
    """
    complete, partial = [], []
    for name in json_names(folder):
        raw = _glance(os.path.join(folder, name))
        if "appid" in raw and ("actions" in raw or "main_module" in raw):
            complete.append(name)
        elif "actions" in raw and "main_module" in raw:
            partial.append(name)
    return complete or partial


def is_metadata_file(path: str) -> bool:
    """Whether a file describes an enrichment bundle: by its name, and the keys that its bytes speak of."""
    if os.path.basename(path) != METADATA:
        return False
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return False
    return b'"transforms"' in data or b'"sdk_type"' in data


def is_metadata(raw: dict[str, Any]) -> bool:
    """Whether an object is the metadata of an enrichment bundle, and no app JSON."""
    return ("transforms" in raw or "sdk_type" in raw) and "main_module" not in raw and "actions" not in raw


def json_names(folder: str) -> list[str]:
    """Names of the ``*.json`` files directly inside a folder, sorted."""
    return sorted(
        name for name in os.listdir(folder) if name.endswith(".json") and os.path.isfile(os.path.join(folder, name))
    )


def looks_like_app(path: str) -> bool:
    """Whether a file's bytes speak of an app's keys; tells an app JSON that is broken from a broken data file."""
    try:
        with open(path, "rb") as file:
            return _speaks_of_app(file.read())
    except OSError:
        return False


def _speaks_of_app(data: bytes) -> bool:
    return b'"main_module"' in data or b'"actions"' in data


def _glance(path: str) -> dict[str, Any]:
    """What a JSON file holds; empty when it is no app JSON at first sight, which saves parsing an app's data files."""
    try:
        with open(path, "rb") as file:
            data = file.read()
        return parse_json(data, path) if _speaks_of_app(data) else {}
    except (OSError, ManifestError):
        return {}


def _no_app_json(folder: str, shown: str) -> ManifestError:
    """Why a folder has no app JSON: the broken file that was meant to be it, or none at all."""
    for name in json_names(folder):
        try:
            read_json(os.path.join(folder, name))
        except ManifestError as error:
            return error
    return ManifestError(
        "the folder holds no app JSON: no *.json file with appid, main_module and actions",
        where=shown,
        hint="name the app's JSON file, or the folder it lies in",
    )


def read_json(path: str) -> dict[str, Any]:
    """Read a JSON file whose top level is an object.

    :raises ManifestError: the file cannot be read, is not UTF-8, is not JSON (with line and column), or holds
        something else than an object
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise ManifestError(f"cannot read the file: {error.strerror}", where=path) from error
    return parse_json(data, path)


def parse_json(data: bytes, path: str) -> dict[str, Any]:
    """The object that a JSON file's bytes hold.

    :param path: named in errors
    :raises ManifestError: as :func:`read_json`
    """
    text = _decode(data, path)
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        problem = error.msg[:1].lower() + error.msg[1:]
        raise _broken(f"not valid JSON: {problem}", text, error.pos, path) from error
    except _ConstantError as error:
        raise _broken(
            f"not valid JSON: {error} is not a JSON number", text, _constant_position(text, str(error)), path
        ) from error
    except RecursionError as error:
        raise ManifestError(
            "the JSON is nested too deeply", where=path, hint="an app JSON needs a depth of ten"
        ) from error
    except ValueError as error:  # a whole number beyond the interpreter's limit of digits
        raise ManifestError(
            f"not usable JSON: {error}", where=path, hint="no key takes such a number: remove it, or put it in quotes"
        ) from error
    _refuse_half_characters(text, path)
    if isinstance(value, dict):
        return value
    what, key = ("a bundle's metadata", "title") if os.path.basename(path) == METADATA else ("an app JSON", "appid")
    raise ManifestError(
        f"{what} is an object, but this file holds {kind_of(value)}",
        where=path,
        hint=f'start the file with "{{" and name the keys, such as "{key}"',
    )


def kind_of(value: object) -> str:
    """What a JSON value is, in words: ``text``, ``a list``, ``a whole number`` ..."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    names = {dict: "an object", list: "a list", str: "text", int: "a whole number", float: "a number"}
    return names.get(type(value), type(value).__name__)


def _decode(data: bytes, path: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        raise ManifestError(
            "the file is UTF-16, not UTF-8"
            if utf16
            else f"the file is not UTF-8: byte 0x{data[error.start]:02x} in line {line}",
            where=path,
            hint="save it as UTF-8",
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ManifestError(
            f"the file holds a NUL character in line {line}", where=path, hint="save it as plain UTF-8 text"
        )
    return text


def _refuse_half_characters(text: str, path: str) -> None:
    """A lone surrogate is valid JSON, but no text: it can be neither stored nor printed."""
    if not _ANY_SURROGATE.search(text):
        return
    position = next((found.start(1) for found in _SURROGATE.finditer(text) if found.group(1)), None)
    if position is not None:
        raise _broken("half a character (a lone surrogate)", text, position, path)


class _ConstantError(Exception):
    """Python's reader met NaN or an infinity, which JSON does not have."""


def _refuse_constant(name: str) -> NoReturn:
    raise _ConstantError(name)


def _constant_position(text: str, name: str) -> int:
    """Where a bare constant stands: its first occurrence outside a string."""
    return next((found.start(1) for found in _CONSTANT.finditer(text) if found.group(1) == name), 0)


def _broken(problem: str, text: str, position: int, path: str) -> ManifestError:
    line = text.count("\n", 0, position) + 1
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    shown = text[start : end if end >= 0 else len(text)]
    column = position - start + 1
    first = max(0, column - 1 - _EXCERPT // 2)
    excerpt = shown[first : first + _EXCERPT].strip()
    near = f", near: {excerpt}" if excerpt else ""
    return ManifestError(
        f"{problem} in line {line}, column {column}{near}",
        where=path,
        hint="mend the file there; the usual cause is a missing or superfluous comma or quote just before",
    )
