"""Every error soarkit raises on purpose, by whose fault it is.

::

    SoarkitError
    ├── RequestError              exit 2   what was asked for is wrong
    │   ├── UsageError                     the command line or a call's arguments
    │   ├── ManifestError                  the app's JSON, or what it points to
    │   ├── InputError                     parameters or asset configuration
    │   └── ArchiveError                   a tarball that is damaged or hostile
    ├── AppError                  exit 3   the app broke before it could answer
    │   ├── AppImportError                 its module cannot be imported, or holds no connector
    │   ├── AppCrashed                     its process ended without a result
    │   ├── AppTimeout                     it ran out of time
    │   └── LinkLost                       it closed the connection that results travel on
    ├── SurroundingsError         exit 3   the machine, not the app
    │   ├── LockTimeout                    another run holds the lock
    │   ├── BuildError                     the app's environment cannot be built
    │   └── ReplayError                    the run did not follow its recording
    └── Cancelled                 exit 130 the person pressed Ctrl-C

A *failed action* is none of these: the app ran and said no, which is a result (``status`` "failed", exit code 1).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class SoarkitError(Exception):
    """What happened, where, and the next step.

    :param message: one sentence for a person, without secrets
    :param where: the file, JSON pointer, parameter or address concerned, when there is one
    :param hint: what to do about it, when that is known
    :ivar log: file with the run's log, when there is one
    :ivar result: what the app still handed over before it was stopped, as the result JSON; secrets masked
    """

    code = "error"  #: stable name for programs, in the error envelope
    exit_code = 3  #: exit status of the command line

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        self.log: str | None = None
        self.result: dict[str, Any] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions pickle as cls(*args), which loses keyword-only fields; errors cross process borders.
        return _rebuild, (type(self), self.message, self.where, self.hint, self.log, self.result)

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n  {self.hint}" if self.hint else text

    def to_dict(self) -> dict[str, Any]:
        """The error's part of an envelope: ``code``, ``message``, ``where``, ``hint``, ``log``."""
        return {
            "code": self.code,
            "message": self.message,
            "where": self.where,
            "hint": self.hint,
            "log": self.log,
        }


def typed(argument: str) -> str:
    """An argument of a command as it is typed into a shell: for hints that name a command."""
    import shlex

    return shlex.quote(argument)


def _rebuild(
    cls: type[SoarkitError],
    message: str,
    where: str | None,
    hint: str | None,
    log: str | None,
    result: dict[str, Any] | None,
) -> SoarkitError:
    error = cls(message, where=where, hint=hint)
    error.log = log
    error.result = result
    return error


class RequestError(SoarkitError):
    """What was asked for is wrong; nothing of the app ran."""

    code = "request"
    exit_code = 2


class UsageError(RequestError):
    """The command line, or the arguments of a call, make no sense."""

    code = "usage"


class ManifestError(RequestError):
    """The app's JSON is broken or does not describe a runnable app."""

    code = "manifest"


class InputError(RequestError):
    """Parameters or asset configuration are missing, unknown or of the wrong type."""

    code = "input"


class ArchiveError(RequestError):
    """A tarball is damaged, or holds something no app package may hold."""

    code = "archive"


class AppError(SoarkitError):
    """The app broke in a way that left no result of its own."""

    code = "app"


class AppImportError(AppError):
    """The app's main module cannot be imported, or has no (or more than one) connector class."""

    code = "app-import"


class AppCrashed(AppError):
    """The app's process ended without handing over a result."""

    code = "app-crashed"


class AppTimeout(AppError):
    """The app did not finish within the run's time limit."""

    code = "app-timeout"


class LinkLost(AppError):
    """The app closed the descriptor that its result travels on."""

    code = "link-lost"


class SurroundingsError(SoarkitError):
    """Something around the app failed: lock, environment, recording, disk."""

    code = "surroundings"


class LockTimeout(SurroundingsError):
    """Another run held the lock for longer than this one was allowed to wait."""

    code = "lock-timeout"


class BuildError(SurroundingsError):
    """The app's environment could not be built."""

    code = "environment"


class ReplayError(SurroundingsError):
    """The run asked for something its recording does not hold."""

    code = "replay"


class Cancelled(SoarkitError):
    """The run was stopped by the person who started it."""

    code = "cancelled"
    exit_code = 130
