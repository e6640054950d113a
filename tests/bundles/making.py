"""Makes enrichment bundles for tests: a folder with ``metadata.json``, ``source/`` and two icons, and its archive."""

from __future__ import annotations

import gzip
import io
import json
import struct
import tarfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

#: The value of a key that the metadata is not to have: ``make_bundle(tmp_path, version=LEFT_OUT)``.
LEFT_OUT: Any = object()

CONTEXT_SCRIPT = """\
from AnomaliEnrichment import AnomaliEnrichment, ItemInWidget, TextWidget

ae = AnomaliEnrichment()
ae.parseArguments()
ae.addWidget(TextWidget(ItemInWidget(itemValue=ae.getEntityValue())))
ae.returnOutput()
"""

PIVOT_SCRIPT = """\
from AnomaliTransform import AnomaliTransform, EntityTypes

at = AnomaliTransform()
at.parseArguments()
at.addEntity(EntityTypes.Phrase, at.getEntityValue())
at.returnOutput()
"""


def png(width: int = 1, height: int = 1) -> bytes:
    """A grey picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def transform(
    name: str = "enrichDomain",
    *,
    entity_type: str = "anomali.Domain",
    pivoting: bool = False,
    script: str | None = None,
    function: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One entry of ``transforms``: a context transform, or a pivot one.

    :param script: file in ``source/``; default: ``pivot.py`` or ``enrichment.py``, which :func:`make_bundle` writes
    :param function: what the script is told; default: the name
    :param more: other keys; :data:`LEFT_OUT` removes one
    """
    script = script or ("pivot.py" if pivoting else "enrichment.py")
    made = {
        "transform_name": name,
        "pivoting": pivoting,
        "enrichment": not pivoting,
        "display_name": f"{name} shown",
        "description": f"What {name} does",
        "author": "Example",
        "parameters": f"{script} {function or name}",
        "entity_type": entity_type,
    }
    return _without({**made, **more})


def credential(name: str = "api_key", *, required: bool = True, sensitive: bool = True, **more: Any) -> dict[str, Any]:
    """One entry of ``credentials``; :data:`LEFT_OUT` removes a key."""
    made = {
        "name": name,
        "label": name.replace("_", " ").title(),
        "description": f"The {name} of the service",
        "required": required,
        "sensitive": sensitive,
    }
    return _without({**made, **more})


def make_bundle(
    parent: Path,
    *,
    transforms: Sequence[Any] | None = None,
    scripts: Mapping[str, str | bytes] | None = None,
    credentials: Sequence[Any] = (),
    files: Mapping[str, bytes] | None = None,
    folder: str | None = None,
    **metadata: Any,
) -> Path:
    """Write a bundle that is sound but for what is asked for.

    :param parent: where its folder is made
    :param transforms: default: one context transform for domains
    :param scripts: files of ``source/`` by name. Where a transform names ``enrichment.py`` or ``pivot.py`` and they
        are not among them, ones that answer with the value are written
    :param files: further files by their path in the bundle
    :param folder: name of the folder; default: the ``app_name``
    :param metadata: other keys; :data:`LEFT_OUT` removes one
    :returns: the folder
    """
    listed = [transform()] if transforms is None else list(transforms)
    document = {
        "title": "Example Source",
        "transform_set_name": "Example Set",
        "description": "What the example source knows",
        "icons": {"icon_display": "icon.png", "icon_thumbnail": "thumbnail.png"},
        "sdk_type": "anomali",
        "app_name": "com.example.sample",
        "version": "1.0.0",
        "author": "Example",
        "is_python3": True,
        "credentials": list(credentials),
        "transforms": listed,
        **metadata,
    }
    made = parent / (folder or str(document["app_name"]))
    source = made / "source"
    source.mkdir(parents=True)
    (made / "metadata.json").write_text(json.dumps(_without(document), indent=4, ensure_ascii=False), encoding="utf-8")
    for icon, size in (("icon.png", 2), ("thumbnail.png", 1)):
        (made / icon).write_bytes(png(size, size))
    named = " ".join(str(one.get("parameters")) for one in listed if isinstance(one, dict))
    usual = {"enrichment.py": CONTEXT_SCRIPT, "pivot.py": PIVOT_SCRIPT}
    written = {name: text for name, text in usual.items() if name in named} | dict(scripts or {})
    for name, text in written.items():
        (source / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    for name, content in (files or {}).items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(content)
    return made


def make_archive(
    folder: Path, archive: Path | None = None, *, zipped: bool = True, prefix: str = "./", directories: bool = True
) -> Path:
    """Pack a bundle's folder.

    :param archive: default: beside the folder, ``<app_name>.tgz``
    :param zipped: gzip; else a plain tar, whatever it is called
    :param prefix: before every member's name, as the guide's command leaves it; a wrapping folder: ``name/``
    :param directories: whether folders have entries of their own
    """
    archive = archive or folder.with_name(f"{folder.name}.tgz")
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path in sorted(folder.rglob("*")):
            if directories or not path.is_dir():
                tar.add(path, f"{prefix}{path.relative_to(folder)}", recursive=False)
    content = buffer.getvalue()
    archive.write_bytes(gzip.compress(content, mtime=0) if zipped else content)
    return archive


def _without(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if value is not LEFT_OUT}
