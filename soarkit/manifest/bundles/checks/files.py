"""Rules about the files of a bundle: its icons (M12) and its scripts (M13, M14). No script is run."""

from __future__ import annotations

import ast
import os
import re
import sys
import warnings
from typing import TYPE_CHECKING

from soarkit.manifest.bundles.checks.document import icons
from soarkit.manifest.bundles.checks.subject import told
from soarkit.manifest.bundles.checks.transforms import script_of
from soarkit.manifest.keys import SOURCE
from soarkit.manifest.pictures import picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from soarkit.manifest.bundles.checks.subject import Subject

_LARGEST_ICON = 50_000_000  # bytes; what a whole bundle may have
_LARGEST_SCRIPT = 5_000_000
_MOST_SCRIPTS = 2000
_PICTURES = ("png", "jpeg", "gif")

#: The vendor's libraries, for which soarkit has its own. Copies in a bundle are never run, so nothing looks into them.
_LIBRARIES = frozenset(("anomalienrichment", "anomalitransform"))
_BASELINE = frozenset(("requests", "dateutil", "xmljson"))
#: What is installed since the baseline needs it, and may be gone with the next version of that.
_COME_ALONG = frozenset(("certifi", "charset_normalizer", "idna", "six", "urllib3"))
_GUARDS = ("ImportError", "ModuleNotFoundError")


def check_icons(folder: str, subject: Subject) -> None:
    """Both icons are there, and are pictures by what they hold (M12)."""
    for pointer, name in icons(subject.raw).values():
        if "/" in name or "\\" in name or "\0" in name or name in (".", ".."):
            subject.error("M12", pointer, f"{told(name)} is not the name of a file at the top of the bundle", _PUT_ICON)
        elif not os.path.isfile(os.path.join(folder, name)):
            subject.error("M12", pointer, f"there is no file {told(name)} at the top of the bundle", _PUT_ICON)
        else:
            _check_picture(folder, name, pointer, subject)


_PUT_ICON = "put a PNG picture beside metadata.json, and write its name here"


def _check_picture(folder: str, name: str, pointer: str, subject: Subject) -> None:
    found = picture(folder, name, largest=_LARGEST_ICON)
    if found is None:
        message = f"{told(name)} holds no picture that can be shown, whatever its name says"
        subject.error("M12", pointer, message, "use a PNG, JPEG or GIF file")
    elif found.kind == "svg+xml":
        message = f"{told(name)} is an SVG drawing, which may not be shown everywhere"
        subject.warning("M12", pointer, message, "use a PNG, JPEG or GIF file")
    elif found.kind not in _PICTURES:
        message = f"{told(name)} is neither PNG nor JPEG nor GIF, but {found.kind}"
        subject.error("M12", pointer, message, "use a PNG, JPEG or GIF file")


def check_scripts(folder: str, subject: Subject) -> None:
    """Every script compiles on Python 3 (M13), and imports what will be there (M14)."""
    used: dict[str, str] = {}
    for _, pointer, one in subject.entries("transforms"):
        script = script_of(one)
        if script is not None:
            used.setdefault(script, f"{pointer}/parameters")
    source = os.path.join(folder, SOURCE)
    try:
        names = sorted(name for name in os.listdir(source) if name.endswith(".py"))[:_MOST_SCRIPTS]
    except OSError:
        return  # that scripts are missing is said of each, by M10 and B1
    siblings = {os.path.splitext(name)[0] for name in names}
    for name in names:
        if os.path.splitext(name)[0].lower() not in _LIBRARIES and os.path.isfile(os.path.join(source, name)):
            _check_script(os.path.join(source, name), siblings, used.get(name, ""), subject)


def _check_script(path: str, siblings: set[str], pointer: str, subject: Subject) -> None:
    name = f"{SOURCE}/{os.path.basename(path)}"
    content, problem = _compiled(path)
    if problem is not None:
        subject.error("M13", pointer, f"{name} is no Python 3: {problem}", "mend it; scripts run on Python 3 only")
        return
    if all(_unavailable(module, siblings) is None for module in _spoken_of(content)):
        return
    reported: set[str] = set()
    for module, line in _imports(_tree(content), guarded=False):
        if module in reported:
            continue
        reported.add(module)
        problem = _unavailable(module, siblings)
        if problem is not None:
            message = f"{name}, line {line}, imports {told(module)}, {problem}"
            hint = f"use the standard library, {', '.join(sorted(_BASELINE))}, or a module of your own in {SOURCE}/"
            subject.judged("M14", pointer, message, hint)


def _compiled(path: str) -> tuple[bytes, str | None]:
    """A script's content, and why it cannot be compiled, in words."""
    content = b""
    try:
        if os.path.getsize(path) > _LARGEST_SCRIPT:
            return content, f"it has more than {_LARGEST_SCRIPT} bytes"
        with open(path, "rb") as file:
            content = file.read()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a script's style is not what is checked
            compile(content, os.path.basename(path), "exec", dont_inherit=True)
    except SyntaxError as error:
        return content, f"{error.msg}, line {error.lineno}" if error.lineno else str(error.msg)
    except OSError as error:
        return content, str(error.strerror)
    except (ValueError, RecursionError, MemoryError) as error:  # NUL bytes; nesting beyond the parser
        return content, str(error) or "it is nested too deeply"
    return content, None


_NAME = rb"[\w.\x80-\xff]+(?:[\s\\]+as[\s\\]+[\w\x80-\xff]+)?"
_IMPORT = re.compile(
    rb"\bfrom\b([\w.\s\\\x80-\xff]{1,300}?)\bimport\b|\bimport[\s\\]+(%(name)s(?:[\s\\]*,[\s\\]*%(name)s)*)"
    % {b"name": _NAME}
)


def _spoken_of(content: bytes) -> set[str]:
    """Every module that a script can import, and words that only look like one, comments included.

    Where all of these are there, the syntax tree need not be made, which takes longer than everything else.
    """
    named = (word for one, several in _IMPORT.findall(content) for word in (one or several).split(b","))
    words = [name.decode("utf-8", "replace").replace("\\", " ").split() for name in named]
    return {parts[0] if parts[0].startswith(".") else parts[0].partition(".")[0] for parts in words if parts}


def _tree(content: bytes) -> ast.AST:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(content)


def _imports(tree: ast.AST, *, guarded: bool) -> Iterator[tuple[str, int]]:
    """The modules that code imports wherever it does, with the lines.

    What a ``try`` imports that expects it to be missing is the script's own affair, as is what it imports instead.
    """
    waiting: list[tuple[ast.AST, bool]] = [(tree, guarded)]
    while waiting:
        node, is_guarded = waiting.pop()
        is_guarded = is_guarded or (isinstance(node, ast.Try) and _expects_missing(node))
        if is_guarded:
            pass
        elif isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield ("." * node.level + (node.module or "")).partition(".")[0] or "." * node.level, node.lineno
        waiting += [(child, is_guarded) for child in reversed(list(ast.iter_child_nodes(node)))]


def _expects_missing(node: ast.Try) -> bool:
    """Whether a ``try`` is there for modules that may be missing."""
    for handler in node.handlers:
        caught = {part.id for part in ast.walk(handler.type) if isinstance(part, ast.Name)} if handler.type else set()
        if caught & set(_GUARDS):
            return True
        if all(isinstance(one, (ast.Import, ast.ImportFrom)) for one in node.body):
            return True  # a handler of everything, around nothing else
    return False


def _unavailable(module: str, siblings: set[str]) -> str | None:
    """Why a module may not be there; None where it is."""
    if module.startswith("."):
        return f"relative to its package, but {SOURCE}/ is none: scripts import their siblings by name"
    if module in siblings or module.lower() in _LIBRARIES or module in _BASELINE or module in sys.stdlib_module_names:
        return None
    if module in _COME_ALONG:
        return "which is there only because requests needs it"
    return "which will not be there when it runs"
