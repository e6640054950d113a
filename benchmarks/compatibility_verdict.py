"""Whether an action's end is the app's own doing, or soarkit lacked something: for benchmarks/compatibility.py."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

OWN, LACKED, TIMEOUT, REFUSED = "own", "lacked", "timeout", "refused"

#: Names that apps call on their connector and that the platform never had: their AttributeError is the app's own.
_NEVER_EXISTED = frozenset(("save_progess", "_handle_py_ver_compat_for_input_str", "_category_lookup"))
_NEVER_IN_MODULES = frozenset(("APP_ERROR_FILE_ADD_TO_VAULT",))
_OUR_MODULES = r"(?:phantom|phantom_common|phantom_ui|ph_ipc|encryption_helper|soarkit_\w+|django)(?:\.[\w.]+)?"
_LACKED = [
    re.compile(pattern)
    for pattern in (
        r"[^\n]*which this version of soarkit does not have[^\n]*",
        r"the platform's REST address cannot answer[^\n]*",
        r"phantom\.rules\.\w+ belongs to playbooks, which soarkit does not run",
        r"(?:soarkit_app\.session\.)?ServiceUnavailable: [^\n]*",
        rf"cannot import name '?\w+'? from '?{_OUR_MODULES}'?",
        r"No module named '?[\w.]+'?",
        r"(?:django\.core\.exceptions\.)?(?:ImproperlyConfigured|AppRegistryNotReady)[^\n]*",
        r"[^\n]*[Ss]ettings are not configured[^\n]*",
        r"\w+(?:\.\w+)*\(\) (?:got an unexpected keyword argument|missing \d+ required positional)[^\n]*",
    )
]
_MODULE_ATTRIBUTE = re.compile(rf"module '{_OUR_MODULES}' has no attribute '(\w+)'")
_OBJECT_ATTRIBUTE = re.compile(r"(?:type object )?'(\w+)'(?: object)? has no attribute '(\w+)'")
_FRAME = re.compile(r'^\s*File "([^"]+)", line \d+, in ', re.MULTILINE)
_OUR_FILES = re.compile(r"/soarkit/applib(?:_extras)?/")
#: Methods of the connector library that hand their own arguments to the app's code or to the standard library's.
_PLATFORM_CLASSES = frozenset(("ActionResult", "BaseConnector", "ConnectorResult", "Vault"))


class Verdict(NamedTuple):
    kind: str
    reason: str


def judge(end: Mapping[str, Any], folder: str) -> Verdict:
    """Whose doing the end of one action is.

    :param end: what benchmarks/compatibility.py kept of it
    :param folder: the app's folder
    """
    error = end.get("error")
    if error is not None:
        text = f"{error['code']}: {error['message']}"
        if error["code"] == "app-timeout":
            return Verdict(TIMEOUT, text)
        return Verdict(REFUSED if error["code"] in ("input", "usage") else LACKED, text)
    if end["message"].startswith("Parameter '") and "' failed validation: " in end["message"]:
        return Verdict(REFUSED, end["message"])
    text = "\n".join([end["message"], *end["messages"], end["log"]])
    found = next(_lacks(text, folder), None)
    if found is not None:
        return Verdict(LACKED, found[:300])
    return Verdict(OWN, ("exception: " if end["exception"] else f"{end['status']}: ") + end["message"][:200])


def _lacks(text: str, folder: str) -> Iterator[str]:
    for pattern in _LACKED:
        for match in pattern.finditer(text):
            yield match[0]
    for match in _MODULE_ATTRIBUTE.finditer(text):
        if match[1] not in _NEVER_IN_MODULES:
            yield match[0]
    for match in _OBJECT_ATTRIBUTE.finditer(text):
        cls, name = match.groups()
        if name in _NEVER_EXISTED:
            continue
        connectors, names = _of_app(folder)
        if cls in _PLATFORM_CLASSES or (cls in connectors and name not in names):
            yield match[0]
    for block in text.split("Traceback (most recent call last)")[1:]:
        frames = _FRAME.findall(block)
        if frames and _OUR_FILES.search(frames[-1]):
            yield f"raised in {frames[-1].rpartition('/soarkit/')[2]}: {block.rstrip().rpartition(chr(10))[2]}"


@cache
def _of_app(folder: str) -> tuple[frozenset[str], frozenset[str]]:
    """Names of an app's connector classes, and all attributes that its code gives to anything."""
    connectors, names = set(), set()
    for path in python_files(folder):
        for node in ast.walk(parsed(path) or ast.Module([], [])):
            if isinstance(node, ast.ClassDef):
                if any("Connector" in ast.unparse(base) for base in node.bases):
                    connectors.add(node.name)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                names.add(node.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                names.add(node.attr)
    return frozenset(connectors), frozenset(names)


def python_files(folder: str) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders[:] = [one for one in folders if one not in ("wheels", "tests") and not one.startswith(".")]
        yield from (os.path.join(root, one) for one in files if one.endswith(".py"))


def parsed(path: str) -> ast.Module | None:
    """A file's syntax tree, None when it is no Python 3."""
    import warnings

    with open(path, "rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(file.read(), path)
        except (SyntaxError, ValueError):
            return None
