"""The credential manager ``cyberark``, which is asked for one field at a time."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def get_credential(field: Any, config: Any) -> Any:
    """The value of the field."""
    from soarkit_app.credentials import fetch

    return fetch("cyberark", field, config)
