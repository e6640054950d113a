"""The results that an app adds: each is one entry, and one that is unusable loses no other."""

from __future__ import annotations

import phantom.app as phantom
import pytest
from phantom.action_result import ActionResult
from phantom.connector_result import ConnectorResult

from .connectors import Contoso, failing


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


# Unusable results


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


# What results hold


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
