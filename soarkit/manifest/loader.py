"""From an app's JSON to the model that a run works with.

Strict about what a run needs, silent about the rest: ``soarkit validate`` has the full list. All problems are
named in one error.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from soarkit.errors import ManifestError
from soarkit.manifest.model import DEFAULT_LOCK_TIMEOUT, Action, App, Lock, Render, text_or_none
from soarkit.manifest.source import AppSource, is_metadata, kind_of, locate, read_json
from soarkit.manifest.versions import ANY

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARTICLES = {str: "text", dict: "an object", list: "a list", bool: "true or false"}


def load(path: str | os.PathLike[str]) -> App:
    """Read the app that lies at a path: its JSON file or its folder.

    :raises ManifestError: as :func:`locate`, :func:`read_json` and :func:`build`
    """
    source = locate(path)
    return build(read_json(source.manifest_path), source)


def build(raw: dict[str, Any], source: AppSource) -> App:
    """Make the model of an app from its JSON.

    :param raw: the app JSON, or the metadata of an enrichment bundle; kept, never changed
    :param source: where it lies
    :raises ManifestError: a key that a run needs is missing or mistyped; the message names every such place
    """
    if is_metadata(raw):
        from soarkit.manifest.bundles.app_json import app_json  # late: connectors do without
        from soarkit.manifest.bundles.metadata import from_document

        raw = app_json(from_document(raw, source.manifest_path))
    needs = _Needs()
    needs.text(raw, "", "appid", "name", "app_version", "main_module")
    for name, variable in needs.objects(raw, "", "configuration", needed=True):
        pointer = f"/configuration/{escape(name)}"
        needs.field(variable, pointer)
    actions = needs.value(raw, "", "actions", list, needed=True) or []
    built = [_action(action, index, needs) for index, action in enumerate(actions)]
    needs.raise_problems(source.manifest_path)
    return App(
        appid=raw["appid"],
        name=raw["name"],
        app_version=raw["app_version"],
        main_module=raw["main_module"],
        folder=source.folder,
        manifest_path=source.manifest_path,
        actions=tuple(action for action in built if action is not None),
        raw=raw,
    )


def escape(key: str) -> str:
    """A key as a segment of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _action(raw: object, index: int, needs: _Needs) -> Action | None:
    pointer = f"/actions/{index}"
    if not isinstance(raw, dict):
        needs.problems.append(f"{pointer} must be an object, not {kind_of(raw)}")
        return None
    needs.text(raw, pointer, "action", "identifier")
    for name, parameter in needs.objects(raw, pointer, "parameters"):
        needs.field(parameter, f"{pointer}/parameters/{escape(name)}")
    versions = needs.value(raw, pointer, "versions", str)
    lock = needs.value(raw, pointer, "lock", dict)
    return Action(
        name=raw.get("action", ""),
        identifier=raw.get("identifier", ""),
        index=index,
        description=text_or_none(raw.get("description")) or "",
        type=text_or_none(raw.get("type")) or "generic",
        read_only=raw.get("read_only") is True,
        undo=text_or_none(raw.get("undo")),
        versions=ANY if versions is None else versions,
        lock=_lock(lock, f"{pointer}/lock", needs) if lock is not None else None,
        render=_render(raw.get("render")),
        raw=raw,
    )


def _lock(raw: dict[str, Any], pointer: str, needs: _Needs) -> Lock:
    enabled = needs.value(raw, pointer, "enabled", bool, needed=True)
    data_path = needs.value(raw, pointer, "data_path", str)
    concurrency = needs.value(raw, pointer, "concurrency", bool)
    timeout = raw.get("timeout", DEFAULT_LOCK_TIMEOUT)
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not timeout >= 0:
        needs.problems.append(f"{pointer}/timeout must be a number of seconds, 0 or more")
        timeout = DEFAULT_LOCK_TIMEOUT
    return Lock(
        enabled=bool(enabled),
        data_path=data_path or None,
        timeout=timeout,
        concurrency=bool(concurrency),
        raw=raw,
    )


def _render(raw: object) -> Render:
    given: Mapping[str, Any] = raw if isinstance(raw, dict) else {}
    width, height = given.get("width"), given.get("height")
    return Render(
        type=text_or_none(given.get("type")) or "table",
        width=width if isinstance(width, int) else None,
        height=height if isinstance(height, int) else None,
        view=text_or_none(given.get("view")),
        title=text_or_none(given.get("title")),
        menu_name=text_or_none(given.get("menu_name")),
        raw=dict(given),
    )


class _Needs:
    """What a run needs of a manifest, and where it was not found."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def value(
        self, raw: Mapping[str, Any], pointer: str, key: str, kind: type, *, needed: bool = False
    ) -> Any:  # of that kind, or None
        if key not in raw:
            if needed:
                self.problems.append(f"{pointer}/{key} is missing: add it ({_ARTICLES[kind]})")
            return None
        value = raw[key]
        if isinstance(value, kind):
            return value
        self.problems.append(f"{pointer}/{key} must be {_ARTICLES[kind]}, not {kind_of(value)}")
        return None

    def text(self, raw: Mapping[str, Any], pointer: str, *keys: str) -> None:
        for key in keys:
            value = self.value(raw, pointer, key, str, needed=True)
            if value is not None and not value.strip():
                self.problems.append(f"{pointer}/{key} is empty: fill it in")

    def objects(
        self, raw: Mapping[str, Any], pointer: str, key: str, *, needed: bool = False
    ) -> list[tuple[str, dict[str, Any]]]:
        found = []
        for name, item in (self.value(raw, pointer, key, dict, needed=needed) or {}).items():
            if isinstance(item, dict):
                found.append((name, item))
            else:
                self.problems.append(f"{pointer}/{key}/{escape(name)} must be an object, not {kind_of(item)}")
        return found

    def field(self, raw: Mapping[str, Any], pointer: str) -> None:
        """A parameter or configuration variable: what checking and filling in values relies on."""
        self.value(raw, pointer, "data_type", str, needed=True)
        self.value(raw, pointer, "required", bool)
        self.value(raw, pointer, "value_list", list)
        self.value(raw, pointer, "contains", list)

    def raise_problems(self, path: str) -> None:
        if not self.problems:
            return
        count = len(self.problems)
        listed = "; ".join(self.problems[:10]) + (f"; and {count - 10} more" if count > 10 else "")
        raise ManifestError(
            f"the app cannot be run as it is described: {listed}",
            where=path,
            hint='mend the app JSON; "soarkit validate" lists everything that is wrong with it',
        )
