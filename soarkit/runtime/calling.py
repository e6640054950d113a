"""Calling one of an app's own functions, other than its actions, in a process of its own: handlers, hooks, views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from soarkit.errors import AppCrashed, AppError, AppImportError, AppTimeout, Cancelled, LinkLost
from soarkit.execute.executor import Executor
from soarkit.execute.request import Ending, ExecuteRequest, Listener, Outcome
from soarkit.manifest.model import App
from soarkit.runtime import action_json
from soarkit.runtime.asset import Asset
from soarkit.runtime.log import RunLog
from soarkit.runtime.platform import Platform, RunContext
from soarkit.runtime.redact import Redactor, remembering
from soarkit.runtime.run import Observer, Surroundings


@dataclass(frozen=True)
class FunctionCall:
    """A call on its way to an app's function.

    :param what: what kind of function it is, in messages and in the name of the log: ``REST handler``
    :param function: ``module.function``, as the app JSON has it
    :param kind: the key of the ``run`` message that the call travels under (see ``soarkit_app.runner``)
    :param described: the call itself, which goes there
    :param timeout: seconds it may take
    :param python: the interpreter; None: that of the app's environment
    """

    app: App
    what: str
    function: str
    kind: str
    described: Mapping[str, Any]
    redactor: Redactor
    timeout: float
    asset: Asset = field(default_factory=Asset)
    python: str | None = None

    def execute(self, surroundings: Surroundings, executor: Executor, observer: Observer) -> tuple[bytes, str | None]:
        """Make the call; return the answer, as JSON text, and the path of the log where one was written.

        :raises SoarkitError: there is no answer: the function cannot be loaded, or its process broke
        """
        app = self.app

        def note(text: str) -> None:
            observer.note(self.redactor.text(text))

        python = self.python or surroundings.python_for(app, note)
        log = RunLog(surroundings.log_folder, f"{app.name} {self.what}", self.redactor, observer.log)
        try:
            with surroundings.platform(self._context(surroundings.app_home, log)) as platform:
                request = ExecuteRequest(
                    python=python,
                    message=self._message(surroundings, platform),
                    timeout=self.timeout,
                    answers=remembering(platform.answers, self.redactor),
                    done=platform.done,
                )
                outcome = executor.run(request, _Logging(log))
        finally:
            log.close()
        log_path = log.path if log.written else None
        error = self._error(outcome)
        if error is not None or outcome.result is None:
            error = error or AppCrashed("the app's process ended before it answered", where=self._where)
            error.log = log_path
            raise error
        return outcome.result, log_path

    @property
    def _where(self) -> str:
        return f"{self.app.name}, {self.what} {self.function}"

    def _context(self, home: str, log: RunLog) -> RunContext:
        configured = action_json.configuration(self.app, self.asset)
        return RunContext(
            app=self.app,
            asset_id=self.asset.effective_id(self.app),
            asset_name=self.asset.name,
            container_id=0,
            container_label=str(configured["ingest"]["container_label"]),
            key=None,
            app_home=home,
            recording=None,
            note=lambda text: log.line("error", text),
        )

    def _message(self, surroundings: Surroundings, platform: Platform) -> dict[str, Any]:
        app = self.app
        return {
            "app_dir": app.folder,
            "main_module": app.main_module,
            "manifest_path": app.manifest_path,
            "input": None,
            self.kind: self.described,
            "home": surroundings.app_home,
            "bytecode": surroundings.bytecode_folder,
            "base_url": platform.base_url,
            "product_version": surroundings.product_version,
            "installation": dict(surroundings.installation),
            "environment": {**platform.variables, "PHANTOM_HOME": surroundings.app_home},
            "recording": None,
        }

    def _error(self, outcome: Outcome) -> AppError | Cancelled | None:
        if outcome.ending is Ending.CANCELLED:
            return Cancelled("cancelled")
        if outcome.ending is Ending.TIMEOUT:
            limit = f"{self.timeout:g} s"
            return AppTimeout(f"the {self.what} did not answer within {limit} and was stopped", where=self._where)
        if outcome.result is not None:
            return None
        if outcome.failure is not None:
            failure = outcome.failure
            return AppImportError(self.redactor.text(failure["message"]), where=failure["where"], hint=failure["hint"])
        if outcome.ending is Ending.LINK_LOST:
            return LinkLost("the app closed the connection that its answer travels on", where=self._where)
        return None


class _Logging(Listener):
    """Writes what comes from the app's process to the log. Nobody waits for progress of a request."""

    def __init__(self, log: RunLog) -> None:
        self._log = log

    def progress(self, text: str, transient: bool) -> None:
        if not transient:
            self._log.line("progress", text)

    def log(self, level: str, text: str) -> None:
        self._log.line(level, text)

    def output(self, stream: str, data: bytes) -> None:
        self._log.output(stream, data)
