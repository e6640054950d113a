"""Looking for a function in an app's Python files without running them."""

from __future__ import annotations

import ast
import os
import warnings
from functools import cached_property

from soarkit.manifest.selection import suggestions


class PythonFile:
    """One source file of an app, read as text.

    :param folder: the app's folder
    :param name: the file's path in it
    """

    def __init__(self, folder: str, name: str) -> None:
        self.name = name
        self._path = os.path.join(folder, name)

    @property
    def broken(self) -> str | None:
        """Why the file cannot be parsed; None when it can."""
        tree = self._tree
        return tree if isinstance(tree, str) else None

    def may_define(self, name: str) -> bool:
        """Whether importing the file can leave this name in the module.

        Names set in a branch count; a star import may bring any name.
        """
        names = self._names
        return name in names or "*" in names

    def nearest(self, name: str) -> str | None:
        """The name in the module that looks most like this one."""
        close = suggestions(name, sorted(self._names - {"*"}), most=1)
        return close[0] if close else None

    @cached_property
    def _tree(self) -> ast.Module | str:
        try:
            with open(self._path, "rb") as file:
                source = file.read()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # an app's style is not what is checked
                return ast.parse(source)
        except SyntaxError as error:
            return f"{error.msg}, line {error.lineno}" if error.lineno else str(error.msg)
        except OSError as error:
            return str(error.strerror)
        except (ValueError, RecursionError, MemoryError) as error:  # NUL bytes; nesting beyond the parser
            return str(error) or "it is nested too deeply"

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset() if isinstance(self._tree, str) else frozenset(_bound_names(self._tree.body))


def function_file(folder: str, path: str) -> tuple[PythonFile, str] | None:
    """The file and the name that ``module.function`` means.

    The module may lie in sub-folders, and the function may be an attribute of an object in it
    (``src.app.app.handle_webhook``): the longest file that exists is taken.

    :returns: None when no file fits
    """
    parts = path.split(".")
    if not all(part.isidentifier() for part in parts):
        return None
    for length in range(len(parts) - 1, 0, -1):
        for name in (f"{'/'.join(parts[:length])}.py", f"{'/'.join(parts[:length])}/__init__.py"):
            if os.path.isfile(os.path.join(folder, name)):
                return PythonFile(folder, name), parts[length]
    return None


def _bound_names(body: list[ast.stmt]) -> set[str]:
    """Names that statements bind in their module, those in branches included, those in functions not."""
    names: set[str] = set()
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(statement.name)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name.partition(".")[0] for alias in statement.names)
        else:
            names.update(
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            )
            for block in ("body", "orelse", "finalbody"):
                names |= _bound_names(getattr(statement, block, []))
            for handler in getattr(statement, "handlers", []):
                names |= _bound_names(handler.body)
    return names
