"""Exceptions of an app: those it lets through are its result, those it hands over are logged."""

from __future__ import annotations

import json

import phantom.app as phantom
import pytest
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector
from soarkit_app import lifecycle

from .connectors import Contoso, failing


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("no such thing"), "ValueError: no such thing"),
        (KeyError("port"), "KeyError: 'port'"),
        (RuntimeError(), "RuntimeError"),
        (SystemExit(3), "SystemExit: 3"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (MemoryError(), "MemoryError"),
    ],
)
@pytest.mark.parametrize("step", ["initialize", "handle_action", "finalize"])
def test_an_exception_of_the_app_is_its_result(bench, surroundings, error, message, step):
    connector = Contoso(failing(error)) if step == "handle_action" else Contoso(**{step: failing(error)})
    result = bench.run(connector)
    assert result["status"] == "failed" and result["exception_occured"] is True
    assert result["message"] == message
    assert connector.calls[-1] == ("handle_exception", error)
    assert ("finalize" in connector.calls) is (step == "finalize")
    assert "Traceback" in surroundings.errors()[0] and "Traceback" not in json.dumps(result)


def test_results_from_before_the_exception_stay(bench):
    def act(param):
        connector.succeed(param)
        raise ValueError("late")

    connector = Contoso(act)
    result = bench.run(connector, parameters=[{}, {}])
    assert result["status"] == "failed" and result["message"] == "ValueError: late"
    assert [one["status"] for one in result["result_data"]] == ["success"]


def test_handle_exception_may_fail_too(bench, surroundings):
    connector = Contoso(failing(ValueError("first")), handle_exception=failing(SystemExit("second")))
    result = bench.run(connector)
    assert result["message"] == "ValueError: first"
    assert any("second" in text for text in surroundings.errors())


def test_handle_exception_may_set_status_and_add_a_result(bench):
    def clean_up():
        connector.set_status(phantom.APP_ERROR, "Cleaned up")
        connector.add_action_result(ActionResult()).add_exception_details(ValueError("details"))

    connector = Contoso(failing(ValueError("x")), handle_exception=clean_up)
    result = bench.run(connector)
    assert result["message"] == "Cleaned up. ValueError: x"
    assert result["result_data"][0]["message"] == "details"


def test_an_exception_whose_text_fails(bench):
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError("even this")

    assert bench.run(Contoso(failing(Mute())))["status"] == "failed"


def test_a_connector_that_could_not_be_made(surroundings):
    action = {"identifier": "x", "action": "do x", "connector_run_id": 4, "config": {}}
    try:
        raise ValueError("in __init__")
    except ValueError as error:
        result = json.loads(lifecycle.failed_result(action, "ValueError: in __init__", error))
    assert result["status"] == "failed" and result["exception_occured"] is True
    assert result["message"] == "ValueError: in __init__"
    assert result["result_data"] == [] and result["connector_run_id"] == 4 and result["identifier"] == "x"
    assert "Traceback" in surroundings.errors()[0]
    refused = json.loads(lifecycle.failed_result({}, "why", None))
    assert refused["message"] == "why" and refused["exception_occured"] is False
    cancelled = json.loads(lifecycle.failed_result(action, "ActionCancelled: ", lifecycle.ActionCancelled()))
    assert cancelled["action_cancelled"] is True and cancelled["exception_occured"] is False


# Exceptions that apps hand over


@pytest.mark.parametrize("method", ["set_status", "set_status_save_progress", "result", "details"])
def test_an_exception_handed_over_is_logged_with_its_traceback(bench, surroundings, method):
    def act(param):
        result = connector.add_action_result(ActionResult(param))
        try:
            raise ValueError("no route")
        except ValueError as error:
            if method == "details":
                return result.add_exception_details(error)
            set_status = result.set_status if method == "result" else getattr(connector, method)
            return set_status(phantom.APP_ERROR, "Failed", error)

    connector = Contoso(act)
    result = bench.run(connector)
    [logged] = surroundings.errors()
    assert logged.startswith("Traceback") and logged.endswith("ValueError: no route") and "in act" in logged
    assert "Traceback" not in json.dumps(result)


def test_texts_in_the_place_of_an_exception_are_in_the_message_only(surroundings):
    assert BaseConnector().set_status(False, "Failed", "a text") is False
    assert ActionResult().set_status(False, "Failed", "a text") is False
    assert surroundings.logged == []
