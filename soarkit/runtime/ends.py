"""What the end of a run's process comes to: a result that counts, or why there is none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from soarkit.errors import (
    AppCrashed,
    AppError,
    AppImportError,
    AppTimeout,
    Cancelled,
    LinkLost,
    ReplayError,
    RequestError,
    SoarkitError,
)
from soarkit.execute.request import Ending, Outcome
from soarkit.runtime.log import RunLog
from soarkit.runtime.redact import Redactor
from soarkit.runtime.result import RunResult

if TYPE_CHECKING:
    from soarkit.runtime.run import Recording

_DOING = {"import": "while its main module was imported", "construct": "while its connector was made"}
_KINDS: dict[str, type[SoarkitError]] = {"app-import": AppImportError, "recording": RequestError}


class Ends:
    """Judges how the processes of one run end.

    :param timeout: seconds that each may take
    :param script: whether the app is a bundle's script, which has no result of its own: what it printed counts
    """

    def __init__(
        self, app: str, action: str, timeout: float, recording: Recording | None, redactor: Redactor, *, script: bool
    ) -> None:
        self._place = f"{app}, {action!r}"
        self.timeout, self.recording, self.redactor, self.script = timeout, recording, redactor, script

    def result(self, outcome: Outcome, log: RunLog) -> RunResult:
        """The result that a connector's process left.

        :raises SoarkitError: there is none that counts
        """
        path = log.path if log.written else None
        error = self.error(outcome)
        if error is None and outcome.result is not None:
            return RunResult(outcome.result, elapsed=outcome.elapsed, log_path=path)
        error = error or AppCrashed(_crash(outcome.status), where=self._where(outcome))
        error.log = path
        if outcome.result is not None:
            error.result = self.redactor.result(json.loads(outcome.result))
        raise error

    def error(self, outcome: Outcome) -> SoarkitError | None:
        """Why the run has no result that counts; None when it has, or when its process just ended."""
        where = self._where(outcome)
        if outcome.ending is Ending.CANCELLED:
            return Cancelled("cancelled")
        if outcome.ending is Ending.TIMEOUT:
            limit = f"{self.timeout:g} s"
            return AppTimeout(
                f"the {'script' if self.script else 'app'} timed out: it did not finish within {limit} and was stopped",
                where=where,
                hint="--timeout SECONDS gives more",
            )
        recording = self.recording
        if outcome.problems and recording is not None and recording.mode == "replay":
            return ReplayError(
                self.redactor.text("the run left its recording: " + "; ".join(outcome.problems)), where=recording.path
            )
        if outcome.result is None and outcome.failure is not None and outcome.failure["code"] != "script":
            return self._failure(outcome.failure)
        if outcome.result is None and outcome.ending is Ending.LINK_LOST and not self.script:
            return LinkLost("the app closed the connection that its result travels on", where=where)
        return None

    def _failure(self, failure: Mapping[str, str | None]) -> SoarkitError:
        kind = _KINDS.get(failure["code"] or "", AppError)
        text = self.redactor.text(failure["message"] or "")
        return kind(text, where=failure["where"], hint=failure["hint"])

    def _where(self, outcome: Outcome) -> str:
        return f"{self._place}, {_DOING[outcome.phase]}" if outcome.phase in _DOING else self._place


def _crash(status: int) -> str:
    if status >= 0:
        return f"the app ended its process (exit status {status}) before it returned a result"
    import signal

    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f"the app's process was killed by {name} before it returned a result"
