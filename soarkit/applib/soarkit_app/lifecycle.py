"""The life cycle of ``_handle_action``: from the action JSON to the result JSON (connector API 2.5 to 2.7).

Whatever comes in, and whatever the app does, text of a result JSON comes out.
"""

from __future__ import annotations

from soarkit_app import (
    action_json,
    app_json,
    asset_values,
    checks,
    environment_variables,
    jsonsafe,
    session,
)
from soarkit_app.action_result import ActionResult
from soarkit_app.connector_result import ConnectorResult, log_traceback
from soarkit_app.messages import text_of
from soarkit_app.run import INGEST_COUNTERS, MASK, Run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

    from soarkit_app.connector import BaseConnector


class ActionCancelled(BaseException):
    """The host asked the action to stop. No Exception, so that an app's own ``except Exception`` lets it through."""


def perform(connector: BaseConnector, in_json: object) -> str:
    """Run one action on a connector object, and return the result JSON."""
    run, result = Run(), ConnectorResult()
    connector._soarkit_begin(run, result)
    environment: Dict[str, Optional[str]] = {}
    try:
        try:
            _perform(connector, run, result, in_json, environment)
        except app_json.RunRefused as refusal:
            text = str(refusal)
            result.refusal = text[:1].upper() + text[1:]
        except ActionCancelled:
            result.cancelled = True
        except BaseException as error:  # sys.exit and Ctrl-C in an app's code are its result as well
            result.add_exception(error)
            _let_the_app_clean_up(connector, error)
        return _result_json(run, result)
    except ActionCancelled:  # while the result was being made
        result.cancelled = True
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


def _perform(
    connector: BaseConnector,
    run: Run,
    result: ConnectorResult,
    in_json: object,
    environment: Dict[str, Optional[str]],
) -> None:
    run.values = action_json.parse(in_json)
    session.current.debug_level = action_json.whole_number(run.values.get("debug_level"))
    connector._BaseConnector__action_run_id = action_json.whole_number(run.values.get("action_run_id"))
    run.config = run.values["config"]
    connector._soarkit_load_app_json()
    assert run.app is not None
    run.action = app_json.find_action(run.app, run.identifier)
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
    param, problems = checks.coerce(param, run.action.get("parameters"))
    run.param, run.refused = param, ""
    if problems:
        refused = validation_message(problems)
    elif connector.validate_parameters(param):
        result.last_return = connector.handle_action(param)
        return
    else:
        refused = run.refused or "The parameters failed validation"
    failed = ActionResult(dict(param))
    # Braces of a value are no slots: the text goes around the formatting.
    failed.set_status(False)
    failed.append_to_message(refused)
    connector._soarkit_add_result(failed)


def validation_message(problems: List[checks.Problem]) -> str:
    """*Parameter 'x' failed validation*, the form that apps imitate, with the reason."""
    return ". ".join(f"Parameter '{one.name}' failed validation: {one.message}" for one in problems)


def _finalize(connector: BaseConnector, result: ConnectorResult) -> None:
    result.step = "finalize"
    status = connector.finalize()
    if status is not None and not status:
        result.set_status(False, result.message() or f"{type(connector).__name__}.finalize() failed")


def _let_the_app_clean_up(connector: BaseConnector, error: BaseException) -> None:
    try:
        connector.handle_exception(error)
    except BaseException as another:
        log_traceback(another)


def _result_json(run: Run, result: ConnectorResult) -> str:
    try:
        result.echo(run.echo())
        result.count(run.counters)
        result.postprocess_action_results()
        for item in result.items():
            if isinstance(item, ActionResult) and not item.get_status():
                item.dump_debug_data()
        values = result.get_dict()
        _hide_passwords(values, asset_values.password_names(run.action.get("parameters")))
        return jsonsafe.dumps(values)
    except Exception as error:  # results so odd that even their text cannot be had
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
