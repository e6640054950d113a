"""What a result says in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from soarkit_app.datapaths import collect

from soarkit.render.grid import json_text, plain_text

_MAX_MESSAGE = 20_000  # characters
_MAX_SAID = 50  # values of a summary that are looked for in the message


def messages(result: Mapping[str, Any]) -> list[str]:
    """The run's message and, where it says something else, that of the only action result."""
    found: list[str] = []
    own = collect(result, "action_result.message")
    for message in [result.get("message"), *(own if len(own) == 1 else [])]:
        text = (message if isinstance(message, str) else json_text(message)).strip() if message else ""
        if text and not any(text in said for said in found):
            found = [said for said in found if said not in text] + [text]
    return [
        text if len(text) <= _MAX_MESSAGE else f"{text[:_MAX_MESSAGE]}… ({len(text) - _MAX_MESSAGE} more characters)"
        for text in found
    ]


def says(message: str, key: str, value: Any) -> bool:
    """Whether a message says a summary's value, and something of what it is called."""
    message = message.casefold()
    names = [word for word in re.split(r"[\W_]+", key.casefold()) if len(word) > 1]
    if not any(name in message for name in names):
        return False
    texts = list(islice(_plain_values(value), _MAX_SAID))
    return len(texts) < _MAX_SAID and all(
        re.search(rf"(?<!\w){re.escape(text.casefold())}(?!\w)", message) for text in texts
    )


def _plain_values(value: Any) -> Iterator[str]:
    """The texts of everything in a value, not below its third level."""
    level = [value]
    for _ in range(3):
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below += one.values()
            elif isinstance(one, list):
                below += one
            else:
                yield "None" if one is None else plain_text(one)  # as messages are worded in Python
        level = below
    if level:
        yield from ["\0"]  # what is deeper is not said
