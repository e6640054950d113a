"""The logos of apps, as addresses that hold the picture itself."""

from __future__ import annotations

from typing import NamedTuple

from soarkit.manifest.model import App
from soarkit.manifest.pictures import picture

MAX_SIZE = 512 * 1024  #: bytes of a logo; a larger one is not shown


class Logos(NamedTuple):
    """``data:`` addresses for light and for dark pages; None where there is none."""

    light: str | None = None
    dark: str | None = None


def app_logos(app: App) -> Logos:
    """The app's ``logo`` and ``logo_dark``. A page shows SVG as an image, in which scripts do not run."""
    return Logos(_address(app, "logo"), _address(app, "logo_dark"))


def _address(app: App, key: str) -> str | None:
    name = app.raw.get(key)
    found = picture(app.folder, name, largest=MAX_SIZE) if isinstance(name, str) else None
    return None if found is None else found.uri
