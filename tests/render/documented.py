"""Apps made for tests of the documentation page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import html5lib

from soarkit.manifest.loader import load
from soarkit.manifest.model import App

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def make_app(folder: Path, files: dict[str, str | bytes] | None = None, **changes: Any) -> App:
    """An app with one action, changed as given, and files beside its JSON."""
    raw: dict[str, Any] = {
        "appid": "5c2b4a8e-6f1d-4a27-9f0e-0d3a4c6b7e11",
        "name": "Sample Lookup",
        "description": "Looks things up",
        "app_version": "1.2.3",
        "main_module": "sample.py",
        "configuration": {},
        "actions": [action()],
        **changes,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.json").write_text(json.dumps(raw), encoding="utf-8")
    for name, content in (files or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load(folder)


def action(name: str = "file reputation", **changes: Any) -> dict[str, Any]:
    """An action that takes nothing and gives nothing."""
    return {
        "action": name,
        "identifier": name.replace(" ", "_"),
        "description": "Asks about a file",
        "type": "investigate",
        "read_only": True,
        "parameters": {},
        "output": [],
        **changes,
    }


def document(text: str) -> Any:
    """The tree of a page, which must be HTML without a single parse error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def words(element: Any) -> str:
    """The text of an element."""
    return " ".join("".join(element.itertext()).split())


def by_id(tree: Any, wanted: str) -> Any:
    """The one element with an id."""
    (found,) = [one for one in tree.iter() if one.get("id") == wanted]
    return found
