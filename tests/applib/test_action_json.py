"""The action JSON that ``_handle_action`` is given: whatever is wrong with it, there is a result."""

from __future__ import annotations

import json

import pytest

from .connectors import Contoso


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


def test_an_identifier_used_twice_is_an_error(bench):
    bench.manifest["actions"].append(bench.manifest["actions"][0])
    connector = Contoso()
    assert "2 actions with the identifier 'lookup_ip'" in bench.run(connector)["message"]
    assert connector.calls == []
