"""URLs and file names, as ``phantom.utils`` takes them apart for apps (connector API, section 5)."""

from __future__ import annotations

import re

from soarkit_app.messages import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional


def get_host_from_url(url: Any) -> Optional[str]:
    """The host of a URL, without port and credentials; None when there is none, as in a bare domain."""
    match = re.match(r"[a-z][a-z0-9+.-]*://([^/?#\\\s]*)", text_of(url).strip(), re.IGNORECASE)
    if match is None:
        return None
    host = match.group(1).rpartition("@")[2]
    if host.startswith("["):
        return host[1:].partition("]")[0] or None
    return host.partition(":")[0] or None


def get_file_name_from_url(url: Any, should_unquote: bool = True) -> str:
    """The last part of a URL's path; never holds a path separator."""
    path = re.split(r"[?#]", text_of(url).strip(), maxsplit=1)[0]
    path = re.sub(r"^[a-z][a-z0-9+.-]*://[^/]*", "", path, flags=re.IGNORECASE)
    name = path.rstrip("/").rpartition("/")[2]
    if should_unquote:
        from urllib.parse import unquote

        name = re.split(r"[/\\]", unquote(name))[-1]
    return name


def get_valid_file_name(file_name: Any) -> str:
    """The name with every character replaced that a file system could stumble over."""
    name = re.sub(r"[^\w.,()+@ -]", "_", text_of(file_name).strip())
    return name if name.strip(". ") else "_" * max(1, len(name))
