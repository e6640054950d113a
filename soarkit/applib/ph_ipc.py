"""Messages from an app to the platform, as the SOAR SDK sends them.

Before 7.0 every function took a handle first; both forms work.
"""

from __future__ import annotations

from soarkit_app import session
from soarkit_app.messages import text_of

PH_STATUS_PROGRESS = 1


def sendstatus(*args: object) -> None:
    """``sendstatus([handle,] status, message, persist)``: show a progress message, for good or until the next."""
    message, persist = args[-2:]
    session.progress(text_of(message), not persist)


def debugprint(*args: object) -> None:
    """``debugprint(message)`` or ``debugprint(handle, message, level)``."""
    session.log("debug", text_of(args[0] if len(args) == 1 else args[1]))


def errorprint(*args: object) -> None:
    """``errorprint(message)`` or ``errorprint(handle, message, level)``."""
    session.log("error", text_of(args[0] if len(args) == 1 else args[1]))
