"""One action run: choose the action, check its input, lock, execute, and say how it went."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from soarkit_app import checks
from soarkit_app.action_json import whole_number

from soarkit.errors import InputError, LockTimeout
from soarkit.execute.executor import Executor
from soarkit.execute.request import ExecuteRequest, Listener
from soarkit.manifest.locks import lock_names
from soarkit.manifest.model import Action, App
from soarkit.manifest.runnable import require_runnable
from soarkit.manifest.selection import choose_action
from soarkit.runtime import action_json, inputs, locks, polling
from soarkit.runtime.asset import Asset
from soarkit.runtime.ends import Ends
from soarkit.runtime.keeping import Keeper, kept
from soarkit.runtime.log import RunLog
from soarkit.runtime.platform import Platform, RunContext
from soarkit.runtime.redact import Redactor, remembering
from soarkit.runtime.result import RunResult

if TYPE_CHECKING:
    from soarkit.runtime.transforms import TransformRun

#: Seconds an action may take unless the caller says otherwise; of a bundle's transform see ``transforms``.
DEFAULT_TIMEOUT = 3600.0


@dataclass(frozen=True)
class Recording:
    """HTTP traffic to be written to, or answered from, a file.

    :param mode: "record" or "replay"
    """

    path: str
    mode: str


@dataclass(frozen=True)
class RunRequest:
    """What to run.

    :param action: the action's name or identifier
    :param parameters: one dictionary per ``handle_action`` call
    :param timeout: seconds the app may take; waiting for locks does not count. None: what is usual, an hour for an
        action and half a minute for each value that a bundle's transform is asked about
    :param variables: environment variables for the app, on top of what it inherits
    :param given: further keys of a hand-written action JSON
    :param shared: environment variables for every app, as an action JSON has them; the asset's own win
    :param kept: whether the run is kept, to be looked at later
    :param entity_type: of a bundle's transform, the type that the value is to be taken for; None: what it looks like
    """

    app: App
    action: str
    parameters: Sequence[Mapping[str, Any]] = ({},)
    asset: Asset = field(default_factory=Asset)
    timeout: float | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    recording: Recording | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    shared: Mapping[str, Any] = field(default_factory=dict)
    kept: bool = True
    entity_type: str | None = None


class Surroundings(Keeper, Protocol):
    """What a run needs of the place it runs in. The host wires it."""

    @property
    def app_home(self) -> str:
        """What apps know as PHANTOM_HOME."""

    @property
    def lock_folder(self) -> str:
        """Where lock files are."""

    @property
    def log_folder(self) -> str:
        """Where logs are written."""

    @property
    def bytecode_folder(self) -> str:
        """Where the byte code of apps' own modules is kept."""

    @property
    def installation(self) -> Mapping[str, Any]:
        """What else apps are told of the installation (see ``soarkit_app.runner``)."""

    @property
    def product_version(self) -> str:
        """The platform version that apps are told."""

    def python_for(self, app: App, note: Callable[[str], None]) -> str:
        """The interpreter of the app's environment, built first when need be."""

    def recorder_for(self, python: str, note: Callable[[str], None]) -> str:
        """The folder with the recording library for that interpreter."""

    def platform(self, context: RunContext) -> AbstractContextManager[Platform]:
        """The platform that the app finds during one run."""


class Observer:
    """Who watches a run: every method may be overridden, the default ignores it."""

    def began(self, key: str) -> None:
        """The run is kept, and called by this key."""

    def progress(self, text: str, transient: bool) -> None:
        """The app's progress; ``transient`` text is replaced by the next."""

    def note(self, text: str) -> None:
        """What soarkit does or noticed: building, waiting, warnings."""

    def log(self, level: str, text: str) -> None:
        """A line of the run's log, secrets already masked."""


class _Listening(Listener):
    """Passes what comes from the app's process on, without its secrets."""

    def __init__(self, observer: Observer, log: RunLog, redactor: Redactor) -> None:
        self._observer, self._log, self._redactor = observer, log, redactor

    def progress(self, text: str, transient: bool) -> None:
        self._observer.progress(self._redactor.text(text), transient)
        if not transient:
            self._log.line("progress", text)

    def log(self, level: str, text: str) -> None:
        self._log.line(level, text)

    def output(self, stream: str, data: bytes) -> None:
        self._log.output(stream, data)


class PreparedRun:
    """A run that may go ahead: its action is chosen and its input is checked.

    :raises RequestError: it may not
    :ivar python: the interpreter it ran with, once it has run
    :ivar key: what it is kept under, once it has begun
    :ivar warnings: what is odd about the input without being a reason to refuse it
    """

    def __init__(self, request: RunRequest) -> None:
        app, asset = request.app, request.asset
        self.request = request
        self.python: str | None = None
        self.key: str | None = None
        require_runnable(app)
        _require_json(request)
        self.parameters: list[Mapping[str, Any]] = list(request.parameters) or [{}]
        self.transform: TransformRun | None = None
        self.timeout = DEFAULT_TIMEOUT
        self.warnings: list[str] = []
        if app.kind == "enrichment":
            from soarkit.runtime import transforms  # late: connectors do without

            self.transform = transforms.TransformRun(request)
            self.timeout = transforms.DEFAULT_TIMEOUT
            self.action: Action = self.transform.action
            self.parameters, self.warnings = self.transform.parameters, self.transform.understood
        else:
            self.action = choose_action(app, request.action, asset.product_version)
        if request.timeout is not None:
            self.timeout = request.timeout
        if not self.timeout > 0:  # not a number is neither above nor below
            raise InputError(f"the time limit is {self.timeout} s; it must be above 0", where="timeout")
        if polling.is_poll(self.action):
            self.parameters = [*polling.filled(self.parameters)]
        self.warnings = [*self.warnings, *inputs.check(app, self.action, asset, self.parameters)]
        self.action_json = action_json.build(
            *(app, self.action, asset, self.parameters, request.given),
            shared=request.shared,
            variables=request.variables,
        )
        # The app inherits the host's proxies as well.
        variables = {**os.environ, **request.variables}
        self.secrets = inputs.secrets(app, self.action, asset, self.parameters, self.action_json, variables)
        self.redactor = Redactor(self.secrets.values())
        self._masked: tuple[RunResult, dict[str, Any] | None] | None = None

    @property
    def main_module(self) -> str:
        """What the run starts with, for imports ahead of the next one: the app's main module or a bundle's script."""
        return self.request.app.main_module if self.transform is None else self.transform.module

    def execute(self, surroundings: Surroundings, executor: Executor, observer: Observer) -> RunResult:
        """Run it to its end.

        :raises SoarkitError: there is no result: the app or something around it broke, or it was cancelled
        """
        if not self.request.kept:
            return self._execute(surroundings, executor, observer)
        return kept(self, surroundings, observer, lambda: self._execute(surroundings, executor, observer))

    def masked(self, result: RunResult) -> dict[str, Any] | None:
        """The result JSON without secrets; None where it holds none and can be shown as it is."""
        if self._masked is None or self._masked[0] is not result:
            masked = self.redactor.result(result.to_dict()) if self.redactor.concerns(result.raw) else None
            self._masked = result, masked
        return self._masked[1]

    def _execute(self, surroundings: Surroundings, executor: Executor, observer: Observer) -> RunResult:
        app = self.request.app

        def note(text: str) -> None:
            observer.note(self.redactor.text(text))

        python = self.python = surroundings.python_for(app, note)
        ends = Ends(
            *(app.name, self.action.name, self.timeout, self.request.recording, self.redactor),
            script=self.transform is not None,
        )
        log = RunLog(surroundings.log_folder, f"{app.name} {self.action.name}", self.redactor, observer.log)
        try:
            with (
                self._app_home(surroundings) as home,
                # Before the locks: others wait for them.
                surroundings.platform(self._context(home, log)) as platform,
                locks.take(surroundings.lock_folder, self._poll_wish(), note) as polling_alone,
                locks.take(surroundings.lock_folder, self._lock_wish(), note) as held,
            ):
                request = ExecuteRequest(
                    python=python,
                    message=self._message(surroundings, platform, home, python, note),
                    timeout=self.timeout,
                    answers=remembering(platform.answers, self.redactor),
                    done=platform.done,
                    held=(*polling_alone.descriptors, *held.descriptors),
                )
                listener = _Listening(observer, log, self.redactor)
                if self.transform is not None:
                    about = (self.action_json, request)
                    return self.transform.execute(*about, executor, listener, log, ends, note)
                outcome = executor.run(request, listener)
        except LockTimeout as error:
            raise LockTimeout(self.redactor.text(error.message), hint=error.hint) from None
        finally:
            log.close()
        result = ends.result(outcome, log)
        # When recording, the action has been done and has its result; only the file is missing.
        for problem in outcome.problems:
            note(f"warning: {problem}")
        return result

    @contextmanager
    def _app_home(self, surroundings: Surroundings) -> Iterator[str]:
        """What the app knows as PHANTOM_HOME.

        A recording has to stand for itself: with an empty home of its own, it neither depends on what earlier runs left
        in the app's state, nor do answers from a file end up there.
        """
        if self.request.recording is None:
            yield surroundings.app_home
            return
        import tempfile

        with tempfile.TemporaryDirectory(prefix="soarkit-", ignore_cleanup_errors=True) as home:
            yield home

    def _context(self, home: str, log: RunLog) -> RunContext:
        request, given = self.request, self.action_json
        return RunContext(
            app=request.app,
            asset_id=given["asset_id"],
            asset_name=request.asset.name,
            container_id=whole_number(given["container_id"]),
            container_label=str(given["config"]["ingest"]["container_label"]),
            key=self.key,
            app_home=home,
            recording=None if request.recording is None else request.recording.mode,
            note=lambda text: log.line("error", text),
            asset=request.asset,
        )

    def _lock_wish(self) -> locks.LockWish:
        request, lock = self.request, self.action.lock
        asset = request.asset
        # A value that is left to its default is the same lock as one that is given.
        declared = self.action.raw.get("parameters", {})
        parameters = [checks.fill_defaults(dict(one), declared) for one in self.parameters]
        configuration = checks.fill_defaults(dict(asset.configuration), request.app.raw["configuration"])
        names = lock_names(lock, parameters, configuration, asset.lock_name)
        return locks.LockWish(
            names=names,
            concurrent=lock is not None and lock.concurrency,
            limit=asset.concurrency_limit,
            timeout=locks.DEFAULT_TIMEOUT if lock is None else lock.timeout,
            holder={"app": request.app.name, "action": self.action.name},
        )

    def _poll_wish(self) -> locks.LockWish:
        """What keeps polls of one asset apart, also where the app lets its actions run at the same time."""
        request = self.request
        about = request.asset.lock_name or f"{request.app.appid} {self.action_json['asset_id']}"
        return locks.LockWish(
            names=[f"poll of {about}"] if polling.is_poll(self.action) else [],
            concurrent=False,
            limit=None,
            timeout=locks.DEFAULT_TIMEOUT,
            holder={"app": request.app.name, "action": self.action.name},
        )

    def _message(
        self, surroundings: Surroundings, platform: Platform, home: str, python: str, note: Callable[[str], None]
    ) -> dict[str, Any]:
        request, app = self.request, self.request.app
        recording = None
        if request.recording is not None:
            recording = {
                "path": os.path.abspath(request.recording.path),
                "mode": request.recording.mode,
                "secrets": self.secrets,
                "packages": surroundings.recorder_for(python, note),
            }
        return {
            "app_dir": app.folder,
            "main_module": app.main_module,
            "manifest_path": app.manifest_path,
            "input": self.action_json,
            "home": home,
            "bytecode": surroundings.bytecode_folder,
            "base_url": platform.base_url,
            "product_version": surroundings.product_version,
            # Requests may hold the installation's id, and those of a replay have to be the recorded ones.
            "installation": {**surroundings.installation, **({"seed": ""} if recording is not None else {})},
            "environment": {**platform.variables, "PHANTOM_HOME": home, **request.variables},
            "recording": recording,
        }


def _require_json(request: RunRequest) -> None:
    """What goes to the app goes as JSON."""
    try:
        json.dumps([[dict(one) for one in request.parameters], dict(request.asset.configuration)])
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"parameters and configuration must be JSON objects: {error}") from None
