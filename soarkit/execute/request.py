"""What is asked of an app's process, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class ExecuteRequest:
    """One run of one app in a process of its own.

    :param python: the interpreter of the app's environment
    :param message: the ``run`` message for the app side (see ``soarkit_app.runner``), without its ``t``
    :param timeout: seconds the process may take, from the moment it gets the request
    :param answers: what the host can be asked for: name → function of the arguments. They are called one after another,
        in a thread of their own; an error they raise becomes the app's error text
    :param done: called in that thread after the last answer; not at all where nothing was asked
    :param held: descriptors of held locks; the process keeps copies, so that a killed host does not free them early
    :param patience: seconds between the request to stop and the end by force
    :param stop: a descriptor that becomes readable when the run is to be cancelled: signals reach the main thread alone
    """

    python: str
    message: Mapping[str, Any]
    timeout: float
    answers: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    done: Callable[[], None] = _nothing
    held: Sequence[int] = ()
    patience: float = 5.0
    stop: int | None = None


class Ending(Enum):
    """How the process ended."""

    RESULT = "result"  #: it handed over a result, whatever that says
    FAILURE = "failure"  #: the app side said why there can be no result
    CRASH = "crash"  #: the process ended without a word
    TIMEOUT = "timeout"  #: it was ended because its time was up
    CANCELLED = "cancelled"  #: it was ended because the caller asked
    LINK_LOST = "link-lost"  #: it ran on, but closed the link that its result travels on


@dataclass(frozen=True)
class Outcome:
    """The end of a run, known exactly once.

    :param ending: how it ended
    :param result: the result JSON as bytes; with :attr:`Ending.CANCELLED` and :attr:`Ending.TIMEOUT` what the app
        still handed over, else None
    :param failure: ``code``, ``message``, ``where``, ``hint`` of a failure the app side reported
    :param status: exit status; negative: the signal that ended the process
    :param phase: the last phase the app side reported: "start", "import", "construct", "action", "end"
    :param problems: what the run asked for that its recording does not hold
    :param elapsed: seconds from the process's start to its end
    """

    ending: Ending
    result: bytes | None
    failure: Mapping[str, Any] | None
    status: int
    phase: str
    problems: Sequence[str]
    elapsed: float


class Listener:
    """Who is told what a run does while it runs. Every method may be overridden; the default ignores it."""

    def progress(self, text: str, transient: bool) -> None:
        """The app says how far it is; ``transient`` text replaces the previous transient one."""

    def log(self, level: str, text: str) -> None:
        """A line for the run's log; ``level`` is "debug", "info" or "error"."""

    def output(self, stream: str, data: bytes) -> None:
        """The app printed; ``stream`` is "stdout" or "stderr"."""
