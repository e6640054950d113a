"""Checks configuration and parameters before any code of the app runs; the app side applies the same rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from soarkit_app import checks
from soarkit_app.environment_variables import is_secret_type

from soarkit.errors import InputError, typed
from soarkit.manifest.model import Action, App
from soarkit.runtime.asset import Asset

Values = Mapping[str, Any]


def check(app: App, action: Action, asset: Asset, parameters: Sequence[Values]) -> list[str]:
    """Refuse what cannot work, all of it in one message; return warnings.

    :raises InputError: required values are absent, or values do not fit their ``data_type``
    """
    configuration = asset.configuration
    _refuse_credential_manager(app, asset)
    if asset.stored:
        _require_configured(app, asset)
    problems = list(_problems(app, action, configuration, parameters))
    if problems:
        raise InputError(
            problems[0] if len(problems) == 1 else "\n  ".join(["the input is not complete:", *problems]),
            where=f"{app.name}, {action.name!r}",
            hint=f"`soarkit actions` shows what {action.name!r} takes",
        )
    listed = [
        (configuration, app.raw["configuration"]),
        *((one, action.raw.get("parameters", {})) for one in parameters),
    ]
    return [
        f"{problem.name}: {problem.message}"
        for values, declared in listed
        for problem in checks.not_listed(dict(values), declared)
    ]


def _refuse_credential_manager(app: App, asset: Asset) -> None:
    """Credentials that an external manager keeps cannot be had, and those of the configuration are not meant."""
    name = "_reserved_credential_management"
    management = asset.configuration.get(name)
    settings = management.get("settings") if isinstance(management, dict) else None
    manager = settings.get("manager") if isinstance(settings, dict) else None
    if not isinstance(management, dict) or not manager or not management.get("fields"):
        return
    fields = [str(one.get("name")) for one in management["fields"] if isinstance(one, dict)]
    values = " ".join(f"--config {one}=env:VARIABLE" for one in fields)
    raise InputError(
        f"{', '.join(fields) or 'credentials'}: the asset leaves this to the credential manager {manager!r}, "
        "which soarkit has no access to",
        where=f"{app.name} {app.app_version}",
        hint=f"soarkit asset edit {typed(asset.name or 'NAME')} --unset {name} {values}".rstrip()
        if asset.stored
        else f"take {name} out of the configuration, and give the values",
    )


def _require_configured(app: App, asset: Asset) -> None:
    declared = app.raw["configuration"]
    missing = checks.missing_required(checks.fill_defaults(dict(asset.configuration), declared), declared)
    if missing:
        given = " ".join(
            f"--config {name}={'env:VARIABLE' if app.configuration[name].data_type == 'password' else '...'}"
            for name in missing
        )
        raise InputError(
            f"the asset {asset.name!r} needs configuration: {', '.join(missing)}",
            where=f"{app.name} {app.app_version}",
            hint=f"soarkit asset edit {typed(asset.name or '')} {given}",
        )


def _problems(app: App, action: Action, configuration: Values, parameters: Sequence[Values]) -> Iterator[str]:
    yield from _of("configuration", configuration, app.raw["configuration"], "--config {}=...")
    declared = action.raw.get("parameters", {})
    for number, one in enumerate(parameters):
        name = "parameter" if len(parameters) == 1 else f"parameter set {number + 1}:"
        yield from _of(name, one, declared, "--param {}=...")


def _of(kind: str, values: Values, declared: Mapping[str, Any], option: str) -> Iterator[str]:
    filled = checks.fill_defaults(dict(values), dict(declared))
    for name in checks.missing_required(filled, dict(declared)):
        description = declared[name].get("description") or ""
        yield f"required {kind} {name!r} is missing ({option.format(name)})" + (
            f": {description}" if description else ""
        )
    _, problems = checks.coerce(filled, dict(declared))
    for problem in problems:
        yield f"{kind} {problem.name!r}: {problem.message}"


def secrets(
    app: App, action: Action | None, asset: Asset, parameters: Sequence[Values], given: Values, variables: Values
) -> dict[str, str]:
    """The values that nobody but the app may see, by name.

    :param action: None where the app does something else than an action

    Passwords of both kinds, what the asset keeps encrypted, secret environment variables, tokens of a hand-written
    action JSON, and what stands between name and host of a proxy's address.
    """
    found: dict[str, str] = {}

    def add(name: str, value: str) -> None:
        if found.get(name) != value:  # a name may stand for a secret in several places
            found[name if name not in found else f"{name}_{len(found)}"] = value

    def add_proxy(name: str, value: object) -> None:
        password = re.match(r"\w+://[^/\s]*?:([^/\s]+)@", str(value))
        if password and name.lower().endswith("_proxy"):
            add(name, password[1])

    configuration = asset.configuration
    declared = {} if action is None else action.raw.get("parameters", {})
    for name in asset.secrets:
        if isinstance(configuration.get(name), str):
            add(name, configuration[name])
    places = [(configuration, app.raw["configuration"]), *((one, declared) for one in parameters)]
    for values, about in places:
        for name, field in about.items():
            if isinstance(field, dict) and field.get("data_type") == "password" and values.get(name):
                add(name, str(values[name]))
    for place in (configuration.get("_reserved_environment_variables"), given.get("environment_variables")):
        for name, one in place.items() if isinstance(place, dict) else ():
            if isinstance(one, dict) and is_secret_type(one.get("type")) and one.get("value"):
                add(name, str(one["value"]))
            elif isinstance(one, dict):
                add_proxy(name, one.get("value"))
    login = given.get("soar_auth")
    for name, value in (*given.items(), *(login.items() if isinstance(login, dict) else ())):
        if name in ("user_session_token", "broker_ph_auth_token", "password") and isinstance(value, str) and value:
            add(name, value)
    for name, value in variables.items():
        add_proxy(name, value)
    return found
