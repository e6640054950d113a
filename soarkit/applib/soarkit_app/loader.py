"""From a manifest's ``main_module`` to the connector class in it."""

from __future__ import annotations

import os
import re
import sys

from soarkit_app.messages import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Optional, Tuple, Type

    from soarkit_app.connector import BaseConnector


class LoadError(Exception):
    """The app cannot be loaded: what happened, where, and what to do."""

    def __init__(self, message: str, where: Optional[str] = None, hint: Optional[str] = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint


#: Modules that only Python 2 had, as apps of that age import them.
_PYTHON2_MODULES = frozenset(
    [
        "ConfigParser",
        "Cookie",
        "HTMLParser",
        "Queue",
        "StringIO",
        "__builtin__",
        "cPickle",
        "cStringIO",
        "commands",
        "cookielib",
        "exceptions",
        "httplib",
        "md5",
        "sets",
        "sha",
        "urllib2",
        "urlparse",
        "xmlrpclib",
    ]
)
#: Packages of the connector library: what is missing in them no dependency can bring.
_OURS = frozenset(("phantom", "phantom_common", "phantom_ui"))
#: Built-in names that only Python 2 had.
_PYTHON2_NAMES = frozenset(
    ["basestring", "execfile", "long", "raw_input", "reduce", "reload", "unichr", "unicode", "xrange"]
)
#: How Python 3's parser answers to Python 2 source: print statements, old except clauses, backticks, octals, ...
_PYTHON2_SYNTAX = re.compile(
    r"Missing parentheses in call to '(print|exec)'|multiple exception types must be parenthesized|"
    r"leading zeros in decimal integer|invalid (hexadecimal|decimal|octal) literal|inconsistent use of tabs"
)
_PYTHON2_LINE = re.compile(
    r"^\s*(print\s+[\"'\w%(]|exec\s+[\"'\w]|except\s+[\w.]+\s*,|raise\s+\w+\s*,)|<>|`|\bur[\"']|\d+L\b"
)

_PYTHON2_HINT = "this app is written for Python 2; soarkit runs Python 3 apps. Look for a newer version of it"


def is_sdk_module(main_module: str) -> bool:
    """Whether a ``main_module`` names module and object, as apps built with the SOAR SDK do."""
    return ":" in main_module


def sdk_module(main_module: str) -> Tuple[str, str]:
    """Dotted module and object of an SDK app's ``main_module``: ``src.app:app``, also written ``src/app.py:app``."""
    module, _, name = main_module.partition(":")
    stem, extension = os.path.splitext(module)
    return (stem if extension in (".py", ".pyc") else module).replace("/", "."), name


def main_module_file(app_dir: str, main_module: str) -> Optional[str]:
    """The file that a manifest's ``main_module`` means, None when there is none inside the app's folder.

    ``x.pyc`` stands for ``x.py`` where that is what was shipped (56 of 402 published manifests).
    """
    if is_sdk_module(main_module):
        stem = sdk_module(main_module)[0].replace(".", "/")
    else:
        stem = os.path.splitext(main_module)[0]
    folder = os.path.join(os.path.realpath(app_dir), "")
    for name in (stem + ".py", stem + ".pyc"):
        path = os.path.join(app_dir, name)
        if os.path.isfile(path) and os.path.realpath(path).startswith(folder):
            return path
    return None


def refuse_python2(app_dir: str, main_module: str) -> None:
    """Look at the main module without running it, on any Python 3: is it Python 2 code?

    :raises LoadError: it is; other mistakes are left to the interpreter that the app runs on
    """
    import warnings

    path = main_module_file(app_dir, main_module)
    try:
        with open(path or "", "rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(file.read(), path or "", "exec", dont_inherit=True)
    except SyntaxError as error:
        problem = explain(error, path or "", app_dir)
        if problem.hint == _PYTHON2_HINT:
            raise problem from None
    except (OSError, ValueError, RecursionError, MemoryError):
        pass


def import_main_module(app_dir: str, main_module: str) -> ModuleType:
    """Import the app's main module from its folder, which must be first on ``sys.path`` already.

    :raises LoadError: there is no such file, or whatever goes wrong while its top-level code runs, sys.exit included
    """
    path = main_module_file(app_dir, main_module)
    if path is None:
        raise LoadError("the main module does not exist", os.path.join(app_dir, main_module))
    try:
        return import_file(os.path.splitext(os.path.basename(path))[0], path)
    except LoadError:
        raise
    except BaseException as error:  # sys.exit and the like at import are a failed import as well
        raise explain(error, path, app_dir) from error


def import_file(name: str, path: str) -> ModuleType:
    """Import a file of the app's as a module. Lets out whatever its code raises."""
    # By file, and under a name nobody has: a main module called json.py must be the app's, and must not become
    # what everybody else gets when they import json.
    from importlib import util

    from soarkit_app.bytecode import AppSourceLoader

    if name in sys.modules:
        name = f"app_main_module_{name}"
    loader = AppSourceLoader(name, path) if path.endswith(".py") else None
    spec = util.spec_from_file_location(name, path, loader=loader)
    if spec is None or spec.loader is None:
        raise LoadError("Python cannot import this kind of file", path)
    module = util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def explain(
    error: BaseException,
    path: str,
    app_dir: str,
    what: str = "main module",
    declared: str = "in the manifest (pip3_dependencies)",
) -> LoadError:
    """The import's exception in words: Python 2 code and missing packages are by far the most frequent.

    :param what: what was being imported, should the error say nothing else
    :param declared: where the app declares what it needs
    """
    said = text_of(error)
    text = f"{type(error).__name__}: {said}".rstrip(": ")
    if isinstance(error, SyntaxError):
        where = f"{error.filename or path}:{error.lineno or 1}"
        line = error.text or ""
        if _PYTHON2_SYNTAX.search(str(error.msg)) or _PYTHON2_LINE.search(line):
            return LoadError(f"Python 2 code: {line.strip() or error.msg}", where, _PYTHON2_HINT)
        return LoadError(f"syntax error: {error.msg}: {line.strip()}", where, "the file is not valid Python 3")
    if isinstance(error, ModuleNotFoundError) and error.name:
        top = error.name.partition(".")[0]
        if top in _PYTHON2_MODULES:
            return LoadError(f"Python 2 code: it imports {error.name}", place_of(error, app_dir, path), _PYTHON2_HINT)
        if top in _OURS:
            return LoadError(
                f"the app imports {error.name!r}, a part of the platform that soarkit does not have",
                place_of(error, app_dir, path),
            )
        return LoadError(
            f"the app imports {error.name!r}, which is not in its environment",
            place_of(error, app_dir, path),
            f"declare the package that brings {top!r} {declared}",
        )
    if isinstance(error, NameError) and any(f"'{name}'" in said for name in _PYTHON2_NAMES):
        return LoadError(f"Python 2 code: {said}", place_of(error, app_dir, path), _PYTHON2_HINT)
    return LoadError(f"importing the app's {what} failed: {text}", place_of(error, app_dir, path))


def place_of(error: BaseException, app_dir: str, path: str) -> str:
    """The innermost line of the app's own files that the exception passed through; ``path`` where there is none."""
    place = path
    step = error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        if file.startswith(app_dir + os.sep):
            place = f"{file}:{step.tb_lineno}"
        step = step.tb_next
    return place


def find_connector_class(module: ModuleType) -> Type[BaseConnector]:
    """The one connector class that the module is about.

    Classes written in the module win over imported ones, and a class over those it derives from: an app may bring
    its own base class. :raises LoadError: none, or several that neither derives from the other
    """
    from soarkit_app.connector import BaseConnector

    def is_connector(value: object) -> bool:
        return isinstance(value, type) and issubclass(value, BaseConnector) and value is not BaseConnector

    found = {value for value in vars(module).values() if is_connector(value)}
    own = {cls for cls in found if cls.__module__ == module.__name__}
    leaves = [c for c in own or found if not any(other is not c and issubclass(other, c) for other in own or found)]
    if len(leaves) == 1:
        only: Type[BaseConnector] = leaves[0]
        return only
    where = getattr(module, "__file__", None)
    if not leaves:
        raise LoadError(
            "no connector class in the main module", where, "it must define one class derived from BaseConnector"
        )
    names = ", ".join(sorted(cls.__name__ for cls in leaves))
    raise LoadError(
        f"{len(leaves)} connector classes in the main module: {names}",
        where,
        "leave one class derived from BaseConnector that no other derives from",
    )
