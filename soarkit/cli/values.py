"""The forms in which values are given on the command line.

=================  ================================================================
``k=text``         the text as it stands
``k:=json``        a JSON value: number, true, list, object, quoted text
``k=@file``        the file's text
``k=env:NAME``     the environment variable's value
``k=run:ID:PATH``  the values at a data path of an earlier run's result, for parameters of actions alone
``k==text``        the text as it stands, even where it begins with ``@``, ``env:`` or ``run:``
=================  ================================================================

``k=<k>`` is what commands to copy have where a value is still to be put in, and is refused.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any

from soarkit.errors import UsageError, typed


class FromRun:
    """A value that stands for those of an earlier run: :mod:`soarkit.cli.chaining` gets them.

    :ivar run: its key, the beginning of it, or "last"
    :ivar path: the data path
    """

    __slots__ = ("path", "run")

    def __init__(self, run: str, path: str) -> None:
        self.run = run
        self.path = path


def parse(texts: Iterable[str], option: str, *, chaining: bool = False) -> dict[str, Any]:
    """The values of a repeated option, by name; the last one of a name wins.

    :param option: how the option is called, for messages
    :param chaining: whether values of earlier runs can be named; they are :class:`FromRun`
    :raises UsageError: a text of no known form, unreadable file, unset variable, broken JSON
    """
    return dict(_parse(text, option, chaining) for text in texts)


def is_literal(name: str, text: str) -> bool:
    """Whether ``NAME=TEXT`` means just the text."""
    return not text.startswith(("=", "@", "env:", "run:")) and text != f"<{name}>"


def _parse(text: str, option: str, chaining: bool) -> tuple[str, Any]:
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
        return name, _from_run(name, value, option, chaining)
    if value == f"<{name}>":
        raise UsageError(
            f"{value} is only there to be replaced by a value",
            where=f"{option} {name}",
            hint=f"for the text itself write {option} {typed(f'{name}=={value}')}",
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


def _from_run(name: str, value: str, option: str, chaining: bool) -> FromRun:
    # What is not meant as such may be a secret, so it is not shown.
    literally = f"for a text that begins so write {option} {name}==run:..."
    if not chaining:
        raise UsageError(
            "values of earlier runs can only be given to parameters of an action",
            where=f"{option} {name}",
            hint=f"print it, and give it as it is: soarkit runs show ID --select PATH\n{literally}",
        )
    run, _, path = value.removeprefix("run:").partition(":")
    if not run or not path:
        raise UsageError(
            f"run: needs {'the key of a run' if not run else 'a data path'} behind it",
            where=f"{option} {name}",
            hint=f"such as {option} {name}=run:last:action_result.data.*.{name}; "
            f"`soarkit runs` lists the keys of runs\n{literally}",
        )
    return FromRun(run, path)


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
