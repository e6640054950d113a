"""The result JSON of a class that overrides ``_handle_action``: filled up, put right, or a failed one in its place."""

from __future__ import annotations

import json

import pytest
from soarkit_app import lifecycle

from .connectors import Contoso


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
