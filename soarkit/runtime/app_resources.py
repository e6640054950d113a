"""What an app's mark-up shows of the app's own files: ``/app_resource/<file>`` becomes the file's content."""

from __future__ import annotations

import re

from soarkit.manifest.pictures import addressed

_ADDRESS = re.compile(r"/app_resource/([^\s\"'<>()]*)")
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
            found[name] = _address(folder, name) or NOTHING
        left -= len(found[name])
        return found[name] if left >= 0 else NOTHING

    return _ADDRESS.sub(content, html) if "/app_resource/" in html else html


def _address(folder: str, name: str) -> str | None:
    """An image as a ``data:`` address; the platform puts the name of the app's folder before its path."""
    for candidate in (name, name.partition("/")[2]):
        found = addressed(folder, candidate.lstrip("/"), largest=LARGEST)
        if found is not None:
            return found.uri
    return None
