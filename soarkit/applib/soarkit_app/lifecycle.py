"""The life cycle of ``_handle_action``: from the action JSON to the result JSON (connector API 2.5 to 2.7).

Whatever comes in, and whatever the app does, text of a result JSON comes out.
"""

from __future__ import annotations

import json

from soarkit_app import (
    action_json,
    app_json,
    asset_values,
    checks,
    environment_variables,
    jsonsafe,
    result_shape,
    session,
)
from soarkit_app.action_result import ActionResult
from soarkit_app.connector_result import ConnectorResult
from soarkit_app.messages import text_of, with_article
from soarkit_app.refusal import RunRefused
from soarkit_app.run import INGEST_COUNTERS, MASK, Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

    from soarkit_app.connector import BaseConnector


_WRONG_RESULT = "The app's _handle_action must return the result JSON as text"


class ActionCancelled(BaseException):
    """The host asked the action to stop. No Exception, so that an app's own ``except Exception`` lets it through."""


def perform(connector: BaseConnector, in_json: object) -> str:
    """Run one action on a connector object, and return the result JSON."""
    run, result = Run(), ConnectorResult()
    connector._soarkit_begin(run, result)
    session.current.connector = connector
    environment: Dict[str, Optional[str]] = {}
    try:
        try:
            _perform(connector, run, result, in_json, environment)
        except RunRefused as refusal:
            text = str(refusal)
            result.refusal = text[:1].upper() + text[1:]
        except ActionCancelled:
            result.cancelled = True
        except BaseException as error:  # sys.exit and Ctrl-C in an app's code are its result as well
            result.add_exception(error)
            _let_the_app_clean_up(connector, result, error)
        if result.cancelled:  # also when an app's bare except kept ActionCancelled from getting here
            connector._soarkit_cancel()
        return _result_json(run, result)
    except ActionCancelled:  # while the result was being made
        connector._soarkit_cancel()
        return _result_json(run, result)
    finally:
        environment_variables.restore(environment)


def failed_result(action: Dict[str, Any], message: str, exception: Optional[BaseException]) -> str:
    """The result JSON of a run whose connector object could not even be made.

    :param action: the action JSON
    :param message: the run's message, which names the exception; the traceback goes to the log
    """
    run, result = Run(action), ConnectorResult()
    result.refusal = message
    if isinstance(exception, ActionCancelled):
        result.refusal, result.cancelled = "", True
    elif exception is not None:
        result.add_exception(exception)
    return _result_json(run, result)


def checked_result(text: object, action: Dict[str, Any]) -> str:
    """What ``_handle_action`` returned, if it is a result JSON, else a failed result that says what it is.

    An app class may override the method. The text that this module made last is known and not parsed again: it may
    be very long. Another one is given back as this module would have written it, with what it lacks filled up.

    :param action: the action JSON
    """
    if not isinstance(text, str):
        return failed_result(action, f"{_WRONG_RESULT}: it returned {with_article(type(text).__name__)}", None)
    if text is _made:
        return text
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        return failed_result(action, f"{_WRONG_RESULT}: {error}", None)
    if not isinstance(values, dict) or "status" not in values:
        return failed_result(action, f"{_WRONG_RESULT}: its JSON is no object with a 'status'", None)
    try:
        return jsonsafe.dumps(result_shape.whole(values, Run(action).echo()))
    except ValueError as error:
        return failed_result(action, f"{_WRONG_RESULT}: {error}", None)


def _perform(
    connector: BaseConnector,
    run: Run,
    result: ConnectorResult,
    in_json: object,
    environment: Dict[str, Optional[str]],
) -> None:
    run.values = action_json.load(in_json)
    run.add_secrets(action_json.secrets(run.values))
    action_json.check(run.values)
    session.current.debug_level = action_json.whole_number(run.values.get("debug_level"))
    connector._BaseConnector__action_run_id = action_json.whole_number(run.values.get("action_run_id"))
    run.config = run.values["config"]
    run.action = app_json.find_action(connector._soarkit_load_app_json(), run.identifier)
    if run.is_poll:
        run.counters.update(dict.fromkeys(INGEST_COUNTERS, 0))
    environment_variables.apply(run, environment)
    param_sets = asset_values.prepare(run)

    if _initialize(connector, result):
        for param in param_sets:
            if result.cancelled:
                break
            _handle(connector, run, result, param)
        run.param = {}
        if not result.cancelled:
            _finalize(connector, result)


def _initialize(connector: BaseConnector, result: ConnectorResult) -> bool:
    """Let the app initialize, and say whether it may go on. Afterwards its ``finalize`` would save an empty state."""
    result.step = "initialize"
    status = connector.initialize()
    if status:
        return True
    name = type(connector).__name__
    if status is None:
        stock = f"{name}.initialize() returned None; it must return a status"
    else:
        stock = f"{name}.initialize() failed"
    result.set_status(False, result.message() or stock)
    return False


def _handle(connector: BaseConnector, run: Run, result: ConnectorResult, param: Dict[str, Any]) -> None:
    """One parameter set: coerce, validate, and hand it over. What fails validation does not stop the others."""
    result.step = "handle_action"
    declared = run.action.get("parameters")
    missing = [checks.Problem(name, "it is required and missing") for name in checks.missing_required(param, declared)]
    param, problems = checks.coerce(param, declared)
    run.param, run.refused = param, ""
    messages_before = result.messages_set
    if missing or problems:
        refused = checks.validation_message(missing + problems)
    elif connector.validate_parameters(param):
        result.last_return = connector.handle_action(param)
        return
    else:
        own = result.message() if result.messages_set > messages_before else ""  # not one of an earlier step
        refused = own or run.refused or "The parameters failed validation"
    failed = ActionResult(dict(param))
    # Braces of a value are no slots: the text goes around the formatting.
    failed.set_status(False)
    failed.append_to_message(refused)
    connector._soarkit_add_result(failed)


def _finalize(connector: BaseConnector, result: ConnectorResult) -> None:
    result.step = "finalize"
    status = connector.finalize()
    if status is not None and not status:
        result.set_status(False, result.message() or f"{type(connector).__name__}.finalize() failed")


def _let_the_app_clean_up(connector: BaseConnector, result: ConnectorResult, error: BaseException) -> None:
    try:
        connector.handle_exception(error)
    except ActionCancelled:
        result.cancelled = True
    except BaseException as another:  # the exception that ended the run is the one to tell of
        session.log_traceback(another)


#: The text that :func:`_result_json` made last.
_made = ""


def _result_json(run: Run, result: ConnectorResult) -> str:
    global _made  # noqa: PLW0603 (one process, one run at a time)
    _made = _result_text(run, result)
    return _made


def _result_text(run: Run, result: ConnectorResult) -> str:
    try:
        result.echo(run.echo())
        result.count(run.counters)
        result.postprocess_action_results()
        result.log_debug_data()
        values = result.get_dict()
        _hide_passwords(values, asset_values.password_names(run.action.get("parameters")))
        return jsonsafe.dumps(values)
    except ActionCancelled:
        raise
    except BaseException as error:  # results so odd that even their text cannot be had, or that end the process
        result = ConnectorResult()
        result.echo({"identifier": text_of(run.identifier)})
        result.add_exception(error)
        result.postprocess_action_results()
        return jsonsafe.dumps(result.get_dict())


def _hide_passwords(values: Dict[str, Any], names: List[str]) -> None:
    """Results are printed, stored and passed on; the decrypted passwords among the parameters are not."""
    for item in values["result_data"] if names else ():
        parameter = item.get("parameter")
        if isinstance(parameter, dict):
            hidden = {name: MASK for name in names if parameter.get(name)}
            item["parameter"] = {**parameter, **hidden}
