"""An asset's configuration, asked for on a terminal field by field, as the platform's form shows it."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from typing import Any

import click

from soarkit.errors import InputError
from soarkit.render.text import printable

_YES = {"y": True, "yes": True, "true": True, "on": True, "1": True}
_NO = {"n": False, "no": False, "false": False, "off": False, "0": False}

Field = Mapping[str, Any]


def can_ask() -> bool:
    """Whether a person is there to answer."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


class Form:
    """Asks for fields in their ``order``.

    An empty answer takes what stands in brackets. Where that is nothing, an optional field stays without a value, and a
    required one is asked for again.

    :param declared: the app's ``configuration``, with its ``ph`` entries
    :param current: present values by field, which stand in for the defaults
    :param secrets: password fields that have a value, which is kept by an empty answer
    """

    def __init__(
        self, declared: Mapping[str, Field], current: Mapping[str, Any], secrets: Collection[str] = ()
    ) -> None:
        self._declared = declared
        self._current = current
        self._secrets = secrets

    def ask(self, given: Collection[str] = ()) -> dict[str, Any]:
        """What was answered, by field. Fields without a value are left out, and so are passwords that are kept.

        :param given: fields that are not asked for
        :raises click.Abort: Ctrl-C or the end of input: nothing is to be done
        """
        answers = {}
        for name, field in in_order(self._declared):
            if field.get("data_type") == "ph":
                _say(printable(str(field.get("description") or "")))
            elif name not in given:
                answer = self._ask_one(name, field)
                if answer is not None:
                    answers[name] = answer
        return answers

    def _ask_one(self, name: str, field: Field) -> Any:
        kept = name in self._secrets
        default = self._current.get(name, field.get("default"))
        if default == "":
            default = None
        while True:
            answer = self._read(name, field, default, kept)
            if answer == "" or answer is None:
                if default is not None and not kept:
                    return default
                if kept or not _is_true(field.get("required")):
                    return None
                _say("  a value is required")
                continue
            value, problem = _value(name, field, answer)
            if problem is None:
                return value
            _say(f"  {problem}")

    def _read(self, name: str, field: Field, default: Any, kept: bool) -> str:
        label = printable(f"{field.get('description') or name} ({name})")
        choices = field.get("value_list") or []
        if field.get("data_type") == "password":
            shown = "unchanged" if kept else None if default is None else "the default"
            return _prompt(label + (f" [{shown}]" if shown else ""), hidden=True)
        if field.get("data_type") == "boolean" and not choices:
            truth = _YES | _NO
            preset = truth.get(_text(default).lower()) if default is not None else None
            return _prompt(f"{label} {'[Y/n]' if preset else '[y/n]' if preset is None else '[y/N]'}")
        for number, choice in enumerate(choices, 1):
            if number == 1:
                _say(label)
                label = "  number or value"
            _say(f"  {number:>2}  {printable(_text(choice))}")
        return _prompt(label + (f" [{printable(_text(default))}]" if default is not None else ""))


def in_order(declared: Mapping[str, Field]) -> list[tuple[str, Field]]:
    """The fields as the platform's form has them: by ``order``, those without one last."""
    fields = [(name, field) for name, field in declared.items() if isinstance(field, Mapping)]

    def place(item: tuple[str, Field]) -> float:
        try:
            return float(item[1]["order"])
        except (KeyError, TypeError, ValueError):
            return float("inf")

    return sorted(fields, key=place)


def _value(name: str, field: Field, answer: str) -> tuple[Any, str | None]:
    """The value that an answer means, or what is wrong with it."""
    from soarkit.store.configuration import checked

    value: Any = answer
    choices = [_text(choice) for choice in field.get("value_list") or []]
    if choices and answer not in choices:
        if answer.isdecimal() and 1 <= int(answer) <= len(choices):
            value = choices[int(answer) - 1]
        else:
            near = [choice for choice in choices if choice.lower().startswith(answer.lower())]
            value = near[0] if len(near) == 1 else answer
    if field.get("data_type") == "boolean":
        value = (_YES | _NO).get(value.strip().lower(), value)
    try:
        return checked({name: value}, {name: field}, name)[name], None
    except InputError as error:
        return None, error.message.removeprefix(f"configuration {name!r}: ")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_true(flag: object) -> bool:
    return flag is True or str(flag).strip().lower() == "true"


def _say(text: str) -> None:
    click.echo(text, err=True)


def _prompt(label: str, *, hidden: bool = False) -> str:
    answer: str = click.prompt(label, default="", show_default=False, hide_input=hidden, err=True)
    return answer if hidden else answer.strip()
