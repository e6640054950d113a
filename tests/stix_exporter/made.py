"""Small threat libraries and exports of them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from stix_export.collections import CREATE_BUNDLE
from stix_export.export import Report, export
from stix_export.library_file import FileLibrary, open_library
from stix_export.options import Options

META = {"format": "threat-library/1", "library_id": "lib-1"}
TIME = "2021-10-07 14:19:15"

Key = tuple[str, int]


def document(objects: dict[str, list[Any]], relationships: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    """A library as one document."""
    return {**META, "objects": objects, "relationships": relationships or [], **more}


def tools(*ids: int) -> dict[str, list[Any]]:
    """Tools, named by their ids."""
    return {"tool": [{"id": each, "value": f"tool {each}", "created_at": TIME} for each in ids]}


def related(*pairs: tuple[Key, Key]) -> list[Any]:
    """Relations."""
    return [{"id": number, "a": list(a), "b": list(b)} for number, (a, b) in enumerate(pairs, 900)]


def lines(library: dict[str, Any]) -> str:
    """The same library as JSON Lines."""
    meta = {name: value for name, value in library.items() if name not in ("objects", "relationships")}
    entries: list[Any] = [{"meta": meta}]
    for collection, records in library["objects"].items():
        entries += [{"collection": collection, "object": record} for record in records]
    entries += [{"relationship": each} for each in library["relationships"]]
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in entries)


def opened(folder: Path, library: dict[str, Any] | str | bytes, name: str = "library.json") -> FileLibrary:
    """A library that went through a file."""
    path = folder / name
    data = json.dumps(library) if isinstance(library, dict) else library
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return open_library(str(path))


def exported(
    library: FileLibrary, root: Key, action: str = CREATE_BUNDLE, **options: Any
) -> tuple[dict[str, Any], Report, bytes]:
    """The bundle, the report, and the bundle's bytes."""
    out = io.BytesIO()
    report = export(library, root, action, Options(**options), out)
    return json.loads(out.getvalue()), report, out.getvalue()


def names(bundle: dict[str, Any]) -> list[str]:
    """The names of the exported tools."""
    return [each["name"] for each in bundle["objects"] if each["type"] == "tool"]


def edges(bundle: dict[str, Any]) -> list[tuple[str, str]]:
    """The relationships, by the names of their ends."""
    by_id = {each["id"]: each.get("name", "") for each in bundle["objects"]}
    found = [each for each in bundle["objects"] if each["type"] == "relationship"]
    return [(by_id[each["source_ref"]], by_id[each["target_ref"]]) for each in found]
