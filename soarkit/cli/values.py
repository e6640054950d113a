"""The forms in which values are given on the command line.

=================  ================================================================
``k=text``         the text as it stands
``k:=json``        a JSON value: number, true, list, object, quoted text
``k=@file``        the file's text
``k=env:NAME``     the environment variable's value
``k==text``        the text as it stands, even where it begins with ``@`` or ``env:``
=================  ================================================================
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any

from soarkit.errors import UsageError


def parse(texts: Iterable[str], option: str) -> dict[str, Any]:
    """The values of a repeated option, by name; the last one of a name wins.

    :param option: how the option is called, for messages
    :raises UsageError: a text of no known form, unreadable file, unset variable, broken JSON
    """
    return dict(_parse(text, option) for text in texts)


def _parse(text: str, option: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip(":"):
        raise UsageError(
            f"{text.split('=', maxsplit=1)[0]!r} has no value", where=option, hint=f"write {option} NAME=VALUE"
        )
    if name.endswith(":"):
        return name[:-1], _json(name[:-1], value, option)
    if value.startswith("="):
        return name, value[1:]
    if value.startswith("@"):
        return name, read_text(value[1:], f"{option} {name}")
    if value.startswith("env:"):
        return name, _variable(name, value[4:], option)
    if value.startswith("run:"):
        raise UsageError(
            f"{name!r}: values from earlier runs cannot be named here yet",
            where=option,
            hint="print it, and give it as it is: soarkit runs show ID --select PATH\n"
            f"for the text itself write {option} {name}=={value}",
        )
    return name, value


def _json(name: str, value: str, option: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        # The value may be a secret, so the message shows where it breaks, not what it is.
        position = f" (column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError(
            f"the value of {name!r} is not JSON{position}",
            where=option,
            hint=f'for plain text write {option} {name}="text"',
        ) from None


def _variable(name: str, variable: str, option: str) -> str:
    if variable not in os.environ:
        raise UsageError(
            f"{name!r}: the environment variable {variable} is not set",
            where=option,
            hint=f"for the text itself write {option} {name}==env:{variable}",
        )
    return os.environ[variable]


def read_text(path: str, where: str) -> str:
    """A file's text, without the line end that editors put after the last line.

    :raises UsageError: it cannot be read, or is not UTF-8 text
    """
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", where=where) from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8 text", where=where) from None
    return text.removesuffix("\n").removesuffix("\r")


def read_json(path: str, where: str) -> Any:
    """A JSON file, or standard input for ``-``.

    :raises UsageError: it cannot be read or is not JSON; the position is shown
    """
    import sys

    text = sys.stdin.read() if path == "-" else read_text(path, where)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}: {error.msg} at line {error.lineno}, column {error.colno}", where=where) from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; a thousand brackets
        raise UsageError(f"{path}: Python cannot read this JSON: {error}", where=where) from None
