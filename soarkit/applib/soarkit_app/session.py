"""What surrounds the connector: a terminal when an app is run by hand, the host when the runtime runs it.

One module-level object, :data:`current`. By hand (``python my_connector.py test.json``) the defaults of
:class:`Session` hold; the runner installs a session of its own before it imports the app.

What is logged and shown goes through the functions :func:`log`, :func:`log_traceback` and :func:`progress`, which
mask the run's secrets; the session's own methods only carry it away.
"""

from __future__ import annotations

import os
import sys

from soarkit_app.messages import exception_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional

    from soarkit_app.connector import BaseConnector

#: Apps dump whole responses; a log line longer than this helps nobody.
_LONGEST_LOG = 100_000

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
        self.app_dir: Optional[str] = None  #: the app's folder; None: that of the connector class's file
        self.manifest_path: Optional[str] = None  #: the app JSON; None: look beside the connector class's file
        self.home: str = _default_phantom_home()  #: PHANTOM_HOME for apps; created when something is put there
        self.base_url: str = "https://localhost:9999/"  #: ends in "/" (connector API 2.8)
        self.product_version: str = "8.6.0"  #: the platform version that apps are told
        self.ca_bundle: Optional[str] = None  #: the file of certificates that this run was told to use
        self.trusted: Optional[List[str]] = None  #: files of certificates to trust; None: those in soarkit's home
        self.fips: Optional[bool] = None  #: what SOARKIT_FIPS says; None: nothing
        #: The file that the installation's id is made of; empty in a recording, which must not depend on where it is.
        self.installation: str = os.path.join(soarkit_home(), "installation_id")
        self.runtime: bool = False  #: True under the runner
        self.debug_level: int = 0  #: ``debug_level`` of the action JSON under way
        #: The connector whose action is under way, or was last; None before the first. A signal's handler finds it
        #: here, and apps' tests as ``phantom.base_connector.connector_obj``.
        self.connector: Optional[BaseConnector] = None

    def progress(self, text: str, transient: bool) -> None:
        """Carry a progress message away. :param transient: it only matters now (``send_progress``)"""
        if text or not transient:
            _print(text, sys.stdout)

    def log(self, level: str, text: str) -> None:
        """Carry a log line away. :param level: "debug", "info" or "error"

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
        if self.runtime:
            raise ServiceUnavailable(f"soarkit does not offer {name}")
        raise ServiceUnavailable(f"{name} works only where soarkit runs the app, as with: soarkit run APP ACTION")


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


def log(level: str, text: str) -> None:
    """Log a text without the run's secrets, and at a length that somebody may read.

    :param level: "debug", "info" or "error"
    """
    text = _masked(text)
    if len(text) > _LONGEST_LOG:
        text = f"{text[:_LONGEST_LOG]}... ({len(text) - _LONGEST_LOG} more characters)"
    current.log(level, text)


def log_traceback(exception: BaseException) -> None:
    """Log an exception with its traceback, which belongs there and not in messages."""
    import traceback

    try:
        lines = traceback.format_exception(type(exception), exception, exception.__traceback__)
    except Exception:  # Python 3.9 asks an exception for its truth value, which an app's own class may refuse
        lines = [f"{type(exception).__name__}: {exception_text(exception)}"]
    log("error", "".join(lines).rstrip())


def progress(text: str, transient: bool) -> None:
    """Show a progress message without the run's secrets. :param transient: it only matters now"""
    current.progress(_masked(text), transient)


def _masked(text: str) -> str:
    return text if current.connector is None else current.connector._soarkit_mask(text)
