"""What the real platform would refuse or show wrongly is said beside the output, which keeps its shape."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Set

#: Different remarks of one run that are made; a table may hold one mistake ten thousand times.
_MOST = 50
_said: Set[str] = set()


def say(text: str) -> None:
    """Say something once: in the run's log under soarkit, on standard error by hand. Never fails."""
    if text in _said or len(_said) > _MOST:
        return
    _said.add(text)
    if len(_said) > _MOST:
        text = "there are more warnings; these are enough"
    from soarkit_app import session

    if session.current.runtime:
        session.log("warning", text)
        return
    try:
        sys.stderr.write(f"soarkit: {text}\n")
    except Exception:  # closed, replaced, or with an encoding that cannot write it
        pass
