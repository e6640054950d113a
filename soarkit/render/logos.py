"""The logos of apps, as addresses that hold the picture itself."""

from __future__ import annotations

import base64
import os
from typing import NamedTuple

from soarkit.manifest.model import App

MAX_SIZE = 512 * 1024  #: bytes of a logo; a larger one is not shown

_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_BEGINNINGS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


class Logos(NamedTuple):
    """``data:`` addresses for light and for dark pages; None where there is none."""

    light: str | None = None
    dark: str | None = None


def app_logos(app: App) -> Logos:
    """The app's ``logo`` and ``logo_dark``.

    They are files of the app's own folder, wherever links lead, and pictures: a page shows SVG as an image, in which
    scripts do not run.
    """
    return Logos(_address(app.folder, app.raw.get("logo")), _address(app.folder, app.raw.get("logo_dark")))


def _address(folder: str, name: object) -> str | None:
    if not isinstance(name, str) or not name or "\0" in name:
        return None
    kind = _TYPES.get(os.path.splitext(name)[1].lower())
    root = os.path.realpath(folder)
    path = os.path.realpath(os.path.join(root, name))
    if kind is None or not path.startswith(root + os.sep) or not os.path.isfile(path):
        return None
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_SIZE + 1)
    except OSError:
        return None
    if not content or len(content) > MAX_SIZE:
        return None
    right = b"<svg" in content[:4096].lower() if kind == "image/svg+xml" else content.startswith(_BEGINNINGS[kind])
    return f"data:{kind};base64,{base64.b64encode(content).decode()}" if right else None
