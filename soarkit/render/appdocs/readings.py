"""What keys of an app's JSON mean, in words."""

from __future__ import annotations

import json
import re
from typing import Any

from soarkit.manifest.model import Action
from soarkit.manifest.versions import VersionExpressionError, parse

_LONGEST = 160  # characters of a value that are shown
_PLAIN = re.compile(r"\^?((?:[A-Za-z0-9 _-]|\\?\.(?![*+?{]))*)(\\?\.[*+])?(\$)?")
_TYPES = {
    "table": "a table",
    "json": "JSON",
    "map": "a map",
    "custom": "a view of the app's own",
}


def shown(value: Any) -> str:
    """A value as text on one line: text as it is, anything else as JSON; a long one is cut, and says so."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}… ({len(text):,} characters)"
    return re.sub(r"\r\n|\r|\n", "⏎", text).replace("\t", " ") if text else '""'


def said(value: Any) -> str:
    """What a key says that should be text; empty for nothing."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(said, value)))
    if value is None or isinstance(value, (dict, bool)):
        return ""
    return str(value).strip()


def product_versions(regex: str) -> str:
    """A ``product_version_regex`` in words; empty where it says more than can be told in a few.

    >>> product_versions("5.*")
    'versions that begin with 5'
    """
    if regex.strip() in ("", ".*", "^.*$", "(.*)", ".+"):
        return "all versions"
    try:
        re.compile(regex)
    except (re.error, OverflowError, RecursionError):
        return "not a regular expression"
    read = []
    for part in regex.split("|"):
        found = _PLAIN.fullmatch(part)
        if found is None or not found[1].strip():
            return ""
        version = found[1].replace("\\", "")
        # Without $ at its end an expression fits whatever begins so.
        read.append(f"version {version}" if found[3] and not found[2] else f"versions that begin with {version}")
    return " or ".join(read)


def entry_versions(expression: str) -> str:
    """The ``versions`` of an action in words."""
    try:
        parsed = parse(expression)
    except VersionExpressionError:
        return f"{expression} (not a version expression)"
    named = [".".join(pattern) for pattern in parsed.patterns]
    if "*" in named:
        return "all" if parsed.positive else "none"
    return f"{'' if parsed.positive else 'all but '}{' or '.join(named)}"


def lock(action: Action) -> str:
    """How runs of an action wait for each other; empty where it says nothing of its own."""
    declared = action.lock
    if declared is None:
        return ""
    if not declared.enabled:
        return "none: runs do not wait for each other"
    path = declared.data_path
    what = "on the same asset" if path is None else f"with the same {path}"
    if path is not None and not path.startswith(("parameters.", "configuration.")):
        what = f'that take the lock "{path}"'
    text = f"waits for other runs {what}"
    if declared.concurrency:
        text += ", as many at once as the asset allows"
    if "timeout" in declared.raw:
        text += f", at most {declared.timeout:g} seconds"
    return text


def view(action: Action) -> str:
    """How results of an action are shown."""
    render = action.render
    text = _TYPES.get(render.type, render.type)
    if render.view:
        text += f" ({render.view})"
    return text + (f', titled "{render.title}"' if render.title else "")
