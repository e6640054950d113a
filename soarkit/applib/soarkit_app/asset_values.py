"""From the values as they came to the values an app gets: credentials, secrets, defaults, required fields.

Connector API 2.5, steps 5 to 7. Everything that is missing is named in one message, before any of the app's code
runs. The exception are several parameter sets of which some are complete: those run, and the life cycle fails the
others one by one (step 9).
"""

from __future__ import annotations

from soarkit_app import checks, credentials, encryption
from soarkit_app.messages import named
from soarkit_app.refusal import RunRefused
from soarkit_app.run import SCHEDULED_POLL_COUNT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Set

    from soarkit_app.run import Run

#: How far back a poll looks that was not told: the ten days that most apps declare themselves.
_POLL_PERIOD_MS = 10 * 24 * 3600 * 1000


def prepare(run: Run) -> List[Dict[str, Any]]:
    """Make ``run.config`` ready, in place, and return the parameter sets.

    Some of several sets may lack required parameters, but not all of them.

    :raises RunRefused: a credential cannot be fetched, a secret not decrypted, required configuration or a required
        parameter of every set is missing, or a configuration value is no number where one is needed
    """
    config, declared_config = run.config, (run.app or {}).get("configuration")
    fetched = _apply_credential_management(config)
    _decrypt(run, config, declared_config, "configuration", exempt=fetched)
    run.add_secrets(config[name] for name in fetched)
    config.update(checks.fill_defaults(config, declared_config))

    declared = run.action.get("parameters")
    param_sets = []
    for given in run.values["parameters"]:
        param = checks.fill_defaults(_with_poll_parameters(given) if run.is_poll else given, declared)
        _decrypt(run, param, declared, "parameter", exempt=set())
        param_sets.append(param)

    coerced, problems = checks.coerce(config, declared_config)
    config.update(coerced)
    missing = checks.missing_required(config, declared_config)
    faults = [f"required configuration is missing: {named(missing)}"] if missing else []
    incomplete = _incomplete(param_sets, declared)
    wrong = [f"the configuration '{problem.name}' {problem.message}" for problem in problems]
    if faults or wrong or len(incomplete) == len(param_sets):
        raise RunRefused("; ".join(faults + incomplete + wrong))
    return param_sets


def password_names(declared: object) -> List[str]:
    """The names of the declared fields that hold secrets."""
    if not isinstance(declared, dict):
        return []
    return [n for n, field in declared.items() if isinstance(field, dict) and field.get("data_type") == "password"]


def _apply_credential_management(config: Dict[str, Any]) -> Set[str]:
    """Fetch what an external credential manager keeps, and return the names of the values it gave."""
    management = config.get("_reserved_credential_management")
    if not isinstance(management, dict):
        return set()
    settings = management.get("settings")
    settings = settings if isinstance(settings, dict) else {}
    manager = settings.get("manager")
    fields = management.get("fields")
    if not manager or not fields:
        return set()
    try:
        if manager not in credentials.MANAGERS:
            raise ValueError(f"there is no manager of this name; known are {named(credentials.MANAGERS)}")
        manager_config = settings.get("config")
        if manager == "cyberark":
            values = {field["name"]: credentials.fetch(manager, field, manager_config) for field in fields}
        else:
            values = {one["name"]: one["value"] for one in credentials.fetch(manager, fields, manager_config)}
    except Exception as error:
        # Going on with the values of the configuration would use credentials that are meant to be overridden.
        raise RunRefused(f"the credential manager '{manager}' gave no credentials: {error}") from error
    config.update(values)
    return set(values)


def _decrypt(run: Run, values: Dict[str, Any], declared: object, what: str, exempt: Set[str]) -> None:
    """Decrypt password values, in place. Plain ones are let through: hand-written files have no others."""
    for name in password_names(declared):
        value = values.get(name)
        if name not in exempt and encryption.is_encrypted(value):
            try:
                values[name] = encryption.decrypt(value, run.salt)
            except Exception as error:
                raise RunRefused(f"the {what} '{name}' cannot be decrypted: {error}") from error
        run.add_secrets([values.get(name)])


def _with_poll_parameters(param: Dict[str, Any]) -> Dict[str, Any]:
    """All five parameters of a poll; apps call ``int(param.get(...))`` on them without a default."""
    from time import time

    end = int(time() * 1000)
    scheduled = {
        "start_time": end - _POLL_PERIOD_MS,
        "end_time": end,
        "container_id": "",
        "container_count": SCHEDULED_POLL_COUNT,
        "artifact_count": SCHEDULED_POLL_COUNT,
    }
    return {**scheduled, **param}


def _incomplete(param_sets: List[Dict[str, Any]], declared: object) -> List[str]:
    """One text for each set that lacks required parameters."""
    faults = []
    for number, param in enumerate(param_sets, 1):
        missing = checks.missing_required(param, declared)
        if missing:
            which = f" (set {number} of {len(param_sets)})" if len(param_sets) > 1 else ""
            faults.append(f"required parameters are missing{which}: {named(missing)}")
    return faults
