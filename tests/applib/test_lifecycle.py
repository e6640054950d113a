"""A run from the action JSON to the result JSON, connector API 2.4 to 2.7: its steps, and what can be asked in it."""

from __future__ import annotations

import json

import phantom.app as phantom
import pytest
from phantom import base_connector
from phantom.action_result import ActionResult
from soarkit_app import session

from .connectors import Contoso, failing


def test_the_result_of_a_run(bench):
    result = bench.run(Contoso, action_run_id=7, connector_run_id="8", container_id="9", asset_id=5)
    assert result == {
        "status": "success",
        "message": "fine",
        "result_data": [
            {
                "data": [],
                "extra_data": [],
                "summary": {},
                "status": "success",
                "message": "fine",
                "parameter": {},
                "context": {},
                "id": 8,
            }
        ],
        "result_summary": {"total_objects": 1, "total_objects_successful": 1},
        "exception_occured": False,
        "extra_data": [],
        "identifier": "lookup_ip",
        "action": "lookup ip",
        "action_run_id": 7,
        "connector_run_id": 8,
        "asset_id": "5",
        "container_id": 9,
    }


def test_what_a_connector_can_ask_during_a_run(bench, surroundings):
    context = {"artifact_id": 1, "guid": "g", "parent_action_run": []}
    appid = bench.manifest["appid"]
    wanted = {
        "get_action_identifier": "lookup_ip",
        "get_action_name": "lookup ip",
        "get_app_id": appid,
        "get_connector_id": appid,
        "get_app_name": "Contoso Reputation",
        "get_product_name": "Reputation",
        "get_product_vendor": "Contoso",
        "get_product_version_regex": ".*",
        "get_asset_id": "5",
        "get_asset_name": "5",
        "get_container_id": 3,
        "get_app_run_id": 12,
        "get_config": {"server": "s"},
        "get_current_param": {"ip": "1", "context": context},
        "get_current_param_context": context,
        "get_app_config": {"a": 1},
        "get_app_dir": str(bench.folder),
    }
    answers = {}

    def ask(param):
        for name in wanted:
            answers[name] = getattr(connector, name)()
        assert connector.get_current_param() is param
        assert connector._BaseConnector__action_run_id == 77
        return connector.add_action_result(ActionResult(param)).set_status(True)

    connector = Contoso(ask)
    bench.run(
        connector,
        config={"server": "s"},
        parameters=[{"ip": "1", "context": context}],
        action_run_id=77,
        connector_run_id=12,
        container_id=3,
        app_config={"a": 1},
    )
    assert answers == wanted
    assert connector.get_current_param() == {}
    assert connector.get_app_json() == bench.manifest


# Order, and the end of each step


def test_order_of_the_steps_for_several_parameter_sets(bench):
    connector = Contoso()
    result = bench.run(connector, parameters=[{"n": 1}, {"n": 2}])
    assert connector.calls == [
        "initialize",
        ("handle_action", {"n": 1}),
        ("handle_action", {"n": 2}),
        "finalize",
    ]
    assert result["message"] == "2 actions succeeded"


@pytest.mark.parametrize(
    ("value", "message"),
    [(False, "Contoso.initialize() failed"), (None, "Contoso.initialize() returned None; it must return a status")],
)
def test_initialize_that_fails_ends_the_run(bench, value, message):
    connector = Contoso(initialize=lambda: value)
    result = bench.run(connector)
    assert (result["status"], result["message"]) == ("failed", message)
    assert connector.calls == ["initialize"]
    assert result["exception_occured"] is False


def test_the_apps_own_message_of_initialize_counts(bench):
    connector = Contoso(initialize=lambda: connector.set_status(phantom.APP_ERROR, "no such {0}", None, "host"))
    assert bench.run(connector)["message"] == "no such host"


def test_results_that_initialize_added_stay(bench):
    def initialize():
        connector.add_action_result(ActionResult()).set_status(False, "early")
        return False

    connector = Contoso(initialize=initialize)
    assert [one["message"] for one in bench.run(connector)["result_data"]] == ["early"]


@pytest.mark.parametrize("value", [True, None, 1])
def test_finalize_may_return_nothing(bench, value):
    assert bench.run(Contoso(finalize=lambda: value))["status"] == "success"


def test_finalize_that_fails_fails_the_run(bench):
    result = bench.run(Contoso(finalize=lambda: False))
    assert (result["status"], result["message"]) == ("failed", "Contoso.finalize() failed")
    assert result["result_data"][0]["status"] == "success"


@pytest.mark.parametrize("step", ["initialize", "finalize"])
def test_an_error_set_there_decides_over_good_results(bench, step):
    def hook():
        connector.set_status(phantom.APP_ERROR, f"{step} is against it")
        return True

    connector = Contoso(**{step: hook})
    result = bench.run(connector)
    assert (result["status"], result["message"]) == ("failed", f"{step} is against it")


def test_an_error_of_initialize_can_be_taken_back(bench):
    def act(param):
        connector.set_status(phantom.APP_SUCCESS)
        return connector.succeed(param)

    connector = Contoso(act, initialize=lambda: connector.set_status(phantom.APP_ERROR, "not yet") or True)
    assert bench.run(connector)["status"] == "success"


# The connector object


def test_the_connector_at_work_is_the_sessions(bench, monkeypatch):
    assert session.current.connector is None and base_connector.connector_obj is None
    connector = Contoso()
    bench.run(connector)
    assert base_connector.connector_obj is session.current.connector is connector
    monkeypatch.setattr(base_connector, "connector_obj", None)  # what tests of published apps do between runs
    assert base_connector.connector_obj is None


def test_a_connector_object_can_be_used_again(bench):
    connector = Contoso(failing(ValueError("x")))
    connector.update_summary({"before": 1})
    assert bench.run(connector)["exception_occured"] is True
    connector.act = connector.succeed
    second = bench.run(connector, config={"a": 1})
    assert second["status"] == "success" and second["exception_occured"] is False
    assert second["result_summary"] == {"total_objects": 1, "total_objects_successful": 1}
    assert connector.get_config() == {"a": 1}


def test_the_library_never_calls_overridable_names_for_itself(bench, home):
    class Foreign(Contoso):
        def _get_phantom_base_url(self, action_result):
            return action_result.set_status(True), "x"

        def save_state(self):
            return super().save_state(self.state)

        def get_state(self):
            raise AssertionError

        get_status = get_asset_id = get_app_id = get_app_json = get_config = get_state
        get_action_results = add_action_result = set_status = debug_print = get_phantom_home = get_state

    def act(_):
        connector.state = {"token": 1}
        return connector.load_state() and connector.save_state()

    connector = Foreign(act)
    assert bench.run(connector)["status"] == "success"
    [path] = home.rglob("5_state.json")
    assert json.loads(path.read_text())["token"] == 1
