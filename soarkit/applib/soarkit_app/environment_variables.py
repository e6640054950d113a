"""The environment variables that an action JSON or a request, and an asset, bring along (connector API 2.5, step 4)."""

from __future__ import annotations

import os

from soarkit_app import encryption
from soarkit_app.messages import text_of
from soarkit_app.refusal import RunRefused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, MutableMapping, Optional, Tuple

    from soarkit_app.run import Run

_THIS_MACHINE = ("127.0.0.1", "localhost")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


def apply(run: Run, before: Dict[str, Optional[str]]) -> None:
    """Set the variables: those of the action JSON, then those of the asset, which win for this run.

    :param before: takes what each variable was before, for :func:`restore`
    :raises RunRefused: a variable cannot be set
    """
    for variables in (run.values.get("environment_variables"), run.config.get("_reserved_environment_variables")):
        run.add_secrets(put(variables, run.salt, before))
    if before:
        spare_this_machine(os.environ, before)


def put(variables: object, salt: str, before: Dict[str, Optional[str]]) -> List[str]:
    """Set variables.

    :param variables: by name, each as an action JSON has it; anything but a dict is passed over
    :param salt: what their encrypted values were salted with
    :param before: takes what each variable was before, for :func:`restore`
    :returns: the values that are secret
    :raises RunRefused: a variable cannot be set
    """
    secrets: List[str] = []
    if not isinstance(variables, dict):
        return secrets
    for name, entry in variables.items():
        value, is_secret = _value(name, entry, salt)
        if is_secret:
            secrets.append(value)
        for one in _spellings(name, variables):
            try:
                old = os.environ.get(one)
                os.environ[one] = value
            except (ValueError, OSError) as error:
                raise RunRefused(f"the environment variable '{one}' cannot be set: {error}") from error
            before.setdefault(one, old)
    return secrets


def spare_this_machine(variables: MutableMapping[str, str], before: Optional[Dict[str, Optional[str]]] = None) -> None:
    """Let no proxy stand between the app and its own platform, or anything else on this machine.

    :param variables: the environment
    :param before: takes what a variable was before it was changed here
    """
    for name, other in (("NO_PROXY", "no_proxy"), ("no_proxy", "NO_PROXY")):
        old = variables.get(name)
        listed = (variables.get(other, "") if old is None else old).strip()
        hosts = [host.strip() for host in listed.split(",") if host.strip()]
        missing = [host for host in _THIS_MACHINE if host not in hosts]
        if missing and "*" not in hosts:
            variables[name] = ",".join([*hosts, *missing])
            if before is not None:
                before.setdefault(name, old)


def restore(before: Dict[str, Optional[str]]) -> None:
    """Undo :func:`apply`: a connector object can be used for another run, with another asset."""
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def is_secret_type(declared: object) -> bool:
    """Whether the ``type`` of a variable's entry marks a secret. The words for that are not public, so all but one do.

    :param declared: the entry's ``type``; None when it has none
    """
    return declared is not None and declared != "string"


def _spellings(name: str, variables: Dict[str, Any]) -> List[str]:
    """What a variable is set as: a proxy in both cases, since libraries differ in which of them they read."""
    if name.upper() not in _PROXIES:
        return [name]
    return [name, *(one for one in (name.upper(), name.lower()) if one not in variables)]


def _value(name: str, entry: Any, salt: str) -> Tuple[str, bool]:
    """The text of a variable, and whether it is secret."""
    if not isinstance(entry, dict):
        return text_of(entry), False
    value = entry.get("value")
    secret = is_secret_type(entry.get("type"))
    if encryption.is_encrypted(value):
        secret = True
        try:
            value = encryption.decrypt(value, salt)
        except Exception as error:
            raise RunRefused(f"the environment variable '{name}' cannot be decrypted: {error}") from error
    return text_of(value), secret
