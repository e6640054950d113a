"""Defaults, required fields, coercion, contains: connector API 2.5 step 7 and 2.6."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phantom.action_result import ActionResult
from phantom.base_connector import BaseConnector
from soarkit_app import checks
from soarkit_app.validators import CONTAINS_VALIDATORS


def names(problems):
    return [problem.name for problem in problems]


# fill_defaults and missing_required


def test_defaults_fill_what_is_absent_only():
    declared = {
        "a": {"data_type": "string", "default": "x"},
        "b": {"data_type": "numeric", "default": 5},
        "c": {"data_type": "string"},
        "ph": {"data_type": "ph", "default": "gap"},
        "odd": "no object",
    }
    values = {"b": None, "free": 1}
    assert checks.fill_defaults(values, declared) == {"a": "x", "b": None, "free": 1}
    assert values == {"b": None, "free": 1}
    assert checks.fill_defaults({}, None) == {}


@pytest.mark.parametrize(
    ("data_type", "value", "missing"),
    [
        ("string", "", True),
        ("string", None, True),
        ("string", " ", False),
        ("string", 0, False),
        ("password", "", True),
        ("file", "", True),
        ("timezone", "", True),
        (None, "", True),
        ("numeric", 0, False),
        ("numeric", "", False),  # a problem of its own: no number
        ("boolean", False, False),
        ("boolean", "", False),
        ("ph", "", False),
    ],
)
def test_missing_required(data_type, value, missing):
    declared = {"x": {"data_type": data_type, "required": True}}
    assert checks.missing_required({"x": value}, declared) == (["x"] if missing else [])


def test_missing_required_names_all_and_only_required():
    declared = {"a": {"required": True}, "b": {"required": False}, "c": {"required": True}, "d": {}}
    assert checks.missing_required({}, declared) == ["a", "c"]


# coerce


@pytest.mark.parametrize(
    ("data_type", "value", "wanted"),
    [
        ("numeric", 5, 5),
        ("numeric", 5.5, 5.5),
        ("numeric", "5", 5),
        ("numeric", " -5 ", -5),
        ("numeric", "+7", 7),
        ("numeric", "5.0", 5.0),
        ("numeric", "1e3", 1000.0),
        ("numeric", ".5", 0.5),
        ("numeric", "", ""),
        ("boolean", "true", True),
        ("boolean", "FALSE", False),
        ("boolean", " True ", True),
        ("boolean", "yes", "yes"),
        ("boolean", 1, 1),
        ("boolean", False, False),
        ("string", 5, "5"),
        ("string", 5.5, "5.5"),
        ("string", True, "true"),
        ("string", False, "false"),
        ("string", ["a"], ["a"]),
        ("string", None, None),
        ("password", 1234, "1234"),
        ("file", 1, "1"),
        ("timezone", 1, "1"),
        ("ph", 1, 1),
        ("unheard of", 1, 1),
        (None, 1, 1),
    ],
)
def test_coerce(data_type, value, wanted):
    coerced, problems = checks.coerce({"x": value, "free": 1}, {"x": {"data_type": data_type}})
    assert coerced == {"x": wanted, "free": 1} and type(coerced["x"]) is type(wanted)
    assert problems == []


@pytest.mark.parametrize(
    "value", ["abc", "1_000", "0x10", "nan", "inf", "-Infinity", "1e999", "9" * 5000, " ", True, [1], {}, "\u0663"]
)
def test_what_is_no_number_is_a_problem(value):
    coerced, problems = checks.coerce({"x": value}, {"x": {"data_type": "numeric"}})
    assert names(problems) == ["x"] and "takes a number" in problems[0].message
    assert coerced == {"x": value}
    assert len(problems[0].message) < 200


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "true"),
        (False, "false"),
        ("True", "'True'"),
        ("", "''"),
        ([True, None, "x"], '[true,null,"x"]'),
        ({"a": False}, '{"a":false}'),
        (float("nan"), "nan"),
    ],
)
def test_messages_show_values_as_json_spells_them(value, shown):
    _, [problem] = checks.coerce({"x": value}, {"x": {"data_type": "numeric", "required": True}})
    assert problem.message == f"takes a number, not {shown}"
    [problem] = checks.not_listed({"x": value or False}, {"x": {"value_list": ["a"]}})
    assert problem.message.startswith(f"{shown if value else 'false'} is not in its list of values")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_nan_and_infinity_are_no_numbers(value):
    assert names(checks.coerce({"x": value}, {"x": {"data_type": "numeric"}})[1]) == ["x"]


def test_an_empty_required_number_is_a_problem():
    assert names(checks.coerce({"x": ""}, {"x": {"data_type": "numeric", "required": True}})[1]) == ["x"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(
    json_values,
    st.fixed_dictionaries(
        {},
        optional={
            "data_type": st.sampled_from(["string", "numeric", "boolean", "password", "ph", 3]),
            "required": json_values,
            "contains": json_values,
            "allow_list": json_values,
            "value_list": json_values,
        },
    ),
)
def test_no_value_and_no_declaration_breaks_the_checks(value, field):
    declared, values = {"x": field}, {"x": value}
    checks.fill_defaults(values, declared)
    checks.missing_required(values, declared)
    checks.coerce(values, declared)
    checks.not_listed(values, declared)
    checks.check_contains(values, declared, CONTAINS_VALIDATORS)


# value_list


@pytest.mark.parametrize(
    ("value", "field", "found"),
    [
        ("a", {}, []),
        ("c", {}, ["x"]),
        ("", {}, []),
        (None, {}, []),
        ("a, b", {}, ["x"]),
        ("a, b", {"allow_list": True}, []),
        ("a, c", {"allow_list": True}, ["x"]),
    ],
)
def test_not_listed(value, field, found):
    declared = {"x": {"data_type": "string", "value_list": ["a", "b"], **field}}
    assert names(checks.not_listed({"x": value}, declared)) == found


def test_value_lists_compare_as_text():
    assert checks.not_listed({"x": 1}, {"x": {"value_list": ["1", "2"]}}) == []
    assert checks.not_listed({"x": True}, {"x": {"value_list": ["true"]}}) == []


def test_no_message_holds_a_password():
    declared = {"x": {"data_type": "password", "value_list": ["a"], "contains": ["ip"]}}
    problems = checks.not_listed({"x": "hunter2"}, declared)
    assert names(problems) == ["x"] and "hunter2" not in problems[0].message
    assert checks.check_contains({"x": "hunter2"}, declared, CONTAINS_VALIDATORS) == []


# contains


@pytest.mark.parametrize(
    ("contains", "value", "allow_list", "valid"),
    [
        (["ip"], "1.2.3.4", False, True),
        (["ip"], "x", False, False),
        (["ip"], "", False, True),
        (["ip", "domain"], "example.com", False, True),
        (["vault id"], "anything", False, True),
        (["ip", "vault id"], "anything", False, False),
        ([], "anything", False, True),
        ("ip", "anything", False, True),
        (["ip"], "1.2.3.4, 1.2.3.5", False, False),
        (["ip"], "1.2.3.4, , 1.2.3.5,", True, True),
        (["ip"], "1.2.3.4,x", True, False),
        (["ip"], " , ", True, True),
        (["ip"], ["1.2.3.4"], False, True),
    ],
)
def test_contains(contains, value, allow_list, valid):
    declared = {"x": {"data_type": "string", "contains": contains, "allow_list": allow_list}}
    assert names(checks.check_contains({"x": value}, declared, CONTAINS_VALIDATORS)) == ([] if valid else ["x"])


def test_only_text_parameters_are_checked():
    declared = {"x": {"data_type": "numeric", "contains": ["ip"]}}
    assert checks.check_contains({"x": "no ip"}, declared, CONTAINS_VALIDATORS) == []


def test_a_validator_that_raises_has_not_accepted(surroundings):
    def broken(value):
        raise ValueError("oops")

    declared = {"x": {"data_type": "string", "contains": ["ip", "sha1"]}}
    assert names(checks.check_contains({"x": "v"}, declared, {"ip": broken})) == ["x"]
    assert "oops" in surroundings.errors()[0]
    assert checks.check_contains({"x": "v"}, declared, {"ip": broken, "sha1": bool}) == []


# In the life cycle


class Lookup(BaseConnector):
    def __init__(self, validators=None, override=None):
        super().__init__()
        self.handled = []
        self.validators = validators or {}
        self.override = override

    def initialize(self):
        for contains, validator in self.validators.items():
            assert self.set_validator(contains, validator)[0] is True
        return True

    def validate_parameters(self, param):
        return self.override if self.override is not None else super().validate_parameters(param)

    def handle_action(self, param):
        self.handled.append(param)
        return self.add_action_result(ActionResult(param)).set_status(True)


IP = {"ip": {"data_type": "string", "contains": ["ip", "ipv6"], "required": True}}


def test_everything_missing_is_named_in_one_message_before_any_app_code(bench):
    bench.configuration.update(
        base_url={"data_type": "string", "required": True},
        key={"data_type": "password", "required": True},
        port={"data_type": "numeric", "required": True, "default": 443},
    )
    bench.parameters.update(ip={"data_type": "string", "required": True})
    connector = Lookup()
    result = bench.run(connector, config={"key": ""}, parameters=[{"ip": "1"}, {"ip": ""}])
    assert result["status"] == "failed" and result["result_data"] == [] and result["exception_occured"] is False
    assert result["message"] == (
        "Required configuration is missing: 'base_url', 'key'; required parameters are missing (set 2 of 2): 'ip'"
    )
    assert connector.handled == []


def test_defaults_and_coercion_reach_the_app(bench):
    bench.configuration.update(
        port={"data_type": "numeric", "default": "443"}, verify={"data_type": "boolean"}, user={"data_type": "string"}
    )
    bench.parameters.update(limit={"data_type": "numeric", "default": 10}, deep={"data_type": "boolean"})
    connector = Lookup()
    context = {"artifact_id": 1}
    bench.run(
        connector, config={"verify": "False", "user": 5}, parameters=[{"deep": "TRUE", "free": "x", "context": context}]
    )
    assert connector.get_config() == {"port": 443, "verify": False, "user": "5"}
    assert connector.handled == [{"limit": 10, "deep": True, "free": "x", "context": context}]


def test_the_configuration_is_live(bench):
    class Writes(Lookup):
        def handle_action(self, param):
            self.get_config()["added"] = 1
            return super().handle_action(param)

    connector = Writes()
    bench.run(connector)
    assert connector.get_config() == {"added": 1}


def test_a_configuration_value_that_is_no_number(bench):
    bench.configuration["port"] = {"data_type": "numeric"}
    assert bench.run(Lookup, config={"port": "x"})["message"] == "The configuration 'port' takes a number, not 'x'"


def test_a_set_that_fails_validation_does_not_stop_the_others(bench):
    bench.parameters.update(IP, days={"data_type": "numeric"})
    connector = Lookup()
    result = bench.run(
        connector, parameters=[{"ip": "{0}"}, {"ip": "1.1.1.1", "days": "soon"}, {"ip": "2.2.2.2", "days": "3"}]
    )
    assert [one["message"] for one in result["result_data"]] == [
        "Parameter 'ip' failed validation: '{0}' is not of the type ip or ipv6",
        "Parameter 'days' failed validation: takes a number, not 'soon'",
        "",
    ]
    assert [one["status"] for one in result["result_data"]] == ["failed", "failed", "success"]
    assert result["result_data"][0]["parameter"] == {"ip": "{0}"}
    assert connector.handled == [{"ip": "2.2.2.2", "days": 3}]
    assert result["status"] == "success"


def test_set_validator_adds_replaces_and_removes(bench):
    bench.parameters.update(IP)
    assert bench.run(Lookup, parameters=[{"ip": "::1"}])["status"] == "failed"
    v6 = {"ipv6": lambda value: ":" in value}
    assert bench.run(Lookup(v6), parameters=[{"ip": "::1"}])["status"] == "success"
    assert bench.run(Lookup(v6), parameters=[{"ip": "1.1.1.1"}])["status"] == "success"
    assert bench.run(Lookup({"ip": lambda value: False}), parameters=[{"ip": "1.1.1.1"}])["status"] == "failed"
    assert bench.run(Lookup({"ip": None}), parameters=[{"ip": "anything"}])["status"] == "success"


def test_a_validator_holds_for_its_run_only(bench):
    bench.parameters.update(IP)
    connector = Lookup({"ip": None})
    assert bench.run(connector, parameters=[{"ip": "x"}])["status"] == "success"
    connector.validators = {}
    assert bench.run(connector, parameters=[{"ip": "x"}])["status"] == "failed"
    assert "ip" in CONTAINS_VALIDATORS


def test_a_validator_set_in_the_constructor_holds(bench):
    bench.parameters.update(IP)
    connector = Lookup()
    connector.set_validator("ip", None)
    assert bench.run(connector, parameters=[{"ip": "x"}])["status"] == "success"


def test_set_validator_wants_a_function():
    assert BaseConnector().set_validator("ip", "no function")[0] is False


@pytest.mark.parametrize(("override", "status"), [(True, "success"), (False, "failed")])
def test_an_override_of_validate_parameters_decides(bench, override, status):
    bench.parameters.update(IP)
    result = bench.run(Lookup(override=override), parameters=[{"ip": "not an ip"}])
    assert result["status"] == status


def test_value_lists_never_refuse(bench):
    bench.parameters["kind"] = {"data_type": "string", "value_list": ["a"]}
    assert bench.run(Lookup, parameters=[{"kind": "other"}])["status"] == "success"


def test_the_same_dict_goes_to_the_app_and_into_the_result(bench):
    class Mutates(Lookup):
        def handle_action(self, param):
            param["seen"] = json.dumps(self.get_current_param())
            return super().handle_action(param)

    assert bench.run(Mutates, parameters=[{"n": 1}])["result_data"][0]["parameter"] == {"n": 1, "seen": '{"n": 1}'}
