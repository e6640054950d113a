"""One run of a bundle's transform: what its script is told, and what its output makes of the run.

The script runs in the app's process as ``python script.py`` would. Its standard output is read here, so that neither a
crash nor ``os._exit`` loses what it printed before. The result JSON has the form that connectors' have, with the output
document as its data (enrichment reference, sections 2.1 to 2.3).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from soarkit_app import jsonsafe

from soarkit.errors import AppError, RequestError, SoarkitError
from soarkit.execute.executor import Executor
from soarkit.execute.request import ExecuteRequest, Listener, Outcome
from soarkit.manifest.bundles import entity_types
from soarkit.manifest.bundles.app_json import FIELDS, VALUE, transform_of
from soarkit.manifest.bundles.entity_types import PHRASE
from soarkit.manifest.bundles.libraries import imported
from soarkit.manifest.bundles.metadata import Transform
from soarkit.manifest.bundles.selecting import choose_transform
from soarkit.manifest.keys import SOURCE
from soarkit.manifest.model import Action, App
from soarkit.manifest.runnable import require_script
from soarkit.runtime import output
from soarkit.runtime.ends import Ends
from soarkit.runtime.log import RunLog
from soarkit.runtime.redact import Redactor
from soarkit.runtime.result import RunResult

if TYPE_CHECKING:
    from soarkit.runtime.run import RunRequest

#: Seconds a transform may take unless the caller says otherwise (guide, chapter 4).
DEFAULT_TIMEOUT = 30.0
_LIBRARIES = frozenset((b"anomalienrichment", b"anomalitransform"))


def understood(
    parameters: Sequence[Mapping[str, Any]], transform: Transform
) -> tuple[list[Mapping[str, Any]], list[str]]:
    """The parameters with values made whole again that had been made harmless (``example[.]com``), and what that was.

    A transform for phrases gets any value as it stands.
    """
    if transform.entity_type == PHRASE.constant:
        return list(parameters), []
    made: list[Mapping[str, Any]] = []
    said = []
    for one in parameters:
        value = one.get(VALUE)
        meant = entity_types.understood(value) if isinstance(value, str) else value
        if meant != value:
            said.append(f"taking {value!r} for {meant!r}")
        made.append(one if meant == value else {**one, VALUE: meant})
    return made, said


class TransformRun:
    """What a run of a bundle does differently from one of a connector.

    :raises RequestError: there is no such transform, or it is not for these values
    :raises ManifestError: its script is not there
    :ivar action: the transform as an action of the app
    :ivar parameters: one set for each value
    :ivar understood: what was taken for something else than it says
    """

    def __init__(self, request: RunRequest) -> None:
        app, configuration = request.app, request.asset.configuration
        given = list(request.parameters) or [{}]
        self.action = action = _chosen(app, request.action, given, request.entity_type)
        require_script(app, action)
        self._place = f"{app.name}, {action.name!r}"
        self.transform = transform_of(app, action.index)
        self.parameters, self.understood = understood(given, self.transform)
        self._source = os.path.join(app.folder, SOURCE)
        self._credentials = {
            name: configuration[name]
            for name in app.raw["configuration"]
            if configuration.get(name) is not None and configuration[name] != ""
        }

    @property
    def module(self) -> str:
        """The script as a path below the bundle's folder: what it imports may be imported ahead of a run."""
        return f"{SOURCE}/{self.transform.script}"

    def execute(
        self,
        action_json: Mapping[str, Any],
        request: ExecuteRequest,
        executor: Executor,
        listener: Listener,
        log: RunLog,
        ends: Ends,
        note: Callable[[str], None],
    ) -> RunResult:
        """Run the script once for each value: a script knows one.

        :param request: what every process of the run is asked
        :param ends: knows why a process's end leaves no result that counts
        :raises SoarkitError: there is no result
        """
        entries: list[dict[str, Any]] = []
        elapsed = 0.0
        for parameters in self.parameters:
            printed = Printed(listener)
            try:
                with _scratch_folder() as scratch:
                    about = self.message(parameters, scratch, action_json)
                    message = {**request.message, "input": None, "transform": about}
                    # Not asked to stop first: a bare `except:` would take that for an error of its own.
                    outcome = executor.run(replace(request, message=message, patience=0.0), printed)
                problem = ends.error(outcome)
                if problem is not None:
                    raise problem
            except SoarkitError as error:
                error.where = error.where or self._place
                error.log = log.path if log.written else None
                raise
            elapsed += outcome.elapsed
            entries.append(self.entry(parameters, outcome, bytes(printed.content), log.line, ends.redactor))
            for missing in outcome.problems:
                note(f"warning: {missing}")
        return result_of(entries, action_json, elapsed, log)

    def message(self, parameters: Mapping[str, Any], scratch: str, action_json: Mapping[str, Any]) -> dict[str, Any]:
        """The key ``transform`` of the request (see :mod:`soarkit_app.enrichment.running`).

        :param scratch: a folder for the script's temporary files
        """
        value, fields = _text(parameters.get(VALUE)), _text(parameters.get(FIELDS))
        if fields and self._is_maltego():
            fields = _maltego_fields(fields)
        return {
            "source": self._source,
            "script": self.transform.script,
            "arguments": [*self.transform.parameters[1:], value, *([fields] if fields else [])],
            "credentials": self._credentials,
            "scratch": scratch,
            "variables": [
                action_json.get("environment_variables"),
                action_json["config"].get("_reserved_environment_variables"),
            ],
            "salt": action_json["asset_id"],
        }

    def entry(
        self,
        parameters: Mapping[str, Any],
        outcome: Outcome,
        printed: bytes,
        log: Callable[[str, str], None],
        redactor: Redactor,
    ) -> dict[str, Any]:
        """What one value came to: an entry of ``result_data``. What is odd about it goes to the log.

        :param printed: what the script wrote to standard output
        """
        told = {name: parameters[name] for name in (VALUE, FIELDS) if parameters.get(name) is not None}
        ending = _ending(outcome)
        try:
            document = _document(printed)
        except output.InvalidOutputError as error:
            message, shown = _offence(error, printed, redactor)
            for line in shown.splitlines():
                log("stdout", line)
            if ending:
                message = f"{message}: {ending}"
            elif message != "no output":
                message += "; a script prints nothing but its output, and adds messages with addMessage"
            log("error", message)
            return {"status": "failed", "message": message, "parameter": told, "summary": {}, "data": []}
        for oddity in output.oddities(document):
            log("warning", oddity)
        if ending:
            log("warning", f"{ending}; its output counts nevertheless")
        said = output.said(document)
        for kind, text in said.messages:
            log("error" if kind in ("ERROR", "CRITICAL") else "message", f"{kind}: {text}")
        for text in said.exceptions:
            log("error", f"exception: {text}")
        totals = {name: len(document[name]) for name in ("widgets", "entities") if isinstance(document.get(name), list)}
        return {
            "status": "failed" if said.error else "success",
            "message": said.error
            or ", ".join(f"Total {name}: {count}" for name, count in totals.items())
            or output.NOTHING,
            "parameter": told,
            "summary": {f"total_{name}": count for name, count in totals.items()},
            "data": [document],
        }

    def _is_maltego(self) -> bool:
        """Whether the script uses neither of the two libraries, and so is one for Maltego."""
        return not imported(os.path.join(self._source, self.transform.script)) & _LIBRARIES


class Printed(Listener):
    """Keeps what the script prints to standard output, and passes everything else on.

    :ivar content: what has been printed
    """

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self.content = bytearray()

    def progress(self, text: str, transient: bool) -> None:
        """See :meth:`Listener.progress`."""
        self._listener.progress(text, transient)

    def log(self, level: str, text: str) -> None:
        """See :meth:`Listener.log`."""
        self._listener.log(level, text)

    def output(self, stream: str, data: bytes) -> None:
        """See :meth:`Listener.output`.

        :raises AppError: it is too much; whoever runs the process ends it
        """
        if stream != "stdout":
            self._listener.output(stream, data)
            return
        self.content += data
        if len(self.content) > output.LARGEST:
            raise AppError(
                f"the script printed more than {output.LARGEST >> 20} MiB and was stopped",
                hint="an output of this size cannot be shown: return less, such as the first rows of a table",
            )


@contextmanager
def _scratch_folder() -> Iterator[str]:
    """A folder of one run's own for temporary files."""
    folder = os.path.join(os.environ.get("TMPDIR") or "/tmp", f"soarkit-{os.urandom(8).hex()}")  # noqa: S108
    os.mkdir(folder, 0o700)
    try:
        yield folder
    finally:
        try:
            os.rmdir(folder)
        except OSError:  # the usual case is an empty folder, and needs no shutil
            import shutil

            shutil.rmtree(folder, ignore_errors=True)


def result_of(entries: list[dict[str, Any]], action_json: Mapping[str, Any], elapsed: float, log: RunLog) -> RunResult:
    """The result of a run from what its values came to."""
    successful = sum(one["status"] == "success" for one in entries)
    failed = [one["message"] for one in entries if one["status"] != "success"]
    if len(entries) == 1:
        message = entries[0]["message"]
    else:
        message = f"{successful} of {len(entries)} values succeeded" + (f"; {failed[0]}" if failed else "")
    names = ("identifier", "action", "action_run_id", "connector_run_id", "asset_id", "container_id")
    document = {
        "status": "success" if successful else "failed",
        "message": message,
        "result_data": entries,
        "result_summary": {"total_objects": len(entries), "total_objects_successful": successful},
        "exception_occured": False,
        "extra_data": [],
        **{name: action_json[name] for name in names if name in action_json},
    }
    raw = jsonsafe.dumps(document, lambda text: log.line("warning", text)).encode()
    return RunResult(raw, elapsed=elapsed, log_path=log.path if log.written else None)


def _chosen(app: App, wanted: str, parameter_sets: Sequence[Mapping[str, Any]], entity_type: str | None) -> Action:
    """The one transform for all values."""
    values = [None if one.get(VALUE) is None else str(one[VALUE]) for one in parameter_sets]
    chosen = [choose_transform(app, wanted, value, entity_type) for value in values]
    for action, value in zip(chosen, values, strict=True):
        if action is not chosen[0]:
            raise RequestError(
                f"{value!r} is for {action.identifier!r}, and {values[0]!r} for {chosen[0].identifier!r}: "
                "one run has one transform",
                where=app.manifest_path,
                hint="ask about values of one type at a time",
            )
    return chosen[0]


def _document(printed: bytes) -> dict[str, Any]:
    if printed.lstrip()[:1] != b"{":
        from soarkit.runtime import maltego  # late: next to no bundle needs it

        document = maltego.document(printed)
        if document is not None:
            return document
    return output.parse(printed)


def _offence(error: output.InvalidOutputError, printed: bytes, redactor: Redactor) -> tuple[str, str]:
    """What is wrong with an output, and all of it as text, without secrets.

    The message quotes a part of a line, and the beginning of a secret could not be told from other text any more.
    """
    text = printed.decode("utf-8", "backslashreplace")
    masked = redactor.text(text)
    if masked == text:
        return str(error), text
    try:
        _document(masked.encode("utf-8", "backslashreplace"))
    except output.InvalidOutputError as quoting:
        return str(quoting), masked
    return "the output is no JSON", masked  # it was the secret that broke it


def _ending(outcome: Outcome) -> str:
    """How the script ended, where that was not as it should be."""
    failure = outcome.failure
    if failure is not None:
        return f"the script ended with {failure['message']} ({failure['where']})"
    if outcome.status < 0:
        import signal

        try:
            name = signal.Signals(-outcome.status).name
        except ValueError:
            name = f"signal {-outcome.status}"
        return f"the script's process was ended by {name}"
    return f"the script ended with exit status {outcome.status}" if outcome.status else ""


def _text(value: object) -> str:
    """A parameter as a word of a command line, which holds no NUL character."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.replace("\0", "\ufffd")


def _maltego_fields(fields: str) -> str:
    """Fields as Maltego writes them, ``name=value#name=value``, where they came as a JSON object."""
    try:
        given = json.loads(fields)
    except ValueError:
        return fields
    if not isinstance(given, dict):
        return fields

    def escaped(value: object) -> str:
        text = value if isinstance(value, str) else json.dumps(value)
        return "".join(f"\\{letter}" if letter in "\\#=" else letter for letter in text)

    return "#".join(f"{escaped(name)}={escaped(value)}" for name, value in given.items())
