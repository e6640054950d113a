"""What a result says in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from soarkit_app.datapaths import collect

from soarkit.render.grid import json_text

_MAX_MESSAGE = 20_000  # characters


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
