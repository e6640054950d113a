"""What surrounds the connector: a terminal when an app is run by hand, the host when the runtime runs it.

One module-level object, :data:`current`. By hand (``python my_connector.py test.json``) the defaults of
:class:`Session` hold; the runner installs a session of its own before it imports the app.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

#: What ``str.translate`` replaces before a text of an app or a server reaches a terminal: control characters other
#: than newline and tab, and the characters that reorder text. They can forge output.
_UNPRINTABLE = dict.fromkeys(
    (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd"
)


class ServiceUnavailable(Exception):
    """Something that only a host can answer was asked for, and there is none, or it cannot."""


def soarkit_home() -> str:
    """The folder of everything soarkit keeps: ``SOARKIT_HOME``, else ``~/.soarkit``."""
    return os.path.abspath(os.environ.get("SOARKIT_HOME") or os.path.join(os.path.expanduser("~"), ".soarkit"))


def _default_phantom_home() -> str:
    declared = os.environ.get("PHANTOM_HOME")
    return os.path.abspath(declared) if declared else os.path.join(soarkit_home(), "phantom")


class Session:
    """The defaults for an app that is run by hand, and the base of what the runner installs."""

    def __init__(self) -> None:
        self.manifest_path: Optional[str] = None  #: the app JSON; None: look beside the connector class's file
        self.home: str = _default_phantom_home()  #: PHANTOM_HOME for apps; created when something is put there
        self.base_url: str = "https://localhost:9999/"  #: ends in "/" (connector API 2.8)
        self.product_version: str = "7.0.0"  #: the platform version that apps are told
        self.runtime: bool = False  #: True under the runner
        self.debug_level: int = 0  #: ``debug_level`` of the action JSON under way

    def progress(self, text: str, transient: bool) -> None:
        """Show a progress message. :param transient: it only matters now (``send_progress``)"""
        if text or not transient:
            _print(text, sys.stdout)

    def log(self, level: str, text: str) -> None:
        """Log a line. :param level: "debug", "info" or "error"

        By hand an error always goes to standard error, since nothing else would ever show a traceback; the rest
        only when the action JSON's ``debug_level`` is above 0.
        """
        if level == "error" or self.debug_level > 0:
            _print(f"{level}: {text}", sys.stderr)

    def call(self, name: str, **arguments: Any) -> object:
        """Ask the host for something. :raises ServiceUnavailable: nobody here can answer"""
        if name in ("encrypt", "decrypt"):
            from soarkit_app import encryption

            return encryption.call_here(name, arguments["text"], arguments["salt"])
        raise ServiceUnavailable(f"{name} needs a container store, which this version of soarkit does not have")


def _print(text: str, stream: Any) -> None:
    """Print without ever failing: the app may have closed or replaced the stream, or its encoding may be ASCII."""
    text = text.translate(_UNPRINTABLE)
    try:
        try:
            print(text, file=stream, flush=True)
        except UnicodeEncodeError:
            print(text.encode("ascii", "backslashreplace").decode("ascii"), file=stream, flush=True)
    except (OSError, ValueError, AttributeError):
        pass


current = Session()  #: replaced by :func:`install`


def install(session: Session) -> None:
    """Put ``session`` in the place of :data:`current`."""
    global current  # noqa: PLW0603 (one process, one session)
    current = session
