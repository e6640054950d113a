"""What an app's mark-up shows of the app's own files: ``/app_resource/<file>`` becomes the file's content."""

from __future__ import annotations

import base64
import os
import re
from urllib.parse import unquote

_ADDRESS = re.compile(r"/app_resource/([^\s\"'<>()]*)")
_TYPES = {
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
#: Bytes of one image that are put into a page.
LARGEST = 1_000_000
#: Characters that all images of one view may add to it, since a row of a table may each have one.
MOST = 10_000_000

#: Stands where there is no image: an address that leads nowhere.
NOTHING = "data:,"


def with_resources(html: str, folder: str) -> str:
    """Mark-up with the images of an app's folder in the place of their addresses.

    :param folder: the app's folder; what lies outside, also through links, is left out, and so is what is no image
    """
    found: dict[str, str] = {}
    left = MOST

    def content(match: re.Match[str]) -> str:
        nonlocal left
        name = match[1]
        if name not in found:
            found[name] = image_address(folder, unquote(name.partition("?")[0].partition("#")[0])) or NOTHING
        left -= len(found[name])
        return found[name] if left >= 0 else NOTHING

    return _ADDRESS.sub(content, html) if "/app_resource/" in html else html


def image_address(folder: str, name: str) -> str | None:
    """An image of an app's folder as a ``data:`` address; None where it is no image, too large, or not inside.

    :param name: a path below the folder; the platform puts the name of the app's folder before it
    """
    content_type = _TYPES.get(os.path.splitext(name)[1].lower())
    if content_type is None or "\0" in name:
        return None
    root = os.path.join(os.path.realpath(folder), "")
    for candidate in (name, name.partition("/")[2]):
        path = os.path.realpath(os.path.join(root, candidate.lstrip("/")))
        try:
            if path.startswith(root) and os.path.isfile(path) and os.path.getsize(path) <= LARGEST:
                with open(path, "rb") as file:
                    content = file.read(LARGEST)
                return f"data:{content_type};base64,{base64.b64encode(content).decode('ascii')}"
        except OSError:
            continue
    return None
