"""What an app cannot do without: the files that its JSON names, and what those import from the app's folder."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from soarkit.manifest.checks.app import leaves_folder
from soarkit.manifest.checks.files import functions_named, main_module_files, wheels_named
from soarkit.manifest.checks.modules import function_file

# Looked for in the text: what counts is not to miss one, and an import that stands in a comment does no harm.
_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(?:\(([^)]*)\)|([^\n;#]*))|import[ \t]+([^\n;#]+))",
    re.MULTILINE,
)
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")


def needed_files(raw: dict[str, Any], folder: str, manifest: str) -> dict[str, str]:
    """Files that must be in the app's package, by their path in the folder, each with the reason.

    :param raw: the app JSON
    :param folder: the app's folder
    :param manifest: the JSON file's name in it
    """
    found = {manifest: "is the app JSON"}
    for written, reason in _named(raw, folder):
        path = posixpath.normpath(written)
        if not leaves_folder(path) and os.path.isfile(os.path.join(folder, path)):
            found.setdefault(path, reason)
    todo = [path for path in found if path.endswith(".py")]
    while todo:
        importer = todo.pop()
        for path in _imported(folder, importer):
            if path not in found:
                found[path] = f"is imported by {importer}"
                todo.append(path)
    return found


def _named(raw: dict[str, Any], folder: str) -> Iterator[tuple[str, str]]:
    main_module = raw.get("main_module")
    if isinstance(main_module, str):
        yield from ((path, "is the main module") for path in main_module_files(main_module))
    for key in ("logo", "logo_dark"):
        if isinstance(raw.get(key), str):
            yield raw[key], f"is the app's {key}"
    for pointer, name in functions_named(raw):
        function = function_file(folder, name)
        if function is not None:
            yield function[0].name, f"is named at {pointer}"
    for pointer, path in wheels_named(raw):
        yield path, f"is named at {pointer}"


def _imported(folder: str, path: str) -> Iterator[str]:
    """The app's own files that a module of it imports, its packages included."""
    try:
        with open(os.path.join(folder, path), "rb") as file:
            source = file.read()
    except OSError:
        return
    package = path.split("/")[:-1]
    for found in _IMPORT.finditer(source):
        origin, *rest = [(part or b"").decode("ascii", "ignore") for part in found.groups()]
        names = [name for part in rest for name in (_NAME.match(one.strip()) for one in part.split(",")) if name]
        if not found[1]:
            for name in names:
                yield from _files(folder, [], name[0].split("."))
            continue
        level = len(origin) - len(origin.lstrip("."))
        if level > len(package) + 1:
            continue
        base = package[: len(package) + 1 - level] if level else []
        module = [part for part in origin.split(".") if part]
        yield from _files(folder, base, module)
        for name in names:
            yield from _files(folder, base, [*module, name[0]])


def _files(folder: str, base: list[str], module: list[str]) -> Iterator[str]:
    """The files that importing a module runs: those of its packages, and its own."""
    for length in range(len(module) + 1):
        stem = "/".join([*base, *module[:length]])
        for path in (f"{stem}.py", f"{stem}/__init__.py") if stem else ():
            if os.path.isfile(os.path.join(folder, path)):
                yield path
