"""What an asset holds beside its app's own fields: environment variables, and what its polls are about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from soarkit import encryption, variables
from soarkit.cli import values
from soarkit.cli.variables import shown
from soarkit.errors import InputError, SurroundingsError
from soarkit.store.records import INGEST, plain_value

if TYPE_CHECKING:
    from soarkit.store.records import StoredAsset

#: The setting with the environment variables of an asset.
VARIABLES = "_reserved_environment_variables"
_Command = TypeVar("_Command", bound=Callable[..., Any])


def settings_options(command: _Command) -> _Command:
    """``--env``, ``--secret-env`` and ``--ingest``: the parameters ``env``, ``secret_env`` and ``ingest``."""
    for option in (
        click.option(
            "--ingest",
            multiple=True,
            metavar="K=V",
            help="What its polls are about: container_label=LABEL, start_time_epoch_utc:=SECONDS; K= takes it away.",
        ),
        click.option(
            "--secret-env", multiple=True, metavar="NAME=VALUE", help="The same, kept out of all that is shown."
        ),
        click.option("--env", multiple=True, metavar="NAME=VALUE", help="An environment variable for its app."),
    ):
        command = option(command)
    return command


def given_settings(
    home: str,
    asset: StoredAsset | None,
    *,
    env: tuple[str, ...],
    secret_env: tuple[str, ...],
    unset_env: tuple[str, ...] = (),
    ingest: tuple[str, ...],
) -> dict[str, Any]:
    """The settings that the options change, whole; None where nothing is left of one.

    :param asset: the asset as it is; None for a new one
    :raises InputError: a variable cannot be called so, or there is none to be taken away
    """
    given: dict[str, Any] = {}
    if env or secret_env or unset_env:
        present = {} if asset is None else held_variables(home, asset)
        for option, texts in (("--env", env), ("--secret-env", secret_env)):
            for name, value in values.parse(texts, option).items():
                entry = variables.entry(name, value, secret=option == "--secret-env")
                present[name] = variables.staying_secret(entry, present.get(name))
        for name in dict.fromkeys(unset_env):
            if present.pop(name, None) is None:
                raise InputError(f"the asset has no environment variable {name}", where="--unset-env")
        given[VARIABLES] = present or None
    if ingest:
        changed = {**({} if asset is None else asset.configuration.get(INGEST) or {})}
        changed.update(values.parse(ingest, "--ingest"))
        given[INGEST] = {name: value for name, value in changed.items() if value not in ("", None)} or None
    return given


def held_variables(home: str, asset: StoredAsset) -> dict[str, Any]:
    """The environment variables of an asset, in plain text.

    :raises SurroundingsError: they cannot be decrypted
    """
    token = asset.secrets.get(VARIABLES)
    if token is None:
        return {}
    try:
        held = plain_value(VARIABLES, encryption.decrypt(token, asset.salt, home))
    except ValueError as error:
        raise SurroundingsError(
            f"its environment variables cannot be decrypted: {error}",
            where=f"asset {asset.name}",
            hint="`soarkit doctor` looks at the key",
        ) from None
    return held if isinstance(held, dict) else {}


def shown_variables(home: str, asset: StoredAsset) -> dict[str, str]:
    """The environment variables of an asset for people, secrets masked; none where they cannot be read."""
    try:
        held: Mapping[str, Any] = held_variables(home, asset)
    except SurroundingsError:
        return {}
    return {name: shown(one) for name, one in held.items() if isinstance(one, dict) and {"type", "value"} <= set(one)}
