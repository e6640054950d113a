"""The page that an app brings itself, without what its JSON says anyway."""

from __future__ import annotations

import os
import re
import stat
from typing import NamedTuple

from soarkit import homefiles
from soarkit.manifest.model import App
from soarkit.render.appdocs.sanitising import from_markdown, is_blank, sanitised
from soarkit.render.appdocs.tree import Element, Node, plain

#: Names of the page, in lower case; the first that has something to say is taken.
NAMES = ("readme.html", "manual_readme_content.md", "readme.md")
_LARGEST = 4_000_000  # bytes

# A published README.md is mostly made of the app's JSON. What its author has written is between the description and the
# configuration; the actions go on to the end of the file.
_GENERATED = re.compile(r"Auto-generated (?:Splunk )?SOAR connector documentation", re.IGNORECASE)
_ACTIONS = re.compile(r"^### Supported Actions[ \t]*$", re.MULTILINE)
_CONFIGURATION = re.compile(r"^### Configuration variables[ \t]*$", re.MULTILINE | re.IGNORECASE)
_FACT = re.compile(
    r"(?:Publisher|Connector Version|Contributors|Product Vendor|Product Name|Product Version Supported \(regex\)|"
    r"Minimum Product Version): "
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class OwnPage(NamedTuple):
    """What an app says of itself at length."""

    name: str  #: of the file
    nodes: list[Node]  #: harmless, as written


def own_page(app: App) -> OwnPage | None:
    """The page of an app: readme.html, else manual_readme_content.md, else README.md; None where none says anything."""
    there = {name.lower(): name for name in reversed(homefiles.names(app.folder))}
    for wanted in NAMES:
        text = _read(os.path.join(app.folder, there[wanted])) if wanted in there else ""
        if not text.strip():
            continue
        if wanted.endswith(".html"):
            nodes = sanitised(text)
        else:
            nodes = from_markdown(without_generated(text, app.raw.get("description")))
        nodes = _without_title(nodes, app.name)
        if not is_blank(nodes):
            return OwnPage(there[wanted], nodes)
    return None


def _without_title(nodes: list[Node], name: str) -> list[Node]:
    """Without the app's name as the first heading: the page has it already."""
    for index, node in enumerate(nodes):
        if isinstance(node, str) and not node.strip():
            continue
        is_title = isinstance(node, Element) and node.tag in ("h1", "h2", "h3")
        if is_title and _normal(plain([node])).lower() == _normal(name).lower():
            return nodes[index + 1 :]
        break
    return nodes


def _read(path: str) -> str:
    """The text of a file; empty where it cannot be read or is far too large."""
    try:
        about = os.stat(path)
        if not stat.S_ISREG(about.st_mode) or about.st_size > _LARGEST:
            return ""
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def without_generated(text: str, description: object) -> str:
    """The part of a README.md that a person has written; all of it where nothing says that it was generated.

    :param description: the app's
    """
    text = text.replace("\r\n", "\n")
    actions = _ACTIONS.search(text)
    if _GENERATED.search(text) is None and (actions is None or "\n## action: '" not in text[actions.end() :]):
        return text
    end = len(text) if actions is None else actions.start()
    configuration = list(_CONFIGURATION.finditer(text, 0, end))
    if configuration:
        end = configuration[-1].start()
    return _without_head(text[:end], description if isinstance(description, str) else "")


def _without_head(text: str, description: str) -> str:
    """The text without the app's name, the facts under it and its description."""
    lines = text.split("\n")
    position = 0

    def skip_blank() -> None:
        nonlocal position
        while position < len(lines) and not lines[position].strip():
            position += 1

    skip_blank()
    while position < len(lines) and lines[position].startswith("[comment]: #"):
        position += 1
    skip_blank()
    if position < len(lines) and lines[position].startswith("# "):
        position += 1
    skip_blank()
    while position < len(lines) and _FACT.match(lines[position]):
        position += 1
    skip_blank()
    start = position
    while position < len(lines) and lines[position].strip():
        position += 1
    if _normal(" ".join(lines[start:position])) != _normal(description):
        position = start
    return "\n".join(lines[position:])


def _normal(text: str) -> str:
    return " ".join(_ESCAPED.sub(r"\1", text).split())
