"""ActionResult on its own, connector API section 3."""

from __future__ import annotations

from collections import OrderedDict
from types import MappingProxyType

import pytest
from phantom.action_result import ActionResult

EMPTY = {
    "data": [],
    "extra_data": [],
    "summary": {},
    "status": "failed",
    "message": "",
    "parameter": {},
    "context": {},
}


def test_a_result_nobody_set_is_a_failed_one():
    result = ActionResult()
    assert result.get_status() is False and result.is_fail() and not result.is_success()
    assert result.get_dict() == EMPTY


def test_parameters_are_kept_by_reference():
    param = {"ip": "1"}
    result = ActionResult(param)
    assert result.get_param() is param
    result.update_param({"days": 3})
    assert param == {"ip": "1", "days": 3}
    result.set_param({"x": 1})
    assert result.get_dict()["parameter"] == {"x": 1}


def test_any_mapping_will_do_as_parameters():
    assert ActionResult(MappingProxyType({"a": 1})).get_param() == {"a": 1}
    assert type(ActionResult(OrderedDict(a=1)).get_param()) is OrderedDict
    with pytest.raises((TypeError, ValueError)):
        ActionResult("no mapping")


def test_status_is_a_real_bool():
    result = ActionResult()
    assert result.set_status(1) is True and result.get_status() is True
    assert result.set_status(None) is False and result.get_status() is False


def test_set_status_replaces_the_message_also_with_nothing():
    result = ActionResult()
    result.set_status(False, "wrong")
    result.set_status(True)
    assert result.get_message() == ""


def test_messages_are_appended_as_they_are():
    result = ActionResult()
    result.append_to_message("a {0}")
    result.append_to_message("{{")
    assert result.get_message() == result.get_status_message() == "a {0}{{"
    assert result.add_exception_details(KeyError("k")) is False
    assert result.get_message() == "a {0}{{ 'k'"


def test_data_is_live():
    result = ActionResult()
    item = result.add_data({})
    item["late"] = 1
    result.add_data("text")
    result.update_data([[1], None])
    assert result.get_data() == [{"late": 1}, "text", [1], None]
    result.get_data().extend([5])
    assert result.get_data_size() == 5
    result.set_data_size(0)
    result.set_extra_data_size(0)
    result.set_debug_data_size(0)
    assert result.get_dict()["data"] is result.get_data()


def test_the_summary_is_live():
    result = ActionResult()
    summary = result.update_summary({})
    summary["a"] = 1
    result.update_summary({"b": 2})
    assert result.get_summary() == {"a": 1, "b": 2}
    own = {"c": 3}
    assert result.set_summary(own) is own and result.get_summary() is own


@pytest.mark.parametrize(
    ("summary", "message"),
    [
        ({"total_alerts": 1}, "Total alerts: 1"),
        ({"total_ips": 30, "total_domains": 22}, "Total ips: 30, Total domains: 22"),
        ({"In_Database": True}, "In database: True"),
        ({"Found Tweets": None}, "Found tweets: None"),
        ({7: 1.5}, "7: 1.5"),
        ({}, ""),
    ],
)
def test_message_from_the_summary(summary, message):
    result = ActionResult()
    result.set_summary(summary)
    result.set_status(True)
    assert result.get_dict()["message"] == message


def test_no_message_from_the_summary_of_a_failed_or_spoken_result():
    result = ActionResult()
    result.update_summary({"a": 1})
    result.set_status(False)
    assert result.get_dict()["message"] == ""
    result.set_status(True, "said")
    assert result.get_dict()["message"] == "said"


def test_context_stands_beside_and_inside_the_parameters():
    context = {"artifact_id": 3, "guid": "g", "parent_action_run": []}
    inside = ActionResult({"ip": "1", "context": context}).get_dict()
    assert inside["context"] == inside["parameter"]["context"] == context
    param = {"ip": "1"}
    result = ActionResult(param)
    result.set_param_context(context)
    assert result.get_dict()["parameter"] == {"ip": "1", "context": context}
    assert result.get_dict()["context"] == context
    assert param == {"ip": "1"}


def test_extra_and_debug_data(surroundings):
    result = ActionResult()
    assert result.add_extra_data({"big": 1}) == {"big": 1}
    result.update_extra_data([2])
    assert result.get_extra_data() == [{"big": 1}, 2] and result.get_extra_data_size() == 2
    result.add_debug_data({"a": 1})
    result.add_debug_data(b"xml")
    assert result.get_debug_data() == ["{'a': 1}", "xml"] and result.get_debug_data_size() == 2
    result.dump_debug_data()
    assert surroundings.logged == [("debug", "{'a': 1}\nxml")]
    assert "a" not in result.get_dict()


def test_private_names_that_published_apps_read_and_assign():
    result = ActionResult()
    result._ActionResult__data = [{"scrubbed": True}]
    result._ActionResult__status_code = True
    result._ActionResult__status_message = "set from outside"
    assert result.get_status() is True
    assert result.get_dict()["data"] == [{"scrubbed": True}]
    assert result.get_dict()["message"] == "set from outside"


def test_attributes_of_the_apps_own():
    result = ActionResult()
    assert not hasattr(result, "id")
    result.id, result.offset = 7, 3
    assert result.get_dict()["id"] == 7
