"""Puts together what a run was given: parameters, configuration and asset from options and files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from soarkit.cli.values import read_json
from soarkit.errors import InputError, UsageError
from soarkit.manifest.model import App
from soarkit.manifest.selection import choose_action
from soarkit.runtime.asset import Asset

#: Keys of an action JSON that soarkit turns into something of its own; the others go to the app as they are.
_TAKEN = frozenset(("action", "identifier", "asset_id", "config", "parameters"))


class GivenInput:
    """The input of a run, from whatever it was given by. Options win over files.

    :raises UsageError: files that cannot be read or have the wrong shape; no action named
    :raises InputError: parameters or configuration that the app does not know
    :ivar rest: further keys of the action JSON
    """

    def __init__(
        self,
        app: App,
        action: str | None,
        *,
        params: Mapping[str, Any],
        params_file: str | None,
        input_file: str | None,
        config: Mapping[str, Any],
        asset_file: str | None,
        product_version: str | None,
    ) -> None:
        raw = _object(input_file, "--input") if input_file is not None else {}
        asset = _object(asset_file, "--asset-file") if asset_file is not None else {}
        self.warnings: list[str] = []
        self.action = _named_action(action, raw, app)
        self.rest = {key: value for key, value in raw.items() if key not in _TAKEN}
        from_file = [] if params_file is None else _sets(read_json(params_file, "--params"), f"--params {params_file}")
        sets = from_file or _sets(raw.get("parameters"), "--input: parameters") or [{}]
        self.parameters = [{**one, **params} for one in sets]
        self.asset = _asset(asset, raw, config, product_version)
        declared = choose_action(app, self.action, self.asset.product_version).raw.get("parameters", {})
        _refuse_unknown("parameter", dict.fromkeys([*(key for one in from_file for key in one), *params]), declared)
        _refuse_unknown("configuration", config, app.raw["configuration"])
        self._ask_for_passwords(app)

    def _ask_for_passwords(self, app: App) -> None:
        """On a terminal, required passwords that nothing gave are asked for."""
        if sys.stdin is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return
        import getpass
        from dataclasses import replace

        for name, about in app.raw["configuration"].items():
            if (
                about.get("data_type") == "password"
                and about.get("required")
                and not self.asset.configuration.get(name)
            ):
                text = getpass.getpass(f"{about.get('description') or name} ({name}): ")
                self.asset = replace(self.asset, configuration={**self.asset.configuration, name: text})


def _object(path: str, option: str) -> dict[str, Any]:
    value = read_json(path, option)
    if not isinstance(value, dict):
        raise UsageError(f"{path}: expected a JSON object, found {_kind(value)}", where=option)
    return value


def _named_action(action: str | None, raw: Mapping[str, Any], app: App) -> str:
    named = raw.get("identifier") or raw.get("action")
    if action is None and not named:
        raise UsageError("no action named", hint=f"one of: {', '.join(dict.fromkeys(a.name for a in app.actions))}")
    return action or str(named)


def _sets(value: Any, where: str) -> list[dict[str, Any]]:
    if value is None:
        return []
    sets = [value] if isinstance(value, dict) else value
    if not isinstance(sets, list) or not all(isinstance(one, dict) for one in sets):
        raise UsageError(f"expected an object or a list of objects, found {_kind(value)}", where=where)
    return sets


def _asset(
    asset: Mapping[str, Any], raw: Mapping[str, Any], config: Mapping[str, Any], product_version: str | None
) -> Asset:
    """The asset: the file is either its configuration alone, or an object around it as the REST API shows assets."""
    stored = asset.get("configuration") if "configuration" in asset else asset
    inner = raw.get("config", {})
    for value, where in ((stored, "--asset-file: configuration"), (inner, "--input: config")):
        if not isinstance(value, dict):
            raise UsageError(f"expected an object, found {_kind(value)}", where=where)
    about = asset if "configuration" in asset else {}
    asset_id = about.get("id", raw.get("asset_id"))
    limit = about.get("concurrency_limit")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        raise UsageError("concurrency_limit must be a whole number above 0", where="--asset-file")
    return Asset(
        configuration={**(stored or {}), **inner, **config},
        id=None if asset_id in (None, "") else str(asset_id),
        name=about.get("name"),
        product_version=product_version or about.get("product_version"),
        concurrency_limit=limit,
    )


def _refuse_unknown(kind: str, names: Iterable[str], declared: Mapping[str, Any]) -> None:
    """The library lets unknown names through, as apps expect; somebody who types one has mistyped it."""
    unknown = [
        name for name in names if name not in declared and name != "context" and not name.startswith("_reserved")
    ]
    if not unknown:
        return
    from difflib import get_close_matches

    known = [name for name, about in declared.items() if not isinstance(about, dict) or about.get("data_type") != "ph"]
    parts = []
    for name in unknown:
        near = get_close_matches(name, known, n=1)
        parts.append(f"unknown {kind} {name!r}" + (f" (did you mean {near[0]!r}?)" if near else ""))
    raise InputError("; ".join(parts), hint=f"known: {', '.join(known)}" if known else f"there is no {kind} at all")


def _kind(value: Any) -> str:
    return {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}.get(
        type(value), "a number"
    )
