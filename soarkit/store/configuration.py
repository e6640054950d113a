"""How an asset's configuration follows the fields its app declares (guide, "Configuration changes with app version").

Plain functions of plain values. Passwords are kept apart from the other values, as cipher texts; what encrypts them
is passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from soarkit_app import checks

from soarkit.errors import InputError
from soarkit.store.records import INGEST, MASK, RESERVED, is_platform_setting

#: The fields of an app's ``configuration`` by name, in the order of the file.
Fields = Mapping[str, Mapping[str, Any]]
#: Turns text into a cipher text.
Cipher = Callable[[str], str]
#: How people write truth values.
_BOOLEANS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


@dataclass(frozen=True)
class Values:
    """What an asset holds.

    :param plain: values by field
    :param secret: cipher texts by field
    :param known: the fields it was last brought in line with, those without a value among them
    """

    plain: dict[str, Any]
    secret: dict[str, str]
    known: frozenset[str]


@dataclass(frozen=True)
class Carried:
    """An asset's values after a change of fields, and what the change was.

    :param added: default by new field; None where there is none, :data:`MASK` for passwords
    :param removed: fields that went, with their values
    """

    values: Values
    added: dict[str, Any]
    removed: tuple[str, ...]


def declared(configuration: object) -> dict[str, dict[str, Any]]:
    """The fields of an app JSON's ``configuration``: without the ``ph`` ones, which only leave a gap in a form."""
    if not isinstance(configuration, dict):
        return {}
    return {
        name: field
        for name, field in configuration.items()
        if isinstance(field, dict) and field.get("data_type") != "ph"
    }


def union(several: Iterable[Fields]) -> dict[str, dict[str, Any]]:
    """The fields of all the apps that an asset may be used with.

    Of fields with the same name the first counts, but a password in one app is a password.
    """
    merged: dict[str, dict[str, Any]] = {}
    for fields in several:
        for name, field in fields.items():
            present = merged.setdefault(name, dict(field))
            if is_password(field):
                present["data_type"] = "password"
    return merged


def is_password(field: Mapping[str, Any]) -> bool:
    """Whether a field's value is a secret."""
    return field.get("data_type") == "password"


def carry(values: Values, fields: Fields, *, encrypt: Cipher, droppable: Collection[str] | None = None) -> Carried:
    """The values once the app declares these fields.

    New fields come with their defaults, fields that are gone go with their values. A field that stays keeps its value,
    whatever has become of its default, type or list of values. Where it becomes a password it is encrypted; where it is
    one no more it stays a secret until somebody sets it anew: an app's new version decides nothing about old secrets.

    :param droppable: the only fields that may go; None: any. Another app of the product may still want the others
    """
    held = values.known | {name for name in (*values.plain, *values.secret) if not is_platform_setting(name)}
    gone = {name for name in held if name not in fields and (droppable is None or name in droppable)}
    plain = {name: value for name, value in values.plain.items() if name not in gone}
    secret = {name: token for name, token in values.secret.items() if name not in gone}
    added = {}
    for name, field in fields.items():
        if name not in held:
            default = field.get("default")
            added[name] = MASK if default is not None and is_password(field) else default
            _put(plain, secret, name, default, field, encrypt)
        elif is_password(field) and name in plain:
            _put(plain, secret, name, plain.pop(name), field, encrypt)
    known = frozenset((held - gone) | fields.keys())
    return Carried(Values(plain, secret, known), added, tuple(sorted(gone)))


def edit(
    values: Values, fields: Fields, given: Mapping[str, Any], unset: Collection[str], *, encrypt: Cipher, where: str
) -> Values:
    """The values with some of them replaced and others taken away.

    :param given: new values, passwords in plain text; null takes a value away
    :param unset: fields to take the value of away
    :param where: what errors are about
    :raises InputError: unknown fields, or values that their field cannot hold; the message names all of them
    """
    refuse_unknown((*given, *unset), fields, where)
    fitting = checked(given, fields, where)
    plain, secret = dict(values.plain), dict(values.secret)
    for name in (*unset, *given):
        plain.pop(name, None)
        secret.pop(name, None)
    for name, value in fitting.items():
        if name.startswith(RESERVED):
            # The platform's own settings hold credentials of every kind, so they are a secret as a whole.
            secret[name] = encrypt(_json(value, name, where))
        elif name == INGEST and name not in fields:
            plain[name] = _ingest(value, where)
        else:
            _put(plain, secret, name, value, fields[name], encrypt)
    return Values(plain, secret, values.known | fields.keys())


def needs(values: Values, fields: Fields) -> tuple[str, ...]:
    """The required fields that have no value."""
    # What is secret is there, whatever it is.
    present = {**values.plain, **dict.fromkeys(values.secret, MASK)}
    return tuple(checks.missing_required(present, dict(fields)))


def needs_of(values: Values, several: Iterable[Fields]) -> tuple[str, ...]:
    """The same for an asset that several apps may be used with: nothing where one of them has all it requires, else
    what the one still requires that lacks least.
    """
    return min((needs(values, fields) for fields in several), key=len, default=())


def checked(given: Mapping[str, Any], fields: Fields, where: str) -> dict[str, Any]:
    """Given values in the types of their fields, by the rules the app side applies.

    :raises InputError: one does not fit its type or is not in its list of values; the message names all of them
    """
    about = dict(fields)
    typed, problems = checks.coerce({name: value for name, value in given.items() if value is not None}, about)
    for name, value in typed.items():
        if fields.get(name, {}).get("data_type") == "boolean" and not isinstance(value, bool):
            word = _BOOLEANS.get(str(value).strip().lower())
            if word is None:
                problems.append(checks.Problem(name, f"takes true or false, not {value!r}"))
            else:
                typed[name] = word
        elif fields.get(name, {}).get("data_type") in ("string", "password") and not isinstance(value, str):
            problems.append(checks.Problem(name, "takes text, not a list or an object"))
    problems += checks.not_listed(typed, about)
    if problems:
        listed = [f"{problem.name!r}: {problem.message}" for problem in problems]
        text = f"configuration {listed[0]}" if len(listed) == 1 else "\n  ".join(["values do not fit:", *listed])
        raise InputError(text, where=where)
    return typed


def refuse_unknown(names: Iterable[str], fields: Fields, where: str) -> None:
    """Only what the app declares can be configured; what the platform itself adds may be too.

    :raises InputError: naming the unknown fields, and what may have been meant
    """
    unknown = [name for name in dict.fromkeys(names) if name not in fields and not is_platform_setting(name)]
    if not unknown:
        return
    parts = []
    for name in unknown:
        near = [one for one in fields if one.startswith(name)] or get_close_matches(name, fields, n=1)
        parts.append(f"unknown configuration {name!r}" + (f" (did you mean {near[0]!r}?)" if near else ""))
    raise InputError("; ".join(parts), where=where, hint=f"configuration: {', '.join(fields) or 'there is none'}")


def _ingest(value: Any, where: str) -> dict[str, Any]:
    label = value.get("container_label", "-") if isinstance(value, dict) else None
    if not isinstance(label, str) or not label.strip():
        raise InputError(f'{INGEST!r} takes an object, such as {{"container_label": "mail"}}', where=where)
    return dict(value)


def _put(
    plain: dict[str, Any], secret: dict[str, str], name: str, value: Any, field: Mapping[str, Any], encrypt: Cipher
) -> None:
    if value is None:
        return
    if not is_password(field):
        plain[name] = value
        return
    text = checks.coerce({name: value}, {name: field})[0][name]
    if text != "":  # an empty password is none
        secret[name] = encrypt(text if isinstance(text, str) else _json(text, name, name))


def _json(value: Any, name: str, where: str) -> str:
    import json

    try:
        return json.dumps(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"the value of {name!r} is no JSON: {error}", where=where) from None
