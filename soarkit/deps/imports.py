"""What the modules of an app import, found by reading them: nothing of the app runs."""

from __future__ import annotations

import ast
import os
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from soarkit.paths import APPLIB

#: Folders of an app that hold no modules it runs.
_PASSED_OVER = frozenset(
    "__pycache__ wheels tests test docs examples node_modules venv env build dist release_notes".split()
)
_IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
_GUARDS = {"TYPE_CHECKING", "PY2", "PY3", "version_info", "platform"}
# Module → the first Python version without it.
_GONE = {
    **dict.fromkeys("formatter parser symbol".split(), (3, 10)),
    "binhex": (3, 11),
    **dict.fromkeys("asynchat asyncore distutils imp smtpd".split(), (3, 12)),
    **dict.fromkeys(
        (
            "aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr "
            "spwd sunau telnetlib uu xdrlib"
        ).split(),
        (3, 13),
    ),
}
_NEW = {"tomllib": (3, 11), "annotationlib": (3, 14), "compression": (3, 14)}


@dataclass(frozen=True, order=True)
class Import:
    """One module that an app imports.

    :ivar module: dotted name
    :ivar file: the file that does, relative to the app's folder
    :ivar optional: the app can do without: it catches the error, or only type checkers look
    """

    module: str
    file: str
    line: int
    optional: bool

    @property
    def top(self) -> str:
        """The first part of the module's name."""
        return self.module.partition(".")[0]


@dataclass(frozen=True)
class Imports:
    """What an app imports from outside its own folder.

    :ivar found: sorted, every import
    :ivar unread: files that cannot be parsed, relative to the folder, with the reason
    """

    found: tuple[Import, ...]
    unread: dict[str, str]


def read(folder: str) -> Imports:
    """Read all modules of an app that it may run."""
    found: list[Import] = []
    unread: dict[str, str] = {}
    for path in _modules(folder):
        file = os.path.relpath(path, folder)
        try:
            with open(path, "rb") as source, warnings.catch_warnings():
                warnings.simplefilter("ignore")  # odd escapes of other people's code
                tree = ast.parse(source.read(), file)
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
            unread[file] = f"{getattr(error, 'msg', None) or error}{line}"
            continue
        own = {*_names(folder), *_names(os.path.dirname(path))}
        found += [one for one in _imports(tree, file) if one.top not in own]
    return Imports(tuple(sorted(found)), unread)


def standard(module: str, version: tuple[int, int]) -> bool:
    """Whether a top-level module belongs to the standard library of a Python version."""
    if module in _GONE:
        return version < _GONE[module]
    if module in _NEW:
        return version >= _NEW[module]
    return module in sys.stdlib_module_names or module == "__main__"


def gone(module: str, version: tuple[int, int]) -> bool:
    """Whether a module was part of Python and is no longer."""
    return module in _GONE and version >= _GONE[module]


def platform_api(module: str) -> bool:
    """Whether a top-level module is one that the platform gives to apps (``phantom`` ...)."""
    return module in _names(APPLIB)


def _modules(folder: str) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _PASSED_OVER and not name.startswith("."))
        yield from (os.path.join(place, name) for name in sorted(names) if name.endswith(".py"))


def _names(folder: str) -> set[str]:
    """The top-level modules that a folder holds."""
    found = set()
    with os.scandir(folder) as entries:
        for entry in entries:
            name, extension = os.path.splitext(entry.name)
            if extension in (".py", ".pyc", ".so"):
                found.add(name.partition(".")[0])
            elif entry.is_dir() and entry.name.isidentifier() and entry.name not in _PASSED_OVER:
                inside = os.listdir(entry.path)
                found |= {entry.name} if any(one.endswith((".py", ".pyc", ".so")) for one in inside) else set()
    return found


def _imports(tree: ast.AST, file: str, optional: bool = False) -> Iterator[Import]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, file, node.lineno, optional) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level == 0 and node.module:
                yield Import(node.module, file, node.lineno, optional)
        elif isinstance(node, ast.Try):
            caught = any(_catches_import_errors(handler) for handler in node.handlers)
            # What replaces a module that may be absent need not be there either.
            inside = [*node.body, *(one for handler in node.handlers for one in handler.body)]
            yield from _imports(ast.Module(inside, []), file, optional or caught)
            yield from _imports(ast.Module([*node.orelse, *node.finalbody], []), file, optional)
        elif isinstance(node, ast.If):
            guarded = optional or _is_guard(node.test)
            yield from _imports(ast.Module([*node.body, *node.orelse], []), file, guarded)
        elif isinstance(node, ast.Call) and (name := _called_for(node)):
            yield Import(name, file, node.lineno, True)
        else:
            yield from _imports(node, file, optional)


def _catches_import_errors(handler: ast.ExceptHandler) -> bool:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(one is None or (isinstance(one, ast.Name) and one.id in _IMPORT_ERRORS) for one in kinds)


def _is_guard(test: ast.expr) -> bool:
    """Whether a condition asks for type checkers or for the Python version."""
    return any(
        (isinstance(node, ast.Name) and node.id in _GUARDS)
        or (isinstance(node, ast.Attribute) and node.attr in _GUARDS)
        for node in ast.walk(test)
    )


def _called_for(node: ast.Call) -> str:
    """The module of ``importlib.import_module("name")`` and ``__import__("name")``; empty for any other call."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    first = node.args[0] if node.args else None
    if name in ("import_module", "__import__") and isinstance(first, ast.Constant) and isinstance(first.value, str):
        return "" if first.value.startswith(".") else first.value
    return ""
