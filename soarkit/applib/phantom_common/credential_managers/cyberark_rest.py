"""The credential manager ``cyberark_rest``."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List


def get_credential(fields: Any, config: Any) -> List[Dict[str, Any]]:
    """The values of the fields, as ``{"name", "value"}`` items."""
    from soarkit_app.credentials import fetch

    return list(fetch("cyberark_rest", fields, config))
