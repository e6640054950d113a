"""Puts together what a run was given: parameters, configuration and asset from options and files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from soarkit_app import checks

from soarkit.cli.values import FromRun, read_json
from soarkit.errors import InputError, UsageError
from soarkit.manifest.model import Action, App
from soarkit.manifest.selection import choose_action
from soarkit.runtime.asset import Asset
from soarkit.runtime.polling import PARAMETERS, is_poll

_Set = dict[str, Any]
_Chain = Callable[[Sequence[_Set], Mapping[str, FromRun], Mapping[str, Any]], list[_Set]]

#: Keys of an action JSON that soarkit turns into something of its own; the others go to the app as they are.
_TAKEN = frozenset(("action", "identifier", "asset_id", "config", "parameters"))


class GivenInput:
    """The input of a run, from whatever it was given by. Options win over files.

    :param params: parameters that win over those of files; may hold values of earlier runs
    :param stored: the asset, where it comes from the store
    :param chain: puts the values of earlier runs into parameter sets: it gets the sets, what is to be taken and the
        declared parameters
    :raises UsageError: files that cannot be read or have the wrong shape; no action is named
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
        stored: Asset | None = None,
        chain: _Chain | None = None,
    ) -> None:
        raw = _object(input_file, "--input") if input_file is not None else {}
        asset = _object(asset_file, "--asset-file") if asset_file is not None else {}
        self.action = _named_action(action, raw, app)
        self.rest = {key: value for key, value in raw.items() if key not in _TAKEN}
        from_file = [] if params_file is None else _sets(read_json(params_file, "--params"), f"--params {params_file}")
        sets = from_file or _sets(raw.get("parameters"), "--input: parameters") or [{}]
        self.parameters = [{**one, **params} for one in sets]
        self.asset = _asset(asset, raw, config, product_version, stored)
        chosen = choose_action(app, self.action, self.asset.product_version)
        _refuse_another_action(chosen, raw)
        declared = chosen.raw.get("parameters", {})
        typed = dict.fromkeys([*(key for one in from_file for key in one), *params])
        polled: dict[str, Any] = {name: {} for name in PARAMETERS} if is_poll(chosen) else {}
        known = {**polled, **declared}
        _refuse_unknown({"parameter": (typed, known), "configuration": (config, app.raw["configuration"])})
        taken = {name: value for name, value in params.items() if isinstance(value, FromRun)}
        if taken and chain is not None:
            plain = [{name: value for name, value in one.items() if name not in taken} for one in self.parameters]
            self.parameters = chain(plain, taken, declared)
        self.parameters = [_with_booleans("parameter", one, declared, params) for one in self.parameters]
        configuration = _with_booleans("configuration", self.asset.configuration, app.raw["configuration"], config)
        self.asset = replace(self.asset, configuration=configuration)
        if stored is None:
            self._ask_for_passwords(app)

    def _ask_for_passwords(self, app: App) -> None:
        """On a terminal, required passwords that nothing gave are asked for."""
        if sys.stdin is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return
        missing = checks.missing_required(
            checks.fill_defaults(dict(self.asset.configuration), app.raw["configuration"]), app.raw["configuration"]
        )
        if any(app.configuration[name].data_type != "password" for name in missing):
            return  # the run will be refused for what cannot be asked for
        import getpass

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
        raise UsageError("name an action", hint=f"one of: {', '.join(dict.fromkeys(a.name for a in app.actions))}")
    return action or str(named)


def _sets(value: Any, where: str) -> list[dict[str, Any]]:
    if value is None:
        return []
    sets = [value] if isinstance(value, dict) else value
    if not isinstance(sets, list) or not all(isinstance(one, dict) for one in sets):
        raise UsageError("expected an object, or a list of objects", where=where)
    return sets


def _asset(
    asset: Mapping[str, Any],
    raw: Mapping[str, Any],
    config: Mapping[str, Any],
    product_version: str | None,
    stored: Asset | None,
) -> Asset:
    """The asset: the file is either its configuration alone, or an object around it as the REST API shows assets."""
    filed = asset.get("configuration") if "configuration" in asset else asset
    inner = raw.get("config", {})
    for value, where in ((filed, "--asset-file: configuration"), (inner, "--input: config")):
        if not isinstance(value, dict):
            raise UsageError(f"expected an object, found {_kind(value)}", where=where)
    if stored is not None:
        return replace(stored, configuration={**stored.configuration, **inner, **config})
    about = asset if "configuration" in asset else {}
    asset_id = about.get("id", raw.get("asset_id"))
    limit = about.get("concurrency_limit")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        raise UsageError("concurrency_limit must be a whole number above 0", where="--asset-file")
    return Asset(
        configuration={**(filed or {}), **inner, **config},
        id=None if asset_id in (None, "") else str(asset_id),
        name=about.get("name"),
        product_version=product_version or about.get("product_version"),
        concurrency_limit=limit,
    )


def _refuse_another_action(chosen: Action, raw: Mapping[str, Any]) -> None:
    """An input file for one action must not silently run another."""
    for key, mine in (("identifier", chosen.identifier), ("action", chosen.name)):
        if raw.get(key) not in (None, "", mine):
            raise UsageError(
                f"the input is for {raw[key]!r}, not for {mine!r}",
                where="--input",
                hint="leave out ACTION, or mend the file",
            )


def _refuse_unknown(given: Mapping[str, tuple[Iterable[str], Mapping[str, Any]]]) -> None:
    """The library lets unknown names through, as apps expect; somebody who types one has mistyped it."""
    parts = []
    hints = []
    for kind, (names, declared) in given.items():
        known = [
            name for name, about in declared.items() if not isinstance(about, dict) or about.get("data_type") != "ph"
        ]
        unknown = [
            name
            for name in names
            if name not in declared and name not in ("context", "ingest") and not name.startswith("_reserved")
        ]
        parts += [f"unknown {kind} {name!r}" + _guess(name, known) for name in unknown]
        if unknown:
            hints.append(f"{kind}: {', '.join(known) or 'there is none'}")
    if parts:
        raise InputError("; ".join(parts), hint="\n".join(hints))


def _guess(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = [one for one in known if one.startswith(name)] or get_close_matches(name, known, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


#: How people write truth values; the platform's form only ever sends JSON's.
_BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def _with_booleans(
    kind: str, values: Mapping[str, Any], declared: Mapping[str, Any], typed: Iterable[str]
) -> dict[str, Any]:
    """The values with typed booleans as such: as text even "no" would count as true in an app.

    :param typed: names of those that were typed
    :raises InputError: a typed value is neither
    """
    result = dict(values)
    for name in typed:
        value = values.get(name)
        about = declared.get(name)
        if isinstance(value, str) and value and isinstance(about, dict) and about.get("data_type") == "boolean":
            if value.lower() not in _BOOLEANS:
                raise InputError(f"{kind} {name!r} takes true or false, not {value!r}")
            result[name] = _BOOLEANS[value.lower()]
    return result


def _kind(value: Any) -> str:
    return {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}.get(
        type(value), "a number"
    )
