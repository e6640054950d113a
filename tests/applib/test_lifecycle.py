"""``_handle_action`` from the action JSON to the result JSON, connector API 2.4 to 2.7."""

from __future__ import annotations

import json
import os
import sys

import ph_ipc
import phantom.app as phantom
import pytest
from phantom import base_connector
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector
from phantom.connector_result import ConnectorResult
from soarkit_app import lifecycle, session
from soarkit_app.environment_variables import is_secret_type


class Contoso(BaseConnector):
    """Notes what is called; ``act`` is what a test wants done."""

    def __init__(self, act=None, **hooks):
        super().__init__()
        self.calls = []
        self.act = act or self.succeed
        self.hooks = hooks

    def succeed(self, param):
        return self.add_action_result(ActionResult(dict(param))).set_status(phantom.APP_SUCCESS, "fine")

    def initialize(self):
        self.calls.append("initialize")
        return self.hooks.get("initialize", lambda: True)()

    def handle_action(self, param):
        self.calls.append(("handle_action", param))
        return self.act(param)

    def finalize(self):
        self.calls.append("finalize")
        return self.hooks.get("finalize", lambda: True)()

    def handle_exception(self, exception):
        self.calls.append(("handle_exception", exception))
        return self.hooks.get("handle_exception", lambda: None)()


def failing(error):
    def fail(*_):
        raise error

    return fail


# The result JSON


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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not valid JSON"),
        ("{", "is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ("[]", "must be an object, and this is a list"),
        ("null", "must be an object, and this is null"),
        ("3", "must be an object, and this is a number"),
        (b"\xff\xfe", "is not valid JSON"),
        (None, "of the type NoneType"),
        ({"identifier": "x"}, "of the type dict"),
        ("{}", "has no 'identifier'"),
        ('{"identifier": "lookup_ip"}', "has no 'config'"),
        ('{"identifier": "lookup_ip", "config": null}', "has no 'config'"),
        ('{"identifier": 3, "config": {}}', "'identifier'"),
        ('{"identifier": "lookup_ip", "config": []}', "'config' in the action JSON must be an object"),
        ('{"identifier": "lookup_ip", "config": {}, "parameters": {}}', "'parameters'"),
        ('{"identifier": "lookup_ip", "config": {}, "parameters": [1]}', "'parameters'"),
        ('{"identifier": "nothing", "config": {}}', "it has 'lookup_ip', 'on_poll', 'test_connectivity'"),
    ],
)
def test_absurd_input_gives_a_failed_result(bench, text, message):
    bench.write_manifest()
    connector = Contoso()
    result = json.loads(connector._handle_action(text))
    assert result["status"] == "failed"
    assert message in result["message"]
    assert result["result_data"] == [] and result["exception_occured"] is False
    assert connector.calls == []


def test_a_refused_action_json_is_echoed(bench, result_schema):
    bench.write_manifest()
    result = json.loads(Contoso()._handle_action('{"identifier": "do_it", "asset_id": 5, "connector_run_id": "8"}'))
    assert (result["identifier"], result["asset_id"], result["connector_run_id"]) == ("do_it", "5", 8)
    assert "has no 'config'" in result["message"]
    result_schema(result)


def test_an_absurd_identifier_is_survived(bench, result_schema):
    bench.write_manifest()
    nested = "[" * 900 + "]" * 900
    result = json.loads(Contoso()._handle_action(f'{{"identifier": {nested}, "action": {nested}, "config": {{}}}}'))
    assert result["status"] == "failed"
    result_schema(result)


def test_bytes_and_a_byte_order_mark_are_fine(bench):
    bench.write_manifest()
    text = "\ufeff" + json.dumps(bench.input())
    assert json.loads(Contoso()._handle_action(text.encode("utf-8")))["status"] == "success"


@pytest.mark.parametrize("parameters", [None, []])
def test_no_parameters_are_one_empty_set(bench, parameters):
    connector = Contoso()
    bench.run(connector, parameters=parameters)
    assert connector.calls == ["initialize", ("handle_action", {}), "finalize"]


def test_an_identifier_used_twice_is_an_error(bench):
    bench.manifest["actions"].append(bench.manifest["actions"][0])
    connector = Contoso()
    assert "2 actions with the identifier 'lookup_ip'" in bench.run(connector)["message"]
    assert connector.calls == []


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


# Status and message without results, and with several


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


def test_one_entry_for_each_object(bench):
    def act(param):
        result = ActionResult(param)
        assert connector.add_action_result(result) is connector.add_action_result(result) is result
        other = connector.add_action_result(ActionResult())
        assert connector.remove_action_result(other) is other
        assert connector.get_action_results() == [result]
        return result.set_status(True)

    connector = Contoso(act)
    assert bench.run(connector)["result_summary"]["total_objects"] == 1


def test_summary_and_message_of_the_connector(bench):
    def act(_):
        connector.update_summary({"seen": 3, "total_objects": 99})
        connector.set_status(True, "a")
        connector.append_to_message(" b {0}")

    connector = Contoso(act)
    result = bench.run(connector)
    assert result["message"] == "a b {0}"
    assert result["result_summary"] == {"total_objects": 0, "total_objects_successful": 0, "seen": 3}


def test_something_else_than_a_result_loses_no_other(bench):
    def act(param):
        connector.add_action_result(None)
        return connector.succeed(param)

    connector = Contoso(act)
    result = bench.run(connector)
    assert [one["status"] for one in result["result_data"]] == ["failed", "success"]
    assert "NoneType" in result["result_data"][0]["message"]


class OddResult(ActionResult):
    """An app's own class: successful, with whatever ``make`` makes of its dict."""

    def __init__(self, make):
        super().__init__({"ip": "1"})
        self.make = make
        self.set_status(phantom.APP_SUCCESS, "fine")

    def get_dict(self):
        return self.make(super().get_dict())


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (failing(ValueError("half made")), "ValueError: half made"),
        (lambda _: None, "get_dict() gave a NoneType"),
        (lambda _: ["x"], "get_dict() gave a list"),
        (lambda _: 5, "get_dict() gave an int"),
        (lambda values: {**values, "data": {"ip": "1"}}, "its data is a dict and no list"),
        (lambda values: {**values, "data": None}, "its data is a NoneType and no list"),
    ],
)
def test_an_unusable_result_counts_as_failed(bench, result_schema, make, why):
    connector = Contoso(lambda _: bool(connector.add_action_result(OddResult(make))))
    result = bench.run(connector)
    message = f"the app added an OddResult that is no usable action result: {why}"
    assert (result["status"], result["message"]) == ("failed", message)
    assert result["result_summary"] == {"total_objects": 1, "total_objects_successful": 0}
    [entry] = result["result_data"]
    assert (entry["status"], entry["message"], entry["data"]) == ("failed", message, [])
    result_schema(result)


def test_an_unusable_result_loses_no_other(bench, result_schema):
    def act(param):
        connector.add_action_result(OddResult(failing(KeyError("x"))))
        return connector.succeed(param)

    connector = Contoso(act)
    result = bench.run(connector)
    assert [one["status"] for one in result["result_data"]] == ["failed", "success"]
    assert result["status"] == "success" and "1 of 2 failed" in result["message"]
    assert result["result_summary"] == {"total_objects": 2, "total_objects_successful": 1}
    result_schema(result)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"summary": None}, {"summary": {}}),
        ({"summary": ["x"]}, {"summary": {}}),
        ({"parameter": "x"}, {"parameter": {}}),
        ({"message": None}, {"message": ""}),
        ({"message": 5}, {"message": "5"}),
        ({"status": True}, {"status": "success"}),
        ({"status": ["x"]}, {"status": "success"}),
        ({"status": "failed"}, {"status": "failed"}),
        ({"data": ("x",)}, {"data": ["x"]}),
        ({"extra_data": None}, {"extra_data": []}),
        ({"context": None}, {"context": {}}),
        ({"more": 1}, {"more": 1}),
    ],
)
def test_wrong_forms_in_a_result_are_put_right(bench, result_schema, changes, wanted):
    connector = Contoso(lambda _: bool(connector.add_action_result(OddResult(lambda values: {**values, **changes}))))
    result = bench.run(connector)
    [entry] = result["result_data"]
    usual = {"data": [], "summary": {}, "parameter": {"ip": "1"}, "status": "success", "message": "fine"}
    assert {**entry, **usual, **wanted} == entry
    assert result["status"] == entry["status"]
    assert result["result_summary"]["total_objects_successful"] == (entry["status"] == "success")
    result_schema(result)


def test_a_result_that_gives_next_to_nothing_is_filled_up(bench, result_schema):
    connector = Contoso(lambda _: bool(connector.add_action_result(OddResult(lambda _: {}))))
    result = bench.run(connector)
    assert result["result_data"] == [{"status": "success", "message": "", "data": [], "summary": {}, "parameter": {}}]
    assert result["status"] == "success"
    result_schema(result)


def test_forms_that_are_left_out_are_logged(bench, surroundings):
    connector = Contoso(lambda _: bool(connector.add_action_result(OddResult(lambda _: {"summary": 5}))))
    bench.run(connector)
    assert surroundings.errors() == ["an OddResult has an int as its summary, which is left out"]


def test_a_result_whose_dict_is_made_once_and_whose_status_fails(bench, result_schema):
    class Fleeting(OddResult):
        def get_status(self):
            raise ValueError("no status")

    made = []
    connector = Contoso(lambda _: bool(connector.add_action_result(Fleeting(lambda v: made.append(1) or v))))
    result = bench.run(connector)
    assert made == [1] and result["status"] == "success" and len(result["result_data"]) == 1
    result_schema(result)


def test_an_app_that_ends_the_process_while_its_result_is_made(bench):
    connector = Contoso(lambda _: bool(connector.add_action_result(OddResult(failing(SystemExit(3))))))
    result = bench.run(connector)
    assert result["status"] == "failed" and "SystemExit: 3" in result["message"]


def test_debug_data_of_failed_results_is_logged(bench, surroundings):
    def act(param):
        result = connector.add_action_result(ActionResult(param))
        result.add_debug_data({"status_code": 500})
        return result.set_status(param["ok"])

    connector = Contoso(act)
    bench.run(connector, parameters=[{"ok": True}])
    assert surroundings.logged == []
    bench.run(connector, parameters=[{"ok": False}])
    assert surroundings.logged == [("debug", "{'status_code': 500}")]


def test_debug_data_that_cannot_be_logged_loses_no_result(bench, surroundings):
    def act(param):
        result = connector.add_action_result(ActionResult(param))
        result.get_debug_data().append({"status_code": 500})
        return result.set_status(False, "no")

    connector = Contoso(act)
    assert [one["message"] for one in bench.run(connector)["result_data"]] == ["no"]
    assert "TypeError" in surroundings.errors()[0]


def test_odd_values_do_not_lose_a_run(bench, surroundings):
    def act(param):
        result = connector.add_action_result(ActionResult(param))
        result.add_data({"nan": float("nan"), "nul": "a\x00b", ("t", 1): {1}, "raw": b"\xff", "odd": object})
        return result.set_status(True)

    connector = Contoso(act)
    data = bench.run(connector)["result_data"][0]["data"][0]
    assert data["nan"] is None and data["nul"] == "a\ufffdb" and data["('t', 1)"] == [1] and data["raw"] == "\ufffd"
    assert len(surroundings.errors()) == 1


# Exceptions


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


# Cancelling


@pytest.mark.parametrize("flagged", [False, True])
def test_cancelled_while_the_app_works(bench, flagged):
    class Cancelled(Contoso):
        def handle_cancel(self):
            self.calls.append("handle_cancel")
            raise ValueError("also this is survived")

    def act(param):
        connector.succeed(param)
        assert base_connector.connector_obj is session.current.connector is connector
        if flagged:
            connector._soarkit_note_cancel()
            assert connector.is_action_cancelled()
            assert "handle_cancel" not in connector.calls
        raise lifecycle.ActionCancelled

    connector = Cancelled(act)
    result = bench.run(connector, parameters=[{}, {}])
    assert result["status"] == "failed" and result["action_cancelled"] is True
    assert result["exception_occured"] is False and len(result["result_data"]) == 1
    assert result["message"] == "The action was cancelled"
    assert [call for call in connector.calls if isinstance(call, str)] == ["initialize", "handle_cancel"]


def test_an_app_that_swallows_the_cancellation(bench):
    class Cancelled(Contoso):
        def handle_cancel(self):
            self.calls.append("handle_cancel")

    def act(param):
        try:
            connector._soarkit_note_cancel()
            raise lifecycle.ActionCancelled
        except BaseException:
            return connector.succeed(param)

    connector = Cancelled(act)
    result = bench.run(connector, parameters=[{}, {}])
    assert result["status"] == "failed" and result["action_cancelled"] is True
    assert len(result["result_data"]) == 1
    assert connector.calls.count("handle_cancel") == 1


def test_handle_cancel_is_called_once_in_a_run(bench):
    class Cancelled(Contoso):
        def handle_cancel(self):
            self.calls.append("handle_cancel")
            raise SystemExit

    def act(_):
        connector._soarkit_cancel()
        connector._soarkit_cancel()
        raise lifecycle.ActionCancelled

    connector = Cancelled(act)
    assert bench.run(connector)["action_cancelled"] is True
    assert connector.calls.count("handle_cancel") == 1
    assert bench.run(connector)["action_cancelled"] is True
    assert connector.calls.count("handle_cancel") == 2


def test_cancelled_while_the_app_cleans_up_after_an_exception(bench):
    connector = Contoso(failing(ValueError("first")), handle_exception=failing(lifecycle.ActionCancelled()))
    result = bench.run(connector)
    assert result["action_cancelled"] is True and result["exception_occured"] is True


def test_the_connector_at_work_is_the_sessions(bench, monkeypatch):
    assert session.current.connector is None and base_connector.connector_obj is None
    connector = Contoso()
    bench.run(connector)
    assert base_connector.connector_obj is session.current.connector is connector
    monkeypatch.setattr(base_connector, "connector_obj", None)  # what tests of published apps do between runs
    assert base_connector.connector_obj is None


def test_no_trace_of_cancelling_otherwise(bench):
    assert "action_cancelled" not in bench.run(Contoso)


# Using one object again


def test_a_connector_object_can_be_used_again(bench):
    connector = Contoso(failing(ValueError("x")))
    connector.update_summary({"before": 1})
    assert bench.run(connector)["exception_occured"] is True
    connector.act = connector.succeed
    second = bench.run(connector, config={"a": 1})
    assert second["status"] == "success" and second["exception_occured"] is False
    assert second["result_summary"] == {"total_objects": 1, "total_objects_successful": 1}
    assert connector.get_config() == {"a": 1}


# Overridden names


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


# Environment variables


def test_environment_variables_are_set_for_the_run_only(bench, monkeypatch):
    monkeypatch.setenv("CONTOSO_OLD", "old")
    seen = {}

    def act(param):
        seen.update((k, v) for k, v in os.environ.items() if k.startswith("CONTOSO"))
        return connector.succeed(param)

    connector = Contoso(act)
    bench.run(
        connector,
        environment_variables={
            "CONTOSO_OLD": {"type": "string", "value": "new"},
            "CONTOSO_A": {"type": "string", "value": "run"},
            "CONTOSO_N": {"value": 5},
            "CONTOSO_PLAIN": "plain",
        },
        config={"_reserved_environment_variables": {"CONTOSO_A": {"type": "string", "value": "asset"}}},
    )
    assert seen == {"CONTOSO_OLD": "new", "CONTOSO_A": "asset", "CONTOSO_N": "5", "CONTOSO_PLAIN": "plain"}
    assert {k: v for k, v in os.environ.items() if k.startswith("CONTOSO")} == {"CONTOSO_OLD": "old"}


def test_an_impossible_environment_variable(bench, monkeypatch):
    variables = {"CONTOSO_A": "x", "A=B\0": {"value": "x"}}
    result = bench.run(Contoso, environment_variables=variables)
    assert "'A=B" in result["message"] and result["status"] == "failed"
    assert "CONTOSO_A" not in os.environ


# Credential management


def test_credentials_of_a_manager_that_is_not_reachable_stop_the_run(bench):
    connector = Contoso()
    management = {"fields": [{"name": "password"}], "settings": {"manager": "hashicorp", "config": {}}}
    result = bench.run(connector, config={"_reserved_credential_management": management})
    assert result["status"] == "failed" and "'hashicorp'" in result["message"]
    assert connector.calls == []


@pytest.mark.parametrize("manager", ["hashicorp", "cyberark_rest", "thycotic"])
def test_credentials_that_the_host_answers(bench, surroundings, manager):
    surroundings.answers["get_credential"] = [{"name": "password", "value": "sk1:only looks encrypted"}]
    bench.configuration["password"] = {"data_type": "password", "required": True}
    management = {"fields": [{"name": "password"}], "settings": {"manager": manager, "config": {"a": 1}}}
    connector = Contoso()
    result = bench.run(connector, config={"_reserved_credential_management": management})
    assert result["status"] == "success", result["message"]
    assert connector.get_config()["password"] == "sk1:only looks encrypted"
    assert surroundings.asked == [
        ("get_credential", {"manager": manager, "fields": [{"name": "password"}], "config": {"a": 1}})
    ]


def test_cyberark_is_asked_field_by_field(bench, surroundings):
    surroundings.answers["get_credential"] = "value"
    fields = [{"name": "a"}, {"name": "b"}]
    connector = Contoso()
    bench.run(
        connector,
        config={"_reserved_credential_management": {"fields": fields, "settings": {"manager": "cyberark"}}},
    )
    assert connector.get_config()["a"] == connector.get_config()["b"] == "value"
    assert [arguments["fields"] for _, arguments in surroundings.asked] == fields


def test_an_unknown_manager_is_refused(bench):
    management = {"fields": [{"name": "p"}], "settings": {"manager": "os"}}
    assert "'os'" in bench.run(Contoso, config={"_reserved_credential_management": management})["message"]


# Polls


def test_a_poll_gets_all_five_parameters_and_its_counters(bench):
    seen = {}

    def act(param):
        seen.update(param)
        seen["now"] = connector.is_poll_now()
        connector.save_container({"name": "c"})
        connector.save_artifacts([{"name": "a"}, {"name": "b"}])
        return connector.set_status(True, "polled")

    connector = Contoso(act)
    result = bench.run(connector, identifier="on_poll", action="on poll")
    assert seen["container_count"] == seen["artifact_count"] == 4294967295
    assert seen["start_time"] < seen["end_time"] and seen["container_id"] == "" and seen["now"] is False
    assert result["result_summary"] == {
        "total_objects": 0,
        "total_objects_successful": 0,
        "containers_successful": 0,
        "containers_failed": 1,
        "containers_duplicate": 0,
        "artifacts_successful": 0,
        "artifacts_failed": 2,
        "artifacts_duplicate": 0,
    }


@pytest.mark.parametrize(
    ("answers", "counters"),
    [
        (
            {"save_container": [True, "Container saved", 1], "save_artifacts": [True, "saved", [1, 2]]},
            (1, 0, 0, 2, 0, 0),
        ),
        ({"save_container": [True, "Duplicate container found", 1]}, (0, 0, 1, 0, 2, 0)),
        ({"save_container": [False, "Duplicate container found", 1]}, (0, 1, 0, 0, 2, 0)),
        ({"save_artifacts": [False, "a duplicate key in the JSON", None]}, (0, 1, 0, 0, 2, 0)),
        ({"save_artifacts": [False, "one is broken", [1, None]]}, (0, 1, 0, 1, 1, 0)),
        ({"save_artifacts": [True, "artifact is a duplicate", [1, 2]]}, (0, 1, 0, 2, 0, 0)),
        (
            {
                "save_container": [True, "saved", 1, {"containers_successful": 1, "artifacts_duplicate": 3}],
                "save_artifacts": [True, "saved", [1, 2], {"artifacts_successful": 1, "artifacts_duplicate": 1}],
            },
            (1, 0, 0, 1, 0, 4),
        ),
    ],
)
def test_what_a_poll_counts(bench, surroundings, answers, counters):
    def act(_):
        connector.save_container({"name": "c"})
        connector.save_artifacts([{"name": "a"}, {"name": "b"}])
        return connector.set_status(True)

    surroundings.answers.update(answers)
    connector = Contoso(act)
    summary = bench.run(connector, identifier="on_poll")["result_summary"]
    outcomes = ("successful", "failed", "duplicate")
    names = [f"{what}_{outcome}" for what in ("containers", "artifacts") for outcome in outcomes]
    assert tuple(summary[name] for name in names) == counters


@pytest.mark.parametrize(
    ("values", "now"),
    [
        ({"parameters": [{"container_count": 3}]}, True),
        ({"parameters": [{"container_count": "3"}]}, True),
        ({"parameters": [{"container_count": 4294967295}]}, False),
        ({"parameters": [{}]}, False),
        ({"poll_now": True}, True),
        ({"poll_now": False}, False),
    ],
)
def test_is_poll_now(bench, values, now):
    def ask(*_):
        seen.append(connector.is_poll_now())
        return True

    seen = []
    connector = Contoso(ask, initialize=ask, finalize=ask)
    bench.run(connector, identifier="on_poll", **values)
    assert seen == [now, now, now]


def test_a_container_count_makes_no_poll_of_another_action(bench):
    connector = Contoso(lambda _: connector.set_status(True, str(connector.is_poll_now())))
    assert bench.run(connector, parameters=[{"container_count": 3}])["message"] == "False"


# Secrets


def test_secrets_are_masked_in_log_and_progress_and_absent_from_parameters(bench, surroundings):
    bench.configuration["password"] = {"data_type": "password"}
    bench.parameters["token"] = {"data_type": "password"}

    def act(param):
        assert param["token"] == "a-long-token"
        connector.debug_print("config", connector.get_config())
        connector.save_progress("using {0}", "topsecret")
        raise_from = connector.add_action_result(ActionResult(param))
        return raise_from.set_status(True)

    connector = Contoso(act)
    result = bench.run(connector, config={"password": "topsecret"}, parameters=[{"token": "a-long-token"}])
    assert surroundings.logged == [("debug", "config {'password': '********'}")]
    assert surroundings.progressed == [("using ********", False)]
    assert result["result_data"][0]["parameter"] == {"token": "********"}
    assert "a-long-token" not in json.dumps(result)


def test_nothing_that_is_logged_holds_a_secret(bench, surroundings):
    bench.configuration["password"] = bench.configuration["longer"] = {"data_type": "password"}
    bench.parameters["ip"] = {"data_type": "string", "contains": ["ip"]}

    def rejects(value):
        raise ValueError(f"topsecret and {value}")

    def act(param):
        result = connector.add_action_result(ActionResult(param))
        result.add_debug_data({"Authorization": "topsecret"})
        result.set_status(False, "wrong", ValueError("topsecret"))
        connector.set_validator("ip", rejects)
        connector.validate_parameters({"ip": "topsecret-and-more"})
        ph_ipc.debugprint("topsecret")
        ph_ipc.sendstatus(1, "topsecret", True)
        connector.debug_print("x" * 99_995 + "topsecret")
        raise KeyError("topsecret")

    connector = Contoso(act)
    bench.run(connector, config={"password": "topsecret", "longer": "topsecret-and-more"}, parameters=[{}])
    logged = [text for _, text in surroundings.logged]
    assert sum("Traceback" in text or "ValueError" in text for text in logged) == 3
    assert len(logged) == 6 and len(surroundings.progressed) == 1
    assert not [text for text in logged if "topse" in text or "and-more" in text]
    assert surroundings.progressed == [("********", False)]


@pytest.mark.parametrize(
    "values",
    [
        {"environment_variables": {"CONTOSO_A": {"type": "password", "value": "topsecret"}}},
        {"environment_variables": {"CONTOSO_A": {"type": "Secret", "value": "topsecret"}}},
        {"environment_variables": {"CONTOSO_A": {"type": "", "value": "topsecret"}}},
        {"config": {"_reserved_environment_variables": {"CONTOSO_A": {"type": "token", "value": "topsecret"}}}},
        {"config": {"password": "topsecret"}},
        {"user_session_token": "topsecret"},
        {"user_hash_key": "topsecret"},
        {"broker_ph_auth_token": "topsecret"},
        {"soar_auth": {"username": "admin", "password": "topsecret"}},
    ],
)
def test_what_counts_as_a_secret(bench, surroundings, values):
    bench.configuration["password"] = {"data_type": "password"}
    connector = Contoso(lambda _: connector.debug_print("is topsecret") or True)
    bench.run(connector, **values)
    assert surroundings.logged == [("debug", "is ********")]


def test_secrets_that_are_numbers(bench, surroundings):
    bench.configuration["password"] = {"data_type": "password"}
    connector = Contoso(lambda _: connector.debug_print("pin", "12345678", "3456789") or True)
    variables = {"CONTOSO_A": {"type": "password", "value": 3456789}}
    bench.run(connector, config={"password": 12345678}, environment_variables=variables)
    assert surroundings.logged == [("debug", "pin ******** ********")]


@pytest.mark.parametrize(
    "values",
    [
        {
            "environment_variables": {
                "CONTOSO_A": {"type": "string", "value": "plain-text"},
                "B": {"value": "plain-text"},
            }
        },
        {"environment_variables": {"CONTOSO_A": "plain-text"}, "soar_auth": "plain-text"},
    ],
)
def test_what_is_no_secret(bench, surroundings, values):
    connector = Contoso(lambda _: connector.debug_print("plain-text") or True)
    bench.run(connector, **values)
    assert surroundings.logged == [("debug", "plain-text")]


def test_the_type_of_a_secret_variable():
    assert [is_secret_type(one) for one in (None, "string", "password", "", 3)] == [False, False, True, True, True]


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


# Results of classes that override _handle_action


@pytest.mark.parametrize(
    ("returned", "why"),
    [
        (None, "it returned a NoneType"),
        ({"status": "success"}, "it returned a dict"),
        (b'{"status":"success"}', "it returned a bytes"),
        ("", "Expecting value"),
        ("done", "Expecting value"),
        ("[" * 100_000, "recursion"),
        ("[1]", "no object with a 'status'"),
        ('{"message": "x"}', "no object with a 'status'"),
        (5, "it returned an int"),
        ('{"status": true}', "its 'status' is neither 'success' nor 'failed'"),
        ('{"status": ["failed"]}', "its 'status' is neither 'success' nor 'failed'"),
        ('{"status":"fine"}', "its 'status' is neither 'success' nor 'failed'"),
        ('{"status": "success", "result_data": {}}', "its 'result_data' is no list"),
    ],
)
def test_what_is_no_result_is_a_failed_one(surroundings, result_schema, returned, why):
    action = {"identifier": "lookup_ip", "connector_run_id": 4, "config": {}}
    result = json.loads(lifecycle.checked_result(returned, action))
    assert result["status"] == "failed" and result["exception_occured"] is False
    assert result["message"].startswith("The app's _handle_action must return the result JSON as text: ")
    assert why in result["message"]
    assert result["identifier"] == "lookup_ip" and result["connector_run_id"] == 4
    result_schema(result)


def test_a_result_of_the_lifecycle_is_passed_on_unparsed(bench):
    bench.write_manifest()
    text = Contoso()._handle_action(json.dumps(bench.input()))
    assert lifecycle.checked_result(text, {}) is text


COUNTS = {"total_objects": 0, "total_objects_successful": 0}


@pytest.mark.parametrize("text", ['{"status": "success"}', '{"status":"success"}'])
def test_a_result_that_an_app_wrote_itself_is_filled_up(result_schema, text):
    action = {"identifier": "do_it", "action": "do it", "asset_id": 5, "connector_run_id": 4, "config": {}}
    result = json.loads(lifecycle.checked_result(text, action))
    assert result == {
        "status": "success",
        "message": "",
        "result_data": [],
        "result_summary": COUNTS,
        "exception_occured": False,
        "extra_data": [],
        "identifier": "do_it",
        "action": "do it",
        "action_run_id": 0,
        "connector_run_id": 4,
        "asset_id": "5",
        "container_id": 0,
    }
    result_schema(result)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"message": None}, {"message": ""}),
        ({"message": 5}, {"message": "5"}),
        ({"result_summary": []}, {"result_summary": COUNTS}),
        (
            {"result_summary": {"seen": 1, "total_objects": "many", "total_objects_successful": -1}},
            {"result_summary": {"seen": 1, **COUNTS}},
        ),
        ({"exception_occured": "no"}, {"exception_occured": False}),
        ({"exception_occured": True}, {"exception_occured": True, "status": "failed"}),
        ({"extra_data": {}}, {"extra_data": []}),
        ({"identifier": 3}, {"identifier": "do_it"}),
        ({"identifier": "other"}, {"identifier": "other"}),
        ({"asset_id": 3}, {"asset_id": "0"}),
        ({"action": []}, {"action": ""}),
        ({"action_cancelled": "x"}, {"action_cancelled": False}),
        ({"more": 1.5}, {"more": 1.5}),
        (
            {"result_data": [{"status": "failed", "message": "no"}]},
            {"status": "failed", "result_summary": {"total_objects": 1, "total_objects_successful": 0}},
        ),
        (
            {"result_data": [{"data": [1]}, 5]},
            {"status": "success", "result_summary": {"total_objects": 2, "total_objects_successful": 1}},
        ),
        ({"result_data": [None]}, {"status": "failed"}),
    ],
)
def test_wrong_forms_in_an_apps_own_result_are_put_right(surroundings, result_schema, given, wanted):
    text = json.dumps({"status": "success", **given})
    result = json.loads(lifecycle.checked_result(text, {"identifier": "do_it"}))
    assert {**result, **wanted} == result
    result_schema(result)


def test_a_result_that_an_app_wrote_itself_is_made_valid(surroundings):
    text = lifecycle.checked_result('{"status": "success", "data": [NaN, "\ud800"]}', {})
    assert '"data":[null,"\ufffd"]' in text


# Several parameter sets, some incomplete


def test_an_incomplete_set_does_not_stop_the_complete_ones(bench):
    bench.parameters["ip"] = {"data_type": "string", "required": True}
    bench.parameters["days"] = {"data_type": "numeric", "required": True}
    connector = Contoso()
    given = [{"ip": "1", "days": "x"}, {"ip": "2", "days": 3}, {"ip": "", "context": {"artifact_id": 5}}]
    result = bench.run(connector, parameters=given)
    assert [call[1] for call in connector.calls if isinstance(call, tuple)] == [{"ip": "2", "days": 3}]
    first, second, third = result["result_data"]
    assert second["status"] == "success" and first["status"] == third["status"] == "failed"
    assert first["message"] == "Parameter 'days' failed validation: takes a number, not 'x'"
    assert third["message"] == (
        "Parameter 'ip' failed validation: it is required and missing."
        " Parameter 'days' failed validation: it is required and missing"
    )
    assert third["context"] == {"artifact_id": 5}
    assert result["status"] == "success" and connector.calls[-1] == "finalize"


@pytest.mark.parametrize(
    ("config", "parameters", "message"),
    [
        ({"server": "s"}, [{}], "Required parameters are missing: 'ip'"),
        (
            {"server": "s"},
            [{}, {"ip": ""}],
            "Required parameters are missing (set 1 of 2): 'ip'; required parameters are missing (set 2 of 2): 'ip'",
        ),
        (
            {},
            [{"ip": "1"}, {}],
            "Required configuration is missing: 'server'; required parameters are missing (set 2 of 2): 'ip'",
        ),
    ],
)
def test_where_nothing_could_run_everything_missing_is_in_one_message(bench, config, parameters, message):
    bench.configuration["server"] = {"data_type": "string", "required": True}
    bench.parameters["ip"] = {"data_type": "string", "required": True}
    connector = Contoso()
    result = bench.run(connector, config=config, parameters=parameters)
    assert result["message"] == message and result["result_data"] == []
    assert connector.calls == []


# Many results


def test_many_results_take_time_in_proportion_to_their_number():
    def compared(count):
        class Counted(list):  # reads instead of seconds, which depend on the machine
            reads = 0

            def __reversed__(self):
                for item in super().__reversed__():
                    Counted.reads += 1
                    yield item

            def __iter__(self):
                for item in super().__iter__():
                    Counted.reads += 1
                    yield item

        result = ConnectorResult()
        result._ConnectorResult__items = Counted()
        for _ in range(count):
            added = result.add_item(ActionResult())
            assert result.add_item(added) is added
        assert len(result.items()) == count
        return Counted.reads

    assert compared(400) <= 4 * compared(100)


def test_results_that_an_app_takes_from_the_live_list_can_be_added_again(bench):
    def act(param):
        first, second = ActionResult(param), ActionResult(param)
        connector.add_action_result(first)
        connector.get_action_results().clear()
        connector.add_action_result(first)
        connector.get_action_results()[0] = second
        connector.add_action_result(first)
        connector.get_action_results().append(other := ActionResult(param))
        connector.add_action_result(other)
        connector.remove_action_result(second)
        assert connector.get_action_results() == [first, other]
        return connector.add_action_result(second).set_status(True)

    connector = Contoso(act)
    assert bench.run(connector)["result_summary"]["total_objects"] == 3


# Parameters that the app itself refuses


class Refusing(Contoso):
    refuse = staticmethod(lambda connector, param: False)

    def validate_parameters(self, param):
        return self.refuse(self, param)


@pytest.mark.parametrize(
    ("refuse", "message"),
    [
        (lambda c, _: c.set_status(phantom.APP_ERROR, "no way"), "no way"),
        (lambda c, _: c.append_to_message("no way") or False, "no way"),
        (lambda c, _: c.set_status(phantom.APP_ERROR, "{0} {{x}}", None, "no"), "no {x}"),
        (lambda c, _: c.set_status(phantom.APP_ERROR), "The parameters failed validation"),
        (lambda c, _: False, "The parameters failed validation"),
    ],
)
def test_the_apps_own_message_of_validation_counts(bench, refuse, message):
    connector = Refusing()
    connector.refuse = refuse
    result = bench.run(connector)
    assert (result["status"], result["message"]) == ("failed", message)
    assert [one["message"] for one in result["result_data"]] == [message]


def test_each_refused_set_has_a_message_of_its_own(bench):
    def refuse(connector, param):
        if param["n"] == 3:
            return False
        return param["n"] == 2 or connector.set_status(phantom.APP_ERROR, "no way")

    connector = Refusing(initialize=lambda: connector.set_status(phantom.APP_SUCCESS, "Connected"))
    connector.refuse = refuse
    result = bench.run(connector, parameters=[{"n": n} for n in (1, 1, 2, 3)])
    stock = "The parameters failed validation"
    assert [one["message"] for one in result["result_data"]] == ["no way", "no way", "fine", stock]
    assert result["status"] == "success"


# Finding the app JSON by hand


@pytest.fixture
def by_hand(tmp_path, monkeypatch):
    """A connector class in a module file of its own, and no session that knows the manifest."""
    folder = tmp_path / "contoso"
    folder.mkdir()
    (folder / "contoso_connector.py").write_text(
        "from phantom.base_connector import BaseConnector\n"
        "class Contoso(BaseConnector):\n"
        "    def handle_action(self, param):\n"
        "        return self.set_status(True, self.get_app_json()['name'])\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(folder))
    session.install(session.Session())
    from importlib import import_module

    yield folder, import_module("contoso_connector").Contoso
    sys.modules.pop("contoso_connector")


def write(folder, name, **values):
    manifest = {"appid": name, "name": name, "main_module": "contoso_connector.py", "actions": [{"identifier": "a"}]}
    (folder / name).write_text(json.dumps({**manifest, **values}), encoding="utf-8")


def message_of(cls):
    return json.loads(cls()._handle_action('{"identifier": "a", "config": {}}'))["message"]


@pytest.mark.parametrize("main_module", ["contoso_connector.py", "contoso_connector.pyc", "src.app:app"])
def test_the_app_json_is_the_one_that_names_the_module(by_hand, main_module):
    folder, cls = by_hand
    write(folder, "right.json", main_module=main_module)
    write(folder, "other.json", main_module="other_connector.py")
    write(folder, "no-app.json", appid=None)
    (folder / "broken.json").write_text("{", encoding="utf-8")
    (folder / "list.json").write_text("[]", encoding="utf-8")
    assert message_of(cls) == "right.json"


def test_no_app_json(by_hand):
    folder, cls = by_hand
    assert "No app JSON in" in message_of(cls) and str(folder) in message_of(cls)


def test_two_app_jsons_are_told_apart_by_the_action(by_hand):
    folder, cls = by_hand
    write(folder, "one.json")
    write(folder, "two.json", actions=[{"identifier": "b"}])
    assert message_of(cls) == "one.json"
    write(folder, "three.json")
    assert "'one.json', 'three.json'" in message_of(cls)


def test_an_override_of_get_app_dir_decides(by_hand, tmp_path):
    _, cls = by_hand
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    write(elsewhere, "there.json")

    class Moved(cls):
        def get_app_dir(self):
            return elsewhere

    Moved.__module__ = cls.__module__
    assert message_of(Moved) == "there.json"

    connector = Moved()
    assert connector._load_app_json() is True
    assert connector.get_app_name() == "there.json"


def test_load_app_json_says_what_is_wrong(by_hand):
    _, cls = by_hand
    connector = cls()
    assert connector._load_app_json() is False
    assert "no app JSON" in connector.get_status_message()
