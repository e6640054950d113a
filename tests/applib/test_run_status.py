"""Status, message and summary of a run: without results, with one and with several."""

from __future__ import annotations

import phantom.app as phantom
import pytest
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector

from .connectors import Contoso


@pytest.mark.parametrize(
    ("act", "status", "message"),
    [
        (lambda c: True, "success", phantom.APP_SUCC_CONN_RUN),
        (lambda c: False, "failed", phantom.APP_ERR_CONN_RUN),
        (lambda c: None, "failed", phantom.APP_ERR_CONN_RUN),
        (lambda c: c.set_status(True, "Connected"), "success", "Connected"),
        (lambda c: c.set_status(True, "Connected") and None, "success", "Connected"),
        (lambda c: c.set_status(False, "No route") or True, "failed", "No route"),
        (lambda c: c.set_status_save_progress(False, "No route"), "failed", "No route"),
        (lambda c: c.unknown_action(), "failed", "The app does not know the action lookup_ip"),
    ],
)
def test_without_results_the_connector_decides(bench, act, status, message):
    connector = Contoso(lambda _: act(connector))
    result = bench.run(connector)
    assert (result["status"], result["message"]) == (status, message)
    assert result["result_summary"] == {"total_objects": 0, "total_objects_successful": 0}


def test_a_handler_that_is_not_written_is_a_failure(bench):
    class Empty(BaseConnector):
        pass

    assert bench.run(Empty)["message"] == phantom.APP_ERR_NYI


@pytest.mark.parametrize(
    ("outcomes", "status", "message"),
    [
        ([True, True, True], "success", "3 actions succeeded"),
        ([False, False], "failed", "2 actions failed. no 0; no 1"),
        ([True, False, True], "success", "The action succeeded in part: 1 of 3 failed. no 1"),
    ],
)
def test_several_results(bench, outcomes, status, message):
    def act(param):
        index = param["n"]
        text = "yes" if outcomes[index] else f"no {index}"
        return connector.add_action_result(ActionResult(param)).set_status(outcomes[index], text)

    connector = Contoso(act)
    result = bench.run(connector, parameters=[{"n": index} for index in range(len(outcomes))])
    assert (result["status"], result["message"]) == (status, message)
    assert result["result_summary"]["total_objects"] == len(outcomes)
    assert result["result_summary"]["total_objects_successful"] == sum(outcomes)


def test_a_result_left_unset_is_a_failure(bench):
    connector = Contoso(lambda param: bool(connector.add_action_result(ActionResult(param))))
    assert bench.run(connector)["status"] == "failed"


def test_message_from_the_summary_reaches_the_run(bench):
    def act(param):
        result = connector.add_action_result(ActionResult(param))
        result.update_summary({"total_alerts": 1})
        return result.set_status(True)

    connector = Contoso(act)
    assert bench.run(connector)["message"] == "Total alerts: 1"


def test_summary_and_message_of_the_connector(bench):
    def act(_):
        connector.update_summary({"seen": 3, "total_objects": 99})
        connector.set_status(True, "a")
        connector.append_to_message(" b {0}")

    connector = Contoso(act)
    result = bench.run(connector)
    assert result["message"] == "a b {0}"
    assert result["result_summary"] == {"total_objects": 0, "total_objects_successful": 0, "seen": 3}
