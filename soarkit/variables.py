"""Environment variables for every app of an installation: a file in the home folder, its secrets encrypted."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from typing import Any

from soarkit_app.environment_variables import is_secret_type

from soarkit import encryption, homefiles
from soarkit.errors import InputError, RequestError, SurroundingsError

#: Types of an entry, as an action JSON has them.
PLAIN, SECRET = "string", "password"
_SALT = "variables"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OURS = frozenset(("PYTHONPATH", "PYTHONHOME", "PHANTOM_HOME", "APP_RUN_MARK"))


def entry(name: str, value: object, *, secret: bool) -> dict[str, str]:
    """A variable as an action JSON has it: its type and its value, in plain text.

    :raises InputError: the name cannot be one, or is soarkit's own; or the value cannot be one
    """
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name!r} cannot be the name of an environment variable",
            hint="names consist of letters, digits and underscores",
        )
    if name in _OURS or name.startswith("SOARKIT_"):
        raise InputError(f"{name} is set by soarkit itself")
    text = value if isinstance(value, str) else json.dumps(value)
    if "\0" in text:
        raise InputError(f"the value of {name} holds a null character")
    return {"type": SECRET if secret else PLAIN, "value": text}


def load(home: str) -> dict[str, dict[str, str]]:
    """The variables by name; the values of secrets as cipher texts.

    :param home: soarkit's home folder
    :raises SurroundingsError: the file cannot be read
    """
    path = _path(home)
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        return {str(name): {"type": str(one["type"]), "value": str(one["value"])} for name, one in document.items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SurroundingsError(f"the variables cannot be read: {error.strerror}", where=path) from error
    except (ValueError, TypeError, LookupError, AttributeError):
        raise SurroundingsError(
            "the file of variables is damaged", where=path, hint="mend it, or remove it and set the variables anew"
        ) from None


def for_apps(home: str) -> dict[str, dict[str, str]]:
    """The variables in plain text: for apps alone.

    :raises SurroundingsError: they cannot be read or decrypted
    """
    return {name: one if one["type"] == PLAIN else _plain(name, one, home) for name, one in load(home).items()}


def put(home: str, given: dict[str, dict[str, str]]) -> None:
    """Set variables. What is a secret stays one: whoever changes a token may forget to say again that it is.

    :param given: what :func:`entry` gives, by name
    :raises SurroundingsError: the key cannot be used
    """
    with _changing(home):
        kept = load(home)
        for name, given_one in given.items():
            one = staying_secret(given_one, kept.get(name))
            kept[name] = one if one["type"] == PLAIN else {**one, "value": _encrypted(one["value"], home)}
        homefiles.write_json(_path(home), kept)


def staying_secret(entry: dict[str, str], present: object) -> dict[str, str]:
    """A new entry of a variable: a secret one where the present entry, if there is one, is that."""
    secret = isinstance(present, dict) and is_secret_type(present.get("type"))
    return {**entry, "type": SECRET} if secret else entry


def unset(home: str, names: Iterable[str]) -> None:
    """Take variables away.

    :raises RequestError: there is no such variable; nothing was changed
    """
    with _changing(home):
        kept = load(home)
        for name in dict.fromkeys(names):
            if kept.pop(name, None) is None:
                raise RequestError(f"there is no variable {name}", hint="`soarkit variables list` lists them")
        homefiles.write_json(_path(home), kept)


def encrypt_anew(home: str) -> tuple[int, list[str]]:
    """Encrypt the secrets with the present key.

    :returns: how many had been written with an earlier key; the names of those that no key reads
    """
    count, lost = 0, []
    with _changing(home):
        kept = load(home)
        for name, one in kept.items():
            if one["type"] == PLAIN or encryption.is_current(one["value"], _SALT, home):
                continue
            try:
                one["value"] = _encrypted(encryption.decrypt(one["value"], _SALT, home), home)
                count += 1
            except ValueError:
                lost.append(name)
        if count:
            homefiles.write_json(_path(home), kept)
    return count, lost


def with_earlier_keys(home: str) -> list[str]:
    """The secret variables that were encrypted with an earlier key, or with none that is there.

    :raises ValueError: the present key cannot be read
    """
    return [
        name
        for name, one in load(home).items()
        if one["type"] != PLAIN and not encryption.is_current(one["value"], _SALT, home)
    ]


def _changing(home: str) -> Any:
    return homefiles.locked(home, "variables", waiting=lambda: None)


def _path(home: str) -> str:
    return os.path.join(home, "variables.json")


def _plain(name: str, one: dict[str, str], home: str) -> dict[str, str]:
    try:
        return {**one, "value": encryption.decrypt(one["value"], _SALT, home)}
    except ValueError as error:
        raise SurroundingsError(
            f"the value of the variable {name} cannot be decrypted: {error}",
            where=_path(home),
            hint=f"bring back the key, or set it anew: soarkit variables set {name}=env:VARIABLE --secret",
        ) from None


def _encrypted(text: str, home: str) -> str:
    try:
        return encryption.encrypt(text, _SALT, home)
    except ValueError as error:
        raise SurroundingsError(str(error), hint="`soarkit doctor` looks at the key") from None
