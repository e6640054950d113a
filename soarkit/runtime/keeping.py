"""Keeps what became of a run: begun before anything is started, ended exactly once, whatever ended it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from soarkit_app.action_json import whole_number

from soarkit.errors import Cancelled, SoarkitError
from soarkit.execute.interrupts import Interrupts
from soarkit.runtime.redact import MASK

if TYPE_CHECKING:
    from soarkit.runtime.result import RunResult
    from soarkit.runtime.run import Observer, PreparedRun


class OpenRecord(Protocol):
    """A run that has begun and is kept. Where its owner dies, whoever looks next sees that."""

    @property
    def key(self) -> str | None:
        """What the run is called by."""

    def finish(
        self,
        *,
        status: str,
        message: str,
        exit_code: int,
        elapsed: float,
        result: bytes | None,
        error: dict[str, Any] | None,
        log_path: str | None,
    ) -> None:
        """Say how it ended. That this cannot be written is no reason to lose the run's result.

        :param status: "success", "failed" or "cancelled"
        :param elapsed: seconds
        :param result: the result JSON, secrets masked
        :param error: as :meth:`soarkit.errors.SoarkitError.to_dict` gives it
        """


class Keeper(Protocol):
    """Where runs are kept."""

    def keep(self, about: dict[str, Any], note: Callable[[str], None]) -> OpenRecord | None:
        """Begin a record; None where there is no place for it.

        :param about: what :func:`about_run` gives
        :param note: told why there will be none
        """


def kept(run: PreparedRun, keeper: Keeper, observer: Observer, execute: Callable[[], RunResult]) -> RunResult:
    """Execute a run, and keep it.

    :param execute: runs it to its end
    :raises SoarkitError: as ``execute`` does
    """
    start = time.monotonic()
    record: OpenRecord | None = None
    ending: dict[str, Any] | None = None
    try:
        record = keeper.keep(about_run(run), observer.note)
        key = run.key = None if record is None else record.key
        if key is not None:
            observer.began(key)
        result = execute()
        result.id = key
        ending = _of_result(run, result)
    except BaseException as error:
        ending = _of_error(run, error, time.monotonic() - start)
        raise
    else:
        return result
    finally:
        if record is not None and ending is not None:
            with Interrupts():  # what has ended is written down, also when Ctrl-C is pressed just then
                record.finish(**ending)


def about_run(run: PreparedRun) -> dict[str, Any]:
    """What is kept of a run before it starts. Of the configuration nothing is."""
    app, asset = run.request.app, run.request.asset
    passwords = {one.name for one in run.action.parameters.values() if one.data_type == "password"}
    parameters = [
        {name: MASK if name in passwords and value not in (None, "") else value for name, value in one.items()}
        for one in run.parameters
    ]
    return {
        "app": app.name,
        "appid": app.appid,
        "app_version": app.app_version,
        "app_path": app.manifest_path,
        "action": run.action.name,
        "identifier": run.action.identifier,
        "asset": asset.name,
        "asset_id": int(asset.id) if asset.id is not None and asset.id.isdecimal() else None,
        "container": whole_number(run.action_json["container_id"]) or None,
        "parameters": run.redactor.data(parameters),
    }


def _of_result(run: PreparedRun, result: RunResult) -> dict[str, Any]:
    masked = run.masked(result)
    return {
        "status": result.status,
        "message": run.redactor.text(result.message),
        "exit_code": 0 if result.ok else 1,
        "elapsed": result.elapsed,
        "result": result.raw if masked is None else _dump(masked),
        "error": None,
        "log_path": result.log_path,
    }


def _of_error(run: PreparedRun, problem: BaseException, elapsed: float) -> dict[str, Any]:
    if isinstance(problem, SoarkitError):
        error = problem
    elif isinstance(problem, KeyboardInterrupt):
        error = Cancelled("cancelled")
    else:
        error = SoarkitError(f"internal error: {type(problem).__name__}: {problem}")
    told = run.redactor.data(error.to_dict())
    return {
        "status": "cancelled" if isinstance(error, Cancelled) else "failed",
        "message": told["message"],
        "exit_code": error.exit_code,
        "elapsed": elapsed,
        "result": None if error.result is None else _dump(error.result),
        "error": told,
        "log_path": error.log,
    }


def _dump(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
