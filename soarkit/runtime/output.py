"""Reads what a script of a bundle has printed (enrichment reference, sections 1.2, 2.2 and 2.3)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

#: Bytes of output that are accepted.
LARGEST = 10 << 20
#: Message types that mean failure.
_ERRORS = ("ERROR", "CRITICAL")
#: Said of an output that holds nothing to be shown.
NOTHING = "the output has neither widgets nor entities"
_QUOTED = 120  # characters of an offending line that are shown
_SPACE = " \t\r\n"


class InvalidOutputError(ValueError):
    """What is wrong with an output, in words."""


@dataclass(frozen=True)
class Said:
    """What an output says besides its widgets or entities.

    :param messages: pairs of type and text
    """

    exceptions: tuple[str, ...]
    messages: tuple[tuple[str, str], ...]

    @property
    def error(self) -> str:
        """What the user is told; empty where nothing failed. Messages about errors come before exceptions."""
        errors = [text for kind, text in self.messages if kind.strip().upper() in _ERRORS]
        return "; ".join(one for one in errors or self.exceptions if one) or (
            "the script reported an error without a text" if errors or self.exceptions else ""
        )


def parse(printed: bytes) -> dict[str, Any]:
    """The one JSON object that a script must print.

    :raises InvalidOutputError: it printed something else; the text quotes the first line that does not belong
    """
    try:
        text = printed.decode("utf-8")
    except UnicodeDecodeError as error:
        shown = printed.decode("utf-8", "backslashreplace")
        line = printed.count(b"\n", 0, error.start)
        raise InvalidOutputError(f"the output is not UTF-8: {line_of(shown, line)}") from None
    content = text.strip(_SPACE)
    if not content:
        raise InvalidOutputError("no output")
    start = text.index(content)
    if content[0] == "\ufeff":
        raise InvalidOutputError("the output begins with a byte order mark, which does not belong to JSON")
    try:
        document = json.loads(content, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise InvalidOutputError(_offence(text, content, start + error.pos, error)) from None
    except RecursionError:
        raise InvalidOutputError("the output is nested too deeply") from None
    except ValueError as error:  # a constant that JSON lacks, or a number of more digits than Python reads
        name = str(error)
        if "int_max_str_digits" in name:
            raise InvalidOutputError(
                "the output is no JSON that can be read: it holds a number of too many digits"
            ) from None
        place = text.find(name)
        quoted = f": {line_of(text, text.count(chr(10), 0, place))}" if place >= 0 else ""
        raise InvalidOutputError(f"the output is no JSON: it holds {name}{quoted}") from None
    if not isinstance(document, dict):
        kind = {list: "a list", str: "text", bool: "true or false", type(None): "null"}.get(type(document), "a number")
        raise InvalidOutputError(
            f"the output must be a JSON object, not {kind}: {line_of(text, text.count(chr(10), 0, start))}"
        )
    return document


def said(document: Mapping[str, Any]) -> Said:
    """The exceptions and messages of an output, whatever form they have."""
    exceptions, messages = document.get("exceptions"), document.get("messages")
    if isinstance(exceptions, (str, dict)) and exceptions:  # one, that is not in a list: it is a failure nevertheless
        exceptions = [exceptions]
    return Said(
        tuple(_exception(one) for one in exceptions) if isinstance(exceptions, list) else (),
        tuple(_message(one) for one in messages) if isinstance(messages, list) else (),
    )


def oddities(document: Mapping[str, Any]) -> list[str]:
    """What is odd about the outer form of an output that can be read all the same."""
    found = []
    lists = ("widgets", "entities", "exceptions", "messages")
    if not any(isinstance(document.get(name), list) for name in lists[:2]):
        found.append(NOTHING)
    found += [
        f"{name} of the output must be a list"
        for name in lists
        if name in document and not isinstance(document[name], list)
    ]
    found += [f"the output has no {name}: an empty list is meant" for name in lists[2:] if name not in document]
    return found


def _exception(one: object) -> str:
    if isinstance(one, dict):
        return next((text for text in one.values() if isinstance(text, str)), json.dumps(one))
    return one if isinstance(one, str) else json.dumps(one)


def _message(one: object) -> tuple[str, str]:
    if not isinstance(one, dict):
        return "INFO", one if isinstance(one, str) else json.dumps(one)
    kind, text = one.get("messageType"), one.get("messageText")
    return str(kind or "INFO"), text if isinstance(text, str) else json.dumps(text)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if number - number != 0.0:
        raise ValueError(digits)
    return number


def _offence(text: str, content: str, place: int, error: json.JSONDecodeError) -> str:
    """The first line that does not belong to a JSON document, and why."""
    if content[0] != "{":
        # A script that prints before its output: the print is at fault, though the parser stumbles somewhere in it.
        first = text.count("\n", 0, text.index(content))
        return f"the output is more than one JSON document: {line_of(text, first)} comes before it, or in its place"
    if error.msg == "Extra data":
        second = text[place:].startswith("{") and _begins_document(text[place:])
        what = "a second JSON document follows" if second else "something follows the JSON document"
        return f"{what}: {line_of(text, text.count(chr(10), 0, place))}"
    line = text.count("\n", 0, place)
    return f"the output is no JSON ({error.msg[:1].lower()}{error.msg[1:]}): {line_of(text, line, place)}"


def _begins_document(text: str) -> bool:
    try:
        json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def line_of(text: str, number: int, place: int | None = None) -> str:
    """A line of an output, quoted; of a long one what is around a place.

    :param number: counted from 0
    :param place: where it is in the whole text
    """
    start = 0
    for _ in range(number):
        start = text.index("\n", start) + 1
    line = re.match(r"[^\n]*", text[start:])[0]  # type: ignore[index]
    column = 0 if place is None else max(0, place - start - _QUOTED // 2)
    shown = line[column : column + _QUOTED].strip()
    before, after = "... " if column else "", " ..." if len(line) > column + _QUOTED else ""
    return f'line {number + 1}, "{before}{shown}{after}"'
